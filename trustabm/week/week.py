"""What a week is carried out with: every function of this room takes a `Week` first."""

from __future__ import annotations

from typing import Any, NamedTuple

from trustabm.rules.compiling import inlined
from trustabm.rules.luck import BLOCK, candidates
from trustabm.state import rows
from trustabm.state.layout import Array, State, Tables

__all__ = ["Week"]


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
    found: Array  # (BLOCK,) int64: room for the candidates of a block
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
    """Put a block's candidates into `w.found`, and have their rows at hand; return how many.

    Rows lie apart, and reading them one by one waits for memory each time; read in a loop that does
    nothing else, the processor waits for many of them at once.
    """
    residents, found = w.state.residents, w.found
    many = candidates(w.seed, w.now, purpose, block, len(residents), bound, found)
    seen = 0
    for c in range(many):
        seen += residents[found[c]].touched + residents[found[c]].custody
    # Always many: the sum is used, so that the compiler does not leave the reading out.
    return many if seen > -(1 << 40) else 0
