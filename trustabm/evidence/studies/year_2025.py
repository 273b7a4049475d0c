"""Arrests and removals in 2025 against late 2024.

Blair & Hausman 2026, Deportation Data Project: 20 January to 15 October 2025 over the months
before, by the week. Here the federal history that ships with the package is lived through from 2022
on, in a place whose jail holds for ICE as most did; its levers of those years are ours, from orders
and counts of officers; how agents' hours moved to the streets was read in this report.

The same months were asked about by KFF (which immigrants know somebody arrested, detained or
deported since January 2025) and by Pew (who worries: in March, June and October). Worry is above a
threshold that is set where the share in March is the published one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import Lab, LivedArm
from trustabm.evidence.studies.standing_worry import EDGES
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    percent,
    ratio,
    share_above,
    threshold_of,
)
from trustabm.inputs.timeline import (
    Change,
    policy,
    timeline,
    weeks_between,
)
from trustabm.rules import codes
from trustabm.runs.arms import TitledArm
from trustabm.runs.experiment import Experiment
from trustabm.week.world import World

__all__ = ["STUDY"]

FIRST = dt.date(2022, 1, 1)
BEFORE = dt.date(2024, 7, 1)
TURN = dt.date(2025, 1, 20)
LAST = dt.date(2025, 10, 15)

HONORS = ("honor_none", "honor_misdemeanor", "honor_felony", "honor_violent")
"""Levers of the jail, which the federal history leaves alone."""

MARCH, APRIL = dt.date(2025, 3, 15), dt.date(2025, 4, 1)
JUNE, SEPTEMBER, OCTOBER = dt.date(2025, 6, 8), dt.date(2025, 9, 15), dt.date(2025, 10, 10)

IMMIGRANTS_IN_MARCH, LATINO_IN_MARCH = 0.33, 0.42
"""Shares who worried in March 2025 (Pew Research Center)."""

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
    asked: Counts = {}
    for day in (MARCH, APRIL, JUNE, SEPTEMBER, OCTOBER):
        world.run_for(weeks_between(FIRST, day) - world.week)
        asked |= answers(world, f"{day:%B}".lower(), turn)
    world.run_for(last - world.week)
    return asked | {
        f"{when}_{name}": float(world.tally[name][weeks, 0].sum())
        for when, weeks in (("before", slice(before, turn)), ("after", slice(turn, last)))
        for name in COUNTED
    }


def answers(world: World, when: str, turn: int) -> Counts:
    """Count worry by class, and immigrants who know somebody taken since the turn."""
    arm = LivedArm(world, 0)
    people, worry = arm.residents, arm.answers().worry
    free = people["custody"] == codes.FREE
    immigrants = free & (people["status"] != codes.US_BORN)
    groups = {
        "immigrants": immigrants,
        "latino": free & arm.latino,
        "us_born": free & arm.latino & (people["status"] == codes.US_BORN),
    }
    counted: Counts = {
        f"{when}_{name}": np.histogram(worry[group], EDGES)[0] * 1.0
        for name, group in groups.items()
    }
    counted[f"{when}_know"] = float((people["exposed"][immigrants] >= turn).sum())
    counted[f"{when}_of"] = float(immigrants.sum())
    return counted


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return how many times as many a week."""

    def times(*names: str) -> float:
        after, before = (
            ratio(sum(c[f"{when}_{n}"] for n in names), c[f"{when}_undocumented"])
            for when in ("after", "before")
        )
        return ratio(after, before)

    def know(when: str) -> float:
        return percent(c[f"{when}_know"], c[f"{when}_of"])

    immigrants = threshold_of(c["march_immigrants"], EDGES, IMMIGRANTS_IN_MARCH)
    latino = threshold_of(c["march_latino"], EDGES, LATINO_IN_MARCH)
    return {
        "B4-08a": know("april"),
        "B4-08b": know("september"),
        "T9-03": 100.0 * share_above(c["june_immigrants"], EDGES, immigrants),
        "T9-05a": 100.0 * share_above(c["october_latino"], EDGES, latino),
        "T9-05b": 100.0 * share_above(c["october_us_born"], EDGES, latino),
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
