"""Slopes of emulated surfaces are those of what the emulator itself predicts."""

import numpy as np
import pytest

from trustabm.analysis.emulator import Emulator
from trustabm.analysis.slopes import Slopes


def emulated(seed: int, scale: float) -> Emulator:
    x = np.random.default_rng(seed).random((50, 3))
    y = np.stack([np.sin(3 * x[:, 0]) + x[:, 1], x[:, 0] * x[:, 2]], axis=1)
    # With noise, as a model's means have: without any an inverse is only rounding.
    return Emulator().fit(x, scale * (y + 0.02 * np.random.default_rng(9).normal(size=y.shape)))


@pytest.fixture(scope="module")
def both() -> tuple[Emulator, Emulator]:
    return emulated(0, 1.0), emulated(1, 0.2)


def test_mean_and_variance_are_the_emulators_and_those_of_parts_add_up(both):
    one, other = both
    x = np.random.default_rng(2).random((7, 3))
    mean, variance, _ = Slopes([(one, 0, 0), (one, 1, 1), (other, 1, 0)], 2).at(x)
    (m, s), (n, t) = one.predict(x), other.predict(x)
    assert mean == pytest.approx(np.stack([m[:, 0] + n[:, 1], m[:, 1]], axis=1), abs=1e-3)
    expected = np.stack([s[:, 0] ** 2 + t[:, 1] ** 2, s[:, 1] ** 2], axis=1)
    assert variance == pytest.approx(expected, abs=1e-4)


def test_slopes_are_those_of_small_steps(both):
    one, other = both
    slopes = Slopes([(one, 0, 0), (one, 1, 1), (other, 1, 0)], 2)
    rng = np.random.default_rng(3)
    x, a, b = rng.random((5, 3)), rng.normal(size=(5, 2)), 100 * rng.normal(size=(5, 2))

    def of(points):
        mean, variance, _ = slopes.at(points)
        return (a * mean + b * variance).sum(axis=1)

    found = slopes.at(x)[2](a, b)
    for d in range(3):
        step = np.zeros(3)
        step[d] = 1e-3  # smaller ones are rounding, which differs from processor to processor
        numeric = (of(x + step) - of(x - step)) / 2e-3
        assert found[:, d] == pytest.approx(numeric, rel=1e-3, abs=1e-3)
