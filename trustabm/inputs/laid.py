"""Changes: one level's levers of a policy, laid on the rules in force from a day on.

What a sheriff or a city sets is theirs to change; what state law or the federal government sets is
changed only by a change that says so, `state:NAME` or `federal:NAME`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Self, get_args

from pydantic import ValidationError, model_validator

from trustabm.errors import Contradiction, InvalidInput, nearest, problems, shown
from trustabm.inputs import catalog
from trustabm.inputs.declare import Level
from trustabm.inputs.places import laws
from trustabm.inputs.policy import LEVERS, Policy, entangles
from trustabm.inputs.timeline import Change, Preset, Timeline, date_of
from trustabm.inputs.town import TownName, town

__all__ = ["Laid", "day_of"]

JAIL = ("ask_status", "jail_screening", "judicial_warrant")
"""With what a jail honours: what a law that forbids limits without naming one speaks of."""


class Laid(catalog.Strict):
    """A policy of which one level's levers hold from a day on, whatever comes later.

    Args:
        policy: A policy that ships, or the path of a TOML file.
        level: Whose levers are laid; the others stay as they are in force.
        since: The day.
        town: The town of a region in which they are laid; the first if not given.
        given: The policy itself, where its name stands for no file any more.
    """

    policy: catalog.PolicyName
    level: Level = "local"
    since: catalog.Day
    town: TownName | None = None
    given: Preset | None = None

    @model_validator(mode="after")
    def _sets_something(self) -> Self:
        if not self.preset.of(self.level):
            others = [level for level in get_args(Level) if self.preset.of(level)]
            hint = " or ".join(f"{level}:{self.policy}" for level in others) or "another policy"
            raise ValueError(
                f"change: expected a policy that sets a {self.level} lever, got "
                f"{shown(self.policy)}, which sets none (did you mean {hint}?)"
            )
        return self

    @classmethod
    def of(cls, word: object, since: dt.date, folder: Path | None = None) -> Self:
        """Return what a word stands for: `287g-jail`, `federal:287g-jail`, `outreach@union-nc`.

        Args:
            word: The word.
            since: The day from which it holds.
            folder: The folder from which a path starts; the current one if not given.

        Raises:
            InvalidInput: for a policy or a level that does not exist.
        """
        word = catalog.word(word, "change")
        level, colon, name = word.partition(":")
        if not colon or len(level) == 1:  # of a drive, which starts a path
            level, name = "local", word
        if level not in get_args(Level):
            hint = nearest(level, get_args(Level))
            raise InvalidInput(
                f"change: expected local, state or federal, got {shown(level)}; {hint}"
            )
        try:
            place = None
            if "@" in name and not (catalog.is_file(name) and Path(name).is_file()):
                name, _, place = name.partition("@")
            values = {"policy": name, "level": level, "since": since, "town": place}
            return cls.model_validate(values, context={"folder": folder})
        except ValidationError as e:
            raise InvalidInput("\n".join(problems(e, []))) from e

    @property
    def word(self) -> str:
        """The word that stands for it."""
        word = self.policy if self.level == "local" else f"{self.level}:{self.policy}"
        return word if self.town is None else f"{word}@{self.town}"

    @cached_property
    def preset(self) -> Preset:
        """The policy, as it was first read."""
        return self.given or catalog.read("policies", self.policy, Preset)

    @property
    def whole(self) -> Self:
        """The same with what its file says in it, and no path."""
        if self.given is not None or not catalog.is_file(self.policy):
            return self
        update = {"policy": Path(self.policy).name, "given": self.preset}
        return self.model_copy(update=update)

    @property
    def title(self) -> str:
        """What it is called."""
        title = self.preset.title
        title = title if self.level == "local" else f"{title} ({self.level} levers)"
        return title if self.town is None else f"{title} in {town(self.town).title}"

    def on(self, line: Timeline) -> Timeline:
        """Return what is in force by date with it.

        Raises:
            InvalidInput: where it contradicts what is in force on some day.
        """
        preset, states = self.preset, line.dated()
        days = sorted({self.since} | {day for day, _ in states if day > self.since})
        changes = [c for c in line.changes if c.date < self.since]
        for day in days:
            rules = [policy for d, policy in states if d <= day][-1]
            try:
                levers = preset.laid_on(rules, self.level).model_dump()
            except Contradiction as e:
                raise InvalidInput(f"change: {self.word}: with {line.title} on {day}: {e}") from e
            changes.append(
                Change(date=day, sentence=preset.sentence, source=preset.source, levers=levers)
            )
        return line.model_copy(update={"changes": tuple(changes)})

    def notes(self, fips: str | None, line: Timeline, start: dt.date, weeks: int) -> Iterator[str]:
        """Yield what of the policy is not laid, and which laws in force say otherwise.

        Args:
            fips: The county, for its state's laws; None where it is none.
            line: What is in force without it.
            start: The first day.
            weeks: Weeks from there.
        """
        preset = self.preset
        rest = [level for level in get_args(Level) if level != self.level and preset.of(level)]
        if rest:
            yield (
                f"Of {preset.title} only what is {self.level} is laid on the rules in force; "
                f"what is {' or '.join(rest)} stays as it is, and is a change of its own."
            )
        if fips is None:
            yield (
                f"Whether state law allows {self.title} is not known: the town names no county "
                "(fips)."
            )
            return
        changed, last = self.on(line), date_of(start, weeks)
        for law in against(fips, self.since, last, line, changed, _agreed_by(self.policy)):
            yield (
                f"State law says otherwise than {self.title}: {law.sentence.rstrip('.')} "
                f"({law.date}; {law.source}; {law.basis}). Assumed here: the change is carried out "
                "all the same."
            )


def _agreed_by(policy: str) -> str | None:
    """Return which lever a law that forbids such an agreement sets to none; None of no agreement.

    A warrant service agreement sets no lever that such laws set, and is forbidden all the same.
    """
    if policy.startswith("287g-task-force"):
        return "deputized_share"
    return "jail_screening" if policy in (preset for _, preset in laws.MODELS.values()) else None


def against(
    fips: str,
    since: dt.date,
    last: dt.date,
    line: Timeline,
    changed: Timeline,
    agreed: str | None = None,
) -> Iterator[laws.StateLaw]:
    """Yield the laws of a county's state that rules contradict where they depart from others.

    Of laws that set a lever the latest counts.

    Args:
        fips: The county.
        since: From when the rules depart.
        last: The first day that does not matter.
        line: What is in force.
        changed: The rules.
        agreed: The lever that laws set to none which forbid what the rules agree to.
    """
    known = [law for law in laws.state_laws(laws.state_of(fips)) if law.stance and law.date < last]
    for k, law in enumerate(known):
        day = max(since, law.date)
        later = {name for x in known[k + 1 :] if x.date <= day for name in x.levers}
        forbidden = agreed is not None and agreed not in later and _forbids(law, agreed)
        if forbidden or _breaks(law, later, line.at(day), changed.at(day)):
            yield law


def _forbids(law: laws.StateLaw, agreed: str) -> bool:
    return law.levers.get(agreed) == 0.0 if law.levers else law.stance == "limits"


def _breaks(law: laws.StateLaw, later: set[str], here: Policy, there: Policy) -> bool:
    sign = 1 if law.stance == "limits" else -1
    moved = {name: new for name, (_, new) in here.differences(there).items()}
    if law.levers:
        bound: dict[str, Any] = {n: x for n, x in law.levers.items() if n not in later}
    elif law.key.startswith("287g"):  # agreements alone, not what a jail without one honours
        bound = {name: getattr(here, name) for name in ("deputized_share", "jail_screening")}
    else:
        honors = [name for name in LEVERS if name.startswith("honor_")]
        bound = {name: getattr(here, name) for name in (*JAIL, *honors)}
    return any(sign * entangles(n, moved[n], x) > 0 for n, x in bound.items() if n in moved)


def day_of(text: object, what: str) -> dt.date:
    """Return a day from one, from text as `2026-01-15`, or from a month as `2026-01`, its first.

    Raises:
        InvalidInput: where it is none.
    """
    given = catalog.plain(text)
    if isinstance(given, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", given):
        given = f"{given}-01"
    return _Day.make({"day": given}, what).day


class _Day(catalog.File):
    day: catalog.Day
