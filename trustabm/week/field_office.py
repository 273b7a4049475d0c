"""What ICE's field office has: hours for requests and for operations at large."""

from __future__ import annotations

from trustabm.rules import enforcement
from trustabm.rules.compiling import compiled


@compiled
def ice_hours(s, lv):
    """Return the hours that all agents of the field office have this week."""
    total = 0.0
    for a in range(len(s.agents)):
        total += s.agents[a].hours
    return total * lv[0].ice_capacity


@compiled
def spend(s, hours):
    """Take hours from what ICE has for requests; return whether any were left.

    The last piece of work is finished, on hours of the weeks to come: a small sample of a town
    has less than a whole piece of work's hours in a week, and must not wait for ever.
    """
    clock = s.clock[0]
    if clock.ice_hours <= 0.0:
        return False
    clock.ice_hours -= hours
    return True


@compiled
def operations(s, p, lv):
    """Return how many at-large arrests ICE's hours allow this week."""
    return ice_hours(s, lv) * lv[0].at_large_share / p.at_large_hours


@compiled
def target_weights(s, p, lv):
    """Return the sum of how much everybody at large in the region is sought."""
    total = 0.0
    for k in range(len(s.towns)):
        for record in range(4):
            total += s.pool[k].free[record] * enforcement.target_weight(p, lv[k], record, 0)
            total += s.pool[k].wanted[record] * enforcement.target_weight(p, lv[k], record, 1)
    return total
