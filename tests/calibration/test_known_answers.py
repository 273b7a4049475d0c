"""Calibration against answers worked out by hand: weights, posteriors, and the check of both.

The model's place is taken by a formula that is known exactly, so that any difference is the
calibration's. Tolerances are four standard errors of so many draws, or more.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from trustabm.evidence.calibration.order import resampled
from trustabm.evidence.own import check
from trustabm.evidence.own.before import WIDTH, Before, before
from trustabm.evidence.own.check import checked, evenness, rank_of
from trustabm.evidence.own.problem import NUMBERS, Prior, Problem
from trustabm.evidence.own.waves import Learned, tempered
from trustabm.evidence.own.weigh import (
    Goal,
    effective,
    log_likelihood,
    plain,
    weighed,
)
from trustabm.evidence.own.worlds import spread_of

ONE, TWO = "news_half_life", "case_half_life"
LOW, HIGH = NUMBERS[ONE].low, NUMBERS[ONE].high
WIDE = HIGH - LOW
MEAN, SD = (LOW + HIGH) / 2, WIDE / 12  # a normal prior whose bounds are six SD away
TARGET = {"title": "t", "outcome": "reporting", "value": 0.4, "se": 0.1}


class Formula:
    """A formula in the place of an emulator: exact, of parameters in standard normal units."""

    def __init__(self, *of) -> None:
        self.of = of

    def mean(self, features):
        z = (features - 0.5) * 12
        return np.stack([f(z) for f in self.of], axis=1)

    def predict(self, features):
        return self.mean(features), np.zeros((len(features), len(self.of)))


def exact(*of) -> Learned:
    return Learned(Formula(*of), np.ones(len(of)), np.ones(len(of)))


def goal(*pairs) -> Goal:
    value, se = np.array(pairs, dtype=float).T
    return Goal(value, se, se, np.zeros(len(value)))


def normal(*names) -> Before:
    """Standard normal priors, in units of `Formula`."""
    priors = {}
    for name in names:
        low, high = NUMBERS[name].low, NUMBERS[name].high
        priors[name] = {"mean": (low + high) / 2, "sd": (high - low) / 12}
    return before(
        Problem.make(
            {"title": "t", "knowledge": "priors", "priors": priors, "targets": [TARGET]}, "test"
        )
    )


def units(points):
    return (points - 0.5) * 12


def by_weight(known: Before, of: Learned, aim: Goal):
    mean, variance = of.at(known.features(known.points, known.which))
    found = weighed(known.log + log_likelihood(aim, mean, variance))
    return units(known.points), found


def moments(z, weights):
    mean = weights @ z
    return mean, np.sqrt(weights @ (z - mean) ** 2)


def test_weights_by_hand():
    assert plain(np.log([1.0, 2.0, 5.0])) == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    few = weighed(np.array([0.0, math.log(3.0), -np.inf]))  # too few for a tail to be smoothed
    assert few.weights == pytest.approx([1 / 4, 3 / 4, 0.0])
    assert few.pareto_k == np.inf
    assert not few.trusted


def test_effective_size_by_hand():
    # (1 + 2 + 5)² / (1 + 4 + 25)
    assert effective(np.array([1.0, 2.0, 5.0])) == pytest.approx(64 / 30)
    assert effective(np.ones(7)) == pytest.approx(7)
    assert effective(np.array([0.0, 1.0, 0.0])) == pytest.approx(1)


def test_draws_are_taken_in_proportion():
    taken = resampled(np.array([1 / 8, 2 / 8, 5 / 8]), 16, np.random.default_rng(0))
    assert np.bincount(taken).tolist() == [2, 4, 10]  # 16 times the weights, which are whole
    taken = resampled(np.array([1.0, 2.0, 5.0]), 16, np.random.default_rng(0))
    assert np.bincount(taken).tolist() == [2, 4, 10]  # and of any sum


def test_a_target_with_two_sides_by_hand():
    aim = Goal(np.array([1.0]), np.array([0.3]), np.array([0.4]), np.array([0.0]))
    means = np.array([[1.0], [0.7], [1.8]])
    top = -math.log(0.35 * math.sqrt(2 * math.pi))  # half of 0.3 and 0.4
    found = log_likelihood(aim, means, np.zeros((3, 1)))
    assert found == pytest.approx([top, top - 0.5, top - 2.0])
    # An emulator's variance and luck widen either side: 0.3² + 0.2² + 0.36 = 0.7², and 0.4² + 0.4.
    wider = Goal(aim.value, aim.below, aim.above, np.array([0.2]))
    sides = 0.7, math.sqrt(0.16 + 0.04 + 0.36)
    (low,) = log_likelihood(wider, np.array([[0.3]]), np.array([[0.36]]))
    assert low == pytest.approx(-math.log(sum(sides) / 2 * math.sqrt(2 * math.pi)) - 0.5)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    x = np.array([1.0, 4.0, 4.0, 7.0])  # variance 6, of a mean of four 6 / 4
    without = (x.sum() - x) / 3
    assert spread_of(without) == pytest.approx(math.sqrt(1.5))


def test_a_normal_mean_by_both_ways():
    # Prior N(0, 1), one target at 1.2 with SE 0.5: precision 1 + 4, mean 4 * 1.2 / 5.
    known, of, aim = normal(ONE), exact(lambda z: z[:, 0]), goal((1.2, 0.5))
    z, found = by_weight(known, of, aim)
    mean, sd = moments(z[:, 0], found.weights)
    assert found.weights.sum() == pytest.approx(1)
    assert mean == pytest.approx(0.96, abs=0.02)
    assert sd == pytest.approx(1 / math.sqrt(5), abs=0.02)
    points, _ = tempered(known, of, aim, 2000, np.random.default_rng(1))
    drawn = units(points)[:, 0]
    assert drawn.mean() == pytest.approx(0.96, abs=0.05)
    assert drawn.std() == pytest.approx(1 / math.sqrt(5), abs=0.04)


def test_a_linear_model_of_two_parameters():
    # y1 = a + b at 2 with SE 0.5, y2 = a - 2 b at 0 with SE 1: precision I + 4 [1 1; 1 1] +
    # [1 -2; -2 4] = [6 2; 2 9], its inverse [9 -2; -2 6] / 50, times 4 * 2 * (1, 1).
    known = normal(ONE, TWO)
    of = exact(lambda z: z[:, 0] + z[:, 1], lambda z: z[:, 0] - 2 * z[:, 1])
    aim = goal((2.0, 0.5), (0.0, 1.0))
    z, found = by_weight(known, of, aim)
    for k, (mean, sd) in enumerate([(56 / 50, 9 / 50), (32 / 50, 6 / 50)]):
        got = moments(z[:, k], found.weights)
        assert got == pytest.approx((mean, math.sqrt(sd)), abs=0.04)
    points, _ = tempered(known, of, aim, 2000, np.random.default_rng(2))
    drawn = units(points)
    assert drawn.mean(axis=0) == pytest.approx([56 / 50, 32 / 50], abs=0.06)
    assert np.cov(drawn.T) == pytest.approx(np.array([[9, -2], [-2, 6]]) / 50, abs=0.03)


def test_a_banana():
    # b lies along -a² + 1: its mean by quadrature over a and b.
    def bend(z):
        return z[:, 1] + z[:, 0] ** 2

    known, of, aim = normal(ONE, TWO), exact(bend), goal((1.0, 0.2))
    grid = np.linspace(-4, 4, 401)
    a, b = np.meshgrid(grid, grid, indexing="ij")
    log = -0.5 * (a**2 + b**2) - 0.5 * ((b + a**2 - 1) / 0.2) ** 2
    p = np.exp(log - log.max())
    p /= p.sum()
    expected = [(p * b).sum(), (p * a**2).sum(), (p * a**2 * b).sum()]
    points, _ = tempered(known, of, aim, 3000, np.random.default_rng(3))
    za, zb = units(points).T
    got = [zb.mean(), (za**2).mean(), (za**2 * zb).mean()]
    assert got == pytest.approx(expected, abs=0.1)
    z, found = by_weight(known, of, aim)
    assert found.weights @ z[:, 1] == pytest.approx(expected[0], abs=0.1)


def test_two_modes_keep_half_each():
    # a² = 2.25 within 0.3: two modes, near -1.5 and 1.5, as likely as each other.
    known, of, aim = normal(ONE), exact(lambda z: z[:, 0] ** 2), goal((2.25, 0.3))
    z, found = by_weight(known, of, aim)
    assert found.weights[z[:, 0] > 0].sum() == pytest.approx(0.5, abs=0.02)
    points, _ = tempered(known, of, aim, 2000, np.random.default_rng(4))
    drawn = units(points)[:, 0]
    assert (drawn > 0).mean() == pytest.approx(0.5, abs=0.1)
    assert np.abs(drawn).mean() == pytest.approx(1.48, abs=0.05)
    assert (np.abs(drawn) > 1).mean() > 0.99  # and nothing between them


def test_targets_that_say_nothing_leave_what_was_known():
    known, of, aim = normal(ONE), exact(lambda z: z[:, 0]), goal((3.0, 1e4))
    z, found = by_weight(known, of, aim)
    assert found.size == pytest.approx(len(z), rel=1e-3)
    assert found.trusted
    points, _ = tempered(known, of, aim, 2000, np.random.default_rng(5))
    drawn = units(points)[:, 0]
    quantiles = np.quantile(drawn, [0.1, 0.5, 0.9])
    assert quantiles == pytest.approx([-1.2816, 0.0, 1.2816], abs=0.13)


def test_a_target_beyond_all_draws_is_said_to_be():
    known, of = normal(ONE), exact(lambda z: z[:, 0])
    _, found = by_weight(known, of, goal((5.0, 0.05)))
    assert not found.trusted
    # Waves go there: prior N(0, 1), precision 1 + 4, mean 4 * 5 / 5, where no draw lies.
    points, _ = tempered(known, of, goal((5.0, 0.5)), 2000, np.random.default_rng(6))
    drawn = units(points)[:, 0]
    assert drawn.mean() == pytest.approx(4.0, abs=0.1)
    assert drawn.std() == pytest.approx(1 / math.sqrt(5), abs=0.06)


def two_structures() -> Before:
    """The same normal prior under two structures, held three to one."""
    one = normal(ONE)
    points = np.vstack([one.points, one.points])
    which = np.repeat([0, 1], len(one.points))
    nothing = np.zeros((2, 1), dtype=bool)
    shares = np.array([0.75, 0.25])
    return Before(
        one.names, ("full", "no-trust"), points, which, shares, one.priors, one.free, nothing
    )


def test_structures_are_weighed_by_bayes_factors():
    # Under the first y = a, under the second y = a + 2: y is N(0, 2) or N(2, 2), and 2 was seen
    # with SE 1, so the factor is e for the second: 0.75 : 0.25 e.
    known = two_structures()

    class Apart(Formula):
        def mean(self, features):
            return units(features[:, :1]) + 2 * features[:, 2:]

    of = Learned(Apart(None), np.ones(1), np.ones(1))
    expected = 0.25 * math.e / (0.75 + 0.25 * math.e)
    mean, variance = of.at(known.features(known.points, known.which))
    found = weighed(known.log + log_likelihood(goal((2.0, 1.0)), mean, variance))
    assert found.weights[known.which == 1].sum() == pytest.approx(expected, abs=0.01)
    _, which = tempered(known, of, goal((2.0, 1.0)), 2000, np.random.default_rng(7))
    assert which.mean() == pytest.approx(expected, abs=0.06)


def test_smoothing_keeps_means_and_covariances():
    rng = np.random.default_rng(8)
    z = rng.multivariate_normal([0.4, -0.3], [[0.5, 0.3], [0.3, 0.4]], 500)
    points = 1 / (1 + np.exp(-z))
    held = np.zeros(2, dtype=bool)
    which = np.zeros(500, dtype=int)
    known = Before((ONE, TWO), ("full",), points, which, np.ones(1), {}, held, held[None])
    found, _ = known.located(known.drawn(20_000, rng))
    smooth = np.log(found / (1 - found))
    assert smooth.mean(axis=0) == pytest.approx(z.mean(axis=0), abs=0.03)
    assert np.cov(smooth.T) == pytest.approx(np.cov(z.T), abs=0.03)
    assert 0 < WIDTH < 1
    # And moving leaves it as it is.
    at = known.drawn(20_000, rng)
    for _ in range(3):
        at = known.moved(at, 0.5, rng)
    moved, _ = known.located(at)
    assert np.cov(np.log(moved / (1 - moved)).T) == pytest.approx(np.cov(z.T), abs=0.03)


def test_a_prior_of_ones_own_takes_the_place_of_the_uniform_one():
    low, high = LOW + 0.25 * WIDE, LOW + 0.75 * WIDE
    points = np.array([[0.1], [0.3], [0.6], [0.9]])
    held, which = np.zeros(1, dtype=bool), np.zeros(4, dtype=int)
    ranged = {ONE: Prior(low=low, high=high)}
    known = Before((ONE,), ("full",), points, which, np.ones(1), ranged, held, held[None])
    assert plain(known.log) == pytest.approx([0, 0.5, 0.5, 0])
    near = {ONE: Prior(mean=LOW + 0.6 * WIDE, sd=0.3 * WIDE)}
    known = Before((ONE,), ("full",), points, which, np.ones(1), near, held, held[None])
    away = np.exp(-0.5 * (np.array([0.5, 0.3, 0.0, 0.3]) / 0.3) ** 2)
    assert plain(known.log) == pytest.approx(away / away.sum())


@pytest.mark.parametrize("anew", [False, True])
def test_ranks_are_even_where_the_fit_is_right_and_not_where_it_is_too_sure(anew, monkeypatch):
    known, of, aim = normal(ONE), exact(lambda z: z[:, 0]), goal((0.0, 1.0))
    many = 60 if anew else 200
    right = checked(known, of, aim, many, anew, np.random.default_rng(9))
    # 90% intervals hold binomially many: 4 SD of 200 are 8 points, of 60 are 15.
    share = float(right.frame().loc[0, "cover_90"])
    assert share == pytest.approx(0.9, abs=0.15 if anew else 0.08)
    assert right.frame().loc[0, "p"] > 1e-3
    assert "90% intervals held" in right.said()
    if anew:
        return
    real = check.log_likelihood

    def surer(at, mean, variance):
        return real(Goal(at.value, at.below / 4, at.above / 4, at.luck), mean, variance)

    monkeypatch.setattr(check, "log_likelihood", surer)
    wrong = checked(known, of, aim, many, anew, np.random.default_rng(9))
    assert float(wrong.frame().loc[0, "cover_90"]) < 0.75
    assert wrong.frame().loc[0, "p"] < 1e-3
    assert f"Ranks are not even for {ONE}" in wrong.said()


def test_ranks_by_hand():
    rng = np.random.default_rng(10)
    draws = np.array([1.0, 2.0, 3.0])
    assert 2 / 4 <= rank_of(2.5, draws, rng) <= 3 / 4  # two of three below
    assert 0 <= rank_of(0.0, draws, rng) <= 1 / 4
    same = [rank_of(1.0, np.ones(9), rng) for _ in range(400)]
    assert evenness(np.array(same)[:, None])[0] > 1e-3  # ties are broken evenly
