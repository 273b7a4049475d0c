"""How many detainers, about whom, how often custody follows, and how many are removed.

TRAC, Syracuse University, ICE detainer data (reports 330, 413, 511); Capps, Rosenblum, Rodríguez &
Chishti 2011, Delegation and Divergence, MPI, for 287(g). Minor offences are those of people whose
gravest known offence, this charge or an earlier conviction, is a misdemeanor or less.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.enforcement import handed_over, matched, requested
from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    percent,
    ratio,
)
from trustabm.inputs.policy import patched
from trustabm.inputs.records import as_record
from trustabm.rules import codes

__all__ = ["STUDY"]

UNIVERSAL = dict.fromkeys(
    ("priority_none", "priority_misdemeanor", "priority_felony", "priority_violent"), 1.0
)
"""Priorities of a site that acts on everyone it finds."""

TARGETED = {"priority_none": 0.1, "priority_misdemeanor": 0.1}
"""Priorities of a site that looks for grave offenders; the tenth is ours."""


def count(lab: Lab) -> Counts:
    """Count expected requests by arm, by record and by gravity."""
    counts: Counts = {}
    for name, arm in (("communities", lab.communities), ("priorities", lab.priorities)):
        bookings = matched(arm)
        asked = requested(arm, bookings)
        counts[f"{name}_requests"] = float(asked.sum())
        counts[f"{name}_none"] = float(asked[bookings["record"] == codes.RECORD_NONE].sum())
        counts[f"{name}_custody"] = float((asked * handed_over(arm, bookings)).sum())
        counts[f"{name}_local"] = arm.total("local_removals", "all")
        counts[f"{name}_local_none"] = arm.total("local_removals_none", "all")
        counts[f"{name}_removals"] = arm.total("removals", "all")
        counts[f"{name}_undocumented"] = arm.total("undocumented", "all")
    bookings = matched(lab.jail)
    minor = np.maximum(bookings["charge"], bookings["record"]) <= codes.RECORD_MISDEMEANOR
    for name, levers in (("national", {}), ("universal", UNIVERSAL), ("targeted", TARGETED)):
        levers = as_record(patched(lab.policies["jail"], levers))[0]
        asked = requested(lab.jail, bookings, levers)
        counts[f"jail_{name}"] = float(asked.sum())
        counts[f"jail_{name}_minor"] = float(asked[minor].sum())
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return percent a year of undocumented residents, and percent of requests."""

    def yearly(events: str, arm: str) -> float:
        return 100.0 * 52.0 * ratio(c[events], c[f"{arm}_undocumented"])

    return {
        "12a": yearly("communities_requests", "communities"),
        "12b": yearly("priorities_requests", "priorities"),
        "12c": percent(c["communities_none"], c["communities_requests"]),
        "12d": percent(c["priorities_none"], c["priorities_requests"]),
        "12e": percent(c["jail_national_minor"], c["jail_national"]),
        "12f": percent(c["priorities_custody"], c["priorities_requests"]),
        "12g": percent(c["jail_universal_minor"], c["jail_universal"]),
        "12h": percent(c["jail_targeted_minor"], c["jail_targeted"]),
        "16": percent(c["communities_local_none"], c["communities_local"]),
        "17a": yearly("communities_removals", "communities"),
        "17b": yearly("priorities_removals", "priorities"),
    }


STUDY = PublishedStudy(
    name="enforcement-flow",
    title="TRAC; Capps et al. 2011: detainers, about whom, and custody",
    where="latino",
    count=count,
    estimate=estimate,
)
