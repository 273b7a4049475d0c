"""The week as its people live it: the same phases, carried out by agents.

Slow and readable; bit for bit what the compiled driver does. Within a phase people may act in any
order (`order` shuffles them, for a test): events are put in the order of places before anything
follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from trustabm.rules import codes, contact, crime, demography, enforcement, luck
from trustabm.rules.luck import BLOCK, ROOM, candidates
from trustabm.state import journal
from trustabm.state.layout import EXPECTED
from trustabm.week import (
    at_large,
    cases,
    crimes,
    custody,
    expecting,
    field_office,
    hearsay,
    reports,
    requests,
    stops,
    turnover,
    weekly_update,
)

if TYPE_CHECKING:
    from trustabm.agents.model import WorldModel
    from trustabm.agents.people import Resident

__all__ = ["AgentsDriver"]


class AgentsDriver:
    """Carries out weeks through the agents of a model.

    Args:
        model: The model.
        order: What to do with a list of residents before they act; nothing, by default.
    """

    def __init__(
        self, model: WorldModel, order: Callable[[list[Resident]], None] | None = None
    ) -> None:
        self.model = model
        self.order = order

    def begins(self) -> None:
        """Phase 1: the rules in force, and news of them."""
        self.w = self.model.begin_week()
        weekly_update.begin_week(self.w)

    def ends(self) -> None:
        """Phase 11: what is forgotten and learned; then the week is counted.

        What a user's own classes decide by is not known: of them is expected what happened.
        """
        weekly_update.end_week(self.w)
        if self.model.own_classes:
            for happened, expected in EXPECTED.items():
                self.w.tally[expected] = self.w.tally[happened]

    def resident(self, event: Any, role: str = "resident") -> Resident:
        """Return who had a part in an event."""
        return self.model.resident(int(event[role]))

    def candidates(self, purpose: int, bound: float) -> Iterator[Resident]:
        """Yield the residents who are candidates for something this week."""
        state = self.model.world.state
        found = np.empty(ROOM, np.int64)
        clock, count = state.clock[0], len(state.residents)
        people: list[Resident] = []
        for block in range(-(-count // BLOCK)):
            many = candidates(clock["seed"], clock["week"], purpose, block, count, bound, found)
            people += [self.model.resident(int(i)) for i in found[:many]]
        if self.order is not None:
            self.order(people)
        yield from people

    def this_week(self, which: int) -> Any:
        """Return this week's rows of a table."""
        tables = self.w.tables
        return tables[which][tables.mark[which] : tables.used[which]]

    def sort(self, which: int) -> None:
        """Put this week's rows of a table in the order of places."""
        rows = self.this_week(which)
        rows[:] = rows[np.argsort(rows["resident"], kind="stable")]

    def officers_stop_residents(self) -> None:
        """Phase 2."""
        for resident in self.candidates(luck.STOP_CANDIDATE, contact.STOP_BOUND):
            officer = self.model.officer(int(stops.officer_met(self.w, resident.row)))
            if not resident.is_free or not officer.stops(resident):
                continue
            badly = officer.treats_badly(resident)
            asked = officer.asks_status_of(resident)
            for_status = asked and officer.holds_for_status(resident)
            arrested = officer.arrests(resident)
            cited = officer.cites(resident)
            charge = officer.charges(resident, arrested)
            decided = stops.Stop(officer.row, badly, asked, for_status, arrested, cited, charge)
            stops.write(self.w, resident.row, decided)
        self.sort(journal.STOPS)
        stops.expect(self.w)

    def offenders_meet_victims(self) -> None:
        """Phase 3."""
        for offender in self.candidates(luck.CRIME_CANDIDATE, crime.CRIME_BOUND):
            if offender.wants_to_offend():
                kind = offender.chooses_kind_of_crime()
                crimes.expect(self.w, offender.row, kind)
                victim = offender.meets(kind)
                if victim is not None and offender.dares(victim):
                    chance = victim.chance_to_report(kind, offender)
                    crimes.write(self.w, offender.row, victim.row, kind, chance)
        self.sort(journal.CRIMES)

    def whether_to_call(self, case: Any) -> int:
        """Return whether the victim of a case calls the police: 1, else 0."""
        return self.resident(case, "victim").decides_to_report(case)

    def victims_and_witnesses_decide(self) -> None:
        """Phase 4."""
        for case in self.this_week(journal.CRIMES):
            case["reported"] = self.whether_to_call(case)
            if not case["reported"]:
                continue
            case["asked"] = reports.victim_asked(self.w, case)
            case["witness"] = reports.witness_of(self.w, case)
            if case["witness"] >= 0:
                witness = self.resident(case, "witness")
                case["witness_generation"] = witness.generation
                case["came"] = witness.decides_to_come_forward(case)
                if case["came"]:
                    case["witness_asked"] = reports.witness_asked(self.w, case)

    def officers_work_cases(self) -> None:
        """Phase 5."""
        for case in self.this_week(journal.CRIMES):
            if case["reported"]:
                detective = self.model.officer(int(cases.detective(self.w, case)))
                case["cleared"] = detective.solves(case)
            cases.settle(self.w, case)
        cases.expect(self.w)

    def jail_books_arrests(self) -> None:
        """Phase 6."""
        custody.bookings(self.w)

    def ice_reviews_matches(self) -> None:
        """Phase 7: matches, gravest first."""
        bookings = self.w.tables.bookings
        turns = [requests.in_turn(self.w, n) for n in range(len(self.this_week(journal.BOOKINGS)))]
        for record in reversed(range(len(codes.RECORDS))):
            for booking in (bookings[k] for k in turns):
                if requests.is_due(self.w, booking, record) and requests.reaches(self.w, booking):
                    agent = self.model.ice_agent(int(requests.reviewer(self.w, booking)))
                    requests.expect(self.w, booking, agent.row)
                    if agent.reviews(booking):
                        requests.answer(self.w, booking, agent.row)

    def terms_end(self) -> None:
        """Phase 7: jail, prison and ICE custody end in their week."""
        custody.releases(self.w)

    def ice_works_at_large(self) -> None:
        """Phase 7: arrests at large, and those of people who are near."""
        operations = field_office.operations(self.w)
        weights = field_office.target_weights(self.w)
        # Whoever is arrested as somebody's neighbor is no longer there to be found: in order.
        if operations > 0.0 and weights > 0.0:
            people = self.candidates(luck.AT_LARGE_CANDIDATE, enforcement.AT_LARGE_BOUND)
            for resident in sorted(people, key=lambda r: r.row):
                agent = self.model.ice_agent(int(at_large.seeker(self.w, resident.row)))
                sought = at_large.hazard(self.w, resident.row, agent.row, operations, weights)
                at_large.expect(self.w, resident.row, sought / enforcement.AT_LARGE_BOUND)
                if agent.finds(resident, operations, weights):
                    at_large.arrest(self.w, resident.row)
        if at_large.raids_in(self.w):
            people = self.candidates(luck.RAID_CANDIDATE, enforcement.RAID_BOUND)
            for resident in sorted(people, key=lambda r: r.row):
                sought = at_large.raid_hazard(self.w, resident.row)
                at_large.expect(self.w, resident.row, sought / enforcement.RAID_BOUND)
                if at_large.raided(self.w, resident.row, sought):
                    at_large.arrest(self.w, resident.row)

    def stories_are_told(self) -> None:
        """Phase 8: what happened is lived through, and told."""
        expecting.spread_exposed(self.w)
        for stop in self.this_week(journal.STOPS):
            self.resident(stop).lives_through(hearsay.of_stop(self.w, stop))
        for case in self.this_week(journal.CRIMES):
            if case["reported"]:
                self.resident(case, "victim").lives_through(hearsay.of_report(self.w, case))
            if case["witness_asked"]:
                self.resident(case, "witness").hears_of(hearsay.of_being_asked(self.w))
        for transfer in self.this_week(journal.TRANSFERS):
            source = int(transfer["source"])
            if hearsay.is_told(source):
                record, share = int(transfer["record"]), float(hearsay.share_of_police(source))
                self.resident(transfer).is_missed(record, share, acquaintances=True)
        for departure in self.this_week(journal.DEPARTURES):
            if not departure["removed"]:
                self.resident(departure).tells(hearsay.of_release(self.w))
            elif departure["source"] < codes.FROM_PRISON:
                record, weighs = int(departure["record"]), self.w.p.removal_story
                self.resident(departure).is_missed(record, 1.0, weighs)

    def people_come_and_go(self) -> None:
        """Phase 9."""
        people = self.candidates(luck.TURNOVER_CANDIDATE, demography.TURNOVER_BOUND)
        # In the order of their places, as the compiled loop takes them.
        for resident in sorted(people, key=lambda r: r.row):
            if resident.gives_way():
                turnover.replace(self.w, resident.row)

    def people_register(self) -> None:
        """Phase 10: legalization, where the law allows it."""
        if self.w.levers[0].legalization_uptake <= 0.0:
            return
        people = self.candidates(luck.LEGAL_CANDIDATE, enforcement.LEGAL_BOUND)
        for resident in sorted(people, key=lambda r: r.row):
            if resident.comes_forward_for_legalization():
                turnover.register(self.w, resident.row)
