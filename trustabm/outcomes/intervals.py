"""Intervals of many effects at once, read off one distribution of both levels.

What is unsure of a pair of levels, the reference's and an arm's, is written down as some hundred
equally likely pairs. Everything that is said of an effect is read off them: the interval of the
difference, that of the percentage, and on which side of nothing they lie. A pair gives both the
same sign and keeps to what the outcome can be, so that nothing that is said is impossible or
contradicts the rest, as two intervals made apart from each other can.

Pairs are spread on the log scale, around the log ratio of the levels and the log level of the
reference, because levels are positive and effects multiply. How far they spread:

- Luck: by the jackknife's pseudo-values (Efron & Stein 1981, doi:10.1214/aos/1176345462), paired
  by town, with Student's t.
- Doubt about parameters: levels are taken apart into draws and towns within draws by one-way
  analysis of variance (Searle, Casella & McCulloch 1992, doi:10.1002/9780470316856). With mean
  squares B between and W within draws of n towns each, the variance between draws is the mean of
  its generalized pivotal quantity max(0, B / x - W / y) / n over chi-squares x and y divided by
  their degrees of freedom (Weerahandi 1993, doi:10.1080/01621459.1993.10476355). It is smooth in
  the data and never zero, where max(0, B - W) / n is nothing for one seed and much for the next.
  Luck averages out over towns; which draw is true stays unknown however many are run, so this part
  is added whole, in the shape in which the draws lie. A little doubt cannot be told from none by
  some tens of towns, so that where there is none the interval is too wide.
- An arm with events in one town or none has no jackknifed logarithm. Its level is spread as a
  Poisson rate is after so few towns with an event: Gamma of their number and a half (Jeffreys).

Differences end where the outcome does, given the reference's level: no level falls below zero or
rises above its top. Where nearly all of a level goes, the lower end of the difference therefore
leaves out that the reference's own level is unsure, and holds less often (at 95% fewer, six times
in ten); the percentage holds as elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.quantiles import (
    chi_square_quantile,
    cube,
    normal_quantile,
    t_quantile,
)

__all__ = ["COVERAGE", "FEW_EVENTS", "Changes", "changes"]

Floats = npt.NDArray[np.float64]

COVERAGE = 0.9

FEW_EVENTS = 5
"""With fewer events under both policies together there is nothing to say: even if all were on one
side, that would not tell the policies apart (two-sided binomial test, 2 * 0.5**4 > 0.1)."""

FEW_DRAWS = 4
"""Of fewer draws than this a variance has no mean, and there is no interval."""

WIDEST = 1000.0
"""An interval whose upper end is as many times the lower one says nothing, and is none."""

PAIRS = 250
"""Pairs from luck alone: the 13th from either end cuts off 5% exactly."""

PAIRS_OF_DRAWS = 1010
"""The same where draws differ too: the 51st."""

RAREST = 0.001
"""A draw's level is taken to be this part of all draws' at least."""

FARTHEST = 300.0
"""Logarithm beyond which nothing is spread: a product of two stays within floats."""

BLOCK = 2**20
"""Pairs held at a time."""


class Changes(NamedTuple):
    """How an arm differs from the reference, NaN where that cannot be said; arrays of one shape."""

    difference: Floats
    low: Floats
    """The lower end of the interval of the difference."""
    high: Floats
    percent: Floats
    """The difference in percent of the reference's level."""
    percent_low: Floats
    percent_high: Floats
    luck: Floats
    """Half the width that the interval would have from luck alone."""
    percent_luck: Floats


class _Pairs(NamedTuple):
    """Equally likely levels under the reference and the arm, of shape (pairs, rows)."""

    reference: Floats
    arm: Floats
    ratio: Floats
    """Of the two or, where one of them has hardly an event, the level of the other."""


class _Layout(NamedTuple):
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


def changes(
    whole: Floats,
    without: Floats,
    events: Floats,
    top: Floats | float = math.inf,
    draws: Sequence[int] = (),
) -> Changes:
    """Return how an arm differs from the reference, in many outcomes.

    Args:
        whole: Levels under the reference and the arm from all replicates, of shape (2, rows).
        without: Levels without each replicate, of shape (replicates, 2, rows).
        events: Events in each replicate, of the same shape; infinite where an outcome is an amount
            and there is any of it.
        top: What a level can be at most, for all rows or of shape (rows,).
        draws: Which parameter set each replicate lives by; one for all if not given.

    Returns:
        Arrays of shape (rows,). An interval is zero wide where the levels differ in no replicate.
    """
    n, _, rows = without.shape
    labels = np.unique(np.asarray(draws if len(draws) else [0] * n), return_inverse=True)[1]
    layout = _Layout(labels, np.bincount(labels))
    # A few shares, as cleared crimes of those reported in the same weeks, may pass their bound.
    most = np.fmax(np.broadcast_to(top, (rows,)), np.fmax(*whole))
    size = BLOCK // PAIRS_OF_DRAWS
    blocks = [
        _block(whole[:, at], without[:, :, at], events[:, :, at], most[at], layout)
        for at in (slice(k, k + size) for k in range(0, max(rows, 1), size))
    ]
    return Changes(*(np.concatenate(x) for x in zip(*blocks, strict=True)))


def _block(whole: Floats, without: Floats, events: Floats, top: Floats, layout: _Layout) -> Changes:
    difference, nothing = whole[1] - whole[0], np.full(whole.shape[1], np.nan)
    enough = events.sum(axis=(0, 1)) >= FEW_EVENTS
    solid = (whole > 0) & (without > 0).all(axis=0)
    based = enough & (solid[0] if len(without) > 1 else whole[0] > 0)
    base = np.where(based, whole[0], np.nan)
    percent = 100 * difference / base
    if len(without) < 2:
        return Changes(difference, nothing, nothing, percent, nothing, nothing, nothing, nothing)
    known = enough & np.isfinite(without).all(axis=(0, 1)) & solid.any(axis=0)
    same = (without[:, 0] == without[:, 1]).all(axis=0) & (difference == 0)
    found = []
    for pairs in _pairs(whole, without, events, solid, layout):
        reference, arm = np.minimum(pairs.reference, top), np.minimum(pairs.arm, top)
        with np.errstate(divide="ignore", invalid="ignore"):  # no level at all
            percents = 100 * (arm - reference) / reference
        least, most = _middle(pairs.ratio)
        said = known & ~(most > WIDEST * least)
        for values, value, bounds in (
            (arm - reference, difference, (-whole[0], top - whole[0])),
            (percents, percent, (-100.0, 100 * (top / base - 1))),
        ):
            low, high = _middle(values)
            low = np.minimum(np.maximum(low, bounds[0]), value)
            high = np.maximum(np.minimum(high, bounds[1]), value)
            found += [np.where(said, np.where(same, 0 * value, x), np.nan) for x in (low, high)]
    low, high, percent_low, percent_high, *luck = found
    return Changes(
        difference,
        low,
        high,
        percent,
        percent_low,
        percent_high,
        (luck[1] - luck[0]) / 2,
        (luck[3] - luck[2]) / 2,
    )


def _exp(logarithms: Floats) -> Floats:
    """Return the exponentials, ends so far off that there is no interval kept within floats."""
    return np.exp(np.clip(logarithms, -FARTHEST, FARTHEST))


def _middle(values: Floats) -> tuple[Floats, Floats]:
    """Return between which of equally likely values the middle ones lie."""
    out = round((1 - COVERAGE) / 2 * len(values) - 0.5)
    ordered = np.partition(values, (out, len(values) - 1 - out), axis=0)
    return ordered[out], ordered[-1 - out]


def _pairs(
    whole: Floats,
    without: Floats,
    events: Floats,
    solid: npt.NDArray[np.bool_],
    layout: _Layout,
) -> list[_Pairs]:
    """Return pairs of levels from all that is unsure, and from luck alone.

    Args:
        whole: As in `changes`.
        without: As in `changes`.
        events: As in `changes`.
        solid: Whether an arm has events in more than one town, of shape (2, rows).
        layout: Of the replicates.
    """
    points, n = _points(layout.between, layout.within), len(without)
    level, left = np.where(solid, whole, 1.0), np.where(solid, without, 1.0)
    both = solid.all(axis=0)
    # The log ratio or, where only one of the two is solid, the log level of that one.
    signs = np.where(both, np.array([[-1.0], [1.0]]), 1.0)
    middle = (signs * np.log(level)).sum(axis=0)
    luck = n * np.log(level) - (n - 1) * np.log(left)
    luck -= layout.means(luck)[layout.labels]
    luck_ratio, luck_level = (signs * luck).sum(axis=1), luck[:, 0]
    lucky_level = _mixed(_alike(luck_ratio, luck_level), points.luck, points.luck_level)
    towns = (n * level - (n - 1) * left) / level  # a town's level, relative to all
    ratio = _Doubt.of(towns, events, signs, layout, points)
    base = _Doubt.of(towns, events, np.array([[1.0], [0.0]]), layout, points)
    place = _standing(ratio.draws, points.place)
    place_level = _mixed(_alike(ratio.draws, base.draws), place, points.place_level)
    # The level of an arm without events in units of one town's, which the other arm knows.
    some = np.fmax((events > 0).sum(axis=0), 1)
    thin = np.where(
        whole > 0, points.one_town[:, None] * whole, points.no_town[:, None] * (whole / some)[::-1]
    )
    found = []
    for draws in (True, False):
        far = _spread(ratio if draws else None, luck_ratio, points.luck, place, layout)
        times = _exp(middle + far)
        far = _spread(base if draws else None, luck_level, lucky_level, place_level, layout)
        reference = level[0] * _exp(far)
        arms = (
            np.where(both, levels, np.where(solid[k], times, thin[:, k]))
            for k, levels in enumerate((reference, reference * times))
        )
        found.append(_Pairs(next(arms), next(arms), times))
    return found


class _Doubt(NamedTuple):
    """How far the true draw lies from all of them together, in logarithms."""

    variance: Floats
    middle: Floats
    draws: Floats
    """What the draws differ by, of shape (draws, rows), luck left in; their mean taken out."""

    @classmethod
    def of(
        cls, towns: Floats, events: Floats, signs: Floats, layout: _Layout, points: _Points
    ) -> _Doubt:
        """Take luck out of what draws differ by.

        The variance is estimated from logarithms and from the levels themselves, and the larger
        one taken: logarithms of few events hide some of it, and so does a mean of skewed levels.

        Args:
            towns: Levels of replicates, relative to those of all, of shape (replicates, 2, rows).
            events: As in `changes`.
            signs: What both levels are multiplied by before they are added up, of shape (2, rows).
            layout: Of the replicates.
            points: For as many degrees of freedom.
        """
        of_draw = layout.means(towns)
        none = np.zeros((1, towns.shape[-1]))
        if not layout.between:
            return cls(none, none, none)
        rest = towns - of_draw[layout.labels]
        # Half an event stands for none.
        rare = np.clip(len(of_draw) / 2 / np.fmax(events.sum(axis=0), 1), RAREST, 0.5)
        floored = np.fmax(of_draw, rare)

        def pivot(draws: Floats, rest: Floats) -> Floats:
            mean = (layout.counts[:, None] * draws).sum(axis=0) / len(rest)
            between = (layout.counts[:, None] * (draws - mean) ** 2).sum(axis=0) / layout.between
            within = (rest**2).sum(axis=0) / max(1, layout.within)
            excess = np.fmax(0.0, between / points.between - within / points.within)
            averaged: Floats = excess.mean(axis=0, keepdims=True) / layout.towns
            return averaged

        logs = (signs * np.log(floored)).sum(axis=1)
        of_logs = pivot(logs, (signs * rest / floored[layout.labels]).sum(axis=1))
        of_levels = pivot((signs * of_draw).sum(axis=1), (signs * rest).sum(axis=1))
        variance = np.fmax(of_logs, np.log1p(of_levels))  # of a lognormal of such a variance
        mean = (layout.counts[:, None] * logs).sum(axis=0) / len(rest)
        draws = logs - mean
        # Logarithms lie below the logarithm of their mean, by doubt and by luck: the part of doubt.
        seen = (layout.counts[:, None] * draws**2).sum(axis=0) / layout.between / layout.towns
        return cls(variance, np.fmin(variance / np.where(seen > 0, seen, np.inf), 1) * mean, draws)


def _spread(
    doubt: _Doubt | None, luck: Floats, lucky: Floats, place: Floats, layout: _Layout
) -> Floats:
    """Return how far a value may lie from its estimate at every point, from luck alone or not."""
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


def _standing(draws: Floats, place: Floats) -> Floats:
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


def _alike(a: Floats, b: Floats) -> Floats:
    """Return the correlation of deviations over the first axis, 0 where one does not vary."""
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.clip((a * b).sum(axis=0) / np.where(size > 0, size, 1.0), -1.0, 1.0)


def _mixed(correlation: Floats, one: Floats, other: Floats) -> Floats:
    """Return points that correlate with `one`, made of it and of what is apart from it."""
    return correlation * one + np.sqrt(1 - correlation**2) * other


class _Points(NamedTuple):
    """Equally likely points, of shape (pairs, 1): they fill the space of their names evenly."""

    luck: Floats  # of the log ratio, Student's t
    luck_level: Floats  # of the log level of the reference
    place: Floats  # where among the draws the true one is, 0 to 1
    place_level: Floats  # standard normal
    between: Floats  # chi-squares over their degrees of freedom
    within: Floats
    no_town: Floats  # Gamma of a half
    one_town: Floats  # Gamma of one and a half


@lru_cache(maxsize=64)
def _points(between: int, within: int) -> _Points:
    """Return the points for so many degrees of freedom, the same ones every time."""
    pairs = PAIRS_OF_DRAWS if between else PAIRS
    freedom = within or between
    lucky, level, place, place_level, one, two = (c.tolist() for c in cube(pairs, 6))
    columns = (
        [t_quantile(u, freedom) for u in lucky],
        [t_quantile(u, freedom) for u in level],
        place,
        [normal_quantile(u) for u in place_level],
        [chi_square_quantile(u, between or 1) / (between or 1) for u in one],
        [chi_square_quantile(u, freedom) / freedom for u in two],
        [chi_square_quantile(u, 1) / 2 for u in level],
        [chi_square_quantile(u, 3) / 2 for u in level],
    )
    return _Points(*(np.array(c)[:, None] for c in columns))
