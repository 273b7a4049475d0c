"""A federal announcement that changes no local rule: reports in 2017.

Los Angeles Police Department, statement of 27 April 2018: reports by Latino against all residents,
from January to April and over the year; the same of eleven weeks (Los Angeles Times, March 2017)
and of other cities (FiveThirtyEight 2017; Los Angeles Times 2018). Here announcements reach
everybody from one week on, in a town whose police take no part, and nothing else changes; a year is
compared with the same year without. What the department counts as sexual assault stands here for
violence that is not domestic.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import YEAR, Lab, LivedArm
from trustabm.evidence.study import Counts, PublishedStudy, change
from trustabm.rules import codes

__all__ = ["STUDY"]

ENDS = {"11": 11, "17": 17, "26": 26, "52": YEAR}
"""Weeks from the announcement: the quarter reported, January to April, half a year, the year."""

KINDS = {"violent": codes.VIOLENT, "domestic": codes.DOMESTIC, "property": codes.PROPERTY}


LEAST = 0.5
"""A gap of fewer percentage points is none, and what is left of it is not asked."""


def reports(arm: LivedArm, group: str, kind: int, end: int) -> float:
    """Return how many crimes of a kind against a group would be reported on average by a week."""
    rows = arm.crimes_against(group, 0, end)
    return float(rows["chance"][rows["kind"] == kind].sum(dtype=float))


def count(lab: Lab) -> Counts:
    """Count expected reports by ethnicity and kind with the announcement and without."""
    return {
        f"{name}_{group}_{kind}_{end}": reports(arm, group, code, weeks)
        for name, arm in (("without", lab.without), ("announced", lab.announced))
        for group in ("latino", "other")
        for kind, code in KINDS.items()
        for end, weeks in ENDS.items()
    }


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent, and gaps between ethnic groups in percentage points."""

    def total(arm: str, groups: tuple[str, ...], kinds: tuple[str, ...], end: str) -> float:
        return sum(float(c[f"{arm}_{g}_{k}_{end}"]) for g in groups for k in kinds)

    def effect(groups: tuple[str, ...], kinds: tuple[str, ...], end: str) -> float:
        return change(*(total(arm, groups, kinds, end) for arm in ("announced", "without")))

    def gap(kinds: tuple[str, ...], end: str) -> float:
        return effect(("latino",), kinds, end) - effect(("latino", "other"), kinds, end)

    violent, domestic = ("violent",), ("domestic",)
    first = -gap(violent + domestic, "17")
    return {
        "T5-04a": gap(violent, "17"),
        "T5-04b": gap(domestic, "17"),
        "T5-05": -100.0 * gap(violent + domestic, "52") / max(first, LEAST),
        "T5-06a": effect(("latino",), violent, "11"),
        "T5-06b": effect(("latino",), domestic, "11"),
        "T5-07": effect(("latino",), tuple(KINDS), "11"),
        "A11-04a": effect(("latino",), domestic, "26"),
        "A11-04b": effect(("other",), domestic, "26"),
    }


STUDY = PublishedStudy(
    name="announcement-2017",
    title="LAPD 2018: reports after a federal announcement, with no local rule",
    where="latino",
    count=count,
    estimate=estimate,
)
