"""How far a value may lie from its estimate: by luck, and by which draw of parameters is true.

What `intervals` says of one effect and `contrasts` of a difference between effects rests on this:
estimates are taken apart into draws and towns within draws, and what is unsure of them is written
down as equally likely points. `intervals` says by which methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.quantiles import (
    chi_square_quantile,
    chi_squares,
    cube,
    normal_quantile,
    t_quantile,
)

__all__ = [
    "COVERAGE",
    "PAIRS_OF_DRAWS",
    "Doubt",
    "Layout",
    "Points",
    "layout_of",
    "middle_of",
    "points_of",
    "spread",
    "standing",
    "variance",
]

Floats = npt.NDArray[np.float64]

COVERAGE = 0.9

FEW_DRAWS = 4
"""Of fewer draws than this a variance has no mean, and there is no interval."""

PAIRS = 250
"""Points from luck alone: the 13th from either end cuts off 5% exactly."""

PAIRS_OF_DRAWS = 1010
"""The same where draws differ too: the 51st."""


class Layout(NamedTuple):
    """Which draw each replicate lives by, and how many live by each."""

    labels: npt.NDArray[np.intp]
    counts: npt.NDArray[np.intp]

    @property
    def between(self) -> int:
        """Degrees of freedom between draws."""
        return len(self.counts) - 1

    @property
    def within(self) -> int:
        """Degrees of freedom within draws."""
        return len(self.labels) - len(self.counts)

    @property
    def towns(self) -> float:
        """Replicates of a draw, as the analysis of variance averages them."""
        n = len(self.labels)
        return float(n - (self.counts**2).sum() / n) / max(1, self.between)

    def means(self, values: Floats) -> Floats:
        """Return the means of draws over the first axis, of shape (draws, ...)."""
        sums = np.zeros((len(self.counts), *values.shape[1:]))
        np.add.at(sums, self.labels, values)
        return sums / self.counts.reshape(-1, *(1,) * (values.ndim - 1))

    def mean(self, of_draw: Floats) -> Floats:
        """Return the mean over replicates of values of draws, of shape (...)."""
        weighted: Floats = (self.counts[:, None] * of_draw).sum(axis=0) / len(self.labels)
        return weighted


def layout_of(draws: Sequence[int], replicates: int) -> Layout:
    """Return the layout of replicates over draws; one draw for all if none are given."""
    labels = np.unique(np.asarray(draws if len(draws) else [0] * replicates), return_inverse=True)[
        1
    ]
    return Layout(labels, np.bincount(labels))


class Doubt(NamedTuple):
    """How far the true draw lies from all of them together."""

    variance: Floats
    middle: Floats
    draws: Floats
    """What the draws differ by, of shape (draws, rows), luck left in; their mean taken out."""


def variance(of_draw: Floats, rest: Floats, layout: Layout, points: Points) -> Floats:
    """Return what the variance between draws may be, luck taken out, of shape (points, rows).

    Args:
        of_draw: Means of draws, of shape (draws, rows).
        rest: What is left of every replicate, of shape (replicates, rows).
        layout: Of the replicates.
        points: For as many degrees of freedom.
    """
    apart = of_draw - layout.mean(of_draw)
    between = (layout.counts[:, None] * apart**2).sum(axis=0) / layout.between
    within = (rest**2).sum(axis=0) / max(1, layout.within)
    one = chi_squares(points.between, layout.between / _heavier(apart))
    two = chi_squares(points.within, (layout.within or layout.between) / _heavier(rest))
    excess: Floats = np.fmax(0.0, between / one - within / two)
    return excess / layout.towns


def _heavier(values: Floats) -> Floats:
    """Return how many times as unsure a variance is as of normal values, of shape (rows,).

    By the excess kurtosis (Box 1953, doi:10.1093/biomet/40.3-4.318): of values with heavy tails a
    variance has fewer degrees of freedom.
    """
    second = (values**2).mean(axis=0)
    fourth = (values**4).mean(axis=0)
    known = second > 0
    excess = np.where(known, fourth / np.where(known, second, 1.0) ** 2, 3.0) - 3.0
    heavier: Floats = 1.0 + np.fmax(excess, 0.0) / 2
    return heavier


def spread(
    doubt: Doubt | None, luck: Floats, lucky: Floats, place: Floats, layout: Layout
) -> Floats:
    """Return how far a value may lie from its estimate at every point, from luck alone or not.

    Args:
        doubt: About which draw is true; None for luck alone.
        luck: Pseudo-values of replicates less their draw's mean, of shape (replicates, rows).
        lucky: Points of luck, in standard errors.
        place: Points of where the true draw is, in standard deviations.
        layout: Of the replicates.
    """
    n = len(luck)
    within = (luck**2).sum(axis=0) / max(1, layout.within)
    if doubt is None or not layout.between:
        return np.sqrt(within / n if layout.within else within * np.nan) * lucky
    if layout.between + 1 < FEW_DRAWS:
        return np.nan * lucky * within
    # Of the mean over draws, and of the one draw that is true.
    mean = np.sqrt((within + layout.towns * doubt.variance) / n) * lucky
    far: Floats = mean + doubt.middle + np.sqrt(doubt.variance) * place
    return far


def standing(draws: Floats, place: Floats) -> Floats:
    """Return the draws' quantiles in standard deviations, between them as far as it takes."""
    many = len(draws)
    if many < 2:
        return np.zeros_like(place)
    deviation = np.sqrt((draws**2).sum(axis=0) / (many - 1))
    draws = np.sort(draws, axis=0) / np.where(deviation > 0, deviation, 1.0)
    at = np.clip((many + 1) * place[:, 0] - 1, 0, many - 1)  # unbiased from few draws (Weibull)
    first = np.minimum(at.astype(np.intp), many - 2)
    share = (at - first)[:, None]
    standing: Floats = (1 - share) * draws[first] + share * draws[first + 1]
    return standing


def middle_of(values: Floats) -> tuple[Floats, Floats]:
    """Return between which of equally likely values the middle ones lie."""
    out = round((1 - COVERAGE) / 2 * len(values) - 0.5)
    ordered = np.partition(values, (out, len(values) - 1 - out), axis=0)
    return ordered[out], ordered[-1 - out]


class Points(NamedTuple):
    """Equally likely points, of shape (pairs, 1): they fill the space of their names evenly."""

    luck: Floats  # of the log ratio, Student's t
    luck_level: Floats  # of the log level of the reference
    place: Floats  # where among the draws the true one is, 0 to 1
    place_level: Floats  # standard normal
    between: Floats  # of mean squares, standard normal
    within: Floats
    no_town: Floats  # Gamma of a half
    one_town: Floats  # Gamma of one and a half


@lru_cache(maxsize=64)
def points_of(between: int, within: int) -> Points:
    """Return the points for so many degrees of freedom, the same ones every time."""
    pairs = PAIRS_OF_DRAWS if between else PAIRS
    freedom = within or between
    lucky, level, place, place_level, one, two = (c.tolist() for c in cube(pairs, 6))
    columns = (
        [t_quantile(u, freedom) for u in lucky],
        [t_quantile(u, freedom) for u in level],
        place,
        [normal_quantile(u) for u in place_level],
        [normal_quantile(u) for u in one],
        [normal_quantile(u) for u in two],
        [chi_square_quantile(u, 1) / 2 for u in level],
        [chi_square_quantile(u, 3) / 2 for u in level],
    )
    return Points(*(np.array(c)[:, None] for c in columns))
