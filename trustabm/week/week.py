"""What a week is carried out with: every function of this room takes a `Week` first."""

from __future__ import annotations

from typing import Any, NamedTuple

from trustabm.rules.compiling import inlined
from trustabm.rules.fetching import fetch
from trustabm.rules.luck import BLOCK, candidates, uniforms_of
from trustabm.rules.references import referred
from trustabm.state import rows
from trustabm.state.layout import GRADE, OFFENDING_MOST, TIES, Array, State, Tables

__all__ = ["LOT", "Week"]

LOT = 32
"""Blocks whose people are sought together: the rows of the first are there when the last are."""


@referred
class Week(NamedTuple):
    """A week of a world: its columns, its rules, and where what happens is written down.

    Shapes: T towns, K pairs of groups.
    """

    state: State
    tables: Tables
    p: Any  # parameters, a record
    fading: Array  # (2, FADING) what is left of what moved trust, and of a case, by age in weeks
    levers: Array  # (T,) records of the levers in force
    tally: Array  # (T, K) TALLY
    town_tally: Array  # (T,) TOWN_TALLY
    found: Array  # (ROOM,) int64: room for the candidates of a block
    drawn: Array  # (BLOCK,) float64: room for draws of them
    sought: Array  # (LOT * BLOCK,) int64: room for those of a lot to whom something may happen
    seed: int
    now: int  # weeks since the world began


@inlined
def levers_of(w, i):
    """Return the levers in force where resident `i` lives."""
    return w.levers[rows.town_of(w.state, i)]


@inlined
def count_of(w, i):
    """Return this week's tally of resident `i`'s town and pair of groups."""
    r = w.state.residents[i]
    return w.tally[r.town, r.pair]


@inlined
def years_here(w, i):
    """Return whole years since resident `i` came to the country."""
    return (w.now - w.state.residents[i].arrived) // 52


@inlined
def blocks(w):
    """Return how many blocks of residents there are."""
    return (len(w.state.residents) + BLOCK - 1) // BLOCK


@inlined
def lots(w):
    """Return how many lots of blocks there are."""
    return (blocks(w) + LOT - 1) // LOT


@inlined
def blocks_of(w, lot):
    """Return the blocks of a lot."""
    return range(LOT * lot, min(LOT * (lot + 1), blocks(w)))


@inlined
def sought(w, block, purpose, bound, many):
    """Add a block's candidates to the `many` in `w.sought`, and ask for their rows.

    Returns:
        How many there are then; so do the two others.
    """
    drawn = candidates(w.seed, w.now, purpose, block, len(w.state.residents), bound, w.found)
    for c in range(drawn):
        w.sought[many + c] = w.found[c]
        fetch(w.state.residents, w.found[c])
    return many + drawn


@inlined
def sought_of(w, block, purpose, bound, mark, many):
    """Add those of a block's candidates who bear a mark, else as `sought`."""
    found, marks = w.found, w.state.marks
    for c in range(candidates(w.seed, w.now, purpose, block, len(marks), bound, found)):
        if marks[found[c]] & mark:
            w.sought[many] = found[c]
            many += 1
            fetch(w.state.residents, found[c])
    return many


@inlined
def sought_below(w, block, purpose, bound, draw, most, more, many):
    """Add those of a block's candidates to whom something can happen, else as `sought`.

    Nothing happens to whom the draw that decides gives, `bound` times, as much as a most or more.

    Args:
        w: The week.
        block: The block.
        purpose: What candidates are for.
        bound: The weekly chance of being one.
        draw: What the draw is for that decides about a candidate.
        most: What that most is for who never offends.
        more: How much more it is, times offending.
        many: How many there are before.
    """
    found, drawn, marks = w.found, w.drawn, w.state.marks
    all_ = candidates(w.seed, w.now, purpose, block, len(marks), bound, found)
    uniforms_of(w.seed, w.now, draw, found, all_, drawn)
    before = many
    for c in range(all_):
        i = found[c]
        w.sought[many] = i
        many += drawn[c] * bound < most + more * OFFENDING_MOST[marks[i] // GRADE]
    for c in range(before, many):
        fetch(w.state.residents, w.sought[c])
    return many


@inlined
def fetch_close(w, i):
    """Ask for the rows of those close to resident `i`."""
    s = w.state
    for n in range(s.residents[i].household + TIES):
        fetch(s.residents, rows.close_to(s, i, n))
