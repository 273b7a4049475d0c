"""Searches, fronts and scores against answers that are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from trustabm.analysis.features import feature_scores
from trustabm.analysis.front import efficient, front
from trustabm.analysis.search import search, searched
from trustabm.errors import InvalidInput
from trustabm.study.definition import Study

Floats = npt.NDArray[np.float64]

SMALL = {
    "title": "small",
    "arms": ["none", "287g-task-force-2006"],
    "vary": {
        "deputized_share": {"low": 0.0, "high": 0.4},
        "officer_training": {"values": [0, 1]},
    },
    "design": {
        "kind": "search",
        "population": 4,
        "generations": 2,
        "objectives": [
            {"outcome": "removals", "better": "high"},
            {"outcome": "trust", "group": "latino", "better": "high"},
        ],
    },
    "replicates": 3,
    "weeks": 6,
    "burn_in": 2,
    "residents": 300,
    "outcomes": ["trust", "removals"],
}


def volume(points: Floats, corner: tuple[float, float]) -> float:
    """Return the area that points with two objectives take away from below a corner."""
    area, lowest = 0.0, corner[1]
    for x, y in sorted(map(tuple, points)):
        if x < corner[0] and y < lowest:
            area += (corner[0] - x) * (lowest - y)
            lowest = y
    return area


def test_a_front_by_hand() -> None:
    values = np.array([[1.0, 4.0], [2.0, 2.0], [4.0, 1.0], [3.0, 3.0], [2.0, 2.0], [1.0, 5.0]])
    assert efficient(values).tolist() == [True, True, True, False, True, False]
    # (5 - 1)(5 - 4) + (5 - 2)(4 - 2) + (5 - 4)(2 - 1) = 4 + 6 + 1
    assert volume(values, (5.0, 5.0)) == 11.0


def test_a_search_finds_the_front_of_zdt1() -> None:
    # Zitzler, Deb & Thiele 2000 (doi:10.1162/106365600568202): its front is f2 = 1 - sqrt(f1), and
    # between 0 and 1 takes 2/3 away below the corner (1, 1): the integral of sqrt.
    seen: list[Floats] = []

    def values(cube: Floats) -> Floats:
        first, g = cube[:, 0], 1 + 9 * cube[:, 1:].mean(axis=1)
        found = np.column_stack([first, g * (1 - np.sqrt(first / g))])
        seen.append(found)
        return found

    searched(5, 2, values, population=40, generations=80, seed=1)
    every = np.concatenate(seen)
    best = every[efficient(every)]
    assert len(every) <= 40 * 80
    assert np.abs(best[:, 1] - (1 - np.sqrt(best[:, 0]))).max() < 0.03
    assert best[:, 0].min() < 0.01
    assert best[:, 0].max() > 0.95
    assert volume(best, (1.0, 1.0)) == pytest.approx(2 / 3, abs=0.02)
    # As many points at random come nowhere near.
    assert volume(values(np.random.default_rng(1).random((3200, 5))), (1.0, 1.0)) < 0.4


def test_a_search_keeps_clear_of_what_cannot_be() -> None:
    seen: list[Floats] = []

    def values(cube: Floats) -> Floats:
        found = np.column_stack([cube[:, 0], 1 - cube[:, 0]])
        found[cube[:, 0] < 0.5] = np.nan
        seen.append(found)
        return found

    searched(1, 2, values, population=10, generations=20, seed=1)
    assert np.isnan(seen[0]).any()
    # Of points at random half cannot be.
    assert np.isnan(np.concatenate(seen[-5:])).mean() < 0.25


def test_the_doubt_of_a_front_is_that_of_normal_luck() -> None:
    # Two settings with the same second objective: the one with the lower first one is the front.
    # Their difference is normal, mean 1 and variance 1 + 1 (luck of their own), over 50 replicates:
    # a 90% interval of each mean is 2 * 1.645 / sqrt(50) = 0.465 wide. Standard error of a width of
    # 50: 10%.
    rng = np.random.default_rng(5)
    values = np.zeros((2, 1, 50, 2))
    values[:, 0, :, 0] = rng.normal(size=(2, 50))
    values[:, 0, :, 0] -= values[:, 0, :, 0].mean(axis=1, keepdims=True)
    values[1, 0, :, 0] += 0.2
    frame = front(values, ["a", "b"], ["low", "low"])
    assert frame["efficient"].tolist() == [True, False]
    width = frame["a_high"] - frame["a_low"]
    assert width.to_numpy() == pytest.approx([0.465, 0.465], rel=0.25)
    # Better with chance Phi(0.2 / sqrt(2 / 50)) = Phi(1) = 0.84, given the variances found.
    apart = values[1, 0, :, 0] - values[0, 0, :, 0]
    from scipy.stats import norm

    chance = norm.cdf(0.2 / (apart.std(ddof=1) / np.sqrt(50)))
    assert frame["probability"].tolist() == pytest.approx([chance, 1 - chance], abs=0.04)


def test_luck_that_settings_share_leaves_no_doubt_and_doubt_of_draws_is_doubt() -> None:
    rng = np.random.default_rng(6)
    shared = np.repeat(rng.normal(size=(1, 1, 40, 1)), 2, axis=0)
    values = np.concatenate([shared, np.zeros_like(shared)], axis=3)
    values[1, ..., 0] += 0.01
    assert front(values, ["a", "b"], ["low", "low"])["probability"].tolist() == [1.0, 0.0]
    assert front(values, ["a", "b"], ["high", "low"])["probability"].tolist() == [0.0, 1.0]
    # Under one of two draws the second setting is better: each resample has one of the two.
    two = np.concatenate([values, values[::-1]], axis=1)
    probability = front(two, ["a", "b"], ["low", "low"])["probability"]
    assert probability.tolist() == pytest.approx([0.5, 0.5], abs=0.06)


def test_values_that_are_missing_have_no_front() -> None:
    values = np.zeros((2, 1, 3, 2))
    values[0, 0, 0, 0] = np.nan
    with pytest.raises(InvalidInput, match="no value missing, got 3 and 1"):
        front(values, ["a", "b"], ["low", "low"])


def test_scores_of_ishigami_follow_its_sobol_indices() -> None:
    # Ishigami & Homma 1990 with a = 7, b = 0.1: total indices 0.558, 0.442, 0.244 and, of what it
    # does not know, 0. As shares of their sum 0.448, 0.356, 0.196 and 0.
    rng = np.random.default_rng(2)
    x = rng.uniform(-np.pi, np.pi, (600, 4))
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    frame = feature_scores(pd.DataFrame(x, columns=list("abcd")), y).set_index("name")
    assert frame["score"].sum() == pytest.approx(1.0)
    score = frame["score"][list("abcd")].to_numpy()
    assert score == pytest.approx([0.448, 0.356, 0.196, 0.0], abs=0.1)
    assert frame.index[-1] == "d"
    assert (frame["low"] <= frame["high"]).all()


def test_words_are_scored_as_well() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"word": rng.choice(["x", "y", "z"], 200), "number": rng.random(200)})
    found = feature_scores(frame, (frame["word"] == "y").to_numpy(float))
    assert found["name"].tolist() == ["word", "number"]
    assert found["score"][0] > 0.9


def test_a_search_goes_on_and_says_what_fresh_replicates_say(tmp_path: Path) -> None:
    study = Study.make(SMALL)
    found = search(study, tmp_path / "one", workers=1)
    names = [*study.vary, "removals__all", "trust__latino", "efficient", "probability"]
    assert set(names) < set(found.frame.columns)
    assert found.tried <= 8
    assert (found.frame["probability"].diff().dropna() <= 0).all()
    assert found.frame["efficient"].any()
    # Of a setting the difference is what a study of it alone has in replicates 3 to 5.
    from trustabm.study.opening import open_study

    runs = open_study(tmp_path / "one").runs
    first = found.frame.iloc[0]
    here = runs[(runs["deputized_share"] == first["deputized_share"]) & (runs["replicate"] >= 3)]
    here = here[here["officer_training"] == first["officer_training"]]
    means = here.groupby("arm")["trust__latino"].mean()
    difference = means["287g-task-force-2006"] - means["none"]
    assert first["trust__latino"] == pytest.approx(difference, abs=1e-12)
    # The same search in a folder that has the runs lives through nothing and says the same.
    again = search(study, tmp_path / "one", workers=1)
    pd.testing.assert_frame_equal(found.frame, again.frame)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"vary": {"news_weight": {"low": 2, "high": 4}}}, "levers to be searched.*news_weight"),
        ({"outcomes": ["trust"]}, r"objectives.0.outcome: expected one of the study's"),
        ({"arms": ["none"]}, "an arm beside the reference"),
        ({"towns": ["us-average", "mecklenburg-nc"]}, "one town"),
    ],
)
def test_a_search_of_nothing_is_an_error(change: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Study.make(SMALL | change)


def test_a_search_is_no_sweep(tmp_path: Path) -> None:
    from trustabm.study.sweep import sweep

    with pytest.raises(InvalidInput, match="trustabm study search"):
        sweep(Study.make(SMALL), tmp_path / "out", workers=1)
