"""Effects along levers: with intervals, over two at once, by group, and in order of size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from trustabm.errors import InvalidInput
from trustabm.figures.style import (
    COLORS,
    DASHES,
    INTERVAL,
    MARKERS,
    axis_label,
    blank,
    chosen,
    dots,
    named,
    titled,
    whom,
    words,
    zero_line,
)
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.designs import called

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "effect_at_points",
    "effect_by_lever",
    "effects_of_arms",
    "heat_map",
    "small_multiples",
]


def effect_by_lever(
    effects: pd.DataFrame,
    lever: str,
    outcome: str,
    group: str,
    *,
    by: str = "arm",
    reference: str = "the reference",
) -> Figure:
    """Draw how an effect moves along a lever, with its intervals.

    Args:
        effects: Of a study, in one town.
        lever: The varied name along the axis.
        outcome: The outcome.
        group: The group.
        by: What tells lines apart: `arm`, or another varied name.
        reference: The arm that effects are differences from.
    """
    rows = chosen(effects, outcome=outcome, group=group)
    figure, axes = blank(1, 1, (6.4, 4.2))
    _lines(axes[0, 0], rows, lever, outcome, by)
    axes[0, 0].set_xlabel(named(lever))
    axes[0, 0].set_ylabel(axis_label(outcome, change=True))
    _legend(figure, axes[0, 0], by)
    titled(
        figure,
        _title(rows, outcome, reference, f" by “{called(lever)}” ({whom(group, effects)})"),
        INTERVAL,
    )
    return figure


def effect_at_points(
    effects: pd.DataFrame,
    lever: str,
    outcome: str,
    group: str,
    *,
    reference: str = "the reference",
) -> Figure:
    """Draw the effect at every point of a sampled space against one of the names varied.

    Args:
        effects: Of a study, in one town and under one arm.
        lever: The varied name along the axis; the others vary as they may.
        outcome: The outcome.
        group: The group.
        reference: The arm that effects are differences from.
    """
    rows = chosen(effects, outcome=outcome, group=group)
    figure, axes = blank(1, 1, (6.4, 4.2))
    axis = axes[0, 0]
    ends = np.abs(rows[["low", "high"]].to_numpy().T - rows["difference"].to_numpy())
    axis.errorbar(
        rows[lever], rows["difference"], yerr=ends, fmt="o", ms=4, color=COLORS[0], elinewidth=0.7
    )
    zero_line(axis)
    axis.set_xlabel(named(lever))
    axis.set_ylabel(axis_label(outcome, change=True))
    rest = f" by “{called(lever)}”, all else varying ({whom(group, effects)})"
    titled(figure, _title(rows, outcome, reference, rest), INTERVAL)
    return figure


def small_multiples(
    effects: pd.DataFrame,
    lever: str,
    outcome: str,
    groups: Sequence[str],
    *,
    by: str = "arm",
    reference: str = "the reference",
) -> Figure:
    """Draw the same effect in several groups, on the same scale."""
    columns = 2 if len(groups) == 4 else min(3, len(groups))
    rows = -(-len(groups) // columns)
    figure, axes = blank(rows, columns, (3.3 * columns, 2.9 * rows + 0.8), sharey=True, sharex=True)
    for axis, group in zip(axes.flat, groups, strict=False):
        _lines(axis, chosen(effects, outcome=outcome, group=group), lever, outcome, by)
        axis.set_title(_wrapped(whom(group, effects), 32), loc="left", fontsize=9)
    for axis in list(axes.flat)[len(groups) :]:
        axis.set_visible(False)
    for axis in axes[:, 0]:
        axis.set_ylabel(axis_label(outcome, change=True), fontsize=8.5)
    for k in range(columns):
        last = (len(groups) - 1 - k) // columns
        axes[last, k].set_xlabel(named(lever), fontsize=8.5)
        axes[last, k].tick_params(labelbottom=True)
    _legend(figure, axes[0, 0], by)
    titled(
        figure, _title(effects, outcome, reference, f" by “{called(lever)}” and group"), INTERVAL
    )
    return figure


def heat_map(
    effects: pd.DataFrame,
    across: str,
    up: str,
    outcome: str,
    group: str,
    arm: str | None = None,
    *,
    reference: str = "the reference",
) -> Figure:
    """Draw an effect over two levers; what luck could have done is hatched.

    Where an effect has no value, because there was nothing to count, its cell stays blank.

    Args:
        effects: Of a study with a factorial design, in one town.
        across: The varied name along the axis.
        up: The one up the other axis.
        outcome: The outcome.
        group: The group.
        arm: The arm; none where a side is `arm`.
        reference: The arm that effects are differences from.
    """
    keys = {"outcome": outcome, "group": group} | ({} if arm is None else {"arm": arm})
    rows = chosen(effects, **keys)
    if rows.duplicated([across, up]).any():
        rows = rows.groupby([across, up], as_index=False)[["difference", "low", "high"]].mean()
    # Words keep the order in which the study says them; numbers rise.
    order = [list(dict.fromkeys(rows[n])) for n in (up, across)]
    order = [sorted(o) if not isinstance(o[0], str) else o for o in order]
    grid = rows.pivot(index=up, columns=across, values="difference")
    grid = grid.reindex(index=order[0], columns=order[1])
    if len(rows) < grid.size:
        raise InvalidInput(
            f"heat map: expected every {up} with every {across}, got {len(rows)} of "
            f"{grid.size} pairs; a study that is not finished lacks some, and a sampled design "
            "has a response surface instead"
        )
    if grid.isna().to_numpy().all():
        raise InvalidInput("heat map: expected an effect with a value, got none")
    unsure = ~((rows["low"] > 0) | (rows["high"] < 0))  # without an interval too
    doubt = rows.assign(unsure=unsure).pivot(index=up, columns=across, values="unsure")
    doubt = doubt.reindex_like(grid)
    figure, axes = blank(1, 1, (6.6, 4.8))
    axis = axes[0, 0]
    axis.grid(False)
    values = grid.to_numpy(dtype=float)
    most = float(np.nanmax(np.abs(values))) or 1.0
    # Around zero where signs differ; over the values themselves where all point one way.
    least, greatest = float(np.nanmin(values)), float(np.nanmax(values))
    both = least < 0 < greatest
    ends = (-most, most) if both else (least, greatest)
    image = axis.imshow(
        values,
        origin="lower",
        aspect="auto",
        cmap="PuOr_r" if both else "cividis",
        vmin=ends[0],
        vmax=ends[1],
    )
    digits = 1 if most >= 10 else 2 if most >= 1 else 3 if most >= 0.05 else 4
    for (i, j), value in np.ndenumerate(values):
        if np.isnan(value):
            axis.text(j, i, "no value", ha="center", va="center", fontsize=7, color="0.4")
            continue
        at = (value - ends[0]) / ((ends[1] - ends[0]) or 1.0)
        dark = abs(at - 0.5) > 0.3 if both else at < 0.5
        axis.text(
            j,
            i,
            f"{value:+.{digits}f}".replace("-", "\N{MINUS SIGN}"),
            ha="center",
            va="center",
            fontsize=8.5,
            color="white" if dark else "black",
        )
        if doubt.iloc[i, j]:
            axis.add_patch(_hatched(j, i))
    axis.set_xticks(range(len(grid.columns)), [_tick(v) for v in grid.columns])
    axis.set_yticks(range(len(grid.index)), [_tick(v) for v in grid.index])
    axis.set_xlabel(named(across))
    axis.set_ylabel(named(up))
    axis.spines[:].set_visible(False)
    figure.colorbar(image, ax=axis, label=axis_label(outcome, change=True), shrink=0.9)
    titled(
        figure,
        _title(rows, outcome, reference, f" ({whom(group, effects)})"),
        "Hatched: cannot be told from none (the 90% interval holds zero, or there is none). "
        + ("" if both else "Colours run over the values shown, not from zero."),
    )
    return figure


def effects_of_arms(
    effects: pd.DataFrame,
    outcome: str,
    group: str,
    *,
    label: str = "arm",
    reference: str = "the reference",
) -> Figure:
    """Draw effects in order of size with their intervals, a row an arm (or a town)."""
    rows = chosen(effects, outcome=outcome, group=group).sort_values("difference")
    figure, axes = blank(1, 1, (6.6, 0.34 * len(rows) + 1.9))
    axis = axes[0, 0]
    names = [words(str(a)) for a in rows[label]]
    dots(axis, names, rows[["difference", "low", "high"]].to_numpy())
    axis.set_xlabel(axis_label(outcome, change=True))
    zero_line(axis, vertical=True)
    titled(figure, _title(rows, outcome, reference, f" ({whom(group, effects)})"), INTERVAL)
    return figure


def _lines(axis: Axes, rows: pd.DataFrame, lever: str, outcome: str, by: str) -> None:
    """Draw a line a value of `by`, each a little apart from the others so that bars do not hide."""
    kinds = list(dict.fromkeys(rows[by]))
    if by != "arm":
        kinds.sort()
    width = float(rows[lever].max() - rows[lever].min()) or 1.0
    for k, kind in enumerate(kinds):
        line = rows[rows[by] == kind].sort_values(lever)
        if line[lever].duplicated().any():
            # Other names vary too: their mean, and the mean of the intervals' ends.
            line = line.groupby(lever, as_index=False)[["difference", "low", "high"]].mean()
        shift = 0.008 * width * (k - (len(kinds) - 1) / 2)
        ends = np.abs(line[["low", "high"]].to_numpy().T - line["difference"].to_numpy())
        axis.errorbar(
            line[lever] + shift,
            line["difference"],
            yerr=ends,
            color=COLORS[k % len(COLORS)],
            marker=MARKERS[k % len(MARKERS)],
            ls=DASHES[k % len(DASHES)],
            ms=4.5,
            lw=1.5,
            elinewidth=1,
            capsize=2,
            label=words(kind) if isinstance(kind, str) else f"{kind:g}",
        )
    zero_line(axis)


def _legend(figure: Figure, axis: Axes, by: str) -> None:
    from matplotlib.container import ErrorbarContainer

    handles, labels = axis.get_legend_handles_labels()
    # The line alone: a bar in the legend says nothing.
    lines = [h[0] if isinstance(h, ErrorbarContainer) else h for h in handles]
    if len(lines) > 1 or by == "arm":
        figure.legend(
            lines,
            labels,
            loc="outside right center",
            title=None if by == "arm" else _wrapped(called(by), 14),
            frameon=False,
            fontsize=8.5,
            handlelength=3.2,
        )


def _title(rows: pd.DataFrame, outcome: str, reference: str, rest: str) -> str:
    """Return a title that says whose effect it is, and against what."""
    arms = list(dict.fromkeys(rows["arm"]))
    who = arms[0] if len(arms) == 1 else "Policies"
    return f"{who} against {reference}: {GLOSSARY[outcome].title.lower()}{rest}"


def _hatched(j: float, i: float) -> object:
    from matplotlib.patches import Rectangle

    return Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, hatch="///", ec="0.6", lw=0)


def _tick(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else words(str(value))


def _wrapped(text: str, width: int) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, width))
