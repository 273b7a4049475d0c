"""What the small integers in the columns mean."""

from __future__ import annotations

__all__ = ["CUSTODY", "KINDS", "PARTS", "RECORDS", "STATUSES", "outcome_groups", "pairs"]

# Immigration status
US_BORN = 0
NATURALIZED = 1
LAWFUL = 2
UNDOCUMENTED = 3
REGISTERED = 4
STATUSES = ("us-born", "naturalized", "lawful noncitizen", "undocumented", "registered")

# Outcome groups partition residents: every ethnic group has these four parts, one after the other,
# but the last, the reference, which is one outcome group whatever its residents' status.
UNDOCUMENTED_PART = 0
REGISTERED_PART = 1
MIXED_PART = 2
OTHER_PART = 3
PARTS = ("undocumented", "registered", "mixed", "other")
MOVES = (
    (UNDOCUMENTED_PART, REGISTERED_PART),
    (MIXED_PART, OTHER_PART),
    (OTHER_PART, MIXED_PART),
)
"""From which part to which a life can go; nobody moves to another ethnic group."""

# Where a resident is
FREE = 0
JAIL = 1
JAIL_HOLD = 2
ICE = 3
PRISON = 4
PRISON_HOLD = 5
REMOVED = 6
CUSTODY = (
    "free",
    "jail",
    "jail, to be handed to ICE",
    "ICE custody",
    "prison",
    "prison, to be handed to ICE",
    "removed",
)

# Prior record, and charges
RECORD_NONE = 0
RECORD_MISDEMEANOR = 1
RECORD_FELONY = 2
RECORD_VIOLENT = 3
RECORDS = ("none", "misdemeanor", "felony", "violent")

# Whose deportation is at stake, the nearest person counting
NOBODY = 0
TIE = 1
HOUSEHOLD = 2
SELF = 3

# Kinds of crime
VIOLENT = 0
PROPERTY = 1
DOMESTIC = 2
KINDS = ("violent", "property", "domestic")

# What a stop ends in
STOP_NOTHING = 0
STOP_CITATION = 1
STOP_ARREST = 2

# How far police come who ask a victim or witness about status
NOT_ASKED = 0
ASKED = 1
IDENTIFIED = 2
PASSED_ON = 3

# Where a booking, and later a custody, came from
FROM_STOP = 0
FROM_CASE = 1
FROM_VICTIM = 2
FROM_WITNESS = 3
FROM_PRISON = 4
FROM_AT_LARGE = 5
FROM_COLLATERAL = 6
CAUSES = (
    "a stop",
    "a cleared case",
    "reporting a crime",
    "coming forward as a witness",
    "release from federal prison",
    "an at-large arrest",
    "a collateral arrest",
)

# How a place changed hands
BORN = 0
MOVED = 1
ARRIVED = 2
ARRIVALS = ("turned 12", "moved in", "arrived from abroad")

# Where a newcomer from federal prison with a local warrant outstanding went
NOT_FEDERAL = 0
TO_ICE = 1
TO_JAIL = 2
UNTOLD = 3

# When local staff ask about status
ASK_NOBODY = 0
ASK_BOOKING = 1
ASK_ARREST = 2
ASK_STOP = 3


def outcome_groups(ethnicities: int) -> int:
    """Return how many outcome groups so many ethnic groups make."""
    return len(PARTS) * (ethnicities - 1) + 1


def pairs(ethnicities: int) -> list[tuple[int, int]]:
    """Return the pairs (then, now) of outcome groups that a life can go through.

    A resident counts in two groups: that of the day on which the arms of a comparison part (day 0
    of a single run, and for newcomers after it the day they come), and that of now. The first
    pairs are those of people who have not moved.
    """
    stay = [(k, k) for k in range(outcome_groups(ethnicities))]
    firsts = range(0, len(stay) - 1, len(PARTS))
    return stay + [(first + then, first + now) for first in firsts for then, now in MOVES]
