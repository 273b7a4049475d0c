"""The people of the model: residents, police officers, ICE agents.

Each is a view on a row of the state; its methods are its behaviours and read like the sentence
they carry out. This is the model to open when teaching, checking, or subclassing for a new
behaviour: override a method, register the class with the model, and the agents driver uses it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import mesa

from trustabm.errors import InvalidInput
from trustabm.rules import codes
from trustabm.rules.luck import uniform
from trustabm.state import rows
from trustabm.state.layout import TIES
from trustabm.week import (
    at_large,
    believing,
    cases,
    crimes,
    hearsay,
    reports,
    requests,
    stops,
    turnover,
)
from trustabm.week.hearsay import Story

if TYPE_CHECKING:
    from trustabm.agents.model import WorldModel
    from trustabm.week.world import World

__all__ = ["IceAgent", "PoliceOfficer", "Resident"]


class _View(mesa.Agent):
    """An agent that is a row of one of the model's tables.

    Args:
        model: The model it lives in.
        row: Its place in the table.
    """

    model: WorldModel

    def __init__(self, model: WorldModel, row: int) -> None:
        self.row = row
        super().__init__(model)

    @staticmethod
    def inhabit(world: World, classes: Mapping[str, type[Any]]) -> WorldModel:
        """Return who lives through a world's weeks where classes are a user's own.

        Args:
            world: The world.
            classes: By `resident_class`, `police_class`, `ice_class`; the others are as they ship.
        """
        from trustabm.agents.model import WorldModel

        return WorldModel(world, classes)

    def luck(self, purpose: int, index: int = 0) -> float:
        """Return this agent's draw for a purpose this week, in [0, 1)."""
        state = self.model.world.state
        clock = state.clock[0]
        return float(uniform(clock["seed"], clock["week"], purpose, self.row, index))

    def __repr__(self) -> str:
        """Return the agent's kind and row."""
        return f"{type(self).__name__}({self.row})"


def _attribute(name: str, meaning: str) -> Any:
    """Return a property that reads and sets an agent's column."""

    def read(agent: _View) -> float:
        return float(agent.columns[name])

    def write(agent: _View, value: float) -> None:
        if not math.isfinite(value):
            raise InvalidInput(f"{agent!r}.{name}: expected a finite number, got {value!r}")
        agent.columns[name] = value

    return property(read, write, doc=meaning)


class Resident(_View):
    """A resident aged 12 or over."""

    @property
    def columns(self) -> Any:
        """This resident's row of the state."""
        return self.model.world.state.residents[self.row]

    @property
    def trust(self) -> float:
        """Trust in local police, 0..1; may be set."""
        return float(believing.trust_of(self.model.w, self.row))

    @trust.setter
    def trust(self, value: float) -> None:
        self.believes(value, self.perceived_risk)

    @property
    def perceived_risk(self) -> float:
        """The chance, as seen from here, that contact ends in a deportation, 0..1; may be set."""
        return float(believing.risk_of(self.model.w, self.row))

    @perceived_risk.setter
    def perceived_risk(self, value: float) -> None:
        self.believes(self.trust, value)

    def believes(self, trust: float, perceived_risk: float) -> None:
        """Set what this resident believes from now on.

        Lasting trust is moved so that trust is as given; cases known of are added, bad or calm
        ones, until perceived risk is. What fades, and news to come, goes on from there.

        Args:
            trust: Trust in local police, 0..1.
            perceived_risk: The chance that contact ends in a deportation, 0..1.

        Raises:
            InvalidInput: for a number outside 0..1.
        """
        for name, value in (("trust", trust), ("perceived_risk", perceived_risk)):
            if not 0.0 <= value <= 1.0:
                raise InvalidInput(f"{self!r}.{name}: expected 0 to 1, got {value!r}")
        believing.believe(self.model.w, self.row, float(trust), float(perceived_risk))

    def hears_of(self, story: Story, told: float = 1.0, at_home: bool = True) -> None:
        """Learn from a story.

        Args:
            story: What happened.
            told: How heavily it weighs, 0..1: 1 for whoever lived through it.
            at_home: Whether it happened in the own household.
        """
        hearsay.hear(self.model.w, self.row, story, told, at_home)

    def tells(self, story: Story) -> None:
        """Tell household and ties what happened, once."""
        if self.model.world.p.stories:
            for person, told, at_home in self.listeners():
                person.hears_of(story, told, at_home)

    def lives_through(self, story: Story) -> None:
        """Learn from what happened to oneself, and tell of it."""
        self.hears_of(story)
        self.tells(story)

    def hears_of_loss(
        self, told: float, record: int, police_share: float, at_home: bool = False
    ) -> None:
        """Learn that ICE has taken or removed somebody.

        Args:
            told: How heavily it weighs, 0..1.
            record: The record of who was taken, a code.
            police_share: How much of it was police's doing, 0..1, or BY_ICE_ITSELF: as much as
                this resident believes.
            at_home: Whether it was somebody of the own household.
        """
        if self.is_here:
            rows.expose(self.model.world.state, self.row)
            if self.model.world.p.stories:
                story = hearsay.of_loss(self.model.w, self.row, record, police_share)
                self.hears_of(story, told, at_home)

    def is_missed(
        self, record: int, police_share: float, weighs: float = 1.0, acquaintances: bool = False
    ) -> None:
        """Let those who know this resident learn that ICE has taken or removed them.

        Args:
            record: The record with which they were taken, a code.
            police_share: As for `hears_of_loss`.
            weighs: How heavily it weighs, 1 for a hand-over.
            acquaintances: Whether those hear of it who are not close.
        """
        for person, told, at_home in self.listeners():
            person.hears_of_loss(weighs * told, record, police_share, at_home)
        if acquaintances:
            w = self.model.w
            for person in self.acquaintances():
                across = float(hearsay.weight_across(w, self.row, person.row))
                told = self.model.world.p.tell_acquaintance * across
                person.hears_of_loss(told, record, police_share)

    def listeners(self) -> list[tuple[Resident, float, bool]]:
        """Return household and ties: who, how heavily it weighs (0..1), and whether at home."""
        w, many = self.model.w, int(self.columns["household"]) + TIES
        close = ((int(rows.close_to(w.state, self.row, n)), n) for n in range(many))
        return [
            (
                self.model.resident(j),
                float(hearsay.weight(w, self.row, n)),
                bool(hearsay.is_home(w, self.row, n)),
            )
            for j, n in close
            if j >= 0
        ]

    def acquaintances(self) -> list[Resident]:
        """Return those who know this resident by more than sight, and are not close."""
        w = self.model.w
        known = (hearsay.acquaintance(w, self.row, n) for n in range(int(w.p.acquaintances)))
        return [self.model.resident(int(j)) for j in known if j >= 0]

    @property
    def stake(self) -> float:
        """Whose deportation it would be, 0..1."""
        return float(believing.stake_of(self.model.w, self.row))

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
        world = self.model.world
        return str(world.groups.names[rows.group_now(world.state, self.row)])

    @property
    def ethnicity(self) -> str:
        """Ethnic group."""
        world = self.model.world
        return str(world.groups.ethnic[rows.ethnicity_of(world.state, self.row)].key)

    @property
    def custody(self) -> str:
        """Where this resident is, in words."""
        return codes.CUSTODY[self.columns["custody"]]

    @property
    def is_free(self) -> bool:
        """Whether this resident is at liberty in town."""
        return bool(self.columns["custody"] == codes.FREE)

    @property
    def is_here(self) -> bool:
        """Whether somebody lives in this place: not removed, or the place taken again."""
        return bool(rows.in_place(self.model.world.state, self.row))

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
        tied = self.model.world.state.ties[self.row]
        return [self.model.resident(int(j)) for j in tied if j >= 0]

    def feels_fear(self, asks: float) -> float:
        """Return the log odds that fear takes from a decision to call.

        Args:
            asks: How often people in this position are asked about status.
        """
        home = int(self.columns["neighborhood"])
        return float(reports.fear_of(self.model.w, self.row, asks, home))

    def wants_to_offend(self) -> bool:
        """Decide whether to look for a target this week."""
        return bool(crimes.wants_to_offend(self.model.w, self.row))

    def chooses_kind_of_crime(self) -> int:
        """Return VIOLENT, PROPERTY or DOMESTIC."""
        return int(crimes.kind_of_crime(self.model.w, self.row))

    def meets(self, kind: int) -> Resident | None:
        """Return whom this offender meets, or nobody."""
        other = int(crimes.met(self.model.w, self.row, kind))
        return self.model.resident(other) if other >= 0 else None

    def dares(self, victim: Resident) -> bool:
        """Decide whether to act on the opportunity: how likely is it to be caught here?"""
        chance = crimes.chance_to_act(self.model.w, self.row, victim.row)
        return bool(crimes.acts(self.model.w, self.row, chance))

    def chance_to_report(self, kind: int, offender: Resident | None = None) -> float:
        """Return the chance that this resident, as a victim, calls the police.

        Args:
            kind: VIOLENT, PROPERTY or DOMESTIC.
            offender: Whose doing it is; None where it is nobody in particular.
        """
        by = -1 if offender is None else offender.row
        return float(reports.chance_to_report(self.model.w, self.row, kind, by))

    def decides_to_report(self, case: Any) -> int:
        """Decide, as the victim, whether to call the police about a case: 1, else 0.

        Args:
            case: A row of the table of crimes; its `chance` is set to what was decided on.
        """
        offender = self.model.resident(int(case["resident"]))
        case["chance"] = self.chance_to_report(int(case["kind"]), offender)
        return int(reports.calls(self.model.w, case))

    def decides_to_come_forward(self, case: Any) -> bool:
        """Decide, as a witness, whether to speak to the police about a case."""
        return bool(reports.comes_forward(self.model.w, case))

    def gives_way(self) -> bool:
        """Decide whether the place changes hands this week, or an empty one is taken."""
        return bool(turnover.gives_way(self.model.w, self.row))

    def comes_forward_for_legalization(self) -> bool:
        """Decide whether to register this week, where the law lets this resident."""
        return bool(turnover.comes_forward(self.model.w, self.row))


class PoliceOfficer(_View):
    """A sworn officer with a beat."""

    @property
    def columns(self) -> Any:
        """This officer's row of the state."""
        return self.model.world.state.officers[self.row]

    justice = _attribute("justice", "Procedural justice: log odds of a stop going well.")
    bias = _attribute("bias", "Excess share of stops of Latino residents, 0 for none.")
    rank = _attribute("rank", "Place in the queue for deputization, 0..1, the first at 0.")
    school = _attribute("school", "Place in the queue for training, 0..1, the first at 0.")
    hours = _attribute("hours", "Hours a week.")

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
        return bool(stops.is_deputized(self.model.w, self.row))

    @property
    def is_trained(self) -> bool:
        """Whether this officer is trained in procedural justice."""
        return bool(stops.is_trained(self.model.w, self.row))

    def free_hours(self) -> float:
        """Return the share of hours that immigration work and outreach leave this week."""
        return float(self.model.world.state.towns[self.town]["free"])

    def stops(self, resident: Resident) -> bool:
        """Decide whether to stop a resident of the beat."""
        return bool(stops.stops(self.model.w, resident.row, self.row))

    def treats_badly(self, resident: Resident) -> bool:
        """Return whether the stop goes badly in the eyes of the person stopped."""
        return bool(stops.treats_badly(self.model.w, resident.row, self.row))

    def asks_status_of(self, resident: Resident) -> bool:
        """Decide whether to ask about immigration status at a stop."""
        return bool(stops.asks_status(self.model.w, resident.row, self.row))

    def holds_for_status(self, resident: Resident) -> bool:
        """Decide whether to arrest a person who was asked and found undocumented."""
        return bool(stops.arrests_for_status(self.model.w, resident.row, self.row))

    def arrests(self, resident: Resident) -> bool:
        """Decide whether a stop ends in an arrest for a minor offence."""
        return bool(stops.arrests(self.model.w, resident.row, self.row))

    def charges(self, resident: Resident, arrested: bool) -> int:
        """Return what an arrest at a stop is charged as; nothing where it is for status alone."""
        return int(stops.charges(self.model.w, resident.row, arrested))

    def cites(self, resident: Resident) -> bool:
        """Decide whether a stop ends in a citation."""
        return bool(stops.cites(self.model.w, resident.row))

    def solves(self, case: Any) -> bool:
        """Investigate a reported case within the hours there are; return whether it is cleared.

        Args:
            case: A row of the table of crimes; its `clears` and `charge` are set.
        """
        done = cases.work(self.model.w, case, self.row)
        case["clears"], case["charge"] = done.chance, done.charge
        return bool(done.cleared)


class IceAgent(_View):
    """An ICE officer of the region's field office."""

    @property
    def columns(self) -> Any:
        """This agent's row of the state."""
        return self.model.world.state.agents[self.row]

    hours = _attribute("hours", "Hours a week, at one officer per 1,000 undocumented residents.")
    discretion = _attribute("discretion", "Log odds that this agent adds to the priorities.")

    def reviews(self, booking: Any) -> bool:
        """Decide whether a match that ICE has hours for is acted on: by the priorities in force."""
        return bool(requests.acts_on(self.model.w, booking, self.row))

    def finds(self, resident: Resident, operations: float, weights: float) -> bool:
        """Return whether this agent, in this week's operations, reaches a person at large."""
        w = self.model.w
        hazard = at_large.hazard(w, resident.row, self.row, operations, weights)
        return bool(at_large.finds(w, resident.row, hazard))
