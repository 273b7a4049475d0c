"""How much of an outcome hangs on each of many varied names, words and yes and no among them.

Extremely randomized trees (Geurts, Ernst & Wehenkel 2006, doi:10.1007/s10994-006-6226-1) split
points at random; the score of a name is the share of all variance that its splits take away, its
interactions among them. It needs no grid and no smoothness, and ranks; how much variance a name is
responsible for, `trustabm sensitivity` says where its emulator predicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["feature_scores"]

TREES = 100
RESAMPLES = 10


def feature_scores(
    points: pd.DataFrame, values: npt.NDArray[np.float64], *, seed: int = 0
) -> pd.DataFrame:
    """Score what is varied by how much it tells of an outcome.

    Args:
        points: A column a varied name, a row a point; numbers, words, or yes and no.
        values: The outcome at each point.
        seed: Of the trees and of the resamples.

    Returns:
        One row a name, highest score first: `name`, `score` (scores add up to 1), and `low` and
        `high`, between which lie the middle 90% of scores from resampled points.

    Raises:
        InvalidInput: for too few points, or values that do not vary.
    """
    import pandas as pd
    from sklearn.ensemble import ExtraTreesRegressor

    if len(points) < 10 or len(points) != len(values) or np.ptp(values) == 0:
        raise InvalidInput(
            "points: expected 10 or more with values that differ, got "
            f"{len(points)} and {len(np.unique(values))} values"
        )
    numbers = {
        name: column if column.dtype.kind in "fiub" else pd.factorize(column, sort=True)[0]
        for name, column in points.items()
    }
    table = np.column_stack([np.asarray(column, np.float64) for column in numbers.values()])
    rng = np.random.default_rng(seed)

    def scores(rows: npt.NDArray[np.intp], trees: int) -> npt.NDArray[np.float64]:
        forest = ExtraTreesRegressor(trees, max_features=0.6, random_state=seed)
        found: npt.NDArray[np.float64] = forest.fit(table[rows], values[rows]).feature_importances_
        return found

    many = len(table)
    whole = scores(np.arange(many), TREES)
    again = [scores(rng.integers(0, many, many), TREES // 5) for _ in range(RESAMPLES)]
    low, high = np.quantile(again, [0.05, 0.95], axis=0)
    frame = pd.DataFrame({"name": list(numbers), "score": whole, "low": low, "high": high})
    return frame.sort_values("score", ascending=False, ignore_index=True)
