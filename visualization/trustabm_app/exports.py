"""What can be taken away from a chart: picture, drawing, table and code."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trustabm.figures.style import write
from trustabm.inputs.timeline import date_of
from trustabm.runs.tables import csv_bytes
from trustabm_app import making, series
from trustabm_app.address import Setting
from trustabm_app.series import Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from trustabm_app.desk import Desk
    from trustabm_app.widgets import Downloads

__all__ = ["chart", "code", "downloads", "drawing_lock", "figure_bytes", "inked"]

drawing_lock = threading.Lock()  # matplotlib is not made for threads


def downloads(items: list[dict[str, str]], make: Callable[[str], tuple[str, bytes]]) -> Downloads:
    """Return a list of files to take away.

    Args:
        items: `{key, label, text}` of every file.
        make: Returns the name and bytes of a file, given its key; in a thread of its own.
    """
    # Only here: the process that draws studies makes no widget.
    from trustabm_app.widgets import Downloads

    def heard(message: dict[str, Any]) -> None:
        key = message.get("key")
        if message.get("what") == "make" and key in keys:
            making.make(widget, key, lambda: make(key))

    keys = {item["key"] for item in items}
    widget = Downloads(heard, items=items)
    return widget


def code(widget: Any, setting: Setting, arms: int) -> None:
    """Show the code that does the same."""
    parts = [
        ["Command line", setting.code("shell", arms)],
        ["Python", setting.code("python", arms)],
    ]
    making.send(widget, parts)


def chart(desk: Desk, widget: Any, action: str, name: str) -> None:
    """Answer what was asked of a chart."""
    setting = desk.setting.value
    specs = series.charts(setting, desk.arms)
    at = next((k for k, spec in enumerate(specs) if spec["name"] == name), None)
    if at is None:
        return
    if action == "code":
        code(widget, setting, desk.arms)
    elif action in ("csv", "png", "svg"):

        def made(setting: Setting, history: list[Row]) -> tuple[str, bytes]:
            data = (
                _table(setting, desk.arms, at, history)
                if action == "csv"
                else _picture(setting, desk.arms, at, history, action)
            )
            return f"trustabm-{name}.{action}", data

        def give(setting: Setting, history: list[Row]) -> None:
            making.make(widget, f"{name}.{action}", lambda: made(setting, history))

        desk.engine.history(give)


def _column(specs: list[dict[str, Any]], at: int) -> int:
    return 1 + sum(len(spec["lines"]) for spec in specs[:at])


def _table(setting: Setting, arms: int, at: int, history: list[Row]) -> bytes:
    import pandas as pd

    specs, lines = series.charts(setting, arms), series.lines(setting, arms)
    first = _column(specs, at)
    labels = [lines[k]["label"] for k in specs[at]["lines"]]
    # A row is of the week that ends with it: after one week lived, week 0.
    weeks = [int(row[0]) - 1 for row in history]
    rows = [
        [week, date_of(setting.start, week).isoformat(), *row[first : first + len(labels)]]
        for week, row in zip(weeks, history)
    ]
    return csv_bytes(pd.DataFrame(rows, columns=["week", "date", *labels]))


def _picture(setting: Setting, arms: int, at: int, history: list[Row], kind: str) -> bytes:
    from matplotlib.figure import Figure

    specs, lines = series.charts(setting, arms), series.lines(setting, arms)
    spec, first = specs[at], _column(specs, at)
    with drawing_lock:
        figure = Figure(figsize=(8, 4.5), layout="constrained")
        axes = figure.add_subplot()
        weeks = [setting.year + row[0] / 52 for row in history]
        for place, k in enumerate(spec["lines"]):
            values = [row[first + place] for row in history]
            if any(v == v for v in values):
                dash = lines[k]["dash"]
                style: Any = (0, [x / 2 for x in dash]) if dash else "-"
                axes.plot(
                    weeks, values, color=lines[k]["color"], linestyle=style, label=lines[k]["label"]
                )
        for number, mark in enumerate(series.marks(setting, arms)):
            x = setting.year + mark["week"] / 52
            if weeks and x <= weeks[-1]:
                axes.axvline(x, color="#7a8190", linestyle=":", linewidth=1)
                axes.annotate(
                    str(number + 1), (x, 1), xycoords=("data", "axes fraction"), fontsize=8
                )
        axes.set_title(spec["title"], loc="left", fontweight="bold")
        axes.set_ylabel(spec["unit"], fontsize=9)
        axes.spines[["top", "right"]].set_visible(False)
        if axes.lines:
            axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        titles = " or ".join(setting.titles(arms))
        note = f"{titles} · {setting.town} · {setting.residents:,} residents"
        note += f" · seed {setting.seed} · trustabm"
        figure.supxlabel(note, fontsize=8, color="#565d69")
        return figure_bytes(figure, kind)


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """Return a figure as PNG or SVG."""
    out = io.BytesIO()
    write(figure, out, format=kind, dpi=160, metadata={"Date": None} if kind == "svg" else None)
    return out.getvalue()


def inked(make: Callable[[], Figure]) -> str:
    """Return a figure as SVG to stand in a page, its font and ink the page's in light and dark."""
    import matplotlib

    ink = "#010203"
    style: Any = {"svg.fonttype": "none", "font.size": 10}
    style |= dict.fromkeys(
        ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), ink
    )
    with drawing_lock, matplotlib.rc_context(style):
        figure = make()
        figure.patch.set_alpha(0)
        for axes in figure.axes:
            axes.patch.set_alpha(0)
        text = figure_bytes(figure, "svg").decode()
    text = text[text.index("<svg") :].replace(ink, "currentColor")
    # Greys of lines and notes, which a dark page would swallow or be dazzled by.
    for grey, name in (("#ebebeb", "line"), ("#595959", "soft"), ("#404040", "soft")):
        text = text.replace(grey, f"var(--ta-{name})")
    return text.replace("'DejaVu Sans'", "Roboto").replace("DejaVu Sans", "Roboto")
