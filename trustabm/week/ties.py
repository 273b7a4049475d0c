"""Phase 0: who knows whom: in each slot, people of one pool are paired at random."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.inputs.parameters import Parameters
from trustabm.rules import luck
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform
from trustabm.state.layout import TIES

__all__ = ["ties_of"]

Array = npt.NDArray[Any]

ORDERS = 20
"""Bits of a keyed order within a pool."""

NUMBER = 32
"""Bits of a resident's number."""

LAST = (1 << NUMBER) - 1


@compiled
def _orders(seed, slot, near, wide, alike, born, towns, blocks, residents, ethnicity, many, key):
    """Write the pool each resident looks for a tie in, and a keyed order within it.

    A pool is a town, a neighborhood of any town, or where there are several towns all of them, by
    whom it takes in of these. Towns and neighborhoods are fewer than 2**32, ethnic groups than
    2**8, so a key stays below 2**63.
    """
    for i in range(len(residents)):
        r = residents[i]
        u = uniform(seed, 0, luck.TIE_POOL, i, 3 * slot)
        pool = np.int64(towns + r.neighborhood if u < near else r.town)
        if towns > 1 and u >= near and uniform(seed, 0, luck.TIE_REGION, i, slot) < wide:
            pool = np.int64(towns + blocks)
        u = uniform(seed, 0, luck.TIE_POOL, i, 3 * slot + 1)
        pool = pool * (many + 1) + (ethnicity[i] + 1 if u < alike else 0)
        u = uniform(seed, 0, luck.TIE_POOL, i, 3 * slot + 2)
        abroad = 0 if r.status == 0 else 1
        pool = pool * 3 + (abroad + 1 if u < born else 0)
        order = np.int64(uniform(seed, 0, luck.TIE_ORDER, i, slot) * (1 << ORDERS))
        key[i] = (pool << ORDERS) + order


@compiled
def _by_pool(key, starts, held):
    """Put residents together by pool, each as order and number in one, orders above.

    Args:
        key: Everybody's key, pool and order.
        starts: Zeros, two more than there are pools; then where in `held` pools begin and end.
        held: Where to write, of the length of `key`.
    """
    for i in range(len(key)):
        starts[(key[i] >> ORDERS) + 2] += 1
    for pool in range(2, len(starts)):
        starts[pool] += starts[pool - 1]
    for i in range(len(key)):
        pool = key[i] >> ORDERS
        held[starts[pool + 1]] = ((key[i] - (pool << ORDERS)) << NUMBER) + i
        starts[pool + 1] += 1


@compiled
def _in_order(starts, held, ends, ordered):
    """Bring the residents of each pool into order, those of one order by their numbers.

    Orders are evenly spread: as far as an order is among all of them, so far into the pool its
    resident comes, but for a few places.

    Args:
        starts: Where pools start, as `_by_pool` leaves it.
        held: The residents by pool.
        ends: Room for as many numbers.
        ordered: Where to write, of the length of `held`.
    """
    for pool in range(len(starts) - 2):
        first, end = starts[pool], starts[pool + 1]
        many = end - first
        for k in range(first, end):
            ends[k] = 0
        for k in range(first, end):
            ends[first + ((held[k] >> NUMBER) * many >> ORDERS)] += 1
        before = first
        for k in range(first, end):
            before += ends[k]
            ends[k] = before
        for k in range(end - 1, first - 1, -1):
            about = first + ((held[k] >> NUMBER) * many >> ORDERS)
            ends[about] -= 1
            ordered[ends[about]] = held[k]
        for k in range(first + 1, end):
            one, to = ordered[k], k
            while to > first and ordered[to - 1] > one:
                ordered[to] = ordered[to - 1]
                to -= 1
            ordered[to] = one


@compiled
def _pair(starts, ordered, ties, slot):
    """Tie neighbors in the order to each other, two by two within each pool."""
    for pool in range(len(starts) - 2):
        for k in range(starts[pool], starts[pool + 1] - 1, 2):
            a, b = ordered[k] & LAST, ordered[k + 1] & LAST
            ties[a, slot] = b
            ties[b, slot] = a


def ties_of(
    residents: Array,
    ethnicity: Array,
    many: int,
    towns: int,
    neighborhoods: int,
    p: Parameters,
    seed: int,
) -> Array:
    """Return ties, in both directions: in each slot, people of one pool are paired at random.

    Args:
        residents: The residents of a region.
        ethnicity: Their ethnic groups.
        many: Ethnic groups that there are.
        towns: Towns of the region.
        neighborhoods: Neighborhoods of all of them.
        p: Parameters.
        seed: The seed of this world's luck.

    Returns:
        Of shape (residents, TIES); -1 where there is none.
    """
    count = len(residents)
    ties = np.full((count, TIES), -1, np.int32)
    key, held = np.empty((2, count), np.int64)
    ends = np.empty(count, np.int32)
    shares = p.tie_neighborhood, p.tie_region, p.tie_homophily, p.tie_nativity
    pools = (towns + neighborhoods + 1) * (many + 1) * 3
    for slot in range(TIES):
        _orders(seed, slot, *shares, towns, neighborhoods, residents, ethnicity, many, key)
        starts = np.zeros(pools + 2, np.int64)
        _by_pool(key, starts, held)
        _in_order(starts, held, ends, key)
        _pair(starts, key, ties, slot)
    return ties
