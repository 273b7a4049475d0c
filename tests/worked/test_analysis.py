"""Estimators of the analyses by hand: means and their luck, elementary effects, the bootstrap."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from trustabm.analysis.decisions import regret, satisficing, values
from trustabm.analysis.emulator import common_luck_variance
from trustabm.analysis.means import Space, means
from trustabm.analysis.morris import morris, trajectories


def test_the_variance_of_a_mean_leaves_out_luck_that_all_share():
    # Rows average 1.5 and 4.5, columns 2 and 4: what is left over is ± 0.5
    table = np.array([[1.0, 2.0], [3.0, 6.0]])
    assert common_luck_variance(table) == pytest.approx([0.5, 0.5])
    assert common_luck_variance(table + np.array([0, 100])) == pytest.approx([0.5, 0.5])
    # Rows average 1, 1 and 2.5, columns 1 and 2: left over are ∓0.5, ±0.5, 0, of which the shared
    # luck has used up a third
    table = np.array([[0.0, 2.0], [1.0, 1.0], [2.0, 3.0]])
    assert common_luck_variance(table) == pytest.approx([0.375, 0.375, 0.0])


def runs():
    rows = [
        (point, replicate, "here", arm, 10.0 * point, level)
        for point, both in enumerate((((5, 7), (6, 9)), ((1, 4), (2, 2))))
        for replicate, levels in enumerate(both)
        for arm, level in zip(("none", "act"), levels, strict=True)
    ]
    return pd.DataFrame(rows, columns=["point", "replicate", "town", "arm", "a", "y"])


def test_means_are_of_effects_replicate_by_replicate():
    space = Space({"a": (-10.0, 10.0)})
    found = means(runs(), space, ["y"], arm="act", reference="none")
    assert found.mean[:, 0] == pytest.approx([2.5, 1.5])  # of 2 and 3, of 3 and 0
    # Points average 2.5 and 1.5, replicates 2.5 and 1.5: left over are ∓1, ±1
    assert found.variance[:, 0] == pytest.approx([2.0, 2.0])
    assert found.points[:, 0] == pytest.approx([0.5, 1.0])
    assert space.values(found.points) == [{"a": 0.0}, {"a": 10.0}]
    level = means(runs(), space, ["y"], arm="act")
    assert level.mean[:, 0] == pytest.approx([8, 3])


def test_elementary_effects_of_a_plane_are_its_slopes():
    space = Space(dict.fromkeys("abc", (0.0, 1.0)))
    points = trajectories(space, 10)
    plane = points @ [4.0, -3.0, 0.0]
    variance = np.full(len(points), 0.02)
    found = morris(space, points, plane, variance).set_index("parameter")
    assert found["effect"].to_numpy() == pytest.approx([4, 3, 0], abs=1e-9)
    assert found["signed"].to_numpy() == pytest.approx([4, -3, 0], abs=1e-9)
    assert found["spread"].to_numpy() == pytest.approx([0, 0, 0], abs=1e-9)
    # A step of two thirds: the difference of two means of variance 0.02 is ± 0.3 a unit. Its size
    # is 0.8 of that on average, and the mean of ten exceeds 3.1 standard errors once in a thousand
    half = 0.3 * (math.sqrt(2 / math.pi) + 3.1 * math.sqrt((1 - 2 / math.pi) / 10))
    assert found["noise"].to_numpy() == pytest.approx([half] * 3)
    assert found["matters"].tolist() == [True, True, False]


def decided():
    rng = np.random.default_rng(5)
    rows = [
        ("here", point, replicate, arm, level + rng.normal())
        for point, both in enumerate(((1, 3), (5, 4)))
        for replicate in range(12)
        for arm, level in zip(("one", "two"), both, strict=True)
    ]
    return values(pd.DataFrame(rows, columns=["town", "point", "replicate", "arm", "y"]), "y")


def test_the_bootstrap_has_the_standard_error_of_a_mean():
    # Of 1,000 resamples a standard deviation has a standard error of 2.2%: within five of them.
    found = decided()
    drawn = found.resampled(3)
    assert drawn.shape == (1000, 2, 2)
    error = found.runs.std(axis=1, ddof=1) / math.sqrt(12)
    assert drawn.std(axis=0) == pytest.approx(error, rel=0.11)
    assert drawn.mean(axis=0) == pytest.approx(found.runs.mean(axis=1), abs=0.05)


def test_intervals_of_decisions_are_of_the_bootstrap():
    found = decided()
    drawn, mean = found.resampled(0), found.runs.mean(axis=1)
    told = regret(found, "high").set_index("arm")
    for k, arm in enumerate(("one", "two")):
        short = drawn.max(axis=2) - drawn[:, :, k]
        ends = np.quantile(short.mean(axis=1), [0.05, 0.95])
        by_hand = float((mean.max(axis=1) - mean[:, k]).mean())
        assert told.loc[arm, "mean"] == pytest.approx(by_hand)
        assert told.loc[arm, ["mean_low", "mean_high"]].to_numpy(float) == pytest.approx(
            [min(ends[0], by_hand), max(ends[1], by_hand)]
        )
    enough = satisficing(found, "low", 3.5).set_index("arm")
    assert enough.loc["one", "share"] == 0.5
    assert enough.loc["two", "share"] == 0.5
