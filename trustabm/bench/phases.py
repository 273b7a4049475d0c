"""Where the time goes: the phases of the compiled week, called one by one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from trustabm.week import (
    at_large,
    cases,
    crimes,
    custody,
    hearsay,
    reports,
    requests,
    stops,
    turnover,
    weekly_update,
)
from trustabm.week.week import Week
from trustabm.week.world import World

__all__ = ["IN_ORDER", "profile"]


IN_ORDER: tuple[tuple[str, Callable[[Week], Any]], ...] = (
    ("rules and news", weekly_update.begin_week),
    ("stops", stops.phase),
    ("crimes", crimes.phase),
    ("reports", reports.phase),
    ("cases", cases.phase),
    ("bookings", custody.bookings),
    ("ICE's reviews", requests.phase),
    ("releases", custody.releases),
    ("arrests at large", at_large.phase),
    ("stories", hearsay.phase),
    ("turnover", turnover.arrivals),
    ("legalizations", turnover.legalizations),
    ("asking and counting", weekly_update.end_week),
)
"""The phases of one week; `week.phases.run` calls them in the same order."""


def profile(past: World, weeks: int) -> dict[str, dict[str, float]]:
    """Return seconds a week and the share of the whole, by phase, over weeks after `past`.

    The first week is not counted: it may compile what is otherwise compiled inside the week.
    """
    world = past.branch(past.plan)
    taken: dict[str, float] = {}
    for k in range(weeks + 1):
        week = world.begin()
        for name, phase in IN_ORDER:
            begun = time.process_time()
            phase(week)
            spent = time.process_time() - begun
            taken[name] = taken.get(name, 0.0) + (spent if k else 0.0)
    whole = sum(taken.values())
    return {
        name: {"seconds_per_week": spent / weeks, "share": spent / whole}
        for name, spent in taken.items()
    }
