"""Sanctuary before fingerprints were shared, and reports of violence.

Martínez-Schuldt & Martínez 2021, American Sociological Review 86(1):154-185: whether a violent
victimization is reported, in the 40 largest metropolitan areas from 1980 to 2004, with sanctuary
policies and without, by ethnicity. Here the promise of the sanctuary preset, that victims and
witnesses are not asked, is laid on the rules of the 1980s, and set beside the same town without it,
over 24 months.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import Counts, PublishedStudy, change, ratio
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count violent crimes and expected reports of them by ethnicity in both arms."""
    counts: Counts = {}
    for name, arm in (("usual", lab.eighties_on), ("refuge", lab.refuge)):
        for group in ("latino", "other"):
            rows = arm.crimes_against(group)
            chances = rows["chance"][rows["kind"] != codes.PROPERTY]
            counts[f"{name}_{group}_crimes"] = float(len(chances))
            counts[f"{name}_{group}_reports"] = float(chances.sum(dtype=float))
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent."""

    def effect(group: str) -> float:
        return change(
            *(
                ratio(c[f"{a}_{group}_reports"], c[f"{a}_{group}_crimes"])
                for a in ("refuge", "usual")
            )
        )

    return {"A5-01": effect("latino"), "A5-02": effect("other")}


STUDY = PublishedStudy(
    name="sanctuary-era",
    title="Martínez-Schuldt & Martínez 2021: sanctuary and reports, 1980 to 2004",
    where="checks",
    count=count,
    estimate=estimate,
)
