"""Raids in a city that refuses: calls in the first two weeks, and after.

Los Angeles Times, from dispatch data: calls for service in June 2025, two weeks from the day on
which raids began, and in July, against the year before; calls about domestic violence and family
disputes apart. Here an operation of four weeks comes to a town whose police and jail take no part,
and the same weeks without it are set beside; the model's calls are crimes reported by Latino
residents, and of domestic violence their chance to call. Its end is asked three months after.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import FIRST, OPERATION, Lab
from trustabm.evidence.study import Counts, PublishedStudy, change, expected_reports
from trustabm.rules import codes

__all__ = ["STUDY"]

DOMESTIC = np.array([1.0 if kind == codes.DOMESTIC else 0.0 for kind in range(len(codes.KINDS))])
"""A mix of domestic violence alone, of which two weeks see too little to count."""

LEAST = 0.5
"""A fall of fewer percent is none, and what is left of it is not asked."""

LATER = (11, 15)
"""Weeks after the operation that stand for three months after: four, for there to be crimes."""


def count(lab: Lab) -> Counts:
    """Count expected reports by Latino victims with and without, at first and three months on."""
    later = (OPERATION + LATER[0], OPERATION + LATER[1])
    counts: Counts = {}
    for name, first, then, weeks in (
        ("usual", lab.without, lab.without, later),
        ("raids", lab.raided, lab.raided_then, LATER),
    ):
        counts[f"{name}_first"] = expected_reports(first, "latino", 0, FIRST)
        counts[f"{name}_later"] = expected_reports(then, "latino", *weeks)
        counts[f"{name}_domestic"] = float(first.propensities(DOMESTIC, first.latino, FIRST).sum())
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return changes in percent, and how much of the fall is gone three months after."""
    fell, left = (change(c[f"raids_{when}"], c[f"usual_{when}"]) for when in ("first", "later"))
    return {
        "A11-01": fell,
        "A11-02": 100.0 * (1.0 - left / min(fell, -LEAST)),
        "A11-03": change(c["raids_domestic"], c["usual_domestic"]),
    }


STUDY = PublishedStudy(
    name="raids",
    title="Los Angeles Times 2025: calls when raids came, and after",
    where="checks",
    count=count,
    estimate=estimate,
)
