"""The posterior over the unit cube, from emulated moments.

Each target is normal around the model's mean, with the variances of three doubts added: the
target's tolerance (taken as a 90% interval; ours), the emulator's (what it misses points left out
by), and the moments' Monte Carlo error. A tolerance is also the farthest that the truth is taken to
be from what was published: beyond it, and the emulator's and the moments' errors, no draw lies.
Findings that carry over from elsewhere less surely (`Target.firm` is false) have no such end, and
Student's t with `FREEDOM` degrees of freedom in the normal's place: one that cannot be had together
with the others is let go (West 1984, doi:10.1111/j.2517-6161.1984.tb01317.x).
The ensemble sampler is emcee's (Foreman-Mackey et al. 2013, doi:10.1086/670067).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from trustabm.analysis.emulator import Emulator
from trustabm.evidence.target import Target

__all__ = ["TOLERANCE_90", "Density", "log_likelihood", "sample"]

Floats = npt.NDArray[np.float64]

Density = Callable[[Floats], Floats]

TOLERANCE_90 = 1.645
"""A tolerance is read as the half width of a 90% interval."""

SOFT = 0.05
"""How softly the density ends beyond a tolerance, in tolerances; a sampler finds no hard edge."""

FREEDOM = 4.0
"""Degrees of freedom of what is let go where it cannot be had."""

NORMAL_MEDIAN = 0.6745
"""Median absolute value of a standard normal variable."""


def log_likelihood(emulator: Emulator, targets: Sequence[Target], errors: Floats) -> Density:
    """Return the log likelihood of points of the unit cube, of shape (points, parameters).

    Args:
        emulator: Of the targets' moments, in their order.
        targets: What is fitted.
        errors: Monte Carlo standard error of each moment, of shape (targets,).
    """
    widest = np.array([t.tolerance for t in targets])
    tolerance = widest / TOLERANCE_90
    low, high = np.array([(t.low, t.high) for t in targets]).T
    firm = np.array([t.firm for t in targets])

    # Errors of left-out points hold Monte Carlo error as well; far-off points must not rule.
    missed = np.median(np.abs(emulator.leave_one_out().errors), axis=0) / NORMAL_MEDIAN
    doubt = np.maximum(errors, missed) ** 2
    variance = tolerance**2 + doubt
    edge = np.sqrt((SOFT * widest) ** 2 + doubt)

    def of(points: Floats) -> Floats:
        inside = ((points >= 0) & (points <= 1)).all(axis=1)
        mean = emulator.mean(np.clip(points, 0, 1))
        away = mean - np.clip(mean, low, high)
        squares = away**2 / variance
        beyond = np.maximum(np.abs(away) - widest, 0) / edge
        each = np.where(
            firm,
            -0.5 * (squares + beyond**2),
            -0.5 * (FREEDOM + 1.0) * np.log1p(squares / FREEDOM),
        )
        value: Floats = each.sum(axis=1)
        return np.where(inside, value, -np.inf)

    return of


WALKERS, THIN = 128, 10
"""The moves of the sampler need at least twice as many walkers as parameters are fitted."""


def draws_of(steps: int) -> int:
    """Return how many draws so many steps of the sampler leave."""
    kept = steps - steps // 2
    return WALKERS * max(0, kept // THIN)


def sample(
    log_posterior: Density,
    dimensions: int,
    steps: int,
    seed: int,
    walkers: int = WALKERS,
    progress: bool = False,
) -> Floats:
    """Return draws from a posterior over the unit cube, of shape (draws, dimensions).

    The first half of the steps is left out.
    """
    import emcee

    rng = np.random.default_rng(seed)
    # The walkers begin at the best of many points of the prior.
    many = rng.random((walkers * 16, dimensions))
    begin = many[np.argsort(-log_posterior(many))[:walkers]]
    sampler = emcee.EnsembleSampler(
        walkers,
        dimensions,
        log_posterior,
        vectorize=True,
        moves=[(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)],
    )
    sampler.random_state = np.random.RandomState(seed).get_state()
    with threadpool_limits(1):  # small matrices: more threads spend their time on each other
        sampler.run_mcmc(begin, steps, progress=progress)
    draws: Floats = sampler.get_chain(discard=steps // 2, thin=THIN, flat=True)
    return draws
