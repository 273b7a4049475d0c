"""The emulator says the mean, and how unsure it is of the mean, at points it has not seen."""

import numpy as np
import pytest
from scipy.stats import qmc

from trustabm.analysis.emulator import Emulator, common_luck_variance
from trustabm.errors import InvalidInput


def surface(x):
    """Return two outputs of six parameters, of which the last two do nothing."""
    return np.stack(
        [np.sin(3 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.3 * x[:, 3] ** 2, np.cos(2 * x[:, 1])], 1
    )


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(0)
    x = qmc.Sobol(6, rng=1).random(128)
    luck = rng.normal(0, 1, (1, 8, 2))
    runs = surface(x)[:, None] + luck + rng.normal(0, 0.3, (128, 8, 2))
    variance = np.stack([common_luck_variance(runs[..., k]) for k in range(2)], 1)
    return Emulator().fit(x, runs.mean(1), variance), luck.mean(axis=(0, 1)), variance


def test_the_mean_is_predicted_and_its_doubt_is_right(fitted):
    emulator, lift, _ = fitted
    new = np.random.default_rng(5).random((500, 6))
    mean, sd = emulator.predict(new)
    error = mean - surface(new) - lift
    assert mean.shape == sd.shape == (500, 2)
    assert np.abs(error).max() < 0.25  # a single run is off by 0.3 on average
    spread = (error / sd).std(axis=0)
    # Points of one surface are not independent, so even a right spread is 1 only roughly.
    assert ((spread > 0.5) & (spread < 1.6)).all()


def test_common_luck_is_no_noise_around_the_surface(fitted):
    # Expected 0.3^2 / 8; its standard error over 128 points and 7 degrees of freedom is 5%.
    assert fitted[2].mean() == pytest.approx(0.3**2 / 8, rel=0.15)


def test_leaving_one_out_agrees_with_points_kept_back(fitted):
    emulator, lift, variance = fitted
    rng = np.random.default_rng(7)
    new = rng.random((500, 6))
    noise = rng.normal(0, 0.3 / np.sqrt(8), (500, 2))
    kept = emulator.held_out(new, surface(new) + lift + noise, np.full((500, 2), variance.mean()))
    left = emulator.leave_one_out()
    np.testing.assert_allclose(left.r2, kept.r2, atol=0.05)
    assert ((left.spread > 0.8) & (left.spread < 1.25)).all()
    assert ((kept.spread > 0.8) & (kept.spread < 1.25)).all()


def test_surfaces_drawn_spread_as_the_prediction_says(fitted):
    emulator, _, _ = fitted
    new = np.random.default_rng(8).random((100, 6))
    mean, sd = emulator.predict(new)
    drawn = emulator.draw(new, 400, np.random.default_rng(9))
    assert drawn.shape == (2, 400, 100)
    np.testing.assert_allclose(drawn.mean(axis=1).T, mean, atol=0.25 * sd.max())
    # 400 draws give a standard deviation within 3.5% of its own, 95 times of 100, at each point.
    assert (drawn.std(axis=1).T / sd).mean() == pytest.approx(1, abs=0.08)


def test_a_wavy_surface_is_not_taken_for_noise():
    def ishigami(u):
        x = np.pi * (2 * u - 1)
        return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[
            :, None
        ]

    x = qmc.Sobol(3, rng=1).random(256)
    new = np.random.default_rng(1).random((500, 3))
    emulator = Emulator().fit(x, ishigami(x))
    assert emulator.held_out(new, ishigami(new)).r2[0] > 0.95


def test_an_output_that_is_noise_is_not_predicted():
    rng = np.random.default_rng(3)
    x = qmc.Sobol(4, rng=1).random(128)
    assert Emulator().fit(x, rng.normal(size=(128, 1))).leave_one_out().r2[0] < 0.2


def test_an_output_that_never_varies_has_no_r2():
    x = qmc.Sobol(2, rng=1).random(16)
    emulator = Emulator().fit(x, np.full((16, 1), 2.0))
    assert np.isnan(emulator.leave_one_out().r2[0])
    np.testing.assert_allclose(emulator.predict(x)[0], 2)


def test_more_points_than_teach_the_lengths_are_all_used():
    x = qmc.Sobol(2, rng=1).random(512)
    emulator = Emulator().fit(x, surface(np.pad(x, ((0, 0), (0, 4))))[:, 1:])
    assert len(emulator.outputs[0].weights) == 512


@pytest.mark.parametrize(
    ("points", "mean", "says"),
    [
        (np.full((3, 2), 2.0), np.zeros((3, 1)), "unit cube"),
        (np.zeros((3, 2)), np.zeros(3), "mean: expected shape"),
        (np.zeros((3, 2)), np.full((3, 1), np.nan), "mean: expected finite"),
        (np.zeros(3), np.zeros((3, 1)), "points: expected shape"),
    ],
)
def test_what_cannot_be_learned_is_refused(points, mean, says):
    with pytest.raises(InvalidInput, match=says):
        Emulator().fit(points, mean)
