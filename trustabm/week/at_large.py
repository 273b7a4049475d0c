"""Phase 7: ICE arrests at large, those it seeks and those it meets."""

from __future__ import annotations

from trustabm.rules import codes, enforcement, luck
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform
from trustabm.state import rows
from trustabm.state.layout import TIES
from trustabm.week import field_office
from trustabm.week.custody import take
from trustabm.week.week import blocks, levers_of, sought


@compiled
def seeker(w, i):
    """Return the ICE agent who may come for resident `i` this week."""
    return int(uniform(w.seed, w.now, luck.SEEKER, i) * len(w.state.agents))


@compiled
def finds(w, i, who, operations, weights):
    """Return whether agent `who` reaches resident `i` in this week's operations, if sought.

    Args:
        w: The week.
        i: The resident.
        who: The agent, with a discretion and hours of their own.
        operations: At-large arrests that ICE's hours allow this week.
        weights: How much everybody at large is sought, added up.
    """
    if not rows.undocumented_at_large(w.state, i):
        return False
    r = w.state.residents[i]
    town = rows.town_of(w.state, i)
    weight = field_office.target_weight(w, who, town, r.record, r.wanted != 0)
    hazard = enforcement.at_large_hazard(operations, weight, weights)
    return uniform(w.seed, w.now, luck.AT_LARGE, i) * enforcement.AT_LARGE_BOUND < hazard


@compiled
def raids_in(w):
    """Return whether agents sent from elsewhere arrest people in any town this week."""
    raids = 0.0
    for town in range(len(w.state.towns)):
        raids += w.levers[town].raids
    return raids > 0.0


@compiled
def raided(w, i):
    """Return whether resident `i`, a candidate, is arrested in the raids of this week."""
    if not rows.undocumented_at_large(w.state, i):
        return False
    record = w.state.residents[i].record
    hazard = field_office.raid_hazard(w, rows.town_of(w.state, i), record)
    return uniform(w.seed, w.now, luck.RAID, i) * enforcement.RAID_BOUND < hazard


@compiled
def arrest(w, i):
    """Arrest resident `i`, and of the undocumented people near those who are met."""
    take(w, i, codes.FROM_AT_LARGE, int(w.state.residents[i].record), -1)
    close = w.state.residents[i].household + TIES
    near = 0
    for n in range(close):
        j = rows.close_to(w.state, i, n)
        near += j >= 0 and rows.undocumented_at_large(w.state, j)
    chance = enforcement.collateral_chance(w.p, levers_of(w, i), near)
    for n in range(close):
        j = rows.close_to(w.state, i, n)
        if (
            j >= 0
            and rows.undocumented_at_large(w.state, j)
            and uniform(w.seed, w.now, luck.COLLATERAL, j, n) < chance
        ):
            take(w, j, codes.FROM_COLLATERAL, int(w.state.residents[j].record), i)


@compiled
def phase(w):
    """Carry out the phase."""
    operations, weights = field_office.operations(w), field_office.target_weights(w)
    if operations > 0.0 and weights > 0.0:
        for block in range(blocks(w)):
            for c in range(sought(w, block, luck.AT_LARGE_CANDIDATE, enforcement.AT_LARGE_BOUND)):
                i = w.found[c]
                if finds(w, i, seeker(w, i), operations, weights):
                    arrest(w, i)
    if raids_in(w):
        for block in range(blocks(w)):
            for c in range(sought(w, block, luck.RAID_CANDIDATE, enforcement.RAID_BOUND)):
                i = w.found[c]
                if raided(w, i):
                    arrest(w, i)
