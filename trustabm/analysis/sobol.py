"""How much of what varies comes from which parameter: Sobol indices of an emulated mean.

A single run's noise would count as an interaction of everything with everything, and one fixed
seed would answer for that seed only, so indices are of the mean over replicates, as a Gaussian
process gives it. Estimators of Saltelli et al. 2010 (doi:10.1016/j.cpc.2009.09.018) from SALib
(doi:10.21105/joss.00097).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trustabm.analysis.emulator import Emulator
from trustabm.analysis.means import Means, Space
from trustabm.errors import InvalidInput
from trustabm.rules.luck import seed_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENOUGH", "Unpredictable", "refuse_unpredictable", "sobol"]

Floats = npt.NDArray[np.float64]

ENOUGH = 0.7
"""The share of the variance of unseen means that an emulator must predict to be asked further."""

SAMPLES = 1024  # of Saltelli's design; a power of two
DRAWS = 40  # surfaces that the emulator holds possible
RESAMPLES = 25  # of Saltelli's design, for each of them
LEVEL = 0.9  # of the intervals, as everywhere


class Unpredictable(InvalidInput):
    """An emulator that does not predict, of which no index is worth reporting."""


def refuse_unpredictable(emulator: Emulator, means: Means, output: int) -> None:
    """Raise `Unpredictable` unless the emulator predicts means that it has not seen.

    Args:
        emulator: Fitted to the means.
        means: What it was fitted to.
        output: Which output.
    """
    name, seen = means.outputs[output], means.mean[:, output]
    total = float(seen.var())
    if total <= 1e-12 * max(1e-300, float((seen**2).mean())):
        raise Unpredictable(f"{name}: expected an output that varies, got {seen[0]:g} everywhere")
    r2 = float(emulator.leave_one_out().r2[output])
    if r2 >= ENOUGH:
        return
    noise = min(1.0, float(means.variance[:, output].mean()) / total)
    advice = "more replicates" if noise > 1 - ENOUGH else "more points"
    raise Unpredictable(
        f"{name}: expected an emulator that predicts at least {ENOUGH:.0%} of the variance of "
        f"means it has not seen, got {r2:.0%}; noise left in the means is {noise:.0%} of that "
        f"variance: {advice} would help"
    )


def sobol(emulator: Emulator, means: Means, output: int = 0, *, seed: int = 1) -> pd.DataFrame:
    """Estimate first-order and total indices of one output.

    The estimate is of the emulator's mean surface. Its interval covers what the emulator does not
    know (indices of surfaces drawn from it: Le Gratiet, Cannamela & Iooss 2014,
    doi:10.1137/130926869) and the chance of Saltelli's sample (bootstrap), together.

    Args:
        emulator: Fitted to the means.
        means: What it was fitted to.
        output: Which output.
        seed: Where chance comes from.

    Returns:
        One row a parameter, of columns `output, parameter, first, first_low, first_high, total,
        total_low, total_high`, shares of the variance over the space, by total, largest first.

    Raises:
        Unpredictable: where the emulator does not predict.
    """
    refuse_unpredictable(emulator, means, output)
    one = Emulator()
    one.points, one.outputs = emulator.points, [emulator.outputs[output]]
    estimate, low, high = _indices(one, means.space, seed)
    return _frame(means.outputs[output], means.space.names, estimate, low, high)


def _indices(emulator: Emulator, space: Space, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return first and total indices with the ends of their intervals, each of (2, parameters)."""
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    sampled = sample.sample(space.problem, SAMPLES, calc_second_order=False, seed=seed)
    mean = emulator.predict(sampled)[0][:, 0]
    surfaces = emulator.draw(sampled, DRAWS, np.random.default_rng(seed))[0]
    estimates, resampled = [], []
    for k, surface in enumerate([mean, *surfaces]):
        found = analyze.analyze(
            space.problem,
            surface,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            keep_resamples=True,
            seed=seed_of(seed, k) % 2**32,
        )
        estimates.append([found["S1"], found["ST"]])
        resampled.append([found["S1_conf_all"], found["ST_conf_all"]])
    # Of shape (draws * resamples, 2, parameters); the mean surface itself is no draw.
    pooled = np.array(resampled[1:]).transpose(0, 2, 1, 3).reshape(-1, 2, len(space.names))
    low, high = np.quantile(pooled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    estimate = np.array(estimates[0])
    # A drawn surface is never smoother than the mean surface, so its totals may all lie above.
    ends = np.minimum(low, estimate), np.maximum(high, estimate)
    # Shares of a variance: what an estimator has below zero or above one is its noise.
    first, *rest = (np.clip(x, 0.0, 1.0) for x in (estimate, *ends))
    return first, rest[0], rest[1]


def _frame(
    output: str, names: list[str], estimate: Floats, low: Floats, high: Floats
) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame({"output": output, "parameter": names})
    for k, kind in enumerate(("first", "total")):
        frame[kind], frame[f"{kind}_low"], frame[f"{kind}_high"] = estimate[k], low[k], high[k]
    return frame.sort_values("total", ascending=False, ignore_index=True)
