"""How likely what was published is, given what the model gives: no wall, and every doubt in it.

A published number is normal around the model's mean. Its variance adds up four doubts: the
target's tolerance (taken as a 90% interval), the discrepancy of its kind, the emulator's at the
point, widened by what its leave-one-out residuals say, and the moment's Monte Carlo error.
Findings that carry over from elsewhere less surely (`Target.firm` is false) have Student's t with
`FREEDOM` degrees of freedom in the normal's place: one that cannot be had together with the others
is let go (West 1984, doi:10.1111/j.2517-6161.1984.tb01317.x). Of a range, a bound or a sign what is
known is that the truth is in it, or within tolerance of it: its likelihood is the chance of that,
under the same t.

A discrepancy is how far the model is off a finding that it was not fitted to, in tolerances
(Kennedy & O'Hagan 2001, doi:10.1111/1467-9868.00294).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trustabm.analysis.slopes import Slopes
from trustabm.evidence.kinds import kind_of
from trustabm.evidence.target import Target

__all__ = ["FREEDOM", "TOLERANCE_90", "Likelihood"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TOLERANCE_90 = 1.645
"""A tolerance is read as the half width of a 90% interval."""

FREEDOM = 4.0
"""Degrees of freedom of what is let go where it cannot be had."""

LEAST = 1e-300
"""A chance is at least this, so that its logarithm is a number."""


@dataclass(frozen=True)
class Likelihood:
    """The likelihood of points of the unit cube, target by target.

    Args:
        surfaces: The emulated moments, in the order of the targets.
        targets: What is fitted.
        errors: Monte Carlo standard error of each moment, of shape (targets,).
        inflation: What the emulator's standard deviation is multiplied by, of shape (targets,).
        discrepancy: Of each kind of target, in tolerances.
    """

    surfaces: Slopes
    targets: Sequence[Target]
    errors: Floats
    inflation: Floats
    discrepancy: Mapping[str, float]

    def spread(self, variance: Floats) -> Floats:
        """Return standard deviations of what is published, given the emulator's variance.

        Args:
            variance: Of the emulator, of shape (points, targets).
        """
        tolerance = np.array([t.tolerance for t in self.targets])
        off = np.array([self.discrepancy[kind_of(t.id)] for t in self.targets])
        still = tolerance**2 * (1 / TOLERANCE_90**2 + off**2) + self.errors**2
        wide: Floats = np.sqrt(still + self.inflation**2 * variance)
        return wide

    def each(self, points: Floats) -> Floats:
        """Return the log likelihood of every target, of shape (points, targets)."""
        mean, variance, _ = self.surfaces.at(points)
        return self.given(mean, variance)

    def given(self, mean: Floats, variance: Floats) -> Floats:
        """Return the same, given what the emulator says."""
        return _each(self.targets, mean, self.spread(variance))[0]

    def whole(self, points: Floats, without: Bools | None = None) -> tuple[Floats, Floats]:
        """Return the log likelihood and its slopes by coordinate.

        Args:
            points: Of shape (points, parameters).
            without: Targets that are left out, of shape (targets,).

        Returns:
            Of shape (points,) and (points, parameters).
        """
        mean, variance, pull = self.surfaces.at(points)
        wide = self.spread(variance)
        value, by_mean, by_spread = _each(self.targets, mean, wide)
        if without is not None:
            value, by_mean, by_spread = (
                np.where(without, 0.0, x) for x in (value, by_mean, by_spread)
            )
        by_variance = by_spread * self.inflation**2 / (2 * wide)
        return value.sum(axis=1), pull(by_mean, by_variance)

    def published(self, mean: Floats, wide: Floats, rng: np.random.Generator) -> Floats:
        """Draw what would be published, were the model's mean right.

        Args:
            mean: The model's, of shape (draws, targets).
            wide: Standard deviations, of the same shape.
            rng: Where chance comes from.
        """
        heavy = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, mean.shape))
        noise = rng.standard_normal(mean.shape) * np.where(_light(self.targets), 1.0, heavy)
        drawn: Floats = mean + wide * noise
        return drawn


def _light(targets: Sequence[Target]) -> Bools:
    """Return which targets are normal: firm ones of which a number was published."""
    return np.array([t.firm and not _within(t) for t in targets])


def _within(target: Target) -> bool:
    return target.low != target.high


def _each(targets: Sequence[Target], mean: Floats, wide: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log likelihoods, and their slopes by the mean and by the standard deviation.

    Args:
        targets: What was published.
        mean: What the model gives, of shape (points, targets).
        wide: Standard deviations of what is published around it, of the same shape.
    """
    from scipy.special import stdtr

    value, by_mean, by_spread = np.empty((3, *mean.shape))
    within, light = np.array([_within(t) for t in targets]), _light(targets)
    seen = np.array([t.published for t in targets])
    z = (seen - mean) / wide
    for some, weigh in ((light, 1.0), (~light & ~within, (FREEDOM + 1) / (FREEDOM + z**2))):
        pressed = (weigh * z / wide)[:, some]
        by_mean[:, some] = pressed
        by_spread[:, some] = z[:, some] * pressed - 1 / wide[:, some]
    value[:, light] = -0.5 * z[:, light] ** 2 - 0.5 * np.log(2 * np.pi)
    heavy = ~light & ~within
    value[:, heavy] = np.log(_t_density(z[:, heavy]))
    value -= np.where(within, 0.0, np.log(wide))
    if within.any():
        m, s = mean[:, within], wide[:, within]
        ends = np.array([(t.low - t.tolerance, t.high + t.tolerance) for t in targets])[within].T
        a, b = (ends[0] - m) / s, (ends[1] - m) / s
        flip = a + np.where(np.isfinite(b), b, np.inf) > 0  # to where the tail is not rounded off
        left, right = np.where(flip, -b, a), np.where(flip, -a, b)
        chance = np.maximum(stdtr(FREEDOM, right) - stdtr(FREEDOM, left), LEAST)
        at_a, at_b = _t_density(a), _t_density(b)
        value[:, within] = np.log(chance)
        by_mean[:, within] = (at_a - at_b) / (s * chance)
        moved = np.where(np.isfinite(a), a, 0) * at_a - np.where(np.isfinite(b), b, 0) * at_b
        by_spread[:, within] = moved / (s * chance)
    return value, by_mean, by_spread


def _t_density(z: Floats) -> Floats:
    """Return the density of Student's t with `FREEDOM` degrees of freedom."""
    from scipy.special import gammaln

    half = (FREEDOM + 1) / 2
    constant = np.exp(gammaln(half) - gammaln(FREEDOM / 2)) / np.sqrt(FREEDOM * np.pi)
    density: Floats = constant * (1 + z**2 / FREEDOM) ** -half
    return density
