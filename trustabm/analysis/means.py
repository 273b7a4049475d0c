"""From runs to what an emulator learns: points in the unit cube, and means over replicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trustabm.analysis.emulator import common_luck_variance
from trustabm.errors import InvalidInput, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Means", "Space", "means", "usable"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Space:
    """The ranges of the numbers that are varied.

    Args:
        bounds: Low and high end by name.
    """

    bounds: Mapping[str, tuple[float, float]]

    @property
    def names(self) -> list[str]:
        """What is varied, in order."""
        return list(self.bounds)

    @property
    def problem(self) -> dict[str, Any]:
        """The unit cube as SALib names it."""
        d = len(self.bounds)
        return {"num_vars": d, "names": self.names, "bounds": [[0.0, 1.0]] * d}

    def unit(self, frame: pd.DataFrame) -> Floats:
        """Return rows of values as points of the unit cube, of shape (rows, parameters)."""
        low, high = np.array(list(self.bounds.values())).T
        values: Floats = (frame[self.names].to_numpy(dtype=np.float64) - low) / (high - low)
        return values

    def values(self, points: Floats) -> list[dict[str, float]]:
        """Return points of the unit cube as values by name."""
        low, high = np.array(list(self.bounds.values())).T
        rows = low + points * (high - low)
        return [dict(zip(self.names, map(float, row), strict=True)) for row in rows]


@dataclass(frozen=True)
class Means:
    """Means over replicates at every point that has all of its runs.

    Args:
        space: What is varied.
        points: In the unit cube, of shape (points, parameters).
        outputs: Names of what is measured.
        mean: Of shape (points, outputs).
        variance: Of each mean, apart from luck that all points share, of the same shape.
        missing: Points left out because a run failed or an outcome has nothing to count.
    """

    space: Space
    points: Floats = field(repr=False)
    outputs: tuple[str, ...]
    mean: Floats = field(repr=False)
    variance: Floats = field(repr=False)
    missing: int = 0


def means(
    runs: pd.DataFrame,
    space: Space,
    outputs: Sequence[str],
    *,
    arm: str,
    reference: str | None = None,
) -> Means:
    """Average runs over replicates.

    Args:
        runs: A study's runs in one town.
        space: What is varied.
        outputs: Columns, such as `reporting__latino`.
        arm: The arm measured.
        reference: The arm from which it is measured, replicate by replicate; its level if not
            given.

    Raises:
        InvalidInput: for an arm or column that is not there, or too few complete points.
    """
    if "town" in runs and runs["town"].nunique() > 1:
        raise InvalidInput(f"runs: expected one town, got {sorted(runs['town'].unique())}")
    for name in filter(None, (arm, reference)):
        if name not in set(runs["arm"]):
            raise InvalidInput(f"arm: no {name!r}; {nearest(name, set(map(str, runs['arm'])))}")
    for name in [*outputs, *space.names]:
        if name not in runs:
            raise InvalidInput(f"runs: no column {name!r}; {nearest(name, map(str, runs.columns))}")
    if "weeks" in runs and runs["weeks"].nunique() > 1:
        raise InvalidInput(
            "runs: expected all of the same weeks, got some that a condition ended earlier"
        )
    tables = []
    for output in outputs:
        of_arm = _table(runs, arm, output)
        tables.append(of_arm if reference is None else of_arm - _table(runs, reference, output))
    kept = ~np.any([table.isna().any(axis=1) for table in tables], axis=0)
    points = tables[0].index[kept]
    if len(points) < 2 or tables[0].shape[1] < 2:
        raise InvalidInput(
            "runs: expected at least 2 points and 2 replicates with all of their runs, got "
            f"{len(points)} and {tables[0].shape[1]}"
        )
    whole = [table.to_numpy(dtype=np.float64)[kept] for table in tables]
    settings = runs.drop_duplicates("point").set_index("point").loc[points]
    return Means(
        space=space,
        points=space.unit(settings),
        outputs=tuple(outputs),
        mean=np.stack([w.mean(axis=1) for w in whole], axis=1),
        variance=np.stack([common_luck_variance(w) for w in whole], axis=1),
        missing=int((~kept).sum()),
    )


def usable(
    runs: pd.DataFrame, outputs: Sequence[str], *, arm: str, reference: str | None = None
) -> tuple[list[str], list[str]]:
    """Return the outputs that most points have whole, and why the others are left out.

    One output with nothing to count would else leave out every point of all of them.

    Args:
        runs: A study's runs in one town.
        outputs: Columns, such as `reporting__latino`.
        arm: The arm measured.
        reference: The arm from which it is measured, if any.
    """
    kept, left_out = [], []
    for output in outputs:
        tables = [_table(runs, name, output) for name in (arm, reference) if name is not None]
        whole = sum(tables, start=0 * tables[0]).notna().all(axis=1)
        if 2 * int(whole.sum()) > len(whole):
            kept.append(output)
        else:
            left_out.append(
                f"{output}: expected a value in every run, got none in some run of "
                f"{int((~whole).sum()):,} of {len(whole):,} points under {arm}: a run failed, is "
                "not there yet, or had nothing to count"
            )
    return kept, left_out


def _table(runs: pd.DataFrame, arm: str, output: str) -> pd.DataFrame:
    """Return one output of one arm as a table of points and replicates."""
    of_arm = runs[runs["arm"] == arm]
    return of_arm.pivot(index="point", columns="replicate", values=output).sort_index()
