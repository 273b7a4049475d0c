"""The procedure of inference, on a simulator whose answers are known."""

import os
import subprocess
import sys

import numpy as np
import pytest
from arviz_stats.base import array_stats
from made_up import TOLERANCE, likelihood, target
from scipy import stats

from trustabm.analysis.emulator import Emulator
from trustabm.evidence.calibration import space
from trustabm.evidence.calibration.calibrate import fitted_targets
from trustabm.evidence.calibration.likelihood import FREEDOM, Likelihood
from trustabm.evidence.calibration.sampler import begin, sample
from trustabm.evidence.kinds import KINDS
from trustabm.inputs.draws import mixture, shipped, weights
from trustabm.inputs.structures import STRUCTURES


def simulator(points):
    """Three moments of two parameters, smooth and not linear."""
    a, b = points.T
    return np.stack([np.sin(2 * a) + b, a * b, np.exp(-b) - 0.3 * a], axis=1)


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    design = np.random.default_rng(3).random((80, 2))
    noise = 0.005 * np.random.default_rng(4).normal(size=(80, 3))
    return Emulator().fit(design, simulator(design) + noise)


@pytest.fixture(scope="module")
def line() -> Emulator:
    x = np.linspace(0, 1, 20)[:, None]
    return Emulator().fit(x, x + 1e-3 * np.random.default_rng(4).normal(size=(20, 2)))


@pytest.mark.slow
def test_ranks_are_uniform_in_simulation_based_calibration(emulator):
    # Talts et al. 2018, arXiv:1804.06788. 60 synthetic data sets: a posterior half as wide as it
    # should be fails the Kolmogorov-Smirnov test at 0.001 with a chance above 0.9.
    rng = np.random.default_rng(3)
    ranks = []
    for k in range(60):
        truth = rng.random((1, 2))
        within = TOLERANCE * rng.uniform(-1, 1, 3)
        seen = simulator(truth)[0] + within + 0.5 * TOLERANCE * rng.normal(size=3)
        targets = [target(i, v) for i, v in zip(("1", "2", "12a"), seen, strict=True)]
        log = likelihood(emulator, targets).whole
        draws = sample(log, begin(log, 2, 8, k), 60, 40, seed=k).flat
        ranks.append((draws < truth).mean(axis=0))
    for column in np.array(ranks).T:
        assert stats.kstest(column, "uniform").pvalue > 0.001


def test_a_ridge_is_walked_along():
    # Logits of two coordinates with a correlation of .99, and of a third a hundred times as narrow.
    # 2,400 draws, of which at least 600 count: their mean is off by at most .16 (4 standard errors)
    # of a standard deviation, their correlation by at most .004. A walk in steps of each
    # coordinate's own width has some 200.
    covariance = np.array([[1, 0.99, 0], [0.99, 1, 0], [0, 0, 1e-4]])
    inverse = np.linalg.inv(covariance)

    def density(x):
        z = np.log(x / (1 - x))
        width = x * (1 - x)
        value = -0.5 * np.einsum("ni,ij,nj->n", z, inverse, z) - np.log(width).sum(axis=1)
        return value, (-z @ inverse - 1 + 2 * x) / width

    found = sample(density, begin(density, 3, 16, 0), 200, 150, seed=1)
    z = np.log(found.draws / (1 - found.draws))
    for k in range(3):
        assert array_stats.ess(z[..., k], chain_axis=0, draw_axis=1) > 600
    flat = z.reshape(-1, 3)
    np.testing.assert_allclose(flat.mean(axis=0) / np.sqrt(np.diag(covariance)), 0, atol=0.16)
    assert abs(np.corrcoef(flat[:, :2].T)[0, 1] - 0.99) < 0.004


def test_draws_are_of_a_density_that_is_known():
    # A beta distribution in each of three coordinates; 3,200 draws, of which at least 800 count,
    # have a mean within four standard errors of it: 4 · 0.16 / √800 = 0.023.
    a, b = np.array([2.0, 5.0, 1.5]), np.array([5.0, 2.0, 1.5])

    def density(x):
        value = ((a - 1) * np.log(x) + (b - 1) * np.log(1 - x)).sum(axis=1)
        return value, (a - 1) / x - (b - 1) / (1 - x)

    found = sample(density, begin(density, 3, 16, 0), 100, 200, seed=1)
    assert found.draws.shape == (16, 200, 3)
    assert found.flat.mean(axis=0) == pytest.approx(a / (a + b), abs=0.023)
    sd = stats.beta(a, b).std()
    assert found.flat.std(axis=0) == pytest.approx(sd, rel=0.1)
    assert found.density == pytest.approx(density(found.flat)[0].reshape(16, 200), abs=1e-9)


def test_a_target_is_as_likely_as_that_the_truth_is_within_tolerance(line):
    # At the point 0.5 the model gives 0.5; the noise is 0.04 beyond a tolerance of 0.08.
    at, normal, t = np.array([[0.5]]), stats.norm(0.5, 0.04), stats.t(FREEDOM, 0.5, 0.04)
    firm, belief = likelihood(line, [target("1", 0.6), target("T1-02a", 0.6)]).each(at)[0]
    assert firm == pytest.approx(np.log(normal.cdf(0.68) - normal.cdf(0.52)), abs=0.05)
    assert belief == pytest.approx(np.log(t.cdf(0.68) - t.cdf(0.52)), abs=0.05)
    targets = [target("1", 0.4, bound="at most"), target("2", 0.1, upto=0.3)]
    bound, between = likelihood(line, targets).each(at)[0]
    assert bound == pytest.approx(normal.logcdf(0.48), abs=0.05)
    assert between == pytest.approx(np.log(normal.cdf(0.38) - normal.cdf(0.02)), abs=0.1)


def test_doubts_add_up_in_the_spread(line):
    one = target("1", 0.5, 0.3)
    off = dict.fromkeys(KINDS, 0.0) | {"reporting": 2.0}
    base = likelihood(line, [one], off)
    wide = Likelihood(base.surfaces, [one], np.array([0.4]), np.array([3.0]), off)
    # (2 · 0.3)², 0.4² and (3 · 0.5)²
    assert wide.spread(np.array([[0.25]]))[0, 0] == pytest.approx(np.sqrt(0.36 + 0.16 + 2.25))


def test_slopes_of_a_likelihood_are_those_of_small_steps():
    # With much noise: small steps in what is known surely are rounding.
    rng = np.random.default_rng(4)
    design = rng.random((80, 2))
    emulator = Emulator().fit(design, simulator(design) + 0.1 * rng.normal(size=(80, 3)))
    targets = [
        target("1", 0.9),
        target("T9-02a", 0.4),
        target("12f", 0.2, bound="at most"),
    ]
    log = likelihood(emulator, targets, dict.fromkeys(KINDS, 0.5))
    x = np.random.default_rng(5).random((6, 2))
    _, slopes = log.whole(x)
    for d in range(2):
        step = np.eye(2)[d] * 1e-4
        numeric = (log.whole(x + step)[0] - log.whole(x - step)[0]) / 2e-4
        assert slopes[:, d] == pytest.approx(numeric, rel=1e-2, abs=1e-2)


def test_a_finding_on_beliefs_that_cannot_be_had_is_let_go_and_one_of_the_contract_is_not(line):
    """Two targets that cannot both hold: a firm one against one of beliefs, and two firm ones."""

    def best(*ids: str) -> float:
        pair = [target(i, at, 0.02) for i, at in zip(ids, (0.2, 0.8), strict=True)]
        points = np.linspace(0, 1, 501)[:, None]
        return float(points[np.argmax(likelihood(line, pair).whole(points)[0]), 0])

    assert best("1", "T9-02a") == pytest.approx(0.2, abs=0.03)
    assert best("T9-02a", "1") == pytest.approx(0.8, abs=0.03)
    # The top is flat: from 0.49 to 0.51 the logarithm moves by what rounding does.
    assert best("1", "2") == pytest.approx(0.5, abs=0.03)


def test_small_matrices_get_one_thread():
    """With more a fit takes ten times as long; what is loaded under a limit is not held to it."""
    code = (
        "from trustabm.evidence.calibration import calibrate as c\n"
        "from threadpoolctl import threadpool_info\n"
        "with c.threadpool_limits(1):\n"
        "    import scipy.linalg, scipy.optimize\n"
        "    print(*(x['num_threads'] for x in threadpool_info() if x['user_api'] == 'blas'))\n"
    )
    # Asked for, so that it can fail on a machine with one processor too.
    told = {**os.environ, "OPENBLAS_NUM_THREADS": "2"}
    found = subprocess.run(
        [sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True
    )
    assert set(found.stdout.split()) == {"1"}


def test_no_validation_row_is_fitted():
    assert {t.role for t in fitted_targets()} == {"calibration", "baseline"}


def test_points_are_parameters_within_their_bounds():
    low, high = space.bounds()
    for corner, bound in ((np.zeros(len(low)), low), (np.ones(len(low)), high)):
        made = space.parameters(corner)
        assert [getattr(made, n) for n in space.FITTED] == pytest.approx(list(bound))


def test_a_structure_holds_what_it_fixes_and_leaves_alone_what_means_nothing_in_it():
    default = space.parameters(np.full(len(space.FITTED), 0.5)).model_copy()
    for name, structure in STRUCTURES.items():
        assert set(structure.idle) <= set(space.FITTED)
        made = space.parameters(np.zeros(len(space.FITTED)), name)
        assert {k: getattr(made, k) for k in structure.fixed} == structure.fixed
        for idle in structure.idle:
            assert getattr(made, idle) == type(default)().model_dump()[idle]
        held = space.held(np.zeros((1, len(space.FITTED))), name)[0]
        assert {n for n, x in zip(space.FITTED, held, strict=True) if x} == set(structure.idle)
    assert len(STRUCTURES) >= 6


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
    # A chain stays where it is where all proposals from one draw to the next are refused: of six,
    # of which one in five is by the aim, hardly ever.
    assert len({tuple(row.values()) for row in shipped()}) > 0.9 * len(shipped())


def test_draws_that_ship_are_of_structures_that_there_are():
    assert set(weights()) <= set(STRUCTURES)
    assert sum(weights().values()) == pytest.approx(1.0)
    for name, made in mixture(20):
        fixed = STRUCTURES[name].fixed
        assert {k: getattr(made, k) for k in fixed} == fixed
