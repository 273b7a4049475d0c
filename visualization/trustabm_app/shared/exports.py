"""What can be taken away from a page: pictures, drawings, files and code."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trustabm.figures.style import styled, write
from trustabm.runs.reproduce import python, shell
from trustabm_app.shared import making
from trustabm_app.shared.address import Setting

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from trustabm_app.shared.widgets import Downloads

__all__ = ["code", "downloads", "drawing_lock", "figure_bytes", "inked"]

FONT = 10.0
"""Points of the text of a figure in a page."""

drawing_lock = threading.Lock()  # matplotlib is not made for threads


def downloads(items: list[dict[str, str]], make: Callable[[str], tuple[str, bytes]]) -> Downloads:
    """Return a list of files to take away.

    Args:
        items: `{key, label, text}` of every file.
        make: Returns the name and bytes of a file, given its key; in a thread of its own.
    """
    # Only here: the process that draws studies makes no widget.
    from trustabm_app.shared.widgets import Downloads

    def heard(message: dict[str, Any]) -> None:
        key = message.get("key")
        if message.get("what") == "make" and key in keys:
            making.make(widget, key, lambda: make(key))

    keys = {item["key"] for item in items}
    widget = Downloads(heard, items=items)
    return widget


def code(widget: Any, setting: Setting, arms: int) -> None:
    """Show the code that does the same."""
    before = ""
    if arms == 1 and setting.burn_in:
        before = f" (its first {setting.burn_in} weeks are those before week 0; groups are as of "
        before += "its first week)"
    parts = [
        [f"Command line{before}", shell(setting.experiment(arms))],
        [f"Python{before}", python(setting.experiment(arms))],
    ]
    making.send(widget, parts)


def figure_bytes(figure: Figure, kind: str, **style: Any) -> bytes:
    """Return a figure as PNG or SVG, in the style with departures from it."""
    out = io.BytesIO()
    more = {"metadata": {"Date": None}} if kind == "svg" else {}
    with styled(FONT, **style):
        write(figure, out, format=kind, dpi=160, **more)
    return out.getvalue()


def inked(make: Callable[[], Figure]) -> str:
    """Return a figure as SVG to stand in a page, its font and ink the page's in light and dark."""
    ink = "#010203"
    parts = ("text_color", "axes_labelcolor", "axes_edgecolor", "xtick_color", "ytick_color")
    style: dict[str, Any] = dict.fromkeys(parts, ink) | {"svg_fonttype": "none"}
    with drawing_lock, styled(FONT, **style):
        figure = make()
        figure.patch.set_alpha(0)
        for axes in figure.axes:
            axes.patch.set_alpha(0)
        text = figure_bytes(figure, "svg", **style).decode()
    text = text[text.index("<svg") :].replace(ink, "currentColor")
    # Greys of lines and notes, which a dark page would swallow or be dazzled by.
    for grey, name in (("#ebebeb", "line"), ("#595959", "soft"), ("#404040", "soft")):
        text = text.replace(grey, f"var(--ta-{name})")
    return text.replace("'DejaVu Sans'", "Roboto, sans-serif")
