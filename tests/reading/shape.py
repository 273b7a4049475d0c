"""Where the columns keep what a reading of a week needs: the one place that knows their layout."""

from __future__ import annotations

from typing import Any

from trustabm.rules import codes
from trustabm.state.layout import State

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
    """Return running means and what goes with them, by town and group."""
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


def kin(one: int, other: int) -> bool:
    """Return whether two groups are of one ethnic group."""
    return (one in LATINO) == (other in LATINO)


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
