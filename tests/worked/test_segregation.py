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
