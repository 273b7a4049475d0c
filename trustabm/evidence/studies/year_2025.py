"""Arrests and removals in 2025 against late 2024.

Blair & Hausman 2026, Deportation Data Project: 20 January to 15 October 2025 over the months
before, by the week. Here the federal history that ships with the package is lived through from 2022
on, in a place whose jail holds for ICE as most did; its levers of those years are ours, from orders
and counts of officers; how agents' hours moved to the streets was read in this report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import Counts, PublishedStudy, ratio
from trustabm.inputs.timeline import (
    Change,
    policy,
    timeline,
    weeks_between,
)
from trustabm.runs.experiment import Experiment, TitledArm

__all__ = ["STUDY"]

FIRST = dt.date(2022, 1, 1)
BEFORE = dt.date(2024, 7, 1)
TURN = dt.date(2025, 1, 20)
LAST = dt.date(2025, 10, 15)

HONORS = ("honor_none", "honor_misdemeanor", "honor_felony", "honor_violent")
"""Levers of the jail, which the federal history leaves alone."""

COUNTED = ("transfers", "at_large", "collateral", "removals", "undocumented")


def count(lab: Lab) -> Counts:
    """Count hand-overs, arrests at large and removals before and after the turn of government."""
    before, turn, last = (weeks_between(FIRST, day) for day in (BEFORE, TURN, LAST))
    jail = policy("secure-communities").model_dump(include=set(HONORS))
    local = Change(date=dt.date(1996, 1, 1), sentence="The jail holds.", source="ours", levers=jail)
    history = TitledArm(line=timeline("us-history").merged((local,)))
    own = {"arms": {"history": history}, "start": FIRST, "weeks": last, "burn_in": 0}
    shared = {name: getattr(lab.experiment, name) for name in Experiment.model_fields}
    world = Experiment(**shared | own).world()
    world.run_for(last)
    return {
        f"{when}_{name}": float(world.tally[name][weeks, 0].sum())
        for when, weeks in (("before", slice(before, turn)), ("after", slice(turn, last)))
        for name in COUNTED
    }


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return how many times as many a week."""

    def times(*names: str) -> float:
        after, before = (
            ratio(sum(c[f"{when}_{n}"] for n in names), c[f"{when}_undocumented"])
            for when in ("after", "before")
        )
        return ratio(after, before)

    return {
        "19a": times("transfers", "at_large", "collateral"),
        "19b": times("at_large", "collateral"),
        "19c": times("transfers"),
        "19d": times("removals"),
    }


STUDY = PublishedStudy(
    name="year-2025",
    title="Blair & Hausman 2026: arrests and removals in 2025",
    where="checks",
    count=count,
    estimate=estimate,
)
