"""Running counts as wholes: all counted anew, the day arms part."""

from __future__ import annotations

import numpy as np

from trustabm.rules.compiling import compiled
from trustabm.state import rows
from trustabm.state.layout import COUNT, State


@compiled
def persons_of(s, town, now):
    """Return how many persons of a town are in an outcome group now."""
    total = 0
    for pair in range(len(s.pairs)):
        if s.pairs[pair].now == now:
            total += s.counts[town, pair].persons
    return total


def recount(state: State) -> None:
    """Count everything from the rows: at the start, and in tests that nothing has drifted."""
    for name in ("own", "housed", "tied"):
        state.groups[name] = 0
    for array in (state.counts, state.expiring, state.pool):
        array[...] = np.zeros((), array.dtype)
    _count_all(state)


@compiled
def _count_all(s):
    for i in range(len(s.residents)):
        rows.counted(s, i, 1)


def part(state: State) -> None:
    """Make this the day on which arms part: everybody's group then is the group now."""
    state.residents["pair"] = state.pairs["now"][state.residents["pair"]]  # who has not moved
    counts, expiring, stay = state.counts, state.expiring, state.groups.shape[1]
    for pair, now in enumerate(state.pairs["now"]):
        if pair >= stay:  # those who have moved now count with those who have not
            for name in COUNT.names or ():
                counts[name][:, now] += counts[name][:, pair]
                counts[name][:, pair] = 0
            expiring[:, :, now] += expiring[:, :, pair]
            expiring[:, :, pair] = 0
    for name in ("persons", "households", "undocumented"):
        state.groups[f"base_{name}"] = counts[name][:, :stay]
