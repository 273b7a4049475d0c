"""Conditions on the weeks of a run: the first week in which one holds, and whether it ends the run.

Imported by worker processes, so it knows neither pandas nor pyarrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view
from pydantic import Field, StringConstraints, model_validator

from trustabm.inputs.catalog import Strict
from trustabm.inputs.groups import Groups
from trustabm.outcomes.measures import Costs, levels
from trustabm.state.layout import WEEKS_MAX

__all__ = ["Name", "When", "ended", "first_weeks"]

Floats = npt.NDArray[np.float64]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""What a condition is called: part of a column's name."""


class When(Strict):
    """A condition on an outcome's weeks after the arms part; every run notes when it first holds.

    A week with nothing to count holds nothing.

    Args:
        outcome: One of the study's.
        group: Of which group.
        below: It holds where the level is below this,
        above: or above this.
        over: Weeks whose level is taken together, the present one the last of them: a single week
            of one town is mostly luck.
        weeks: In how many weeks in a row; the last of them is the one noted.
        stop: Whether the run ends with that week.
    """

    outcome: str
    group: str = "all"
    below: float | None = None
    above: float | None = None
    over: int = Field(default=1, ge=1, le=WEEKS_MAX)
    weeks: int = Field(default=1, ge=1, le=WEEKS_MAX)
    stop: bool = False

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.below is None) == (self.above is None):
            both = "neither" if self.below is None else "both"
            raise ValueError(f"expected a level that it is below or above, got {both}")
        return self

    @property
    def back(self) -> int:
        """How many weeks before a week decide whether it holds there."""
        return self.over + self.weeks - 2

    @property
    def said(self) -> str:
        """The condition in words."""
        side = f"below {self.below:g}" if self.below is not None else f"above {self.above:g}"
        over = f" over {self.over} weeks" if self.over > 1 else ""
        row = f" for {self.weeks} weeks in a row" if self.weeks > 1 else ""
        return f"{self.outcome} of {self.group}{over} {side}{row}"

    def until(self, level: Floats) -> int | None:
        """Return after how many weeks it first holds; None if it does in none.

        Args:
            level: Of each week, of shape (weeks,); NaN where there is nothing to count.
        """
        least, most = (np.nan if x is None else x for x in (self.above, self.below))
        holds = (level < most) | (level > least)
        if len(holds) < self.weeks:
            return None
        first = np.flatnonzero(sliding_window_view(holds, self.weeks).all(axis=-1))
        return int(first[0]) + self.weeks if len(first) else None


def first_weeks(
    when: Mapping[str, When], groups: Groups, counts: Floats, town: Floats, costs: Costs
) -> dict[str, int | None]:
    """Return after how many weeks each condition first holds in a run; None if it does in none.

    Args:
        when: The conditions by name.
        groups: The groups that were counted.
        counts: Their tallies, of shape (weeks, groups, fields).
        town: The town's, of shape (weeks, fields).
        costs: Where costs are.
    """
    found: dict[str, int | None] = {}
    for name, condition in when.items():
        before = condition.over - 1
        if len(counts) <= before:
            found[name] = None
            continue
        sums, town_sums = _moving(counts, condition.over), _moving(town, condition.over)
        level = levels(groups, sums, town_sums, costs, [condition.outcome])
        until = condition.until(level[condition.outcome, condition.group])
        found[name] = until if until is None else until + before
    return found


def _moving(counts: Floats, over: int) -> Floats:
    """Return sums over each so many weeks, of one week the counts as they are."""
    if over == 1:
        return counts
    sums: Floats = sliding_window_view(counts, over, axis=0).sum(axis=-1)
    return sums


def ended(when: Mapping[str, When], until: Mapping[str, int | None]) -> str | None:
    """Return which condition ended a run, the first of those that did; None if none did."""
    stops = {n: weeks for n, weeks in until.items() if when[n].stop and weeks is not None}
    return min(stops, key=lambda name: stops[name] or 0) if stops else None
