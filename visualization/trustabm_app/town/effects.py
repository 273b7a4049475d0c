"""Effects of the second policy: a table and a figure of the outcomes that a summary shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trustabm.figures.style import blank, dots
from trustabm.outcomes.estimates import NUMBERLESS, Verdict
from trustabm.outcomes.findings import key, label
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.narrowing import made_of, narrows
from trustabm.outcomes.numbers import DASH, percent_said, said
from trustabm.runs.comparison import Comparison
from trustabm.runs.tables import csv_bytes
from trustabm.telling.terminal import shown
from trustabm_app.shared import exports

__all__ = ["Effect", "drawing", "effects", "figure", "table"]


GREY = "#7a8190"
COLORS = {Verdict.HIGHER: "#d55e00", Verdict.LOWER: "#0072b2"}


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of the table."""

    label: str
    unit: str
    before: str
    after: str
    change: str
    interval: str
    made_of: str
    narrows: str
    verdict: Verdict
    percent: float | None
    low: float | None
    high: float | None


def effects(comparison: Comparison) -> list[Effect]:
    """Return the key outcomes' effects, in the order of summaries."""
    reference, other = comparison.arms
    found = []
    groups = comparison.experiment.groups
    for outcome, group in key(groups):
        before = comparison.estimates[outcome, group, reference]
        after = comparison.estimates[outcome, group, other]
        verdict, unit = after.verdict(), GLOSSARY[outcome].unit
        share = unit.startswith("share")
        change = interval = DASH
        percent = low = high = None
        if after.percent is not None and verdict not in NUMBERLESS:
            percent, low, high = after.percent, after.percent_low, after.percent_high
            change, interval = percent_said(percent, low, high)
        elif verdict not in NUMBERLESS:  # nothing under the reference that it is a percentage of
            points = " points" if share else ""
            change = shown(after.difference, unit, signed=True) + points
            if after.low is not None and after.high is not None:
                ends = (shown(x, unit, end=True) for x in (after.low, after.high))
                interval = " to ".join(ends) + points
        found.append(
            Effect(
                label=label(outcome, group, groups),
                unit=unit,
                before=_said(before.level, share),
                after=_said(after.level, share),
                change=change,
                interval=interval,
                made_of=made_of(after) or DASH,
                narrows=most[0] if (most := narrows(after)) else DASH,
                verdict=verdict,
                percent=percent,
                low=low,
                high=high,
            )
        )
    return found


def _said(value: float | None, share: bool) -> str:
    if value is None:
        return DASH
    if share:
        return f"{said(100 * value, 1)}%"
    return said(value, 0 if value >= 100 else 3 if value < 2 else 1)


def table(comparison: Comparison) -> bytes:
    """Return every outcome as CSV, not the key ones alone."""
    import pandas as pd

    return csv_bytes(pd.DataFrame(comparison.records()))


def figure(comparison: Comparison, title: str) -> Any:
    """Return a figure of relative changes with their intervals."""
    rows = [
        (e, e.percent, e.low, e.high)
        for e in reversed(effects(comparison))
        if e.percent is not None and e.low is not None and e.high is not None
    ]
    fig, ((axes,),) = blank(1, 1, (8, 1.3 + 0.34 * max(1, len(rows))), font=exports.FONT)
    axes.axvline(0, color=GREY, linewidth=1)
    dots(
        axes,
        [e.label for e, *_ in rows],
        [ends for _, *ends in rows],
        colors=[COLORS.get(e.verdict, GREY) for e, *_ in rows] or [GREY],
        hollow=[e.verdict not in COLORS for e, *_ in rows] or [True],
        markers=("o", "D"),
        size=7,
        width=3,
        caps=0,
    )
    if rows:
        # One rare outcome with a wide interval must not flatten all the others.
        axes.set_xscale("symlog", linthresh=20)
        axes.xaxis.set_major_formatter(lambda x, _: f"{x:+.0f}%" if x else "0")
        axes.set_xlim(
            max(-105.0, min(-12.0, *(1.3 * row[2] for row in rows))),
            max(12.0, *(1.3 * row[3] for row in rows)),
        )
    axes.set_xlabel(
        "Change in percent, with its 90% interval; beyond ±20% the scale is logarithmic"
    )
    fig.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11)
    axes.grid(axis="x", color=GREY, alpha=0.25)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return fig


def drawing(comparison: Comparison, title: str) -> str:
    """Return the figure as SVG to stand in a page, its ink the page's."""
    return exports.inked(lambda: figure(comparison, title))
