"""How times are taken: CPU seconds of this process, medians of interleaved repeats."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

from trustabm.runs.scenario import Scenario
from trustabm.week.world import World

__all__ = ["interleaved", "lives", "preset", "seconds"]

POLICY = "secure-communities"
SEED = 1


def preset(residents: int, weeks: int) -> Scenario:
    """Return what is measured: Secure Communities in the average town."""
    return Scenario(policy=POLICY, residents=residents, weeks=weeks, seed=SEED)


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds, of all threads, that some work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def interleaved(
    tasks: Mapping[str, Callable[[], float]], repeats: int, *, warm: bool = True
) -> dict[str, float]:
    """Return the median of what each task measures.

    The tasks take turns, so that what else the machine does falls on all of them alike.

    Args:
        tasks: What to measure; each prepares, then returns the seconds of what counts.
        repeats: Turns that are counted.
        warm: Whether one more comes first, not counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(repeats + warm):
        for name, task in tasks.items():
            once = task()
            if turn >= warm:
                taken[name].append(once)
    return {name: statistics.median(times) for name, times in taken.items()}


def lives(past: World, weeks: int, times: int = 1) -> Callable[[], float]:
    """Return a task: live through `weeks` after `past`, `times` over; synthesis is not timed."""

    def task() -> float:
        taken = 0.0
        for _ in range(times):
            world = past.branch(past.plan)
            taken += seconds(lambda world=world: world.run_for(weeks))  # type: ignore[misc]
        return taken / times

    return task
