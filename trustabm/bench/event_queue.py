"""A bare event-driven loop: everybody's next event in a heap, and nothing done at it but a count.

What it costs is what an engine of events costs before it does anything.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from trustabm.rules import luck
from trustabm.rules.compiling import compiled

__all__ = ["fresh", "run", "sink"]

SEED = 1


@compiled
def sink(when, who):
    """Put the root of a heap where its time belongs; the rest is a heap already."""
    n, at = len(when), 0
    time, one = when[0], who[0]
    while True:
        child = 2 * at + 1
        if child >= n:
            break
        if child + 1 < n and when[child + 1] < when[child]:
            child += 1
        if when[child] >= time:
            break
        when[at], who[at] = when[child], who[child]
        at = child
    when[at], who[at] = time, one


@compiled
def wait(seed, rate, one, turn):
    """Return weeks until a resident's next event, drawn from an exponential distribution."""
    return -math.log(1.0 - luck.uniform(seed, turn, luck.STOP, one)) / rate


@compiled
def first(when, rate, seed):
    """Draw when everybody's first event is."""
    for one in range(len(when)):
        when[one] = wait(seed, rate, one, 0)


@compiled
def turns(when, who, had, rate, until, seed):
    """Take events in order of time until `until`; return how many there were."""
    many = 0
    while when[0] < until:
        one = who[0]
        had[one] += 1
        many += 1
        when[0] += wait(seed, rate, one, had[one])
        sink(when, who)
    return many


def fresh(people: int, rate: float) -> tuple[Any, Any, Any]:
    """Return a heap of everybody's first events and counts at zero.

    Args:
        people: Residents.
        rate: Events of a resident a week.

    Returns:
        Times in weeks, in order, whose they are, and events had; each of length `people`.
    """
    when = np.empty(people)
    first(when, rate, SEED)
    order = np.argsort(when)
    return when[order], order, np.zeros(people, np.int64)


def run(when: Any, who: Any, had: Any, rate: float, until: float) -> int:
    """Live through the events before `until`, a week; return how many there were."""
    return int(turns(when, who, had, rate, until, SEED))
