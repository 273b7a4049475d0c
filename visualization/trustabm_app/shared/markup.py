"""Tables as text: thousands of cells in one piece, where a widget each would be slow."""

from __future__ import annotations

import html
from typing import Any

__all__ = ["Markup", "tag"]


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, *children: Any, **attributes: Any) -> Markup:
    """Return an element; everything in it that is no markup is escaped.

    `class_` loses its underscore, `_` becomes `-`, and what is None or False is left out.
    """
    given = "".join(
        f' {k.rstrip("_").replace("_", "-")}="{"" if v is True else html.escape(str(v))}"'
        for k, v in attributes.items()
        if v is not None and v is not False
    )
    inner = "".join(c if isinstance(c, Markup) else html.escape(str(c)) for c in children)
    return Markup(f"<{name}{given}>{inner}</{name}>")
