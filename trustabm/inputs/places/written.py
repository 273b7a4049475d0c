"""A town as the text of a TOML file that reads back as the same town, to correct by hand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trustabm.inputs.town import Town

__all__ = ["written"]

ORDER = ("value", "low", "high", "kind", "imputed", "year", "source")
"""How a line of a figure goes."""


def written(place: Town | Mapping[str, Any], note: str = "") -> str:
    """Return the text of a town's file: a line a figure, with its range, kind and source.

    Args:
        place: The town, or what its file is to say.
        note: What stands above it, as a comment.
    """
    lines = [f"# {line}" for line in note.splitlines()]
    values = place if isinstance(place, Mapping) else place.model_dump(exclude_defaults=True)
    return "\n".join([*lines, *_table(values)]) + "\n"


def _table(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table: its values, then the tables in it."""
    below = {"groups", "changes"}
    for key, value in values.items():
        if key not in below:
            yield f"{key} = {_value(value)}"
    for key, group in values.get("groups", {}).items():
        yield from ("", f"[groups.{key}]", *_table(group))
    for change in values.get("changes", ()):
        yield from ("", "[[changes]]", *_table(change))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if "source" in value:  # a figure: what is corrected first stands first
            value = dict(sorted(value.items(), key=lambda item: ORDER.index(item[0])))
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
