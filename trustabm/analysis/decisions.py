"""Which policy to prefer where nobody knows the conditions: regret and satisficing.

A condition is a town and a point: one setting of what nobody controls. Values are means over
replicates; intervals are of a bootstrap that draws replicates with all their arms and conditions,
since these share their luck. Herman et al. 2015 (doi:10.1061/(ASCE)WR.1943-5452.0000509) review
the measures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Values", "regret", "satisficing", "values"]

Floats = npt.NDArray[np.float64]
Better = Literal["high", "low"]

RESAMPLES = 1000
LEVEL = 0.9


@dataclass(frozen=True)
class Values:
    """One outcome under every arm in every condition.

    Args:
        output: Its column.
        arms: Their names.
        conditions: Town and point of each condition.
        runs: Values of shape (conditions, replicates, arms).
        missing: Conditions left out because a run of them is missing.
    """

    output: str
    arms: list[str]
    conditions: list[tuple[str, int]] = field(repr=False)
    runs: Floats = field(repr=False)
    missing: int = 0

    def resampled(self, seed: int) -> Floats:
        """Return means over drawn replicates, of shape (resamples, conditions, arms)."""
        n = self.runs.shape[1]
        rng = np.random.default_rng(seed)
        # One draw fewer than there are replicates, or intervals would be too narrow by n / (n - 1)
        # in variance (Rao & Wu 1988, doi:10.1080/01621459.1988.10478591).
        draws = max(1, n - 1)
        times = rng.multinomial(draws, np.full(n, 1 / n), RESAMPLES) / draws
        means: Floats = np.einsum("br,cra->bca", times, self.runs)
        return means


def values(runs: pd.DataFrame, output: str) -> Values:
    """Read one outcome out of a study's runs.

    Args:
        runs: With columns `town, point, replicate, arm` and the outcome.
        output: A column, such as `reporting__latino`.

    Raises:
        InvalidInput: for a column that is not there, or no condition with all of its runs.
    """
    if output not in runs:
        raise InvalidInput(f"output: no {output!r}; {nearest(output, map(str, runs.columns))}")
    arms = [str(a) for a in dict.fromkeys(runs["arm"])]
    table = runs.pivot(
        index=["town", "point"], columns=["replicate", "arm"], values=output
    ).sort_index()
    replicates = sorted(set(runs["replicate"]))
    whole = table.reindex(columns=[(r, a) for r in replicates for a in arms])
    cube = whole.to_numpy(dtype=np.float64).reshape(len(table), len(replicates), len(arms))
    kept = np.isfinite(cube).all(axis=(1, 2))
    if not kept.any() or len(arms) < 2:
        raise InvalidInput(
            "runs: expected 2 arms or more and a condition with all of its runs, got "
            f"{len(arms)} arms and {int(kept.sum())} conditions"
        )
    conditions = [(str(t), int(p)) for (t, p), k in zip(table.index, kept) if k]
    return Values(output, arms, conditions, cube[kept], int((~kept).sum()))


def regret(found: Values, better: Better, *, seed: int = 0) -> pd.DataFrame:
    """Say how far each arm falls short of the best arm of each condition.

    Args:
        found: The values.
        better: Whether a high or a low value is better.
        seed: Of the bootstrap.

    Returns:
        One row an arm, least worst regret first: `arm, mean, mean_low, mean_high, worst, worst_low,
        worst_high` (regret in the outcome's unit over conditions, with 90% intervals) and `best`
        (share of conditions in which the arm is the best, ties to the first). The best of noisy
        arms looks better than it is, so regrets are a little too large where few replicates were
        run.
    """
    import pandas as pd

    sign = 1 if better == "high" else -1

    def of(means: Floats) -> Floats:
        short: Floats = (sign * means).max(axis=-1, keepdims=True) - sign * means
        return short

    whole = found.runs.mean(axis=1)
    plain, drawn = of(whole), of(found.resampled(seed))
    first = (sign * whole).argmax(axis=-1)
    frame = pd.DataFrame({"arm": found.arms})
    for name, estimate, resampled in (
        ("mean", plain.mean(axis=0), drawn.mean(axis=1)),
        ("worst", plain.max(axis=0), drawn.max(axis=1)),
    ):
        frame[name] = estimate
        frame[f"{name}_low"], frame[f"{name}_high"] = _interval(resampled, estimate)
    frame["best"] = [float((first == k).mean()) for k in range(len(found.arms))]
    return frame.sort_values("worst", ignore_index=True, kind="stable")


def satisficing(found: Values, better: Better, threshold: float, *, seed: int = 0) -> pd.DataFrame:
    """Say in which share of conditions each arm is good enough.

    Args:
        found: The values.
        better: Whether a high or a low value is better.
        threshold: The value that is good enough, itself included.
        seed: Of the bootstrap.

    Returns:
        One row an arm, largest share first: `arm, share, low, high`. The interval covers the luck
        of the replicates, not the choice of conditions.
    """
    import pandas as pd

    sign = 1 if better == "high" else -1
    enough = sign * found.runs.mean(axis=1) >= sign * threshold
    drawn = (sign * found.resampled(seed) >= sign * threshold).mean(axis=1)
    share = enough.mean(axis=0)
    low, high = _interval(drawn, share)
    frame = pd.DataFrame({"arm": found.arms, "share": share, "low": low, "high": high})
    return frame.sort_values("share", ascending=False, ignore_index=True, kind="stable")


def _interval(drawn: Floats, estimate: Floats) -> tuple[Floats, Floats]:
    """Return the ends of an interval, which holds the estimate: a bootstrapped most lies above."""
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return np.minimum(low, estimate), np.maximum(high, estimate)
