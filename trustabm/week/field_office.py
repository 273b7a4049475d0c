"""What ICE's field office has: hours for requests and for operations at large."""

from __future__ import annotations

from trustabm.rules import codes, enforcement
from trustabm.rules.compiling import compiled


@compiled
def ice_hours(w):
    """Return the hours that all agents of the field office have this week."""
    total = 0.0
    for a in range(len(w.state.agents)):
        total += w.state.agents[a].hours
    return total * w.levers[0].ice_capacity


@compiled
def spend(w, hours):
    """Take hours from what ICE has for requests; return whether any were left.

    The last piece of work is finished, on hours of the weeks to come: a small sample of a town
    has less than a whole piece of work's hours in a week, and must not wait for ever.
    """
    clock = w.state.clock[0]
    if clock.ice_hours <= 0.0:
        return False
    clock.ice_hours -= hours
    return True


@compiled
def operations(w):
    """Return how many at-large arrests ICE's hours allow this week."""
    return ice_hours(w) * w.levers[0].at_large_share / w.p.at_large_hours


@compiled
def target_weights(w):
    """Return the sum of how much everybody at large in the region is sought."""
    total = 0.0
    for k in range(len(w.state.towns)):
        pool = w.state.pool[k]
        for record in range(len(codes.RECORDS)):
            total += pool.free[record] * enforcement.target_weight(w.p, w.levers[k], record, 0)
            total += pool.wanted[record] * enforcement.target_weight(w.p, w.levers[k], record, 1)
    return total
