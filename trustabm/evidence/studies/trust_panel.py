"""A quiet town, whose residents are asked once a year for their trust in local police.

Bulbulia 2021 (New Zealand), Oliveira et al. 2021 (Australia) and Oliveira 2022 (São Paulo) for its
spread, its stability and what contacts leave of it; Pew and Gallup for its level in the United
States; Gibson et al. 2010 and Rengifo et al. 2019 for what stops do to calls; Kirk et al. 2012 for
neighborhoods. Nobody's police take part in immigration enforcement; three waves, a year apart.

A survey's answer is taken to be trust with noise: of what answers differ by, `RELIABILITY` is
trust, which is ours (the published indices have 3 to 4 items). So correlations of answers are those
of trust times it, and their spread is that of trust over its root.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import YEAR, Lab, LivedArm
from trustabm.evidence.study import Counts, PublishedStudy, ratio
from trustabm.rules import codes

__all__ = ["RELIABILITY", "STUDY"]

Floats = npt.NDArray[np.float64]

RELIABILITY = 0.8

EDGES = np.linspace(0.0, 1.0, 101)
"""Classes of trust."""

WAVES = (0, YEAR, None)
"""Weeks of the arm in which people are asked; the last is its end."""


def count(lab: Lab) -> Counts:
    """Count trust by class, and add up products of what a person answers, lived and would do."""
    arm = lab.without
    asked = [arm.waves[0].state.residents, arm.waves[YEAR].state.residents, arm.residents]
    trust = np.array([arm.answers(wave).trust for wave in WAVES])
    mix = arm.mix_against("all")
    free = np.all([people["custody"] == codes.FREE for people in asked], axis=0)
    panel = free & (asked[0]["generation"] == asked[2]["generation"])
    bad, good, stops = contacts(arm)
    here = asked[2]["custody"] == codes.FREE
    calls = np.array([arm.propensities(mix, here | panel, wave) for wave in WAVES[1:]])
    ones = np.ones(panel.sum())
    change = 100.0 * (calls[1] - calls[0])[panel]
    lived = np.array([ones, trust[1][panel], bad[panel], good[panel]])
    return {
        "everyone": np.histogram(trust[2][here], EDGES)[0].astype(float),
        "latino": np.histogram(trust[2][here & arm.latino], EDGES)[0].astype(float),
        "waves": products(np.vstack([ones, trust[:, panel]])),
        "contact": products(np.vstack([lived, trust[2][panel]])),
        "stopped": products(np.array([ones, stops[panel] > 0, (trust[2] - trust[1])[panel]])),
        "calls": products(np.array([ones, stops[panel] > 0, change])),
        "each_stop": products(np.array([ones, stops[panel], change])),
        "places": by_place(arm, here, calls[1], trust[2]),
    }


def products(columns: npt.ArrayLike) -> Floats:
    """Return the sums of products of columns, which add up over replicates."""
    x = np.asarray(columns, dtype=np.float64)
    sums: Floats = x @ x.T
    return sums


def contacts(arm: LivedArm) -> tuple[Floats, Floats, Floats]:
    """Return who had a bad stop in the last year, who else a solved report, and stops of each."""
    many = len(arm.residents)
    stops, crimes = arm.during("stops", YEAR), arm.during("crimes", YEAR)
    bad = np.bincount(stops["resident"][stops["bad"] == 1], minlength=many) > 0
    solved = crimes["victim"][(crimes["reported"] == 1) & (crimes["cleared"] == 1)]
    good = (np.bincount(solved, minlength=many) > 0) & ~bad
    each = np.bincount(stops["resident"], minlength=many)
    return bad.astype(np.float64), good.astype(np.float64), each.astype(np.float64)


def by_place(arm: LivedArm, here: npt.NDArray[np.bool_], calls: Floats, trust: Floats) -> Floats:
    """Return sums of products of neighborhoods' share from abroad, chance to call and trust."""
    place = arm.residents["neighborhood"][here]
    abroad = (arm.residents["status"][here] != codes.US_BORN).astype(np.float64)
    many = np.bincount(place)
    kept = many > 0
    means = [
        np.bincount(place, x, len(many))[kept] / many[kept]
        for x in (abroad, calls[here], trust[here])
    ]
    return products(np.array([np.ones(kept.sum()), *means]))


def slopes(sums: Floats) -> Floats:
    """Return the least-squares slopes of the last column on the others, the first being ones."""
    found: Floats = np.linalg.lstsq(sums[:-1, :-1], sums[:-1, -1], rcond=None)[0]
    return found


def correlation(sums: Floats, a: int, b: int) -> float:
    """Return the correlation of two columns; the first column is ones."""
    n = sums[0, 0]

    def spread(i: int, j: int) -> float:
        return float(sums[i, j] / n - sums[0, i] * sums[0, j] / n**2)

    return ratio(spread(a, b), math.sqrt(spread(a, a) * spread(b, b)))


def spread_of(counts: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of what is counted by class of trust."""
    middles = (EDGES[1:] + EDGES[:-1]) / 2.0
    mean = float(np.average(middles, weights=counts))
    return mean, math.sqrt(float(np.average((middles - mean) ** 2, weights=counts)))


def above_the_middle(counts: Floats, noise: float) -> float:
    """Return the percentage of answers above .5, the noise of answers being normal."""
    middles = (EDGES[1:] + EDGES[:-1]) / 2.0
    above = [0.5 * (1.0 + math.erf((x - 0.5) / (noise * math.sqrt(2.0)))) for x in middles]
    return 100.0 * float(np.average(above, weights=counts))


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return levels, spreads, correlations of answers, and slopes on what was lived."""
    mean, spread = spread_of(c["everyone"])
    noise = spread * math.sqrt(1.0 / RELIABILITY - 1.0)
    later = {1: [(1, 2), (2, 3)], 2: [(1, 3)]}
    year, two = (
        RELIABILITY * float(np.mean([correlation(c["waves"], a, b) for a, b in later[k]]))
        for k in (1, 2)
    )
    _, _, bad, good = slopes(c["contact"])
    warm, latino_warm = (above_the_middle(c[who], noise) for who in ("everyone", "latino"))
    return {
        "T1-01": warm,
        "T1-02a": mean,
        "T1-02b": spread / math.sqrt(RELIABILITY),
        "T1-05": latino_warm,
        "T1-07a": warm,
        "T1-07b": latino_warm,
        "T1-09": 100.0 * mean,
        "T2-03": two,
        "T2-04": year,
        "T2-05": ratio(two, year),
        "T2-07": (2.0 * year + two) / 3.0,
        "T3-08a": float(bad),
        "T3-08b": float(good),
        "T3-10": float(slopes(c["stopped"])[1]),
        "T4-08": float(slopes(c["calls"])[1]),
        "T4-10": float(slopes(c["each_stop"])[1]),
        "T4-12a": correlation(c["places"], 1, 2),
        "T4-12b": correlation(c["places"], 1, 3),
    }


STUDY = PublishedStudy(
    name="trust-panel",
    title="Bulbulia; Oliveira et al.; Gibson et al.: trust and contacts in a quiet town",
    where="national",
    count=count,
    estimate=estimate,
)
