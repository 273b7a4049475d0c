"""What studies make of pooled counts, by hand; their errors; event studies on known panels."""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trustabm.evidence.moments import pooled
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.studies.stated_chilling import EDGES
from trustabm.evidence.study import PublishedStudy, change, ratio


def histogram(**falls):
    """How many residents have fallen by how much, each in the middle of a class."""
    return {n: np.histogram([x + 0.00025 for x in at], EDGES)[0] * 1.0 for n, at in falls.items()}


# Of 25 residents eleven (44%) are above the threshold, and so the share of all is 44 by design.
FALLS = histogram(
    all=[0.3] * 11 + [0.0] * 14,
    undocumented=[0.3] * 6 + [0.0] * 2,
    us_born=[0.3] * 3 + [0.0] * 9,
)

ARMS = ("without", "communities")
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
        },
        {
            "1": -25.0,  # 66 / 220 = 0.3 over 0.4
            "2": 10.0,
            "4a": 100 * (124 / 303 / 0.4 - 1),
            "4b": 0.0,
            "5d": -17.5,  # 66 over 80
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
        },
        {"19a": 5.0, "19b": 10.0, "19c": 2.5, "19d": 3.0},
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
        },
        {"4c": -25.0, "4d": 10.0},
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
    path = Path(__file__).parents[2] / "experiments/studies/rollout/rollout.py"
    spec = importlib.util.spec_from_file_location("rollout", path)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
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
                    "crimes": 100 + 10 * county,
                    "reported": rate * (100 + 10 * county),
                    "expected": rate * (100 + 10 * county),
                    "crimes_without": 100 + 10 * county,
                    "expected_without": base * (100 + 10 * county),
                }
            )
    return pd.DataFrame(rows)


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
