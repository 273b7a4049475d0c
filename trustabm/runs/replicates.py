"""Replicates of a comparison: one town and luck each, all arms from the same past.

Imported by worker processes, so it knows neither Mesa nor pandas.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.measures import counts, earlier, together, town_counts
from trustabm.runs.classes import unknown_elsewhere
from trustabm.runs.experiment import Experiment
from trustabm.runs.processes import how_many
from trustabm.runs.processes import pool as processes
from trustabm.week.world import World

__all__ = [
    "Lived",
    "Watch",
    "all_replicates",
    "branches",
    "carried_out",
    "live",
    "live_watched",
    "past",
    "replicates",
]

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
    around: Floats  # of neighbors, all weeks together: (neighbors, arms, 2 * groups, fields)
    town_around: Floats  # (neighbors, arms, fields)


def past(experiment: Experiment, replicate: int = 0) -> World:
    """Return the world of a replicate on the day its arms part."""
    world = experiment.world(replicate)
    world.run_for(experiment.burn_in)
    return world


def branches(experiment: Experiment, replicate: int = 0) -> list[World]:
    """Return the world of each arm of a replicate on the day they part; they keep their events."""
    before = past(experiment, replicate)
    arms = range(len(experiment.arms))
    return [
        before.branch(experiment.plan(k), keep_events=True, rules=experiment.rules_of(k))
        for k in arms
    ]


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
    arms, town_arms, around, town_around = [], [], [], []
    others = range(1, len(experiment.places))
    for k in range(len(experiment.arms)):
        world = before.branch(experiment.plan(k), rules=experiment.rules_of(k))
        world.run_for(experiment.weeks)
        arms.append(counts(world.tally[:, 0]))
        town_arms.append(town_counts(world.town_tally[:, 0]))
        around.append([together(counts(world.tally[:, k])) for k in others])
        town_around.append([town_counts(world.town_tally[:, k]).sum(axis=0) for k in others])
    return Lived(
        earlier(counts(before.tally[:, 0]), arms[0]),
        town_counts(before.town_tally[:, 0]),
        np.stack(arms),
        np.stack(town_arms),
        _by_neighbor(around),
        _by_neighbor(town_around),
    )


def _by_neighbor(arms: Sequence[Sequence[Floats]]) -> Floats:
    """Return counts of neighbors by arm as an array; one of no neighbors where there are none."""
    return np.stack([np.stack(of) for of in zip(*arms, strict=True)]) if arms[0] else np.zeros(0)


def replicates(
    experiment: Experiment,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    pool: Executor | None = None,
) -> Iterator[tuple[int, Lived]]:
    """Yield `(replicate, what it counted)`, in order.

    Args:
        experiment: What to live through.
        workers: As in `all_replicates`.
        progress: Called with replicates done and replicates in all.
        pool: As in `all_replicates`.
    """
    for _, k, lived in all_replicates([experiment], workers, progress, pool):
        yield k, lived


def all_replicates(
    experiments: Sequence[Experiment],
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    pool: Executor | None = None,
) -> Iterator[tuple[int, int, Lived]]:
    """Yield `(experiment, replicate, what it counted)`, one experiment after the other, in order.

    Args:
        experiments: What to live through.
        workers: Processes; as many as there are processors if not given, and this process alone
            where starting others would take longer than it saves.
        progress: Called with replicates done and replicates in all, of all experiments.
        pool: Processes to use instead of new ones. Few replicates wait in it at a time, so that
            those who share it take turns.
    """
    which = [(n, k) for n, e in enumerate(experiments) for k in range(e.replicates)]
    each = [(experiments[n].at(k), k) for n, k in which]
    # Closed at once, so that other processes end with an error or a cancel here.
    with closing(_lived(each, workers, pool)) as counted:
        for done, ((n, k), lived) in enumerate(zip(which, counted, strict=True), 1):
            yield n, k, lived
            if progress is not None:
                progress(done, len(which))


def _lived(
    each: Sequence[tuple[Experiment, int]], workers: int | None, pool: Executor | None
) -> Generator[Lived, None, None]:
    """Yield what every replicate of its experiment counted; the experiments hold its parameters."""
    here = any(unknown_elsewhere(e.classes) for e, _ in each)
    seconds = 0.0 if here else sum(e.seconds() for e, _ in each)
    yield from carried_out(live, each, seconds, workers, pool)


def carried_out[T](
    call: Callable[..., T],
    each: Sequence[tuple[Any, ...]],
    seconds: float,
    workers: int | None,
    pool: Executor | None = None,
) -> Generator[T, None, None]:
    """Yield what a call gives for each of its arguments, in order.

    Args:
        call: A function that other processes can import.
        each: Its arguments.
        seconds: About how long all take.
        workers: As in `all_replicates`, as `pool`.
        pool: Processes to use instead.
    """
    if pool is not None:
        yield from _taking_turns(call, each, pool)
        return
    worth = seconds > WORTH_PROCESSES
    many = how_many(1 if workers is None and not worth else workers, len(each))
    if many <= 1:
        yield from (call(*arguments) for arguments in each)
        return
    call(*each[0])  # compiles once, so that the workers find the code on disk
    with processes(many) as executor:
        # In order, so that sums do not depend on which process was faster.
        yield from executor.map(call, *zip(*each, strict=True))


def _taking_turns[T](
    call: Callable[..., T], each: Sequence[tuple[Any, ...]], pool: Executor
) -> Iterator[T]:
    waiting: deque[Future[T]] = deque()
    ahead = iter(each)
    try:
        for job in islice(ahead, IN_FLIGHT):
            waiting.append(pool.submit(call, *job))
        while waiting:
            yield waiting.popleft().result()
            for job in islice(ahead, 1):
                waiting.append(pool.submit(call, *job))
    finally:
        for future in waiting:
            future.cancel()
