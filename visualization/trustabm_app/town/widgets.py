"""The widgets of a town: its map, its charts, and the controls of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as t

from trustabm_app.shared.widgets import HERE, Widget, source
from trustabm_app.town import scene
from trustabm_app.town.series import Row

__all__ = ["PALETTES", "UPLOT", "Charts", "TownMap", "Transport", "uplot"]

UPLOT = HERE / "vendor" / "uplot" / "dist"
UPLOT_CDN = "https://cdn.jsdelivr.net/npm/uplot@1.6.32/dist/"

PALETTES: dict[str, Any] = {
    "trust": {
        "low": 0.35,
        "high": 0.7,
        "light": ["#762a83", "#af8dc3", "#cfc8d6", "#7fbf7b", "#1b7837"],
        "dark": ["#d08bff", "#9a76b8", "#6b6f7a", "#6fae6b", "#8be08a"],
    },
    "risk": {
        "low": 0.0,
        "high": 0.6,
        "light": ["#c9d3dc", "#f3c76a", "#ec8b32", "#c14a12", "#7a1d06"],
        "dark": ["#4a5563", "#a88638", "#e08a2e", "#ff7a3d", "#ffc2a0"],
    },
    "difference": {
        "low": -0.1,
        "high": 0.1,
        "light": ["#b2182b", "#ef8a62", "#e4e2df", "#67a9cf", "#2166ac"],
        "dark": ["#ff6b6b", "#b9605a", "#33383f", "#4f86b8", "#7fc1ff"],
    },
    "reporting": ["#009e73", "#d55e00"],
}


def uplot() -> tuple[str, str]:
    """Return script and style of uPlot: vendored, or what loads it from the CDN."""
    if UPLOT.is_dir():
        script = (UPLOT / "uPlot.iife.min.js").read_text("utf-8")
        return script, (UPLOT / "uPlot.min.css").read_text("utf-8")
    return (
        f'import uPlot from "{UPLOT_CDN}uPlot.esm.js";',
        f'@import url("{UPLOT_CDN}uPlot.min.css");',
    )


class TownMap(Widget):
    """One or two worlds of the same town on a map."""

    _esm = source("pixels.js") + "\n" + source("townmap.js")
    _css = source("townmap.css")
    geometry = t.Dict({"columns": 1, "rows": 1, "blocks": [], "groups": []}).tag(sync=True)
    palettes = t.Dict(PALETTES).tag(sync=True)
    titles = t.List(["Town"]).tag(sync=True)
    mode = t.Unicode("trust").tag(sync=True)
    homes = t.Bytes(b"").tag(sync=True)
    frame = t.Bytes(b"").tag(sync=True)
    selected = t.Dict({"resident": -1, "close": []}).tag(sync=True)


class Charts(Widget):
    """Outcomes by week, of several lines each."""

    _esm = "\n".join([uplot()[0], source("actions.js"), source("charts.js")])
    _css = uplot()[1] + "\n" + source("charts.css")
    charts = t.List([]).tag(sync=True)
    lines = t.List([]).tag(sync=True)
    marks = t.List([]).tag(sync=True)
    actions = t.List(["png", "svg", "csv", "link", "code"]).tag(sync=True)
    year = t.Int(2010).tag(sync=True)
    month = t.Unicode("").tag(sync=True)
    until = t.Int(0).tag(sync=True)
    full = t.Bytes(b"").tag(sync=True)
    more = t.Bytes(b"").tag(sync=True)
    _nonce = 0

    def begin(self, history: list[Row]) -> None:
        """Show this and nothing else."""
        # An equal value would not be sent: two empty histories differ in their number.
        self._nonce += 1
        table = np.asarray(history, "<f4").tobytes() if history else b""
        self.full = np.int32(self._nonce).tobytes() + table

    def add(self, rows: list[Row]) -> None:
        """Show these rows too."""
        self.more = np.asarray(rows, "<f4").tobytes()


class Transport(Widget):
    """Play, pause, step, reset and speed, and where the run is."""

    _esm = source("transport.js")
    _css = source("panel.css")
    playing = t.Bool(False).tag(sync=True)
    week = t.Int(0).tag(sync=True)
    weeks = t.Int(260).tag(sync=True)
    date = t.Unicode("").tag(sync=True)
    speed = t.Int(8).tag(sync=True)
    problem = t.Unicode("").tag(sync=True)


assert scene.REMOVED == 7  # the browser's list of events has as many
