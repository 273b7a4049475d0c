"""Intervals of many places whose luck and doubt are pooled: by hand, and how often they hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from trustabm.outcomes.alike import alike

Z, T1 = 1.6448536, 6.3137515  # 95% of a normal distribution, and of Student's t with 1 degree


def levels(x):
    """Levels of places whose lives have these log ratios, of shape (places, lives)."""
    x = np.asarray(x, float)
    rest = (x.sum(axis=1, keepdims=True) - x) / (x.shape[1] - 1)
    whole = np.stack([np.ones(len(x)), np.exp(x.mean(axis=1))], axis=1)
    return whole, np.stack([np.ones_like(rest), np.exp(rest)], axis=2)


def test_an_interval_of_one_place_worked_out_by_hand():
    # Two draws of two lives: 0.1 and 0.3, 0.5 and 0.7. Within draws the mean square is 0.02,
    # between them 2 * 0.08 = 0.16, so that draws have a variance of 0.07 beside luck's 0.02.
    found = alike(*levels([[0.1, 0.3, 0.5, 0.7]]), np.array([10.0]), 2)
    luck = Z**2 * 0.02 / 4
    # Of the effect's square, 0.4 ** 2 less the luck in it, draws make 0.07 / 0.155.
    draws = T1**2 * 0.07 / 0.155 * 0.4**2 * 1.5
    half = math.sqrt(luck + draws)
    ends = [100 * math.expm1(x) for x in (0.4, 0.4 - half, 0.4 + half)]
    assert [found.percent[0], found.low[0], found.high[0]] == pytest.approx(ends)
    assert found.by_luck[0] == pytest.approx(luck / half**2)


def test_luck_is_pooled_by_how_many_people_there_are():
    # No draw differs from the other; the second place has four times as many people as the first
    # and no luck by chance. Times people: 0.02 * 10 and 0, on average 0.1.
    lives = [[-0.1, 0.1, -0.1, 0.1], [0.2, 0.2, 0.2, 0.2]]
    found = alike(*levels(lives), np.array([10.0, 40.0]), 2)
    for k, people in enumerate((10.0, 40.0)):
        half = Z * math.sqrt(0.1 / people / 4)
        mean = np.mean(lives[k])
        assert found.low[k] == pytest.approx(100 * math.expm1(mean - half), abs=1e-6)


def test_what_cannot_be_said_and_what_is_the_same():
    whole, without = levels([[0.0, 0.0, 0.0, 0.0], [0.1, 0.2, 0.1, 0.3], [0.1, 0.2, 0.1, 0.2]])
    without[1, 2] = 0.0  # nothing happened in the other lives
    found = alike(whole, without, np.array([10.0, 10.0, 10.0]), 2)
    assert (found.percent[0], found.low[0], found.high[0]) == (0.0, 0.0, 0.0)
    assert np.isnan([x[1] for x in found]).all()
    assert found.low[2] < found.percent[2] < found.high[2]
    nobody = alike(whole, without, np.zeros(3), 2)
    assert np.isnan(nobody.percent).all()


@pytest.mark.parametrize(("draws", "lives"), [(1, 4), (4, 1), (3, 4)])
def test_draws_that_do_not_fit_are_refused(draws, lives):
    with pytest.raises(ValueError, match="draws"):
        alike(*levels([[0.1] * lives * (1 if draws < 4 else 4)]), np.ones(1), draws)


@pytest.mark.parametrize(
    ("doubt", "own", "luck"), [(0.0, 0.0, 0.3), (0.2, 0.1, 0.4), (0.5, 0.2, 0.1), (0.3, 0.3, 0.02)]
)
def test_intervals_hold_at_least_84_percent(doubt, own, luck):
    """Effects under a draw that is none of the five; 90% should be held.

    Places of a panel share what is common to a draw, so that 60 panels are 60 trials and no more: a
    standard error of 3 to 4%, and it is the seed that decides. Of 60 other panels 86 to 95% were
    held.
    """
    rng, held = np.random.default_rng(2), []
    for _ in range(60):
        usual = -np.abs(rng.normal(0.15, 0.15, 60))
        people = np.exp(rng.uniform(0, 4, 60))
        moved = 1 + rng.normal(0, doubt, 6) + rng.normal(0, own, (60, 6))
        effect = usual[:, None] * moved
        noise = rng.normal(0, luck, (60, 5, 2)) / np.sqrt(people)[:, None, None]
        lives = (effect[:, :5, None] + noise).reshape(60, 10)
        found = alike(*levels(lives), people, 5)
        true = 100 * np.expm1(effect[:, 5])
        held.append(((found.low <= true) & (true <= found.high)).mean())
    assert 0.84 <= np.mean(held) <= 0.99
