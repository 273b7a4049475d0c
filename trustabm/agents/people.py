"""The people of the model: residents, police officers, ICE agents.

Each is a view on a row of the state; its methods are its behaviours and read like the sentence
they carry out. This is the model to open when teaching, checking, or subclassing for a new
behaviour: override a method, register the class with the model, and the agents driver uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from trustabm.rules import (
    codes,
    contact,
    crime,
    demography,
    enforcement,
    luck,
    policing,
    reporting,
)
from trustabm.rules.luck import uniform
from trustabm.state import rows
from trustabm.state.layout import NOW, TIES, K
from trustabm.week import event_records, field_office

if TYPE_CHECKING:
    from trustabm.agents.model import TrustModel

__all__ = ["IceAgent", "PoliceOfficer", "Resident"]


class _View(mesa.Agent):
    """An agent that is a row of one of the model's tables.

    Args:
        model: The model it lives in.
        row: Its place in the table.
    """

    model: TrustModel

    def __init__(self, model: TrustModel, row: int) -> None:
        self.row = row
        super().__init__(model)

    def luck(self, purpose: int, index: int = 0) -> float:
        """Return this agent's draw for a purpose this week, in [0, 1)."""
        state = self.model.world.state
        clock = state.clock[0]
        return float(uniform(clock["seed"], clock["week"], purpose, self.row, index))

    def __repr__(self) -> str:
        """Return the agent's kind and row."""
        return f"{type(self).__name__}({self.row})"


class Resident(_View):
    """A resident aged 12 or over."""

    @property
    def columns(self) -> Any:
        """This resident's row of the state."""
        return self.model.world.state.residents[self.row]

    @property
    def trust(self) -> float:
        """Trust in local police, 0..1."""
        return float(rows.trust_of(self.model.world.state, self.row))

    @property
    def perceived_risk(self) -> float:
        """The chance, as this resident sees it, that contact ends in a deportation, 0..1."""
        return float(rows.risk_of(self.model.world.state, self.row))

    @property
    def stake(self) -> float:
        """Whose deportation it would be, 0..1."""
        r = self.columns
        return float(reporting.stake(self.model.world.p, r["concern"], r["tied"], r["status"]))

    @property
    def generation(self) -> int:
        """Which of the occupants of this place lives here now, from 0."""
        return int(self.columns["generation"])

    @property
    def status(self) -> str:
        """Immigration status, in words."""
        return codes.STATUSES[self.columns["status"]]

    @property
    def group(self) -> str:
        """Outcome group."""
        return codes.GROUPS[NOW[self.columns["cell"] % K]]

    @property
    def custody(self) -> str:
        """Where this resident is, in words."""
        return codes.CUSTODY[self.columns["custody"]]

    @property
    def is_free(self) -> bool:
        """Whether this resident is at liberty in town."""
        return bool(self.columns["custody"] == codes.FREE)

    @property
    def is_undocumented(self) -> bool:
        """Whether this resident lacks lawful status."""
        return bool(self.columns["status"] == codes.UNDOCUMENTED)

    @property
    def town(self) -> int:
        """The number of the town this resident lives in."""
        return int(rows.town_of(self.model.world.state, self.row))

    @property
    def household(self) -> list[Resident]:
        """The other members of the household."""
        r = self.columns
        first = self.row - int(r["member"])
        members = range(first, first + int(r["household"]))
        return [self.model.resident(j) for j in members if j != self.row]

    @property
    def ties(self) -> list[Resident]:
        """The friends this resident tells what happened."""
        return [
            self.model.resident(int(j)) for j in self.model.world.state.ties[self.row] if j >= 0
        ]

    def feels_fear(self, asks: float) -> float:
        """Return the log odds that fear takes from a decision to call.

        Args:
            asks: How often people in this position are asked about status.
        """
        world = self.model.world
        sense = reporting.sensitivity(world.p, world.seed, self.row, self.generation)
        levers = self.model.levers[self.town]
        return float(reporting.fear(world.p, levers, self.perceived_risk, self.stake, sense, asks))

    def wants_to_offend(self) -> bool:
        """Decide whether to look for a target this week."""
        world, r = self.model.world, self.columns
        if r["offending"] == 0.0 or not crime.at_liberty(world.p, r["custody"]):
            return False
        town = world.state.towns[self.town]
        hazard = crime.offence_hazard(
            world.p,
            town["crime"],
            float(r["offending"]),
            crime.removable(r["status"], r["record"]),
            self.perceived_risk,
        )
        return bool(self.luck(luck.CRIME) * crime.CRIME_BOUND < crime.ACT_BOUND * hazard)

    def chooses_kind_of_crime(self) -> int:
        """Return VIOLENT, PROPERTY or DOMESTIC."""
        town, u = self.model.world.state.towns[self.town], self.luck(luck.CRIME, 1)
        if u < town["violent"]:
            return codes.VIOLENT
        return codes.DOMESTIC if u < town["violent"] + town["domestic"] else codes.PROPERTY

    def meets(self, kind: int) -> Resident | None:
        """Return whom this offender meets, or nobody."""
        world = self.model.world
        other = int(event_records.met(world.state, world.p, kind, self.row))
        someone = self.model.resident(other)
        return someone if other != self.row and someone.is_free else None

    def dares(self, victim: Resident) -> bool:
        """Decide whether to act on the opportunity: how likely is it to be caught here?"""
        world, v = self.model.world, victim.columns
        town = world.state.towns[self.town]
        act = crime.target_chance(
            world.p,
            world.state.learned[v["neighborhood"], v["latino"]]["reports"],
            town["cleared"],
            town["reports"],
            town["clears"],
        )
        return bool(self.luck(luck.CRIME_TARGET) * crime.ACT_BOUND < act)

    def chance_to_report(self, kind: int) -> float:
        """Return the chance that this resident, as a victim, calls the police."""
        world, r = self.model.world, self.columns
        levers = self.model.levers[self.town]
        chance = reporting.report_chance(
            world.p,
            levers,
            kind,
            self.trust,
            world.state.groups[rows.group_row(world.state, self.row)]["rest"],
            self.feels_fear(levers.ask_victims),
            r["status"],
        )
        return float(reporting.with_experimental_factor(world.p, chance, r["latino"]))

    def decides_to_report(self, case: Any) -> bool:
        """Decide, as the victim, whether to call the police about a case.

        Args:
            case: A row of the table of crimes; its `chance` is set to what was decided on.
        """
        case["chance"] = chance = self.chance_to_report(int(case["kind"]))
        return self.model.resident(int(case["resident"])).luck(luck.REPORT) < chance

    def decides_to_come_forward(self, case: Any) -> bool:
        """Decide, as a witness, whether to speak to the police about a case."""
        world = self.model.world
        levers = self.model.levers[self.town]
        chance = reporting.come_forward_chance(
            world.p,
            self.trust,
            world.state.groups[rows.group_row(world.state, self.row)]["rest"],
            self.feels_fear(levers.ask_witnesses),
        )
        return bool(self.model.resident(int(case["resident"])).luck(luck.WITNESS_COMES) < chance)

    def gives_way(self) -> bool:
        """Decide whether the place changes hands this week, or an empty one is taken."""
        hazard = demography.turnover_hazard(self.model.world.p, self.columns["custody"])
        return bool(self.luck(luck.TURNOVER) * demography.TURNOVER_BOUND < hazard)

    def comes_forward_for_legalization(self) -> bool:
        """Decide whether to register this week, where the law lets this resident."""
        world = self.model.world
        if not (self.is_undocumented and self.is_free):
            return False
        hazard = enforcement.legal_hazard(
            world.p,
            self.model.levers[self.town],
            self.columns["record"],
            event_records.years_here(world.state, self.row),
            uniform(world.seed, 0, luck.LEGAL_WILLING, self.row - int(self.columns["member"])),
        )
        return bool(self.luck(luck.LEGAL) * enforcement.LEGAL_BOUND < hazard)

    def close_people(self) -> list[tuple[int, Resident]]:
        """Return household and ties, each with the number it is drawn by."""
        state = self.model.world.state
        many = int(self.columns["household"]) + TIES
        found = ((n, int(rows.close_to(state, self.row, n))) for n in range(many))
        return [(n, self.model.resident(j)) for n, j in found if j >= 0]


class PoliceOfficer(_View):
    """A sworn officer with a beat."""

    @property
    def columns(self) -> Any:
        """This officer's row of the state."""
        return self.model.world.state.officers[self.row]

    @property
    def beat(self) -> int:
        """The neighborhood this officer patrols."""
        return int(self.columns["beat"])

    @property
    def town(self) -> int:
        """The number of the town this officer serves."""
        return int(self.model.world.state.neighborhoods[self.beat]["town"])

    @property
    def is_deputized(self) -> bool:
        """Whether this officer acts as an immigration officer under §287(g)."""
        return bool(contact.deputized(self.model.levers[self.town], self.columns["rank"]))

    @property
    def is_trained(self) -> bool:
        """Whether this officer is trained in procedural justice."""
        return bool(contact.trained(self.model.levers[self.town], self.columns["school"]))

    def free_hours(self) -> float:
        """Return the share of hours that immigration work leaves the department this week."""
        return float(self.model.world.state.towns[self.town]["free"])

    def stops(self, resident: Resident) -> bool:
        """Decide whether to stop a resident of the beat."""
        world, r = self.model.world, resident.columns
        hazard = contact.stop_hazard(
            world.p,
            self.model.levers[self.town],
            world.state.neighborhoods[r["neighborhood"]]["patrol"],
            world.state.towns[self.town]["patrols"],
            float(r["offending"]),
            r["latino"],
            self.columns["bias"],
            self.is_trained,
        )
        return bool(resident.luck(luck.STOP) * contact.STOP_BOUND < hazard)

    def treats_badly(self, resident: Resident) -> bool:
        """Return whether the stop goes badly in the eyes of the person stopped."""
        chance = contact.badly_chance(
            self.model.world.p,
            self.columns["justice"],
            self.is_trained,
            resident.columns["latino"],
        )
        return bool(resident.luck(luck.STOP_GOES_BADLY) < chance)

    def asks_status_of(self, resident: Resident) -> bool:
        """Decide whether to ask about immigration status at a stop."""
        chance = contact.asked_at_stop(
            self.model.world.p, self.model.levers[self.town], resident.columns["latino"]
        )
        return bool(resident.luck(luck.STOP_ASKED) < chance)

    def holds_for_status(self, resident: Resident) -> bool:
        """Decide whether to arrest a person who was asked and found undocumented."""
        world = self.model.world
        if not resident.is_undocumented:
            return False
        if resident.luck(luck.STOP_IDENTIFIED) >= world.p.ask_identifies:
            return False
        chance = contact.arrested_for_status(
            world.p, self.model.levers[self.town], self.is_deputized
        )
        return bool(resident.luck(luck.STOP_HELD) < chance)

    def arrests(self, resident: Resident) -> bool:
        """Decide whether a stop ends in an arrest for a minor offence."""
        r = resident.columns
        chance = contact.stop_arrest_chance(
            self.model.world.p, self.model.levers[self.town], float(r["offending"]), r["status"]
        )
        return bool(resident.luck(luck.STOP_ARREST) < chance)

    def charges(self, resident: Resident, arrested: bool) -> int:
        """Return what an arrest at a stop is charged as; nothing where it is for status alone."""
        world = self.model.world
        conduct = contact.conduct_chance(world.p, float(resident.columns["offending"]))
        return int(
            policing.stop_charge(
                world.p,
                arrested,
                conduct,
                resident.luck(luck.STOP_ARREST),
                resident.luck(luck.STOP_CHARGE),
            )
        )

    def cites(self, resident: Resident) -> bool:
        """Decide whether a stop ends in a citation."""
        return bool(resident.luck(luck.STOP_CITATION) < self.model.world.p.citation_share)

    def solves(self, case: Any) -> bool:
        """Investigate a reported case within the hours there are; return whether it is cleared.

        Args:
            case: A row of the table of crimes; its `clears` and `charge` are set.
        """
        world, town = self.model.world, self.model.world.state.towns[self.town]
        offender = self.model.resident(int(case["resident"]))
        case["clears"] = chance = policing.clearance_chance(
            world.p,
            case["kind"],
            self.free_hours(),
            town["case_hours"] / town["usual_hours"],
            case["came"],
        )
        case["charge"] = policing.charge(world.p, case["kind"], offender.luck(luck.CASE_CHARGE))
        return bool(offender.luck(luck.CLEARED) < chance)


class IceAgent(_View):
    """An ICE officer of the region's field office."""

    @property
    def columns(self) -> Any:
        """This agent's row of the state."""
        return self.model.world.state.agents[self.row]

    def reviews(self, booking: Any) -> bool:
        """Decide whether a match is acted on: by the priorities in force, and within hours."""
        world = self.model.world
        resident = self.model.resident(int(booking["resident"]))
        chance = enforcement.applied_priority(
            enforcement.priority(self.model.levers[resident.town], booking["record"]),
            self.columns["discretion"],
        )
        if resident.luck(luck.PRIORITY, int(booking["source"])) >= chance:
            return False
        return bool(field_office.spend(world.state, world.p.request_hours))

    def finds(self, resident: Resident, operations: float, weights: float) -> bool:
        """Return whether this week's operations reach a person who is sought at large."""
        world, r = self.model.world, resident.columns
        if not (resident.is_undocumented and resident.is_free):
            return False
        weight = enforcement.target_weight(
            world.p, self.model.levers[resident.town], r["record"], r["wanted"]
        )
        hazard = enforcement.at_large_hazard(operations, weight, weights)
        return bool(resident.luck(luck.AT_LARGE) * enforcement.AT_LARGE_BOUND < hazard)
