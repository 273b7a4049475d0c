"""The figures of a brief, as SVG with the words a screen reader says."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trustabm.figures.style import COLORS, DASHES, MARKERS, blank, dots, styled, write
from trustabm.outcomes.estimates import NUMBERLESS, Estimate, Verdict
from trustabm.outcomes.findings import key, label
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import levels
from trustabm.outcomes.numbers import percent_said

if TYPE_CHECKING:
    from trustabm.runs.comparison import Comparison

__all__ = ["BriefFigure", "changes_figure", "weeks_figure"]

PANELS = (
    ("reporting", "latino"),
    ("perceived_risk", "latino"),
    ("victimization", "latino"),
    ("removals", "all"),
)
LOWEST, HIGHEST = 0.1, 20.0  # times the reference; what lies beyond is drawn at the edge
FONT = 8.0


@dataclass(frozen=True, slots=True)
class BriefFigure:
    """A drawing.

    Args:
        title: What it shows.
        caption: How to read it.
        alt: What it says, for who does not see it.
        svg: The drawing.
    """

    title: str
    caption: str
    alt: str
    svg: str


def changes_figure(comparison: Comparison) -> BriefFigure:
    """Draw every key outcome under every arm as times the reference, with its interval."""
    reference, *others = comparison.arms
    estimates, groups = comparison.estimates, comparison.experiment.groups
    rows = [
        (o, g)
        for o, g in key(groups)
        if any(estimates[o, g, a].percent is not None for a in others) and o != "trust"
    ]
    named = len(others) == 1  # numbers fit beside the dots of one arm
    upwards = rows[::-1]
    with styled(FONT):
        size = 7.2, 0.9 + 0.235 * max(len(rows), 3)
        drawing, ((axis,),) = blank(1, 1, size, font=FONT)
        axis.set_xscale("log")
        for k, arm in enumerate(others, 1):
            found = [estimates[o, g, arm] for o, g in upwards]
            dots(
                axis,
                [label(o, g, groups) for o, g in upwards],
                map(_ratios, found),
                colors=[COLORS[k]],
                hollow=[not e.told_apart for e in found],
                markers=(MARKERS[k], MARKERS[k]),
                shift=0.0 if named else ((len(others) + 1) / 2 - k) * 0.24,
                size=5,
                caps=0,
            )
            for y, e in enumerate(found if named else ()):
                axis.text(
                    1.01,
                    y,
                    _percent(e) if e.percent is not None else "",
                    transform=axis.get_yaxis_transform(),
                    va="center",
                    fontsize=7.5,
                    color="black" if e.told_apart else "0.4",
                )
        axis.axvline(1, color="0.6", lw=1, zorder=0)
        axis.tick_params(axis="y", length=0)
        _ticks(axis)
        axis.set_xlabel(f"times the level under {comparison.arms[reference]}")
        if not named:
            titles = [comparison.arms[a] for a in others]
            keys = [
                axis.plot([], [], MARKERS[k], color=COLORS[k], ms=5)[0]
                for k in range(1, len(others) + 1)
            ]
            drawing.legend(keys, titles, loc="outside lower center", ncols=3, frameon=False)
        svg = _svg(drawing)
    said = [
        f"{label(o, g, groups)} under {comparison.arms[a]}: {_percent(estimates[o, g, a])}"
        for o, g in rows
        for a in others
        if estimates[o, g, a].percent is not None
    ]
    return BriefFigure(
        "How much each outcome changes",
        "Dots are changes, bars their 90% intervals; a hollow dot cannot be told from no change. "
        "Trust is a scale and has no such ratio; an outcome without events under the reference "
        "has none either.",
        "; ".join(said) + ".",
        svg,
    )


def weeks_figure(comparison: Comparison) -> BriefFigure:
    """Draw four outcomes over time under every arm."""
    d = comparison.experiment
    size = next((b for b in (26, 13, 4) if d.weeks >= 4 * b), 1)
    edges = np.arange(-(d.burn_in // size) * size, d.weeks, size)
    many = np.diff(np.append(edges, d.weeks))
    middle = edges + many / 2
    said = []
    with styled(FONT):
        drawing, (axes,) = blank(1, len(PANELS), (7.2, 2.25), font=FONT)
        for k, title in enumerate(comparison.arms.values()):
            table = levels(
                d.groups,
                _binned(comparison.by_week[k], edges + d.burn_in),
                _binned(comparison.town_by_week[k], edges + d.burn_in),
                d.parameters,
            )
            for axis, panel in zip(axes, PANELS, strict=True):
                axis.plot(middle, table[panel], ls=DASHES[k], color=COLORS[k], lw=1.6)
                last = table[panel][-1]
                ends = f"ends at {last:.3g}" if np.isfinite(last) else "has nothing at the end"
                said.append(f"{label(*panel, d.groups)} under {title} {ends}")
        for axis, (outcome, group) in zip(axes, PANELS, strict=True):
            who = "Everyone" if group == "all" else f"{d.groups.titles[group]} residents"
            axis.set_title(f"{GLOSSARY[outcome].title}\n\n", loc="left", fontweight="bold", size=8)
            unit = GLOSSARY[outcome].unit.replace("per 1,000 undocumented", "per 1,000 undoc.")
            axis.text(
                0, 1.04, f"{who},\n{unit}", transform=axis.transAxes, fontsize=6, color="0.35"
            )
            axis.axvline(0, color="0.75", lw=1, zorder=0)
            axis.set_ylim(bottom=0)
            axis.set_xlabel("week", fontsize=7)
            axis.tick_params(labelsize=7)
        handles = axes[0].get_lines()[: len(comparison.arms)]
        drawing.legend(
            handles,
            list(comparison.arms.values()),
            loc="outside lower center",
            ncols=4,
            frameon=False,
        )
        svg = _svg(drawing)
    return BriefFigure(
        "Over time",
        f"Averages of {size} weeks over all {comparison.replicates} simulated towns, before and "
        "after the policies part (week 0). No intervals are drawn here.",
        "; ".join(said) + ".",
        svg,
    )


def _ratios(e: Estimate) -> tuple[float, float, float]:
    """Return an effect and its interval's ends as times the reference, within what is drawn."""
    if e.percent is None:
        return np.nan, np.nan, np.nan
    ends = (e.percent if x is None else x for x in (e.percent, e.percent_low, e.percent_high))
    value, low, high = (float(np.clip(1 + x / 100, LOWEST, HIGHEST)) for x in ends)
    return value, low, high


def _binned(counts: npt.NDArray[np.float64], edges: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    sums: npt.NDArray[np.float64] = np.add.reduceat(counts, edges, axis=0)
    return sums


def _percent(e: Estimate) -> str:
    verdict = e.verdict()
    if verdict in NUMBERLESS:
        return verdict
    change, ends = percent_said(e.percent, e.percent_low, e.percent_high)
    return f"{change} ({verdict if verdict is Verdict.NO_INTERVAL else ends})".replace("-", "−")


def _ticks(axis: Any) -> None:
    """Label the axis with a few round ratios around what is drawn."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = axis.get_xlim()
    low, high = min(low, 0.9), max(high, 1.15)
    axis.set_xlim(low, high)
    every = (0.1, 0.2, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20)
    wide = (0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20)
    ticks = [t for t in (wide if high / low > 2.5 else every) if low <= t <= high]
    axis.xaxis.set_major_locator(FixedLocator(ticks))
    axis.xaxis.set_minor_locator(NullLocator())
    axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}×"))


def _svg(drawing: Any) -> str:
    out = io.StringIO()
    write(drawing, out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]
