"""Worry: who fears a deportation so much that they go out less, and so are met less."""

from __future__ import annotations

from trustabm.rules import luck, reporting
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import uniform
from trustabm.state import rows
from trustabm.week import believing


@inlined
def worry_of(w, i):
    """Return how much resident `i` worries about a deportation: risk times stake, as it weighs."""
    stake = believing.stake_of(w, i)
    if stake == 0.0:
        return 0.0
    generation = w.state.residents[i].generation
    sense = reporting.sensitivity(w.p, w.seed, i, generation)
    return sense * stake * believing.risk_of(w, i)


@inlined
def avoids(w, i):
    """Return whether worry keeps resident `i` from going out as others do.

    Of the reference group nobody is kept: what is published is of immigrant families.
    """
    if w.p.avoidance == 0.0 or rows.ethnicity_of(w.state, i) == len(w.state.ethnicities) - 1:
        return False
    return worry_of(w, i) > w.p.avoid_at


@inlined
def stays_in(w, i):
    """Return whether resident `i` stays in this week, and is met by nobody outside the home."""
    # Cheap things first: most have nothing at stake, and of the rest most draw a week outside.
    return (
        believing.stake_of(w, i) > 0.0
        and uniform(w.seed, w.now, luck.STAYS_IN, i) < w.p.avoided
        and avoids(w, i)
    )
