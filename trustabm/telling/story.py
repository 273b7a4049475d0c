"""A resident's weeks in plain sentences, told from the event tables.

What happened is the model's. Pronouns, relations within a household and which thing was stolen
are invented to make sentences of it; they are pure functions of who and when, so that a person
stays the same person in every telling and in every world.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trustabm.errors import whole_number
from trustabm.inputs.timeline import date_of
from trustabm.rules import codes
from trustabm.state import rows
from trustabm.telling.lives import NEVER, Record
from trustabm.telling.sentences import (
    STATUS,
    of_other,
    own,
    rules,
    upper,
)
from trustabm.week.world import World, beliefs

if TYPE_CHECKING:
    from trustabm.runs.comparison import Comparison
    from trustabm.runs.results import Result

__all__ = ["Life", "life", "story", "world_story"]


@dataclass(frozen=True, slots=True)
class Life:
    """A resident's life in one world, so far.

    Args:
        opening: Who this is.
        weeks: What happened, as weeks and sentences.
        closing: Where they are now and what they believe.
    """

    opening: str
    weeks: tuple[tuple[int, str], ...]
    closing: str


def story(source: Result | Comparison, resident: int) -> str:
    """Tell a resident's weeks: of one run, or of every world of a comparison and where they part.

    Args:
        source: What `run` or `compare` returned; of a comparison, the first replicate is told.
        resident: The resident's number.

    Raises:
        InvalidInput: if there is no such resident or the events were not kept.
    """
    if isinstance(source.world, World):
        record = Record.of_world(source.world, source.scenario.start)
        told = _weeks(record, resident)
        return "\n".join([_opening(record, resident), *_lines(told), _closing(record, resident)])
    e = source.experiment
    records = {
        arm: Record.of_world(world, e.start, e.burn_in) for arm, world in source.worlds.items()
    }
    return _compared(records, resident)


def world_story(
    world: World, resident: int, start_date: dt.date, offset: int = 0
) -> list[tuple[int, str]]:
    """Return what happened to a resident, as weeks and sentences.

    Args:
        world: A world that kept its events.
        resident: The resident's number.
        start_date: The date of its week `offset`.
        offset: The week of the world that is called week 0.
    """
    return _weeks(Record.of_world(world, start_date, offset), resident)


def life(record: Record, resident: int) -> Life:
    """Return a resident's life in one world, so far."""
    weeks = tuple(_weeks(record, resident))
    return Life(_opening(record, resident), weeks, _closing(record, resident, ended=False))


def _compared(records: dict[str, Record], i: int) -> str:
    told = {arm: _weeks(record, i, rules_too=False) for arm, record in records.items()}
    shortest = min(len(t) for t in told.values())
    one = next(iter(told.values()))
    same = next(
        (k for k in range(shortest) if any(t[k] != one[k] for t in told.values())),
        shortest,
    )
    rest = {arm: t[same:] for arm, t in told.items()}
    parts = [_opening(next(iter(records.values())), i), *_lines(one[:same])]
    if any(rest.values()):
        week = min(t[0][0] for t in rest.values() if t)
        now = [
            f"under {arm}, " + (_lower(" ".join(x for w, x in t if w == week)) or "nothing.")
            for arm, t in rest.items()
        ]
        parts.append(f"They part in week {week}: " + " ".join([now[0], *map(upper, now[1:])]))
    else:
        parts.append("What happens does not tell the worlds apart.")
    for arm, t in rest.items():
        changes = [str(w - records[arm].offset) for w, _, _ in rules(records[arm], i)]
        heading = f"Under {arm}"
        if changes:
            heading += f" (the rules change in week {_listed(changes)})"
        parts += ["", f"{heading}:", *_lines(t), _closing(records[arm], i)]
    return "\n".join(parts)


def _lower(text: str) -> str:
    return text if text.startswith("ICE") else text[:1].lower() + text[1:]


def _lines(told: list[tuple[int, str]]) -> list[str]:
    return [
        f"Week {week}: " + " ".join(s for w, s in told if w == week)
        for week in sorted({w for w, _ in told})
    ]


def _opening(record: Record, i: int) -> str:
    r = record.residents
    me = record.people(i)[0]
    ethnic, groups = rows.ethnicity_of(record.world.state, i), record.world.groups
    people = [*(groups.titles[key] for key in groups.of_ethnic), groups.none][ethnic]
    since = ""
    if me.until == NEVER and me.status != codes.US_BORN:
        at = int(r["arrived"][i]) - record.offset
        since = f", in the country since {date_of(record.start, at).year}"
    house, friends = [], []
    for j in record.close(i):
        other = record.people(j)[0]
        name = record.relation(me, other)
        if name.endswith("friend"):
            friends.append(other)
        else:
            house.append(f"{name} ({STATUS[other.status]})")
    home = f"lives with {_listed(house)}" if house else "lives alone"
    undocumented = sum(f.status == codes.UNDOCUMENTED for f in friends)
    known = ""
    if friends:
        known = f" Of {me.their} {len(friends)} friends, {undocumented or 'none'} "
        known += "is undocumented." if undocumented <= 1 else "are undocumented."
    return (
        f"Resident {i} is {people}, {STATUS[me.status]}{since}. {upper(me.she)} {home}.{known} "
        f"Week 0 begins on {record.start.day} {record.start:%B %Y}."
    )


def _closing(record: Record, i: int, *, ended: bool = True) -> str:
    me = record.people(i)[-1]
    when = "At the end" if ended else "Now"
    custody = int(record.residents["custody"][i])
    if custody == codes.REMOVED:
        return f"{when} {me.she} is no longer in the country."
    text = "" if custody == codes.FREE else f"{when} {me.she} is in {codes.CUSTODY[custody]}. "
    trusts, risks = beliefs(record.world)
    trust, risk = trusts[i], risks[i]
    verb = "ends at" if ended else "is"
    return text + (
        f"{upper(me.their)} trust in local police {verb} {trust:.2f} of 1; {me.she} sees a risk "
        f"of {risk:.2f} in contact with them."
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _weeks(record: Record, i: int, *, rules_too: bool = True) -> list[tuple[int, str]]:
    """Return what happened to resident `i` and to people close, in the order of the week."""
    i = whole_number(i, "resident", 0, len(record.residents) - 1)
    found = list(own(record, i))
    for j in record.close(i):
        found += (f for f in of_other(record, i, j) if record.there(i, f[0]))
    found += rules(record, i) if rules_too else ()
    # A federal prisoner comes before ICE takes them; everybody else goes before others come.
    return [
        (week - record.offset, upper(text)) for week, _, text in sorted(found, key=lambda f: f[:2])
    ]
