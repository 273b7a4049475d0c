"""Street agreements against jail agreements, and sanctuary: violence against Latino residents.

Baumer & Xie 2023, doi:10.1111/1745-9133.12619: National Crime Victimization Survey, 2005 to 2014.
Task forces raised violent victimization of Latino residents, jail agreements and sanctuary policies
did not. Here each is set beside the same town without it, over 24 months; sanctuary beside Secure
Communities, which it stood within.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import Counts, PublishedStudy, change, ratio
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count crimes against Latino residents, violent ones apart, and person-weeks by arm."""
    arms = {
        "without": lab.without,
        "jail": lab.jail,
        "street": lab.from_past("task force"),
        "steady": lab.steady,
        "sanctuary": lab.sanctuary,
    }
    counts: Counts = {}
    for name, arm in arms.items():
        kinds = arm.crimes_against("latino")["kind"]
        counts[f"{name}_crimes"] = float(len(kinds))
        counts[f"{name}_violent"] = float((kinds != codes.PROPERTY).sum())
        counts[f"{name}_persons"] = arm.total("persons", "latino")
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent, and how many times as much street agreements do."""

    def effect(what: str, arm: str, reference: str) -> float:
        return change(*(ratio(c[f"{a}_{what}"], c[f"{a}_persons"]) for a in (arm, reference)))

    street, jail = (effect("crimes", arm, "without") for arm in ("street", "jail"))
    return {
        "A8-05a": effect("violent", "street", "without"),
        # Of all crimes, which are many more; where the jail does nothing, the street does more.
        "A8-05b": ratio(street, max(jail, 0.1)),
        "A8-06": effect("violent", "jail", "without"),
        "A8-07": effect("violent", "sanctuary", "steady"),
    }


STUDY = PublishedStudy(
    name="agreements",
    title="Baumer & Xie 2023: street and jail agreements, sanctuary, and violence",
    where="checks",
    count=count,
    estimate=estimate,
)
