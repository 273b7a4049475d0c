"""What the small integers in the columns mean."""

from __future__ import annotations

__all__ = ["CUSTODY", "GROUPS", "KINDS", "PAIRS", "RECORDS", "STATUSES"]

# Immigration status
US_BORN = 0
NATURALIZED = 1
LAWFUL = 2
UNDOCUMENTED = 3
REGISTERED = 4
STATUSES = ("us-born", "naturalized", "lawful noncitizen", "undocumented", "registered")

# Outcome groups: a partition of residents (the last is everyone who is not Latino)
GROUP_UNDOCUMENTED = 0
GROUP_REGISTERED = 1
GROUP_MIXED = 2
GROUP_LATINO = 3
GROUP_OTHER = 4
GROUPS = (
    "latino-undocumented",
    "latino-registered",
    "latino-mixed",
    "latino-other",
    "non-latino",
)

# A resident counts in two groups: that of the day on which the arms of a comparison part (day 0
# of a single run, and for newcomers after it the day they come), and that of now. These are the
# pairs (then, now) that a life can go through; the first are those of people who have not moved.
PAIRS = (
    (GROUP_UNDOCUMENTED, GROUP_UNDOCUMENTED),
    (GROUP_REGISTERED, GROUP_REGISTERED),
    (GROUP_MIXED, GROUP_MIXED),
    (GROUP_LATINO, GROUP_LATINO),
    (GROUP_OTHER, GROUP_OTHER),
    (GROUP_UNDOCUMENTED, GROUP_REGISTERED),
    (GROUP_MIXED, GROUP_LATINO),
    (GROUP_LATINO, GROUP_MIXED),
)

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
