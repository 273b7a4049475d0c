"""What studies make of pooled counts, by hand; their errors; event studies on known panels."""

from __future__ import annotations

import datetime as dt
import importlib.util
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trustabm.evidence.moments import pooled
from trustabm.evidence.studies import STUDIES, standing_worry, trust_panel
from trustabm.evidence.studies.avoidance import with_one_at_home
from trustabm.evidence.studies.secure_communities import peak_quarter
from trustabm.evidence.studies.stated_chilling import EDGES
from trustabm.evidence.studies.trust_panel import products
from trustabm.evidence.study import (
    PublishedStudy,
    change,
    ratio,
    share_above,
    threshold_of,
)
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.town import town


def histogram(**taken):
    """From how many residents fear takes how much, each in the middle of a class."""
    return {n: np.histogram([x + 0.00025 for x in at], EDGES)[0] * 1.0 for n, at in taken.items()}


def worries(**groups):
    """Counts of worry by class, of so many who worry much among so many."""
    return {
        name: np.histogram([2.0] * much + [0.1] * (all_ - much), standing_worry.EDGES)[0] * 1.0
        for name, (much, all_) in groups.items()
    }


# Of 25 residents eleven (44%) are above the threshold, and so the share of all is 44 by design.
FALLS = histogram(
    all=[0.3] * 11 + [0.0] * 14,
    undocumented=[0.3] * 6 + [0.0] * 2,
    us_born=[0.3] * 3 + [0.0] * 9,
)

ARMS = ("without", "communities")

QUARTERS = {
    "without_latino_quarters": np.full(8, 100.0),
    "without_other_quarters": np.full(8, 100.0),
    # 20 percent at the peak, less the square of the quarters from it
    "communities_latino_quarters": np.array([111.0, 116, 119, 120, 119, 116, 111, 104]),
    "communities_other_quarters": np.array([100.0, 100, 100, 100, 100, 100, 100, 103]),
    **{
        f"{arm}_{who}_quarters_of": np.full(8, 1000.0)
        for arm in ARMS
        for who in ("latino", "other")
    },
}

YEARS = range(2007, 2019)

# Trust of four people in three waves: as before, then anew
PANEL = np.array([[1, 1, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]], float)
# Trust a year before, a bad stop, a solved report; trust now is .1 + half of it, -.1, +.05
LIVED = np.array([[1, 1, 1, 1, 1], [0.2, 0.4, 0.6, 0.2, 0.8], [0, 0, 1, 1, 0], [0, 1, 0, 0, 0]])
STOPS = np.array([0.0, 0, 1, 2])


def trust_at(*classes):
    """Counts of trust, one in each of these classes."""
    counts = np.zeros(len(trust_panel.EDGES) - 1)
    counts[list(classes)] = 1.0
    return counts


def normal_share(*deviations):
    """Percentage above the middle, of classes so many standard deviations of noise above it."""
    return 100.0 * float(np.mean([0.5 * (1 + math.erf(z / math.sqrt(2))) for z in deviations]))


def announced(**changed):
    """Reports by arm, ethnicity, kind and end: 100 each, but for these in the announced arm."""
    plain = {
        f"{arm}_{who}_{kind}_{end}": 100.0
        for arm in ("without", "announced")
        for who in ("latino", "other")
        for kind in ("violent", "domestic", "property")
        for end in (11, 17, 26, 52)
    }
    return plain | {f"announced_{name}": x for name, x in changed.items()}


COUNTS = {
    "secure-communities": (
        {
            "without_latino_crimes": 200,
            "without_latino_reports": 80,
            "without_latino_persons": 10_000,
            "communities_latino_crimes": 220,
            "communities_latino_reports": 66,
            "communities_latino_persons": 10_000,
            "without_other_crimes": 300,
            "without_other_reports": 120,
            "without_other_persons": 20_000,
            "communities_other_crimes": 303,
            "communities_other_reports": 124,
            "communities_other_persons": 20_200,
            "without_latino_violent": 40,
            "communities_latino_violent": 44,
            **QUARTERS,
        },
        {
            "1": -25.0,  # 66 / 220 = 0.3 over 0.4
            "2": 10.0,
            "4a": 100 * (124 / 303 / 0.4 - 1),
            "4b": 0.0,
            "5d": -17.5,  # 66 over 80
            "A1-06a": 4.0,
            "A1-06b": 4 / ((19 + 20 + 19) / 3),
            "A8-04": 10.0,
        },
    ),
    "dallas": (
        {
            "priorities_latino": 110,
            "steady_latino": 100,
            "priorities_other": 206,
            "steady_other": 200,
        },
        {"6": 7.0},
    ),
    "offending-elasticity": (
        {
            "forced_crimes": 216,
            "forced_persons": 9000,
            "without_crimes": 220,
            "without_persons": 10_000,
        },
        {"3": (216 / 9000 / 0.022 - 1) * 100 / -10},
    ),
    "sanctuary-removals": (
        {
            **{f"sanctuary_jail_{r}": x for r, x in enumerate((1, 2, 3, 4))},
            **{f"sanctuary_later_{r}": x for r, x in enumerate((2, 1, 1, 1))},
            **{f"steady_jail_{r}": x for r, x in enumerate((5, 5, 4, 4))},
            **{f"steady_later_{r}": x for r, x in enumerate((1, 1, 0, 0))},
            "sanctuary_reports": 330,
            "steady_reports": 300,
            "sanctuary_persons": 11_000,
            "steady_persons": 12_000,
            "sanctuary_solved": 120,
            "steady_solved": 100,
            "sanctuary_known": 400,
            "steady_known": 250,
        },
        {
            "8a": -25.0,  # 15 of 20
            "8b": -50.0,  # 3 of 6
            "8c": 25.0,  # 5 of 4
            "8x": 100 * (10 / 18 - 1),
            "13a": 20.0,  # 0.03 over 0.025
            "13b": -25.0,  # 0.3 over 0.4
        },
    ),
    "exposure": (
        {"exposed": 24, "persons": 100, "asked": 9, "asked_of": 120, "close": 66},
        {"11a": 24.0, "11b": 7.5, "15": 55.0},
    ),
    "recorded-crime": (
        {
            f"{arm}_{what}": x
            for arm, (reports, persons) in {
                "without": (100, 1000),
                "communities": (105, 1000),
                "jail": (99, 1100),
                "steady": (120, 1000),
                "sanctuary": (132, 1200),
            }.items()
            for what, x in (("reports", reports), ("persons", persons))
        },
        {"5a": 5.0, "5b": -10.0, "5c": 100 * (0.11 / 0.12 - 1)},
    ),
    "legalization": (
        {"crimes": 50, "reports": 15, "registered": 80, "chances": 34},
        {"7a": 30.0, "7b": 42.5},
    ),
    "stated-chilling": (
        FALLS,
        {"10": 0.75 / 0.25, "10b1": 44.0, "10b2": 75.0, "10b3": 25.0},
    ),
    "enforcement-flow": (
        {
            "communities_requests": 26,
            "communities_undocumented": 52_000,
            "communities_none": 13,
            "communities_local": 8,
            "communities_local_none": 2,
            "communities_removals": 12,
            "communities_custody": 5,
            "priorities_requests": 13,
            "priorities_undocumented": 26_000,
            "priorities_none": 2,
            "priorities_custody": 4,
            "priorities_removals": 3,
            "jail_national": 20,
            "jail_national_minor": 8,
            "jail_universal": 40,
            "jail_universal_minor": 32,
            "jail_targeted": 10,
            "jail_targeted_minor": 1,
        },
        {
            "12a": 2.6,
            "12b": 2.6,
            "12c": 50.0,
            "12d": 200 / 13,
            "12e": 40.0,
            "12f": 400 / 13,
            "12g": 80.0,
            "12h": 10.0,
            "16": 25.0,
            "17a": 1.2,
            "17b": 0.6,
        },
    ),
    "legalized-crime": (
        {
            "amnesty_crimes": 95,
            "amnesty_persons": 1000,
            "steady_crimes": 100,
            "steady_persons": 1000,
            "registered": 20,
            "residents": 1000,
        },
        {"18": -2.5},  # 5% less of 2%
    ),
    "year-2025": (
        {
            "before_undocumented": 1000,
            "after_undocumented": 500,
            "before_transfers": 8,
            "before_at_large": 3,
            "before_collateral": 1,
            "before_removals": 10,
            "after_transfers": 10,
            "after_at_large": 12,
            "after_collateral": 8,
            "after_removals": 15,
            **worries(
                march_immigrants=(33, 100),
                june_immigrants=(41, 100),
                march_latino=(42, 100),
                october_latino=(51, 100),
                october_us_born=(30, 100),
            ),
            "april_know": 9,
            "april_of": 100,
            "september_know": 50,
            "september_of": 200,
        },
        {
            "19a": 5.0,
            "19b": 10.0,
            "19c": 2.5,
            "19d": 3.0,
            "B4-08a": 9.0,
            "B4-08b": 25.0,
            "T9-03": 41.0,
            "T9-05a": 51.0,
            "T9-05b": 30.0,
        },
    ),
    "standing-worry": (
        {
            **worries(
                all=(39, 100),
                undocumented=(8, 10),
                lawful=(5, 10),
                naturalized=(3, 10),
                us_born=(1, 4),
            ),
            # step, trust, log odds: a step goes with -.5, a unit of trust with +3
            "within": np.array([[4.0, 0.0, -2.0], [0.0, 1.0, 3.0], [-2.0, 3.0, 12.0]]),
            "respondents": 100,
            "domestic": 20,
            "domestic_reports": 8,
        },
        {
            "T9-02a": 80.0,
            "T9-02b": 50.0,
            "T9-02c": 30.0,
            "T9-02d": 25.0,
            "T9-02e": 3.2,
            "T4-01": math.exp(-0.5),
            "T4-02": 3.0 * 0.1 - 0.5 * 0.2,  # of standard deviations .1 and .2
            "T10-04": 40.0,
        },
    ),
    "trust-panel": (
        {
            "everyone": trust_at(30, 70),  # .305 and .705
            "latino": trust_at(30),
            "waves": products(PANEL),
            "contact": products([*LIVED, 0.1 + 0.5 * LIVED[1] - 0.1 * LIVED[2] + 0.05 * LIVED[3]]),
            "stopped": products([np.ones(4), STOPS > 0, 0.02 - 0.03 * (STOPS > 0)]),
            "calls": products([np.ones(4), STOPS > 0, 1.0 - 2.0 * (STOPS > 0)]),
            "each_stop": products([np.ones(4), STOPS, 1.0 - 0.5 * STOPS]),
            "places": products([[1, 1, 1], [0.1, 0.2, 0.3], [0.3, 0.4, 0.5], [0.6, 0.5, 0.4]]),
        },
        {
            "T1-01": normal_share(-1.95, 2.05),  # noise of .1: half of the spread
            "T1-02a": 0.505,
            "T1-02b": 0.2 / math.sqrt(0.8),
            "T1-05": normal_share(-1.95),
            "T1-07a": normal_share(-1.95, 2.05),
            "T1-07b": normal_share(-1.95),
            "T1-09": 50.5,
            "T2-03": 0.0,
            "T2-04": 0.4,  # 1 and 0, by the reliability
            "T2-05": 0.0,
            "T2-07": 0.8 / 3,
            "T3-08a": -0.1,
            "T3-08b": 0.05,
            "T3-10": -0.03,
            "T4-08": -2.0,
            "T4-10": -0.5,
            "T4-12a": 1.0,
            "T4-12b": -1.0,
        },
    ),
    "avoidance": (
        {
            "families": 200,
            "any": 34,
            "police": 16,
            "without": 50,
            "without_any": 20,
            "lawful": 150,
            "lawful_any": 15,
        },
        {"T10-01a": 17.0, "T10-01b": 8.0, "T10-02a": 40.0, "T10-02b": 10.0},
    ),
    "directed-patrol": (
        {
            "during_patrol": 49,
            "during_usual": 50,
            "after_patrol": 49.75,
            "after_usual": 50,
            "asked": 100,
        },
        {"T7-01a": -1.0, "T7-01b": 75.0},
    ),
    "announcement-2017": (
        announced(
            latino_violent_11=75,
            latino_domestic_11=90,
            latino_property_11=99,
            latino_violent_17=80,
            latino_domestic_17=90,
            latino_domestic_26=88,
            other_domestic_26=101,
            latino_violent_52=95,
            latino_domestic_52=97,
        ),
        {
            "T5-04a": -20.0 + 10.0,  # against everyone's, half of whom are Latino
            "T5-04b": -10.0 + 5.0,
            "T5-05": 100 * 2.0 / 7.5,
            "T5-06a": -25.0,
            "T5-06b": -10.0,
            "T5-07": -12.0,
            "A11-04a": -12.0,
            "A11-04b": 1.0,
        },
    ),
    "dose": (
        {
            **{f"{arm}_asked": 100 for arm in ("without", "convicted", "communities")},
            "without_trust": 50,
            "convicted_trust": 48,
            "communities_trust": 40,
            "without_convicted": 2,
            "convicted_convicted": 12,
            "communities_convicted": 13,
            "without_none": 0,
            "convicted_none": 0,
            "communities_none": 8,
            "without_calls": 40,
            "without_callers": 100,
            "communities_calls": 30,
            "communities_callers": 100,
            "steady_calls": 30,
            "steady_callers": 100,
            "sanctuary_calls": 36,
            "sanctuary_callers": 110,
        },
        {
            "T6-09": 0.002 / (0.002 + 0.01),  # .02 over 10, .08 over 8
            "T6-12a": -25.0,
            "T6-12b": 100 * (36 / 110 / 0.3 - 1),
        },
    ),
    "jail-screening": (
        {
            "without_latino_minor": 20,
            "jail_latino_minor": 32,
            "without_other_minor": 40,
            "jail_other_minor": 42,
            "without_latino_arrests": 100,
            "jail_latino_arrests": 110,
            "referred": 40,
            "felonies": 6,
        },
        {"T8-01": 60.0, "T8-02a": 15.0, "T8-02b": 5.0, "T8-06": 10.0},
    ),
    "sanctuary-era": (
        {
            "usual_latino_crimes": 100,
            "usual_latino_reports": 40,
            "usual_other_crimes": 200,
            "usual_other_reports": 90,
            "refuge_latino_crimes": 90,
            "refuge_latino_reports": 45,
            "refuge_other_crimes": 200,
            "refuge_other_reports": 90,
        },
        {"A5-01": 25.0, "A5-02": 0.0},
    ),
    "agreements": (
        {
            f"{arm}_{what}": x
            for arm, (crimes, violent) in {
                "without": (100, 50),
                "jail": (104, 51),
                "street": (110, 60),
                "steady": (120, 50),
                "sanctuary": (110, 49),
            }.items()
            for what, x in (("crimes", crimes), ("violent", violent), ("persons", 1000))
        },
        {"A8-05a": 20.0, "A8-05b": 2.5, "A8-06": 2.0, "A8-07": -2.0},
    ),
    "raids": (
        {
            "usual_first": 50,
            "raids_first": 40,
            "usual_later": 100,
            "raids_later": 96,
            "usual_domestic": 40,
            "raids_domestic": 36,
        },
        {"A11-01": -20.0, "A11-02": 80.0, "A11-03": -10.0},
    ),
    "training": (
        {
            "usual_stops": 100,
            "usual_bad": 12,
            "usual_trust": 55,
            "usual_asked": 100,
            "trained_stops": 110,
            "trained_bad": 6.6,
            "trained_trust": 112,
            "trained_asked": 200,
        },
        {"T3-14a": 0.5, "T3-14b": 1.0},
    ),
    "history": (
        {
            **{f"{who}_of_{year}": 100 for who in ("citizens", "noncitizens") for year in YEARS},
            **{f"noncitizens_{year}": 50 - (year == 2012) * 10 for year in YEARS},
            **{f"citizens_{year}": 20 + (year > 2016) * 5 for year in YEARS},
            "handed_2016": 20,
            "handed_2018": 50,
            "handed_2019": 35,
        },
        {"B4-12a": 0.8, "B4-12b": 25.0, "T7-05a": 2.5, "T7-05b": 0.7},
    ),
    "what-carries-it": (
        {
            f"{arm}_{when}_{what}": x
            for arm, crimes, reports in (
                ("without", 100, 40),
                ("communities", 110, 33),
                ("nobody taken", 100, 38),
                ("many taken", 120, 36),
                ("unheard", 105, 42),
            )
            for when in ("all", "end")
            for what, x in (("crimes", crimes), ("reports", reports), ("persons", 1000))
        },
        {
            f"{arm}, {what}, {when}": x
            for arm, reporting, crimes in (
                ("communities", -25.0, 10.0),
                ("nobody taken", -5.0, 0.0),
                ("many taken", -25.0, 20.0),
                ("unheard", 0.0, 5.0),
            )
            for what, x in (("reporting", reporting), ("victimization", crimes))
            for when in ("all", "end")
        },
    ),
    "other-residents": (
        {
            **{
                f"{arm}_latino_{what}": 1
                for arm in ARMS
                for what in ("crimes", "reports", "persons")
            },
            "without_other_crimes": 300,
            "without_other_reports": 120,
            "without_other_persons": 20_000,
            "communities_other_crimes": 330,
            "communities_other_reports": 99,
            "communities_other_persons": 20_000,
            "without_other_violent": 50,
            "communities_other_violent": 49,
            **{f"{arm}_latino_violent": 1 for arm in ARMS},
            **QUARTERS,
        },
        {"4c": -25.0, "4d": 10.0, "A1-07": 3.0, "A8-08": -2.0},
    ),
    "baselines": (
        {
            "violent_all": 50,
            "persons_all": 52_000,
            "property_all": 90,
            "households_all": 26_000,
            "violent_reports_all": 20,
            "property_reports_all": 27,
            "violent_solved": 9,
            "violent_known": 20,
            "property_solved": 6,
            "property_known": 30,
            "stopped": 160,
            "stopped_of": 2000,
            "arrests": 40,
            "officers": 22,
            "people": 10_000,
            "long_here": 35,
            "undocumented": 100,
            "crimes_by_undocumented": 9,
            "number_of_undocumented": 100,
            "crimes_by_us_born": 160,
            "number_of_us_born": 800,
            "violent_latino": 20,
            "violent_reports_latino": 9,
            "violent_other": 30,
            "violent_reports_other": 11,
            "property_latino": 40,
            "property_reports_latino": 12,
            "persons_latino": 20_800,
            "households_latino": 10_400,
        },
        {
            "b1": 50.0,
            "b2": 180.0,
            "b3": 40.0,
            "b4": 30.0,
            "b5": 45.0,
            "b6": 20.0,
            "b7": 8.0,
            "b8": 4.0,
            "b9": 2.2,
            "b10": 35.0,
            "b11": 0.45,
            "b12": 45 - 1100 / 30,
            "b13": 35.0,
            "14": (5.0 + 20.0) / 12,
        },
    ),
}


@pytest.mark.parametrize("name", COUNTS)
def test_numbers_of_studies_by_hand(name):
    counts, numbers = COUNTS[name]
    found = STUDIES[name].estimate(counts)
    assert {k: found[k] for k in numbers} == pytest.approx(numbers, abs=1e-9)
    assert set(found) == set(numbers)


def test_no_study_is_without_numbers_by_hand():
    assert set(STUDIES) == set(COUNTS)


def test_a_path_without_a_top_within_is_highest_at_an_end():
    quarters = np.arange(1.0, 9.0)
    assert peak_quarter(quarters) == 8
    assert peak_quarter(-quarters) == 1
    assert peak_quarter((quarters - 3.0) ** 2) == 8  # a trough
    assert peak_quarter(-((quarters - 9.0) ** 2)) == 8  # a top beyond them


def test_of_nothing_nothing_is_left():
    """Where a fall or a peak is none, how much of it is left is a number all the same."""
    flat = QUARTERS | {"communities_latino_quarters": np.full(8, 100.0)}
    counts = COUNTS["secure-communities"][0] | flat
    assert STUDIES["secure-communities"].estimate(counts)["A1-06b"] == 0
    assert STUDIES["announcement-2017"].estimate(announced())["T5-05"] == 0
    same = dict.fromkeys(COUNTS["directed-patrol"][0], 50)
    assert STUDIES["directed-patrol"].estimate(same)["T7-01b"] == 100
    same = dict.fromkeys(COUNTS["raids"][0], 50)
    assert STUDIES["raids"].estimate(same)["A11-02"] == 100
    same = dict.fromkeys(COUNTS["dose"][0], 50)
    assert STUDIES["dose"].estimate(same)["T6-09"] == 0


def test_a_family_is_of_those_who_live_together():
    home = np.array([0, 0, 2, 3, 3, 3])
    some = np.array([False, True, False, False, False, True])
    assert with_one_at_home(home, some).tolist() == [True, True, False, True, True, True]


def test_thresholds_are_where_a_share_is_above():
    counts, edges = np.array([2.0, 0.0, 8.0]), np.array([0.0, 1.0, 2.0, 6.0])
    assert threshold_of(counts, edges, 0.4) == 4.0  # half of the eight
    assert share_above(counts, edges, 4.0) == pytest.approx(0.4)
    assert share_above(counts, edges, 1.5) == pytest.approx(0.8)
    assert threshold_of(counts, edges, 0.9) == pytest.approx(0.5)


def test_a_single_question_is_answered_with_noise_that_parameters_share():
    worry = np.random.default_rng(1).random(20_000)
    steps = standing_worry.steps(worry, 3)
    assert np.bincount(steps).tolist() == [5000] * 4
    assert np.array_equal(steps, standing_worry.steps(worry**3, 3))  # ranks alone count
    # Of the variance of the answer half is worry, so they correlate at its root, less the steps'.
    assert 0.6 < np.corrcoef(worry, steps)[0, 1] < math.sqrt(0.5)


def test_ratios_and_changes():
    assert (ratio(3, 4), change(3, 4), change(5, 4)) == (0.75, -25.0, 25.0)
    assert math.isnan(ratio(3, 0))
    assert math.isnan(change(3, 0))


def test_the_error_of_a_pooled_ratio_is_the_jackknifes():
    # 6 of 20 in all; without each 5/14, 4/12 and 3/14
    study = PublishedStudy("s", "t", "latino", lambda lab: {}, lambda c: {"r": c["x"] / c["n"]})
    m = pooled(study, [{"x": x, "n": n} for x, n in ((1, 6), (2, 8), (3, 6))])["r"]
    assert m.value == 0.3
    rest = np.array([5 / 14, 4 / 12, 3 / 14])
    assert m.error == pytest.approx(math.sqrt(2 / 3 * ((rest - rest.mean()) ** 2).sum()))
    one = pooled(study, [{"x": 1, "n": 4}])["r"]
    assert one.value == 0.25
    assert math.isnan(one.error)


# The rollout: counties that differ, quarters that differ, and an effect that is known


@pytest.fixture(scope="module")
def rollout():
    pytest.importorskip("pyfixest")
    path = Path(__file__).parents[2] / "experiments/rollout.py"
    spec = importlib.util.spec_from_file_location("rollout", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def panel(effect):
    """Twelve counties over twenty quarters, three treated in quarter 7, 9 and 12, others never."""
    rows = []
    for county in range(12):
        cohort = {0: 7, 1: 7, 2: 7, 3: 9, 4: 9, 5: 9, 6: 12, 7: 12, 8: 12}.get(county, 99)
        for quarter in range(20):
            base = 0.3 + 0.02 * county + 0.01 * math.sin(quarter)
            event = quarter - cohort
            rate = base + (effect(event) if event >= 0 else 0.0)
            rows.append(
                {
                    "county": county,
                    "quarter": quarter,
                    "cohort": cohort,
                    "people": 40.0,
                    "crimes": 100 + 10 * county,
                    "reported": rate * (100 + 10 * county),
                    "expected": rate * (100 + 10 * county),
                    "crimes_without": 100 + 10 * county,
                    "expected_without": base * (100 + 10 * county),
                }
            )
    return pd.DataFrame(rows)


def test_counties_are_reached_in_the_quarter_of_their_month(rollout):
    # Quarters begin in October 2007; of January 2013 is whom the panel never sees reached.
    days = [(2008, 10, 27), (2010, 6, 1), (2012, 12, 30), (2013, 1, 1)]
    assert [rollout.cohort_of(dt.date(*day)) for day in days] == [4, 10, 20, rollout.NEVER]
    # Autauga County, Alabama: April 2011; Aleutians East: not known
    assert rollout.activated(town("01001@2019")) == dt.date(2011, 4, 1)
    assert rollout.activated(town("02013@2019")) is None


def test_a_county_of_the_rollout_counts_for_as_many_as_there_are(rollout):
    # Loving County, Texas, has fewer residents than the least; Los Angeles more than a hundred
    # times the most.
    small, large = town("48301@2019"), town("06037@2019")
    assert rollout.residents_of(small) == small.population.value < rollout.LEAST
    assert rollout.residents_of(large) == rollout.MOST
    task = rollout.Task(0, 0, "48301", Parameters())
    found = rollout.lived(task)
    assert found["people"] == 1.0
    assert found["cohort"] == rollout.cohort_of(rollout.activated(small))
    # With and without are one world until the county is reached.
    same = slice(0, found["cohort"])
    assert found["crimes"][same] == found["crimes_without"][same]
    assert found["expected"][same] == found["expected_without"][same]
    frame = rollout.panel_of({"48301": found, "02013": {}})
    assert len(frame) == rollout.QUARTERS
    assert set(frame["county"]) == {"48301"}


@pytest.mark.filterwarnings("ignore")
def test_larger_counties_weigh_more(rollout):
    # Two counties reached in quarter 7: -0.1 for 3 of 4 people, +0.1 for one of them.
    some = panel(lambda event: 0.0)
    some = some[some["county"].isin([0, 9])].copy()
    other = some["county"] == 9
    some.loc[other, "cohort"] = 7
    some["crimes"] = some["crimes_without"] = 100
    some["people"] = np.where(other, 1.0, 3.0)
    after = some["quarter"] >= 7
    moved = np.where(other, 0.1, -0.1) * after * 100
    some["expected"] = some["expected_without"] + moved
    assert rollout.truth(some)["effect"][[-1, 0, 5]].to_numpy() == pytest.approx([0, -0.05, -0.05])


@pytest.mark.filterwarnings("ignore")
def test_event_studies_find_an_effect_that_is_known(rollout):
    grown = panel(lambda event: -0.02 - 0.005 * min(event, 8))
    true = rollout.truth(grown)
    assert true["effect"][[0, 1, 7]].to_numpy() == pytest.approx([-0.02, -0.025, -0.055])
    assert true["effect"][[-1, -7]].to_numpy() == pytest.approx([0, 0], abs=1e-12)
    found = rollout.saturated(grown)["effect"]
    for event in range(9):
        assert found[event] == pytest.approx(-0.02 - 0.005 * event, abs=1e-9)
    assert found[[-6, -3, -1]].to_numpy() == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_two_way_fixed_effects_find_an_effect_that_is_the_same_for_all(rollout):
    path, one = rollout.two_way(panel(lambda event: -0.03))
    assert one["effect"] == pytest.approx(-0.03, abs=1e-9)
    assert path["effect"][[0, 4, 8]].to_numpy() == pytest.approx([-0.03] * 3, abs=1e-9)
    assert path["effect"][[-6, -2, -1]].to_numpy() == pytest.approx([0] * 3, abs=1e-9)
    # ... and not one that grows: early counties stand in for late ones (Goodman-Bacon 2021)
    _, grown = rollout.two_way(panel(lambda event: -0.02 - 0.005 * min(event, 8)))
    assert grown["effect"] > -0.045
