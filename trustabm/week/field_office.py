"""What ICE's field office has: hours for requests and for operations at large."""

from __future__ import annotations

from trustabm.rules import codes, enforcement
from trustabm.rules.compiling import compiled

LEAST_SAVED = 3.0
"""People's worth of work that can be saved at least, whatever the size of the sample."""


@compiled
def ice_hours(w):
    """Return the hours that all agents of the field office have this week."""
    total = 0.0
    for a in range(len(w.state.agents)):
        total += w.state.agents[a].hours
    return total * w.levers[0].ice_capacity


@compiled
def hours_for_jails(w):
    """Return the hours of this week that are for people in local jails, and federal releases."""
    return ice_hours(w) * (1.0 - w.levers[0].at_large_share) * w.p.jail_hours


@compiled
def most_saved(w, hours):
    """Return how many hours can be saved, or owed, at `hours` a week.

    A small sample cannot save one piece of work in so few weeks, and would lose its hours.
    """
    if hours <= 0.0:
        return 0.0
    return max(w.p.ice_bank_weeks * hours, LEAST_SAVED * w.p.custody_hours)


@compiled
def receive_hours(w):
    """Add this week's hours for people in local jails to those that were saved."""
    hours, clock = hours_for_jails(w), w.state.clock[0]
    clock.ice_hours = min(clock.ice_hours + hours, most_saved(w, hours))


@compiled
def has_hours(w):
    """Return whether ICE has hours left to begin a piece of work.

    What is begun is finished, on hours of the weeks to come: a small sample of a town has less
    than a whole piece of work's hours in a week, and must not wait for ever.
    """
    return w.state.clock[0].ice_hours > 0.0


@compiled
def may_borrow(w):
    """Return whether ICE can take on work that comes before all other: on hours of later weeks.

    It borrows up to what can be saved; with no agents there is nothing to borrow from.
    """
    return w.state.clock[0].ice_hours > -most_saved(w, hours_for_jails(w))


@compiled
def spend(w, hours):
    """Take hours from those that ICE has for people in local jails."""
    w.state.clock[0].ice_hours -= hours


@compiled
def operations(w):
    """Return how many at-large arrests ICE's hours allow this week."""
    return enforcement.operations(w.p, w.levers[0], ice_hours(w))


@compiled
def applied_priority(w, who, town, record):
    """Return the priority of a record in a town as agent `who` applies it."""
    discretion = w.state.agents[who].discretion
    return enforcement.applied_priority(w.levers[town].priority[record], discretion)


@compiled
def target_weight(w, who, town, record, wanted):
    """Return how much agent `who` seeks a person at large, in the hours the agent has.

    Args:
        w: The week.
        who: The agent; one with twice the hours finds twice as many.
        town: Where the person lives.
        record: Their record.
        wanted: Whether a request for them was refused.
    """
    chance = applied_priority(w, who, town, record)
    return w.state.agents[who].hours * enforcement.target_weight(w.p, chance, wanted)


@compiled
def target_weights_in(w, town):
    """Return the sum of how much everybody at large in a town is sought, agents averaged."""
    total, pool = 0.0, w.state.pool[town]
    for who in range(len(w.state.agents)):
        for record in range(len(codes.RECORDS)):
            total += pool.free[record] * target_weight(w, who, town, record, False)
            total += pool.wanted[record] * target_weight(w, who, town, record, True)
    return total / len(w.state.agents)


@compiled
def target_weights(w):
    """Return the sum of how much everybody at large in the region is sought, agents averaged."""
    total = 0.0
    for town in range(len(w.state.towns)):
        total += target_weights_in(w, town)
    return total


@compiled
def at_large(w, town):
    """Return how many undocumented residents of a town are at large, and their mean priority."""
    pool, persons, priority = w.state.pool[town], 0, 0.0
    for record in range(len(codes.RECORDS)):
        persons += pool.free[record] + pool.wanted[record]
        priority += (pool.free[record] + pool.wanted[record]) * w.levers[town].priority[record]
    return persons, priority / max(1, persons)


@compiled
def raid_hazard(w, town, record):
    """Return the weekly chance that someone at large with a record is arrested in a raid."""
    return enforcement.raid_hazard(w.levers[town], record, at_large(w, town)[1])


@compiled
def visible_arrests(w, town, weights):
    """Return the at-large arrests a week to be expected in a town, by its 1,000 undocumented.

    The field office's operations fall to towns by whom it seeks in each; raids are the town's
    own. At each arrest about `collateral_met` others are met.

    Args:
        w: The week.
        town: The town.
        weights: How much everybody at large in the region is sought, added up.
    """
    persons, pool = at_large(w, town)[0], w.state.pool[town]
    if persons == 0:
        return 0.0
    arrests = 0.0
    if w.levers[town].raids > 0.0:
        for record in range(len(codes.RECORDS)):
            hazard = raid_hazard(w, town, record)
            arrests += (pool.free[record] + pool.wanted[record]) * hazard
    if weights > 0.0:
        arrests += operations(w) * target_weights_in(w, town) / weights
    met = w.levers[town].collateral * w.p.collateral_met
    return 1000.0 * arrests * (1.0 + met) / persons
