"""A week read a second time: the ODD's section 7 in plain Python, a person at a time.

It shares rules and luck with the model (each has worked examples of its own) and nothing else: who
is concerned, who counts where and what a group believes on average is worked out anew from
everybody's row, where the model keeps running counts. From a world before a week it says what the
world is after it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from reading import shape
from reading.ice import Ice
from reading.people import Counts, Person, clip

from trustabm.rules import (
    beliefs,
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
            risk = enforcement.rules_risk(p, law)
            if self.news[k] and risk != town["news_risk"]:
                town["salience"] = 1.0
            town["news_risk"] = risk
            town |= dict.fromkeys(("week_case_hours", "week_away_hours"), 0.0)
            town |= dict.fromkeys(("week_reported", "week_cleared"), 0)
        all_hours = sum(self.s.agents["hours"].tolist()) * self.levers[0].ice_capacity
        law = self.levers[0]
        week = all_hours * (1 - law.at_large_share) * p.jail_hours
        self.most_hours = max(p.ice_bank_weeks * week, 3 * p.custody_hours if week > 0 else 0.0)
        self.hours = min(self.hours + week, self.most_hours)
        each = p.at_large_hours + law.collateral * p.collateral_met * p.custody_hours
        self.operations = all_hours * law.at_large_share / each

    def hears(self, a: Person, trust: tuple[float, float], risk: tuple[float, float]) -> None:
        """Move beliefs toward the first by the second, if anybody is there to hear."""
        if a.custody != codes.REMOVED:
            self.believes(
                a,
                beliefs.moved(self.trust_of(a), *trust),
                beliefs.moved(self.risk_of(a), *risk),
            )

    def tells(self, a: Person, trust: tuple[float, float], risk: tuple[float, float]) -> None:
        if self.p.stories:
            for _, b, home in self.close(a):
                w = self.p.tell_household if home else self.p.tell_tie
                self.hears(b, (trust[0], w * trust[1]), (risk[0], w * risk[1]))

    def hears_of_loss(self, a: Person, told: float, police: float | None) -> None:
        if a.custody == codes.REMOVED:
            return
        a.exposed = self.week
        if self.p.stories:
            share = police
            if share is None:
                share = self.p.raid_attribution + (1 - self.p.raid_attribution) * self.risk_of(a)
            p = self.p
            self.hears(
                a, (0.0, told * share * p.handover_trust), (1.0, told * share * p.handover_risk)
            )

    def stories(self) -> None:
        p = self.p
        for row in self.rows["stops"]:
            a = self.people[row["resident"]]
            trust = (0.0, p.contact_gain * p.negativity) if row["bad"] else (1.0, p.contact_gain)
            risk = (0.0, 0.0 if row["outcome"] == codes.STOP_ARREST else p.calm_gain)
            risk = (1.0, p.asked_risk) if row["asked"] else risk
            self.hears(a, trust, risk)
            self.tells(a, trust, risk)
        for row in self.rows["crimes"]:
            if not row["reported"]:
                continue
            a = self.people[row["victim"]]
            lost = (0.0, p.unsolved_loss * p.negativity)
            trust = (1.0, p.solved_gain) if row["cleared"] else lost
            risk = (1.0, p.asked_risk) if row["asked"] else (0.0, p.calm_gain)
            self.hears(a, trust, risk)
            self.tells(a, trust, risk)
            if row["witness_asked"]:
                self.hears(self.people[row["witness"]], (1.0, 0.0), (1.0, p.asked_risk))
        for row in self.rows["transfers"]:
            a, source = self.people[row["resident"]], row["source"]
            if source == codes.FROM_PRISON:
                continue
            at_large = source in (codes.FROM_AT_LARGE, codes.FROM_COLLATERAL)
            police = None if at_large else 1.0
            for _, b, home in self.close(a):
                self.hears_of_loss(b, p.tell_household if home else p.tell_tie, police)
            for n in range(int(p.acquaintances)):
                b = self.acquaintance(a, n)
                if b is not a:
                    self.hears_of_loss(b, p.tell_acquaintance, police)
        for row in self.rows["departures"]:
            a = self.people[row["resident"]]
            if not row["removed"]:
                self.tells(a, (1.0, 0.0), (0.0, p.calm_gain))
            elif row["source"] < codes.FROM_PRISON:
                for _, b, home in self.close(a):
                    told = p.tell_household if home else p.tell_tie
                    self.hears_of_loss(b, told, p.removal_story)

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
                a.record = demography.first_record(p, u)
                if federal:
                    violent = u < p.federal_violent
                    a.record = codes.RECORD_VIOLENT if violent else codes.RECORD_FELONY
            a.concern, a.tied = self.concern(a)
            a.then = a.now = self.group(a)
            group = self.groups[a.town, a.now]
            others = [
                b
                for b in self.people
                if b is not a and b.custody != codes.REMOVED and (b.town, b.now) == (a.town, a.now)
            ]
            trust, risk = group["trust"], group["risk"]
            if others:
                trust += self.off[a.town, a.now][0] / len(others)
                risk += self.off[a.town, a.now][1] / len(others)
            trust += p.trust_spread * luck.normal(self.seed, self.week, luck.NEW_TRUST, i)
            risk += p.risk_spread * luck.normal(self.seed, self.week, luck.NEW_RISK, i)
            self.believes(a, clip(trust), clip(risk))
            self.look_around()
            self.count(a, "arrivals")
            self.write("arrivals", a, kind=kind, federal=federal, status=a.status)
            if federal:
                self.federal_release(a, federal)

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
        p, keep = self.p, 1.0 - self.p.forgetting
        members: dict[tuple[int, int], list[Person]] = defaultdict(list)
        for a in self.people:
            if a.custody != codes.REMOVED:
                members[a.town, a.now].append(a)
        means = {}
        for (town, now), group in self.groups.items():
            here = members[town, now]
            group |= self.stakes(here)
            means[town, now] = tuple(
                clip(group[name] + sum(getattr(a, name) for a in here) / max(1, len(here)))
                if here
                else group[name]
                for name in ("trust", "risk")
            )
        self.counts = self.counted_cells()
        for (town, now), group in self.groups.items():
            place, law = self.towns[town], self.levers[town]
            trust, risk = means[town, now]
            own = group["stake"] / max(1, len(members[town, now]))
            kin = [k for k in self.groups if k[0] == town and shape.kin(k[1], now)]
            many = sum(len(members[k]) for k in kin)
            ethnic = sum(self.groups[k]["stake"] for k in kin) / max(1, many)
            rest = group["rest"] + p.outreach_gain * law.outreach * (1 - group["rest"])
            weight = beliefs.news_weight(p, law.publicity, place["salience"], ethnic)
            felt = beliefs.felt(p, own, ethnic)
            told = beliefs.trust_in_news(p, rest, place["news_risk"], felt)
            to_trust = beliefs.drawn(trust, told, weight, rest, p.prior_pull)
            to_risk = beliefs.drawn(risk, place["news_risk"], weight, p.prior_risk, p.prior_pull)
            group["trust"] += p.forgetting * (to_trust - group["trust"])
            group["risk"] += p.forgetting * (to_risk - group["risk"])
        for a in self.people:
            a.trust *= keep
            a.risk *= keep
        self.town_tally = []
        for k, town in enumerate(self.towns):
            away = town["week_away_hours"]
            town["case_hours"] += (town["week_case_hours"] - town["case_hours"]) / p.workload_weeks
            town["away_hours"] += (away - town["away_hours"]) / p.workload_weeks
            town["cleared"] = crime.learned(
                *(p, town["cleared"], town["week_reported"]),
                *(town["week_cleared"] / CHANCE, town["expected"]),
            )
            town["salience"] = beliefs.faded(p, town["salience"])
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

    def stakes(self, here: list[Person]) -> dict[str, Any]:
        """Return how many of a group have whom at stake, and their stakes added up."""
        own, housed, tied, stake = 0, [0] * (TIES + 1), [0] * (TIES + 1), 0.0
        for a in here:
            if a.concern == codes.SELF:
                own, stake = own + 1, stake + 1.0
                continue
            home = a.concern == codes.HOUSEHOLD
            (housed if home else tied)[a.tied] += 1
            stake += reporting.stake_in_others(self.p, home, a.tied)
        return {"own": own, "housed": housed, "tied": tied, "stake": stake}

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
            cell["trust_off"] += a.trust
            cell["risk_off"] += a.risk
        for (town, then, now), cell in counts.items():
            group = self.groups[town, now]
            for name, many in cell.items():
                if not name.endswith("_off"):
                    self.tally[town, then, now, name] = many
            for name in ("trust", "risk"):
                if cell["persons"]:
                    mean = clip(group[name] + cell[f"{name}_off"] / cell["persons"])
                    self.tally[town, then, now, name] = mean * cell["persons"]
        for (town, now, name), many in self.base.items():
            self.tally[town, now, now, f"base_{name}"] = many
        return counts
