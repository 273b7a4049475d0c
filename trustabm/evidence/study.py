"""A study: what it counts in one replicate, and the numbers it makes of the pooled counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import Lab, LivedArm

__all__ = [
    "Counts",
    "PublishedStudy",
    "change",
    "expected_reports",
    "percent",
    "ratio",
    "share_above",
    "threshold_of",
]

Floats = npt.NDArray[np.float64]

Counts = dict[str, Any]
"""Sums by name: numbers or arrays, which add up over replicates."""

Where = Literal["latino", "national", "nulls", "checks"]
"""Which worlds it needs: a county of many Latino residents, the average one, or, for studies that
are only ever checked, the average one (nulls) or the county (checks)."""


@dataclass(frozen=True)
class PublishedStudy:
    """One published study as an experiment on the model.

    Args:
        name: Its name on the command line and of its folder.
        title: Authors, year and what it measures.
        where: Which worlds it needs.
        count: Counts of one replicate.
        estimate: Numbers by target id, from counts pooled over replicates.
    """

    name: str
    title: str
    where: Where
    count: Callable[[Lab], Counts]
    estimate: Callable[[Mapping[str, Any]], dict[str, float]]


def ratio(over: float, under: float) -> float:
    """Return a ratio, NaN where there is nothing to divide by."""
    return float(over / under) if under > 0 else float("nan")


def percent(over: float, under: float) -> float:
    """Return a share in percent, NaN where there is nothing to divide by."""
    return 100.0 * ratio(over, under)


def change(arm: float, reference: float) -> float:
    """Return a relative change in percent."""
    return 100.0 * (ratio(arm, reference) - 1.0)


def expected_reports(arm: LivedArm, group: str, start: int = 0, end: int | None = None) -> float:
    """Return how many crimes against a group victims would report on average.

    The sum of their chances: the same mean as the count of those who did, with less noise.
    """
    total: Floats = arm.crimes_against(group, start, end)["chance"]
    return float(total.sum(dtype=np.float64))


def threshold_of(counts: Floats, edges: Floats, share: float) -> float:
    """Return the threshold that a share of those counted is above.

    Args:
        counts: How many are in each class; those of a class are spread evenly over it.
        edges: Where the classes begin and end.
        share: The share wanted above.
    """
    cumulated = np.concatenate([[0.0], np.cumsum(counts)])
    reached = (1.0 - share) * cumulated[-1]
    k = max(1, int(np.searchsorted(cumulated, reached)))
    within = cumulated[k] - cumulated[k - 1]
    part = (reached - cumulated[k - 1]) / within if within > 0 else 0.0
    return float(edges[k - 1] + part * (edges[k] - edges[k - 1]))


def share_above(counts: Floats, edges: Floats, threshold: float) -> float:
    """Return the share of those counted that is above a threshold; arguments as `threshold_of`."""
    below = np.interp(threshold, edges, np.concatenate([[0.0], np.cumsum(counts)]))
    return 1.0 - ratio(float(below), float(counts.sum()))
