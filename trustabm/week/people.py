"""Phase 0: the residents of one town, household by household, neighborhood by neighborhood."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.inputs.groups import Groups
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.records import as_record
from trustabm.inputs.town import Town
from trustabm.rules import codes, crime, demography, luck, segregation
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform, uniforms
from trustabm.state import layout, rows

__all__ = ["residents_of"]

Array = npt.NDArray[Any]

MEMBERS_MAX = 8
"""Members of a household at most: HOUSEHOLD_UNIT divides by 1 to 8."""


def _draws(seed: int, purpose: int, count: int, first: int = 0) -> Array:
    out = np.empty(count)
    uniforms(seed, 0, purpose, first, 0, out)
    return out


def residents_of(
    place: Town,
    count: int,
    number: int,
    groups: Groups,
    p: Parameters,
    seed: int,
    first: int,
    house: int,
) -> dict[str, Any]:
    """Return the residents of one town, household by household, neighborhood by neighborhood."""
    sizes = _household_sizes(place.household_size.value, count, seed, house)
    homes = len(sizes)
    blocks = max(1, round(count / p.neighborhood_residents))
    block = np.arange(homes) * blocks // homes
    numbers, makeup = {e.key: k for k, e in enumerate(groups.ethnic)}, place.makeup()
    share = np.zeros((blocks, len(numbers)))
    share[:, [numbers[m.key] for m in makeup]] = segregation.shares(
        tuple(m.share for m in makeup), place.dissimilarities(), blocks
    )
    ethnic = _spread(share, block, blocks, homes)

    r = np.zeros(count, layout.RESIDENT)
    house_of = np.repeat(np.arange(homes, dtype=np.int32), sizes)
    start = (np.cumsum(sizes) - sizes).astype(np.int32)
    r["member"] = np.arange(count, dtype=np.int32) - start[house_of]
    r["household"] = sizes[house_of]
    r["neighborhood"] = block[house_of]
    r["town"] = number
    r["pair"] = len(codes.PARTS) * ethnic[house_of]  # of the right ethnic group: see `start`
    r["exposed"] = rows.NEVER
    r["status"] = _statuses(
        place, numbers, p, seed, first, house, sizes, ethnic, house_of, r["member"]
    )

    bias = np.array([e.stop_bias for e in groups.ethnic])
    factor = _pasts(as_record(p)[0], seed, first, bias, r)

    columns = math.ceil(math.sqrt(blocks))
    at = np.empty((count, 2), np.uint16)
    cell = np.stack([block % columns, block // columns], axis=1)
    cell[:, 0] = np.where(cell[:, 1] % 2, columns - 1 - cell[:, 0], cell[:, 0])
    inside = np.stack(
        [_draws(seed, luck.HOME_X, homes, house), _draws(seed, luck.HOME_Y, homes, house)], axis=1
    )
    side = 65535 // columns
    # Homes keep away from the edges of their cell, so that the map shows neighborhoods apart.
    at[:] = ((cell + 0.06 + 0.88 * inside) * side).astype(np.uint16)[house_of]
    edges = np.searchsorted(r["neighborhood"], np.arange(blocks + 1))
    return {
        "residents": r,
        "homes": at,
        "households": homes,
        "factor": factor,
        "edges": edges,
        "cells": np.stack(
            [
                np.where((np.arange(blocks) // columns) % 2, columns - 1, 0)
                + np.where((np.arange(blocks) // columns) % 2, -1, 1)
                * (np.arange(blocks) % columns),
                np.arange(blocks) // columns,
            ],
            axis=1,
        ),
    }


@compiled
def _pasts(p, seed, first, bias, residents):
    """Give residents their offending, record and years in the country; return the mean factor.

    One by one: arrays of all residents' draws would be most of the memory a town takes.
    """
    mean = 0.0
    for i in range(len(residents)):
        mean += demography.offending_by_status(p, residents[i].status)
    mean /= len(residents)
    usual = crime.mean_weight(p)
    for i in range(len(residents)):
        r = residents[i]
        who = first + i
        is_undocumented = r.status == codes.UNDOCUMENTED
        federal = is_undocumented and demography.from_federal_prison(
            p, r.status, uniform(seed, 0, luck.FEDERAL_RELEASE, who)
        )
        offends = federal or uniform(seed, 0, luck.NEW_OFFENDER, who) < p.offender_share
        if r.status == codes.US_BORN and not offends:
            continue  # most: nothing of their past is asked for
        stay = demography.first_stay(p, uniform(seed, 0, luck.NEW_STAY, who))
        if r.status != codes.US_BORN:
            came = demography.newcomer_years(p, r.status, uniform(seed, 0, luck.NEW_YEARS, who))
            r.arrived = -int(52 * (came + stay))
        came_with = codes.RECORD_NONE
        if offends:
            weight = crime.weight(p, uniform(seed, 0, luck.NEW_OFFENDING, who))
            factor = demography.offending_by_status(p, r.status)
            r.offending = weight * factor / (mean * p.offender_share * usual)
            u = uniform(seed, 0, luck.NEW_RECORD, who)
            came_with = demography.first_record(p, federal, u)
        elif not is_undocumented:
            continue  # no convictions without offences
        r.record = demography.record_at_start(
            p,
            came_with,
            r.offending,
            r.status,
            bias[r.pair // len(codes.PARTS)],
            stay,
            uniform(seed, 0, luck.NEW_CONVICTIONS, who),
        )
        if demography.found_before(p, r.status, r.record, uniform(seed, 0, luck.FOUND_BEFORE, who)):
            r.record = codes.RECORD_NONE
    return mean


def _household_sizes(mean: float, count: int, seed: int, house: int) -> Array:
    """Return household sizes, 1 + Poisson(mean - 1) cut at 8, that add up to `count`."""
    rate, chance, cdf = max(mean - 1.0, 1e-9), math.exp(-max(mean - 1.0, 1e-9)), []
    total = 0.0
    for k in range(MEMBERS_MAX):
        total += chance
        cdf.append(total)
        chance *= rate / (k + 1)
    guess = int(count / max(1.0, mean) * 1.1) + 50  # enough nearly always, else doubled
    sizes = 1 + np.searchsorted(cdf[:-1], _draws(seed, luck.HOUSEHOLD_SIZE, guess, house))
    while sizes.sum() < count:
        guess *= 2
        sizes = 1 + np.searchsorted(cdf[:-1], _draws(seed, luck.HOUSEHOLD_SIZE, guess, house))
    ends = np.cumsum(sizes)
    last = int(np.searchsorted(ends, count))
    sizes = sizes[: last + 1].copy()
    sizes[-1] -= ends[last] - count
    return np.minimum(sizes, MEMBERS_MAX)


def _spread(share: Array, block: Array, blocks: int, homes: int) -> Array:
    """Return households' ethnic groups: each neighborhood's shares, rounding carried over."""
    sizes = np.bincount(block, minlength=blocks)
    upto = np.round(np.cumsum(share[:, :-1] * sizes[:, None], axis=0)).astype(int)
    wanted = np.diff(upto, axis=0, prepend=0)
    place = np.arange(homes) - np.concatenate([[0], np.cumsum(sizes)[:-1]])[block]
    chosen: Array = (place[:, None] >= np.cumsum(wanted, axis=1)[block]).sum(axis=1)
    return chosen


def _statuses(
    place: Town,
    numbers: dict[str, int],
    p: Parameters,
    seed: int,
    first: int,
    house: int,
    sizes: Array,
    ethnic: Array,
    house_of: Array,
    member: Array,
) -> Array:
    """Return statuses: undocumented people by household, mixed or not, the rest by their shares."""
    count, homes = len(house_of), len(sizes)
    status = np.zeros(count, np.uint8)
    rank = _draws(seed, luck.HOUSEHOLD_STATUS, homes, house)
    mixing = _draws(seed, luck.HOUSEHOLD_MIXED, homes, house)
    draw = _draws(seed, luck.MEMBER_STATUS, count, first)
    several = max((sizes > 1).mean(), 1e-9)
    mixed = (sizes > 1) & (mixing < min(1.0, place.mixed_status_share.value / several))
    part_of = np.ceil(sizes * p.mixed_undocumented).astype(sizes.dtype)
    here = np.where(mixed, np.minimum(part_of, sizes - 1), sizes)  # undocumented, if any are
    for m in place.makeup():
        members = ethnic[house_of] == numbers[m.key]
        if not members.any() or m.share <= 0:
            continue
        lacking = place.undocumented_share.value * m.undocumented / m.share
        want = round(lacking * members.sum())
        marked = np.zeros(homes, bool)
        marked[_by_rank(np.flatnonzero(ethnic == numbers[m.key]), rank, here, want)] = True
        undocumented = marked[house_of] & (member < here[house_of])
        status[undocumented] = codes.UNDOCUMENTED
        abroad = m.born.value * members.sum()
        citizens = abroad * m.naturalized.value
        lawful = max(0.0, abroad - citizens - undocumented.sum())
        rest = max(1, int(members.sum() - undocumented.sum()))
        others = members & ~undocumented
        status[others & (draw < (citizens + lawful) / rest)] = codes.LAWFUL
        status[others & (draw < citizens / rest)] = codes.NATURALIZED
    return status


def _by_rank(chosen: Array, rank: Array, here: Array, want: int) -> Array:
    """Return the lowest in rank of the households chosen, with at most so many people in all.

    Args:
        chosen: Households.
        rank: The rank of every household, evenly spread over 0..1.
        here: How many people of each count.
        want: How many people.
    """
    # Hardly ever more than these are needed, and they are far fewer to sort.
    likely = 1.05 * want / max(1, here[chosen].sum()) + 0.01
    for most in (likely, 1.0):
        lowest = chosen[rank[chosen] < most]
        lowest = lowest[np.argsort(rank[lowest], kind="stable")]
        upto = np.cumsum(here[lowest])
        if len(upto) and upto[-1] > want:
            break
    return lowest[: int(np.searchsorted(upto, want, side="right"))]
