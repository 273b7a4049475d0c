"""A resident's weeks in plain sentences, told from the event tables.

What happened is the model's. Pronouns, relations within a household and which thing was stolen
are invented to make sentences of it; they are pure functions of who and when, so that a person
stays the same person in every telling and in every world.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.parameters import Parameters
from trustabm.records import as_record
from trustabm.rules import contact, luck
from trustabm.state import codes, journal, layout, rows
from trustabm.timeline import weeks_between
from trustabm.world import World

__all__ = ["story", "world_story"]

Array = npt.NDArray[Any]

_STATUS = {
    codes.US_BORN: "born in the US",
    codes.NATURALIZED: "naturalized",
    codes.LAWFUL: "a lawful noncitizen",
    codes.UNDOCUMENTED: "undocumented",
    codes.REGISTERED: "provisionally registered",
}
_LABELS: dict[str, tuple[str, ...]] = {
    "kind": (*codes.KINDS, *codes.ARRIVALS),
    "outcome": ("nothing", "citation", "arrest"),
    "charge": codes.RECORDS,
    "record": codes.RECORDS,
    "source": codes.CAUSES,
    "status": codes.STATUSES,
    "custody": codes.CUSTODY,
}
_CHARGE = ("no charge", "a minor offence", "a felony", "a violent felony")
_SEXES = {"she": ("her", "her", "sister", "daughter", "mother"),
          "he": ("him", "his", "brother", "son", "father")}


@dataclass(frozen=True, slots=True)
class _Person:
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
        return "she" if crc32(f"{self.place}.{self.order}".encode()) % 2 else "he"

    @property
    def them(self) -> str:
        return _SEXES[self.she][0]

    @property
    def their(self) -> str:
        return _SEXES[self.she][1]


@dataclass(slots=True)
class _Record:
    """What a story is told from: rows, ties and tables, of a world or of files."""

    residents: Array
    ties: Array
    tables: dict[str, Array]
    start: dt.date
    world: World | None = None
    lives: dict[int, list[_Person]] = field(default_factory=dict)

    def of(self, name: str, column: str, who: int) -> Array:
        """Return the rows of a table that name this person in a column."""
        table = self.tables[name]
        found: Array = table[table[column] == who]
        return found

    def people(self, i: int) -> list[_Person]:
        """Return everybody who lived in place `i`, in order."""
        if i not in self.lives:
            comings = self.of("arrivals", "resident", i)
            rest = int(self.residents["generation"][i]) - len(comings)
            edges = [-1, *(int(w) for w in comings["week"]), 10**9]
            legal = [int(w) for w in self.of("legalizations", "resident", i)["week"]]
            status, found = int(self.residents["status"][i]), []
            for k in range(len(comings), -1, -1):
                since, until = edges[k], edges[k + 1]
                week = next((w for w in legal if since <= w < until), 10**9)
                at_first = codes.UNDOCUMENTED if week < 10**9 else status
                found.append(
                    _Person(i, k, since, until, at_first, week, k > 0 or rest % 256 != 0)
                )
                # A place keeps its status, but that a registered resident's goes to a lawful one.
                status = int(comings["status"][k - 1]) if k > 0 else status
                if k > 0 and any(edges[k - 1] <= w < since for w in legal):
                    status = codes.REGISTERED
            self.lives[i] = found[::-1]
        return self.lives[i]

    def who(self, i: int, week: int) -> _Person:
        """Return who lived in place `i` through a week, until its turnover."""
        return next(p for p in self.people(i) if week <= p.until)

    def close(self, i: int) -> list[int]:
        """Return household members, then ties, of place `i`."""
        first = i - int(self.residents["member"][i])
        house = [j for j in range(first, first + int(self.residents["household"][i])) if j != i]
        ties = [int(j) for j in self.ties[i] if j >= 0 and j not in house] if len(self.ties) else []
        return house + sorted(set(ties))

    def relation(self, me: _Person, other: _Person) -> str:
        """Return what a person is to another: by household member, or a friend."""
        r, i, j = self.residents, me.place, other.place
        mine, theirs = int(r["member"][i]), int(r["member"][j])
        if i - mine != j - theirs:
            return f"{me.their} friend"
        if me.newcomer or other.newcomer:
            return f"{me.their} housemate"
        _, _, sibling, child, parent = _SEXES[other.she]
        if mine > 1 and theirs > 1:
            return f"{me.their} {sibling}"
        if mine < 2 and theirs < 2:
            return f"{me.their} partner"
        old, young = (me, other) if mine < 2 else (other, me)
        if old.status == codes.US_BORN and young.status != codes.US_BORN:
            return f"{me.their} cousin"
        return f"{me.their} {child if old is me else parent}"


def story(source: Any, resident: int) -> str:
    """Tell a resident's weeks: of one run, or of every world of a comparison and where they part.

    Args:
        source: A `Result`, a `Comparison` whose worlds kept their events, or a `World`.
        resident: The resident's number.

    Raises:
        InvalidInput: if there is no such resident or the events were not kept.
    """
    if hasattr(source, "arms") and callable(getattr(source, "world", None)):
        records = {str(arm): _record(source.world(arm), _start(source)) for arm in source.arms}
        return _compared(records, resident)
    if isinstance(source, World):
        record = _record(source, _start(source))
    elif isinstance(getattr(source, "world", None), World):
        record = _record(source.world, _start(source))
    else:
        record = _from_frames(source)
    told = _weeks(record, resident)
    return "\n".join([_opening(record, resident), *_lines(told), _closing(record, resident)])


def world_story(world: World, resident: int, start_date: dt.date) -> list[tuple[int, str]]:
    """Return what happened to a resident, week by week.

    Args:
        world: A world that kept its events.
        resident: The resident's number.
        start_date: The date of its week 0.
    """
    return _weeks(_record(world, start_date), resident)


def _compared(records: dict[str, _Record], i: int) -> str:
    told = {arm: _weeks(record, i) for arm, record in records.items()}
    first = next(iter(records.values()))
    same = 0
    while len({t[same] if same < len(t) else None for t in told.values()}) == 1:
        if same >= len(next(iter(told.values()))):
            break
        same += 1
    parts = [_opening(first, i)]
    rest = {arm: t[same:] for arm, t in told.items()}
    if not any(rest.values()):
        parts += [*_lines(next(iter(told.values()))), "Nothing in these weeks tells the worlds apart."]
        return "\n".join(parts + [f"Under {a}: {_closing(r, i)}" for a, r in records.items()])
    week = min(t[0][0] for t in rest.values() if t)
    parts += [*_lines(next(iter(told.values()))[:same])]
    now = [
        f"under {arm}, " + (" ".join(s for w, s in t if w == week) or "nothing happened.")
        for arm, t in rest.items()
    ]
    parts.append(f"They part in week {week}: " + " ".join([now[0], *map(_upper, now[1:])]))
    for arm, t in rest.items():
        parts += ["", f"Under {arm}", *_lines(t), _closing(records[arm], i)]
    return "\n".join(parts)


def _lines(told: list[tuple[int, str]]) -> list[str]:
    return [
        f"Week {week}: " + " ".join(s for w, s in told if w == week)
        for week in sorted({w for w, _ in told})
    ]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _opening(record: _Record, i: int) -> str:
    r = record.residents
    me = record.people(i)[0]
    people = "Latino" if r["latino"][i] else "not Latino"
    since = ""
    if me.until == 10**9 and me.status != codes.US_BORN:
        at = int(r["arrived"][i]) + weeks_between(dt.date(record.start.year, 1, 1), record.start)
        since = f", in the country since {record.start.year + at // 52}"
    house, friends = [], []
    for j in record.close(i):
        other = record.people(j)[0]
        name = record.relation(me, other)
        if name.endswith("friend"):
            friends.append(other)
        else:
            house.append(f"{name} ({_STATUS[other.status]})")
    home = f"lives with {_listed(house)}" if house else "lives alone"
    undocumented = sum(f.status == codes.UNDOCUMENTED for f in friends)
    known = ""
    if friends:
        known = f" Of {me.their} {len(friends)} friends, {undocumented or 'none'} "
        known += "is undocumented." if undocumented <= 1 else "are undocumented."
    return (
        f"Resident {i} is {people}, {_STATUS[me.status]}{since}. {_upper(me.she)} {home}.{known} "
        f"Week 0 begins on {record.start.day} {record.start:%B %Y}."
    )


def _closing(record: _Record, i: int) -> str:
    me = record.people(i)[-1]
    custody = int(record.residents["custody"][i])
    if custody == codes.REMOVED:
        return f"At the end {me.she} is no longer in the country."
    text = "" if custody == codes.FREE else f"At the end {me.she} is in {codes.CUSTODY[custody]}. "
    if record.world is not None:
        trust, risk = rows.trust_of(record.world.state, i), rows.risk_of(record.world.state, i)
    elif {"trust", "perceived_risk"} <= set(record.residents.dtype.names or ()):
        trust, risk = record.residents["trust"][i], record.residents["perceived_risk"][i]
    else:
        return text
    return text + (
        f"{_upper(me.their)} trust in local police is {trust:.2f} of 1 in the end, and the risk "
        f"{me.she} sees in contact with them {risk:.2f}."
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _weeks(record: _Record, i: int) -> list[tuple[int, str]]:
    """Return what happened to resident `i` and to people close, in the order of the week."""
    if not 0 <= i < len(record.residents):
        raise InvalidInput(
            f"resident: expected 0 to {len(record.residents) - 1} (a resident of this run), got {i}"
        )
    from trustabm._sentences import told_of  # the sentences, in a file of their own

    found: list[tuple[int, int, str]] = []
    for j in [i, *record.close(i)]:
        found += told_of(record, i, j)
    return [(week, text) for week, _, text in sorted(found, key=lambda f: f[:2])]


def _record(world: World, start: dt.date) -> _Record:
    if not world.keep_events:
        raise InvalidInput("story: expected a run that kept its events (keep_events=True)")
    s = world.state
    return _Record(s.residents, s.ties, journal.frames(world.tables), start, world)


def _start(source: Any) -> dt.date:
    for holder in (source, getattr(source, "scenario", None)):
        for name in ("start", "start_date"):
            if isinstance(getattr(holder, name, None), dt.date):
                return getattr(holder, name)  # type: ignore[no-any-return]
    return dt.date(2010, 1, 1)
