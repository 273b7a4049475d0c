"""Where the time goes: the phases of the compiled week, called one by one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from trustabm.rules.luck import BLOCK
from trustabm.state import journal
from trustabm.week import phases, weekly_update
from trustabm.week.world import World

__all__ = ["in_order", "profile"]


def profile(past: World, weeks: int) -> dict[str, dict[str, float]]:
    """Return seconds a week and the share of the whole, by phase, over weeks after `past`.

    The first week is not counted: it may compile what is otherwise compiled inside the week.
    """
    world = past.branch(past.plan)
    first = world.make_room(weeks + 1)
    taken: dict[str, float] = {}
    for k in range(weeks + 1):
        for name, phase in in_order(world, first + k):
            begun = time.process_time()
            phase()
            spent = time.process_time() - begun
            taken[name] = taken.get(name, 0.0) + (spent if k else 0.0)
    whole = sum(taken.values())
    return {
        name: {"seconds_per_week": spent / weeks, "share": spent / whole}
        for name, spent in taken.items()
    }


def in_order(world: World, t: int) -> list[tuple[str, Callable[[], Any]]]:
    """Return the phases of one week in their order; `compiled.run` calls them in the same one."""
    s, tables, p, tally = world.state, world.tables, world.p, world.tally
    at = world.plan.at(world.week)
    lv = world.plan.levers[at]
    changed = world.plan.news[at] & (world.plan.weeks[at] == world.week)
    found = np.empty(BLOCK, np.int64)
    c = phases
    journal.rewound(tables, world.keep_events)
    return [
        ("rules and news", lambda: weekly_update.begin_week(s, p, lv, changed)),
        ("stops", lambda: c.stops(s, p, lv, t, tables, tally, found)),
        ("crimes", lambda: c.crimes(s, p, lv, tables, found)),
        ("reports", lambda: c.reports(s, p, lv, t, tables, tally)),
        ("cases", lambda: c.cases(s, p, lv, t, tables, tally)),
        ("bookings", lambda: c.bookings(s, p, lv, t, tables, tally)),
        ("ICE's reviews", lambda: c.matches(s, p, lv, t, tables, tally)),
        ("releases", lambda: c.releases(s, p, t, tables, tally)),
        ("arrests at large", lambda: c.at_large(s, p, lv, t, tables, tally, found)),
        ("stories", lambda: c.told(s, p, tables)),
        ("turnover", lambda: c.turn_over(s, p, lv, t, tables, tally, found)),
        ("legalizations", lambda: c.legalizations(s, p, lv, t, tables, tally, found)),
        (
            "forgetting and counting",
            lambda: weekly_update.end_week(s, p, lv, t, tally, world.town_tally),
        ),
    ]
