"""HTML as text: everything that is no markup yet is escaped where it goes in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

__all__ = ["Markup", "items", "table", "tag"]


def tag(name: str, *children: Any, **attributes: Any) -> Markup:
    """Return an element; in a page that is shown, faster than a widget each.

    Args:
        name: Of the element.
        children: What is in it, in order.
        attributes: `class_` loses its underscore, `_` becomes `-`, and what is None or False is
            left out.
    """
    given = "".join(
        f' {k.rstrip("_").replace("_", "-")}="{"" if v is True else escape(v)}"'
        for k, v in attributes.items()
        if v is not None and v is not False
    )
    return Markup(f"<{name}{given}>{''.join(map(escape, children))}</{name}>")


def items(lines: Any, **attributes: Any) -> Markup:
    """Return a list of lines, or nothing where there is none."""
    found = [tag("li", line) for line in lines]
    return tag("ul", *found, **attributes) if found else Markup("")


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    numbers: Collection[int] = (),
    **attributes: Any,
) -> Markup:
    """Return a table whose rows are named by their first cells.

    Args:
        heads: Of the columns.
        rows: The cells of each row.
        numbers: The columns that hold numbers.
        attributes: The table's own.
    """
    kinds = ["num" if k in numbers else None for k in range(len(heads))]
    top = [tag("th", h, scope="col", class_=k) for h, k in zip(heads, kinds, strict=True)]
    body = []
    for name, *cells in rows:
        told = [tag("td", x, class_=k) for x, k in zip(cells, kinds[1:], strict=True)]
        body.append(tag("tr", tag("th", name, scope="row"), *told))
    return tag("table", tag("thead", tag("tr", *top)), tag("tbody", *body), **attributes)
