"""Classes of a user's own that residents, officers or ICE agents are of, and how slow they are.

This room knows the classes of `trustabm.agents` by name alone: a class brings what carries out its
weeks with it, so that nothing here imports Mesa.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Annotated, Any

from pydantic import AfterValidator, PlainSerializer

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.week.world import Lives, World

__all__ = [
    "SLOWER",
    "Classes",
    "check_workers",
    "given",
    "inhabiting",
    "say_slower",
    "unknown_elsewhere",
]

SLOWER = 800
"""How many times the CPU time of the compiled driver the agents driver takes: Harris County, 2,000
residents, 52 weeks; measured on 2026-11-26."""

BASES = {"resident_class": "Resident", "police_class": "PoliceOfficer", "ice_class": "IceAgent"}
"""What each is a subclass of, in `trustabm.agents`."""


def _checked(classes: Mapping[str, Any]) -> dict[str, type[Any]]:
    """Return classes by what they are for, names resolved, without those that ship."""
    found = {}
    for what, asked in sorted(classes.items()):
        if what not in BASES:
            raise ValueError(f"{what}: no such class; {nearest(what, BASES)}")
        kind = _imported(what, asked) if isinstance(asked, str) else asked
        names = [f"{c.__module__}.{c.__name__}" for c in getattr(kind, "__mro__", ())]
        if f"trustabm.agents.people.{BASES[what]}" not in names:
            raise ValueError(
                f"{what}: expected a subclass of trustabm.agents.{BASES[what]}, got {shown(asked)}"
            )
        if kind.__module__ != "trustabm.agents.people":
            found[what] = kind
    return found


def _imported(what: str, name: str) -> Any:
    module, _, path = name.partition(":")
    try:
        found = import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as e:
        raise ValueError(
            f"{what}: expected a class to import, as 'package.module:Class', got {shown(name)} "
            f"({e})"
        ) from e
    return found


def _names(classes: Mapping[str, type[Any]]) -> dict[str, str]:
    return {what: f"{kind.__module__}:{kind.__qualname__}" for what, kind in classes.items()}


Classes = Annotated[
    dict[str, Any], AfterValidator(_checked), PlainSerializer(_names, when_used="json")
]
"""`resident_class`, `police_class`, `ice_class`: subclasses of those in `trustabm.agents`, or where
such a one is imported from, as "package.module:Class"."""


def given(**classes: Any) -> dict[str, Any]:
    """Return the classes that somebody gave, by keyword."""
    return {what: kind for what, kind in classes.items() if kind is not None}


def unknown_elsewhere(classes: Mapping[str, type[Any]]) -> str | None:
    """Return the name of a class that another process cannot import; None where it can import all.

    What a script, a notebook or a function defines lives in its own process alone.
    """
    for kind in classes.values():
        found: Any = sys.modules.get(kind.__module__)
        for part in kind.__qualname__.split("."):
            found = getattr(found, part, None)
        if kind.__module__ == "__main__" or found is not kind:
            return f"{kind.__module__}.{kind.__qualname__}"
    return None


def check_workers(classes: Mapping[str, type[Any]], what: str) -> None:
    """Raise where other processes are to use a class that they cannot import.

    Args:
        classes: The classes.
        what: What asks for other processes.

    Raises:
        InvalidInput: naming the class.
    """
    name = unknown_elsewhere(classes)
    if name is not None:
        raise InvalidInput(
            f"{what}: expected a class that other processes can import, got {name}; write it into "
            "a file of its own and import it from there"
        )


def inhabiting(classes: Mapping[str, type[Any]]) -> Callable[[World], Lives] | None:
    """Return what makes the agents of a world that live through its weeks; None without classes."""
    for kind in classes.values():
        inhabit: Callable[..., Lives] = kind.inhabit
        return partial(inhabit, classes=classes)
    return None


def say_slower(classes: Mapping[str, type[Any]]) -> None:
    """Say on stderr, before the first week, how slow classes of one's own are."""
    if classes:
        print(
            f"{', '.join(classes)}: agents carry out these weeks, about {SLOWER} times slower than "
            "compiled (CPU time; Harris County, 2,000 residents, 52 weeks).",
            file=sys.stderr,
        )
