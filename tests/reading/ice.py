"""ODD 7.7: requests, custody, removals, arrests at large; and releases from federal prison."""

from __future__ import annotations

from reading.people import Person
from reading.police import Police

from trustabm.rules import codes, crime, enforcement, luck


class Ice(Police):
    """What ICE does."""

    def requests(self) -> None:
        p, names = self.p, ("none", "misdemeanor", "felony", "violent")
        booked = self.rows["bookings"]
        first = int(self.u(luck.FIRST_REVIEWED, 0) * len(booked))
        for row in booked:
            row["reached"] = False
        for record in (3, 2, 1, 0):
            for row in booked[first:] + booked[:first]:
                a, source = self.people[row["resident"]], row["source"]
                i, law = a.number, self.levers[a.town]
                ours = a.custody in (codes.FREE, codes.JAIL, codes.PRISON)
                if not row["matched"] or row["record"] != record or not ours:
                    continue
                agents = self.s.agents
                who = int(self.u(luck.REVIEWER, i) * len(agents))
                chance = enforcement.applied_priority(
                    law.priority[record], agents["discretion"][who]
                )
                row["reached"] = self.hours > 0
                told = source in (codes.FROM_VICTIM, codes.FROM_WITNESS)
                if row["reached"]:
                    taken = enforcement.taken_chance(p, law, record)
                    taken = enforcement.follow_chance(p, True) if told else taken
                    self.expect_handed(a, chance * taken, source)
                if self.u(luck.PRIORITY, i, source) >= chance or not row["reached"]:
                    continue
                self.hours -= p.request_hours
                kind = self.u(luck.REQUEST_KIND, i, source) < law.notification_share
                notification = told or kind
                draws = [
                    self.u(purpose, i, source)
                    for purpose in (luck.WARRANT_DEMANDED, luck.WARRANT_HELD, luck.HONORED)
                ]
                honored = told or enforcement.jail_honors(p, law, record, *draws)
                warrant = enforcement.warrant_shown(p, law, record, *draws[:2])
                follows = enforcement.follow_chance(p, notification)
                followed = honored and self.u(luck.CUSTODY_FOLLOWS, i, source) < follows
                self.hours -= p.custody_hours if followed else 0.0
                hours = 0.0
                if honored:
                    hours = enforcement.hold_hours(p, notification, warrant, followed)
                self.write(
                    *("requests", a),
                    agent=who,
                    record=record,
                    source=source,
                    notification=notification,
                    warrant=warrant,
                    honored=honored,
                    followed=followed,
                    hold_hours=hours,
                )
                self.expect_handed(a, -1.0 * followed, source)
                self.count(a, "notifications" if notification else "detainers")
                self.count(a, f"requests_{names[record]}")
                if not honored:
                    self.count(a, "declined")
                    a.wanted = 1
                    continue
                self.count(a, "honored")
                self.count(a, "hold_hours", hours)
                self.count(a, "jail_days", hours / 24)
                self.towns[a.town]["week_away_hours"] += p.hold_hours
                if followed and a.custody == codes.FREE:
                    self.take(a, source, record, None)
                elif followed:
                    hold = codes.JAIL_HOLD if a.custody == codes.JAIL else codes.PRISON_HOLD
                    self.put(a, hold, a.until, source)

    def expect_handed(self, a: Person, many: float, source: int) -> None:
        """Count people handed over more; who is in prison is not removed for now."""
        if crime.removable(a.status, a.record) and a.custody != codes.PRISON:
            self.expect_taken(a, many, a.record, source)

    def take(self, a: Person, source: int, record: int, met: Person | None) -> None:
        if source in (codes.FROM_AT_LARGE, codes.FROM_COLLATERAL):
            self.count(a, "at_large" if source == codes.FROM_AT_LARGE else "collateral")
        elif source != codes.FROM_PRISON:
            self.count(a, "transfers")
            self.count(a, "expected_transfers")
        self.write(
            *("transfers", a),
            source=source,
            record=record,
            met_with=met.number if met else -1,
            met_with_generation=met.generation if met else -1,
        )
        stay = 1 + luck.geometric(self.u(luck.ICE_WEEKS, a.number), self.p.custody_weeks - 1.0)
        a.wanted = 0
        self.put(a, codes.ICE, self.week + stay, source)

    def releases(self) -> None:
        for i in list(self.inside):
            a = self.people[i]
            if a.until > self.week:
                continue
            if a.custody == codes.ICE:
                self.leave_ice(a)
            elif a.custody in (codes.JAIL_HOLD, codes.PRISON_HOLD):
                self.take(a, a.cause, a.record, None)
            else:
                self.put(a, codes.FREE, 0, 0)
        out = (codes.FREE, codes.REMOVED)
        self.inside = [i for i in self.inside if self.people[i].custody not in out]

    def leave_ice(self, a: Person) -> None:
        removable = crime.removable(a.status, a.record)
        chance = self.p.removal_given_custody
        if removable:
            self.expect_removed(a, chance, a.record, a.cause)
        removed = removable and self.u(luck.REMOVED, a.number) < chance
        lost = 0
        if removed:
            home = (b for _, b, home in self.close(a) if home and b.custody != codes.REMOVED)
            lost = sum(b.status in (codes.US_BORN, codes.NATURALIZED) for b in home)
        years = self.years(a)
        row = self.write("departures", a, years=years, removed=removed, source=a.cause)
        row |= {"record": a.record, "separated": lost}
        if not removed:
            self.put(a, codes.FREE, 0, 0)
            return
        record = {codes.RECORD_NONE: "none", codes.RECORD_VIOLENT: "violent"}
        record_ = record.get(a.record, "other")
        self.count(a, "removals")
        self.count(a, f"removals_{record_}")
        if a.cause not in (codes.FROM_PRISON, codes.FROM_AT_LARGE, codes.FROM_COLLATERAL):
            self.count(a, "local_removals")
            self.count(a, f"local_removals_{record_}")
        stayed = "under_5" if years < 5 else "5_14" if years < 15 else "15_plus"
        self.count(a, f"removals_{stayed}")
        if years >= 15 and a.record == codes.RECORD_NONE:
            self.count(a, "removals_15_plus_none")
        self.count(a, "separated", lost)
        self.put(a, codes.REMOVED, 0, a.cause)
        self.look_around()

    def seeks(self, a: Person, who: int) -> float:
        """Return how much an agent seeks somebody, in the hours that the agent has."""
        agents, priority = self.s.agents, self.levers[a.town].priority[a.record]
        chance = enforcement.applied_priority(priority, agents["discretion"][who])
        return float(
            agents["hours"][who] * enforcement.target_weight(self.p, chance, bool(a.wanted))
        )

    def sought(self, town: int | None = None) -> float:
        """Return how much those at large in a town, or anywhere, are sought; agents averaged."""
        many = len(self.s.agents)
        here = [a for a in self.people if self.at_large(a) and town in (None, a.town)]
        return sum(self.seeks(a, k) for a in here for k in range(many)) / many

    def raid_chances(self, town: int) -> list[float]:
        """Return the chance to be arrested in this week's raids, by record."""
        law = self.levers[town]
        sought = [
            law.priority[a.record] for a in self.people if self.at_large(a) and a.town == town
        ]
        mean = sum(sought) / max(1, len(sought))
        return [min(0.1, law.raids / 1000 * x / mean) if mean else 0.0 for x in law.priority]

    def seen(self, town: int) -> float:
        """Return the arrests at large to be expected in a town, by 1,000 at large there."""
        here = [a for a in self.people if self.at_large(a) and a.town == town]
        if not here:
            return 0.0
        chances = self.raid_chances(town)
        arrests = sum(chances[a.record] for a in here)
        all_sought = self.sought()
        if all_sought > 0:
            arrests += self.operations * self.sought(town) / all_sought
        with_others = 1 + self.levers[town].collateral * self.p.collateral_met
        return 1000 * arrests * with_others / len(here)

    def raids(self) -> None:
        weights, bound = self.sought(), enforcement.AT_LARGE_BOUND
        if self.operations > 0 and weights > 0:
            for a in self.candidates(luck.AT_LARGE_CANDIDATE, bound):
                if not self.at_large(a):
                    continue
                who = int(self.u(luck.SEEKER, a.number) * len(self.s.agents))
                hazard = self.operations * self.seeks(a, who) / weights
                sought = min(1, hazard / bound)
                self.expect_taken(a, sought, a.record, codes.FROM_AT_LARGE)
                if self.u(luck.AT_LARGE, a.number) * bound < hazard:
                    self.meet(a)
        for a in self.candidates(luck.RAID_CANDIDATE, 0.1):
            chance = self.raid_chances(a.town)[a.record]
            if self.at_large(a):
                self.expect_taken(a, min(1, chance / 0.1), a.record, codes.FROM_AT_LARGE)
            if self.at_large(a) and self.u(luck.RAID, a.number) * 0.1 < chance:
                self.meet(a)

    def meet(self, a: Person) -> None:
        """Arrest somebody at large, and some of the undocumented people close to them."""
        self.expect_taken(a, -1.0, a.record, codes.FROM_AT_LARGE)
        self.take(a, codes.FROM_AT_LARGE, a.record, None)
        close = self.close(a)
        near = sum(self.at_large(b) for _, b, _ in close)
        chance = enforcement.collateral_chance(self.p, self.levers[a.town], near)
        for n, b, _ in close:
            if not self.at_large(b):
                continue
            is_met = self.u(luck.COLLATERAL, b.number, n) < chance
            self.expect_taken(b, chance - is_met, b.record, codes.FROM_COLLATERAL)
            if is_met:
                self.take(b, codes.FROM_COLLATERAL, b.record, a)

    def federal_release(self, a: Person, federal: int) -> None:
        i, p, law, source = a.number, self.p, self.levers[a.town], codes.FROM_PRISON
        self.count(a, "federal_releases")
        wanted = self.u(luck.PRIORITY, i, source) < law.priority[a.record]
        wanted = wanted and self.hours > -self.most_hours
        likely = law.priority[a.record] if self.hours > -self.most_hours else 0.0
        self.hours -= p.request_hours if wanted else 0.0
        if federal == 1:
            self.expect_taken(a, likely - wanted, a.record, source)
            if wanted:
                self.hours -= p.custody_hours
                self.take(a, source, a.record, None)
            else:
                self.rows["arrivals"][-1]["federal"] = 3
            return
        draws = [
            self.u(purpose, i, source)
            for purpose in (luck.WARRANT_DEMANDED, luck.WARRANT_HELD, luck.HONORED)
        ]
        honored = wanted and enforcement.jail_honors(p, law, a.record, *draws)
        likely *= enforcement.honors_chance(p, law, a.record)
        self.expect_taken(a, likely - honored, a.record, source)
        self.hours -= p.custody_hours if honored else 0.0
        weeks = 1 + luck.geometric(self.u(luck.LOCAL_JAIL_WEEKS, i), p.jail_felony)
        self.count(a, "jail_days", 7 * weeks)
        self.count(a, "priority_releases", wanted and not honored)
        hold = codes.JAIL_HOLD if honored else codes.JAIL
        self.put(a, hold, self.week + weeks, source)
