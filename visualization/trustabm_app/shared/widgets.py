"""The widgets that pages share: a form, what can be taken away, light and dark, the address.

Each is an anywidget: a plain ES module in `static/` that knows no framework and asks no network.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets as t

__all__ = [
    "Downloads",
    "Panel",
    "ThemeSwitch",
    "Toolbox",
    "UrlSync",
    "Widget",
    "source",
]

HERE = Path(__file__).parents[1]


@cache
def source(name: str) -> str:
    """Return the text of a file in `static/`."""
    return (HERE / "static" / name).read_text("utf-8")


class Widget(anywidget.AnyWidget):
    """A widget whose messages go to a handler: `{"what": ..., ...}`."""

    def __init__(
        self, heard: Callable[[dict[str, Any]], object] | None = None, **traits: Any
    ) -> None:
        super().__init__(**traits)
        self.heard = heard
        self.on_msg(self._hear)

    def _hear(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if self.heard is not None and isinstance(content, dict) and len(content) <= 8:
            self.heard(content)


class Panel(Widget):
    """A form made from declarations."""

    _esm = source("panel.js")
    _css = source("panel.css")
    sections = t.List([]).tag(sync=True)
    values = t.Dict({}).tag(sync=True)
    problem = t.Unicode("").tag(sync=True)


class Toolbox(Widget):
    """Files, links and code of something on the page that is not a chart of weeks."""

    _esm = source("actions.js") + "\n" + source("toolbox.js")
    _css = source("charts.css")
    label = t.Unicode("").tag(sync=True)
    actions = t.List(["png", "svg", "csv", "link", "code"]).tag(sync=True)


class Downloads(Widget):
    """Files to take away, each with what it is and for whom; made when asked for."""

    _esm = source("actions.js") + "\n" + source("downloads.js")
    _css = source("panel.css")
    items = t.List([]).tag(sync=True)


class ThemeSwitch(anywidget.AnyWidget):
    """Light or dark: a class of the whole page, kept by the browser; the server need not know."""

    _esm = source("theme.js")
    _css = source("panel.css")


class UrlSync(anywidget.AnyWidget):
    """Keeps the address, and the links that carry it on, in step with what is shown."""

    _esm = source("address.js")
    query = t.Unicode("").tag(sync=True)
