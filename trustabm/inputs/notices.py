"""What a result is to be read with: plain sentences on what was left out, and why.

Nothing here is an error. Whoever finds something that a reader must know adds a sentence, and it
stands on the result, under the findings, in the brief and in the record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Timeline, date_of, weeks_between
from trustabm.inputs.town import Town

__all__ = [
    "few_people",
    "few_towns",
    "has_own",
    "other_rules",
    "own_rules",
    "same_rules",
    "window",
]

DATES_MAX = 3
"""Dates that are spelled out; of more only the number is said."""

NAMES_MAX = 4
"""Names that are spelled out; of more only the number is said."""


Dates = list[tuple[str, list[dt.date]]]


def window(
    lines: Iterable[tuple[str, Timeline]], start: dt.date, weeks: int, since: dt.date | None = None
) -> Iterator[str]:
    """Yield what of some timelines is not lived through between `start` and the last week.

    Args:
        lines: What is in force, each with its title; the first is the reference.
        start: The day on which they part.
        weeks: Weeks from there.
        since: The day from which all live under the reference; `start` if not given.
    """
    common: set[tuple[dt.date, Policy]] | None = None
    before: Dates = []
    after: Dates = []
    short: Dates = []
    for title, line in lines:
        news = [(d, b, a) for (_, b), (d, a) in pairwise(line.dated()) if a != b]
        if common is None:
            common = {(d, a) for d, _, a in news if (since or start) <= d < start}
        before.append((title, [d for d, _, a in news if d < start and (d, a) not in common]))
        after.append((title, [d for d, _, _ in news if weeks_between(start, d) >= weeks]))
        short.append((title, _undone(news, start, weeks)))
    if any(d for _, d in after):
        last = date_of(start, weeks) - dt.timedelta(days=1)
        yield f"Dated changes after the last week ({last}) are not lived through: {_dates(after)}."
    if any(d for _, d in before):
        yield (
            f"Of dated changes before the start ({start if since is None else since}) only what "
            f"they leave in force then is lived through: {_dates(before)}."
        )
    if any(d for _, d in short):
        yield (
            "What a change sets and another sets anew in the same week is not lived through; the "
            f"later one holds: {_dates(short)}."
        )


def same_rules(lines: Iterable[tuple[str, Timeline]], start: dt.date, weeks: int) -> Iterator[str]:
    """Yield which timelines set the levers of the first in every week; findings say it themselves.

    Args:
        lines: What is in force, each with its title; the first is the reference.
        start: The first day.
        weeks: Weeks from there.
    """
    (first, reference), *others = lines
    plan = reference.schedule(start, weeks)
    same = [title for title, line in others if line.schedule(start, weeks) == plan]
    if same:
        yield (
            f"In every week the levers under {_and(same)} are those under {first}: nothing can "
            "differ."
        )


PEOPLE_MIN = 1_000
"""Residents aged 12 and over below whom a town's figures are mostly chance."""

LAY_IN = "--local-policies (local_policies=True) lays them in"


def has_own(line: Timeline, place: Town) -> bool:
    """Return whether a town's own dated rules are laid into a timeline."""
    return all(change in line.changes for change in place.changes)


def own_rules(place: Town, start: dt.date, weeks: int, remedy: str = LAY_IN) -> Iterator[str]:
    """Yield which of a town's own dated rules are not laid into the policies.

    Args:
        place: A town whose own rules are left out.
        start: The first day.
        weeks: Weeks from there.
        remedy: How they are laid in.
    """
    dates = sorted({c.date for c in place.changes if weeks_between(start, c.date) < weeks})
    if dates:
        yield (
            f"The dated rules of {place.title} itself up to the last week ({_list(dates)}) are not "
            f"laid in, a policy stands alone; {remedy}."
        )


def few_people(place: Town, least: int = PEOPLE_MIN) -> Iterator[str]:
    """Yield that so few live in a town that its figures and a year of it are mostly chance.

    Args:
        place: The town.
        least: From how many residents aged 12 and over on nothing is said.
    """
    people = place.population.value
    if people < least:
        yield (
            f"{place.title} has about {people:,.0f} residents aged 12 and over: its figures are "
            "mostly modelled or chance, and what is simulated is a larger town of the same rates."
        )


def few_towns(towns: int, least: int) -> Iterator[str]:
    """Yield that so few towns are not spread over the posterior.

    Args:
        towns: Towns simulated.
        least: From how many on they are spread.
    """
    yield (
        f"{towns} {'town' if towns == 1 else 'towns'}: typical parameters only, so intervals leave "
        f"out doubt about parameters; ask for --draws (draws=...) or at least {least} towns."
    )


def other_rules(what: str, changed: Sequence[str] | None) -> Iterator[str]:
    """Yield that draws were fitted with other rules or parameters than there are now.

    Args:
        what: The draws, in words.
        changed: What is not as it was then; None where the draws do not say how it was.
    """
    if changed is None:
        yield (
            f"{what} does not say which rules and parameters it was fitted with: it may not fit "
            "these."
        )
    elif changed:
        more = len(changed) - NAMES_MAX
        names = ", ".join(changed[:NAMES_MAX]) + (f" and {more} more" if more > 0 else "")
        yield (
            f"{what} was fitted with other rules or parameters than these ({names} changed since): "
            "results rest on values that may no longer fit; a calibration fits them anew."
        )


def _undone(
    news: Sequence[tuple[dt.date, Policy, Policy]], start: dt.date, weeks: int
) -> list[dt.date]:
    """Return the dates of changes of which something is set anew within their week."""
    found = []
    for (date, before, after), (later, _, end) in pairwise(news):
        week = weeks_between(start, date)
        if date >= start and week < weeks and weeks_between(start, later) == week:
            changed = before.differences(after)
            if any(end.value(name) != now for name, (_, now) in changed.items()):
                found.append(date)
    return found


def _dates(dates: Dates) -> str:
    titles: dict[tuple[dt.date, ...], list[str]] = {}
    for title, days in dates:
        titles.setdefault(tuple(days), []).append(title)
    return "; ".join(f"{_list(days)} under {_and(who)}" for days, who in titles.items() if days)


def _list(dates: Sequence[dt.date]) -> str:
    words = [str(d) for d in dates[:DATES_MAX]]
    more = len(dates) - DATES_MAX
    return ", ".join(words) + (f" and {more} more" if more > 0 else "")


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
