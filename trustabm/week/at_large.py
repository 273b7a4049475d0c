"""Phase 7: ICE arrests at large, those it seeks and those it meets."""

from __future__ import annotations

from trustabm.rules import codes, enforcement, luck
from trustabm.rules.compiling import compiled, inlined
from trustabm.rules.luck import uniform
from trustabm.state import rows
from trustabm.state.layout import LACKS_STATUS, TIES
from trustabm.week import field_office
from trustabm.week.custody import take
from trustabm.week.expecting import expect_taken
from trustabm.week.week import blocks_of, levers_of, lots, sought_of


@inlined
def seeker(w, i):
    """Return the ICE agent who may come for resident `i` this week."""
    return int(uniform(w.seed, w.now, luck.SEEKER, i) * len(w.state.agents))


@inlined
def hazard(w, i, who, operations, weights):
    """Return resident `i`'s weekly chance that agent `who` reaches them in operations.

    Args:
        w: The week.
        i: The resident.
        who: The agent, with a discretion and hours of their own.
        operations: At-large arrests that ICE's hours allow this week.
        weights: How much everybody at large is sought, added up.
    """
    if not rows.undocumented_at_large(w.state, i):
        return 0.0
    r = w.state.residents[i]
    town = rows.town_of(w.state, i)
    weight = field_office.target_weight(w, who, town, r.record, r.wanted != 0)
    return enforcement.at_large_hazard(operations, weight, weights)


@inlined
def finds(w, i, hazard):
    """Return whether resident `i`, a candidate, is arrested in operations."""
    return uniform(w.seed, w.now, luck.AT_LARGE, i) * enforcement.AT_LARGE_BOUND < hazard


@inlined
def expect(w, i, chance):
    """Count the arrest that is to be expected of a candidate, with a chance of at most 1."""
    record = int(w.state.residents[i].record)
    expect_taken(w, i, min(1.0, chance), record, codes.FROM_AT_LARGE)


@compiled
def raids_in(w):
    """Return whether agents sent from elsewhere arrest people in any town this week."""
    raids = 0.0
    for town in range(len(w.state.towns)):
        raids += w.levers[town].raids
    return raids > 0.0


@inlined
def raid_hazard(w, i):
    """Return resident `i`'s weekly chance of an arrest in raids."""
    if not rows.undocumented_at_large(w.state, i):
        return 0.0
    return field_office.raid_hazard(w, rows.town_of(w.state, i), w.state.residents[i].record)


@inlined
def raided(w, i, hazard):
    """Return whether resident `i`, a candidate, is arrested in the raids of this week."""
    return uniform(w.seed, w.now, luck.RAID, i) * enforcement.RAID_BOUND < hazard


@compiled
def arrest(w, i):
    """Arrest resident `i`, and of the undocumented people near those who are met."""
    record = int(w.state.residents[i].record)
    expect_taken(w, i, -1.0, record, codes.FROM_AT_LARGE)
    take(w, i, codes.FROM_AT_LARGE, record, -1)
    close = w.state.residents[i].household + TIES
    near = 0
    for n in range(close):
        j = rows.close_to(w.state, i, n)
        near += j >= 0 and rows.undocumented_at_large(w.state, j)
    chance = enforcement.collateral_chance(w.p, levers_of(w, i), near)
    for n in range(close):
        j = rows.close_to(w.state, i, n)
        if j < 0 or not rows.undocumented_at_large(w.state, j):
            continue
        is_met, record = (
            uniform(w.seed, w.now, luck.COLLATERAL, j, n) < chance,
            int(w.state.residents[j].record),
        )
        expect_taken(w, j, chance - is_met, record, codes.FROM_COLLATERAL)
        if is_met:
            take(w, j, codes.FROM_COLLATERAL, record, i)


@compiled
def phase(w):
    """Carry out the phase."""
    operations, weights = field_office.operations(w), field_office.target_weights(w)
    if operations > 0.0 and weights > 0.0:
        for lot in range(lots(w)):
            many, bound = 0, enforcement.AT_LARGE_BOUND
            for block in blocks_of(w, lot):
                many = sought_of(w, block, luck.AT_LARGE_CANDIDATE, bound, LACKS_STATUS, many)
            for c in range(many):
                i = w.sought[c]
                if not rows.undocumented_at_large(w.state, i):
                    continue
                who = seeker(w, i)
                here = hazard(w, i, who, operations, weights)
                expect(w, i, here / enforcement.AT_LARGE_BOUND)
                if finds(w, i, here):
                    arrest(w, i)
    if raids_in(w):
        for lot in range(lots(w)):
            many, bound = 0, enforcement.RAID_BOUND
            for block in blocks_of(w, lot):
                many = sought_of(w, block, luck.RAID_CANDIDATE, bound, LACKS_STATUS, many)
            for c in range(many):
                i = w.sought[c]
                if not rows.undocumented_at_large(w.state, i):
                    continue
                here = raid_hazard(w, i)
                expect(w, i, here / enforcement.RAID_BOUND)
                if raided(w, i, here):
                    arrest(w, i)
