"""A week read a second time: the ODD's section 7 in plain Python, a person at a time.

It shares rules and luck with the model (each has worked examples of its own) and nothing else: who
is concerned, who counts where and what is at stake for a group is worked out anew from everybody's
row, where the model keeps running counts; what is believed is written a second time, not read with
`rules/beliefs.py`. From a world before a week it says what the world is after it.
"""

from __future__ import annotations

import math
from collections import defaultdict

from reading import shape
from reading.ice import Ice
from reading.people import Counts, Person

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
from trustabm.state.layout import CHANCE, TIES
from trustabm.week.world import World


class Reading(Ice):
    """What a week makes of a world.

    Args:
        world: Before the week; only read.
        base: How many there were when the arms parted, by town, group and name; there are now,
            if not given.
    """

    def __init__(self, world: World, base: Counts | None = None) -> None:
        super().__init__(world, base)
        self.carry_out()

    def carry_out(self) -> None:
        self.begin()
        self.stops()
        self.crimes()
        self.reports()
        self.cases()
        self.bookings()
        self.requests()
        self.releases()
        self.raids()
        self.spread_exposed()
        self.stories()
        self.turnover()
        self.legalizations()
        self.end()

    def begin(self) -> None:
        p = self.p
        for k, town in enumerate(self.towns):
            law = self.levers[k]
            town["free"] = policing.free_share(p, law, town["away_hours"], town["hours"])
            town["patrols"] = contact.patrols(p, town["free"])
            town |= dict.fromkeys(("week_case_hours", "week_away_hours"), 0.0)
            town |= dict.fromkeys(("week_reported", "week_cleared"), 0)
        all_hours = sum(self.s.agents["hours"].tolist()) * self.levers[0].ice_capacity
        law = self.levers[0]
        week = all_hours * (1 - law.at_large_share) * p.jail_hours
        self.most_hours = max(p.ice_bank_weeks * week, 3 * p.custody_hours if week > 0 else 0.0)
        self.hours = min(self.hours + week, self.most_hours)
        each = p.at_large_hours + law.collateral * p.collateral_met * p.custody_hours
        self.operations = all_hours * law.at_large_share / each
        self.note_stakes()
        for group in self.groups.values():
            group["spared"] *= 51 / 52
        for k, town in enumerate(self.towns):
            law, faded = self.levers[k], 1 - 0.5 ** (1 / p.trust_half_life)
            town["reached"] += faded * (law.outreach - town["reached"])
            turned = 1 - math.exp(-1.6783469900166605 / p.news_half_life)
            town["expected_risk"] += turned * (town["lived_with"] - town["expected_risk"])
            town["lived_with"] += turned * (town["heard"] - town["lived_with"])
            town["heard"] += p.news_speed * (self.risk_in_force(k) - town["heard"])

    def risk_in_force(self, town: int) -> float:
        """Return the risk that the rules, and ICE by itself, mean in a town."""
        here = (a for a in self.people if a.town == town and a.custody != codes.REMOVED)
        if not any(a.status == codes.UNDOCUMENTED for a in here):
            return 0.0
        law = self.levers[town]
        rules = enforcement.rules_risk(self.p, law)
        federal = enforcement.federal_risk(self.p, law, self.seen(town))
        return float(rules + federal - rules * federal)

    def note_stakes(self) -> None:
        """Add up what is at stake for groups, and its mean by ethnic group and town."""
        means: dict[tuple[int, int], list[float]] = defaultdict(list)
        for group in self.groups.values():
            group["stake"] = 0.0
        for a in self.people:
            if a.custody != codes.REMOVED:
                home = a.concern == codes.HOUSEHOLD
                stake = reporting.stake_in_others(self.p, home, a.tied)
                stake = 1.0 if a.concern == codes.SELF else stake
                self.groups[a.town, a.now]["stake"] += stake
                means[a.town, a.ethnicity].append(stake)
        for (town, now), group in self.groups.items():
            here = means[town, shape.ethnicity_of(now)]
            group["ethnic_stake"] = sum(here) / max(1, len(here))

    def hears(
        self,
        a: Person,
        told: float,
        home: bool,
        *,
        trust: float = 0.0,
        bad: float = 0.0,
        calm: float = 0.0,
    ) -> None:
        """Learn from a story; what happens at home is never wholly forgotten."""
        p, moved, cases = self.p, told * trust, told if self.p.cases else 0.0
        residue = (p.residue_good if moved > 0 else p.residue_bad) if home else 0.0
        self.learns(
            *(a,),
            fades=(1 - residue) * moved,
            stays=residue * moved,
            bad=cases * bad,
            calm=cases * calm,
        )

    def tells(self, a: Person, **story: float) -> None:
        if self.p.stories:
            for _, b, home in self.close(a):
                self.hears(b, self.p.tell_household if home else self.p.tell_tie, home, **story)

    def lives_through(self, a: Person, **story: float) -> None:
        self.hears(a, 1.0, True, **story)
        self.tells(a, **story)

    def hears_of_loss(
        self, a: Person, told: float, home: bool, record: float, police: float | None
    ) -> None:
        if a.custody == codes.REMOVED:
            return
        a.exposed = self.week
        if self.p.stories:
            p, share = self.p, police
            if share is None:
                share = p.raid_attribution + (1 - p.raid_attribution) * self.risk_of(a)
            serious = record in (codes.RECORD_FELONY, codes.RECORD_VIOLENT)
            share *= p.serious_case if serious else 1.0
            self.hears(a, told, home, trust=-share * p.handover_trust, bad=share * p.case_weight)

    def stories(self) -> None:
        p = self.p
        for row in self.rows["stops"]:
            trust = -p.contact_bad if row["bad"] else 0.0
            quiet = not row["asked"] and row["outcome"] != codes.STOP_ARREST
            self.lives_through(
                self.people[row["resident"]],
                trust=trust,
                bad=p.asked_case if row["asked"] else 0.0,
                calm=p.calm_case if quiet else 0.0,
            )
        for row in self.rows["crimes"]:
            if not row["reported"]:
                continue
            self.lives_through(
                self.people[row["victim"]],
                trust=p.contact_good if row["cleared"] else -p.unsolved_loss,
                bad=p.asked_case if row["asked"] else 0.0,
                calm=0.0 if row["asked"] else p.calm_case,
            )
            if row["witness_asked"]:
                self.hears(self.people[row["witness"]], 1.0, True, bad=p.asked_case)
        for row in self.rows["transfers"]:
            a, source = self.people[row["resident"]], row["source"]
            if source == codes.FROM_PRISON:
                continue
            at_large = source in (codes.FROM_AT_LARGE, codes.FROM_COLLATERAL)
            police = None if at_large else 1.0
            for _, b, home in self.close(a):
                told = p.tell_household if home else p.tell_tie
                self.hears_of_loss(b, told, home, row["record"], police)
            for n in range(int(p.acquaintances)):
                b = self.acquaintance(a, n)
                if b is not a:
                    self.hears_of_loss(b, p.tell_acquaintance, False, row["record"], police)
        for row in self.rows["departures"]:
            a = self.people[row["resident"]]
            if not row["removed"]:
                self.tells(a, calm=p.calm_case)
            elif row["source"] < codes.FROM_PRISON:
                for _, b, home in self.close(a):
                    told = p.removal_story * (p.tell_household if home else p.tell_tie)
                    self.hears_of_loss(b, told, home, row["record"], 1.0)

    def acquaintance(self, a: Person, n: int) -> Person:
        """Return one who knows somebody by more than sight, from the pool that a tie is from."""

        def u(k: int, many: int = 4, purpose: int = luck.ACQUAINTANCE) -> float:
            return float(luck.uniform(self.seed, a.generation, purpose, a.number, many * n + k))

        near, alike = u(0) < self.p.tie_neighborhood, u(1) < self.p.tie_homophily
        pool = [
            b
            for b in self.people
            if b.town == a.town
            and (not near or b.neighborhood == a.neighborhood)
            and (not alike or b.ethnicity == a.ethnicity)
        ]
        found = pool[int(u(2) * len(pool))]
        for k in range(1, 8):
            here = codes.US_BORN in (found.status, a.status) and found.status != a.status
            if u(3) < self.p.tie_nativity and here:
                found = pool[int(u(k, 8, luck.ACQUAINTANCE_AGAIN) * len(pool))]
        return found

    def turnover(self) -> None:
        p, bound = self.p, demography.TURNOVER_BOUND
        for a in self.candidates(luck.TURNOVER_CANDIDATE, bound):
            i, law = a.number, self.levers[a.town]
            hazard = demography.turnover_hazard(p, a.custody)
            if self.u(luck.TURNOVER, i) * bound >= hazard:
                continue
            a.status = demography.newcomer_status(a.status)
            years = demography.newcomer_years(p, a.status, self.u(luck.NEW_YEARS, i))
            kind = demography.newcomer_kind(p, a.status, years, self.u(luck.ARRIVAL_KIND, i))
            federal = 0
            if demography.from_federal_prison(p, a.status, self.u(luck.FEDERAL_RELEASE, i)):
                federal = 2 if self.u(luck.FEDERAL_TO_JAIL, i) < law.prison_to_local else 1
            a.custody, a.until, a.cause, a.wanted = codes.FREE, 0, 0, 0
            a.exposed, a.generation, a.arrived = -30000, a.generation + 1, self.week - 52 * years
            a.offending, a.record = 0.0, codes.RECORD_NONE
            if federal or self.u(luck.NEW_OFFENDER, i) < p.offender_share:
                much = crime.weight(p, self.u(luck.NEW_OFFENDING, i))
                much *= demography.offending_by_status(p, a.status)
                usual = p.offender_share * crime.mean_weight(p) * self.towns[a.town]["factor"]
                a.offending = much / usual
                u = self.u(luck.NEW_RECORD, i)
                a.record = demography.first_record(p, federal, u)
            a.concern, a.tied = self.concern(a)
            a.then = a.now = self.group(a)
            self.comes_with_beliefs(a)
            self.look_around()
            self.count(a, "arrivals")
            self.write("arrivals", a, kind=kind, federal=federal, status=a.status)
            if federal:
                self.federal_release(a, federal)

    def comes_with_beliefs(self, a: Person) -> None:
        """Give somebody new the beliefs that such people come with (ODD 5)."""
        p, town = self.p, self.towns[a.town]
        stops = p.stop_rate / 52
        reports = town["expected"] / sum(b.town == a.town for b in self.people)
        a.lasting, a.lately, a.bad = shape.lasting(p, self.seed, a), 0.0, 0.0
        a.calm = shape.usual_calm(p, stops + reports, a.household)

    def legalizations(self) -> None:
        p, bound = self.p, enforcement.LEGAL_BOUND
        if self.levers[0].legalization_uptake <= 0:
            return
        for a in self.candidates(luck.LEGAL_CANDIDATE, bound):
            if not self.at_large(a):
                continue
            willing = float(luck.uniform(self.seed, 0, luck.LEGAL_WILLING, a.first))
            hazard = enforcement.legal_hazard(
                p, self.levers[a.town], a.record, self.years(a), willing
            )
            if self.u(luck.LEGAL, a.number) * bound >= hazard:
                continue
            self.count(a, "legalized")
            self.write("legalizations", a, years=self.years(a))
            a.status = codes.REGISTERED
            self.look_around()

    def end(self) -> None:
        p = self.p
        for a in self.people:
            weeks = shape.weeks_asked(a.ethnicity)
            if a.custody != codes.REMOVED and a.number % weeks == self.week % weeks:
                self.count(a, "surveyed", weeks)
                self.count(a, "trust", weeks * self.trust_of(a))
                self.count(a, "risk", weeks * self.risk_of(a))
        for group in self.groups.values():
            group |= {"own": 0, "housed": [0] * (TIES + 1), "tied": [0] * (TIES + 1)}
        for a in self.people:
            if a.custody != codes.REMOVED:
                group = self.groups[a.town, a.now]
                if a.concern == codes.SELF:
                    group["own"] += 1
                else:
                    group["housed" if a.concern == codes.HOUSEHOLD else "tied"][a.tied] += 1
        self.counts = self.counted_cells()
        self.town_tally = []
        for k, town in enumerate(self.towns):
            away = town["week_away_hours"]
            town["case_hours"] += (town["week_case_hours"] - town["case_hours"]) / p.workload_weeks
            town["away_hours"] += (away - town["away_hours"]) / p.workload_weeks
            town["cleared"] = crime.learned(
                *(p, town["cleared"], town["week_reported"]),
                *(town["week_cleared"] / CHANCE, town["expected"]),
            )
            trained = town["hours"] * self.levers[k].deputized_share * p.deputized_time
            self.town_tally.append(
                {
                    "police_hours": town["hours"],
                    "immigration_hours": away + trained,
                }
            )
        for cell in self.learned.values():
            cell["reports"] = crime.learned(
                *(p, cell["reports"], cell["crimes"], cell["reported"] / CHANCE),
                cell["expected"],
            )
            cell["crimes"] = cell["reported"] = 0

    def counted_cells(self) -> dict[tuple[int, int, int], dict[str, float]]:
        """Return how many are where, by town and groups then and now, and write them down."""
        counts: dict[tuple[int, int, int], dict[str, float]] = {}
        for a in self.people:
            cell = counts.setdefault((a.town, a.then, a.now), defaultdict(float))
            if a.custody == codes.REMOVED:
                cell["removed"] += 1
                continue
            cell["persons"] += 1
            cell["households"] += 1 / a.household
            cell["undocumented"] += a.status == codes.UNDOCUMENTED
            cell["exposed"] += self.week - a.exposed < 52
            cell["jail"] += a.custody in (codes.JAIL, codes.JAIL_HOLD)
            cell["ice"] += a.custody == codes.ICE
            cell["prison"] += a.custody in (codes.PRISON, codes.PRISON_HOLD)
        for (town, then, now), cell in counts.items():
            for name, many in cell.items():
                self.tally[town, then, now, name] = many
        for (town, then, now), cell in counts.items():
            self.tally[town, then, now, "expected_exposed"] = cell["exposed"]
        for (town, now), group in self.groups.items():
            self.tally[town, now, now, "expected_exposed"] += group["spared"]
        for (town, now, name), many in self.base.items():
            self.tally[town, now, now, f"base_{name}"] = many
        return counts
