"""What a week is carried out with: every function of this room takes a `Week` first."""

from __future__ import annotations

from typing import Any, NamedTuple

from trustabm.rules.compiling import inlined
from trustabm.rules.luck import BLOCK, candidates, uniforms_of
from trustabm.rules.references import referred
from trustabm.state import rows
from trustabm.state.layout import TIES, Array, State, Tables

__all__ = ["Week"]


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
def sought(w, block, purpose, bound):
    """Put a block's candidates into `w.found`, and have their rows at hand; return how many."""
    many = candidates(w.seed, w.now, purpose, block, len(w.state.residents), bound, w.found)
    return at_hand(w, many)


@inlined
def sought_of(w, block, purpose, bound, mark):
    """Put those of a block's candidates who bear a mark into `w.found`; else as `sought`."""
    found, marks = w.found, w.state.marks
    drawn = candidates(w.seed, w.now, purpose, block, len(w.state.residents), bound, found)
    many = 0
    for c in range(drawn):
        i = found[c]
        found[many] = i
        many += marks[i] & mark != 0
    return at_hand(w, many)


@inlined
def sought_below(w, block, purpose, bound, draw, most, mark):
    """Put those of a block's candidates to whom something can happen into `w.found`.

    Args:
        w: The week.
        block: The block.
        purpose: What candidates are for.
        bound: The weekly chance of being one.
        draw: What the draw is for that decides about a candidate.
        most: Nothing happens to whom this draw gives as much or more, `bound` times.
        mark: But to those who bear this mark it may.
    """
    found, drawn, marks = w.found, w.drawn, w.state.marks
    all_ = candidates(w.seed, w.now, purpose, block, len(w.state.residents), bound, found)
    uniforms_of(w.seed, w.now, draw, found, all_, drawn)
    many = 0
    for c in range(all_):
        i = found[c]
        found[many] = i
        many += (drawn[c] * bound < most) | (marks[i] & mark != 0)
    return at_hand(w, many)


@inlined
def at_hand(w, many):
    """Have the rows of those found at hand; return how many they are.

    Rows lie apart, and reading them one by one waits for memory each time; read in a loop that does
    nothing else, the processor waits for many of them at once.
    """
    residents, found = w.state.residents, w.found
    seen = 0
    for c in range(many):
        seen += residents[found[c]].touched + residents[found[c]].custody
    # Always many: the sum is used, so that the compiler does not leave the reading out.
    return many if seen > -(1 << 40) else 0


@inlined
def close_at_hand(w, i):
    """Have the rows of those close to resident `i` at hand; return how many they may be."""
    s = w.state
    seen, many = 0, s.residents[i].household + TIES
    for n in range(many):
        j = rows.close_to(s, i, n)
        if j >= 0:
            seen += glanced(s.residents[j])
    return many if seen >= 0 else 0


@inlined
def glanced(r):
    """Return a number, 0 or more, of both ends of a row, which may lie in two cache lines."""
    return r.tied + (r.lasting > 0.0)
