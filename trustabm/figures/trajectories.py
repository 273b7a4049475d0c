"""Outcomes over time, with the band in which the mean over towns lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trustabm.errors import InvalidInput, nearest
from trustabm.figures.style import (
    COLORS,
    DASHES,
    axis_label,
    blank,
    titled,
    whom,
    words,
)
from trustabm.outcomes.estimates import COVERAGE
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.quantiles import t_quantile

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["trajectories"]


def trajectories(weekly: pd.DataFrame, outcome: str, group: str, *, bins: int = 13) -> Figure:
    """Draw an outcome over time under every arm.

    Args:
        weekly: Of a study, in one town: columns `replicate, arm, week` and outcomes.
        outcome: The outcome.
        group: The group.
        bins: Weeks averaged into one step, counted from week 0 both ways; a single week of one
            town is mostly noise. Where rows are of several weeks (column `weeks`), as many more as
            make whole rows. A mean of weekly ratios is not quite the ratio of their sums,
            which tables give.
    """
    column = f"{outcome}__{group}"
    if column not in weekly:
        raise InvalidInput(
            f"outcome: no {column!r}; {nearest(column, [str(c) for c in weekly if '__' in str(c)])}"
        )
    every = int(weekly["weeks"].max()) if "weeks" in weekly and len(weekly) else 1
    bins = every * -(-bins // every)
    rows = weekly[["arm", "replicate", "week", column]].assign(bin=weekly["week"] // bins)
    # One value a town and step: other points, if any, are averaged in.
    towns = rows.groupby(["arm", "replicate", "bin"], sort=False)[column].mean().reset_index()
    figure, axes = blank(1, 1, (7.2, 4.2))
    axis = axes[0, 0]
    for k, arm in enumerate(dict.fromkeys(weekly["arm"])):
        of_arm = towns[towns["arm"] == arm].groupby("bin")[column]
        middle, many = of_arm.mean(), of_arm.count()
        t = [t_quantile(0.5 + COVERAGE / 2, n - 1) if n > 1 else np.nan for n in many]
        half = np.array(t) * of_arm.std() / np.sqrt(many)
        years = (middle.index.to_numpy() + 0.5) * bins / 52
        color = COLORS[k % len(COLORS)]
        ends = (np.clip(x, 0, GLOSSARY[outcome].top) for x in (middle - half, middle + half))
        axis.fill_between(years, *ends, color=color, alpha=0.2, lw=0)
        axis.plot(
            years,
            middle,
            color=color,
            ls=DASHES[k % len(DASHES)],
            lw=1.8,
            label=words(str(arm)),
        )
    axis.axvline(0, color="0.45", lw=0.9)
    axis.set_xlabel("years since the policies part")
    axis.set_ylabel(axis_label(outcome))
    figure.legend(loc="outside right center", handlelength=3.2, frameon=False, fontsize=8.5)
    titled(
        figure,
        f"{GLOSSARY[outcome].title} over time ({whom(group, weekly)})",
        f"Means over {rows['replicate'].nunique()} simulated towns, {bins} weeks a step. Bands: "
        "90% intervals of these means; before the policies part all towns are the same.",
    )
    return figure
