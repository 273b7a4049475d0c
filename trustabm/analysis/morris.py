"""Which of many parameters do anything at all: Morris' elementary effects.

Morris 1991 (doi:10.1080/00401706.1991.10484804), with the mean of absolute effects of Campolongo,
Cariboni & Saltelli 2007 (doi:10.1016/j.envsoft.2006.10.004), from SALib. Each effect is of means
over replicates with common luck; what luck alone would give is reported beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trustabm.analysis.means import Space
from trustabm.errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["morris", "trajectories"]

Floats = npt.NDArray[np.float64]

LEVELS = 4  # steps of two thirds of the range, the usual choice
LEVEL = 0.9
RARE = 3.1  # standard deviations that luck exceeds once in a thousand


def trajectories(space: Space, number: int = 20, seed: int = 1) -> Floats:
    """Return the points to run, in the unit cube, of shape (number * (parameters + 1), parameters).

    Args:
        space: What is varied.
        number: Trajectories; each moves every parameter once.
        seed: Where chance comes from.
    """
    from SALib.sample import morris as sample

    points: Floats = sample.sample(space.problem, number, num_levels=LEVELS, seed=seed)
    return points


def morris(
    space: Space, points: Floats, mean: Floats, variance: Floats, *, output: str = "", seed: int = 1
) -> pd.DataFrame:
    """Screen parameters by their elementary effects on one output.

    Args:
        space: What is varied.
        points: From `trajectories`, in their order.
        mean: Means over replicates there, of shape (points,).
        variance: Of each of these means, of the same shape.
        output: The name of what is measured.
        seed: Where chance comes from.

    Returns:
        One row a parameter, largest effect first: `output, parameter, effect` (mean absolute
        change over the parameter's range), `low, high` (90% bootstrap over trajectories),
        `signed` (mean change), `spread` (standard deviation of the changes: interaction or
        curvature), `noise` (what luck gives a parameter that does nothing, exceeded about once in a
        thousand) and `matters` (whether the effect exceeds that).
    """
    import pandas as pd
    from SALib.analyze import morris as analyze

    d = len(space.names)
    if not (len(points) == len(mean) == len(variance)) or len(points) % (d + 1):
        raise InvalidInput(
            f"points: expected whole trajectories of {d + 1} points with a mean and "
            f"a variance each, got {len(points)}, {len(mean)} and {len(variance)}"
        )
    found = analyze.analyze(
        space.problem,
        np.asarray(points),
        np.asarray(mean, dtype=np.float64),
        num_resamples=1000,
        conf_level=LEVEL,
        num_levels=LEVELS,
        seed=seed,
    )
    step = LEVELS / (2 * (LEVELS - 1))
    # Where x is normal with standard deviation 1, |x| has mean sqrt(2 / pi), variance 1 - 2 / pi.
    deviation, number = float(np.sqrt(2 * np.mean(variance))) / step, len(points) / (d + 1)
    noise = deviation * (np.sqrt(2 / np.pi) + RARE * np.sqrt((1 - 2 / np.pi) / number))
    effect, half = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
    frame = pd.DataFrame(
        {
            "output": output,
            "parameter": space.names,
            "effect": effect,
            "low": np.maximum(effect - half, 0),
            "high": effect + half,
            "signed": np.asarray(found["mu"]),
            "spread": np.asarray(found["sigma"]),
            "noise": noise,
        }
    )
    frame["matters"] = frame["effect"] > noise
    return frame.sort_values("effect", ascending=False, ignore_index=True)
