"""The Priority Enforcement Program and reports by Latino complainants.

Jácome 2022, doi:10.1016/j.jue.2021.103395: incidents reported by Hispanic against other
complainants in Dallas, before and after mid-2015. Here the program begins after two years of Secure
Communities, in a world beside the one where they go on; twelve months are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import YEAR, Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    expected_reports,
)

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count expected reports by ethnicity in twelve months of both arms."""
    return {
        f"{name}_{group}": expected_reports(arm, group, 0, YEAR)
        for name, arm in (("steady", lab.steady), ("priorities", lab.priorities))
        for group in ("latino", "other")
    }


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return the change in reports by Latino victims less that by others."""
    latino = change(c["priorities_latino"], c["steady_latino"])
    return {"6": latino - change(c["priorities_other"], c["steady_other"])}


STUDY = PublishedStudy(
    name="dallas",
    title="Jácome 2022: Priority Enforcement Program and reports by Latino complainants",
    where="latino",
    count=count,
    estimate=estimate,
)
