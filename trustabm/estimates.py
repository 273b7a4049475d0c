"""Differences between arms and their intervals: the paired jackknife over replicates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

__all__ = ["COVERAGE", "Estimate", "jackknife", "paired", "t_quantile"]

Floats = npt.NDArray[np.float64]

COVERAGE = 0.9


@dataclass(frozen=True, slots=True)
class Estimate:
    """One outcome in one group and arm, None where there is no value.

    Args:
        level: Its level.
        difference: From the reference, in the same unit.
        low: The lower end of the interval of the difference.
        high: The upper end.
        percent: The difference as a percentage of the reference.
        percent_low: The lower end of the interval of that percentage.
        percent_high: The upper end.
    """

    level: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    percent: float | None = None
    percent_low: float | None = None
    percent_high: float | None = None

    @property
    def told_apart(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high

    @property
    def identical(self) -> bool:
        """Whether nothing differs in any replicate."""
        return self.difference == 0 and self.low == 0 and self.high == 0


def paired(whole: Floats, without: Floats, arm: int) -> Estimate:
    """Estimate how an arm differs from arm 0.

    The jackknife leaves out one replicate, with all its arms, at a time (Efron & Stein 1981,
    doi:10.1214/aos/1176345462); it holds for ratios of sums, which a plain mean of the
    replicates' ratios would bias where some replicates have few events.

    Args:
        whole: Levels from all replicates, of shape (arms,).
        without: Levels without each replicate, of shape (replicates, arms).
        arm: Which arm.
    """
    level = _plain(whole[arm])
    if arm == 0:
        return Estimate(level)
    difference, each = whole[arm] - whole[0], without[:, arm] - without[:, 0]
    low, high = _interval(difference, each)
    percent, percent_low, percent_high = math.nan, math.nan, math.nan
    if whole[0] > 0 and (without[:, 0] > 0).all():
        percent, each = 100 * difference / whole[0], 100 * each / without[:, 0]
        percent_low, percent_high = _interval(percent, each)
    numbers = (difference, low, high, percent, percent_low, percent_high)
    return Estimate(level, *(_plain(x) for x in numbers))


def jackknife(value: Floats, without: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the intervals of values, NaN where there is only one replicate.

    Args:
        value: Values from all replicates, of shape (...).
        without: Values without each replicate, of shape (replicates, ...).
    """
    n = len(without)
    if n < 2:
        missing = np.full(np.shape(value), np.nan)
        return missing, missing
    error = np.sqrt((n - 1) / n * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    half = t_quantile(0.5 + COVERAGE / 2, n - 1) * error
    return value - half, value + half


def _interval(value: float, without: Floats) -> tuple[float, float]:
    low, high = jackknife(np.asarray(value), without)
    return float(low), float(high)


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def t_quantile(p: float, df: int) -> float:
    """Return the quantile of Student's t distribution.

    Exact for 1 and 2 degrees of freedom; otherwise the expansion in Abramowitz & Stegun 1964,
    26.7.5, which is within 0.2% at p = 0.95 from 3 degrees of freedom on.
    """
    if df == 1:
        return math.tan(math.pi * (p - 0.5))
    if df == 2:
        return (2 * p - 1) * math.sqrt(2 / (4 * p * (1 - p)))
    x = NormalDist().inv_cdf(p)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + math.fsum(term / df ** (k + 1) for k, term in enumerate(terms))
