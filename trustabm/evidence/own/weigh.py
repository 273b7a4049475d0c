"""What targets make of draws: how likely they are under each, and what weight that gives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Goal", "Weighed", "effective", "log_likelihood", "plain", "weighed"]

Floats = npt.NDArray[np.float64]

K_MOST = 0.7
"""Above it weighted draws cannot be trusted (Vehtari et al. 2024, jmlr.org/papers/v25/19-556)."""

TAIL = 25
"""Fewer draws have no tail to speak of."""

LEAST_SIZE = 50.0
"""As many draws as an interval's ends need, about."""


@dataclass(frozen=True)
class Goal:
    """What is fitted, of shape (targets,) each.

    Args:
        value: The numbers.
        below: Their standard deviations to the lower side, what the model may be off in them.
        above: To the upper side.
        luck: Standard error of what the model gives.
    """

    value: Floats
    below: Floats
    above: Floats
    luck: Floats


@dataclass(frozen=True)
class Weighed:
    """Weights of draws.

    Args:
        weights: They add up to 1, of shape (draws,).
        pareto_k: How heavy the tail of the weights is; infinite where hardly any has one.
    """

    weights: Floats
    pareto_k: float

    @property
    def size(self) -> float:
        """How many draws of equal weight say as much."""
        return effective(self.weights)

    @property
    def trusted(self) -> bool:
        """Whether weighing is enough: no few draws carry it."""
        return self.pareto_k <= K_MOST and self.size >= LEAST_SIZE


def log_likelihood(goal: Goal, mean: Floats, variance: Floats) -> Floats:
    """Return the log likelihood of points: normal, of two halves where the sides differ.

    Args:
        goal: What is fitted.
        mean: What the model gives, of shape (points, targets).
        variance: How unsure that is beside luck, of the same shape.

    Returns:
        Of shape (points,).
    """
    more = variance + goal.luck**2
    below, above = np.sqrt(goal.below**2 + more), np.sqrt(goal.above**2 + more)
    off = (mean - goal.value) / np.where(mean < goal.value, below, above)
    each = -0.5 * off**2 - np.log((below + above) / 2) - 0.5 * np.log(2 * np.pi)
    total: Floats = each.sum(axis=-1)
    return total


def effective(weights: Floats) -> float:
    """Return how many draws of equal weight say as much (Kish 1965): 1 over the sum of squares.

    Args:
        weights: Of any sum, of shape (draws,).
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def weighed(log: Floats) -> Weighed:
    """Return weights of draws, their tail smoothed where it can be (Vehtari et al. 2024).

    Args:
        log: Logarithms of weights up to a constant; minus infinity where there is none.
    """
    from trustabm.evidence.calibration.leaving import smoothed

    some = np.isfinite(log)
    weights, k = np.zeros(len(log)), np.inf
    if not some.any():
        return Weighed(np.full(len(log), 1.0 / len(log)), np.inf)
    weights[some] = np.exp(log[some] - log[some].max())
    if some.sum() >= TAIL:
        try:
            smooth, k = smoothed(-log[some])
            weights[some] = np.exp(smooth - smooth.max())
        except ValueError:  # the largest weights are all the same: there is no tail
            k = 0.0
    return Weighed(weights / weights.sum(), float(k))


def plain(log: Floats) -> Floats:
    """Return weights of draws as they are, which add up to 1; none where there is no logarithm."""
    weights: Floats = np.exp(log - np.nanmax(np.where(np.isfinite(log), log, -np.inf)))
    return np.where(np.isfinite(weights), weights, 0.0) / np.nansum(weights)
