"""Quarters: how levels and effects move, with intervals of the same towns."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.measures import together
from trustabm.runs.counted import Counted

if TYPE_CHECKING:
    from trustabm.runs.comparison import Comparison

__all__ = ["WEEKS", "moving", "quarters"]

Floats = npt.NDArray[np.float64]

WEEKS = 13
"""Weeks of a quarter; those of a run that is no whole number of them are a little longer."""


def quarters(weeks: Floats) -> Floats:
    """Return the counts of quarters.

    Args:
        weeks: Counts of shape (arms, weeks, groups, fields).

    Returns:
        Counts of shape (arms, quarters, groups, fields).
    """
    many = max(1, weeks.shape[1] // WEEKS)
    parts = np.array_split(weeks, many, axis=1)
    return np.stack([together(part) for part in parts], axis=1)


def moving(
    comparison: Comparison, outcomes: Collection[str], groups: Collection[str]
) -> dict[tuple[str, str, str], list[Estimate]]:
    """Return estimates quarter by quarter, by outcome, group and arm; none where none were kept.

    Args:
        comparison: What was compared.
        outcomes: Which outcomes; of groups, not of a town.
        groups: Which groups.
    """
    found: dict[tuple[str, str, str], list[Estimate]] = {}
    kept = comparison.quarters
    for quarter in range(0 if kept is None else kept.shape[2]):
        assert kept is not None
        counted = Counted(comparison.experiment, kept[:, :, quarter], comparison.town_sums)
        for key, e in counted.estimates(outcomes, groups, comparison.same_rules).items():
            found.setdefault(key, []).append(e)
    return found
