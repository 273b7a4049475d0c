"""What a calibration of all structures says, as tables: fits, studies left out, chains, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.calibration import space
from trustabm.evidence.calibration.calibrate import Fit
from trustabm.evidence.calibration.likelihood import Likelihood
from trustabm.evidence.calibration.order import resampled
from trustabm.evidence.calibration.whole import Whole
from trustabm.evidence.kinds import KINDS, kind_of
from trustabm.inputs.structures import STRUCTURES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["diagnostics", "discrepancies", "left", "predicted", "predictions", "structures"]

Floats = npt.NDArray[np.float64]

ROWS = ("1", "2")
"""Findings that a structure is asked for by name: Latino reporting and victimization."""

PREDICTED = 200
"""Draws of what would be published, a target left out and a structure."""


def structures(whole: Whole) -> pd.DataFrame:
    """Return a structure a row: its weight, how it predicts, what it fits, how it was drawn."""
    import pandas as pd

    rows = []
    for name, fit in whole.fits.items():
        mean = fit.likelihood.surfaces.at(fit.draws)[0]
        within = _within(fit, mean)
        places = [k for k, t in enumerate(fit.targets) if t.id in ROWS]
        r_hat, bulk, _ = _convergence(fit)
        rows.append(
            {
                "structure": name,
                "title": STRUCTURES[name].title,
                "weight": whole.weights[name],
                "log density left out": sum(x.density for x in whole.lefts[name]),
                **{f"row {fit.targets[k].id}": np.median(mean[:, k]) for k in places},
                "targets within tolerance": within.sum(axis=1).mean(),
                "of": len(fit.targets),
                "chance that a draw fits all": within.all(axis=1).mean(),
                "studies refitted": sum(x.refitted for x in whole.lefts[name]),
                "worst r hat": r_hat.max(),
                "least effective draws": bulk.min(),
                "draws": len(fit.draws),
                "evaluations": len(fit.points),
                "cpu minutes": fit.cpu_seconds / 60,
            }
        )
    return pd.DataFrame(rows)


def left(whole: Whole) -> pd.DataFrame:
    """Return a structure and a study left out a row: Pareto k, and its log predictive density."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "structure": name,
                "study": x.study,
                "targets": sum(t.study == x.study for t in whole.fits[name].targets),
                "pareto k": x.pareto_k,
                "refitted": x.refitted,
                "log density": x.density,
            }
            for name, lefts in whole.lefts.items()
            for x in lefts
        ]
    )


def predicted(whole: Whole, seed: int = 0) -> pd.DataFrame:
    """Return draws of what would be published of each target, its study being left out.

    Returns:
        A draw a row: structure and its weight, study, target, its role and kind, the model's own
        value with its error (the emulator's and the luck's), and what would be published, with
        every doubt in it. Of findings that nothing was
        fitted to of whose study nothing was left out, the whole posterior speaks.
    """
    import pandas as pd

    frames = []
    for at, (name, fit) in enumerate(whole.fits.items()):
        rng = np.random.default_rng([seed, at])
        lefts = {x.study: x for x in whole.lefts[name]}
        for likelihood in (fit.foreseen, fit.beside):
            for study in sorted({t.study for t in likelihood.targets}):
                if study in lefts:
                    draws, weights = lefts[study].draws, lefts[study].weights
                else:
                    draws, weights = fit.draws, np.full(len(fit.draws), 1 / len(fit.draws))
                some = draws[rng.permutation(resampled(weights, PREDICTED, rng))]
                mean, seen, error = _published(likelihood, some, rng)
                for k, t in enumerate(likelihood.targets):
                    if t.study == study:
                        frames.append(
                            pd.DataFrame(
                                {
                                    "structure": name,
                                    "weight": whole.weights[name],
                                    "study": study,
                                    "target": t.id,
                                    "role": t.role,
                                    "kind": kind_of(t.id),
                                    "draw": np.arange(PREDICTED),
                                    "model": mean[:, k],
                                    "error": error[:, k],
                                    "published": seen[:, k],
                                }
                            )
                        )
    return pd.concat(frames, ignore_index=True)


def predictions(whole: Whole, seed: int = 0) -> pd.DataFrame:
    """Return posterior predictive checks: what fits give for what they were fitted to.

    Returns:
        A structure and a target a row: what was published, the model's 90% interval and that of
        what would be published, the chance that a draw is within tolerance, and the share of what
        would be published that is below what was (of a number; NaN of a range or bound).
    """
    import pandas as pd

    rows = []
    for at, (name, fit) in enumerate(whole.fits.items()):
        mean, seen, _ = _published(fit.foreseen, fit.draws, np.random.default_rng([seed, at]))
        within = _within(fit, mean).mean(axis=0)
        for k, t in enumerate(fit.targets):
            low, middle, high = np.quantile(mean[:, k], (0.05, 0.5, 0.95))
            under, over = np.quantile(seen[:, k], (0.05, 0.95))
            rows.append(
                {
                    "structure": name,
                    "target": t.id,
                    "published": t.goal,
                    "model": middle,
                    "model low": low,
                    "model high": high,
                    "predicted low": under,
                    "predicted high": over,
                    "within tolerance": within[k],
                    "below published": float((seen[:, k] < t.published).mean())
                    if t.low == t.high
                    else np.nan,
                }
            )
    return pd.DataFrame(rows)


def diagnostics(whole: Whole) -> pd.DataFrame:
    """Return a structure and a parameter a row: R-hat and effective sizes of its chains."""
    import pandas as pd

    frames = []
    for name, fit in whole.fits.items():
        r_hat, bulk, tail = _convergence(fit)
        frames.append(
            pd.DataFrame(
                {
                    "structure": name,
                    "parameter": space.free(name),
                    "r hat": r_hat,
                    "effective draws": bulk,
                    "effective draws in the tails": tail,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def discrepancies(whole: Whole) -> pd.DataFrame:
    """Return a kind of target a row: how far the model is off findings left out."""
    import pandas as pd

    counts = dict.fromkeys(KINDS, 0)
    for t in whole.fits["full"].targets:
        counts[kind_of(t.id)] += 1
    rows = [
        {
            "kind": kind,
            "targets": counts[kind],
            "discrepancy in tolerances": whole.discrepancy[kind],
        }
        for kind in KINDS
    ]
    return pd.DataFrame(rows)


def _published(
    likelihood: Likelihood, draws: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Return what the model gives, what would be published, and the model's own error.

    That is the emulator's and the luck's. Each is of shape (draws, targets).
    """
    mean, variance, _ = likelihood.surfaces.at(draws)
    error = np.sqrt(likelihood.errors**2 + likelihood.inflation**2 * variance)
    return mean, likelihood.published(mean, likelihood.spread(variance), rng), error


def _within(fit: Fit, mean: Floats) -> npt.NDArray[np.bool_]:
    """Return which targets a draw is within tolerance of, of shape (draws, targets)."""
    ends = np.array([(t.low - t.tolerance, t.high + t.tolerance) for t in fit.targets]).T
    inside: npt.NDArray[np.bool_] = (mean >= ends[0]) & (mean <= ends[1])
    return inside


def _convergence(fit: Fit) -> tuple[Floats, Floats, Floats]:
    """Return R-hat and effective sizes, in the bulk and the tails, of parameters that are free."""
    from arviz_stats.base import array_stats  # type: ignore[attr-defined]

    some = [k for k, name in enumerate(space.FITTED) if name in space.free(fit.structure)]
    x = fit.chains.draws[..., some]
    where: dict[str, Any] = {"chain_axis": 0, "draw_axis": 1}
    return (
        np.asarray(array_stats.rhat(x, **where)),
        np.asarray(array_stats.ess(x, **where, method="bulk")),
        np.asarray(array_stats.ess(x, **where, method="tail", prob=(0.05, 0.95))),
    )
