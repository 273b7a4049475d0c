"""What carries the effect of Secure Communities: what ICE does, or what is heard of it.

No published finding, but the question every result of the model hangs on. Secure Communities is set
beside the same town without it, as it is, with an ICE that takes nobody, with one of five officers
for each 1,000 undocumented residents, and with nobody told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import Counts, PublishedStudy, change, expected_reports, ratio

__all__ = ["ARMS", "LAST_HALF_YEAR", "NUMBERS", "STUDY"]

ARMS = {
    "communities": "Secure Communities",
    "nobody taken": "the same, and ICE takes nobody",
    "many taken": "the same, and ICE has five officers for each 1,000 undocumented residents",
    "unheard": "the same, and nobody is told",
}

LAST_HALF_YEAR = 78
"""The week of an arm in which the last half of its second year begins."""


MEASURED = {"reporting": ("reports", "crimes"), "victimization": ("crimes", "persons")}

NUMBERS = {
    f"{arm}, {what}, {when}": (arm, what, when)
    for arm in ARMS
    for what in MEASURED
    for when in ("all", "end")
}
"""What the study gives, by arm, what is counted, and over all of two years or their end."""


def count(lab: Lab) -> Counts:
    """Count crimes and expected reports of Latino residents by arm, all through and at the end."""
    counts: Counts = {}
    for name in ("without", *ARMS):
        arm = getattr(lab, name) if hasattr(lab, name) else lab.from_past(name)
        for when, start in (("all", 0), ("end", LAST_HALF_YEAR)):
            counts[f"{name}_{when}_crimes"] = float(len(arm.crimes_against("latino", start)))
            counts[f"{name}_{when}_reports"] = expected_reports(arm, "latino", start)
            counts[f"{name}_{when}_persons"] = arm.total("persons", "latino", start)
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return changes in percent, by arm, what is counted and when."""

    def effect(arm: str, when: str, over: str, under: str) -> float:
        return change(
            *(ratio(c[f"{a}_{when}_{over}"], c[f"{a}_{when}_{under}"]) for a in (arm, "without"))
        )

    return {name: effect(arm, when, *MEASURED[what]) for name, (arm, what, when) in NUMBERS.items()}


STUDY = PublishedStudy(
    name="what-carries-it",
    title="What carries the effect of Secure Communities",
    where="checks",
    count=count,
    estimate=estimate,
)
