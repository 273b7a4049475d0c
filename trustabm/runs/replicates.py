"""Replicates of a comparison: one town and luck each, all arms from the same past.

Imported by worker processes, so it knows neither Mesa nor pandas.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.measures import counts, earlier, town_counts
from trustabm.runs.classes import unknown_elsewhere
from trustabm.runs.experiment import Experiment
from trustabm.runs.processes import how_many
from trustabm.runs.processes import pool as processes
from trustabm.week.world import World

__all__ = ["Lived", "Watch", "branches", "live", "live_watched", "past", "replicates"]

Floats = npt.NDArray[np.float64]

Watch = Callable[[Sequence[World]], object]
"""Sees worlds in every week, to keep what only passes."""

CHUNKS = 50
"""How often progress is told."""

IN_FLIGHT = 4  # replicates that wait in a shared pool
WORTH_PROCESSES = 20.0  # seconds of work; workers need several to start


class Lived(NamedTuple):
    """Counts of one replicate; rows are by group of the day, then by group of each week."""

    past: Floats  # (burn_in, 2 * groups, fields)
    town_past: Floats  # (burn_in, fields)
    weeks: Floats  # (arms, weeks, 2 * groups, fields)
    town_weeks: Floats  # (arms, weeks, fields)


def past(experiment: Experiment, replicate: int = 0) -> World:
    """Return the world of a replicate on the day its arms part."""
    world = experiment.world(replicate)
    world.run_for(experiment.burn_in)
    return world


def branches(experiment: Experiment, replicate: int = 0) -> list[World]:
    """Return the world of each arm of a replicate on the day they part; they keep their events."""
    before = past(experiment, replicate)
    arms = range(len(experiment.arms))
    return [before.branch(experiment.plan(k), keep_events=True) for k in arms]


def live_watched(
    worlds: Sequence[World],
    weeks: int,
    watch: Watch | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> None:
    """Live through weeks of some worlds side by side.

    Args:
        worlds: The worlds.
        weeks: How many weeks.
        watch: Called with the worlds before the first week and after every one.
        progress: Called now and then with weeks done and weeks in all.
    """
    chunk = max(1, weeks // CHUNKS) if watch is None else 1
    if watch is not None:
        watch(worlds)
    for done in range(0, weeks, chunk):
        now = min(chunk, weeks - done)
        for world in worlds:
            world.run_for(now)
        if watch is not None:
            watch(worlds)
        if progress is not None:
            progress(done + now, weeks)


def live(experiment: Experiment, replicate: int) -> Lived:
    """Live through one replicate."""
    before = past(experiment, replicate)
    arms, town_arms = [], []
    for k in range(len(experiment.arms)):
        world = before.branch(experiment.plan(k))
        world.run_for(experiment.weeks)
        arms.append(counts(world.tally[:, 0]))
        town_arms.append(town_counts(world.town_tally[:, 0]))
    return Lived(
        earlier(counts(before.tally[:, 0]), arms[0]),
        town_counts(before.town_tally[:, 0]),
        np.stack(arms),
        np.stack(town_arms),
    )


def replicates(
    experiment: Experiment,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    pool: Executor | None = None,
) -> Iterator[tuple[int, Lived]]:
    """Yield `(replicate, what it counted)`, in order.

    Args:
        experiment: What to live through.
        workers: Processes; as many as there are processors if not given, and this process alone
            where starting others would take longer than it saves.
        progress: Called with replicates done and replicates in all.
        pool: Processes to use instead of new ones. Few replicates wait in it at a time, so that
            those who share it take turns.
    """
    number = experiment.replicates
    each = [experiment.at(k) for k in range(number)]
    if pool is not None:
        waiting: deque[Future[Lived]] = deque()
        try:
            for k in range(number):
                while len(waiting) < IN_FLIGHT and k + len(waiting) < number:
                    ahead = k + len(waiting)
                    waiting.append(pool.submit(live, each[ahead], ahead))
                yield k, waiting.popleft().result()
                if progress is not None:
                    progress(k + 1, number)
        finally:
            for future in waiting:
                future.cancel()
        return
    worth = number * experiment.seconds() > WORTH_PROCESSES and not unknown_elsewhere(
        experiment.classes
    )
    many = how_many(1 if workers is None and not worth else workers, number)
    if many <= 1:
        for k in range(number):
            yield k, live(each[k], k)
            if progress is not None:
                progress(k + 1, number)
        return
    live(each[0], 0)  # compiles once, so that the workers find the code on disk
    with processes(many) as executor:
        # In order, so that sums do not depend on which process was faster.
        for k, lived in enumerate(executor.map(live, each, range(number))):
            yield k, lived
            if progress is not None:
                progress(k + 1, number)
