"""An emulator of what the model gives, and draws of what the targets leave of what was known.

Draws come by tempering (Del Moral, Doucet & Jasra 2006, doi:10.1111/j.1467-9868.2006.00553.x): a
cloud of what was known, to which the targets are made to count step by step, each so large that
half of the draws keep a weight; then draws are taken by weight and moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from trustabm.analysis.emulator import Emulator
from trustabm.evidence.calibration.order import resampled
from trustabm.evidence.own.before import Before, Place
from trustabm.evidence.own.weigh import Goal, effective, log_likelihood, plain

__all__ = ["Learned", "learned", "tempered"]

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

LEARNING_POINTS, STARTS = 192, ((1.0, 1e-2),)
"""Care for the emulator's lengths, as in the calibration that ships."""

MOVES = 8
"""Moves of each draw at every step; at the end three times as many."""

ACCEPT = 0.25
"""How many moves are to be taken."""

STEPS_MAX = 60


@dataclass(frozen=True)
class Learned:
    """An emulator of targets, and how well it predicts runs left out.

    Args:
        emulator: Of the targets, in their order.
        r2: Share of the variance over runs that it predicts, of shape (targets,).
        inflation: What its standard deviation is multiplied by, as its errors of runs left out say.
    """

    emulator: Emulator
    r2: Floats
    inflation: Floats

    def at(self, features: Floats) -> tuple[Floats, Floats]:
        """Return mean and variance at points, each of shape (points, targets)."""
        mean, sd = self.emulator.predict(features)
        return mean, (sd * self.inflation) ** 2


def learned(features: Floats, values: Floats) -> Learned:
    """Learn from runs, the latest first, as they lie where draws do.

    Args:
        features: Of shape (runs, features).
        values: What the model gave, of shape (runs, targets).
    """
    with threadpool_limits(1):  # small matrices: more threads spend their time on each other
        emulator = Emulator(LEARNING_POINTS, STARTS).fit(features[::-1], values[::-1])
        check = emulator.leave_one_out()
    spread = np.where(np.isfinite(check.spread), check.spread, 1.0)
    return Learned(emulator, check.r2, np.maximum(1.0, spread))


def tempered(
    known: Before, of: Learned, goal: Goal, number: int, rng: np.random.Generator
) -> tuple[Floats, Numbers]:
    """Return draws of what is known with the targets.

    Args:
        known: What was known before.
        of: The emulator.
        goal: The targets.
        number: How many draws.
        rng: Where chance comes from.

    Returns:
        Points of the unit cube, of shape (draws, parameters), and their structures.
    """

    def log(at: Place) -> Floats:
        points, which = known.located(at)
        found = known.log_prior(points, which)
        inside = np.isfinite(found)
        if inside.any():
            mean, variance = of.at(known.features(points[inside], which[inside]))
            found[inside] += log_likelihood(goal, mean, variance)
        return found

    with threadpool_limits(1):
        at = known.drawn(number, rng)
        value, counts, step = log(at), 0.0, 0.5
        for _ in range(STEPS_MAX):
            more = _more(value, 1.0 - counts)
            counts += more
            kept = resampled(plain(more * value), number, rng)
            at, value = Place(at.draw[kept], at.noise[kept]), value[kept]
            last = counts >= 1.0
            for _ in range(MOVES * (3 if last else 1)):
                to = known.moved(at, step, rng)
                there = log(to)
                gain = np.where(np.isfinite(there), counts * (there - value), -np.inf)
                taken = np.log(rng.random(number)) < gain
                at = Place(
                    np.where(taken, to.draw, at.draw),
                    np.where(taken[:, None], to.noise, at.noise),
                )
                value = np.where(taken, there, value)
                step = float(np.clip(step * np.exp(taken.mean() - ACCEPT), 0.02, 0.95))
            if last:
                break
    return known.located(at)


def _more(value: Floats, left: float) -> float:
    """Return how much more the targets may count, that half of the draws keep a weight."""
    goal = 0.5 * np.isfinite(value).sum()

    def size(more: float) -> float:
        return effective(plain(more * value))

    if size(left) >= goal:
        return left
    low, high = 0.0, left
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if size(middle) >= goal else (low, middle)
    return max(low, 1e-6)
