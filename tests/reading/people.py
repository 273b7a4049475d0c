"""Who lives in the region, as a week begins: a person at a time, and what is looked up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from reading import shape

from trustabm.rules import codes, luck, reporting
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
    lasting: float  # trust that lasts, from the mean of the ethnic group
    lately: float  # what moved it lately, and is left this week
    bad: float  # cases that ended in a deportation, as they count this week
    calm: float  # cases that ended quietly, likewise
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


class People:
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
        self.learned = shape.learned(s)
        self.towns = [{n: t[n].item() for n in s.towns.dtype.names} for t in s.towns]
        self.places = [{n: b[n].item() for n in b.dtype.names} for b in s.neighborhoods]
        self.groups = shape.groups(s)
        self.people = [self._person(i) for i in range(len(s.residents))]
        # What everybody believes before the week begins.
        self.believed = [(self.trust_of(a), self.risk_of(a)) for a in self.people]
        self.base = self.counted_now() if base is None else base
        self.hours = float(s.clock["ice_hours"][0])
        self.inside = s.in_custody[: int(s.clock["in_custody"][0])].tolist()
        self.tally: dict[tuple[int, int, int, str], float] = defaultdict(float)
        self.rows: dict[str, list[dict[str, float]]] = defaultdict(list)
        self.knowing: dict[tuple[int, int], float] = defaultdict(float)

    def _person(self, i: int) -> Person:
        r = self.s.residents[i]
        age = self.week - int(r["touched"])
        faded, forgotten = (
            0.5 ** (age / self.p.trust_half_life),
            0.5 ** (age / self.p.case_half_life),
        )
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
            lasting=float(r["lasting"]),
            lately=float(r["lately"]) * faded,
            bad=float(r["bad"]) * forgotten,
            calm=float(r["calm"]) * forgotten,
            first=i - int(r["member"]),
            **plain,
        )

    def u(self, purpose: int, who: int, index: int = 0) -> float:
        return float(luck.uniform(self.seed, self.week, purpose, who, index))

    def close(self, a: Person) -> list[tuple[int, Person, bool]]:
        """Return who is close: in which order, who, and whether of the household."""
        found = [(k, a.first + k, True) for k in range(a.household)]
        found += [(a.household + k, int(j), False) for k, j in enumerate(self.s.ties[a.number])]
        return [(n, self.people[j], home) for n, j, home in found if j >= 0 and j != a.number]

    def stake(self, a: Person) -> float:
        """Return whose deportation it would be (ODD 7.4)."""
        return float(reporting.stake(self.p, a.concern, a.tied, a.status))

    def attends(self, a: Person) -> float:
        """Return how far somebody attends to news of deportations (ODD 7.11)."""
        own, ethnic = self.stake(a), self.groups[a.town, a.now]["ethnic_stake"]
        return float(own + self.p.linked_fate * max(0.0, ethnic - own))

    def surprise(self, a: Person) -> float:
        town = self.towns[a.town]
        return float(town["heard"] - town["expected_risk"]) if self.p.news else 0.0

    def trust_of(self, a: Person, mood: float = 0.0) -> float:
        """Return trust: its parts added up, and cut to 0..1 (ODD 7.8)."""
        p, attends, lawful = self.p, self.attends(a), (codes.US_BORN, codes.NATURALIZED)
        loss = p.news_trust * attends - p.reassurance * (1 - attends)
        outreach = a.concern != codes.NOBODY or a.status not in lawful
        gain = p.outreach_gain * self.towns[a.town]["reached"] if outreach else 0.0
        mean = shape.mean_trust(p, a.ethnicity)
        return clip(mean + a.lasting + a.lately - loss * self.surprise(a) + gain + mood)

    def trust_in_mood(self, a: Person) -> float:
        """Return trust as somebody decides by it this week, in a mood that lasts for weeks."""
        stretch = int((self.week + a.number % 52) // self.p.mood_weeks)
        mood = float(luck.normal(self.seed, stretch, luck.MOOD, a.number, a.generation))
        return self.trust_of(a, self.p.mood_spread * mood)

    def risk_of(self, a: Person) -> float:
        """Return perceived risk: of the cases that count, how many are bad (ODD 7.8)."""
        p = self.p
        latino = shape.weight(self.s, a.ethnicity, "standing")
        like = p.likeness_reference * (1 - latino) + latino
        if a.status == codes.UNDOCUMENTED:
            firm, prior = p.firm_undocumented, p.prior_undocumented
        else:
            firm, prior = p.firm_citizen, p.prior_citizen * like
        surprise = self.surprise(a)
        news = (
            p.news_weight * self.levers[a.town].publicity * self.attends(a) * like * abs(surprise)
        )
        worse, better = (news, 0.0) if surprise > 0 else (0.0, p.good_news * news)
        bad, calm = prior * firm + a.bad + worse, (1 - prior) * firm + a.calm + better
        return float(bad / (bad + calm))

    def learns(
        self,
        a: Person,
        *,
        fades: float = 0.0,
        stays: float = 0.0,
        bad: float = 0.0,
        calm: float = 0.0,
    ) -> None:
        """Add to what somebody believes, as columns keep it, if anybody is there."""
        if a.custody != codes.REMOVED:
            a.lasting = float(np.float32(a.lasting + stays))
            a.lately = float(np.float32(a.lately + fades))
            a.bad = float(np.float32(a.bad + bad))
            a.calm = float(np.float32(a.calm + calm))

    def count(self, a: Person, name: str, many: float = 1.0) -> None:
        self.tally[a.town, a.then, a.now, name] += many

    def write(self, table: str, a: Person, **values: float) -> dict[str, float]:
        row = {"week": self.week, "resident": a.number, "generation": a.generation, **values}
        self.rows[table].append(row)
        return row

    def put(self, a: Person, custody: int, until: int, cause: int) -> None:
        if a.custody == codes.FREE and custody not in (codes.FREE, codes.REMOVED):
            self.inside.append(a.number)
        a.custody, a.until, a.cause = custody, until, cause

    def at_large(self, a: Person) -> bool:
        return a.status == codes.UNDOCUMENTED and a.custody == codes.FREE

    def years(self, a: Person) -> int:
        return (self.week - a.arrived) // 52

    def candidates(self, purpose: int, bound: float) -> list[Person]:
        found = np.empty(luck.ROOM, np.int64)
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
            if b.status == codes.UNDOCUMENTED
            and b.custody != codes.REMOVED
            and (home or self.is_known(a, b))
        ]
        tied = close.count(False)
        if a.status == codes.UNDOCUMENTED:
            return codes.SELF, tied
        if True in close:
            return codes.HOUSEHOLD, tied
        return codes.TIE if tied else codes.NOBODY, tied

    def is_known(self, a: Person, b: Person) -> bool:
        """Return whether two friends know each other's status, which is for life."""
        one, other = sorted((a, b), key=lambda x: x.number)
        lives = one.generation << 16 | other.generation
        draw = luck.uniform(self.seed, lives, luck.STATUS_KNOWN, one.number, 2 * other.number)
        alike = a.ethnicity == b.ethnicity
        return bool(draw < (self.p.status_known if alike else self.p.status_known_others))

    def group(self, a: Person) -> int:
        return shape.group_of(a.ethnicity, a.status, a.concern)

    def look_around(self) -> None:
        """Let everybody see who close to them is undocumented, and count in their group."""
        for a in self.people:
            seen = self.concern(a)
            if a.custody != codes.REMOVED and seen != (a.concern, a.tied):
                a.concern, a.tied = seen
                a.now = self.group(a)

    def counted_now(self) -> Counts:
        """Return how many persons, households and undocumented people each group has now."""
        counts: Counts = defaultdict(float)
        for a in self.people:
            if a.custody != codes.REMOVED:
                counts[a.town, a.now, "persons"] += 1
                counts[a.town, a.now, "households"] += 1 / a.household
                counts[a.town, a.now, "undocumented"] += a.status == codes.UNDOCUMENTED
        return counts
