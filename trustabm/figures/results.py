"""What a result shows of itself: `plot()` of a run, a comparison, and a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.figures.of_study import study_figures
from trustabm.figures.style import (
    COLORS,
    DASHES,
    axis_label,
    blank,
    dots,
    titled,
    zero_line,
)
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import levels, together, total, town_counts
from trustabm.runs.quarters import WEEKS, moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from trustabm.runs.comparison import Comparison
    from trustabm.runs.results import Result
    from trustabm.study.opening import OpenStudy

__all__ = ["of_comparison", "of_run", "of_study"]

STEP = f"{WEEKS} weeks a step"


def _known(what: str, name: str, valid: Sequence[str]) -> None:
    if name not in valid:
        raise InvalidInput(f"{what}: no {shown(name)}; {nearest(str(name), valid)}")


def _steps(first: int, last: int) -> list[tuple[int, int]]:
    """Return the weeks of each step, from week 0 both ways; after it they are the quarters."""
    before = [(max(first, k - WEEKS), k) for k in range(0, first, -WEEKS)]
    after = np.array_split(np.arange(last), max(1, last // WEEKS))
    return [*reversed(before), *((int(x[0]), int(x[-1]) + 1) for x in after)]


def _line(axis: Axes, k: int, years: Sequence[float], values: Sequence[float], label: str) -> None:
    axis.plot(
        years,
        values,
        color=COLORS[k % len(COLORS)],
        ls=DASHES[k % len(DASHES)],
        lw=1.8,
        marker="o" if len(years) == 1 else "",
        label=label,
    )


def _key(figure: Figure, axis: Axes) -> None:
    lines, labels = axis.get_legend_handles_labels()
    figure.legend(
        lines, labels, loc="outside right upper", handlelength=3.2, frameon=False, fontsize=8.5
    )


def of_run(result: Result, outcome: str, groups: Sequence[str]) -> Figure:
    """Draw an outcome over the weeks of a run in its own town, a line a group.

    Args:
        result: The run.
        outcome: The outcome.
        groups: The groups; every ethnic group and everyone if not given.
    """
    s, world = result.scenario, result.world
    known = world.groups
    _known("outcome", outcome, list(GLOSSARY))
    wanted = [groups] if isinstance(groups, str) else list(groups)
    if not GLOSSARY[outcome].by_group:
        wanted = ["all"]
    wanted = wanted or [*known.of_ethnic, known.reference, "all"]
    for group in wanted:
        _known("groups", group, known.every)
    steps = _steps(0, len(world.tally))
    tables = [
        levels(
            known,
            total(world.tally[a:b, 0]),
            town_counts(world.town_tally[a:b, 0]).sum(axis=0),
            s.parameters,
            [outcome],
        )
        for a, b in steps
    ]
    figure, axes = blank(1, 1, (7.2, 4.0))
    axis = axes[0, 0]
    years = [(a + b) / 2 / 52 for a, b in steps]
    for k, group in enumerate(wanted):
        values = [float(table[outcome, group]) for table in tables]
        _line(axis, k, years, values, known.titles[group])
    axis.set_xlabel(f"years since {s.start}")
    axis.set_ylabel(axis_label(outcome))
    _key(figure, axis)
    titled(
        figure,
        f"{GLOSSARY[outcome].title}: {result.title}",
        f"One simulated town of {s.residents:,} residents, seed {s.seed}; {STEP}. What differs "
        "between two such runs is luck as well as policy: compare() tells them apart.",
    )
    return figure


def of_comparison(comparison: Comparison, outcome: str, group: str) -> Figure:
    """Draw an outcome over time under every arm, and beside it what each arm changes.

    Args:
        comparison: The comparison.
        outcome: The outcome.
        group: The group.
    """
    c, e = comparison, comparison.experiment
    _known("outcome", outcome, list(GLOSSARY))
    group = group if GLOSSARY[outcome].by_group else "all"
    _known("group", group, e.groups.every)
    figure, axes = blank(1, 2, (9.6, 4.0), width_ratios=(3, 2))
    over, change = axes[0]
    steps = _steps(-e.burn_in, e.weeks)
    years = [(a + b) / 2 / 52 for a, b in steps]
    bands: dict[Any, Any] = moving(c, [outcome], [group]) if GLOSSARY[outcome].by_group else {}
    for k, (name, title) in enumerate(c.arms.items()):
        values = []
        for a, b in steps:
            weeks = slice(a + e.burn_in, b + e.burn_in)
            sums = together(c.by_week[k, weeks]), c.town_by_week[k, weeks].sum(axis=0)
            table = levels(e.groups, *sums, e.parameters, [outcome], expected=True)
            values.append(float(table[outcome, group]))
        after = bands.get((outcome, group, name), [])
        ends = np.array([(x.level_low, x.level_high) for x in after], float).reshape(-1, 2)
        at = years[len(years) - len(ends) :]
        over.fill_between(at, *ends.T, color=COLORS[k % len(COLORS)], alpha=0.15, lw=0)
        _line(over, k, years, values, title)
    over.axvline(0, color="0.45", lw=0.9)
    over.set_xlabel("years since the policies part")
    over.set_ylabel(axis_label(outcome))
    _key(figure, over)
    others = list(c.arms)[1:]
    rows = [c.estimates[outcome, group, name] for name in others]
    numbers = [(x.difference, x.low, x.high) for x in rows]
    dots(
        change,
        [c.arms[name] for name in others][::-1],
        np.array(numbers, float)[::-1],
        colors=[COLORS[(k + 1) % len(COLORS)] for k in range(len(others))][::-1],
    )
    zero_line(change, vertical=True)
    change.set_xlabel(axis_label(outcome, change=True))
    titled(
        figure,
        f"{GLOSSARY[outcome].title} ({e.groups.titles[group]}) in {e.place.title}",
        f"{e.replicates} simulated towns of {e.residents:,} residents, {e.weeks} weeks; {STEP}. "
        "Bands and bars: 90% intervals. Right: difference from "
        f"{c.arms[c.reference]} over all weeks.",
    )
    return figure


def of_study(opened: OpenStudy, outcome: str, group: str, town: str) -> Figure:
    """Draw what a study's design shows best of one outcome: effects, an emulator, or weeks.

    Args:
        opened: The study.
        outcome: The outcome.
        group: The group.
        town: The town.
    """
    _known("outcome", outcome, opened.study.outcomes)
    group = group if GLOSSARY[outcome].by_group else "all"
    _known("group", group, opened.groups.every)
    _known("town", town, opened.study.towns)
    output = f"{outcome}__{group}"
    figures = study_figures(opened, [output], [town]).figures
    found: Figure = next(iter(figures.values()))
    return found
