"""A study: what it counts in one replicate, and the numbers it makes of the pooled counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import Lab, LivedArm

__all__ = ["Counts", "PublishedStudy", "change", "expected_reports", "ratio"]

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


def change(arm: float, reference: float) -> float:
    """Return a relative change in percent."""
    return 100.0 * (ratio(arm, reference) - 1.0)


def expected_reports(arm: LivedArm, group: str, start: int = 0, end: int | None = None) -> float:
    """Return how many crimes against a group victims would report on average.

    The sum of their chances: the same mean as the count of those who did, with less noise.
    """
    total: npt.NDArray[np.float64] = arm.crimes_against(group, start, end)["chance"]
    return float(total.sum(dtype=np.float64))
