"""The arms of a comparison: whole policies side by side, or changes laid on the rules in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog
from trustabm.inputs.catalog import names_apart
from trustabm.inputs.laid import Laid, day_of
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Timeline

__all__ = ["PolicyLike", "parting"]

PolicyLike = str | Path | Policy | Timeline

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
            if not isinstance(what, str | Timeline | Policy):
                raise InvalidInput(f"policies: expected a name or a timeline, got {shown(what)}")
            if isinstance(what, Policy):
                raise InvalidInput(
                    "policies: expected a name for a Policy, as in {'mine': policy}, got none"
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
        if not isinstance(what, str | Timeline | Policy):
            raise InvalidInput(
                f"policies: {name}: expected a name, a timeline or a policy, got {shown(what)}"
            )
    # What somebody named is called so; a file is called by its title.
    titled = isinstance(policies, Mapping)
    return {name: _arm(what, name, name if titled else None) for name, what in named.items()}


def _arm(what: str | Policy | Timeline, name: str, title: str | None) -> dict[str, Any]:
    if isinstance(what, str):
        return {"policy": what, "title": title}
    line = Timeline.always(what, name) if isinstance(what, Policy) else what
    return {"line": line, "title": title}
