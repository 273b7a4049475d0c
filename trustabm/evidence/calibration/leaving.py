"""Studies left out, one at a time: what the others say of them, and what that says of the model.

A study's targets are left out together. Draws of the posterior are given weights in place of new
ones, by Pareto-smoothed importance sampling (Vehtari, Gelman & Gabry 2017,
doi:10.1007/s11222-016-9696-4); where the weights' tail is too heavy (`K_MOST`) the posterior
without the study is drawn anew from the emulator, which needs no run of the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from trustabm.evidence.calibration.calibrate import Fit, posterior
from trustabm.evidence.kinds import KINDS, kind_of

__all__ = ["K_MOST", "Left", "discrepancies", "leave_out", "left_out", "stacked", "studies"]

Floats = npt.NDArray[np.float64]

K_MOST = 0.7
"""Above it weighted draws cannot be trusted (Vehtari et al. 2017)."""

REFIT = 25
"""Draws of each chain where a posterior is drawn anew."""

GRID = np.linspace(0.1, 4.0, 79)
"""Discrepancies that are tried, in tolerances: with none at all a tolerance would be a wall."""

THIN, TINY = 4, 1e-300
"""Draws are taken by this many where a discrepancy is sought; no weight is below the other."""

ITERATIONS, RESAMPLES = 500, 200
"""Of the weights, which settle within a few hundred, and sets of studies that they are of."""


@dataclass(frozen=True)
class Left:
    """A study left out of a fit.

    Args:
        study: Its name.
        pareto_k: Of the weights.
        refitted: Whether the posterior was drawn anew.
        draws: Of the posterior without it, in the unit cube, of shape (draws, parameters).
        weights: Of the draws, of shape (draws,); they add up to 1.
        density: Log of the chance that the truth is within tolerance of all its targets.
    """

    study: str
    pareto_k: float
    refitted: bool
    draws: Floats
    weights: Floats
    density: float


def studies(fit: Fit) -> list[str]:
    """Return the studies that a fit can leave out."""
    return sorted({t.study for t in fit.targets})


def leave_out(fit: Fit, study: str, seed: int = 0) -> Left:
    """Return what the other studies say where one is left out of a fit."""
    without = np.array([t.study == study for t in fit.targets])
    own = fit.likelihood.each(fit.draws)[:, without].sum(axis=1)
    log, k = smoothed(own)
    draws, refitted = fit.draws, not k <= K_MOST
    if refitted:
        rng = np.random.default_rng([seed, len(study)])
        weights = np.exp(log - log.max())
        chains = len(fit.chains.draws)
        start = draws[rng.choice(len(draws), chains, p=weights / weights.sum())]
        draws = posterior(
            fit.likelihood,
            fit.structure,
            REFIT,
            seed,
            fit.chains,
            without=without,
            start=start,
        ).flat
        log = np.zeros(len(draws))
    log = log - _log_sum(log)
    found = fit.foreseen.each(draws)[:, without].sum(axis=1)
    return Left(study, k, refitted, draws, np.exp(log), float(_log_sum(log + found)))


def smoothed(log: Floats) -> tuple[Floats, float]:
    """Return the weights that leave out what has a log likelihood, and their tail's Pareto k.

    Weights are given as logarithms, with a smoothed tail.
    """
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    weights, k = array_stats.psislw(log)  # takes a log likelihood, and leaves it out
    return np.asarray(weights), float(k)


def left_out(fit: Fit, seed: int = 0) -> list[Left]:
    """Return what a fit says of each of its studies where that is left out."""
    return [leave_out(fit, study, seed) for study in studies(fit)]


def discrepancies(fit: Fit, lefts: Iterable[Left]) -> dict[str, float]:
    """Return how far off findings left out are, by kind, in tolerances.

    Of all values on a grid that under which the findings of a kind that were left out were most to
    be expected, each alone, with a half-normal prior of one tolerance.
    """
    value = dict(zip(KINDS, np.tile(-0.5 * GRID**2, (len(KINDS), 1)), strict=True))
    for left in lefts:
        mean, variance, _ = fit.likelihood.surfaces.at(left.draws[::THIN])
        weights = np.log(left.weights[::THIN] / left.weights[::THIN].sum() + TINY)[:, None]
        for n, size in enumerate(GRID):
            tried = replace(fit.likelihood, discrepancy=dict.fromkeys(KINDS, float(size)))
            log = weights + tried.given(mean, variance)
            for k, target in enumerate(fit.targets):
                if target.study == left.study:
                    value[kind_of(target.id)][n] += _log_sum(log[:, k])
    return {kind: float(GRID[np.argmax(v)]) for kind, v in value.items()}


def stacked(densities: Mapping[str, Sequence[float]], seed: int = 0) -> dict[str, float]:
    """Return the weights under which the mixture of structures best predicts studies left out.

    Stacking of predictive distributions (Yao et al. 2018, doi:10.1214/17-BA1091), by the steps of
    expectation and maximization, under which the objective never falls. Of so few studies the best
    weights are all or nothing, and another study might turn them over: they are the mean over
    Bayesian bootstraps of the studies (Rubin 1981, doi:10.1214/aos/1176345338).

    Args:
        densities: Log predictive densities of each structure, a study each, in one order.
        seed: Of the bootstraps.
    """
    table = np.array(list(densities.values())).T
    chances = np.exp(table - table.max(axis=1, keepdims=True))
    counts = np.random.default_rng(seed).dirichlet(np.ones(len(table)), RESAMPLES)
    weights = np.full((RESAMPLES, table.shape[1]), 1.0 / table.shape[1])
    for _ in range(ITERATIONS):
        mixed = weights @ chances.T
        weights = weights * ((counts / mixed) @ chances)
    mean = weights.mean(axis=0)
    return dict(zip(densities, (float(w) for w in mean / mean.sum()), strict=True))


def _log_sum(log: Floats) -> float:
    most = log.max()
    return float(most + np.log(np.exp(log - most).sum()))
