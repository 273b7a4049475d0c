"""Intervals of contrasts: by hand of luck alone, and how often they hold what they should.

Coverage is over 600 made-up truths: its standard error is 1.2%, so that a true coverage of 84 to
97% fails about once in a thousand, and one of 75% is noticed with a power above 99.9%.
"""

from __future__ import annotations

import numpy as np
import pytest

from trustabm.outcomes.contrasts import contrasts

TRUTHS = 600
LOWEST, HIGHEST = 0.84 - 0.045, 0.97 + 0.021


def left_out(values):
    return values.mean(axis=0), (values.sum(axis=0) - values) / (len(values) - 1)


def test_luck_alone_is_students_interval_of_a_mean():
    values = np.array([[1.0], [2.0], [4.0], [5.0], [8.0]])  # mean 4, variance 7.5
    low, high = contrasts(*left_out(values))
    half = 2.131847 * np.sqrt(7.5 / 5)  # t of 4 degrees of freedom at .95
    assert low[0] == pytest.approx(4 - half, rel=0.01)
    assert high[0] == pytest.approx(4 + half, rel=0.01)


def test_towns_that_all_say_the_same_leave_no_doubt_and_one_or_few_draws_say_nothing():
    same = np.full((8, 1), 3.0)
    assert contrasts(*left_out(same)) == (3.0, 3.0)
    assert contrasts(*left_out(same), [0, 0, 1, 1, 2, 2, 3, 3]) == (3.0, 3.0)
    assert np.isnan(contrasts(np.ones(1), np.ones((1, 1)))).all()
    assert np.isnan(contrasts(*left_out(same), [0, 0, 0, 1, 1, 1, 2, 2])).all()
    assert np.isnan(contrasts(np.full(1, np.nan), np.full((4, 1), np.nan))).all()


@pytest.mark.parametrize("towns", [10, 20, 100])
@pytest.mark.parametrize("doubt", [None, 0.0, 0.5, 2.0])
def test_intervals_hold_what_they_should(towns, doubt):
    # Doubt about parameters in units of one town's luck; two towns a draw. Without doubt, the part
    # that is added for it makes intervals wide, which is said where they are made.
    rng = np.random.default_rng([towns, round(100 * (doubt or 0))])
    draws = () if doubt is None else np.arange(towns) // 2
    truth = (doubt or 0.0) * rng.normal(size=TRUTHS)
    level = (doubt or 0.0) * rng.normal(size=(towns, TRUTHS))
    if doubt is not None:
        level = level[draws]
    low, high = contrasts(*left_out(level + rng.normal(size=(towns, TRUTHS))), draws)
    held = ((low <= truth) & (truth <= high)).mean()
    assert held > LOWEST
    if doubt is None or doubt > 0.5:
        assert held < HIGHEST
