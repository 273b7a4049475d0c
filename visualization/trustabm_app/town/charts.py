"""What can be taken away from a chart of weeks: picture, drawing, table and code."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from trustabm.figures.style import blank
from trustabm.inputs.timeline import date_of
from trustabm.runs.tables import csv_bytes
from trustabm_app.shared import exports, making
from trustabm_app.shared.address import Setting
from trustabm_app.town import series
from trustabm_app.town.engine import Engine
from trustabm_app.town.series import Row

__all__ = ["take"]


def take(widget: Any, engine: Engine, action: str, name: str) -> None:
    """Answer what was asked of the chart of an outcome: `png`, `svg`, `csv` or `code`."""
    arms = engine.arms

    def give(setting: Setting, history: list[Row]) -> None:
        names = [spec["name"] for spec in series.charts(setting, arms)]
        if name in names:
            at, made = names.index(name), _table if action == "csv" else _picture

            def work() -> tuple[str, bytes]:
                return f"trustabm-{name}.{action}", made(setting, arms, at, history, action)

            making.make(widget, f"{name}.{action}", work)

    if action == "code":
        exports.code(widget, engine.setting, arms)
    elif action in ("csv", "png", "svg"):
        engine.history(give)


def _column(specs: list[dict[str, Any]], at: int) -> int:
    return 1 + sum(len(spec["lines"]) for spec in specs[:at])


def _table(setting: Setting, arms: int, at: int, history: list[Row], _kind: str) -> bytes:
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
    calendar: Any = import_module("matplotlib.dates")

    specs, lines = series.charts(setting, arms), series.lines(setting, arms)
    spec, first = specs[at], _column(specs, at)
    with exports.drawing_lock:
        figure, ((axes,),) = blank(1, 1, (8, 4.5), font=exports.FONT)
        axes.grid(visible=False)
        dates = [date_of(setting.start, int(row[0])) for row in history]
        for place, k in enumerate(spec["lines"]):
            values = [row[first + place] for row in history]
            if any(v == v for v in values):
                dash = lines[k]["dash"]
                style: Any = (0, [x / 2 for x in dash]) if dash else "-"
                axes.plot(
                    dates, values, color=lines[k]["color"], linestyle=style, label=lines[k]["label"]
                )
        for number, mark in enumerate(series.marks(setting, arms)):
            x = date_of(setting.start, mark["week"])
            if dates and x <= dates[-1]:
                axes.axvline(calendar.date2num(x), color="#7a8190", linestyle=":", linewidth=1)
                axes.annotate(
                    str(number + 1),
                    (calendar.date2num(x), 1),
                    xycoords=("data", "axes fraction"),
                    fontsize=8,
                )
        axes.set_xlim(
            calendar.date2num(setting.start),
            calendar.date2num(date_of(setting.start, setting.weeks)),
        )
        locator = calendar.AutoDateLocator()
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(calendar.ConciseDateFormatter(locator))
        axes.set_title(spec["title"], loc="left", fontweight="bold")
        axes.set_ylabel(spec["unit"], fontsize=9)
        if axes.lines:
            axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        titles = " or ".join(setting.titles(arms))
        note = f"{titles} · {setting.town} · {setting.residents:,} residents"
        note += f" · seed {setting.seed} · trustabm"
        figure.supxlabel(note, fontsize=8, color="#565d69")
        return exports.figure_bytes(figure, kind)
