"""What is kept of the weeks of runs: which outcomes, and how many weeks in a row of a table."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
from pydantic import Field

from trustabm.inputs.catalog import Strict
from trustabm.state.layout import WEEKS_MAX

__all__ = ["Series"]

Floats = npt.NDArray[np.float64]


class Series(Strict):
    """What is kept of the weeks of every run, before the arms part and after.

    Args:
        every: Weeks that are taken together, counted from the day the arms part both ways: the
            first before it and the last after it may be fewer.
        outcomes: Of which outcomes; of all that the study keeps if not given.
    """

    every: int = Field(default=1, ge=1, le=WEEKS_MAX)
    outcomes: tuple[str, ...] = ()

    def starts(self, burn_in: int, lived: int) -> list[int]:
        """Return the first week of every row; week 0 is where arms part.

        Args:
            burn_in: Weeks before.
            lived: Weeks after.
        """
        before = [max(-burn_in, -k * self.every) for k in range(-(-burn_in // self.every), 0, -1)]
        return [*before, *range(0, lived, self.every)]

    def rows(self, burn_in: int, lived: int) -> int:
        """Return how many rows a run has."""
        return -(-burn_in // self.every) - (-lived // self.every)

    def lengths(self, burn_in: int, lived: int) -> list[int]:
        """Return how many weeks every row has."""
        starts = [*self.starts(burn_in, lived), lived]
        return [b - a for a, b in itertools.pairwise(starts)]

    def together(self, weeks: Floats, burn_in: int) -> Floats:
        """Return the sums of every row, of shape (rows, ...).

        Args:
            weeks: Counts of each week, of shape (weeks, ...).
            burn_in: How many of them are before the arms part.
        """
        starts = np.array(self.starts(burn_in, len(weeks) - burn_in)) + burn_in
        sums: Floats = np.add.reduceat(weeks, starts, axis=0)
        return sums
