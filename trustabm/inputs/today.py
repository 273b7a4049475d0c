"""The rules in force in a place on a day: what set each lever, and how far that is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from trustabm.inputs.places import laws
from trustabm.inputs.policy import LEVERS, Policy
from trustabm.inputs.readings import Unsure, of_tables, unsure
from trustabm.inputs.timeline import Change, Timeline, date_of, timeline
from trustabm.inputs.town import Town, town

__all__ = ["InForce", "Today", "basis", "known_notes", "known_to", "today"]

NAMES_MAX = 4
"""Rules that are spelled out; of more only the number is said."""

FEDERAL = (
    "How far ICE acts on matches, its hours and what is announced are readings of ours of the "
    "federal record throughout (the timeline us-history)."
)


class InForce(NamedTuple):
    """A lever that something set.

    Args:
        lever: Its name.
        value: Its value.
        change: What set it last.
    """

    lever: str
    value: Any
    change: Change

    @property
    def basis(self) -> tuple[str, ...]:
        """How what set it is known, in words; none where it was read and is said there."""
        return basis(self.change)


class Today(NamedTuple):
    """The rules in force in a place on a day.

    Args:
        place: The town.
        on: The day.
        policy: All levers.
        rules: Those that something set, in the order of the levers.
        known_to: The day to which rules are known, by what they are; `all` is the first of them.
        gaps: What is not known, in sentences.
        unsure: What of these rules would have to be known, that a comparison draws as doubt.
        agreement: Which 287(g) agreements of the county's agencies are known, in a sentence.
        federal: What federal rules are called.
    """

    place: Town
    on: dt.date
    policy: Policy
    rules: tuple[InForce, ...]
    known_to: dict[str, dt.date]
    gaps: tuple[str, ...]
    unsure: tuple[Unsure, ...]
    agreement: str
    federal: str

    def records(self) -> list[dict[str, Any]]:
        """Return a row for each lever that something set, in plain values."""
        return [
            {
                "lever": rule.lever,
                "value": rule.value,
                "level": LEVERS[rule.lever].level,
                "since": rule.change.date.isoformat(),
                "set_by": rule.change.sentence,
                "source": rule.change.source,
                "basis": list(rule.basis),
            }
            for rule in self.rules
        ]


def today(place: str | Path | Town, on: dt.date | None = None) -> Today:
    """Return the rules in force in a place on a day, as far as they are known.

    Federal rules by date (the timeline `us-history`) with the town's own; levers are in the units
    that `docs/levers.md` gives.

    Args:
        place: A town's name, the path of a TOML file, or a town.
        on: The day; that of the clock if not given.

    Raises:
        InvalidInput: for a town that does not exist.

    Example:
        >>> import datetime as dt
        >>> rules = today("mecklenburg-nc", dt.date(2026, 1, 15))
        >>> rules.policy.ask_status, rules.known_to["all"].isoformat()
        ('booking', '2026-01-03')
    """
    here = place if isinstance(place, Town) else town(place)
    day = dt.date.today() if on is None else on
    line = timeline("today").in_town(here)
    policy, by = line.at(day), line.setters(day)
    rules = tuple(InForce(n, getattr(policy, n), by[n]) for n in LEVERS if n in by)
    doubts = unsure(here, [line], day, day + dt.timedelta(days=1))
    return Today(
        here,
        day,
        policy,
        rules,
        known_to(here, line),
        (*_too_early(here, line, day), *_gaps(here, day), FEDERAL),
        doubts,
        _agreement(here, day),
        timeline("us-history").title,
    )


def basis(change: Change) -> tuple[str, ...]:
    """Return what a change's source says of how it is known and of whose its values are."""
    source = change.source
    words = {
        "recalled": change.basis == "recalled" or "recalled" in source,
        "unclear": change.basis == "unclear" or "unclear" in source or "not verified" in source,
        "values ours": bool(change.levers) and ("ours" in source or "by us" in source),
    }
    return tuple(word for word, so in words.items() if so)


def known_to(place: Town, line: Timeline) -> dict[str, dt.date]:
    """Return the day to which the rules of a place are known, by what they are, and of all.

    Args:
        place: The town.
        line: What is in force in it.
    """
    days = {} if line.known_to is None else {"federal rules": line.known_to}
    if of_tables(place):
        days |= {"state laws": laws.STATE_LAWS_KNOWN_TO, "agreements": laws.AGREEMENTS_KNOWN_TO}
    return {"all": min(days.values()), **days} if days else {}


def known_notes(place: Town, line: Timeline, start: dt.date, weeks: int) -> Iterator[str]:
    """Yield to which day rules are known, and which of those lived through are not sure.

    Args:
        place: The town.
        line: What is in force in it; nothing is said of one that is invented.
        start: The first day.
        weeks: Weeks from there.
    """
    days = known_to(place, line)
    if not days:
        return
    each = ", ".join(f"{what} to {day}" for what, day in days.items() if what != "all")
    yield f"Rules are known to {days['all']} ({each}), and taken to stay as they are after that."
    if not place.changes or place.changes[0] not in line.changes:
        return
    yield from _too_early(place, line, start)
    yield from _gaps(place, date_of(start, weeks))
    policy = line.at(start)
    by = [c for n, c in line.setters(start).items() if getattr(policy, n) != LEVERS[n].default]
    lived = [c for c in line.changes if c.levers and start < c.date < date_of(start, weeks)]
    rules = {c.name: c for c in (*by, *lived)}.values()
    for word, what in (
        ("recalled", "In force by what we recall and did not check"),
        ("unclear", "In force, if they are, by rules that could not be verified"),
        ("values ours", "In force with values that are a reading of ours"),
    ):
        found = [c for c in rules if word in basis(c)]
        if found:
            yield f"{what}: {_listed(found)}."
    yield FEDERAL


def _too_early(place: Town, line: Timeline, on: dt.date) -> Iterator[str]:
    """Yield that a day is before all that is known of federal rules."""
    first = min((c.date for c in line.changes if c not in place.changes), default=on)
    if on < first:
        yield f"Of federal rules before {first} nothing is known: their levers are at defaults."


def _gaps(place: Town, on: dt.date) -> Iterator[str]:
    if place.fips is None:
        if not place.changes:
            yield f"No rule but federal ones is known for {place.title}: it names no county."
        return
    state = laws.state_of(place.fips)
    if of_tables(place):
        yield from laws.gaps(place.fips, state, on)
        return
    last = max((c.date for c in place.changes), default=dt.date.min)
    later = [x for x in laws.state_laws(state) if x.levers and last < x.date <= on]
    some = "; ".join(f"{x.sentence.rstrip('.')} ({x.date})" for x in later)
    yield (
        f"Rules of the state, the county and its cities are those of the town's own file, the last "
        f"of {last}." + (f" State laws since then are not in that file: {some}." if later else "")
    )


def _agreement(place: Town, on: dt.date) -> str:
    if place.fips is None:
        return "none known: it names no county."
    if not of_tables(place):
        return "as its own file says."
    return laws.agreement(place.fips, laws.state_of(place.fips), on)


def _listed(changes: Iterable[Change]) -> str:
    said = [f"{c.sentence.rstrip('.')} ({c.date})" for c in changes]
    more = len(said) - NAMES_MAX
    return "; ".join(said[:NAMES_MAX]) + (f"; and {more} more" if more > 0 else "")
