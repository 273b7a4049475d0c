"""Where ethnic groups live, by hand: ODD 5.2."""

from __future__ import annotations

import numpy as np
import pytest

from trustabm.rules import segregation

ROWS = {
    # Of two neighborhoods with half of each group, one has as much more as the index says.
    segregation.shares: [
        (((0.5, 0.5), (0.4,), 2), [[0.3, 0.7], [0.7, 0.3]]),
        (((0.5, 0.5), (0.8,), 2), [[0.1, 0.9], [0.9, 0.1]]),
        (((0.2, 0.8), (0.0,), 3), [[0.2, 0.8]] * 3),
        (((0.3, 0.1, 0.6), (0.5, 0.5, 0.5), 1), [[0.3, 0.1, 0.6]]),
        (((1.0, 0.0), (), 2), [[1.0, 0.0]] * 2),
        # A third group that nobody is in changes nothing.
        (((0.5, 0.0, 0.5), (0.4,), 2), [[0.3, 0.0, 0.7], [0.7, 0.0, 0.3]]),
    ],
    # Half of what the parts of two groups differ by
    segregation.indices: [
        (([[1.0, 0.0], [0.0, 1.0]],), [1.0]),
        (([[0.3, 0.7], [0.7, 0.3]],), [0.4]),
        (([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]],), [0.5, 1.0, 0.5]),
        (([[0.1, 0.9], [0.1, 0.9], [0.4, 0.6]],), [5 / 12]),
    ],
}


@pytest.mark.parametrize("rule", ROWS)
def test_examples_by_hand(rule):
    for arguments, by_hand in ROWS[rule]:
        given = [np.array(a) if isinstance(a, list) else a for a in arguments]
        assert rule(*given) == pytest.approx(np.array(by_hand), abs=2e-5), arguments


def test_a_guess_where_the_answer_lies_changes_no_bit_of_it():
    """Bisection that asks about every middle, beside the one that asks near a guess alone."""

    def plain(low, high, steps, _guess, below):
        for _ in range(steps):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) else (low, middle)
        return low, high

    rng = np.random.default_rng(8)
    for blocks in (2, 8, 40, 100):
        for wanted in (0.0, 0.03, 0.4, 0.9, 1.0):
            share = float(rng.uniform(0.005, 0.95))
            quick = segregation._of_two(share, wanted, blocks)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(segregation, "_bisected", plain)
                assert np.array_equal(segregation._of_two(share, wanted, blocks), quick)
