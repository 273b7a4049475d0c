"""Where the columns keep what a reading of a week needs: the one place that knows their layout."""

from __future__ import annotations

from typing import Any

from trustabm.rules import codes
from trustabm.state.layout import G, K, State

LATINO = (codes.GROUP_UNDOCUMENTED, codes.GROUP_REGISTERED, codes.GROUP_MIXED, codes.GROUP_LATINO)

ETHNIC = {"latino": 1, "other": 0}


def place(s: State, i: int) -> dict[str, int]:
    """Return a resident's town, groups then and now, and ethnic group."""
    r = s.residents[i]
    then, now = codes.PAIRS[int(r["cell"]) % K]
    return {"town": int(r["cell"]) // K, "then": then, "now": now, "ethnicity": int(r["latino"])}


def cell(town: int, then: int, now: int) -> tuple[int, int]:
    """Return where a town's people of these groups are counted."""
    return town, codes.PAIRS.index((then, now))


def by_cell(array: Any) -> Any:
    """Return running counts by town and pair."""
    return array.reshape(*array.shape[:-1], -1, K)


def groups(s: State) -> dict[tuple[int, int], dict[str, Any]]:
    """Return running means and what goes with them, by town and group."""
    names = [n for n in s.groups.dtype.names or () if s.groups.dtype[n].shape == ()]
    return {(k // G, k % G): {n: g[n].item() for n in names} for k, g in enumerate(s.groups)}


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
    if not ethnicity:
        return codes.GROUP_OTHER
    if status == codes.UNDOCUMENTED:
        return codes.GROUP_UNDOCUMENTED
    if status == codes.REGISTERED:
        return codes.GROUP_REGISTERED
    return codes.GROUP_LATINO if concern == codes.NOBODY else codes.GROUP_MIXED


def weight(s: State, ethnicity: int, of: str) -> int:
    """Return how far what is said of Latino residents holds for an ethnic group."""
    return ethnicity


def kin(one: int, other: int) -> bool:
    """Return whether two groups are of one ethnic group."""
    return (one in LATINO) == (other in LATINO)


def stretch(s: State, block: int, ethnicity: str) -> dict[str, int]:
    """Return where people of an ethnic group begin in a neighborhood, and how many they are.

    `before` is how many of them live in the town's neighborhoods before it.
    """
    b = s.neighborhoods[block]
    latinos, before = int(b["latinos"]), int(b["before"])
    if ethnicity == "latino":
        return {"start": int(b["start"]), "people": latinos, "before": before}
    start = int(s.towns[b["town"]]["start"])
    others = int(b["end"] - b["start"]) - latinos
    return {
        "start": int(b["start"]) + latinos,
        "people": others,
        "before": int(b["start"]) - start - before,
    }
