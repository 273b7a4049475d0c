"""The order of the draws that ship."""

import numpy as np

from trustabm.evidence.calibration.order import balanced
from trustabm.inputs.draws import mixture


def test_neighbors_go_to_different_halves():
    # Pairs along the line are (0, 1), (2, 3), (4, 5), (6, 7); one of each is in either half. Of a
    # half, the pairs are its first two and its last two.
    order = balanced(np.arange(8.0)[:, None], seed=3)
    assert sorted(order) == list(range(8))
    assert sorted(order[:4] // 2) == [0, 1, 2, 3]
    for half in (order[:4], order[4:]):
        assert sorted(half[:2] // 4) == sorted(half[2:] // 4) == [0, 1]


def test_some_that_follow_each_other_are_like_all():
    # Of 512 draws of two numbers 32 at a time: by chance their means have a standard error of
    # 1 / sqrt(32) = 0.177; in order less than half of that.
    values = np.random.default_rng(1).normal(size=(512, 2))
    order = balanced(values)
    means = [values[order[k : k + 32]].mean(axis=0) for k in range(0, 512, 32)]
    assert np.std(means, axis=0).max() < 0.177 / 2


def test_a_seed_has_draws_of_its_own_and_the_typical_one_first():
    one, other, again = (mixture(40, seed=seed) for seed in (1, 2, 1))
    assert one == again
    assert one[0] == other[0] == mixture(1)[0]
    assert [name for name, _ in one] == [name for name, _ in other]
    firsts = len({name for name, _ in one})
    same = sum(a == b for a, b in zip(one, other, strict=True))
    # Two windows of 20 of 399 draws overlap place by place only where they begin alike.
    assert same == firsts
