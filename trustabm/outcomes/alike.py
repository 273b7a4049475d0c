"""Effects in many places at once, each of few short lives: what is alike says how unsure each is.

A place with some ten lives says where its effect lies, and hardly how unsure that is: the variance
of five draws is off by a half either way. So what is unsure is learned of the places most like
it, by ranks of how many people they have and of how large their effects are. Luck
is taken to fall with the number of people, and doubt about what was drawn to grow with the effect.

On the log scale, with mean squares B between and W within draws of as many lives each (Searle,
Casella & McCulloch 1992, doi:10.1002/9780470316856), the variance of an effect is W over all lives
for luck, and that between draws, (B - W) / lives, once for the draw that is true and once more for
the mean of those there are. All places have the same few draws, so that this part has Student's t
with one degree of freedom less than draws. Levels left without each life give the jackknife's
pseudo-values (Efron & Stein 1981, doi:10.1214/aos/1176345462).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.intervals import COVERAGE
from trustabm.outcomes.quantiles import normal_quantile, t_quantile

__all__ = ["ALIKE", "Alike", "alike"]

Floats = npt.NDArray[np.float64]

ALIKE = 40
"""Places whose variances are averaged, the place itself among them."""


class Alike(NamedTuple):
    """Changes in percent of the reference's level, NaN where there is none; of shape (places,)."""

    percent: Floats
    low: Floats
    """The lower end of the 90% interval."""
    high: Floats
    by_luck: Floats
    """How much of the interval, squared, is luck: 0 to 1."""


def alike(whole: Floats, without: Floats, people: Floats, draws: int) -> Alike:
    """Return how one outcome changes in many places.

    Args:
        whole: Levels under the reference and the arm from all lives, of shape (places, 2).
        without: Levels without each life, of shape (places, lives, 2); lives of one draw follow
            each other, as many of each draw, and draws are the same in all places.
        people: How many people the levels are of, in whatever unit, of shape (places,).
        draws: How many draws; at least 2, with 2 lives each.
    """
    n = without.shape[1]
    lives = n // draws
    if draws < 2 or lives < 2 or draws * lives != n:
        raise ValueError(f"draws: expected at least 2 of at least 2 lives each, got {draws}, {n}")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(whole[:, 1] / whole[:, 0])
        rest = np.log(without[:, :, 1] / without[:, :, 0])
    known = np.isfinite(ratio) & np.isfinite(rest).all(axis=1) & (people > 0)
    out = np.full((4, len(whole)), np.nan)
    if known.any():
        centre, size = ratio[known], people[known]
        each = (n * centre[:, None] - (n - 1) * rest[known]).reshape(-1, draws, lives)
        out[:, known] = _intervals(centre, each, size)
    return Alike(*out)


def _intervals(centre: Floats, each: Floats, size: Floats) -> Floats:
    """Return the fields of the answer, of shape (4, places).

    Args:
        centre: Log ratios.
        each: Their pseudo-values, of shape (places, draws, lives).
        size: How many people there are.
    """
    _, draws, lives = each.shape
    n = draws * lives
    within = each.var(axis=2, ddof=1).mean(axis=1)
    between = lives * each.mean(axis=2).var(axis=1, ddof=1)
    luck = _of_alike(within * size, size) / size
    moved = _of_alike(centre**2 - luck / n, size, np.abs(centre))
    apart = _of_alike((between - luck) / lives, size, np.abs(centre))
    # Of places whose effects are mostly luck, no more than a tenth of their square is taken for it.
    moved = np.maximum(moved, 0.1 * _of_alike(centre**2, size, np.abs(centre)))
    with np.errstate(divide="ignore", invalid="ignore"):
        doubt = np.nan_to_num(np.maximum(apart, 0.0) / moved) * centre**2
    level = 0.5 + COVERAGE / 2
    by_luck = normal_quantile(level) ** 2 * luck / n
    by_draws = t_quantile(level, draws - 1) ** 2 * doubt * (1.0 + 1.0 / draws)
    half = np.sqrt(by_luck + by_draws)
    # Where both arms are one in every life there is no interval but the value.
    half[(each == 0.0).all(axis=(1, 2))] = 0.0
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        ends = [100.0 * np.expm1(x) for x in (centre, centre - half, centre + half)]
        return np.array([*ends, np.where(half > 0.0, by_luck / half**2, np.nan)])


def _of_alike(values: Floats, *by: Floats) -> Floats:
    """Return the mean of each place's value and those of the places most like it, by ranks."""
    k = min(ALIKE, len(values))
    ranks = [x.argsort(kind="stable").argsort(kind="stable") for x in by]
    out = np.empty(len(values))
    for i in range(len(values)):
        far = sum(np.abs(rank - rank[i]) for rank in ranks)
        out[i] = values[np.argpartition(far, k - 1)[:k]].mean()
    return out
