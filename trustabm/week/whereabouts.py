"""Where residents are met: in their neighborhood, or at work in another county of the region."""

from __future__ import annotations

from trustabm.rules import luck
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import uniform
from trustabm.state import rows

LOOKS = 8
"""How often somebody is looked for who is there this week."""

FURTHER = 0.6180339887498949
"""How far on the next look is: multiples of it lie evenly in 0..1, so no further draw is needed."""


@inlined
def is_away(w, i):
    """Return whether resident `i` is met at work in another county this week, not at home."""
    work = w.state.work
    return (
        len(work) > 0
        and work[i] >= 0
        and uniform(w.seed, w.now, luck.AT_WORK, i) < w.p.work_contacts
    )


@inlined
def met_at(w, i):
    """Return the neighborhood in which resident `i` is met this week."""
    return int(w.state.work[i]) if is_away(w, i) else int(w.state.residents[i].neighborhood)


@inlined
def town_at(w, block):
    """Return the town of a neighborhood, whose rules and police those who are met there meet."""
    return int(w.state.neighborhoods[block].town)


@inlined
def town_by(w, who):
    """Return the town whose police officer `who` is of."""
    return town_at(w, w.state.officers[who].beat)


@inlined
def scene(w, victim, by):
    """Return the neighborhood in which a crime against a victim happens.

    Who lives with the victim meets them at home.

    Args:
        w: The week.
        victim: The victim.
        by: The offender; -1 where it is nobody in particular, and so at home.
    """
    if by < 0 or rows.live_together(w.state, victim, by):
        return int(w.state.residents[victim].neighborhood)
    return met_at(w, victim)


@inlined
def one_there(w, block, u):
    """Return one of those who are in a neighborhood this week, from one uniform; -1 for nobody.

    They live there and are not away at work, or come to work there from another county. Who is
    somewhere else is passed over for another, as often as `LOOKS`.

    Args:
        w: The week.
        block: The neighborhood.
        u: The draw.
    """
    place, visits = w.state.neighborhoods[block], w.state.visits
    here = place.end - place.start
    guests = visits[block + 1] - visits[block] if len(visits) > 0 else 0
    for look in range(LOOKS):
        at = u + look * FURTHER
        pick = int((at - int(at)) * (here + guests))
        is_guest = pick >= here
        i = int(w.state.workers[visits[block] + pick - here]) if is_guest else place.start + pick
        if is_away(w, i) == is_guest:
            return i
    return -1
