"""The limit: the least that a week costs on this machine, whoever writes the loops.

A week must look at the residents who are candidates or hear a story, and must make the keyed draws
that decide about them. Two loops do only that, in the same process, and the slower of the two is
the limit:

- bytes: numpy sums as many bytes, in order, as the rows that are looked at take up in memory. A
  row counts with the cache lines it lies in (64 bytes each), for no machine fetches less; that
  they lie apart, and so cost more than bytes in order do, is not granted.
- draws: a compiled loop makes as many keyed draws and adds them up. Draws are counted from below:
  those of rare branches are left out.

The columns of the whole town streamed once a week are given too (`columns`): that is what a week
costs at least that touches everybody, and so no limit for one that does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from trustabm.bench.timing import seconds
from trustabm.rules import (
    codes,
    contact,
    crime,
    demography,
    enforcement,
    luck,
)
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import BLOCK, ROOM, candidates, uniform
from trustabm.state.layout import RESIDENT, TIES
from trustabm.week.world import World

__all__ = ["draw_loop", "needed", "stream"]

LINE = 64
"""Bytes of a cache line."""

# Rows of 48 bytes at multiples of 16 lie in 1.5 lines on average; the ties of a resident in one.
ROW_LINES = 1 + (RESIDENT.itemsize - 16) / LINE
TIES_LINES = max(1.0, TIES * 4 / LINE)

STOP_DRAWS = 4  # goes badly, asked, arrest, charge
CRIME_DRAWS = 6  # kind, victim, target, sensitivity (two), report
REPORT_DRAWS = 5  # asked, witness, detective, cleared, charge
ARREST_DRAWS = 2  # convicted, weeks
ARRIVAL_DRAWS = 7  # years, kind, offender, trust (two), risk (two)


@compiled
def thinned(s, p, uptake, found):
    """Return this week's candidates, and the draws that find and accept or refuse them."""
    seed, week = s.clock[0].seed, s.clock[0].week
    n = len(s.residents)
    rows = draws = 0
    for block in range((n + BLOCK - 1) // BLOCK):
        many = candidates(seed, week, luck.STOP_CANDIDATE, block, n, contact.STOP_BOUND, found)
        rows += many
        draws += many + 1
        for c in range(many):
            if s.residents[found[c]].custody == codes.FREE:
                draws += 2
        many = candidates(seed, week, luck.CRIME_CANDIDATE, block, n, crime.CRIME_BOUND, found)
        rows += many
        draws += many + 1
        for c in range(many):
            r = s.residents[found[c]]
            if r.offending != 0.0 and crime.at_liberty(p, r.custody):
                draws += 1
        bound = enforcement.AT_LARGE_BOUND
        many = candidates(seed, week, luck.AT_LARGE_CANDIDATE, block, n, bound, found)
        rows += many
        draws += many + 1
        for c in range(many):
            r = s.residents[found[c]]
            if r.status == codes.UNDOCUMENTED and r.custody == codes.FREE:
                draws += 1
        bound = demography.TURNOVER_BOUND
        many = candidates(seed, week, luck.TURNOVER_CANDIDATE, block, n, bound, found)
        rows += many
        draws += 2 * many + 1
        if uptake > 0.0:
            bound = enforcement.LEGAL_BOUND
            many = candidates(seed, week, luck.LEGAL_CANDIDATE, block, n, bound, found)
            rows += many
            draws += many + 1
    return rows, draws


@compiled
def drawn(seed, many):
    """Return the sum of many keyed draws."""
    total = 0.0
    for k in range(many):
        total += uniform(seed, k >> 20, luck.STOP, k & 0xFFFFF)
    return total


def needed(past: World, weeks: int, sample: int = 8) -> dict[str, float]:
    """Return what weeks after `past` must do, a week on average.

    Args:
        past: The world before; left as it is.
        weeks: Weeks to count.
        sample: Candidates are counted in every so many weeks; events in all of them.

    Returns:
        `rows` looked at, `draws` made, `bytes` of the cache lines of those rows, and `columns`,
        the bytes of residents and ties as a whole.
    """
    world = past.branch(past.plan)
    state = world.state
    found = np.empty(ROOM, np.int64)
    rows = draws = 0.0
    samples = 0
    while world.week < past.week + weeks:
        uptake = float(world.plan.levers[world.plan.at(world.week)][0].legalization_uptake)
        some, more = thinned(state, world.p, uptake, found)
        rows, draws, samples = rows + some, draws + more, samples + 1
        world.run_for(min(sample, past.week + weeks - world.week))
    rows, draws = rows / samples, draws / samples

    def happened(*names: str) -> float:
        return float(sum(world.tally[name].sum() for name in names)) / weeks

    stops, arrests, arrivals = happened("stops"), happened("arrests"), happened("arrivals")
    crimes = happened("violent", "property", "domestic")
    reported = happened("reported_violent", "reported_property", "reported_domestic")
    taken = happened("transfers", "at_large", "collateral")
    draws += STOP_DRAWS * stops + CRIME_DRAWS * crimes + REPORT_DRAWS * reported
    draws += ARREST_DRAWS * arrests + ARRIVAL_DRAWS * arrivals
    told = stops + reported + taken
    listeners = told * (float(state.residents["household"].mean()) - 1 + TIES)
    rows += crimes + listeners
    return {
        "rows": rows,
        "draws": draws,
        "bytes": LINE * (ROW_LINES * rows + TIES_LINES * (told + arrivals)),
        "columns": float(state.residents.nbytes + state.ties.nbytes),
    }


def stream(arrays: list[Any], size: float, times: int) -> Callable[[], float]:
    """Return a task: numpy sums `size` bytes of these arrays, `times` over."""
    left, parts = int(size) // 8, []
    for array in arrays:
        words = array.view(np.uint8).reshape(-1)
        words = words[: len(words) // 8 * 8].view(np.uint64)[:left]
        parts.append(words)
        left -= len(words)

    def task() -> float:
        def work() -> None:
            for _ in range(times):
                for part in parts:
                    part.sum()

        return seconds(work)

    return task


def draw_loop(draws: float) -> Callable[[], float]:
    """Return a task: so many keyed draws in an empty loop."""
    return lambda: seconds(lambda: drawn(1, int(draws)))
