"""Draws from a posterior over the unit cube: Hamiltonian Monte Carlo, all chains side by side.

Coordinates are logits of the cube's (its corners are far away), turned and stretched so that over
the warm-up's chains they are uncorrelated and of one size: without the turn a ridge of two
parameters is walked along in steps of its width. The step is tuned to an acceptance of `ACCEPT` by
dual averaging (Hoffman & Gelman 2014, jmlr.org/papers/v15/hoffman14a.html). Lengths of paths are
drawn, so that no coordinate comes back to where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

__all__ = ["Chains", "begin", "sample"]

Floats = npt.NDArray[np.float64]

Density = Callable[[Floats], tuple[Floats, Floats]]
"""Points of the unit cube, (points, dimensions), to log density and its slopes."""

ACCEPT = 0.8
LEAPS = 8
EDGE = 1e-9  # of the unit cube: nearer the edge a logit is only rounding
MANY = 32  # points a chain of which the best begins it
WINDOWS = (0.1, 0.25, 0.5, 0.8)  # of the warm-up, at whose ends the metric is learned anew
APART = 0.9  # of a correlation found is believed, so that no direction has nothing


@dataclass(frozen=True)
class Chains:
    """Draws of several chains.

    Args:
        draws: In the unit cube, of shape (chains, draws, dimensions).
        density: Log density of each, of shape (chains, draws).
        accepted: Share of proposals accepted after the warm-up.
        metric: What turns and stretches: a lower triangle whose product with its transpose is the
            logits' covariance, of shape (dimensions, dimensions).
        step: Of the paths, in the coordinates that it makes.
    """

    draws: Floats
    density: Floats
    accepted: float
    metric: Floats
    step: float

    @property
    def flat(self) -> Floats:
        """All draws, of shape (chains * draws, dimensions)."""
        return self.draws.reshape(-1, self.draws.shape[-1])


def begin(density: Density, dimensions: int, chains: int, seed: int) -> Floats:
    """Return points of the prior from where chains may begin, of shape (chains, dimensions)."""
    points = np.random.default_rng([seed, 0]).random((MANY * chains, dimensions))
    value = np.concatenate([density(block)[0] for block in np.array_split(points, MANY)])
    best: Floats = points[np.argsort(-value, kind="stable")[:chains]]
    return best


def sample(
    density: Density,
    start: Floats,
    warm: int,
    kept: int,
    seed: int,
    tuned: tuple[Floats, float] | None = None,
    every: int = 1,
) -> Chains:
    """Return draws of a density over the unit cube, one of some steps and a chain.

    Args:
        density: Up to a constant; minus infinity where the prior is 0.
        start: Where the chains begin, of shape (chains, dimensions).
        warm: Steps that are left out: they find the metric and the step.
        kept: Draws that are kept.
        seed: Of the sampler.
        tuned: Metric and step of a density that is near, in which case they stay.
        every: Steps from one draw to the next.
    """
    rng = np.random.default_rng([seed, 1])
    x = np.clip(start, 0.02, 0.98)
    z = np.log(x / (1 - x))
    many, size = z.shape
    metric, tuner = (np.eye(size), _Tuner()) if tuned is None else (tuned[0], _Tuner(tuned[1]))
    learning = warm if tuned is None else 0
    ends = {round(share * learning) for share in WINDOWS}
    past, draws, values, accepts = [], [], [], []
    # Small matrices: more threads spend their time on each other.
    with threadpool_limits(1):
        value, slope = _by_logits(density, z)
        for k in range(1, warm + kept * every + 1):
            step = tuner.step if k <= learning else tuner.settled
            momentum = rng.standard_normal((many, size))
            leaps = int(rng.integers(LEAPS // 2, LEAPS + LEAPS // 2 + 1))
            at, push, new_value, new_slope = z, momentum, value, slope
            for _ in range(leaps):
                push = push + 0.5 * step * (new_slope @ metric)
                at = at + step * (push @ metric.T)
                new_value, new_slope = _by_logits(density, at)
                push = push + 0.5 * step * (new_slope @ metric)
            gain = new_value - value + 0.5 * ((momentum**2).sum(1) - (push**2).sum(1))
            chance = np.exp(np.minimum(np.nan_to_num(gain, nan=-np.inf), 0.0))
            taken = rng.random(many) < chance
            z = np.where(taken[:, None], at, z)
            slope = np.where(taken[:, None], new_slope, slope)
            value = np.where(taken, new_value, value)
            if k <= learning:
                tuner.learn(float(chance.mean()))
                past.append(z)
                if k in ends:
                    metric = _metric(np.concatenate(past))
                    past, tuner = [], _Tuner(0.5)
            elif k > warm and (k - warm) % every == 0:
                draws.append(_cube(z))
                values.append(value - _volume(z))
                accepts.append(float(chance.mean()))
    return Chains(
        np.stack(draws, axis=1),
        np.stack(values, axis=1),
        float(np.mean(accepts)),
        metric,
        tuner.settled,
    )


def _metric(z: Floats) -> Floats:
    """Return the lower triangle of the covariance of logits, of shape (draws, dimensions)."""
    covariance = APART * np.cov(z, rowvar=False)
    covariance[np.diag_indices(z.shape[1])] = z.var(axis=0) + 1e-6
    lower: Floats = np.linalg.cholesky(covariance)
    return lower


class _Tuner:
    """Dual averaging of the logarithm of the step."""

    def __init__(self, step: float = 0.1) -> None:
        self.middle, self.count, self.error = np.log(5 * step), 0, 0.0
        self.log, self.average = np.log(step), np.log(step)

    @property
    def step(self) -> float:
        return float(np.exp(self.log))

    @property
    def settled(self) -> float:
        return float(np.exp(self.average))

    def learn(self, accepted: float) -> None:
        self.count += 1
        rate = 1 / (self.count + 10)
        self.error = (1 - rate) * self.error + rate * (ACCEPT - accepted)
        self.log = self.middle - np.sqrt(self.count) / 0.05 * self.error
        slow = self.count**-0.75
        self.average = slow * self.log + (1 - slow) * self.average


def _cube(z: Floats) -> Floats:
    inside: Floats = np.clip(0.5 + 0.5 * np.tanh(0.5 * z), EDGE, 1 - EDGE)
    return inside


def _volume(z: Floats) -> Floats:
    """Return the logarithm of what the cube's volume is by logits, of shape (points,)."""
    away = np.abs(z)
    volume: Floats = -(away + 2 * np.log1p(np.exp(-away))).sum(axis=1)
    return volume


def _by_logits(density: Density, z: Floats) -> tuple[Floats, Floats]:
    """Return log density and slopes by logits; the cube's volume is the logits' density."""
    x = _cube(z)
    value, slope = density(x)
    width = x * (1 - x)
    return value + _volume(z), slope * width + 1 - 2 * x
