"""Which of many settings no other beats in every objective, and how sure that is.

Values are means over replicates, and over posterior draws where there are some. All settings share
the luck of a replicate and the parameters of a draw, so resamples draw replicates, and draws, with
all settings at once; in what share of resamples a setting is on the front is its probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["efficient", "front"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

RESAMPLES = 1000
LEVEL = 0.9


def efficient(values: Floats) -> Bools:
    """Return which settings no other beats: as good in every objective and better in one.

    Args:
        values: Of shape (..., settings, objectives); less is better.

    Returns:
        Of shape (..., settings). Settings that are the same are on the front together.
    """
    one, other = values[..., :, None, :], values[..., None, :, :]
    beats = (one <= other).all(axis=-1) & (one < other).any(axis=-1)
    found: Bools = ~beats.any(axis=-2)
    return found


def front(
    values: Floats, names: Sequence[str], better: Sequence[str], *, seed: int = 0
) -> pd.DataFrame:
    """Say of every setting what it gives, and how likely it is on the Pareto front.

    Args:
        values: Of shape (settings, draws, replicates, objectives), in the outcomes' units.
        names: Of the objectives.
        better: `high` or `low`, for each of them.
        seed: Of the bootstrap.

    Returns:
        One row a setting: of each objective its mean and, as `NAME_low` and `NAME_high`, a 90%
        interval of it; `efficient`, whether no other setting's means beat it; and `probability`.

    Raises:
        InvalidInput: for fewer than 2 replicates, or a value that is missing.
    """
    import pandas as pd

    _, draws, replicates, _ = values.shape
    if replicates < 2 or not np.isfinite(values).all():
        raise InvalidInput(
            f"values: expected 2 replicates or more and no value missing, got {replicates} and "
            f"{int((~np.isfinite(values)).sum())} missing"
        )
    rng = np.random.default_rng(seed)
    weights = [_weights(rng, many) for many in (draws, replicates)]
    drawn = np.einsum("bd,br,sdro->bso", *weights, values, optimize=True)
    signs = np.array([-1.0 if word == "high" else 1.0 for word in better])
    # One resample at a time: all pairs of settings of all resamples would not fit.
    on = np.mean([efficient(one * signs) for one in drawn], axis=0)
    means = values.mean(axis=(1, 2))
    ends = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    columns: dict[str, npt.NDArray[np.generic]] = {}
    for k, name in enumerate(names):
        columns[name], columns[f"{name}_low"] = means[:, k], ends[0][:, k]
        columns[f"{name}_high"] = ends[1][:, k]
    return pd.DataFrame(columns | {"efficient": efficient(means * signs), "probability": on})


def _weights(rng: np.random.Generator, many: int) -> Floats:
    """Return weights of a bootstrap, of shape (resamples, many), each adding up to 1."""
    if many == 1:
        return np.ones((RESAMPLES, 1))
    # One draw fewer than there are, or intervals would be too narrow (Rao & Wu 1988,
    # doi:10.1080/01621459.1988.10478591).
    times: Floats = rng.multinomial(many - 1, np.full(many, 1 / many), RESAMPLES) / (many - 1)
    return times
