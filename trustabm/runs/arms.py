"""The arms of a comparison: whole policies side by side, or changes laid on the rules in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, ValidationInfo, model_validator

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog
from trustabm.inputs.catalog import names_apart
from trustabm.inputs.laid import Laid, day_of
from trustabm.inputs.policy import Levers, Policy
from trustabm.inputs.rule import Rules
from trustabm.inputs.timeline import Change, Timeline

__all__ = ["CHANGE", "Arm", "PolicyLike", "TitledArm", "parting"]

CHANGE = ("change", "from")
"""Keys of what is laid on the rules in force, and from when."""


def _with_change(schema: dict[str, Any]) -> None:
    """Say in the JSON Schema that an arm may be a change."""
    for key, sentence in zip(
        CHANGE,
        (
            "A policy whose local levers are laid on the arm's, or state:NAME or federal:NAME; "
            "or a list of several.",
            "The day or the month from which it holds, as 2026-01.",
        ),
        strict=True,
    ):
        text: dict[str, Any] = {"type": "string"}
        many = {"anyOf": [text, {"type": "array", "items": text}]}
        kind = many if key == "change" else text
        schema["properties"][key] = {**kind, "description": sentence}


class Arm(catalog.Strict):
    """What is in force in one arm.

    A file may say `change`, a policy whose local levers are laid on it, or several, and `from`, the
    day from which they hold; on the rules in force in the town where it says no `policy`.

    Args:
        policy: A policy, a timeline, or the path of a TOML file of either.
        levers: Lever values laid over it.
        laid: Policies of which one level's levers are laid on it from a day on, whatever comes
            later.
        rules: Rules of one's own from the day on which arms part, in place of shipped ones and of
            those that all arms share; the reference's are those of the weeks before too.

    Example:
        >>> import trustabm as ta
        >>> @ta.rule("witness_there")
        ... def nobody_saw(p, kind):
        ...     return 0.0
        >>> arms = {"as it ships": "none", "nobody sees": ta.Arm(rules=[nobody_saw])}
        >>> c = ta.compare(arms, replicates=4, weeks=8, residents=500)
        >>> list(c.arms)
        ['as it ships', 'nobody sees']
    """

    policy: catalog.PolicyName = "none"
    levers: Levers = Field(default_factory=dict)
    laid: tuple[Laid, ...] = ()
    rules: Rules = ()

    model_config = ConfigDict(json_schema_extra=lambda schema: _with_change(schema))

    @model_validator(mode="before")
    @classmethod
    def _lays_changes(cls, values: Any, info: ValidationInfo) -> Any:
        if not isinstance(values, dict) or not values.keys() & set(CHANGE):
            return values
        words, since = (catalog.plain(values.get(key)) for key in CHANGE)
        if words is None:
            raise ValueError("change: expected a policy that holds from that day, got none")
        if since is None:
            raise ValueError("from: expected the day from which the change holds, got none")
        if "laid" in values:
            raise ValueError("laid: expected none beside a change")
        folder = (info.context or {}).get("folder")
        words = words if isinstance(words, tuple) else (words,)
        laid = tuple(Laid.of(word, day_of(since, "from"), folder) for word in words)
        rest = {key: value for key, value in values.items() if key not in CHANGE}
        return {"policy": "today"} | rest | {"laid": laid}


class TitledArm(Arm):
    """An arm with what a file of a study does not say of one.

    Args:
        title: What it is called; as its policy if not given.
        changes: Dated changes that win over whatever else their day brings.
        line: A timeline of its own, in place of the policy.
        over: Lever values laid over all of it.
    """

    title: catalog.Title | None = None
    changes: tuple[Change, ...] = ()
    line: Timeline | None = None
    over: Levers = Field(default_factory=dict)

    @property
    def by_name(self) -> bool:
        """Whether the name of its policy says all of it."""
        return not (
            self.line or self.levers or self.laid or self.changes or self.over or self.rules
        )


PolicyLike = str | Path | Policy | Timeline | Arm

START = dt.date(2010, 1, 1)
"""The day on which policies part, where none is given."""


def parting(policies: Any, changes: Any, since: Any, start: Any) -> dict[str, Any]:
    """Return the arms by name, and the day on which they part, as an experiment takes them.

    Args:
        policies: As in `trustabm.compare`, as the others are.
        changes: What is laid on the first of them, or on the rules in force.
        since: From when.
        start: The day.

    Raises:
        InvalidInput: for too few arms or too many, or a day that does not fit.
    """
    if isinstance(changes, str | Mapping) or not isinstance(changes, Iterable):
        raise InvalidInput(f"changes: expected a list of policies, got {shown(changes)}")
    words, arms = [catalog.plain(word) for word in changes], _arms(policies)
    if not words:
        if since is not None:
            raise InvalidInput(f"since: expected none without changes, got {shown(since)}")
        if len(arms) < 2:
            raise InvalidInput(
                "policies: expected at least 2, the first of them the reference, or a change of "
                f"the rules in force, got {list(arms)}"
            )
        return {"arms": arms, "start": START if start is None else start}
    if len(arms) > 1:
        raise InvalidInput(
            f"policies: expected none or one, on which changes are laid, got {list(arms)}"
        )
    if since is None and start is None:
        raise InvalidInput("since: expected the day from which changes hold, got none")
    first = day_of(since if start is None else start, "since" if start is None else "start")
    day = first if since is None else day_of(since, "since")
    if day < first:
        raise InvalidInput(f"since: expected the start, {first}, or a later day, got {day}")
    arms = arms or {"today": _arm("today", "today", None)}
    (under,) = arms.values()
    laid = [Laid.of(word, day) for word in words]
    for name, one in zip(names_apart([x.word for x in laid]), laid, strict=True):
        if name in arms:
            raise InvalidInput(f"changes: expected each once, got {shown(name)} twice")
        arms[name] = {**under, "title": one.title, "laid": (one,)}
    return {"arms": arms, "start": first}


class _Named(catalog.File):
    """The name of an arm."""

    name: catalog.Title


def _arms(policies: Any) -> dict[str, dict[str, Any]]:
    """Return the arms by name: the words they were asked for by, or their titles."""
    if isinstance(policies, str | set | frozenset) or not isinstance(policies, Iterable):
        # Of a set none is the first, with which the others are compared.
        raise InvalidInput(f"policies: expected a list of at least 2, got {shown(policies)}")
    if isinstance(policies, Mapping):
        named = {catalog.plain(name): catalog.plain(what) for name, what in policies.items()}
        for name in named:
            _Named.make({"name": name}, "policies")
    else:
        given = [catalog.plain(what) for what in policies]
        for what in given:
            if not isinstance(what, str | Timeline | Policy | Arm):
                raise InvalidInput(f"policies: expected a name or a timeline, got {shown(what)}")
            if isinstance(what, Policy | Arm):
                kind = type(what).__name__
                raise InvalidInput(
                    f"policies: expected a name for {'an' if kind == 'Arm' else 'a'} {kind}, as in "
                    f"{{'mine': {kind.lower()}}}, got none"
                )
        asked = [what.title if isinstance(what, Timeline) else what for what in given]
        named = {}
        for name, what in zip(names_apart(asked), given, strict=True):
            if name in named:
                raise InvalidInput(
                    f"policies: expected each once, or names of your own, as in "
                    f"{{'mine': policy}}, got {shown(name)} twice"
                )
            named[name] = what
    for name, what in named.items():
        if not isinstance(what, str | Timeline | Policy | Arm):
            raise InvalidInput(
                f"policies: {name}: expected a name, a timeline or a policy, got {shown(what)}"
            )
    # What somebody named is called so; a file is called by its title.
    titled = isinstance(policies, Mapping)
    return {name: _arm(what, name, name if titled else None) for name, what in named.items()}


def _arm(what: str | Policy | Timeline | Arm, name: str, title: str | None) -> dict[str, Any]:
    if isinstance(what, Arm):
        return {**dict(what), "title": title}
    if isinstance(what, str):
        return {"policy": what, "title": title}
    line = Timeline.always(what, name) if isinstance(what, Policy) else what
    return {"line": line, "title": title}
