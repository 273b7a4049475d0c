"""Timelines: policies that change on calendar dates.

A timeline starts from a policy and patches levers on dated changes. Federal history and a town's
own history are written the same way and merged by date, so that each is written once. Changes of
one day are one change, whatever their order in the file: they may not contradict each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from trustabm.errors import (
    Contradiction,
    InvalidInput,
    nearest,
    shown,
)
from trustabm.inputs import catalog
from trustabm.inputs.declare import Level
from trustabm.inputs.lever import OWN
from trustabm.inputs.policy import EVERY, LEVERS, Levers, Policy, entangles, patched

if TYPE_CHECKING:
    from trustabm.inputs.town import Town

__all__ = [
    "Basis",
    "Change",
    "Preset",
    "Timeline",
    "date_of",
    "policy",
    "timeline",
    "weeks_between",
]


def _ships(name: str) -> str:
    """Return the name of a preset that ships; a file would need to read files in a circle."""
    if name not in catalog.shipped("policies"):
        hint = nearest(name, catalog.shipped("policies"))
        raise ValueError(f"expected a policy that ships, got {shown(name)}; {hint}")
    return name


class Preset(catalog.File):
    """A change of some levers, laid on the rules in force; what is not named stays as it is there.

    Args:
        title: A short name for tables.
        sentence: What it does.
        source: Where that is recorded.
        on: The preset whose rules are in force where nothing else is said.
        adds: Whether it only adds to what binds police and immigration enforcement: a lever that
            binds them closer where it is laid stays so.
        acts: What is done where what one level of government sets of it is changed, as it follows
            "What if"; a question on the screen offers these.
        levers: The levers that it changes.
    """

    title: catalog.Title
    sentence: catalog.Prose
    source: catalog.Prose
    on: Annotated[str, AfterValidator(_ships)] = "none"
    adds: bool = False
    acts: dict[Level, catalog.Prose] = Field(default_factory=dict)
    levers: Levers = Field(default_factory=dict)

    @model_validator(mode="after")
    def _levers_agree(self) -> Self:
        if "own" in self.levers:
            raise ValueError("levers.own: expected levers of one's own among the others, by name")
        self.policy()
        for level in self.acts:
            if not self.of(level):
                raise ValueError(
                    f"acts.{level}: expected a {level} lever among those set, got none"
                )
        return self

    @property
    def before(self) -> Policy:
        """The rules that this preset changes."""
        if self.on == "none":
            return Policy()
        return catalog.read_shipped("policies", self.on, Preset).policy()

    def policy(self) -> Policy:
        """Return the whole policy this preset stands for."""
        return self.laid_on(self.before)

    def laid_on(self, rules: Policy, level: Level | None = None) -> Policy:
        """Return the policy in force where only this preset's levers change other rules.

        Args:
            rules: What is in force.
            level: Whose levers alone are laid; everybody's if not given.
        """
        levers = self.levers if level is None else self.of(level)
        if self.adds:
            levers = {
                name: value
                for name, value in levers.items()
                if entangles(name, value, rules.value(name)) >= 0
            }
        return patched(rules, levers)

    def of(self, level: Level) -> dict[str, Any]:
        """Return the levers that it sets and a level of government owns."""
        return {name: x for name, x in self.levers.items() if EVERY[name].level == level}

    def changed(self) -> dict[Level, str]:
        """Return what it changes of the rules that it is laid on, by who sets a lever.

        Titles that start alike are said once: "Jail honours requests: no conviction 1 → 0,
        misdemeanor at most 1 → 0".
        """
        said: dict[Level, list[str]] = {level: [] for level in get_args(Level)}
        heads = dict.fromkeys(said, "")
        for name, values in self.before.differences(self.policy()).items():
            for level in said.keys() & {EVERY[name].level}:
                head, colon, rest = EVERY[name].changed(*values).partition(": ")
                alike = colon and head == heads[level]
                said[level].append(f", {rest}" if alike else f"; {head}{colon}{rest}")
                heads[level] = head
        return {level: "".join(changes)[2:] for level, changes in said.items()}

    def line(self) -> str:
        """Return the same in a line."""
        said = (f"{level.capitalize()}: {x or 'nothing'}." for level, x in self.changed().items())
        title = catalog.read_shipped("policies", self.on, Preset).title
        return f"What it changes of {title}: " + " ".join(said)


Basis = Literal["read", "recalled", "unclear"]
"""How a rule is known: read, from memory and not checked, or unclear whether it is in force."""


class Change(catalog.Strict):
    """Levers that take a new value from one date on, with where that is recorded.

    It holds from the week on that holds its date. A `policy` resets every lever to that preset
    first; `key` names a change that a town may date for itself (Secure Communities reached counties
    one by one): the town's replaces this one.
    """

    date: catalog.Day
    sentence: catalog.Prose
    source: catalog.Prose
    policy: catalog.PolicyName | None = None
    levers: Levers = Field(default_factory=dict)
    key: str | None = None
    basis: Basis = "read"

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.date} {shown(self.sentence)}"


class Timeline(catalog.File):
    """A policy that changes on dates.

    Args:
        title: A short name for tables.
        sentence: What it stands for.
        source: Where the dates are recorded.
        start: The preset in force before the first change.
        changes: The dated changes, in any order.
        local: Whether a town's own changes are part of it wherever it is in force.
        known_to: The day to which what it says is known; None where it is nothing that happened.

    A file may say `on`, the name of a timeline that ships: its start and changes come first.
    """

    title: catalog.Title
    sentence: catalog.Prose = ""
    source: catalog.Prose = ""
    start: catalog.PolicyName = "none"
    changes: tuple[Change, ...] = ()
    local: bool = False
    known_to: catalog.Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _laid_on_another(cls, values: Any) -> Any:
        if not isinstance(values, dict) or "on" not in values:
            return values
        on = values["on"]
        if on not in catalog.shipped("timelines"):
            hint = nearest(str(on), catalog.shipped("timelines"))
            raise ValueError(f"on: expected a timeline that ships, got {shown(on)}; {hint}")
        other = catalog.read_shipped("timelines", on, Timeline)
        first = {"start": other.start, "known_to": other.known_to}
        changes = {"changes": (*other.changes, *values.get("changes", ()))}
        return first | {k: v for k, v in values.items() if k != "on"} | changes

    @model_validator(mode="after")
    def _changes_agree(self) -> Self:
        self.dated()
        return self

    @classmethod
    def constant(cls, preset: str) -> Self:
        """Return the timeline in which one preset is in force for ever."""
        whole = catalog.read("policies", preset, Preset)
        return cls(title=whole.title, sentence=whole.sentence, start=preset)

    @classmethod
    def always(cls, policy: Policy, title: str) -> Self:
        """Return the timeline in which a policy is in force for ever."""
        first = Change(
            date=dt.date.min, sentence=title, source="as given", levers=policy.model_dump()
        )
        return cls(title=title, changes=(first,))

    def merged(self, local: Sequence[Change], whose: str = "the town") -> Self:
        """Return this timeline with a town's own changes; a shared `key` is dated by the town.

        Args:
            local: The town's own changes.
            whose: The town's name, for messages.

        Raises:
            InvalidInput: where levers of both contradict each other; both rules are named.
        """
        keys = {c.key for c in local if c.key is not None}
        kept = tuple(c for c in self.changes if c.key is None or c.key not in keys)
        merged = self.model_copy(update={"changes": (*kept, *local), "local": False})
        try:
            merged.dated()
        except Contradiction as e:
            raise InvalidInput(f"{self.title}, with the town's own policies: {e} ({whose})") from e
        return merged

    def in_town(self, place: Town, *, always: bool = False) -> Self:
        """Return this timeline as it is in force in a town.

        Args:
            place: The town.
            always: Whether its own changes are merged even where they are no part of this.
        """
        return self.merged(place.changes, place.title) if always or self.local else self

    @property
    def reads_files(self) -> bool:
        """Whether a user's file says some of it."""
        names = (self.start, *(c.policy for c in self.changes))
        return any(name is not None and catalog.is_file(name) for name in names)

    def overlaid(self, levers: Mapping[str, Any]) -> Self:
        """Return this timeline with levers that hold throughout, whatever else changes.

        Every change then says all levers, so that no other file is read for it.

        Raises:
            InvalidInput: where they contradict what is in force on some day.
        """
        changes = []
        for date, policy in self.dated():
            try:
                whole = patched(policy, dict(levers)).model_dump()
            except Contradiction as e:
                when = "from the start" if date == dt.date.min else f"on {date}"
                raise InvalidInput(f"levers: with {self.title} {when}: {e}") from e
            changes.append(Change(date=date, sentence="overrides", source="scenario", levers=whole))
        return self.model_copy(update={"start": "none", "changes": tuple(changes)})

    def laid_over(self, change: Change) -> Self:
        """Return this timeline with a change that wins over whatever else its day brings."""
        won = {*change.levers, *(("own", *OWN) if _is_whole(change.levers) else ())}
        kept = (
            c
            if c.date != change.date
            else c.model_copy(
                update={"levers": {k: v for k, v in c.levers.items() if k not in won}}
            )
            for c in self.changes
        )
        return self.model_copy(update={"changes": (*kept, change)})

    def setters(self, on: dt.date) -> dict[str, Change]:
        """Return the change that last set each lever until a day; none of what nothing set."""
        found: dict[str, Change] = {}
        for change in sorted(self.changes, key=lambda c: c.date):
            if change.date <= on:
                found |= dict.fromkeys(LEVERS if change.policy is not None else (), change)
                found |= dict.fromkeys(change.levers, change)
        return found

    def dated(self) -> list[tuple[dt.date, Policy]]:
        """Return `(date, policy in force from then on)`, in order; the first is `date.min`.

        Raises:
            Contradiction: where levers contradict each other on some day; the message names the
                changes that set them.
        """
        states = [(dt.date.min, policy(self.start))]
        set_by = dict.fromkeys(Policy.model_fields, f"start = {shown(self.start)}")
        for date, changes in groupby(sorted(self.changes, key=lambda c: c.date), lambda c: c.date):
            after = _after(states[-1][1], list(changes), set_by)
            if states[-1][0] == date:
                states[-1] = (date, after)
            else:
                states.append((date, after))
        return states

    def at(self, date: dt.date) -> Policy:
        """Return the policy in force on `date`."""
        return [p for d, p in self.dated() if d <= date][-1]

    def schedule(self, start: dt.date, weeks: int) -> list[tuple[int, Policy]]:
        """Return `(week, policy)` for a run that starts on `start` and lasts `weeks` weeks.

        A change holds from the week on that holds its date; of several in a week, what the last of
        them leaves in force. Week 0 always has an entry: what was in force when the run began.
        """
        plan: dict[int, Policy] = {}
        for date, state in self.dated():
            week = max(0, weeks_between(start, date))
            if week < weeks:
                plan[week] = state
        return sorted(plan.items())


def _after(before: Policy, changes: Sequence[Change], set_by: dict[str, str]) -> Policy:
    """Return the policy in force after all changes of one day, noting who set what.

    Raises:
        Contradiction: where two of them say otherwise, or levers do not agree.
    """
    resets = {c.policy: c for c in changes if c.policy is not None}
    if len(resets) > 1:
        raise _two_values("policy", list(resets.items()))
    for name, reset in resets.items():
        before = policy(str(name))
        set_by |= dict.fromkeys(set_by, f"policy = {shown(name)} of {reset.name}")
    levers: dict[str, Any] = {}
    for change in changes:
        for lever, value in change.levers.items():
            if lever in levers and levers[lever] != value:
                first = next(c for c in changes if lever in c.levers)
                raise _two_values(f"levers.{lever}", [(levers[lever], first), (value, change)])
        levers |= change.levers
        set_by |= dict.fromkeys(change.levers, change.name)
    try:
        return patched(Policy() if _is_whole(levers) else before, levers)
    except Contradiction as e:
        who = ", ".join(f"{name} is set by {set_by[name]}" for name in e.names)
        raise Contradiction(e.names, f"{e}; {who}") from None


def _is_whole(levers: Mapping[str, Any]) -> bool:
    """Return whether levers are a whole policy, in which others have their default."""
    return levers.keys() >= LEVERS.keys()


def _two_values(what: str, said: Sequence[tuple[Any, Change]]) -> Contradiction:
    date = said[0][1].date
    both = " and ".join(f"{shown(value)} ({shown(c.sentence)})" for value, c in said[:2])
    return Contradiction((what,), f"changes: {what}: expected one value on {date}, got {both}")


def weeks_between(start: dt.date, date: dt.date) -> int:
    """Return the index of the week of a run from `start` that holds `date`.

    Week 0 begins on `start`. A year from there is 52 weeks: its last one or two days belong to its
    last week, so that calendar dates do not drift away from weeks over decades.
    """
    years = date.year - start.year
    years -= (date.month, date.day) < (start.month, start.day)
    if start.year + years < dt.MINYEAR:
        return 52 * years
    return 52 * years + min((date - _anniversary(start, years)).days // 7, 51)


def date_of(start: dt.date, week: int) -> dt.date:
    """Return the first day of a week of a run: what `weeks_between` counts, the other way round."""
    years, place = divmod(week, 52)
    return _anniversary(start, years) + dt.timedelta(days=7 * place)


def _anniversary(start: dt.date, years: int) -> dt.date:
    """Return the day so many years later; of a 29 February where there is none, 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return dt.date(start.year + years, 3, 1)


def policy(name: str | Path) -> Policy:
    """Return a preset by name, or a policy read from the path of a TOML file."""
    return catalog.read("policies", name, Preset).policy()


def timeline(name: str | Path) -> Timeline:
    """Return a timeline by name or path; the name of a preset is the timeline that holds it."""
    name = catalog.policy_file(catalog.word(name, "policy"))
    if name in catalog.shipped("policies"):
        return Timeline.constant(name)
    if name in catalog.shipped("timelines"):
        return catalog.read("timelines", name, Timeline)
    if catalog.is_file(name):
        data = catalog.read_toml(Path(name))
        if {"changes", "start", "local"} & data.keys():
            return catalog.read("timelines", name, Timeline)
        return Timeline.constant(name)
    valid = (*catalog.names("policies"), *catalog.names("timelines"))
    raise InvalidInput(
        f"policy: no {shown(name)}; {nearest(name, valid)} (or the path of a .toml file)"
    )
