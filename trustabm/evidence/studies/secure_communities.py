"""Secure Communities: reporting and victimization by ethnicity.

Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305: staggered rollout over counties, eight
quarters after activation, National Crime Victimization Survey. Here the two arms share their past,
so their difference after the start is the difference in differences. Its path by quarter is read
from three quarters at a time, and its peak from a parabola through all eight, because a quarter of
one town has few crimes. Baumer & Xie 2023, doi:10.1111/1745-9133.12619, asks the same survey for
violence alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import Lab, LivedArm
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    expected_reports,
    ratio,
)
from trustabm.rules import codes

__all__ = ["QUARTERS", "STUDY", "peak_quarter"]

QUARTERS, WEEKS = 8, 13

LEAST = 1.0
"""A peak of fewer percent is none, and what is left of it is not asked."""


def by_quarter(arm: LivedArm, group: str) -> npt.NDArray[np.float64]:
    """Return crimes against a group in each quarter of an arm."""
    weeks = arm.crimes_against(group, 0, QUARTERS * WEEKS)["week"] - arm.first
    return np.bincount(weeks // WEEKS, minlength=QUARTERS).astype(np.float64)


def persons_by_quarter(arm: LivedArm, group: str) -> npt.NDArray[np.float64]:
    """Return person-weeks of a group in each quarter of an arm."""
    ends = [(k * WEEKS, (k + 1) * WEEKS) for k in range(QUARTERS)]
    return np.array([arm.total("persons", group, a, b) for a, b in ends])


def peak_quarter(effects: npt.NDArray[np.float64]) -> float:
    """Return where a parabola through the quarters' effects (least squares) is highest, 1 to 8."""
    quarters = np.arange(1.0, QUARTERS + 1)
    bend, slope, _ = (float(x) for x in np.polyfit(quarters, effects, 2))
    if bend < 0.0:
        return min(max(-slope / (2.0 * bend), 1.0), float(QUARTERS))
    # It has no top within: the higher of its ends.
    return float(QUARTERS) if slope + bend * (1.0 + QUARTERS) > 0.0 else 1.0


def count(lab: Lab) -> Counts:
    """Count crimes, expected reports and person-weeks by ethnicity in both arms."""
    counts: Counts = {}
    for name, arm in (("without", lab.without), ("communities", lab.communities)):
        for group in ("latino", "other"):
            counts[f"{name}_{group}_crimes"] = float(len(arm.crimes_against(group)))
            counts[f"{name}_{group}_reports"] = expected_reports(arm, group)
            counts[f"{name}_{group}_persons"] = arm.total("persons", group)
            counts[f"{name}_{group}_quarters"] = by_quarter(arm, group)
            counts[f"{name}_{group}_quarters_of"] = persons_by_quarter(arm, group)
            kinds = arm.crimes_against(group)["kind"]
            counts[f"{name}_{group}_violent"] = float((kinds != codes.PROPERTY).sum())
    return counts


def path(c: Mapping[str, Any], group: str) -> npt.NDArray[np.float64]:
    """Return the change in victimization of a group in each quarter, in percent."""
    rates = (
        c[f"{arm}_{group}_quarters"] / c[f"{arm}_{group}_quarters_of"]
        for arm in ("communities", "without")
    )
    now, otherwise = rates
    changes: npt.NDArray[np.float64] = 100.0 * (now / otherwise - 1.0)
    return changes


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent."""

    def per(what: str, arm: str, group: str, over: str) -> float:
        return ratio(c[f"{arm}_{group}_{what}"], c[f"{arm}_{group}_{over}"])

    def effect(what: str, group: str, over: str) -> float:
        return change(*(per(what, arm, group, over) for arm in ("communities", "without")))

    latino = path(c, "latino")
    peak = np.convolve(latino, np.full(3, 1.0 / 3.0), "valid").max()
    return {
        "1": effect("reports", "latino", "crimes"),
        "2": effect("crimes", "latino", "persons"),
        "4a": effect("reports", "other", "crimes"),
        "4b": effect("crimes", "other", "persons"),
        "5d": effect("reports", "latino", "persons"),
        "A1-06a": peak_quarter(latino),
        "A1-06b": float(latino[-1]) / max(float(peak), LEAST),
        "A8-04": effect("violent", "latino", "persons"),
    }


STUDY = PublishedStudy(
    name="secure-communities",
    title="Gonçalves, Jácome & Weisburst: Secure Communities, reporting and victimization",
    where="latino",
    count=count,
    estimate=estimate,
)
