"""Regret and satisficing of arms whose values are known; a box that is known."""

import sys

import numpy as np
import pandas as pd
import pytest

from trustabm.analysis.decisions import regret, satisficing, values
from trustabm.analysis.discovery import discover
from trustabm.errors import InvalidInput, NotInstalled


def runs(noise=0.0, replicates=20, seed=0):
    """Return runs of a bold arm (0 or 10), a steady one (always 6) and one that does nothing."""
    rng = np.random.default_rng(seed)
    rows = []
    for replicate in range(replicates):
        for point in range(4):
            luck = rng.normal(0, noise)
            for arm, value in (("none", 1), ("bold", 10 * (point % 2)), ("steady", 6)):
                rows.append(("here", point, replicate, arm, value + luck + rng.normal(0, noise)))
    return pd.DataFrame(rows, columns=["town", "point", "replicate", "arm", "trust__all"])


def test_regret_is_the_distance_to_the_best_of_each_condition():
    found = regret(values(runs(), "trust__all"), "high").set_index("arm")
    assert list(found.index) == ["steady", "bold", "none"]
    assert list(found["worst"]) == [4, 6, 9]
    assert list(found["mean"]) == [2, 3, 7]
    assert list(found["best"]) == [0.5, 0.5, 0]
    np.testing.assert_allclose(found["worst_low"], found["worst_high"])  # no luck, no doubt


def test_low_may_be_better():
    found = regret(values(runs(), "trust__all"), "low").set_index("arm")
    assert found.loc["none", "worst"] == 1
    assert found.loc["bold", "worst"] == 9


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Power: 100 intervals that hold it 86 times on average (measured over 600), give or take 3.5.

    A bootstrap of 20 replicates takes the normal for Student's distribution, hence fewer than 90.
    """
    held = 0
    for seed in range(100):
        found = regret(values(runs(noise=1.0, seed=seed), "trust__all"), "high").set_index("arm")
        held += found.loc["steady", "mean_low"] < 2 < found.loc["steady", "mean_high"]
    assert 75 <= held <= 98


def test_satisficing_is_the_share_of_conditions_that_are_good_enough():
    found = satisficing(values(runs(), "trust__all"), "high", 6.0).set_index("arm")
    assert dict(found["share"]) == {"steady": 1, "bold": 0.5, "none": 0}


def test_a_condition_with_a_failed_run_is_left_out():
    frame = runs().drop(index=3)
    found = values(frame, "trust__all")
    assert (found.missing, len(found.conditions)) == (1, 3)


def test_unknown_outcomes_are_refused():
    with pytest.raises(InvalidInput, match="did you mean 'trust__all'"):
        values(runs(), "trust_all")


def cases(n=500, seed=0, wrong=0.05):
    """Return conditions of which a box of a and b holds the cases, some of them mislabelled."""
    rng = np.random.default_rng(seed)
    x = pd.DataFrame(rng.random((n, 4)), columns=["a", "b", "c", "d"])
    interest = (x["a"] > 0.6) & (x["b"] < 0.5)
    return x, (interest ^ (rng.random(n) < wrong)).to_numpy()


def test_the_box_is_found_and_its_walls_are_firm():
    x, interest = cases()
    found = discover(x, interest, "A lowers reporting by more than 2%", dense=0.9, resamples=8)
    assert {"a", "b"} <= set(found.box)
    assert found.box["a"][0] == pytest.approx(0.6, abs=0.06)
    assert found.box["b"][1] == pytest.approx(0.5, abs=0.06)
    assert found.density > 0.8
    assert found.coverage > 0.7
    assert 0.7 < found.honest <= 1
    told = found.stability.set_index("parameter")
    assert (told.loc[["a", "b"], "restricted"] > 0.7).all()
    assert told.loc["a", "low_min"] == pytest.approx(0.6, abs=0.15)
    first, second = found.sentences()
    assert first.startswith("A lowers reporting by more than 2%: so in ")
    assert "a at least 0.6" in first
    assert "a (100%), b (" in second


def test_a_box_in_noise_does_not_hold_elsewhere():
    """Power: a fifth of 500 conditions by chance; what is found elsewhere is within 0.08 of it."""
    x, _ = cases()
    interest = np.random.default_rng(1).random(500) < 0.2
    found = discover(x, interest, "by chance", resamples=8)
    assert found.density > 0.2
    assert found.honest == pytest.approx(0.2, abs=0.08)


def test_too_few_cases_are_refused():
    x, _ = cases(100)
    with pytest.raises(InvalidInput, match="at least 10 conditions"):
        discover(x, np.zeros(100, dtype=bool), "never")


def test_a_missing_extra_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    x, interest = cases(100)
    with pytest.raises(NotInstalled, match=r"trustabm\[explore\]"):
        discover(x, interest, "never")
