"""A week read a second time: the ODD's section 7 in plain Python, a person at a time.

It shares rules and luck with the model (each has worked examples of its own) and nothing else: who
is concerned, who counts where and what a group believes on average is worked out anew from
everybody's row, where the model keeps running counts. From a world before a week it says what the
world is after it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shape

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


Counts = dict[tuple[int, int, str], float]


@dataclass
class Person:
    """A resident's row, in plain numbers."""

    number: int
    town: int
    then: int
    now: int
    ethnicity: int
    trust: float  # deviation from the group's running mean, this week
    risk: float
    offending: float
    arrived: int
    exposed: int
    until: int
    neighborhood: int
    generation: int
    status: int
    record: int
    custody: int
    cause: int
    concern: int
    wanted: int
    first: int  # of the household
    household: int
    tied: int


def clip(x: float) -> float:
    return min(1.0, max(0.0, x))


class Reading:
    """What a week makes of a world.

    Args:
        world: Before the week; only read.
        base: How many there were when the arms parted, by town, group and name; there are now,
            if not given.
    """

    def __init__(self, world: World, base: Counts | None = None) -> None:
        s = self.s = type(world.state)(*(a.copy() for a in world.state))
        self.p: Any = world.p
        self.seed, self.week = world.seed, world.week
        at = max(k for k, week in enumerate(world.plan.weeks) if week <= self.week or k == 0)
        self.levers = world.plan.levers[at]
        new = world.plan.weeks[at] == self.week
        self.news = [bool(n) and bool(new) for n in world.plan.news[at]]
        self.learned = shape.learned(s)
        self.towns = [{n: t[n].item() for n in s.towns.dtype.names} for t in s.towns]
        self.places = [{n: b[n].item() for n in b.dtype.names} for b in s.neighborhoods]
        self.groups = shape.groups(s)
        self.people = [self._person(i) for i in range(len(s.residents))]
        # Deviations added up; what this week changes in them counts from the next one on.
        self.off: dict[tuple[int, int], tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        for a in self.people:
            trust, risk = self.off[a.town, a.now]
            self.off[a.town, a.now] = trust + a.trust, risk + a.risk
        self.base = self.counted_now() if base is None else base
        self.hours = float(s.clock["ice_hours"][0])
        self.inside = s.in_custody[: int(s.clock["in_custody"][0])].tolist()
        self.tally: dict[tuple[int, int, int, str], float] = defaultdict(float)
        self.rows: dict[str, list[dict[str, float]]] = defaultdict(list)
        self.carry_out()

    def _person(self, i: int) -> Person:
        r = self.s.residents[i]
        age = self.week - int(r["touched"])
        left = (1.0 - self.p.forgetting) ** min(age, 8191)
        plain = {
            name: r[name].item()
            for name in (
                *("offending", "arrived", "exposed", "until", "neighborhood", "generation"),
                *("status", "record", "custody", "cause", "concern", "wanted", "household", "tied"),
            )
        }
        return Person(
            number=i,
            **shape.place(self.s, i),
            trust=float(r["trust"]) * left,
            risk=float(r["risk"]) * left,
            first=i - int(r["member"]),
            **plain,
        )

    # What is looked up

    def u(self, purpose: int, who: int, index: int = 0) -> float:
        return float(luck.uniform(self.seed, self.week, purpose, who, index))

    def close(self, a: Person) -> list[tuple[int, Person, bool]]:
        """Return who is close: in which order, who, and whether of the household."""
        found = [(k, a.first + k, True) for k in range(a.household)]
        found += [(a.household + k, int(j), False) for k, j in enumerate(self.s.ties[a.number])]
        return [(n, self.people[j], home) for n, j, home in found if j >= 0 and j != a.number]

    def trust_of(self, a: Person) -> float:
        return clip(self.groups[a.town, a.now]["trust"] + a.trust)

    def risk_of(self, a: Person) -> float:
        return clip(self.groups[a.town, a.now]["risk"] + a.risk)

    def believes(self, a: Person, trust: float, risk: float) -> None:
        group = self.groups[a.town, a.now]
        a.trust = float(np.float32(trust - group["trust"]))
        a.risk = float(np.float32(risk - group["risk"]))

    def rewritten(self, a: Person) -> None:
        """Write a belief down anew, as whenever a row changes: within 0..1, or nothing."""
        if a.custody == codes.REMOVED:
            a.trust = a.risk = 0.0
        else:
            self.believes(a, self.trust_of(a), self.risk_of(a))

    def count(self, a: Person, name: str, many: float = 1.0) -> None:
        self.tally[a.town, a.then, a.now, name] += many

    def at_large(self, a: Person) -> bool:
        return a.status == codes.UNDOCUMENTED and a.custody == codes.FREE

    def candidates(self, purpose: int, bound: float) -> list[Person]:
        found = np.empty(luck.BLOCK, np.int64)
        many: list[int] = []
        for block in range(-(-len(self.people) // luck.BLOCK)):
            n = luck.candidates(
                self.seed, self.week, purpose, block, len(self.people), bound, found
            )
            many += found[:n].tolist()
        return [self.people[i] for i in many]

    def concern(self, a: Person) -> tuple[int, int]:
        close = [
            home
            for _, b, home in self.close(a)
            if b.status == codes.UNDOCUMENTED and b.custody != codes.REMOVED
        ]
        tied = close.count(False)
        if a.status == codes.UNDOCUMENTED:
            return codes.SELF, tied
        if True in close:
            return codes.HOUSEHOLD, tied
        return codes.TIE if tied else codes.NOBODY, tied

    def group(self, a: Person) -> int:
        return shape.group_of(a.ethnicity, a.status, a.concern)

    def look_around(self) -> None:
        """Let everybody see who close to them is undocumented, and count in their group."""
        for a in self.people:
            seen = self.concern(a)
            if a.custody != codes.REMOVED and seen != (a.concern, a.tied):
                trust, risk = self.trust_of(a), self.risk_of(a)
                a.concern, a.tied = seen
                a.now = self.group(a)
                self.believes(a, trust, risk)

    # What happens

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
        week = all_hours * (1 - self.levers[0].at_large_share)
        self.hours = min(self.hours + week, p.ice_bank_weeks * week)
        self.operations = all_hours * self.levers[0].at_large_share / p.at_large_hours

    def stops(self) -> None:
        p = self.p
        for a in self.candidates(luck.STOP_CANDIDATE, contact.STOP_BOUND):
            i, place, law = a.number, self.places[a.neighborhood], self.levers[a.town]
            who = place["officer"] + int(self.u(luck.STOP, i, 1) * place["officers"])
            officer = self.s.officers[who]
            trained = contact.trained(law, officer["school"])
            hazard = contact.stop_hazard(
                *(p, law, place["patrol"], self.towns[a.town]["patrols"], a.offending),
                *(shape.weight(self.s, a.ethnicity, "stops"), officer["bias"], trained),
            )
            if a.custody != codes.FREE or self.u(luck.STOP, i) >= hazard / contact.STOP_BOUND:
                continue
            badly = contact.badly_chance(
                p, officer["justice"], trained, shape.weight(self.s, a.ethnicity, "badly")
            )
            asks = contact.asked_at_stop(p, law, shape.weight(self.s, a.ethnicity, "asked"))
            holds = contact.arrested_for_status(p, law, contact.deputized(law, officer["rank"]))
            bad, asked = self.u(luck.STOP_GOES_BADLY, i) < badly, self.u(luck.STOP_ASKED, i) < asks
            lacking = asked and a.status == codes.UNDOCUMENTED
            known = lacking and self.u(luck.STOP_IDENTIFIED, i) < p.ask_identifies
            held = known and self.u(luck.STOP_HELD, i) < holds
            u = self.u(luck.STOP_ARREST, i)
            arrested = u < contact.stop_arrest_chance(p, law, a.offending, a.status)
            conduct = contact.conduct_chance(p, a.offending)
            outcome = codes.STOP_NOTHING
            if held or arrested:
                outcome = codes.STOP_ARREST
            elif self.u(luck.STOP_CITATION, i) < p.citation_share:
                outcome = codes.STOP_CITATION
            charge = policing.stop_charge(p, arrested, conduct, u, self.u(luck.STOP_CHARGE, i))
            self.write("stops", a, officer=who, bad=bad, asked=asked, identified=held)
            self.rows["stops"][-1] |= {"outcome": outcome, "charge": charge}
            self.count(a, "stops")
            self.count(a, "bad_stops", bad)
            self.count(a, "asked", asked)
            self.count(a, "citations", outcome == codes.STOP_CITATION)

    def write(self, table: str, a: Person, **values: float) -> dict[str, float]:
        row = {"week": self.week, "resident": a.number, "generation": a.generation, **values}
        self.rows[table].append(row)
        return row

    def crimes(self) -> None:
        p = self.p
        for a in self.candidates(luck.CRIME_CANDIDATE, crime.CRIME_BOUND):
            i, town = a.number, self.towns[a.town]
            if not a.offending or not crime.at_liberty(p, a.custody):
                continue
            removable = crime.removable(a.status, a.record)
            hazard = crime.offence_hazard(p, town["crime"], a.offending, removable, self.risk_of(a))
            if self.u(luck.CRIME, i) * crime.CRIME_BOUND >= hazard * crime.ACT_BOUND:
                continue
            u = self.u(luck.CRIME, i, 1)
            kind = codes.PROPERTY
            if u < town["violent"] + town["domestic"]:
                kind = codes.VIOLENT if u < town["violent"] else codes.DOMESTIC
            victim = self.met(a, kind)
            if victim is None:
                continue
            act = crime.target_chance(
                *(p, self.learned[victim.neighborhood, victim.ethnicity]["reports"]),
                *(town["cleared"], town["reports"], town["clears"]),
            )
            if self.u(luck.CRIME_TARGET, i) * crime.ACT_BOUND >= act:
                continue
            self.write(
                *("crimes", a),
                victim=victim.number,
                victim_generation=victim.generation,
                witness=-1,
                witness_generation=-1,
                neighborhood=victim.neighborhood,
                kind=kind,
                **dict.fromkeys(("reported", "came", "cleared", "charge", "asked"), 0),
                **dict.fromkeys(("witness_asked", "chance", "clears"), 0),
            )

    def met(self, a: Person, kind: int) -> Person | None:
        u = self.u(luck.CRIME_VICTIM, a.number)
        if kind == codes.DOMESTIC:
            others = [j for j in range(a.first, a.first + a.household) if j != a.number]
            if not others:
                return None
            met = self.people[others[int(u * len(others))]]
        else:
            place, far = self.places[a.neighborhood], self.u(luck.CRIME_PLACE, a.number)
            if far >= self.p.near_crime:
                pick = (far - self.p.near_crime) / (1 - self.p.near_crime)
                places = range(self.towns[a.town]["first"], self.towns[a.town]["last"])
                place = self.places[places[int(pick * len(places))]]
            met = self.people[
                range(place["start"], place["end"])[int(u * (place["end"] - place["start"]))]
            ]
        return met if met is not a and met.custody == codes.FREE else None

    def feared(self, a: Person, asks: float) -> float:
        return reporting.fear(
            *(self.p, self.levers[a.town], self.risk_of(a)),
            reporting.stake(self.p, a.concern, a.tied, a.status),
            *(reporting.sensitivity(self.p, self.seed, a.number, a.generation), asks),
        )

    def asked(self, a: Person, asks: float, by: int, purposes: tuple[int, int, int]) -> int:
        if self.u(purposes[0], by) >= asks:
            return 0
        known = a.status == codes.UNDOCUMENTED and self.u(purposes[1], by) < self.p.ask_identifies
        if not known:
            return 1
        return 3 if self.u(purposes[2], by) < self.p.ask_hand_over else 2

    def reports(self) -> None:
        p = self.p
        for row in self.rows["crimes"]:
            a, by = self.people[row["victim"]], row["resident"]
            law, kind = self.levers[a.town], row["kind"]
            rest = self.groups[a.town, a.now]["rest"]
            feared = self.feared(a, law.ask_victims)
            chance = reporting.report_chance(p, law, kind, self.trust_of(a), rest, feared, a.status)
            subject = shape.weight(self.s, a.ethnicity, "experimental")
            chance = reporting.with_experimental_factor(p, chance, subject)
            row["chance"] = float(np.float32(chance))
            row["reported"] = self.u(luck.REPORT, by) < chance
            if not row["reported"]:
                continue
            purposes = luck.VICTIM_ASKED, luck.VICTIM_IDENTIFIED, luck.VICTIM_PASSED_ON
            row["asked"] = self.asked(a, law.ask_victims, by, purposes)
            if self.u(luck.WITNESS_THERE, by) >= reporting.witness_there(p, kind):
                continue
            place = self.places[row["neighborhood"]]
            people = range(place["start"], place["end"])
            b = self.people[people[int(self.u(luck.WITNESS_WHO, by) * len(people))]]
            if b.number in (a.number, by) or b.custody != codes.FREE:
                continue
            row["witness"], row["witness_generation"] = b.number, b.generation
            chance = reporting.come_forward_chance(
                *(p, self.trust_of(b), self.groups[b.town, b.now]["rest"]),
                self.feared(b, law.ask_witnesses),
            )
            row["came"] = self.u(luck.WITNESS_COMES, by) < chance
            if row["came"]:
                purposes = luck.WITNESS_ASKED, luck.WITNESS_IDENTIFIED, luck.WITNESS_PASSED_ON
                row["witness_asked"] = self.asked(b, law.ask_witnesses, by, purposes)

    def cases(self) -> None:
        p = self.p
        name = {codes.VIOLENT: "violent", codes.PROPERTY: "property", codes.DOMESTIC: "domestic"}
        for row in self.rows["crimes"]:
            a, kind = self.people[row["victim"]], row["kind"]
            town = self.towns[a.town]
            if row["reported"]:
                workload = town["case_hours"] / town["usual_hours"]
                chance = policing.clearance_chance(p, kind, town["free"], workload, row["came"])
                row["clears"] = float(np.float32(chance))
                row["cleared"] = self.u(luck.CLEARED, row["resident"]) < chance
                row["charge"] = policing.charge(p, kind, self.u(luck.CASE_CHARGE, row["resident"]))
            learned = self.learned[row["neighborhood"], a.ethnicity]
            learned["crimes"] += 1
            usual = reporting.usual_reporting(p, kind)
            learned["reported"] += int(row["chance"] / usual * town["reports"] * CHANCE)
            self.count(a, name[kind])
            if not row["reported"]:
                continue
            self.count(a, f"reported_{name[kind]}")
            usual = policing.usual_clearance(p, kind)
            town["week_reported"] += 1
            town["week_cleared"] += int(row["clears"] / usual * town["clears"] * CHANCE)
            town["week_case_hours"] += policing.case_hours(p, kind)
            by = "property" if kind == codes.PROPERTY else "violent"
            self.count(a, f"cleared_{by}", row["cleared"])
            if row["witness"] >= 0:
                b = self.people[row["witness"]]
                self.count(b, "witnesses")
                self.count(b, "witnesses_came", row["came"])

    def bookings(self) -> None:
        for row in self.rows["stops"]:
            if row["outcome"] == codes.STOP_ARREST:
                a = self.people[row["resident"]]
                self.book(a, row["charge"], codes.FROM_STOP, row["identified"])
        for row in self.rows["crimes"]:
            if row["cleared"]:
                self.book(self.people[row["resident"]], row["charge"], codes.FROM_CASE, False)
            for who, asked, source in (
                ("victim", "asked", codes.FROM_VICTIM),
                ("witness", "witness_asked", codes.FROM_WITNESS),
            ):
                a = self.people[row[who]]
                if row[asked] == 3 and a.custody == codes.FREE:
                    self.write("bookings", a, record=a.record, source=source, matched=1)
                    self.rows["bookings"][-1] |= {"weeks": 0, "charge": codes.RECORD_NONE}
                    self.rows["bookings"][-1] |= {"convicted": 0, "prison": 0}
                    self.count(a, "matches")

    def book(self, a: Person, charge: int, source: int, known: bool) -> None:
        p, law = self.p, self.levers[a.town]
        if a.custody != codes.FREE:
            return

        def u(purpose: int) -> float:
            return self.u(purpose, a.number, source)

        felony = charge in (codes.RECORD_FELONY, codes.RECORD_VIOLENT)
        self.count(a, "arrests")
        self.count(a, "arrests_felony", felony)
        if crime.removable(a.status, a.record):
            prints = policing.fingerprints_match(p, law, u(luck.FINGERPRINTS), u(luck.IN_RECORDS))
            screened = policing.screening_finds(
                p, law, a.status, u(luck.SCREENED), u(luck.SCREEN_IDENTIFIED)
            )
            asked = policing.question_finds(p, law, u(luck.BOOKING_ASKED), u(luck.ARREST_ASKED))
            known = known or prints or screened or asked
        self.count(a, "matches", known)
        self.towns[a.town]["week_away_hours"] += law.jail_screening * p.screening_hours
        convicted = charge != codes.RECORD_NONE and u(luck.CONVICTED) < p.conviction
        prison = felony and convicted and u(luck.PRISON) < p.prison_share
        if prison:
            weeks = 1 + luck.geometric(u(luck.PRISON_WEEKS), p.prison_weeks)
        else:
            mean = p.jail_felony if felony else p.jail_minor
            weeks = luck.geometric(u(luck.JAIL_WEEKS), mean)
            self.count(a, "jail_days", 7 * weeks if weeks else p.booking_days)
        row = self.write("bookings", a, record=a.record, source=source, matched=known, weeks=weeks)
        row |= {"charge": charge, "convicted": convicted, "prison": prison}
        if convicted and charge > a.record:
            a.record = charge
            self.rewritten(a)
        if weeks:
            inside = codes.PRISON if prison else codes.JAIL
            self.put(a, inside, self.week + weeks, source)

    def put(self, a: Person, custody: int, until: int, cause: int) -> None:
        if a.custody == codes.FREE and custody not in (codes.FREE, codes.REMOVED):
            self.inside.append(a.number)
        if custody != codes.REMOVED:
            self.rewritten(a)
        a.custody, a.until, a.cause = custody, until, cause
        self.rewritten(a)

    def spend(self, hours: float) -> bool:
        if self.hours <= 0:
            return False
        self.hours -= hours
        return True

    def requests(self) -> None:
        p, names = self.p, ("none", "misdemeanor", "felony", "violent")
        for record in (3, 2, 1, 0):
            for row in self.rows["bookings"]:
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
                if self.u(luck.PRIORITY, i, source) >= chance or not self.spend(p.request_hours):
                    continue
                told = source in (codes.FROM_VICTIM, codes.FROM_WITNESS)
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
                followed = followed and self.spend(p.custody_hours)
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
                self.count(a, "notifications" if notification else "detainers")
                self.count(a, f"requests_{names[record]}")
                if not honored:
                    self.count(a, "declined")
                    if not a.wanted:
                        a.wanted = 1
                        self.rewritten(a)
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

    def take(self, a: Person, source: int, record: int, met: Person | None) -> None:
        if source in (codes.FROM_AT_LARGE, codes.FROM_COLLATERAL):
            self.count(a, "at_large" if source == codes.FROM_AT_LARGE else "collateral")
        elif source != codes.FROM_PRISON:
            self.count(a, "transfers")
        self.write(
            *("transfers", a),
            source=source,
            record=record,
            met_with=met.number if met else -1,
            met_with_generation=met.generation if met else -1,
        )
        stay = 1 + luck.geometric(self.u(luck.ICE_WEEKS, a.number), self.p.custody_weeks - 1.0)
        if a.wanted:
            a.wanted = 0
            self.rewritten(a)
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

    def years(self, a: Person) -> int:
        return (self.week - a.arrived) // 52

    def leave_ice(self, a: Person) -> None:
        removable = crime.removable(a.status, a.record)
        chance = self.p.removal_given_custody
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
        self.count(a, "separated", lost)
        self.put(a, codes.REMOVED, 0, a.cause)
        self.look_around()

    def raids(self) -> None:
        p = self.p

        def weight(a: Person) -> float:
            return enforcement.target_weight(p, self.levers[a.town], a.record, a.wanted)

        weights = sum(weight(a) for a in self.people if self.at_large(a))
        if self.operations <= 0 or weights <= 0:
            return
        bound = enforcement.AT_LARGE_BOUND
        for a in self.candidates(luck.AT_LARGE_CANDIDATE, bound):
            if not self.at_large(a):
                continue
            hazard = enforcement.at_large_hazard(self.operations, weight(a), weights)
            if self.u(luck.AT_LARGE, a.number) * bound >= hazard:
                continue
            self.take(a, codes.FROM_AT_LARGE, a.record, None)
            close = self.close(a)
            near = sum(self.at_large(b) for _, b, _ in close)
            chance = enforcement.collateral_chance(p, self.levers[a.town], near)
            for n, b, _ in close:
                if self.at_large(b) and self.u(luck.COLLATERAL, b.number, n) < chance:
                    self.take(b, codes.FROM_COLLATERAL, b.record, a)

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

        def u(k: int) -> float:
            who = a.number, 4 * n + k
            return float(luck.uniform(self.seed, a.generation, luck.ACQUAINTANCE, *who))

        near, alike = u(0) < self.p.tie_neighborhood, u(1) < self.p.tie_homophily
        pool = [
            b
            for b in self.people
            if b.town == a.town
            and (not near or b.neighborhood == a.neighborhood)
            and (not alike or b.ethnicity == a.ethnicity)
        ]
        return pool[int(u(2) * len(pool))]

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
            others = [b for b in self.people if b is not a and self.counted(b) == (a.town, a.now)]
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

    def counted(self, a: Person) -> tuple[int, int] | None:
        return (a.town, a.now) if a.custody != codes.REMOVED else None

    def federal_release(self, a: Person, federal: int) -> None:
        i, p, law, source = a.number, self.p, self.levers[a.town], codes.FROM_PRISON
        self.count(a, "federal_releases")
        wanted = self.u(luck.PRIORITY, i, source) < law.priority[a.record]
        if federal == 1:
            if wanted:
                self.take(a, source, a.record, None)
            else:
                self.rows["arrivals"][-1]["federal"] = 3
            return
        draws = [
            self.u(purpose, i, source)
            for purpose in (luck.WARRANT_DEMANDED, luck.WARRANT_HELD, luck.HONORED)
        ]
        honored = wanted and enforcement.jail_honors(p, law, a.record, *draws)
        weeks = 1 + luck.geometric(self.u(luck.LOCAL_JAIL_WEEKS, i), p.jail_felony)
        self.count(a, "jail_days", 7 * weeks)
        self.count(a, "priority_releases", wanted and not honored)
        hold = codes.JAIL_HOLD if honored else codes.JAIL
        self.put(a, hold, self.week + weeks, source)

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
                    "news_risk": town["news_risk"],
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

    def counted_now(self) -> Counts:
        """Return how many persons, households and undocumented people each group has now."""
        counts: Counts = defaultdict(float)
        for a in self.people:
            if a.custody != codes.REMOVED:
                counts[a.town, a.now, "persons"] += 1
                counts[a.town, a.now, "households"] += 1 / a.household
                counts[a.town, a.now, "undocumented"] += a.status == codes.UNDOCUMENTED
        return counts
