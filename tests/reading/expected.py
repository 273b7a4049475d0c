"""ODD 7.12: what was to be expected, beside what happened."""

from __future__ import annotations

from reading.people import People, Person

from trustabm.rules import codes, enforcement, policing
from trustabm.state.layout import TIES

KINDS = {codes.VIOLENT: "violent", codes.PROPERTY: "property", codes.DOMESTIC: "domestic"}
CLASSES = ("none", "other", "other", "violent")


class Expected(People):
    """What draws are expected to bring, with what follows from it."""

    def expect_crime(self, victim: Person, kind: int, act: float, report: float) -> None:
        self.count(victim, f"expected_{KINDS[kind]}", act)
        self.count(victim, f"expected_reported_{KINDS[kind]}", act * report)

    def expect_bookings(self, a: Person, many: float, known: bool = False) -> None:
        """Count bookings more, for a misdemeanor: of so many some are convicted."""
        p, law = self.p, self.levers[a.town]
        many *= 1 if known else policing.identified_chance(p, law, a.status)
        many *= self.taken_of_match(a)
        self.expect_taken(a, many * (1 - p.conviction), a.record, codes.FROM_STOP)
        convicted = codes.RECORD_MISDEMEANOR if a.record == codes.RECORD_NONE else a.record
        self.expect_taken(a, many * p.conviction, convicted, codes.FROM_STOP)

    def taken_of_match(self, a: Person) -> float:
        if self.hours <= 0:
            return 0.0
        law = self.levers[a.town]
        return float(law.priority[a.record] * enforcement.taken_chance(self.p, law, a.record))

    def expect_taken(self, a: Person, many: float, record: int, source: int) -> None:
        self.expect_removed(a, many * self.p.removal_given_custody, record, source)
        if source in (codes.FROM_STOP, codes.FROM_CASE, codes.FROM_VICTIM, codes.FROM_WITNESS):
            self.count(a, "expected_transfers", many)
        if source != codes.FROM_PRISON:
            same = sum((b.town, b.ethnicity) == (a.town, a.ethnicity) for b in self.people)
            known = min(same - 1, a.household - 1 + TIES + self.p.acquaintances)
            self.knowing[a.town, a.ethnicity] += many * known

    def spread_exposed(self) -> None:
        """Count who would have come to know, over the groups of the town, and nobody again."""
        for (town, ethnicity), many in self.knowing.items():
            same = [
                b
                for b in self.people
                if (b.town, b.ethnicity) == (town, ethnicity) and b.custody != codes.REMOVED
            ]
            fresh = sum(self.week - b.exposed >= 52 for b in same)
            for b in same:
                self.groups[town, b.now]["spared"] += many * fresh / len(same) ** 2

    def expect_removed(self, a: Person, many: float, record: int, source: int) -> None:
        names = ["removals", f"removals_{CLASSES[record]}"]
        if source not in (codes.FROM_PRISON, codes.FROM_AT_LARGE, codes.FROM_COLLATERAL):
            names += [f"local_{name}" for name in names]
        for name in names:
            self.count(a, f"expected_{name}", many)
        self.count(a, "expected_separated", many * self.citizens_with(a))

    def citizens_with(self, a: Person) -> int:
        home = self.people[a.first : a.first + a.household]
        citizen = (codes.US_BORN, codes.NATURALIZED)
        return sum(b is not a and b.status in citizen and b.custody != codes.REMOVED for b in home)
