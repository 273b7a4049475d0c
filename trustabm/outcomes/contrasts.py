"""Intervals of what is added up of many levels: an effect less another effect, of the same towns.

Luck by the jackknife's pseudo-values, paired by town, with Student's t; doubt about parameters by
the variance between draws, added whole, as in `trustabm.outcomes.intervals`. A difference of
effects may have either sign, so that all is on the scale of the outcome, and not of logarithms.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.doubt import Doubt, layout_of, middle_of, points_of, spread, standing
from trustabm.outcomes.doubt import variance as between_draws

__all__ = ["contrasts"]

Floats = npt.NDArray[np.float64]


def contrasts(whole: Floats, without: Floats, draws: Sequence[int] = ()) -> tuple[Floats, Floats]:
    """Return the lower and upper ends of 90% intervals, of shape (rows,).

    Args:
        whole: Estimates from all replicates, of shape (rows,).
        without: The same estimates without each replicate, of shape (replicates, rows).
        draws: Which parameter set each replicate lives by; one for all if not given.

    Returns:
        NaN where it cannot be said: of one replicate, of fewer than four draws, or where an
        estimate is missing. An interval is zero wide where every replicate gives the same.
    """
    n = len(without)
    if n < 2:
        return np.full(whole.shape, np.nan), np.full(whole.shape, np.nan)
    layout = layout_of(draws, n)
    points = points_of(layout.between, layout.within)
    towns = whole + (n - 1) * (whole - without)
    of_draw = layout.means(towns)
    luck = towns - of_draw[layout.labels]
    doubt, place = None, np.zeros(1)
    if layout.between:
        apart = of_draw - layout.mean(of_draw)
        doubt = Doubt(between_draws(of_draw, luck, layout, points), np.zeros(1), apart)
        place = standing(apart, points.place)
    low, high = middle_of(whole + spread(doubt, luck, points.luck, place, layout))
    return np.minimum(low, whole), np.maximum(high, whole)
