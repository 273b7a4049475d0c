"""Whether a calibration finds truths that are known: targets made up of them, and fitted again.

Truths are drawn from what was known before, targets from what the emulator gives there, with luck
and with the targets' own errors; the rank of each truth among the draws of its fit is then even
(Talts et al. 2018, arXiv:1804.06788). The emulator stands for the model: how well it predicts runs
is another question, which its R² answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trustabm.evidence.calibration.order import resampled
from trustabm.evidence.own.before import Before
from trustabm.evidence.own.waves import Learned, tempered
from trustabm.evidence.own.weigh import Goal, log_likelihood, weighed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Checked", "checked", "evenness", "rank_of"]

Floats = npt.NDArray[np.float64]

PARTICLES = 400
SHARES = (0.5, 0.8, 0.9)
"""Intervals whose coverage is told."""

UNLIKELY = 0.01
"""Ranks that would be as uneven less often than so, by chance in any name, are told."""


@dataclass(frozen=True)
class Checked:
    """Ranks of truths among the draws of their fits.

    Args:
        names: Parameters, and the targets' own levels.
        ranks: Between 0 and 1, of shape (truths, names).
        untrusted: Fits in which few draws carried the weight.
    """

    names: tuple[str, ...]
    ranks: Floats
    untrusted: int

    def frame(self) -> pd.DataFrame:
        """Return coverage of intervals and how even ranks are, a row a parameter or target."""
        import pandas as pd

        rows = {
            f"cover_{round(100 * share)}": (np.abs(self.ranks - 0.5) <= share / 2).mean(axis=0)
            for share in SHARES
        }
        return pd.DataFrame({"name": self.names, **rows, "p": evenness(self.ranks)})

    def said(self) -> str:
        """Return what the check says, in a sentence or two."""
        many, names = self.ranks.shape
        inside = float((np.abs(self.ranks - 0.5) <= SHARES[-1] / 2).mean())
        even = zip(self.names, evenness(self.ranks), strict=True)
        off = [name for name, p in even if p < UNLIKELY / names]
        text = (
            f"Of {many} made-up sets of targets, 90% intervals held {100 * inside:.0f}% of the "
            "truths that were put in."
        )
        if off:
            text += f" Ranks are not even for {', '.join(off)}: do not trust intervals of these."
        if self.untrusted:
            text += f" In {self.untrusted} of the fits few draws carried the weight."
        return text


def checked(
    known: Before, of: Learned, goal: Goal, number: int, anew: bool, rng: np.random.Generator
) -> Checked:
    """Check a calibration by truths drawn from what was known.

    Args:
        known: What was known.
        of: The emulator.
        goal: The targets, of which the errors are taken.
        number: Truths.
        anew: Whether draws are made anew, as after waves, and not weighed.
        rng: Where chance comes from.
    """
    mean, variance = of.at(known.features(known.points, known.which))
    log = known.log
    chance = np.where(np.isfinite(log), np.exp(log - log[np.isfinite(log)].max()), 0.0)
    truths = rng.choice(len(log), number, p=chance / chance.sum())
    ranks, untrusted = [], 0
    for truth in truths:
        at, there, unsure = known.points[truth], mean[truth], variance[truth]
        made = replace(goal, value=_made_up(goal, there, unsure, rng))
        if anew:
            points, which = tempered(known, of, made, PARTICLES, rng)
            given = of.emulator.mean(known.features(points, which))
        else:
            others = np.arange(len(log)) != truth
            found = weighed(np.where(others, log + log_likelihood(made, mean, variance), -np.inf))
            untrusted += not found.trusted
            some = resampled(found.weights, PARTICLES, rng)
            points, given = known.points[some], mean[some]
        both = np.hstack([points, given])
        ranks.append([rank_of(x, both[:, k], rng) for k, x in enumerate((*at, *there))])
    names = (*known.names, *(f"target {k + 1}" for k in range(len(goal.value))))
    return Checked(names, np.array(ranks).reshape(len(truths), -1), untrusted)


def _made_up(goal: Goal, mean: Floats, variance: Floats, rng: np.random.Generator) -> Floats:
    """Return numbers that targets could have, were the truth here: the likelihood's own."""
    more = variance + goal.luck**2
    below, above = np.sqrt(goal.below**2 + more), np.sqrt(goal.above**2 + more)
    lower = rng.random(len(mean)) * (below + above) < below
    off = np.abs(rng.standard_normal(len(mean)))
    made: Floats = mean - np.where(lower, -below * off, above * off)
    return made


def rank_of(truth: float, draws: Floats, rng: np.random.Generator) -> float:
    """Return the share of draws below a truth; where some are equal to it, chance says which."""
    below, same = (draws < truth).sum(), (draws == truth).sum()
    return float((below + rng.random() * (same + 1)) / (len(draws) + 1))


def evenness(ranks: Floats) -> Floats:
    """Return how likely ranks as uneven are, were they even (Kolmogorov & Smirnov), by column."""
    from scipy.stats import kstest

    return np.array([float(kstest(column, "uniform").pvalue) for column in ranks.T])
