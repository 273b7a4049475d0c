"""Timelines: policies that change on calendar dates.

A timeline starts from a policy and patches levers on dated changes. Federal history and a town's
own history are written the same way and merged by date, so that each is written once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from trustabm import catalog
from trustabm.errors import InvalidInput, from_validation, nearest
from trustabm.policy import Policy

__all__ = [
    "Change",
    "Preset",
    "Timeline",
    "date_of",
    "patched",
    "policy",
    "stands_for",
    "timeline",
    "weeks_between",
]


class Preset(catalog.File):
    """A named setting of levers; what is not named stays at its default."""

    title: str
    sentence: str
    source: str
    levers: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _levers_are_valid(self) -> Self:
        self.policy()
        return self

    def policy(self) -> Policy:
        """Return the whole policy this preset stands for."""
        return patched(Policy(), self.levers)


class Change(catalog.Strict):
    """Levers that take a new value from one date on, with where that is recorded.

    A `policy` resets every lever to that preset first; `key` names a change that a town may date
    for itself (Secure Communities reached counties one by one): the town's replaces this one.
    """

    date: dt.date
    sentence: str
    source: str
    policy: str | None = None
    levers: dict[str, Any] = Field(default_factory=dict)
    key: str | None = None

    def apply(self, before: Policy) -> Policy:
        """Return the policy in force after this change."""
        start = before if self.policy is None else policy(self.policy)
        return patched(start, self.levers)


class Timeline(catalog.File):
    """A policy that changes on dates.

    Args:
        title: A short name for tables.
        sentence: What it stands for.
        source: Where the dates are recorded.
        start: The preset in force before the first change.
        changes: The dated changes, in any order.
    """

    title: str
    sentence: str = ""
    source: str = ""
    start: str = "none"
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _changes_are_valid(self) -> Self:
        self.at(dt.date.max)
        return self

    @classmethod
    def constant(cls, preset: str) -> Self:
        """Return the timeline in which one preset is in force for ever."""
        return cls(title=catalog.read("policies", preset, Preset).title, start=preset)

    def merged(self, local: tuple[Change, ...]) -> Self:
        """Return this timeline with a town's own changes; a shared `key` is dated by the town.

        Raises:
            InvalidInput: where levers of both contradict each other.
        """
        keys = {c.key for c in local if c.key is not None}
        kept = tuple(c for c in self.changes if c.key is None or c.key not in keys)
        merged = self.model_copy(update={"changes": kept + local})
        try:
            merged.at(dt.date.max)
        except ValidationError as e:
            where = f"{self.title}, with the town's own policies"
            raise from_validation(where, e, list(Policy.model_fields)) from e
        return merged

    def dated(self) -> list[tuple[dt.date, Policy]]:
        """Return `(date, policy in force from then on)`, in order; the first is `date.min`."""
        states = [(dt.date.min, policy(self.start))]
        for change in sorted(self.changes, key=lambda c: c.date):
            after = change.apply(states[-1][1])
            if states[-1][0] == change.date:
                states[-1] = (change.date, after)
            else:
                states.append((change.date, after))
        return states

    def at(self, date: dt.date) -> Policy:
        """Return the policy in force on `date`."""
        return [p for d, p in self.dated() if d <= date][-1]

    def schedule(self, start: dt.date, weeks: int) -> list[tuple[int, Policy]]:
        """Return `(week, policy)` for a run that starts on `start` and lasts `weeks` weeks.

        Week 0 always has an entry: what was in force when the run began.
        """
        plan: dict[int, Policy] = {}
        for date, state in self.dated():
            week = max(0, weeks_between(start, date))
            if week < weeks:
                plan[week] = state
        return sorted(plan.items())


def weeks_between(start: dt.date, date: dt.date) -> int:
    """Return the index of the week of a run from `start` that holds `date`.

    A year is 52 weeks: the year's last one or two days belong to its last week, so that calendar
    dates do not drift away from weeks over decades.
    """
    if date == dt.date.min:
        return -(10**6)
    return 52 * (date.year - start.year) + _week_of_year(date) - _week_of_year(start)


def date_of(start: dt.date, week: int) -> dt.date:
    """Return the first day of a week of a run: what `weeks_between` counts, the other way round."""
    first = weeks_between(dt.date(start.year, 1, 1), start)
    years, place = divmod(first + week, 52)
    return dt.date(start.year + years, 1, 1) + dt.timedelta(days=7 * place)


def _week_of_year(date: dt.date) -> int:
    return min((date - dt.date(date.year, 1, 1)).days // 7, 51)


def policy(name: str) -> Policy:
    """Return a preset by name, or a policy read from the path of a TOML file."""
    return catalog.read("policies", name, Preset).policy()


def timeline(name: str) -> Timeline:
    """Return a timeline by name or path; the name of a preset is the timeline that holds it."""
    if name in catalog.names("policies"):
        return Timeline.constant(name)
    if name in catalog.names("timelines"):
        return catalog.read("timelines", name, Timeline)
    if name.endswith(".toml"):
        from pathlib import Path

        data = catalog.read_toml(Path(name))
        if "changes" in data or "start" in data:
            return catalog.read("timelines", name, Timeline)
        return Timeline.constant(name)
    valid = (*catalog.names("policies"), *catalog.names("timelines"))
    raise InvalidInput(f"policy: no {name!r}; {nearest(name, valid)} (or the path of a .toml file)")


def stands_for(name: str) -> str:
    """Return in a sentence what a policy or timeline stands for, by name or path."""
    line = timeline(name)
    held = not (line.sentence or line.changes)
    return catalog.read("policies", line.start, Preset).sentence if held else line.sentence


def patched(base: Policy, levers: dict[str, Any]) -> Policy:
    """Return a policy with some levers set anew, checked whole."""
    for name in levers:
        if name not in Policy.model_fields:
            raise ValueError(f"levers.{name}: no such lever; {nearest(name, Policy.model_fields)}")
    return Policy.model_validate(base.model_dump() | levers)
