"""Who lived where, and who they were to each other: what stories are told from.

A place (a row) may have several occupants in turn. Pronouns and relations within a household are
invented; they are pure functions of who it is, so a person is the same in every telling.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.rules import codes
from trustabm.state import journal
from trustabm.week.world import World

__all__ = ["Person", "Record", "parting"]

Array = npt.NDArray[Any]

NEVER = 10**9

_WORDS = {
    "she": ("her", "her", "sister", "daughter", "mother", "niece", "aunt", "woman"),
    "he": ("him", "his", "brother", "son", "father", "nephew", "uncle", "man"),
}

_NAMES = {
    "she": "Alma Ana Carla Clara Dana Diana Elena Eva Irene Julia Laura Lena Lidia Maria Marta Mia "
    "Nina Olivia Paula Rita Sara Sofia Teresa Vera",
    "he": "Adam Alan Alex Andre Carlos Daniel David Edgar Felix Gabriel Hugo Ivan Joel Julian Leo "
    "Lucas Martin Max Nico Oscar Paul Ruben Samuel Victor",
}
"""First names that are had in many languages, so that none says what group somebody is of."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who lives in a place from the end of one week to the end of another."""

    place: int
    order: int  # which of its occupants, the first on record being 0
    since: int
    until: int
    status: int
    registered: int  # week in which they legalized
    newcomer: bool

    @property
    def she(self) -> str:
        """The pronoun as a subject."""
        return "she" if crc32(f"{self.place}.{self.order}".encode()) % 2 else "he"

    @property
    def name(self) -> str:
        """A first name, invented."""
        names = _NAMES[self.she].split()
        return names[crc32(f"{self.order}.{self.place}".encode()) // 2 % len(names)]

    @property
    def them(self) -> str:
        """The pronoun as an object."""
        return _WORDS[self.she][0]

    @property
    def their(self) -> str:
        """The pronoun that says whose."""
        return _WORDS[self.she][1]

    @property
    def woman(self) -> str:
        """The noun."""
        return _WORDS[self.she][7]


@dataclass(slots=True)
class Record:
    """What a story is told from: a world, its tables, and the date of the week called 0."""

    world: World
    tables: dict[str, Array]
    start: dt.date
    offset: int = 0
    lives: dict[int, list[Person]] = field(default_factory=dict)

    def of(self, name: str, column: str, who: int) -> Array:
        """Return the rows of a table that name this person in a column."""
        table = self.tables[name]
        found: Array = table[table[column] == who]
        return found

    def people(self, i: int) -> list[Person]:
        """Return everybody who lived in place `i`, in order."""
        if i not in self.lives:
            comings = self.of("arrivals", "resident", i)
            rest = int(self.residents["generation"][i]) - len(comings)
            edges = [-1, *(int(w) for w in comings["week"]), NEVER]
            legal = [int(w) for w in self.of("legalizations", "resident", i)["week"]]
            status, found = int(self.residents["status"][i]), []
            for k in range(len(comings), -1, -1):
                since, until = edges[k], edges[k + 1]
                week = next((w for w in legal if since <= w < until), NEVER)
                at_first = codes.UNDOCUMENTED if week < NEVER else status
                found.append(Person(i, k, since, until, at_first, week, k > 0 or rest > 0))
                # A place keeps its status, but that a registered resident's goes to a lawful one.
                status = int(comings["status"][k - 1]) if k > 0 else status
                if k > 0 and any(edges[k - 1] <= w < since for w in legal):
                    status = codes.REGISTERED
            self.lives[i] = found[::-1]
        return self.lives[i]

    def who(self, i: int, week: int) -> Person:
        """Return who lived in place `i` through a week, until its turnover."""
        return next(p for p in self.people(i) if week <= p.until)

    def there(self, i: int, week: int) -> bool:
        """Return whether anybody lived in place `i`: not between a removal and an arrival."""
        gone = self.of("departures", "resident", i)
        since = max(
            [int(r["week"]) for r in gone if r["removed"] and r["week"] < week],
            default=-2,
        )
        return since < self.who(i, week).since or since == -2

    def close(self, i: int) -> list[int]:
        """Return household members, then ties, of place `i`."""
        first = i - int(self.residents["member"][i])
        house = [j for j in range(first, first + int(self.residents["household"][i])) if j != i]
        ties = [int(j) for j in self.world.state.ties[i] if j >= 0 and j not in house]
        return house + sorted(set(ties))

    def is_friend(self, i: int, j: int) -> bool:
        """Return whether two people close to each other live in different households."""
        member = self.residents["member"]
        return i - int(member[i]) != j - int(member[j])

    def _part(self, i: int) -> str:
        """Return the part a place plays in its household; no policy changes it."""
        member = int(self.residents["member"][i])
        if member < 2:
            return ("head", "partner")[member]
        if self.residents["status"][i] == codes.US_BORN:
            return "child"
        native = self.residents["status"][i - member] == codes.US_BORN
        return "cousin" if native else "sibling"

    def relation(self, me: Person, other: Person) -> str:
        """Return what a person is to another: a relation of the house, or a friend."""
        if self.is_friend(me.place, other.place):
            return f"{me.their} friend"
        if me.newcomer or other.newcomer:
            return f"{me.their} housemate"
        mine, theirs = self._part(me.place), self._part(other.place)
        _, _, sibling, child, parent, niece, aunt, _ = _WORDS[other.she]
        couple = ("head", "partner")
        if "cousin" in (mine, theirs):
            word = "cousin"
        elif mine in couple and theirs in couple:
            word = "partner"
        elif mine == theirs or {mine, theirs} == {"head", "sibling"}:
            word = sibling
        elif {mine, theirs} == {"partner", "sibling"}:
            word = f"{sibling}-in-law"
        elif mine == "child":
            word = aunt if theirs == "sibling" else parent
        else:
            word = niece if mine == "sibling" else child
        return f"{me.their} {word}"

    @classmethod
    def of_world(cls, world: World, start: dt.date, offset: int = 0) -> Record:
        """Return the record of a world that kept its events.

        Args:
            world: The world.
            start: The date of its week `offset`.
            offset: The week of the world that is called week 0.
        """
        if not world.keep_events:
            raise InvalidInput("story: expected a run that kept its events, got one that did not")
        return cls(world, journal.frames(world.tables), start, offset)

    @property
    def residents(self) -> Array:
        """The residents' rows, as they are at the end."""
        return self.world.state.residents


_TOLD = {"stops": ("asked", "bad"), "crimes": ("reported",), "bookings": (), "transfers": ()}
_TOLD |= {"departures": ("removed",), "arrivals": ()}
"""What of a person's events must be alike for two weeks to be, by table."""


def parting(one: Record, other: Record, most: int) -> list[tuple[int, int]]:
    """Return the places whose own weeks differ most between two worlds of the same town.

    Args:
        one: A world.
        other: Another.
        most: How many places, at most.

    Returns:
        Each with in how many weeks something else happened to whoever lives there, the most first;
        of those alike, the lower number.
    """
    weeks = []
    for name, kinds in _TOLD.items():
        who = "victim" if name == "crimes" else "resident"
        told: list[Array] = []
        for record in (one, other):
            table = record.tables[name]
            key = table[who].astype(np.int64) << 20 | table["week"]
            for column in kinds:
                key = key << 3 | table[column]
            told.append(np.unique(key[table[who] >= 0]))
        differing: Array = np.setxor1d(told[0], told[1], assume_unique=True)
        weeks.append(differing >> 3 * len(kinds))
    places, many = np.unique(np.unique(np.concatenate(weeks)) >> 20, return_counts=True)
    first = np.lexsort((places, -many))[:most]
    return [(int(places[k]), int(many[k])) for k in first]
