"""What removals do by how many they are and of whom.

Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810: Latino residents' confidence in government by their
county's removals for each 1,000, of people with a conviction and of people without. Here Secure
Communities in which ICE acts on convictions alone lies between no entanglement and Secure
Communities; what the first step costs Latino residents' trust, by removals of people with a
conviction, is set beside what the second does, by removals of people without.

Amuedo-Dorantes & Arenas-Arroyo: petitions by victims of domestic violence fall where enforcement
grows and rise where cooperation is limited; here the chance that undocumented residents would call
about it, after two years, of which only the sign is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import Counts, PublishedStudy, change, ratio
from trustabm.rules import codes

__all__ = ["STUDY"]

DOMESTIC = np.array([1.0 if kind == codes.DOMESTIC else 0.0 for kind in range(len(codes.KINDS))])
"""A mix of domestic violence alone."""


def count(lab: Lab) -> Counts:
    """Count removals, trust and reports of domestic violence by arm."""
    counts: Counts = {}
    for name, arm in (
        ("without", lab.without),
        ("convicted", lab.convicted),
        ("communities", lab.communities),
    ):
        asked = arm.latino & (arm.residents["custody"] == codes.FREE)
        counts[f"{name}_trust"] = float(arm.answers().trust[asked].sum())
        counts[f"{name}_asked"] = float(asked.sum())
        none = arm.total("removals_none", "all")
        counts[f"{name}_none"] = none
        counts[f"{name}_convicted"] = arm.total("removals", "all") - none
    for name, arm in (
        ("without", lab.without),
        ("communities", lab.communities),
        ("steady", lab.steady),
        ("sanctuary", lab.sanctuary),
    ):
        undocumented = arm.latino & (arm.residents["status"] == codes.UNDOCUMENTED)
        asked = undocumented & (arm.residents["custody"] == codes.FREE)
        counts[f"{name}_calls"] = float(arm.propensities(DOMESTIC, asked).sum())
        counts[f"{name}_callers"] = float(asked.sum())
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return the ratio of what removals cost in trust, and changes in percent."""
    arms = ("without", "convicted", "communities")
    trust = {arm: ratio(c[f"{arm}_trust"], c[f"{arm}_asked"]) for arm in arms}

    def cost(before: str, after: str, removed: str) -> float:
        more = float(c[f"{after}_{removed}"] - c[f"{before}_{removed}"])
        return (trust[before] - trust[after]) / more if more > 0 else 0.0

    def calls(arm: str, reference: str) -> float:
        return change(*(ratio(c[f"{a}_calls"], c[f"{a}_callers"]) for a in (arm, reference)))

    convicted = cost("without", "convicted", "convicted")
    none = cost("convicted", "communities", "none")
    return {
        "T6-09": convicted / (abs(convicted) + abs(none)) if convicted else 0.0,
        "T6-12a": calls("communities", "without"),
        "T6-12b": calls("sanctuary", "steady"),
    }


STUDY = PublishedStudy(
    name="dose",
    title="Rocha, Knoll & Wrinkle 2015: removals of people with and without a conviction",
    where="latino",
    count=count,
    estimate=estimate,
)
