"""What an emulator says: the response surface over two parameters, and which of them matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trustabm.analysis.emulator import Emulator
from trustabm.analysis.means import Means
from trustabm.figures.style import (
    COLORS,
    axis_label,
    blank,
    dots,
    named,
    titled,
    whom,
)
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.designs import called

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["elementary", "response_surface", "tornado"]

GRID = 41


def response_surface(
    emulator: Emulator, means: Means, across: str, up: str, *, output: int = 0, who: str = ""
) -> Figure:
    """Draw the emulated mean over two parameters, the others in the middle of their ranges.

    Args:
        emulator: Fitted to the means.
        means: What it was fitted to.
        across: The parameter along the axis.
        up: The one up the other axis.
        output: Which output.
        who: Whose effect it is and against what, as "sanctuary against none"; empty where the
            means are levels.
    """
    from matplotlib.patheffects import withStroke

    outcome, group = means.outputs[output].split("__")
    names = means.space.names
    u = np.linspace(0, 1, GRID)
    points = np.full((GRID, GRID, len(names)), 0.5)
    points[..., names.index(across)] = u[None, :]
    points[..., names.index(up)] = u[:, None]
    mean, sd = emulator.predict(points.reshape(-1, len(names)))
    surface = mean[:, output].reshape(GRID, GRID)
    ends = [np.interp(u, [0, 1], means.space.bounds[n]) for n in (across, up)]
    figure, axes = blank(1, 1, (6.4, 4.7))
    axis = axes[0, 0]
    axis.grid(False)
    levels = _round_levels(surface)
    filled = axis.contourf(*ends, surface, levels=levels, cmap="cividis")
    lines = axis.contour(*ends, surface, levels=levels, colors="white", linewidths=0.6)
    for text in axis.clabel(lines, fontsize=7.5, fmt="%g", colors="black"):
        text.set_path_effects([withStroke(linewidth=2, foreground="white")])
    axis.set_xlabel(named(across))
    axis.set_ylabel(named(up))
    figure.colorbar(filled, ax=axis, label=axis_label(outcome, change=bool(who)), shrink=0.9)
    said = (
        f"{_start(who)}{GLOSSARY[outcome].title.lower()} by “{called(across)}” and “{called(up)}”"
    )
    doubt = float(1.645 * np.median(sd[:, output]))
    rest = (
        "Emulated mean; everything else that varies is held in the middle of its range. "
        if len(names) > 2
        else "Emulated mean. "
    )
    titled(
        figure,
        f"{said} ({whom(group)})",
        f"{rest}90% interval of the emulator: about ±{doubt:.2g}.",
    )
    return figure


def tornado(indices: pd.DataFrame, *, who: str = "") -> Figure:
    """Draw how much of what varies comes from which parameter, largest first.

    Args:
        indices: From `trustabm.analysis.sobol.sobol`.
        who: As in `response_surface`.
    """
    outcome, group = str(indices["output"].iloc[0]).split("__")
    rows = indices.sort_values("total")
    figure, axes = blank(1, 1, (6.6, 0.42 * len(rows) + 2.0))
    axis = axes[0, 0]
    axis.grid(axis="y", visible=False)
    axis.grid(axis="x", color="0.92")
    at = np.arange(len(rows))
    for kind, color, shift, says in (
        ("total", COLORS[0], 0.19, "with its interactions (total index)"),
        ("first", COLORS[4], -0.19, "alone (first-order index)"),
    ):
        ends = np.abs(rows[[f"{kind}_low", f"{kind}_high"]].to_numpy().T - rows[kind].to_numpy())
        axis.barh(
            at + shift,
            rows[kind],
            0.36,
            xerr=ends,
            color=color,
            label=says,
            error_kw={"elinewidth": 1, "capsize": 2, "ecolor": "0.25"},
        )
    axis.set_yticks(at, [called(p) for p in rows["parameter"]])
    axis.set_xlim(left=min(0.0, float(rows["first_low"].min())))
    axis.set_xlabel(
        f"share of the variance of the {'change in ' if who else ''}mean "
        f"{GLOSSARY[outcome].title.lower()}"
    )
    axis.legend(frameon=False, loc="lower right", fontsize=8.5)
    titled(
        figure,
        f"{_start(who)}what {GLOSSARY[outcome].title.lower()} hangs on ({whom(group)})",
        "Over the ranges that the study gives. Bars: 90% intervals of emulator and sampling.",
    )
    return figure


def elementary(effects: pd.DataFrame, *, who: str = "") -> Figure:
    """Draw elementary effects in order of size, and what luck gives one that does nothing.

    Args:
        effects: From `trustabm.analysis.morris.morris`.
        who: As in `response_surface`.
    """
    outcome, group = str(effects["output"].iloc[0]).split("__")
    rows = effects.sort_values("effect")
    figure, axes = blank(1, 1, (6.6, 0.34 * len(rows) + 2.0))
    axis = axes[0, 0]
    names = [called(p) for p in rows["parameter"]]
    dots(axis, names, rows[["effect", "low", "high"]].to_numpy())
    at = range(len(rows))
    axis.plot(rows["noise"], at, "|", color=COLORS[1], ms=12, label="what luck alone gives")
    axis.set_xlim(left=0)
    axis.set_xlabel(f"mean absolute change over a parameter's range\n({GLOSSARY[outcome].unit})")
    axis.legend(frameon=False, loc="lower right", fontsize=8.5)
    titled(
        figure,
        f"{_start(who)}what {GLOSSARY[outcome].title.lower()} hangs on ({whom(group)})",
        "Morris' elementary effects. Bars: 90% intervals over trajectories.",
    )
    return figure


def _start(who: str) -> str:
    return f"{who}: " if who else ""


def _round_levels(surface: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(8).tick_values(float(surface.min()), float(surface.max()))
    levels = [float(round(t, 10)) for t in ticks]
    return levels if len(levels) > 1 else [levels[0], levels[0] + 1]
