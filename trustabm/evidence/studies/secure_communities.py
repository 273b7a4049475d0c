"""Secure Communities: reporting and victimization by ethnicity.

Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305: staggered rollout over counties, eight
quarters after activation, National Crime Victimization Survey. Here the two arms share their past,
so their difference after the start is the difference in differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    expected_reports,
    ratio,
)

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count crimes, expected reports and person-weeks by ethnicity in both arms."""
    counts: Counts = {}
    for name, arm in (("without", lab.without), ("communities", lab.communities)):
        for group in ("latino", "other"):
            counts[f"{name}_{group}_crimes"] = float(len(arm.crimes_against(group)))
            counts[f"{name}_{group}_reports"] = expected_reports(arm, group)
            counts[f"{name}_{group}_persons"] = arm.total("persons", group)
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent."""

    def per(what: str, arm: str, group: str, over: str) -> float:
        return ratio(c[f"{arm}_{group}_{what}"], c[f"{arm}_{group}_{over}"])

    def effect(what: str, group: str, over: str) -> float:
        return change(*(per(what, arm, group, over) for arm in ("communities", "without")))

    return {
        "1": effect("reports", "latino", "crimes"),
        "2": effect("crimes", "latino", "persons"),
        "4a": effect("reports", "other", "crimes"),
        "4b": effect("crimes", "other", "persons"),
        "5d": effect("reports", "latino", "persons"),
    }


STUDY = PublishedStudy(
    name="secure-communities",
    title="Gonçalves, Jácome & Weisburst: Secure Communities, reporting and victimization",
    where="latino",
    count=count,
    estimate=estimate,
)
