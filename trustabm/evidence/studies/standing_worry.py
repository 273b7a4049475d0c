"""Who worries about deportation where little is done, and what worry does to reports.

Pew Research Center, March 2021: share of Latino adults who worry that they, a family member or a
close friend could be deported, by status. The town is one without entanglement, in its fourth year.
Who worries more than one threshold, the same for all, says so; it is set where the share of all
Latino residents is the published one, so that only how it differs by status is a finding.

Messing et al. 2014, 2015 (National Survey of Latinos 2008): odds of reporting a violent crime for
each of four steps of the answer, of Latina respondents, citizenship held equal. Here the steps are
quarters of what Latino residents answer, and half of what answers to one question differ by is
worry: both are ours (a one-item fear correlates at .10 to .26 from wave to wave: Oliveira 2022).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    percent,
    ratio,
    share_above,
    threshold_of,
)
from trustabm.rules import codes

__all__ = ["EDGES", "GROUPS", "STUDY"]

Floats = npt.NDArray[np.float64]

ALL = 0.39
"""Share of all Latino respondents who worried some or a lot in March 2021 (Pew Research Center)."""

EDGES = np.concatenate([[0.0], np.geomspace(1e-5, 20.0, 1000)])
"""Classes of worry: perceived risk, by stake, by how heavily risk weighs."""

GROUPS = {
    "all": tuple(range(len(codes.STATUSES))),
    "undocumented": (codes.UNDOCUMENTED,),
    "lawful": (codes.LAWFUL, codes.REGISTERED),
    "naturalized": (codes.NATURALIZED,),
    "us_born": (codes.US_BORN,),
}

STEPS = 4

ITEM_RELIABILITY = 0.5
"""Share of what answers to a single question differ by that is what they are asked for."""


def count(lab: Lab) -> Counts:
    """Count worry by class and status, and add up products of worry, trust and log odds to call."""
    arm = lab.without
    people, answers = arm.residents, arm.answers()
    asked = arm.latino & (people["custody"] == codes.FREE)
    counts: Counts = {
        name: np.histogram(answers.worry[asked & np.isin(people["status"], some)], EDGES)[0] * 1.0
        for name, some in GROUPS.items()
    }
    violent = np.array([1.0 if k == codes.VIOLENT else 0.0 for k in range(len(codes.KINDS))])
    calls = np.clip(arm.propensities(violent, asked)[asked], 1e-6, 1.0 - 1e-6)
    worry, trust = answers.worry[asked], answers.trust[asked]
    step = steps(worry, lab.experiment.seed)
    citizen = np.isin(people["status"][asked], (codes.US_BORN, codes.NATURALIZED))
    columns = np.array([step, trust, np.log(calls / (1.0 - calls))], dtype=np.float64)
    counts["within"] = sum(_within(columns[:, citizen == c]) for c in (True, False))
    counts["respondents"] = float(asked.sum())
    rows = arm.crimes_against("latino")
    domestic = rows["chance"][rows["kind"] == codes.DOMESTIC]
    counts["domestic"], counts["domestic_reports"] = float(len(domestic)), float(domestic.sum())
    return counts


def steps(worry: Floats, seed: int) -> npt.NDArray[np.int64]:
    """Return the step that each person answers: worry in ranks, with an answer's noise.

    Args:
        worry: Of each person.
        seed: Of the noise, so that parameters share it.
    """
    ranks = (np.argsort(np.argsort(worry, kind="stable")) + 0.5) / len(worry)
    noise = np.random.default_rng(seed).standard_normal(len(worry))
    score = (ranks - 0.5) * math.sqrt(12.0) + noise * math.sqrt(1.0 / ITEM_RELIABILITY - 1.0)
    return np.searchsorted(np.quantile(score, np.arange(1, STEPS) / STEPS), score)


def _within(columns: Floats) -> Floats:
    """Return sums of products of deviations from the means of those of equal citizenship."""
    if columns.shape[1] == 0:
        return np.zeros((len(columns), len(columns)))
    away = columns - columns.mean(axis=1, keepdims=True)
    sums: Floats = away @ away.T
    return sums


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return levels by status in percent, their ratio, and odds ratios."""
    threshold = threshold_of(c["all"], EDGES, ALL)
    level = {name: 100.0 * share_above(c[name], EDGES, threshold) for name in GROUPS}
    within = np.asarray(c["within"])
    alone = ratio(float(within[0, 2]), float(within[0, 0]))
    both = np.linalg.lstsq(within[:2, :2], within[:2, 2], rcond=None)[0]
    per_sd = np.abs(both) * np.sqrt(np.diag(within)[:2] / c["respondents"])
    return {
        "T9-02a": level["undocumented"],
        "T9-02b": level["lawful"],
        "T9-02c": level["naturalized"],
        "T9-02d": level["us_born"],
        "T9-02e": ratio(level["undocumented"], level["us_born"]),
        "T4-01": math.exp(alone),
        "T4-02": float(per_sd[1] - per_sd[0]),
        "T10-04": percent(c["domestic_reports"], c["domestic"]),
    }


STUDY = PublishedStudy(
    name="standing-worry",
    title="Pew 2021; Messing et al.: who worries where little is done, and who then calls",
    where="latino",
    count=count,
    estimate=estimate,
)
