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
def target_weights(w):
    """Return the sum of how much everybody at large in the region is sought, agents averaged."""
    total = 0.0
    for who in range(len(w.state.agents)):
        for k in range(len(w.state.towns)):
            for record in range(len(codes.RECORDS)):
                total += w.state.pool[k].free[record] * target_weight(w, who, k, record, False)
                total += w.state.pool[k].wanted[record] * target_weight(w, who, k, record, True)
    return total / len(w.state.agents)
