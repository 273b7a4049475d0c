"""What a fall in reporting alone does to offending.

Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305. Here Latino reporting is forced down by a
tenth and nothing else is touched; offenders have twelve months to learn of it, and the twelve
months after are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import FORCED, YEAR, Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    ratio,
)

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count victimizations of Latino residents from twelve months after the parting on."""
    return {
        f"{name}_{what}": value
        for name, arm in (("without", lab.without), ("forced", lab.forced))
        for what, value in (
            ("crimes", float(len(arm.crimes_against("latino", YEAR)))),
            ("persons", arm.total("persons", "latino", YEAR)),
        )
    }


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return percent more victimizations for each percent of reporting lost."""
    rates = (ratio(c[f"{arm}_crimes"], c[f"{arm}_persons"]) for arm in ("forced", "without"))
    return {"3": change(*rates) / (100.0 * (FORCED - 1.0))}


STUDY = PublishedStudy(
    name="offending-elasticity",
    title="Gonçalves, Jácome & Weisburst: elasticity of offending to reporting",
    where="latino",
    count=count,
    estimate=estimate,
)
