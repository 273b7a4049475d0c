"""A map of counties: an effect by colour, and beside it how unsure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.figures.outlines import outlines, upright
from trustabm.figures.style import blank, titled
from trustabm.outcomes.estimates import Verdict
from trustabm.outcomes.glossary import GLOSSARY

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Classes", "Shown", "bounds", "classes", "county_map", "placed", "shown"]

Floats = npt.NDArray[np.float64]

EFFECT, DOUBT = "PuOr_r", "cividis_r"
"""Scales that people who see few colours can tell apart: purple is less, orange is more."""

STEPS = tuple(a * 10.0**k for k in range(-2, 4) for a in (1.0, 2.0, 2.5, 5.0))
MANY = 5
"""Classes of colour on each side of nothing, and of doubt."""

MOST = 0.97
"""Of counties, those whose values the classes hold; the others have the outermost colour."""

PALE = 0.7
"""How far the colour of what is too close to call is taken towards grey."""

GREY, SAME, NOTHING = "#ededed", "#bdbdbd", "#ffffff"
NO_ROW = "no data"
DOTS, HATCH = "#9a9a9a", "//////"
BORDER, WIDTH = "#404040", {"nation": 0.35, "state": 0.9}


class Classes(NamedTuple):
    """Classes of colour.

    Args:
        edges: Where they begin and end, ascending.
        places: Where on the scale each lies, from 0 to 1; one more than there are edges, as what
            lies below the first and above the last has a colour too.
        scale: Which scale.
    """

    edges: Floats
    places: Floats
    scale: str

    @property
    def colors(self) -> Floats:
        """The colour of each, of shape (edges + 1, 4)."""
        from matplotlib import colormaps

        return colormaps[self.scale](self.places)

    @property
    def labels(self) -> list[str]:
        """The edges as they are written."""
        if not len(self.edges):
            return []
        step = _step(self.edges)
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        digits += step in (0.25, 2.5, 25.0) and step < 10
        return [f"{x:.{digits}f}" for x in self.edges]

    def at(self, values: Floats) -> npt.NDArray[np.int64]:
        """Return which class each value is of; that of NaN means nothing."""
        return np.searchsorted(self.edges, values, side="right")

    def of(self, values: Floats) -> Floats:
        """Return the colour of each value, of shape (values, 4); that of NaN means nothing."""
        return self.colors[self.at(values)]


class Shown(NamedTuple):
    """What a map shows of counties; every array has one element a county.

    Args:
        percent: The change, NaN where there is none to show.
        half: Half of its interval, in points of percent.
        said: What can be said of it.
        alike: Whether the change alters nothing there.
        few: Whether too little is known.
        pale: Whether it is too close to call.
    """

    percent: Floats
    half: Floats
    said: npt.NDArray[np.object_]
    alike: npt.NDArray[np.bool_]
    few: npt.NDArray[np.bool_]
    pale: npt.NDArray[np.bool_]


def shown(effects: pd.DataFrame, outcome: str, where: list[str]) -> Shown:
    """Return what a map shows of an outcome in counties.

    Args:
        effects: As `county_map` takes them.
        outcome: The outcome.
        where: FIPS codes of the counties.

    Raises:
        InvalidInput: where there is none of these counties of that outcome.
    """
    rows = effects[effects["outcome"] == outcome].set_index("fips")
    if not rows.index.isin(where).any():
        raise InvalidInput(f"outcome: no county here has {outcome!r}")
    rows = rows.reindex(where)
    half = ((rows["high"] - rows["low"]) / 2).to_numpy(float)
    said = rows["verdict"].fillna(NO_ROW)
    alike = said.isin([Verdict.SAME_RULES.value, Verdict.NO_DIFFERENCE.value]).to_numpy()
    few = ~alike & (~np.isfinite(half) | (said == Verdict.TOO_FEW.value).to_numpy())
    pale = (said == Verdict.CLOSE.value).to_numpy() & ~few
    percent, half = (
        np.where(alike | few, np.nan, x) for x in (rows["percent"].to_numpy(float), half)
    )
    return Shown(percent, half, said.to_numpy(), alike, few, pale)


def classes(values: Floats, *, signed: bool) -> Classes:
    """Return classes of one round width that hold nearly all values.

    Args:
        values: The values, NaN among them.
        signed: Whether they lie on both sides of nothing, which then has an edge, and colours are
            as far from the middle as values are from nothing.
    """
    known = np.abs(values[np.isfinite(values)])
    top = float(np.quantile(known, MOST)) if len(known) else 1.0
    step = next((s for s in STEPS if s * MANY >= top), STEPS[-1])
    # The outermost class is of all beyond the last edge, so that there is one edge less.
    edges = step * np.arange(1 - MANY if signed else 1, MANY).astype(np.float64)
    places = (np.arange(len(edges) + 1) + 0.5) / (len(edges) + 1)
    if signed:
        edges, places = _used(edges, places, values)
    return Classes(edges, places, EFFECT if signed else DOUBT)


def _used(edges: Floats, places: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return the classes from the lowest to the highest that has a value, nothing among them."""
    known = np.searchsorted(edges, values[np.isfinite(values)], side="right")
    middle = len(edges) // 2
    first = min(int(known.min()), middle) if len(known) else 0
    last = max(int(known.max()), middle + 1) if len(known) else len(edges)
    return edges[first:last], places[first : last + 1]


def county_map(
    effects: pd.DataFrame, outcome: str, *, title: str, note: str = "", state: str | None = None
) -> Figure:
    """Draw what a change does to an outcome, county by county, and how unsure that is.

    Args:
        effects: A row a county: `fips, outcome, percent, low, high, verdict`, as
            `trustabm.nation.effects.effects` gives them.
        outcome: The outcome.
        title: In plain words.
        note: What is to be said beneath.
        state: Two digits, of a state that is drawn alone; all of them if not given.

    Returns:
        Two maps. In that of effects a county whose interval holds nothing is pale; where the change
        alters nothing, where there are too few events, and where there is no row for a county is
        shown as such, in both.

    Raises:
        InvalidInput: where there is no county of that outcome.
    """
    where = [f for f in outlines().rings if state is None or f.startswith(state)]
    known = shown(effects, outcome, where)
    hatched = known.few & (known.said != NO_ROW)

    figure, axes = blank(1, 2, _size(state), width_ratios=(1.5, 1.0) if state is None else (1, 1))
    for axis, values, signed, label in (
        (axes[0, 0], known.percent, True, f"{GLOSSARY[outcome].title}: change in percent"),
        (axes[0, 1], known.half, False, "Doubt: half of the 90% interval, in points of percent"),
    ):
        shades = classes(values, signed=signed)
        colors = shades.of(values)
        if signed:
            colors[known.pale] = (1 - PALE) * colors[known.pale] + PALE * _rgba(GREY)
        colors[known.few], colors[known.alike] = _rgba(NOTHING), _rgba(SAME)
        _draw(axis, where, colors, hatched, state)
        _scale(figure, axis, shades, label)
    _words(axes[0, 1], bool(known.pale.any()), bool(known.alike.any()), set(known.said[known.few]))
    titled(figure, title, note)
    return figure


def _size(state: str | None) -> tuple[float, float]:
    """Return how large a figure is, in inches: as high as a state needs."""
    if state is None:
        return 13.0, 5.2
    (left, top), (right, bottom) = bounds(state)
    high = 5.2 * (bottom - top) / (right - left)
    return 11.0, float(np.clip(high, 2.5, 8.0)) + 2.0


def bounds(state: str | None) -> tuple[Floats, Floats]:
    """Return the corners of what is drawn, and a little room."""
    points = np.concatenate([placed(ring, state) for ring in _inside(state)])
    low, high = points.min(axis=0), points.max(axis=0)
    room = 0.02 * float((high - low).max())
    return low - room, high + room


def _inside(state: str | None) -> list[Floats]:
    """Return the rings of all counties that are drawn."""
    shapes = outlines()
    return [r for f, rings in shapes.rings.items() if f.startswith(state or "") for r in rings]


def placed(points: Floats, state: str | None) -> Floats:
    """Return points as they are drawn: a state alone stands upright.

    Args:
        points: Of shape (points, 2).
        state: Its two digits; None where all are drawn.
    """
    if state is None:
        return points
    return upright(points, state, _middle(state))


@cache
def _middle(state: str) -> Floats:
    """Return the middle of a state, as it lies in the nation."""
    whole = np.concatenate(_inside(state))
    middle: Floats = (whole.min(axis=0) + whole.max(axis=0)) / 2
    return middle


def _rgba(color: str) -> Floats:
    from matplotlib.colors import to_rgba

    return np.array(to_rgba(color))


def _draw(
    axis: Axes,
    where: Sequence[str],
    colors: Floats,
    unknown: npt.NDArray[np.bool_],
    state: str | None,
) -> None:
    """Draw counties in their colours, those of which too little is known hatched, borders."""
    from matplotlib.collections import LineCollection, PathCollection
    from matplotlib.path import Path

    shapes = outlines()
    paths = [
        Path.make_compound_path(*(Path(placed(r, state), closed=True) for r in shapes.rings[f]))
        for f in where
    ]
    width = WIDTH["nation" if state is None else "state"]
    axis.add_collection(
        PathCollection(paths, facecolors=colors, edgecolors="white", linewidths=0.3 * width)
    )
    some = [path for path, so in zip(paths, unknown, strict=True) if so]
    axis.add_collection(
        PathCollection(some, facecolors="none", edgecolors=DOTS, linewidths=0, hatch=HATCH)
    )
    lines = [
        placed(line, state) for states, line in shapes.borders if state is None or state in states
    ]
    axis.add_collection(LineCollection(lines, colors=BORDER, linewidths=width))
    (left, top), (right, bottom) = bounds(state)
    axis.set_xlim(left, right)
    axis.set_ylim(bottom, top)
    axis.set_aspect("equal")
    axis.set_axis_off()


def _scale(figure: Figure, axis: Axes, shades: Classes, label: str) -> None:
    """Draw what colours mean, beneath a map."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm, ListedColormap

    if not len(shades.edges):
        return
    step = _step(shades.edges)
    edges = [shades.edges[0] - step, *shades.edges, shades.edges[-1] + step]
    mapped = ScalarMappable(BoundaryNorm(edges, len(shades.colors)), ListedColormap(shades.colors))
    bar = figure.colorbar(
        mapped, ax=axis, orientation="horizontal", shrink=0.62, aspect=32, pad=0.01
    )
    bar.set_ticks(list(shades.edges), labels=shades.labels)
    bar.ax.tick_params(labelsize=8, length=2)
    bar.outline.set_linewidth(0.4)
    bar.set_label(label, fontsize=9)


def _step(edges: Floats) -> float:
    """Return how wide a class is."""
    return float(np.diff(edges).max(initial=0.0)) or abs(float(edges[0])) or 1.0


def _words(axis: Axes, pale: bool, alike: bool, unknown: set[str]) -> None:
    """Say what colours that are on no scale mean, where there are any."""
    from matplotlib.patches import Patch

    kinds = []
    if pale:
        kinds.append(Patch(facecolor=GREY, edgecolor=DOTS, label="pale: too close to call"))
    if alike:
        kinds.append(Patch(facecolor=SAME, label="the change alters nothing there"))
    for what in sorted(unknown):
        hatch = None if what == NO_ROW else HATCH
        kinds.append(Patch(facecolor=NOTHING, edgecolor=DOTS, hatch=hatch, label=what))
    if kinds:
        above = (1.0, 1.0)
        axis.legend(
            handles=kinds, loc="lower right", bbox_to_anchor=above, fontsize=8, frameon=False
        )
