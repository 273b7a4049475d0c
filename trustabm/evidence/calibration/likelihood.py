"""How likely what was published is, given what the model gives: no wall, and every doubt in it.

A tolerance says how far a published number may be off what is true here, and nothing of where
within: it is as likely anywhere. Beyond it lie three doubts: the discrepancy of the target's kind,
the emulator's at the point, widened by what its leave-one-out residuals say, and the moment's Monte
Carlo error; together a Student's t with `FREEDOM` degrees of freedom, so that a finding that cannot
be had together with the others is let go (West 1984, doi:10.1111/j.2517-6161.1984.tb01317.x). The
likelihood of a target is then the chance that the truth is within tolerance of what was published,
of a number as of a range, a bound or a sign.

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

__all__ = ["FREEDOM", "Likelihood"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FREEDOM = 4.0
"""Degrees of freedom of what is let go where it cannot be had."""

LEAST = 1e-300
"""A chance is at least this, so that its logarithm is a number."""

LOG_ROOT = 0.5 * np.log(2 * np.pi)


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
        """Return standard deviations beyond tolerance, given the emulator's variance.

        Args:
            variance: Of the emulator, of shape (points, targets).
        """
        tolerance = np.array([t.tolerance for t in self.targets])
        off = np.array([self.discrepancy[kind_of(t.id)] for t in self.targets])
        still = (tolerance * off) ** 2 + self.errors**2
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
        tolerance = np.array([t.tolerance for t in self.targets])
        within = rng.uniform(-tolerance, tolerance, mean.shape)
        heavy = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, mean.shape))
        noise = rng.standard_normal(mean.shape) * np.where(_firm(self.targets), 1.0, heavy)
        drawn: Floats = mean + within + wide * noise
        return drawn


def _firm(targets: Sequence[Target]) -> Bools:
    return np.array([t.firm for t in targets])


def _each(targets: Sequence[Target], mean: Floats, wide: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log likelihoods, and their slopes by the mean and by the standard deviation.

    Args:
        targets: What was published.
        mean: What the model gives, of shape (points, targets).
        wide: Standard deviations beyond tolerance, of the same shape.
    """
    firm = _firm(targets)
    low, high = np.array([(t.low - t.tolerance, t.high + t.tolerance) for t in targets]).T
    a, b = (low - mean) / wide, (high - mean) / wide
    flip = a + np.where(np.isfinite(b), b, np.inf) > 0  # to where the tail is not rounded off
    left, right = np.where(flip, -b, a), np.where(flip, -a, b)
    value = np.where(firm, _normal_between(left, right), _t_between(left, right))
    at_a, at_b = (np.exp(np.where(firm, -0.5 * x**2 - LOG_ROOT, _t_log(x)) - value) for x in (a, b))
    moved = np.where(np.isfinite(a), a, 0) * at_a - np.where(np.isfinite(b), b, 0) * at_b
    return value, (at_a - at_b) / wide, moved / wide


def _normal_between(left: Floats, right: Floats) -> Floats:
    """Return the log chance of a standard normal between two ends, however far out they are."""
    from scipy.special import log_ndtr

    upto = log_ndtr(right)
    between: Floats = upto + np.log(-np.expm1(np.minimum(log_ndtr(left) - upto, -LEAST)))
    return between


def _t_between(left: Floats, right: Floats) -> Floats:
    """Return the log chance of Student's t with `FREEDOM` degrees of freedom between two ends."""
    from scipy.special import stdtr

    between: Floats = np.log(np.maximum(stdtr(FREEDOM, right) - stdtr(FREEDOM, left), LEAST))
    return between


def _t_log(z: Floats) -> Floats:
    """Return the log density of Student's t with `FREEDOM` degrees of freedom."""
    from scipy.special import gammaln

    half = (FREEDOM + 1) / 2
    constant = gammaln(half) - gammaln(FREEDOM / 2) - 0.5 * np.log(FREEDOM * np.pi)
    density: Floats = constant - half * np.log1p(z**2 / FREEDOM)
    return density
