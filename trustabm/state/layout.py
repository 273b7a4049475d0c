"""The columns: a world is a handful of arrays, and an agent is a row of one of them.

Beliefs are kept as what they are made of, each as it was when last touched: what fades does so at
one rate for everybody, so it needs no weekly update (`week/believing.py`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.rules.references import referred

__all__ = [
    "CHANCE",
    "COUNT",
    "ETHNICITY",
    "EXPECTED",
    "GRADE",
    "GRADE_MOST",
    "GRADE_STEP",
    "LACKS_STATUS",
    "OFFENDING_MOST",
    "PAIR",
    "RESIDENT",
    "RESIDENTS_MAX",
    "STRETCH",
    "TABLES",
    "TALLY",
    "TIES",
    "TOWN_TALLY",
    "WEEKS_MAX",
    "State",
    "Tables",
    "column_bytes",
    "copied",
    "ethnicity",
    "groups_now",
    "new_tables",
]

Array = npt.NDArray[Any]

TIES = 8
"""Ties a resident has (fewer where the pool was odd): the width of a column, so no parameter."""

WEEKS_MAX = 30_000
"""Weeks that a world lives at most: columns of weeks hold 16 bits, those before it negative."""

LACKS_STATUS = 1
"""The mark of who is undocumented."""

GRADE = 2
"""One grade of offending, in marks: grades are the seven bits above `LACKS_STATUS`."""

GRADE_STEP = 0.125
"""Offending between two grades: who is in one has at most as many steps of it, 0 in the lowest."""

GRADE_MOST = 127
"""The highest grade, in which offending is anything."""

OFFENDING_MOST = np.append(np.arange(GRADE_MOST) * GRADE_STEP, 1e300)
"""What offending is at most, by grade."""

RESIDENTS_MAX = 2**31 - 1
"""Residents of a region: ties and the list of those in custody have 32 bits."""

CHANCE = float(2**24)
"""Sums of chances are kept as multiples of 2**-24, so that no order of adding matters."""

HOUSEHOLD_UNIT = 840
"""A resident is 840 / household size parts of a household (840 divides by 1 to 8)."""

ETHNICITY = np.dtype(
    [  # how far what the parameters say of Latino residents holds for an ethnic group
        ("trust", "f8"),  # mean trust, itself and no weight
        ("standing", "f8"),  # the risk residents stand with
        ("reports", "f8"),  # how readily victims report
        ("stops", "f8"),  # officers' bias
        ("badly", "f8"),  # more stops that go badly
        ("asked", "f8"),  # being asked about status where no policy says so
        ("experimental", "u1"),  # whether an experiment on Latino residents' reporting is on it
        ("known", "f8"),  # how often a friend of the same group knows a person's status
        ("known_others", "f8"),  # how often one of another group does
    ]
)

PAIR = np.dtype(
    [
        ("then", "u1"),  # the outcome group of the day on which arms part
        ("now", "u1"),
        ("ethnicity", "u1"),
    ]
)

RESIDENT = np.dtype(
    [
        ("lasting", "f4"),  # trust that lasts, from the mean of the ethnic group
        ("lately", "f4"),  # what moved trust lately, when last touched
        ("bad", "f4"),  # cases known of that ended in a deportation, when last touched
        ("calm", "f4"),  # cases that ended quietly, likewise
        ("offending", "f4"),  # relative to the average resident; 0 for most
        ("touched", "i2"),  # week of the last touch
        ("arrived", "i2"),  # week of arrival in the country, negative before the run
        ("exposed", "i2"),  # last week somebody close was detained or removed
        ("until", "i2"),  # week in which the present custody ends
        ("neighborhood", "u4"),
        ("town", "u4"),
        ("generation", "u2"),  # how often this place has changed hands: once a week at most
        ("pair", "u1"),  # of outcome groups, then and now: see `pairs`
        ("status", "u1"),
        ("record", "u1"),
        ("custody", "u1"),
        ("cause", "u1"),  # what the present custody came from
        ("concern", "u1"),  # whose deportation is at stake
        ("wanted", "u1"),  # a request for this person was refused
        ("member", "u1"),  # which member of the household
        ("household", "u1"),  # how many live in it
        ("tied", "u1"),  # undocumented people among the ties
    ],
    align=True,
)

OFFICER = np.dtype(
    [
        ("beat", "i4"),
        ("justice", "f8"),  # procedural justice, log odds of a stop going well
        ("bias", "f8"),  # excess share of stops, of an ethnic group by its weight
        ("rank", "f8"),  # 0..1: deputized where below the deputized share
        ("school", "f8"),  # 0..1: trained where below the trained share
        ("hours", "f8"),  # a week
    ],
    align=True,
)

ICE_AGENT = np.dtype(
    [
        ("hours", "f8"),  # a week, at one officer per 1,000 undocumented residents
        ("discretion", "f8"),  # log odds added to the priorities in force
    ],
    align=True,
)

NEIGHBORHOOD = np.dtype(
    [
        ("town", "i4"),
        ("start", "i4"),  # its residents are start .. end - 1
        ("end", "i4"),
        ("officer", "i4"),  # its officers are officer .. officer + officers - 1
        ("officers", "i4"),
        ("patrol", "f8"),  # intensity, 1 on average
        ("column", "i4"),  # its cell on the map
        ("row", "i4"),
    ],
    align=True,
)

STRETCH = np.dtype(
    [  # the residents of one ethnic group in one neighborhood, who lie one after the other
        ("start", "i4"),
        ("end", "i4"),
        ("before", "i4"),  # residents of the group in the town's neighborhoods before it
    ]
)

LEARNED = np.dtype(
    [  # by neighborhood and ethnic group of victims
        ("reports", "f8"),  # how often crimes are reported, as offenders believe
        ("expected", "f8"),  # crimes a week at the start
        ("crimes", "i8"),  # this week
        ("reported", "i8"),  # chances of being reported this week, times CHANCE
    ],
    align=True,
)

TOWN = np.dtype(
    [
        ("start", "i4"),
        ("end", "i4"),
        ("first", "i4"),  # its neighborhoods are first .. last - 1
        ("last", "i4"),
        ("officers", "i4"),
        ("hours", "f8"),  # officer hours a week
        ("free", "f8"),  # share of them that immigration work and outreach leave this week
        ("patrols", "f8"),  # stops over the usual that this share allows
        ("factor", "f8"),  # mean of offending by status, relative to the US-born
        ("crime", "f8"),  # attempted crimes a week by a resident of offending 1
        ("violent", "f8"),  # share of them violent, not domestic
        ("domestic", "f8"),  # share of them domestic
        ("reports", "f8"),  # share of crimes reported, for reference
        ("clears", "f8"),  # share of reported crimes cleared, for reference
        ("usual_hours", "f8"),  # case hours a week, for reference
        ("cleared", "f8"),  # how often reported crimes are cleared, as offenders believe
        ("expected", "f8"),  # reported crimes a week at the start
        ("case_hours", "f8"),  # running mean of case hours a week
        ("away_hours", "f8"),  # running mean of hours a week on immigration work
        ("heard", "f8"),  # the risk in the rules in force, as far as people have heard
        ("lived_with", "f8"),  # what of it they have lived with
        ("expected_risk", "f8"),  # what they have come to expect
        ("reached", "f8"),  # running mean of outreach
        ("week_case_hours", "f8"),
        ("week_away_hours", "f8"),
        ("week_reported", "i8"),
        ("week_cleared", "i8"),  # chances of being cleared this week, times CHANCE
        ("undocumented", "i8"),  # at the start, for ICE's hours
    ],
    align=True,
)

GROUP = np.dtype(
    [
        ("stake", "f8"),  # stakes of all persons, added up
        ("ethnic_stake", "f8"),  # mean stake of all residents of the same ethnicity
        ("own", "i8"),  # undocumented persons
        ("housed", "i8", (TIES + 1,)),  # persons with one at home, by how many are among the ties
        ("tied", "i8", (TIES + 1,)),  # other persons, likewise
        # On the day the arms part, for the denominators of rates:
        ("base_persons", "i8"),
        ("base_households", "i8"),  # in parts of HOUSEHOLD_UNIT
        ("base_undocumented", "i8"),
        ("spared", "f8"),  # by luck: how many more were to be expected to be exposed
    ],
    align=True,
)

COUNT = np.dtype(
    [
        ("persons", "i8"),  # in place: not removed
        ("households", "i8"),  # in parts of HOUSEHOLD_UNIT
        ("undocumented", "i8"),
        ("exposed", "i8"),  # exposed within a year
        ("jail", "i8"),
        ("ice", "i8"),
        ("prison", "i8"),
        ("removed", "i8"),
    ],
    align=True,
)
"""Who is in each town and pair of groups, then and now."""

POOL = np.dtype(
    [("free", "i8", (4,)), ("wanted", "i8", (4,))], align=True
)  # undocumented residents at large, by town and record

CLOCK = np.dtype(
    [
        ("seed", "i8"),
        ("week", "i8"),
        ("in_custody", "i8"),  # how many are listed in `in_custody`
        ("ice_hours", "f8"),  # unused hours for requests
    ],
    align=True,
)

_COUNTED = (
    "base_persons",
    "base_households",
    "base_undocumented",
    "persons",
    "households",
    "undocumented",
    "exposed",
    "surveyed",
    "trust",
    "risk",
    "violent",
    "property",
    "domestic",
    "reported_violent",
    "reported_property",
    "reported_domestic",
    "witnesses",
    "witnesses_came",
    "cleared_violent",
    "cleared_property",
    "stops",
    "bad_stops",
    "asked",
    "citations",
    "arrests",
    "arrests_felony",
    "jail_days",
    "matches",
    "detainers",
    "notifications",
    "requests_none",
    "requests_misdemeanor",
    "requests_felony",
    "requests_violent",
    "honored",
    "declined",
    "transfers",
    "at_large",
    "collateral",
    "removals",
    "removals_none",
    "removals_other",
    "removals_violent",
    "local_removals",
    "local_removals_none",
    "local_removals_other",
    "local_removals_violent",
    "removals_under_5",
    "removals_5_14",
    "removals_15_plus",
    "removals_15_plus_none",  # of them, without a conviction
    "hold_hours",
    "separated",
    "priority_releases",
    "federal_releases",
    "legalized",
    "arrivals",
    "jail",
    "ice",
    "prison",
    "removed",
)

EXPECTED = {
    name: f"expected_{name}"
    for name in (
        *("violent", "property", "domestic"),
        *("reported_violent", "reported_property", "reported_domestic"),
        *("cleared_violent", "cleared_property"),
        *("transfers", "removals", "removals_none", "removals_other", "removals_violent"),
        *("local_removals", "local_removals_none"),
        *("local_removals_other", "local_removals_violent"),
        *("separated", "exposed"),
    )
}
"""What was to be expected of some tallies, the luck of draws whose chances are known left out."""

TALLY = np.dtype([(name, "f8") for name in (*_COUNTED, *EXPECTED.values())])
"""What is counted in a week, by town and pair of groups. Counts and sums only: no rates."""

TOWN_TALLY = np.dtype([("police_hours", "f8"), ("immigration_hours", "f8")])

TABLES: dict[str, np.dtype[Any]] = {
    "stops": np.dtype(
        [
            ("week", "i8"),
            ("resident", "i8"),
            ("generation", "i4"),
            ("officer", "i8"),
            ("bad", "u1"),
            ("asked", "u1"),
            ("identified", "u1"),
            ("outcome", "u1"),
            ("charge", "u1"),
        ]
    ),
    "crimes": np.dtype(
        [
            ("week", "i8"),
            ("resident", "i8"),  # the offender
            ("generation", "i4"),
            ("victim", "i8"),
            ("victim_generation", "i4"),
            ("witness", "i8"),  # -1: none
            ("witness_generation", "i4"),
            ("neighborhood", "i8"),
            ("kind", "u1"),
            ("reported", "u1"),
            ("came", "u1"),  # the witness came forward
            ("cleared", "u1"),
            ("charge", "u1"),
            ("asked", "u1"),  # 1 the victim was asked about status, 2 identified, 3 passed on
            ("witness_asked", "u1"),
            ("chance", "f4"),  # of being reported
            ("clears", "f4"),  # chance of being cleared, if reported
        ]
    ),
    "bookings": np.dtype(
        [
            ("week", "i8"),
            ("resident", "i8"),
            ("generation", "i4"),
            ("weeks", "i8"),  # to be spent in jail or prison
            ("charge", "u1"),
            ("record", "u1"),  # before this booking
            ("source", "u1"),
            ("matched", "u1"),
            ("reached", "u1"),  # ICE had hours to review the match
            ("convicted", "u1"),
            ("prison", "u1"),
            ("town", "u4"),  # whose jail it is
        ]
    ),
    "requests": np.dtype(
        [
            ("week", "i8"),
            ("resident", "i8"),
            ("generation", "i4"),
            ("agent", "i8"),
            ("record", "u1"),
            ("source", "u1"),
            ("notification", "u1"),
            ("warrant", "u1"),
            ("honored", "u1"),
            ("followed", "u1"),  # ICE takes custody, now or when the jail term ends
            ("hold_hours", "f4"),
        ]
    ),
    "transfers": np.dtype(
        [
            ("week", "i8"),
            ("resident", "i8"),
            ("generation", "i4"),
            ("met_with", "i8"),  # whom a collateral arrest was met with; -1: none
            ("met_with_generation", "i4"),
            ("source", "u1"),
            ("record", "u1"),
        ]
    ),
    "departures": np.dtype(
        [
            ("week", "i8"),
            ("resident", "i8"),
            ("generation", "i4"),
            ("years", "i8"),
            ("removed", "u1"),  # 1 removed, 0 released
            ("source", "u1"),
            ("record", "u1"),
            ("separated", "u1"),
        ]
    ),
    "arrivals": np.dtype(
        [
            ("week", "i8"),
            ("resident", "i8"),
            ("generation", "i4"),
            ("kind", "u1"),
            ("federal", "u1"),  # 1 from federal prison to ICE, 2 to jail, 3 released untold
            ("status", "u1"),
        ]
    ),
    "legalizations": np.dtype(
        [("week", "i8"), ("resident", "i8"), ("generation", "i4"), ("years", "i8")]
    ),
}
"""What is kept of every event. A person is a place (`resident`, `victim` and so on) and its
generation at the time, -1 where there is nobody."""


@referred
class State(NamedTuple):
    """Everything that makes a world's future, as arrays.

    Shapes: N residents, T towns, B neighborhoods; E ethnic groups, the reference last, which make G
    outcome groups and K pairs of them, then and now (`codes.pairs`).
    """

    residents: Array  # (N,) RESIDENT
    ties: Array  # (N, TIES) int32, -1 where none
    work: Array  # (N,) int32, in which neighborhood of another town; -1: none. () if of nobody
    workers: Array  # (W,) int32, those who have one, by neighborhood
    visits: Array  # (B + 1,) int32, where among them those of each neighborhood begin; () if none
    homes: Array  # (N, 2) uint16, position on the map
    marks: Array  # (N,) uint8: of the rows, what is asked of more people than rows are read of
    officers: Array  # OFFICER, sorted by beat
    agents: Array  # ICE_AGENT
    neighborhoods: Array  # (B,) NEIGHBORHOOD
    stretches: Array  # (B, E) STRETCH
    learned: Array  # (B, E) LEARNED
    towns: Array  # (T,) TOWN
    ethnicities: Array  # (E,) ETHNICITY
    pairs: Array  # (K,) PAIR
    groups: Array  # (T, G) GROUP
    counts: Array  # (T, K) COUNT
    pool: Array  # (T,) POOL
    expiring: Array  # (52, T, K) int32: exposures that pass out of the year in that week
    in_custody: Array  # (N,) int32: who is in custody, the first clock.in_custody of them
    clock: Array  # (1,) CLOCK


@referred
class Tables(NamedTuple):
    """Event tables; rows `mark[k]` to `used[k]` of table k are this week's."""

    stops: Array
    crimes: Array
    bookings: Array
    requests: Array
    transfers: Array
    departures: Array
    arrivals: Array
    legalizations: Array
    used: Array  # int64, rows used
    mark: Array  # int64, where this week began


def new_tables(rows: int) -> Tables:
    """Return empty event tables with room for `rows` events each."""
    arrays = {name: np.zeros(rows, dtype) for name, dtype in TABLES.items()}
    places = np.zeros((2, len(TABLES)), np.int64)
    return Tables(**arrays, used=places[0].copy(), mark=places[1].copy())


def copied(state: State) -> State:
    """Return a world that goes its own way from here."""
    return State(*(a if n in _NEVER_WRITTEN else a.copy() for n, a in state._asdict().items()))


_NEVER_WRITTEN = {
    *(
        "ties",
        "work",
        "workers",
        "visits",
        "homes",
        "officers",
        "agents",
        "neighborhoods",
        "stretches",
    ),
    *("ethnicities", "pairs"),
}


def ethnicity(state: State) -> Array:
    """Return every resident's ethnic group, by its number."""
    number: Array = state.pairs["ethnicity"][state.residents["pair"]]
    return number


def groups_now(state: State) -> Array:
    """Return the outcome group that every resident is in now, by its number."""
    number: Array = state.pairs["now"][state.residents["pair"]]
    return number


def column_bytes(state: State) -> dict[str, float]:
    """Return bytes per resident of every column."""
    n = len(state.residents)
    assert RESIDENT.fields is not None
    table = {name: float(field[0].itemsize) for name, field in RESIDENT.fields.items()}
    for name, array in state._asdict().items():
        if name != "residents":
            table[name] = array.nbytes / n
    return table
