"""What enforcement would do on average with the people who were booked.

Detainers, hand-overs and removals are rare. Their expected number, from the rules and from every
booking that was matched, has the mean of what happened and much less noise; a test holds the two
against each other. Whether ICE had hours left for a match is noted with the booking, and hangs on
the matches before it, not on its own luck: so the mean is right where hours run out, too.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import LivedArm
from trustabm.rules import codes, enforcement

__all__ = ["RECORDS", "handed_over", "matched", "requested", "sought_later"]

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

RECORDS = range(len(codes.RECORDS))


def matched(arm: LivedArm, start: int = 0, end: int | None = None) -> Array:
    """Return the bookings from which ICE learned of a person."""
    rows = arm.during("bookings", start, end)
    known: Array = rows[(rows["matched"] == 1) & (rows["source"] < codes.FROM_PRISON)]
    return known


def applied(arm: LivedArm, levers: Any) -> Floats:
    """Return the priority of each record as the agents of the field office apply it on average."""
    discretion = arm.world.state.agents["discretion"]
    return np.array(
        [
            np.mean([enforcement.applied_priority(chance, float(d)) for d in discretion])
            for chance in levers.priority
        ]
    )


def requested(arm: LivedArm, bookings: Array, levers: Any | None = None) -> Floats:
    """Return the chance that ICE sends a request about each booking.

    Args:
        arm: Where the agents are.
        bookings: Matched bookings.
        levers: Other priorities than the arm's own, for which ICE is taken to have the hours.
    """
    if levers is None:
        chances: Floats = applied(arm, arm.levers)[bookings["record"]] * bookings["reached"]
    else:
        chances = applied(arm, levers)[bookings["record"]]
    return chances


def honored(arm: LivedArm, record: int) -> float:
    """Return the chance that the jail does what it is asked about a person with this record."""
    levers, p = arm.levers, arm.world.p
    warrant = levers.judicial_warrant
    held = 1.0 - warrant * (1.0 - enforcement.warrant_chance(p, record))
    return float(held * enforcement.honor(p, levers, record))


def follows(arm: LivedArm) -> float:
    """Return the chance that ICE takes custody where the jail did what it was asked."""
    levers, p = arm.levers, arm.world.p
    told = levers.notification_share
    hold = (1.0 - told) * enforcement.follow_chance(p, False)
    return float(hold + told * enforcement.follow_chance(p, True))


def handed_over(arm: LivedArm, bookings: Array) -> Floats:
    """Return the chance that each person asked for passes from the jail to ICE."""
    by_record = np.array([honored(arm, record) for record in RECORDS]) * follows(arm)
    chances: Floats = by_record[bookings["record"]]
    return chances


def sought_later(arm: LivedArm, bookings: Array) -> Floats:
    """Return the chance that each person asked for, and not handed over, is arrested at large.

    By the end of the arm, from the end of the jail term on; who was refused is sought more than
    who was held and not fetched. The hours and the pool are those at the end of the arm.
    """
    state, levers, p = arm.world.state, arm.levers, arm.world.p
    hours = float(state.agents["hours"].sum()) * levers.ice_capacity
    operations = enforcement.operations(p, levers, hours)
    pool, chances = state.pool[0], applied(arm, levers)
    weights = sum(
        pool[kind][record] * enforcement.target_weight(p, chances[record], wanted)
        for record in RECORDS
        for wanted, kind in enumerate(("free", "wanted"))
    )
    weeks = np.maximum(0, arm.world.week - bookings["week"] - bookings["weeks"])
    # Whoever moves away is arrested elsewhere or not at all.
    stays = p.turnover / 52.0
    total = np.zeros(len(bookings))
    for record in RECORDS:
        mine = bookings["record"] == record
        yes = honored(arm, record)
        for wanted, part in ((1, 1.0 - yes), (0, yes * (1.0 - follows(arm)))):
            weight = enforcement.target_weight(p, chances[record], wanted)
            hazard = min(
                enforcement.AT_LARGE_BOUND,
                float(enforcement.at_large_hazard(operations, weight, weights)),
            )
            leaving = hazard + stays
            gone = -np.expm1(-leaving * weeks[mine]) if leaving > 0 else np.zeros(int(mine.sum()))
            total[mine] += part * gone * (hazard / leaving if leaving > 0 else 0.0)
    return total
