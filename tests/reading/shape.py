"""Where the columns keep what a reading of a week needs: the one place that knows their layout."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from trustabm.rules import codes, luck
from trustabm.state.layout import TIES, State

ETHNIC = {"latino": 0, "other": 1}
LATINO = range(len(codes.PARTS))
OTHER = len(codes.PARTS)
PAIRS = codes.pairs(len(ETHNIC))


def place(s: State, i: int) -> dict[str, int]:
    """Return a resident's town, groups then and now, and ethnic group."""
    then, now = PAIRS[int(s.residents[i]["pair"])]
    ethnicity = ETHNIC["latino" if now in LATINO else "other"]
    return {"town": int(s.residents[i]["town"]), "then": then, "now": now, "ethnicity": ethnicity}


def cell(town: int, then: int, now: int) -> tuple[int, int]:
    """Return where a town's people of these groups are counted."""
    return town, PAIRS.index((then, now))


def groups(s: State) -> dict[tuple[int, int], dict[str, Any]]:
    """Return what is at stake for groups and what goes with it, by town and group."""
    names = [n for n in s.groups.dtype.names or () if s.groups.dtype[n].shape == ()]
    towns, many = s.groups.shape
    return {
        (k, g): {n: s.groups[k, g][n].item() for n in names}
        for k in range(towns)
        for g in range(many)
    }


def learned(s: State) -> dict[tuple[int, int], dict[str, Any]]:
    """Return what offenders believe, by neighborhood and ethnic group."""
    names = s.learned.dtype.names or ()
    return {
        (b, e): {n: s.learned[b, e][n].item() for n in names}
        for b in range(s.learned.shape[0])
        for e in range(s.learned.shape[1])
    }


def group_of(ethnicity: int, status: int, concern: int) -> int:
    """Return the group that ethnicity, status and concern make (ODD 2)."""
    if ethnicity == ETHNIC["other"]:
        return OTHER
    if status == codes.UNDOCUMENTED:
        return codes.UNDOCUMENTED_PART
    if status == codes.REGISTERED:
        return codes.REGISTERED_PART
    return codes.OTHER_PART if concern == codes.NOBODY else codes.MIXED_PART


def weight(s: State, ethnicity: int, of: str) -> float:
    """Return how far what is said of Latino residents holds for an ethnic group."""
    return 1.0 if ethnicity == ETHNIC["latino"] else 0.0


def mean_trust(p: Any, ethnicity: int) -> float:
    """Return the mean trust of an ethnic group."""
    return float(p.trust_latino if ethnicity == ETHNIC["latino"] else p.trust_other)


def weeks_asked(ethnicity: int) -> int:
    """Return in how many weeks everybody of an ethnic group is asked what they believe, once."""
    return 52 if ethnicity == ETHNIC["other"] else 13


def ethnicity_of(now: int) -> int:
    """Return the ethnic group that an outcome group is of."""
    return ETHNIC["latino" if now in LATINO else "other"]


def lasting(p: Any, seed: int, a: Any) -> float:
    """Return the trust that lasts for a person: of their own, the household's, the place's."""
    own = luck.normal(seed, 0, luck.LASTING_TRUST, a.number, a.generation)
    home = luck.normal(seed, 0, luck.HOME_TRUST, a.first)
    place = luck.normal(seed, 0, luck.PLACE_TRUST, a.neighborhood)
    shares = p.trust_home, p.trust_place, 1 - p.trust_home - p.trust_place
    parts = (math.sqrt(share) * z for share, z in zip(shares, (home, place, own), strict=True))
    return float(np.float32(p.trust_spread * sum(parts)))


def usual_calm(p: Any, contacts: float, household: int) -> float:
    """Return the quiet cases that somebody knows of: a sum over all weeks before."""
    heard = (household - 1) * p.tell_household + TIES * p.tell_tie if p.stories else 0.0
    a_week = contacts * (1 + heard) * p.calm_case if p.cases else 0.0
    return float(np.float32(a_week / (1 - 0.5 ** (1 / p.case_half_life))))


def stretch(s: State, block: int, ethnicity: str) -> dict[str, int]:
    """Return where people of an ethnic group begin in a neighborhood, and how many they are.

    `before` is how many of them live in the town's neighborhoods before it.
    """
    at = s.stretches[block, ETHNIC[ethnicity]]
    return {
        "start": int(at["start"]),
        "people": int(at["end"] - at["start"]),
        "before": int(at["before"]),
    }
