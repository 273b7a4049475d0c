"""What a result is in a notebook: one value among others, equal or not, and shown as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from trustabm.inputs.draws import digest
from trustabm.runs.conditions import Conditions

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["drawn", "page", "same"]


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same bit for bit, frames and arrays in them too.

    Of a dataclass the fields that are to be compared count: not when and by what it was made. Of an
    experiment or a scenario what its files say counts, not where they lie.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, Conditions):
        return bool(_said(one) == _said(other))
    if is_dataclass(one):
        compared = [f.name for f in fields(one) if f.compare]
        return all(same(getattr(one, name), getattr(other, name)) for name in compared)
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(x, other[k]) for k, x in one.items())
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "equals"):  # a frame, without importing pandas for it
        return bool(one.equals(other))
    return bool(one == other)


def _said(asked: Any) -> Any:
    """Return what an experiment or a scenario says, with no place of a file."""
    of = getattr(asked, "posterior", None)
    return (
        asked.whole if of is None else (asked.whole.model_dump(exclude={"posterior"}), digest(of))
    )


def drawn(how: str, result: Any, *of: Any) -> Any:
    """Return a result as a figure, in the one style of all figures.

    Figures stand above runs, and need an extra: so they are asked for where one is drawn.

    Args:
        how: The name of what draws it in `trustabm.figures.results`.
        result: The result.
        of: What of it is drawn.

    Raises:
        NotInstalled: where the extra that draws is not installed, naming it.
    """
    from trustabm.figures import results

    return getattr(results, how)(result, *of)


def page(title: str, about: str, table: pd.DataFrame, notes: Iterable[str]) -> str:
    """Return a result as HTML: a title, what it is of, a table, and what is to be read with it.

    Args:
        title: In plain text, as all else is.
        about: What was run, in a line.
        table: Its columns and rows, numbers as they are to be read already.
        notes: Plain sentences.
    """
    rows = [_row("td", row) for row in table.astype(str).itertuples(index=False)]
    head = _row("th", [str(name) for name in table.columns])
    said = "".join(f"<li>{escape(line)}</li>" for line in notes)
    return (
        f"<h4>{escape(title)}</h4><p>{escape(about)}</p>"
        f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
        + (f"<ul>{said}</ul>" if said else "")
    )


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
