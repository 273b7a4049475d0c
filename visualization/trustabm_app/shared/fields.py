"""Fields of a `Panel`, as its script reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

__all__ = ["form", "number", "select"]

Field = dict[str, Any]
Options = Iterable[Sequence[str]]


def select(
    key: str,
    label: str,
    options: Options,
    help_: str = "",
    grouped: Mapping[str, Options] = MappingProxyType({}),
) -> Field:
    """Return a choice of one.

    Args:
        key: What it sets.
        label: What it is called.
        options: A value and its title each.
        help_: What is said below.
        grouped: More options, by the title of their group.
    """
    groups = {"": options, **grouped}
    every = [{"label": k, "options": [list(o) for o in x]} for k, x in groups.items()]
    found = {"key": key, "label": label, "kind": "select", "help": help_}
    return found | {"options": [of for of in every if of["options"]]}


def number(
    key: str, label: str, limits: Sequence[float], kind: str = "number", **more: Any
) -> Field:
    """Return a number.

    Args:
        key: What it sets.
        label: What it is called.
        limits: The lowest, the highest and the grid.
        kind: `number` to type it, `range` to slide.
        more: What else the script reads.
    """
    low, high, grid = limits
    return {"key": key, "label": label, "kind": kind, "low": low, "high": high, "grid": grid} | more


def form(*fields: Field, title: str = "", buttons: Sequence[Field] = ()) -> Field:
    """Return a section of a form."""
    return {"title": title, "fields": list(fields), "buttons": list(buttons)}
