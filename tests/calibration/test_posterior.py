"""The procedure of inference, on a simulator whose answers are known."""

import numpy as np
import pytest
from scipy import stats

from trustabm.analysis.emulator import Emulator
from trustabm.evidence.calibration import posterior, space
from trustabm.evidence.calibration.calibrate import fitted_targets
from trustabm.evidence.target import Source, Target
from trustabm.inputs.draws import shipped

SOURCE = Source("made up", "none")
NOISE = 0.05


def simulator(points):
    """Three moments of two parameters, smooth and not linear."""
    a, b = points.T
    return np.stack([np.sin(2 * a) + b, a * b, np.exp(-b) - 0.3 * a], axis=1)


def targets(values):
    return [
        Target(
            str(k), "calibration", float(v), NOISE * posterior.TOLERANCE_90, "", "", "none", SOURCE
        )
        for k, v in enumerate(values)
    ]


@pytest.mark.slow
def test_ranks_are_uniform_in_simulation_based_calibration():
    # Talts et al. 2018, arXiv:1804.06788. 40 synthetic data sets: a posterior half as wide as it
    # should be fails the Kolmogorov-Smirnov test at 0.001 with a chance above 0.8.
    rng = np.random.default_rng(3)
    design = rng.random((80, 2))
    emulator = Emulator().fit(design, simulator(design))
    ranks = []
    for k in range(40):
        truth = rng.random((1, 2))
        # The truth lies within the tolerance, so the noise ends there.
        noise = stats.truncnorm.rvs(-1.645, 1.645, size=3, random_state=rng)
        seen = simulator(truth)[0] + NOISE * noise
        log = posterior.log_likelihood(emulator, targets(seen), np.zeros(3))
        draws = posterior.sample(log, 2, 240, seed=k, walkers=16)
        ranks.append((draws < truth).mean(axis=0))
    for column in np.array(ranks).T:
        assert stats.kstest(column, "uniform").pvalue > 0.001


def test_a_range_is_met_anywhere_within_it_and_a_bound_on_one_side():
    emulator = Emulator().fit(
        np.linspace(0, 1, 20)[:, None], np.linspace(0, 1, 20)[:, None] * [1.0, 1.0]
    )
    within = Target("r", "baseline", 0.3, 0.01, "", "", "none", SOURCE, upto=0.6)
    least = Target("l", "baseline", 0.2, 0.01, "", "", "none", SOURCE, bound="at least")
    log = posterior.log_likelihood(emulator, [within, least], np.zeros(2))
    inside, edge, beyond = log(np.array([[0.45], [0.35], [0.9]]))
    assert abs(inside - edge) < 1e-3
    assert beyond < inside - 10
    assert log(np.array([[1.2]]))[0] == -np.inf


def test_a_finding_on_beliefs_that_cannot_be_had_is_let_go_and_one_of_the_contract_is_not():
    """Two targets that cannot both hold: a firm one against one of beliefs, and two firm ones."""
    line = np.linspace(0, 1, 20)[:, None]
    emulator = Emulator().fit(line, line * [1.0, 1.0])

    def best(*ids: str) -> float:
        pair = [
            Target(i, "calibration", at, 0.02, "", "", "none", SOURCE)
            for i, at in zip(ids, (0.2, 0.8), strict=True)
        ]
        log = posterior.log_likelihood(emulator, pair, np.zeros(2))
        points = np.linspace(0, 1, 501)[:, None]
        return float(points[np.argmax(log(points)), 0])

    assert best("1", "T1") == pytest.approx(0.2, abs=0.01)
    assert best("T1", "1") == pytest.approx(0.8, abs=0.01)
    assert best("1", "2") == pytest.approx(0.5, abs=0.01)


def test_no_validation_row_is_fitted():
    assert {t.role for t in fitted_targets()} == {"calibration", "baseline"}


def test_the_sampler_has_walkers_enough_for_what_is_fitted():
    def flat(points):
        return np.where(((points >= 0) & (points <= 1)).all(axis=1), 0.0, -np.inf)

    many = len(space.FITTED)
    assert posterior.sample(flat, many, 20, seed=0).shape == (posterior.draws_of(20), many)


def test_points_are_parameters_within_their_bounds():
    low, high = space.bounds()
    for corner, bound in ((np.zeros(len(low)), low), (np.ones(len(low)), high)):
        made = space.parameters(corner)
        assert [getattr(made, n) for n in space.FITTED] == pytest.approx(list(bound))


def test_nobody_weighs_more_than_somebody_nearer():
    member, friend = (space.FITTED.index(n) for n in ("stake_household", "stake_tie"))
    points = np.full((2, len(space.FITTED)), 0.5)
    points[0, member], points[0, friend] = 0.1, 0.9
    points[1, member], points[1, friend] = 0.9, 0.1
    assert space.admissible(points).tolist() == [False, True]
    for row in shipped():
        assert row["stake_tie"] <= row["stake_household"]


def test_shipped_draws_are_of_the_fitted_parameters_and_differ():
    assert all(tuple(row) == space.FITTED for row in shipped())
    assert len({tuple(row.values()) for row in shipped()}) > 0.9 * len(shipped())
