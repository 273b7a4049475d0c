"""Anti-detainer policy and the removal of people booked by local police.

Hausman 2020, doi:10.1073/pnas.2014673117: deportations of people whom local authorities had
fingerprinted, by conviction, in counties with and without sanctuary policies. Here sanctuary begins
after two years of Secure Communities, as the policy `sanctuary` has it, which cites this study; 24
months are compared. As in the study, a person counts who was booked locally and then removed,
whether the jail handed them over or ICE arrested them later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.enforcement import (
    RECORDS,
    handed_over,
    matched,
    requested,
    sought_later,
)
from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    ratio,
)
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count expected arrests of people booked, by record and route, and crime and clearance."""
    counts: Counts = {}
    for name, arm in (("steady", lab.steady), ("sanctuary", lab.sanctuary)):
        bookings = matched(arm)
        asked = requested(arm, bookings)
        jail = asked * handed_over(arm, bookings)
        later = asked * sought_later(arm, bookings)
        for record in RECORDS:
            mine = bookings["record"] == record
            counts[f"{name}_jail_{record}"] = float(jail[mine].sum())
            counts[f"{name}_later_{record}"] = float(later[mine].sum())
        crimes = arm.during("crimes")
        counts[f"{name}_reports"] = float(crimes["chance"].sum(dtype=float))
        counts[f"{name}_known"] = float((crimes["reported"] > 0).sum())
        counts[f"{name}_solved"] = float(crimes["clears"][crimes["reported"] > 0].sum())
        counts[f"{name}_persons"] = arm.total("persons", "all")
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent, sanctuary against Secure Communities."""

    def removed(arm: str, *records: int) -> float:
        return sum(float(c[f"{arm}_{way}_{r}"]) for r in records for way in ("jail", "later"))

    def effect(*records: int) -> float:
        return change(removed("sanctuary", *records), removed("steady", *records))

    def handed(arm: str) -> float:
        return sum(float(c[f"{arm}_jail_{r}"]) for r in RECORDS)

    def rate(over: str, under: str) -> float:
        both = (ratio(c[f"{a}_{over}"], c[f"{a}_{under}"]) for a in ("sanctuary", "steady"))
        return change(*both)

    return {
        "8a": effect(*RECORDS),
        "8b": effect(codes.RECORD_NONE),
        "8c": effect(codes.RECORD_VIOLENT),
        "8x": change(handed("sanctuary"), handed("steady")),
        "13a": rate("reports", "persons"),
        "13b": rate("solved", "known"),
    }


STUDY = PublishedStudy(
    name="sanctuary-removals",
    title="Hausman 2020: sanctuary, removals by conviction, crime and clearance",
    where="latino",
    count=count,
    estimate=estimate,
)
