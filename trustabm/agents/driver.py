"""The week as its people live it: the same phases, carried out by agents.

Slow and readable; bit for bit what the compiled driver does. Within a phase people may act in any
order (`order` shuffles them, for a test): events are put in the order of places before anything
follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from trustabm.rules import (
    codes,
    contact,
    crime,
    demography,
    enforcement,
    luck,
    reporting,
)
from trustabm.rules.luck import BLOCK, candidates
from trustabm.state import journal
from trustabm.week import (
    custody,
    event_records,
    field_office,
    hearsay,
    turnover,
    weekly_update,
)

if TYPE_CHECKING:
    from trustabm.agents.model import TrustModel
    from trustabm.agents.people import PoliceOfficer, Resident

__all__ = ["AgentsDriver"]


class AgentsDriver:
    """Carries out weeks through the agents of a model.

    Args:
        model: The model.
        order: What to do with a list of residents before they act; nothing, by default.
    """

    def __init__(
        self, model: TrustModel, order: Callable[[list[Resident]], None] | None = None
    ) -> None:
        self.model = model
        self.order = order

    def week(self, t: int) -> None:
        """Carry out one week; `t` is its place in the tallies."""
        world = self.model.world
        while not journal.roomy(world.tables, len(world.state.residents)):
            if not world.keep_events:
                break
            world.tables = journal.grown(world.tables, len(world.state.residents))
        journal.rewound(world.tables, world.keep_events)
        at = world.plan.at(world.week)
        is_first = world.plan.weeks[at] == world.week
        news = world.plan.news[at] & is_first
        self.t, self.lv = t, self.model.levers
        self.everything = (world.state, world.p, self.lv, t, world.tables, world.tally)
        weekly_update.begin_week(world.state, world.p, self.lv, news)
        self.officers_stop_residents()
        self.offenders_meet_victims()
        self.victims_and_witnesses_decide()
        self.officers_work_cases()
        self.jail_books_arrests()
        self.ice_reviews_matches()
        self.terms_end()
        self.ice_works_at_large()
        self.stories_are_told()
        self.people_come_and_go()
        self.people_register()
        weekly_update.end_week(world.state, world.p, self.lv, t, world.tally, world.town_tally)

    def candidates(self, purpose: int, bound: float) -> Iterator[Resident]:
        """Yield the residents who are candidates for something this week."""
        state = self.model.world.state
        found = np.empty(BLOCK, np.int64)
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
        tables = self.model.world.tables
        return tables[which][tables.mark[which] : tables.used[which]]

    def sort(self, which: int) -> None:
        """Put this week's rows of a table in the order of places."""
        rows = self.this_week(which)
        rows[:] = rows[np.argsort(rows["resident"], kind="stable")]

    def officer_on_beat(self, resident: Resident) -> PoliceOfficer:
        """Return the officer whom a resident may meet this week."""
        place = self.model.world.state.neighborhoods[resident.columns["neighborhood"]]
        pick = int(resident.luck(luck.STOP, 1) * place["officers"])
        return self.model.officer(int(place["officer"]) + pick)

    def officers_stop_residents(self) -> None:
        """Phase 2."""
        world = self.model.world
        for resident in self.candidates(luck.STOP_CANDIDATE, contact.STOP_BOUND):
            if not resident.is_free:
                continue
            officer = self.officer_on_beat(resident)
            if not officer.stops(resident):
                continue
            bad = officer.treats_badly(resident)
            asked = officer.asks_status_of(resident)
            held = asked and officer.holds_for_status(resident)
            arrested = officer.arrests(resident)
            outcome = codes.STOP_NOTHING
            if held or arrested:
                outcome = codes.STOP_ARREST
            elif officer.cites(resident):
                outcome = codes.STOP_CITATION
            k = journal.new_row(world.tables, journal.STOPS)
            charge = officer.charges(resident, arrested)
            world.tables.stops[k] = (
                world.week,
                resident.row,
                resident.generation,
                officer.row,
                bad,
                asked,
                held,
                outcome,
                charge,
            )
            event_records.count_stop(world.state, self.t, world.tables, world.tally, k)
        self.sort(journal.STOPS)

    def offenders_meet_victims(self) -> None:
        """Phase 3."""
        world = self.model.world
        for offender in self.candidates(luck.CRIME_CANDIDATE, crime.CRIME_BOUND):
            if not offender.wants_to_offend():
                continue
            kind = offender.chooses_kind_of_crime()
            victim = offender.meets(kind)
            if victim is not None and offender.dares(victim):
                k = journal.new_row(world.tables, journal.CRIMES)
                event_records.write_crime(
                    world.state, world.tables, k, kind, offender.row, victim.row
                )
        self.sort(journal.CRIMES)

    def victims_and_witnesses_decide(self) -> None:
        """Phase 4."""
        for case in self.this_week(journal.CRIMES):
            victim = self.model.resident(int(case["victim"]))
            offender = self.model.resident(int(case["resident"]))
            case["reported"] = victim.decides_to_report(case)
            if not case["reported"]:
                continue
            asks = self.lv[victim.town].ask_victims
            case["asked"] = self.asked(
                victim,
                offender,
                asks,
                luck.VICTIM_ASKED,
                luck.VICTIM_IDENTIFIED,
                luck.VICTIM_PASSED_ON,
            )
            witness = self.witness_of(case, victim, offender)
            if witness is None:
                continue
            case["witness"] = witness.row
            case["witness_generation"] = witness.generation
            case["came"] = witness.decides_to_come_forward(case)
            if case["came"]:
                case["witness_asked"] = self.asked(
                    witness,
                    offender,
                    self.lv[victim.town].ask_witnesses,
                    luck.WITNESS_ASKED,
                    luck.WITNESS_IDENTIFIED,
                    luck.WITNESS_PASSED_ON,
                )

    def asked(
        self,
        person: Resident,
        offender: Resident,
        asks: float,
        ask: int,
        identify: int,
        pass_on: int,
    ) -> int:
        """Return whether somebody who helps police is asked (1), identified (2), passed on (3)."""
        p = self.model.world.p
        if offender.luck(ask) >= asks:
            return 0
        if not person.is_undocumented or offender.luck(identify) >= p.ask_identifies:
            return 1
        return 3 if offender.luck(pass_on) < p.ask_hand_over else 2

    def witness_of(self, case: Any, victim: Resident, offender: Resident) -> Resident | None:
        """Return who saw the crime, if anybody did."""
        world = self.model.world
        seen = reporting.witness_there(world.p, case["kind"])
        if offender.luck(luck.WITNESS_THERE) >= seen:
            return None
        place = world.state.neighborhoods[case["neighborhood"]]
        pick = int(offender.luck(luck.WITNESS_WHO) * (place["end"] - place["start"]))
        witness = self.model.resident(int(place["start"]) + pick)
        return witness if witness not in (victim, offender) and witness.is_free else None

    def officers_work_cases(self) -> None:
        """Phase 5."""
        world = self.model.world
        first = int(world.tables.mark[journal.CRIMES])
        for k, case in enumerate(self.this_week(journal.CRIMES), first):
            if case["reported"]:
                place = world.state.neighborhoods[case["neighborhood"]]
                detective = self.model.officer(int(place["officer"]))
                case["cleared"] = detective.solves(case)
            event_records.settle_case(world.state, world.p, self.t, world.tables, world.tally, k)

    def jail_books_arrests(self) -> None:
        """Phase 6."""
        world = self.model.world
        for stop in self.this_week(journal.STOPS):
            if stop["outcome"] == codes.STOP_ARREST:
                self.book(stop["resident"], stop["charge"], codes.FROM_STOP, stop["identified"])
        for case in self.this_week(journal.CRIMES):
            if case["cleared"]:
                self.book(case["resident"], case["charge"], codes.FROM_CASE, 0)
            for person, asked, source in (
                (case["victim"], case["asked"], codes.FROM_VICTIM),
                (case["witness"], case["witness_asked"], codes.FROM_WITNESS),
            ):
                if asked == 3:
                    custody.pass_on(
                        world.state, self.t, world.tables, world.tally, int(person), source
                    )

    def book(self, resident: int, charge: int, source: int, found: int) -> None:
        """Book an arrest in the local jail."""
        custody.book(*self.everything, int(resident), int(charge), source, bool(found))

    def ice_reviews_matches(self) -> None:
        """Phase 7: matches, gravest first."""
        world = self.model.world
        first = int(world.tables.mark[journal.BOOKINGS])
        matched = [
            (k, b) for k, b in enumerate(self.this_week(journal.BOOKINGS), first) if b["matched"]
        ]
        for record in reversed(range(len(codes.RECORDS))):
            for k, booking in matched:
                if booking["record"] != record:
                    continue
                resident = self.model.resident(int(booking["resident"]))
                if custody.beyond_request(world.state, resident.row):
                    continue
                pick = int(resident.luck(luck.REVIEWER) * len(world.state.agents))
                agent = self.model.ice_agent(pick)
                if agent.reviews(booking):
                    self.jail_answers(k, booking, resident, pick)

    def jail_answers(self, k: int, booking: Any, resident: Resident, agent: int) -> None:
        """Let the jail honour a request or not, by local policy, and ICE come or not."""
        world, source = self.model.world, int(booking["source"])
        levers, record = self.lv[resident.town], booking["record"]
        told = bool(custody.walked_in(source))  # never jailed: ICE is told, and comes or not
        notification = told or (
            resident.luck(luck.REQUEST_KIND, source) < levers.notification_share
        )
        demanded = resident.luck(luck.WARRANT_DEMANDED, source)
        held = resident.luck(luck.WARRANT_HELD, source)
        honored = told or enforcement.jail_honors(
            world.p, levers, record, demanded, held, resident.luck(luck.HONORED, source)
        )
        followed = (
            honored
            and resident.luck(luck.CUSTODY_FOLLOWS, source)
            < enforcement.follow_chance(world.p, bool(notification))
            and bool(field_office.spend(world.state, world.p.custody_hours))
        )
        custody.request(
            world.state,
            world.p,
            self.t,
            world.tables,
            world.tally,
            k,
            agent,
            bool(notification),
            bool(enforcement.warrant_shown(world.p, levers, record, demanded, held)),
            bool(honored),
            bool(followed),
        )

    def terms_end(self) -> None:
        """Phase 7: jail, prison and ICE custody end in their week."""
        world = self.model.world
        state, clock = world.state, world.state.clock
        held = state.in_custody[: clock["in_custody"][0]].copy()
        for i in held:
            if state.residents[i]["until"] <= world.week:
                custody.term_ends(state, world.p, self.t, world.tables, world.tally, int(i))
        inside = ~np.isin(state.residents["custody"][held], (codes.FREE, codes.REMOVED))
        kept = held[inside]
        state.in_custody[: len(kept)] = kept
        clock["in_custody"] = len(kept)

    def ice_works_at_large(self) -> None:
        """Phase 7: arrests at large, and those of people who are near."""
        world = self.model.world
        state, agent = world.state, self.model.ice_agent(0)
        operations = field_office.operations(state, world.p, self.lv)
        weights = field_office.target_weights(state, world.p, self.lv)
        if operations <= 0.0 or weights <= 0.0:
            return
        people = self.candidates(luck.AT_LARGE_CANDIDATE, enforcement.AT_LARGE_BOUND)
        # Whoever is arrested as somebody's neighbor is no longer there to be found: in order.
        for resident in sorted(people, key=lambda r: r.row):
            if agent.finds(resident, operations, weights):
                self.take(resident, codes.FROM_AT_LARGE, -1)
                near = event_records.near(state, resident.row)
                chance = enforcement.collateral_chance(world.p, self.lv[resident.town], near)
                for n, person in resident.close_people():
                    if (
                        chance > 0.0
                        and person.is_undocumented
                        and person.is_free
                        and person.luck(luck.COLLATERAL, n) < chance
                    ):
                        self.take(person, codes.FROM_COLLATERAL, resident.row)

    def take(self, resident: Resident, source: int, met_with: int) -> None:
        """Let ICE take a resident into custody."""
        world = self.model.world
        custody.take(
            world.state,
            world.p,
            self.t,
            world.tables,
            world.tally,
            resident.row,
            source,
            int(resident.columns["record"]),
            met_with,
        )

    def stories_are_told(self) -> None:
        """Phase 8."""
        world = self.model.world
        hears: dict[int, Any] = {
            journal.STOPS: hearsay.after_stop,
            journal.CRIMES: hearsay.after_report,
            journal.TRANSFERS: hearsay.after_transfer,
            journal.DEPARTURES: hearsay.after_departure,
        }
        for which, after in hears.items():
            first = int(world.tables.mark[which])
            for k, event in enumerate(self.this_week(which), first):
                if which != journal.CRIMES or event["reported"]:
                    after(world.state, world.p, world.tables, k)

    def people_come_and_go(self) -> None:
        """Phase 9."""
        world = self.model.world
        people = self.candidates(luck.TURNOVER_CANDIDATE, demography.TURNOVER_BOUND)
        # A newcomer believes what the group believes, which the newcomer before has joined.
        for resident in sorted(people, key=lambda r: r.row):
            if not resident.gives_way():
                continue
            status = demography.newcomer_status(resident.columns["status"])
            years = demography.newcomer_years(world.p, status, resident.luck(luck.NEW_YEARS))
            kind = demography.newcomer_kind(
                world.p, status, years, resident.luck(luck.ARRIVAL_KIND)
            )
            levers, federal = self.lv[resident.town], 0
            if demography.from_federal_prison(world.p, status, resident.luck(luck.FEDERAL_RELEASE)):
                to_jail = resident.luck(luck.FEDERAL_TO_JAIL) < levers.prison_to_local
                federal = 2 if to_jail else 1
            turnover.replace(
                world.state,
                world.p,
                self.t,
                world.tables,
                world.tally,
                resident.row,
                kind,
                federal,
                years,
                status,
            )
            if federal:
                custody.federal_release(
                    world.state,
                    world.p,
                    levers,
                    self.t,
                    world.tables,
                    world.tally,
                    resident.row,
                    federal,
                )

    def people_register(self) -> None:
        """Phase 10: legalization, where the law allows it."""
        world = self.model.world
        if self.lv[0].legalization_uptake <= 0.0:
            return
        people = self.candidates(luck.LEGAL_CANDIDATE, enforcement.LEGAL_BOUND)
        for resident in sorted(people, key=lambda r: r.row):
            if resident.comes_forward_for_legalization():
                turnover.register(world.state, self.t, world.tables, world.tally, resident.row)
