"""Outcomes by hand: one week of a town, from tallies to levels."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from trustabm.inputs.groups import SHIPPED
from trustabm.outcomes import measures
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES, TOWN_OUTCOMES
from trustabm.state.layout import EXPECTED, TALLY, TOWN_TALLY

G, K = 5, 8

# A week by group: undocumented, registered, mixed, other Latino, not Latino. Nobody was registered
# on the day the arms part; five are by now.
WEEK = """
base_persons           50  0 100 250 600
base_households        20  0  40 100 200
base_undocumented      40  0   0   0  60
persons                45  5  90 260 600
undocumented           30  0   0   0  70
exposed                 9  1  27  13  60
surveyed               36 10  90 220 520
trust                  18  4  45 143 360
risk                    9  2  18  13  30
violent                 4  0   5  10  20
property                6  0  11  20  50
domestic                1  0   2   3  10
reported_violent        1  0   2   6  12
reported_property       2  0   3   9  25
reported_domestic       1  0   1   1   5
witnesses               3  0   2   5   9
witnesses_came          1  0   1   3   7
cleared_violent         1  0   1   3   8
cleared_property        0  0   1   2   5
stops                  12  3  14  30  60
bad_stops               5  1   6   6   9
asked                   7  2   4   5   1
citations               6  0   7  12  25
arrests                 5  1   3   8  17
arrests_felony          2  0   1   2   4
jail_days              33  0  14  21  91
matches                 8  0   0   0   3
detainers               4  0   0   0   2
notifications           2  0   0   0   1
requests_none           3  0   0   0   1
requests_misdemeanor    1  0   0   0   1
requests_felony         1  0   0   0   0
requests_violent        1  0   0   0   1
honored                 5  0   0   0   1
declined                1  0   0   0   2
transfers               3  0   0   0   1
at_large                2  0   0   0   1
collateral              1  0   0   0   1
removals                6  0   0   0   2
removals_none           3  0   0   0   1
removals_other          2  0   0   0   0
removals_violent        1  0   0   0   1
local_removals          4  0   0   0   1
local_removals_none     2  0   0   0   0
local_removals_other    1  0   0   0   0
local_removals_violent  1  0   0   0   1
removals_under_5        1  0   0   0   1
removals_5_14           3  0   0   0   1
removals_15_plus        2  0   0   0   0
removals_15_plus_none   1  0   0   0   0
hold_hours             94  0   0   0  24
separated               5  0   0   0   1
priority_releases       1  0   0   0   2
federal_releases        3  0   0   0   2
arrivals                5  0   1   2   4
jail                    2  0   1   1   6
prison                  1  0   0   1   2
ice                     4  0   0   0   1
removed                 3  0   0   0   2
legalized              10  0   0   0   4
"""

NONE = None
YEAR = 52 * 1000  # of a week and a resident: per 1,000 a year

# By outcome: undocumented, registered, Latino, all. 400 residents were Latino, of 1,000; in 160 of
# 360 households; 40 of the 100 undocumented.
LEVELS = {
    "trust": (18 / 36, 4 / 10, 210 / 356, 570 / 876),
    "perceived_risk": (9 / 36, 2 / 10, 42 / 356, 72 / 876),
    "reporting": (4 / 11, NONE, 26 / 62, 68 / 142),
    "reporting_violent": (2 / 5, NONE, 12 / 25, 29 / 55),
    "reporting_property": (2 / 6, NONE, 14 / 37, 39 / 87),
    "reporting_domestic": (1 / 1, NONE, 3 / 6, 8 / 16),
    "witnesses": (1 / 3, NONE, 5 / 10, 12 / 19),
    "victimization": (YEAR * 11 / 50, NONE, YEAR * 62 / 400, YEAR * 142 / 1000),
    "victimization_violent": (YEAR * 5 / 50, NONE, YEAR * 25 / 400, YEAR * 55 / 1000),
    "victimization_property": (YEAR * 6 / 20, NONE, YEAR * 37 / 160, YEAR * 87 / 360),
    "recorded_crime": (YEAR * 4 / 50, NONE, YEAR * 26 / 400, YEAR * 68 / 1000),
    "clearance_violent": (1 / 2, NONE, 5 / 12, 13 / 29),
    "clearance_property": (0 / 2, NONE, 3 / 14, 8 / 39),
    "solved": (1000 * 1 / 11, NONE, 1000 * 8 / 62, 1000 * 21 / 142),
    "stops": (YEAR * 12 / 50, NONE, YEAR * 59 / 400, YEAR * 119 / 1000),
    "bad_stops": (5 / 12, 1 / 3, 18 / 59, 27 / 119),
    "asked": (YEAR * 7 / 50, NONE, YEAR * 18 / 400, YEAR * 19 / 1000),
    "citations": (YEAR * 6 / 50, NONE, YEAR * 25 / 400, YEAR * 50 / 1000),
    "arrests": (YEAR * 5 / 50, NONE, YEAR * 17 / 400, YEAR * 34 / 1000),
    "arrests_felony": (YEAR * 2 / 50, NONE, YEAR * 5 / 400, YEAR * 9 / 1000),
    "jail_days": (YEAR * 33 / 50, NONE, YEAR * 68 / 400, YEAR * 159 / 1000),
    "matches": (YEAR * 8 / 40, NONE, YEAR * 8 / 40, YEAR * 11 / 100),
    "requests": (YEAR * 6 / 40, NONE, YEAR * 6 / 40, YEAR * 9 / 100),
    "detainers": (YEAR * 4 / 40, NONE, YEAR * 4 / 40, YEAR * 6 / 100),
    "notifications": (YEAR * 2 / 40, NONE, YEAR * 2 / 40, YEAR * 3 / 100),
    "requests_no_conviction": (3 / 6, NONE, 3 / 6, 4 / 9),
    "requests_misdemeanor": (1 / 6, NONE, 1 / 6, 2 / 9),
    "requests_felony": (1 / 6, NONE, 1 / 6, 1 / 9),
    "requests_violent": (1 / 6, NONE, 1 / 6, 2 / 9),
    "honored": (5 / 6, NONE, 5 / 6, 6 / 9),
    "declined": (1 / 6, NONE, 1 / 6, 3 / 9),
    "transfers": (YEAR * 3 / 40, NONE, YEAR * 3 / 40, YEAR * 4 / 100),
    "custody_per_request": (3 / 6, NONE, 3 / 6, 4 / 9),
    "at_large": (YEAR * 3 / 40, NONE, YEAR * 3 / 40, YEAR * 5 / 100),
    "removals": (YEAR * 6 / 40, NONE, YEAR * 6 / 40, YEAR * 8 / 100),
    "removals_no_conviction": (YEAR * 3 / 40, NONE, YEAR * 3 / 40, YEAR * 4 / 100),
    "removals_other_conviction": (YEAR * 2 / 40, NONE, YEAR * 2 / 40, YEAR * 2 / 100),
    "removals_violent": (YEAR * 1 / 40, NONE, YEAR * 1 / 40, YEAR * 2 / 100),
    "local_removals": (YEAR * 4 / 40, NONE, YEAR * 4 / 40, YEAR * 5 / 100),
    "local_removals_no_conviction": (YEAR * 2 / 40, NONE, YEAR * 2 / 40, YEAR * 2 / 100),
    "local_removals_other_conviction": (YEAR * 1 / 40, NONE, YEAR * 1 / 40, YEAR * 1 / 100),
    "local_removals_violent": (YEAR * 1 / 40, NONE, YEAR * 1 / 40, YEAR * 2 / 100),
    "removals_15_years": (2 / 6, NONE, 2 / 6, 2 / 8),
    "removals_15_years_no_conviction": (YEAR * 1 / 40, NONE, YEAR * 1 / 40, YEAR * 1 / 100),
    "removals_5_to_14_years": (3 / 6, NONE, 3 / 6, 4 / 8),
    "removals_under_5_years": (1 / 6, NONE, 1 / 6, 2 / 8),
    "hold_hours": (YEAR * 94 / 40, NONE, YEAR * 94 / 40, YEAR * 118 / 100),
    "separated": (YEAR * 5 / 40, NONE, YEAR * 5 / 40, YEAR * 6 / 100),
    "federal_releases": (YEAR * 3 / 40, NONE, YEAR * 3 / 40, YEAR * 5 / 100),
    "priority_releases": (YEAR * 1 / 40, NONE, YEAR * 1 / 40, YEAR * 3 / 100),
    "in_jail": (1000 * 2 / 50, NONE, 1000 * 4 / 400, 1000 * 10 / 1000),
    "in_prison": (1000 * 1 / 50, NONE, 1000 * 2 / 400, 1000 * 4 / 1000),
    "in_ice_custody": (1000 * 4 / 40, NONE, 1000 * 4 / 40, 1000 * 5 / 100),
    "absent": (1000 * 3 / 40, NONE, 1000 * 3 / 40, 1000 * 5 / 100),
    "newcomers": (YEAR * 5 / 50, NONE, YEAR * 8 / 400, YEAR * 12 / 1000),
    "exposed": (9 / 45, 1 / 5, 50 / 400, 110 / 1000),
    "legalized": (YEAR * 10 / 40, NONE, YEAR * 10 / 40, YEAR * 14 / 100),
    "undocumented": (30 / 45, 0 / 5, 30 / 400, 100 / 1000),
}

WHO = ("latino-undocumented", "latino-registered", "latino", "all")
COSTS = SimpleNamespace(cost_violent=1000.0, cost_property=100.0, cost_jail_day=7.0)
FIELD = {name: k for k, name in enumerate(TALLY.names)}


def week(**changed):
    """The week above as `levels` takes it; some tallies set anew."""
    table = {name: numbers for name, *numbers in map(str.split, WEEK.strip().split("\n"))}
    values = np.zeros((G, len(FIELD)))
    for name, numbers in (table | changed).items():
        values[:, FIELD[name]] = numbers
    return values


def hours(police, immigration):
    town = np.zeros(1, TOWN_TALLY)
    town["police_hours"], town["immigration_hours"] = police, immigration
    return measures.town_counts(town)[0]


def level(name, group="all", town=None, **changed):
    found = measures.levels(
        SHIPPED, week(**changed), hours(1200, 30) if town is None else town, COSTS
    )
    value = float(found[name, group])
    return None if np.isnan(value) else value


def test_every_outcome_of_groups_by_hand():
    found = measures.levels(SHIPPED, week(), hours(1200, 30), COSTS)
    wrong = {}
    for name, by_hand in LEVELS.items():
        got = tuple(float(found[name, group]) for group in WHO)
        if got != pytest.approx([np.nan if x is None else x for x in by_hand], nan_ok=True):
            wrong[name] = (got, by_hand)
    assert wrong == {}
    assert set(LEVELS) == set(OUTCOMES)
    assert set(found) == {(o, g) for o in OUTCOMES for g in SHIPPED.every} | {
        (o, "all") for o in TOWN_OUTCOMES
    }


def test_every_tally_is_read_by_an_outcome_or_has_another_reader():
    read = {field for o in GLOSSARY.values() for field in o.over + o.under}
    readers = {"households": "the denominator of groups as of each week"}
    beside = {EXPECTED[field] for field in read & set(EXPECTED)}
    assert {*TALLY.names, *TOWN_TALLY.names} - read - beside == set(readers)
    assert beside == set(EXPECTED.values())


def test_levels_of_what_was_to_be_expected_by_hand():
    tally = np.zeros(5, TALLY)
    tally["base_undocumented"] = [10, 0, 0, 0, 0]
    happened = {"violent": 20, "reported_violent": 8, "removals": 4, "removals_15_plus": 1}
    beside = {"violent": 16, "reported_violent": 10, "removals": -1, "transfers": 3}
    for name, value in happened.items():
        tally[name][0] = value
    for name, value in beside.items():
        tally[EXPECTED[name]][0] = value
    sums = np.array([list(row) for row in tally])
    found = measures.levels(SHIPPED, sums, hours(1200, 30), COSTS, expected=True)
    group = "latino-undocumented"
    assert found["reporting", group] == 10 / 16
    assert found["removals", group] == pytest.approx(0.4 * YEAR / 10)  # a tenth of four
    assert found["transfers", group] == pytest.approx(3 * YEAR / 10)  # though none happened
    assert found["removals_15_years", group] == 1 / 4  # of what happened: nothing else is known
    assert measures.levels(SHIPPED, sums, hours(1200, 30), COSTS)["reporting", group] == 8 / 20
    few = measures.events(SHIPPED, sums, hours(1200, 30))
    assert (few["reporting", group], few["removals", group]) == (8, 4)
    sums[0, TALLY.names.index(EXPECTED["reported_violent"])] = 17
    found = measures.levels(SHIPPED, sums, hours(1200, 30), COSTS, expected=True)
    assert found["reporting", group] == 1.0


def test_weeks_together_by_hand():
    names = list(TALLY.names)
    weeks = np.zeros((3, 2, len(names)))
    for name, happened, expected in (("removals", 1, 3), ("violent", 1, 3)):
        weeks[:, 1, names.index(name)] = happened
        weeks[:, 1, names.index(EXPECTED[name])] = expected
    found = measures.together(weeks)
    assert (found[0] == 0).all()
    assert found[1, names.index("removals")] == found[1, names.index("violent")] == 3
    assert found[1, names.index("expected_violent")] == 9
    # Of two more in each week as many count as would be removed in the 2, 1 and 0 weeks after.
    more = 2 * 0.9 * (2 - math.exp(-2 / 6) - math.exp(-1 / 6))
    assert found[1, names.index("expected_removals")] == pytest.approx(3 + more)
    some = ["violent", "expected_removals", "removals"]
    part = measures.together(weeks[..., [names.index(name) for name in some]], some)
    assert part[1].tolist() == pytest.approx([3, 3 + more, 3])


def test_members_of_groups_by_hand():
    # Reports of 18 crimes against residents of mixed-status families, and so on
    assert level("reporting", "latino-mixed") == pytest.approx(6 / 18)
    assert level("reporting", "latino-other") == pytest.approx(16 / 33)
    assert level("reporting", "non-latino") == pytest.approx(42 / 80)
    assert level("matches", "non-latino") == pytest.approx(YEAR * 3 / 60)
    assert level("matches", "latino-mixed") is None


@pytest.mark.parametrize(
    ("changed", "by_hand"),
    [
        ({}, (59 / 400) / (60 / 600)),
        ({"stops": (10, 0, 20, 30, 90)}, (60 / 400) / (90 / 600)),
        ({"stops": (0, 0, 0, 0, 90)}, 0.0),
        ({"stops": (10, 0, 20, 30, 0)}, None),
        ({"base_persons": (0, 0, 0, 0, 600)}, None),
    ],
)
def test_stop_disparity_by_hand(changed, by_hand):
    assert level("stop_disparity", **changed) == (by_hand and pytest.approx(by_hand))


@pytest.mark.parametrize(
    ("police", "immigration", "by_hand"),
    [(1200, 30, 0.025), (400, 100, 0.25), (400, 0, 0.0), (0, 0, None)],
)
def test_police_time_on_immigration_by_hand(police, immigration, by_hand):
    assert level("immigration_hours", town=hours(police, immigration)) == by_hand


@pytest.mark.parametrize(
    ("changed", "by_hand"),
    [
        # 39 violent, 16 domestic at $1,000; 87 at $100; 159 days at $7; of 1,000 residents
        ({}, 52 * (55 * 1000 + 87 * 100 + 159 * 7) / 1000),
        ({"domestic": (0, 0, 0, 0, 0)}, 52 * (39 * 1000 + 87 * 100 + 159 * 7) / 1000),
        ({"jail_days": (0, 0, 0, 0, 9), "base_persons": (0, 0, 0, 0, 500)}, 52 * 63763 / 500),
        ({"base_persons": (0, 0, 0, 0, 0)}, None),
    ],
)
def test_social_cost_by_hand(changed, by_hand):
    assert level("social_cost", **changed) == (by_hand and pytest.approx(by_hand))


def test_costs_may_be_one_a_run():
    costs = SimpleNamespace(
        cost_violent=np.array([1000.0, 0.0]),
        cost_property=np.array([0.0, 100.0]),
        cost_jail_day=np.array([0.0, 7.0]),
    )
    runs = np.stack([week(), week()])
    found = measures.levels(SHIPPED, runs, np.stack([hours(1, 0)] * 2), costs, ["social_cost"])
    assert list(found) == [("social_cost", "all")]
    assert found["social_cost", "all"] == pytest.approx([52 * 55, 52 * (8700 + 1113) / 1000])


def test_what_is_not_wanted_is_not_made():
    assert set(measures.levels(SHIPPED, week(), hours(1, 0), COSTS, ["stops"])) == {
        ("stops", group) for group in SHIPPED.every
    }
    assert set(measures.events(SHIPPED, week(), hours(1, 0), ["immigration_hours"])) == {
        ("immigration_hours", "all")
    }


# Of numerator and denominator the fewer, where they count events; infinite of amounts
EVENTS = {
    ("reporting", "latino-undocumented"): 4,
    ("reporting", "latino-registered"): 0,
    ("bad_stops", "latino"): 18,
    ("solved", "all"): 21,
    ("victimization", "latino"): 62,
    ("recorded_crime", "latino"): 26,
    ("requests", "all"): 9,
    ("honored", "all"): 6,
    ("custody_per_request", "latino"): 3,
    ("removals_15_years", "all"): 2,
    ("at_large", "all"): 5,
    ("trust", "all"): np.inf,
    ("exposed", "latino-registered"): np.inf,
    ("hold_hours", "all"): np.inf,
    ("hold_hours", "latino-mixed"): 0,
    ("undocumented", "latino-mixed"): 0,
    ("jail_days", "latino-registered"): 0,
    ("stop_disparity", "all"): 59,
    ("immigration_hours", "all"): np.inf,
    ("social_cost", "all"): 142,
}


def test_events_that_outcomes_rest_on_by_hand():
    found = measures.events(SHIPPED, week(), hours(1200, 30))
    assert {key: float(found[key]) for key in EVENTS} == EVENTS
    fewer = measures.events(SHIPPED, week(stops=(10, 0, 20, 30, 7)), hours(1200, 0))
    assert float(fewer["stop_disparity", "all"]) == 7
    assert float(fewer["immigration_hours", "all"]) == 0


def test_both_groupings_by_hand():
    """Stops are 1, 2, 4 ... by pair of groups: then and now, of whom three pairs have moved."""
    tally = np.zeros((2, K), TALLY)
    tally["stops"][0] = [1, 2, 4, 8, 16, 32, 64, 128]
    tally["stops"][1] = 1000
    tally["persons"][:] = [10, 20, 30, 40, 50, 1, 2, 3]
    tally["households"][:] = [4, 5, 6, 7, 8, 0.5, 0.25, 1]
    tally["undocumented"][:] = [10, 0, 0, 0, 5, 0, 0, 0]
    tally["base_persons"][:, :G] = [11, 19, 32, 43, 50]
    tally["base_households"][:, :G] = [4.5, 4.5, 6.25, 8, 8]
    tally["base_undocumented"][:, :G] = [11, 0, 0, 0, 5]
    first = measures.counts(tally)[0]
    assert first[:, FIELD["stops"]].tolist() == [33, 2, 68, 136, 16, 1, 34, 132, 72, 16]
    then, now = first[:G], first[G:]
    assert then[:, FIELD["base_persons"]].tolist() == [11, 19, 32, 43, 50]
    assert then[:, FIELD["persons"]].tolist() == [11, 20, 32, 43, 50]
    assert now[:, FIELD["base_persons"]].tolist() == [10, 21, 33, 42, 50]
    assert now[:, FIELD["base_households"]].tolist() == [4, 5.5, 7, 7.25, 8]
    assert now[:, FIELD["base_undocumented"]].tolist() == [10, 0, 0, 0, 5]
    both = measures.total(tally)
    assert both[:, FIELD["stops"]].tolist() == [
        *(2033, 1002, 2068, 2136, 1016),
        *(1001, 2034, 2132, 2072, 1016),
    ]
    found = measures.levels(SHIPPED, both, hours(1, 0), COSTS, ["stops"])
    assert found["stops", "latino-registered"] == pytest.approx(YEAR * 1002 / 38)
    assert found["stops", "current-latino-registered"] == pytest.approx(YEAR * 2034 / 42)
    assert found["stops", "current-latino"] == pytest.approx(YEAR * 7239 / 212)


def test_weeks_before_the_arms_part_are_over_those_of_the_day():
    past, after = np.zeros((3, 2 * G, len(FIELD))), np.zeros((2, 2 * G, len(FIELD)))
    past[:, :G] = 1.0
    past[:, G:, FIELD["stops"]] = np.arange(15).reshape(3, G)
    past[:, G:, FIELD["base_persons"]] = 90
    after[0, :G, FIELD["base_persons"]] = [11, 19, 32, 43, 50]
    after[0, :G, FIELD["base_households"]] = [1, 2, 3, 4, 5]
    after[0, :G, FIELD["base_undocumented"]] = [11, 0, 0, 0, 5]
    after[1] = 7.0
    stood = measures.earlier(past, after)
    assert stood[:, :G, FIELD["stops"]].tolist() == np.arange(15).reshape(3, G).tolist()
    for week_before in stood[:, :G]:
        assert week_before[:, FIELD["base_persons"]].tolist() == [11, 19, 32, 43, 50]
        assert week_before[:, FIELD["base_households"]].tolist() == [1, 2, 3, 4, 5]
        assert week_before[:, FIELD["base_undocumented"]].tolist() == [11, 0, 0, 0, 5]
    assert (stood[:, G:, FIELD["base_persons"]] == 90).all()


def test_groups_of_a_frame():
    parts = ("latino-undocumented", "latino-registered", "latino-mixed", "latino-other")
    assert SHIPPED.every == (*parts, "non-latino", "latino", "all")
    assert SHIPPED.current == tuple(f"current-{g}" for g in SHIPPED.every)


def test_what_an_outcome_is_at_most():
    tops = {name: GLOSSARY[name].top for name in GLOSSARY}
    assert {n for n, top in tops.items() if top == 1} == {
        *("trust", "perceived_risk", "reporting", "reporting_violent", "reporting_property"),
        *("reporting_domestic", "witnesses", "clearance_violent", "clearance_property"),
        *("requests_misdemeanor", "requests_felony", "requests_violent", "removals_5_to_14_years"),
        *("bad_stops", "requests_no_conviction", "honored", "declined", "removals_15_years"),
        *("removals_under_5_years", "exposed", "undocumented", "immigration_hours"),
    }
    assert tops["solved"] == 1000
    assert sum(np.isfinite(top) for top in tops.values()) == 23
