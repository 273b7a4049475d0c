"""Intervals of many effects at once, read off one distribution of both levels.

What is unsure of a pair of levels, the reference's and an arm's, is written down as some hundred
equally likely pairs. Everything that is said of an effect is read off them: the interval of the
difference, that of the percentage, and on which side of nothing they lie. A pair gives both the
same sign and keeps to what the outcome can be, so that nothing that is said is impossible or
contradicts the rest, as two intervals made apart from each other can.

Pairs are spread on the log scale, around the log ratio of the levels and the log level of the arm
that is known better, because levels are positive and effects multiply. How far they spread:

- Luck: by the jackknife's pseudo-values (Efron & Stein 1981, doi:10.1214/aos/1176345462), paired
  by town, with Student's t.
- Doubt about parameters: levels are taken apart into draws and towns within draws by one-way
  analysis of variance (Searle, Casella & McCulloch 1992, doi:10.1002/9780470316856). With mean
  squares B between and W within draws of n towns each, the variance between draws is, at every
  pair, its generalized pivotal quantity max(0, B / x - W / y) / n with chi-squares x and y of the
  pair's own, divided by their degrees of freedom (Weerahandi 1993,
  doi:10.1080/01621459.1993.10476355), fewer of them where draws or towns have heavy tails (Box
  1953, doi:10.1093/biomet/40.3-4.318). So it is as unsure as it is, and never nothing at all pairs,
  where max(0, B - W) / n is nothing for one seed and much for the next.
  Luck averages out over towns; which draw is true stays unknown however many are run, so this part
  is added whole, in the shape in which the draws lie. A little doubt cannot be told from none by
  some tens of towns, so that where there is none the interval is too wide.
- An arm with events in one town or none has no jackknifed logarithm. Its level is spread as a
  Poisson rate is after so few towns with an event: Gamma of their number and a half (Jeffreys).

Both levels of every pair lie between zero and what the outcome can be at most, so that differences
and percentages do. How much can go is as unsure as the reference's level: the lower end of a
difference may lie below what was found of the level, and never below the end of its interval. A
level's own interval is made in the same way, of one arm alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.doubt import (
    COVERAGE,
    PAIRS_OF_DRAWS,
    Doubt,
    Layout,
    Points,
    layout_of,
    middle_of,
    points_of,
    spread,
    standing,
    variance,
)
from trustabm.outcomes.shares import Drawn, by_kind, luck_alone

__all__ = ["COVERAGE", "FEW_EVENTS", "Changes", "changes"]

Floats = npt.NDArray[np.float64]

FEW_EVENTS = 5
"""With fewer events under both policies together there is nothing to say: even if all were on one
side, that would not tell the policies apart (two-sided binomial test, 2 * 0.5**4 > 0.1)."""

WIDEST = 1000.0
"""An interval whose upper end is as many times the lower one says nothing, and is none."""

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
    reference_low: Floats
    """The lower end of the interval of the reference's level."""
    reference_high: Floats
    level_low: Floats
    """The same of the arm's."""
    level_high: Floats
    by_luck: Floats
    """Shares of the square of the interval's width, on the scale on which it is made."""
    by_sampling: Floats
    by_parameters: Floats
    by_figures: Floats
    by_rules: Floats
    by_structure: Floats
    figure: Floats
    """Which of the town's figures has most of it."""
    by_figure: Floats
    rule: Floats
    """Which reading of a rule has most of it."""
    by_rule: Floats


class _Pairs(NamedTuple):
    """Equally likely levels under the reference and the arm, of shape (pairs, rows)."""

    reference: Floats
    arm: Floats
    ratio: Floats
    """Of the two or, where one of them has hardly an event, the level of the other."""


def changes(
    whole: Floats,
    without: Floats,
    events: Floats,
    top: Floats | float = math.inf,
    draws: Sequence[int] = (),
    drawn: Drawn | None = None,
    halves: Floats | None = None,
) -> Changes:
    """Return how an arm differs from the reference, in many outcomes.

    Args:
        whole: Levels under the reference and the arm from all replicates, of shape (2, rows).
        without: Levels without each replicate, of shape (replicates, 2, rows).
        events: Events in each replicate, of the same shape; infinite where an outcome is an amount
            and there is any of it.
        top: What a level can be at most, for all rows or of shape (rows,).
        draws: Which draw each replicate lives by; one for all if not given.
        drawn: What the draws differ by beside parameters; nothing if not given.
        halves: Levels without each half of a replicate, of shape (2 * replicates, 2, rows), where
            replicates are drawn places lived through twice: their halves differ by luck alone.

    Returns:
        Arrays of shape (rows,). An interval is zero wide where the levels differ in no replicate.
    """
    n, _, rows = without.shape
    layout = layout_of(draws, n)
    # A few shares, as cleared crimes of those reported in the same weeks, may pass their bound.
    most = np.fmax(np.broadcast_to(top, (rows,)), np.fmax(*whole))
    size = BLOCK // PAIRS_OF_DRAWS
    blocks = [
        _block(
            whole[:, at],
            without[:, :, at],
            events[:, :, at],
            most[at],
            layout,
            drawn or Drawn(),
            None if halves is None else halves[:, :, at],
        )
        for at in (slice(k, k + size) for k in range(0, max(rows, 1), size))
    ]
    return Changes(*(np.concatenate(x) for x in zip(*blocks, strict=True)))


def _block(
    whole: Floats,
    without: Floats,
    events: Floats,
    top: Floats,
    layout: Layout,
    drawn: Drawn,
    halves: Floats | None,
) -> Changes:
    difference, nothing = whole[1] - whole[0], np.full(whole.shape[1], np.nan)
    enough = events.sum(axis=(0, 1)) >= FEW_EVENTS
    solid = (whole > 0) & (without > 0).all(axis=0)
    based = enough & (solid[0] if len(without) > 1 else whole[0] > 0)
    base = np.where(based, whole[0], np.nan)
    percent = np.maximum(100 * difference / base, -100.0)  # rounding may go beyond
    if len(without) < 2:
        rest = (nothing for _ in Changes._fields[4:])
        return Changes(difference, nothing, nothing, percent, *rest)
    known = enough & np.isfinite(without).all(axis=(0, 1)) & solid.any(axis=0)
    same = (without[:, 0] == without[:, 1]).all(axis=0) & (difference == 0)
    spreads = _spreads(whole, without, events, solid, layout)
    levels = _levels(whole, events, solid, layout, spreads, top, known)
    found: list[Floats] = []
    for draws in (True, False):
        pairs = _pairs(whole, events, solid, layout, spreads, draws)
        reference, arm = np.minimum(pairs.reference, top), np.minimum(pairs.arm, top)
        with np.errstate(divide="ignore", invalid="ignore"):  # no level at all
            percents = np.maximum(100 * (arm - reference) / reference, -100.0)
        least, most = middle_of(pairs.ratio)
        said = known & ~(most > WIDEST * least)
        for values, value in ((arm - reference, difference), (percents, percent)):
            low, high = middle_of(values)
            low, high = np.minimum(low, value), np.maximum(high, value)
            found += [np.where(said, np.where(same, 0 * value, x), np.nan) for x in (low, high)]
    low, high, percent_low, percent_high, *luck = found
    alone = None if halves is None else luck_alone(whole, halves, solid)
    shares = by_kind(spreads.luck, spreads.ratio, layout, drawn, alone)
    return Changes(
        difference,
        # As much goes as there may be, and as much comes.
        np.where(np.isfinite(levels[1]), np.maximum(low, -levels[1]), low),
        np.where(np.isfinite(levels[3]), np.minimum(high, levels[3]), high),
        percent,
        percent_low,
        percent_high,
        (luck[1] - luck[0]) / 2,
        (luck[3] - luck[2]) / 2,
        *levels,
        *(np.where(np.isfinite(low) & ~same, x, np.nan) for x in shares),
    )


def _exp(logarithms: Floats) -> Floats:
    """Return the exponentials, ends so far off that there is no interval kept within floats."""
    return np.exp(np.clip(logarithms, -FARTHEST, FARTHEST))


class _Spreads(NamedTuple):
    """How far the log ratio and the log levels may lie from where they are."""

    level: Floats  # 1 for an arm that is not solid, of shape (2, rows)
    middle: Floats
    """The log ratio or, where only one of the two is solid, the log level of that one."""
    luck: Floats  # pseudo-values less their draw's mean, of shape (replicates, rows)
    ratio: Doubt
    lucks: tuple[Floats, Floats]  # of the log levels
    bases: tuple[Doubt, Doubt]
    under: npt.NDArray[np.bool_]
    """Whether the reference is the arm whose level is known better."""


def _spreads(
    whole: Floats,
    without: Floats,
    events: Floats,
    solid: npt.NDArray[np.bool_],
    layout: Layout,
) -> _Spreads:
    """Return what is unsure of pairs of levels.

    Args:
        whole: As in `changes`.
        without: As in `changes`.
        events: As in `changes`.
        solid: Whether an arm has events in more than one town, of shape (2, rows).
        layout: Of the replicates.
    """
    points, n = points_of(layout.between, layout.within), len(without)
    level, left = np.where(solid, whole, 1.0), np.where(solid, without, 1.0)
    signs = np.where(solid.all(axis=0), np.array([[-1.0], [1.0]]), 1.0)
    middle = (signs * np.log(level)).sum(axis=0)
    luck = n * np.log(level) - (n - 1) * np.log(left)
    luck -= layout.means(luck)[layout.labels]
    towns = (n * level - (n - 1) * left) / level  # a town's level, relative to all
    ratio = _doubt(towns, events, signs, layout, points)
    lucky = (luck**2).sum(axis=0) / max(1, layout.within) / n
    one, other = (_doubt(towns, events, np.eye(2)[:, [k]], layout, points) for k in (0, 1))
    under = lucky[0] + one.variance.mean(axis=0) <= lucky[1] + other.variance.mean(axis=0)
    lucks = luck[:, 0], luck[:, 1]
    return _Spreads(level, middle, (signs * luck).sum(axis=1), ratio, lucks, (one, other), under)


def _levels(
    whole: Floats,
    events: Floats,
    solid: npt.NDArray[np.bool_],
    layout: Layout,
    of: _Spreads,
    top: Floats,
    known: npt.NDArray[np.bool_],
) -> list[Floats]:
    """Return the ends of both levels' intervals, the reference's first.

    Args:
        whole: As in `changes`.
        events: As in `changes`.
        solid: As in `_spreads`.
        layout: Of the replicates.
        of: What is unsure of the levels.
        top: What they can be at most.
        known: Whether there is anything to say.
    """
    points = points_of(layout.between, layout.within)
    thin = _thin(whole, events, points)
    found = []
    for k, (luck, base) in enumerate(zip(of.lucks, of.bases, strict=True)):
        far = spread(base, luck, points.luck, standing(base.draws, points.place), layout)
        levels = np.where(solid[k], of.level[k] * _exp(far), thin[:, k])
        low, high = middle_of(np.minimum(levels, top))
        ends = np.fmin(low, whole[k]), np.fmax(high, whole[k])
        wide = (whole[k] > 0) & (ends[1] > WIDEST * ends[0])
        found += [np.where(known & ~wide, x, np.nan) for x in ends]
    return found


def _thin(whole: Floats, events: Floats, points: Points) -> Floats:
    """Return levels of arms with events in one town or none, of shape (pairs, 2, rows).

    Without events they are in units of one town's, which the other arm knows.
    """
    some = np.fmax((events > 0).sum(axis=0), 1)
    thin: Floats = np.where(
        whole > 0, points.one_town[:, None] * whole, points.no_town[:, None] * (whole / some)[::-1]
    )
    return thin


def _pairs(
    whole: Floats,
    events: Floats,
    solid: npt.NDArray[np.bool_],
    layout: Layout,
    of: _Spreads,
    draws: bool,
) -> _Pairs:
    """Return pairs of levels from all that is unsure, or from luck alone.

    Args:
        whole: As in `changes`.
        events: As in `changes`.
        solid: As in `_spreads`.
        layout: Of the replicates.
        of: What is unsure of them.
        draws: Whether draws are unsure, and not luck alone.
    """
    points = points_of(layout.between, layout.within)
    luck = np.where(of.under, *of.lucks)
    base = Doubt(*(np.where(of.under, *both) for both in zip(*of.bases, strict=True)))
    lucky_level = _mixed(_alike(of.luck, luck), points.luck, points.luck_level)
    place = standing(of.ratio.draws, points.place)
    place_level = _mixed(_alike(of.ratio.draws, base.draws), place, points.place_level)
    thin = _thin(whole, events, points)
    far = spread(of.ratio if draws else None, of.luck, points.luck, place, layout)
    times = _exp(of.middle + far)
    far = spread(base if draws else None, luck, lucky_level, place_level, layout)
    known = np.where(of.under, *of.level) * _exp(far)
    levels = np.where(of.under, known, known / times), np.where(of.under, known * times, known)
    both = solid.all(axis=0)
    under, over = (np.where(both, levels[k], np.where(solid[k], times, thin[:, k])) for k in (0, 1))
    return _Pairs(under, over, times)


def _doubt(towns: Floats, events: Floats, signs: Floats, layout: Layout, points: Points) -> Doubt:
    """Return how far the true draw lies from all of them together, in logarithms.

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
        return Doubt(none, none, none)
    rest = towns - of_draw[layout.labels]
    # Half an event stands for none.
    rare = np.clip(len(of_draw) / 2 / np.fmax(events.sum(axis=0), 1), RAREST, 0.5)
    floored = np.fmax(of_draw, rare)
    logs = (signs * np.log(floored)).sum(axis=1)
    of_rest = (signs * rest / floored[layout.labels]).sum(axis=1)
    of_logs = variance(logs, of_rest, layout, points)
    of_levels = variance((signs * of_draw).sum(axis=1), (signs * rest).sum(axis=1), layout, points)
    larger = np.fmax(of_logs, np.log1p(of_levels))  # of a lognormal of such a variance
    mean = layout.mean(logs)
    draws = logs - mean
    # Logarithms lie below the logarithm of their mean, by doubt and by luck: the part of doubt.
    seen = (layout.counts[:, None] * draws**2).sum(axis=0) / layout.between / layout.towns
    part = np.fmin(larger.mean(axis=0) / np.where(seen > 0, seen, np.inf), 1)
    return Doubt(larger, part * mean, draws)


def _alike(a: Floats, b: Floats) -> Floats:
    """Return the correlation of deviations over the first axis, 0 where one does not vary."""
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    return np.clip((a * b).sum(axis=0) / np.where(size > 0, size, 1.0), -1.0, 1.0)


def _mixed(correlation: Floats, one: Floats, other: Floats) -> Floats:
    """Return points that correlate with `one`, made of it and of what is apart from it."""
    return correlation * one + np.sqrt(1 - correlation**2) * other
