"""Studies left out: reweighting gives what a fit without them gives; structures are weighed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_up import likelihood, target
from scipy import stats

from trustabm.analysis.emulator import Emulator
from trustabm.evidence.calibration import calibrate as c
from trustabm.evidence.calibration import leaving
from trustabm.evidence.calibration.calibrate import Fit
from trustabm.evidence.kinds import KINDS

MANY = len(c.space.FITTED)


def fit(seen: dict[str, tuple[float, float]], off: float = 0.25) -> Fit:
    """Fit the first coordinate, which every target measures; the others mean nothing.

    Args:
        seen: What was published and its tolerance, by target.
        off: The noise beyond, in tolerances.
    """
    x = np.random.default_rng(0).random((40, MANY))
    emulator = Emulator().fit(x, np.repeat(x[:, :1], len(seen), axis=1))
    targets = [replace(target(i, *v), study=f"study-{i}") for i, v in seen.items()]
    every = dict.fromkeys(KINDS, off)
    log = likelihood(emulator, targets, every)
    chains = c.posterior(log, "full", 100, 1)
    return Fit("full", chains, x, x[:, :1], np.ones(2), log, emulator, log, 0.0, every)


def test_a_study_left_out_by_reweighting_is_predicted_as_by_hand():
    # Three say 0.5 within 0.04, a fourth 0.57 within 0.08; the noise beyond is 0.01 and 0.02. What
    # the three say alone is summed up over a grid. Tolerances are four standard errors of 500 draws
    # that count: of the mean 4 · 0.024/√500; of a chance between 0.3 and 1 4 · 0.2/√500.
    one = fit(dict.fromkeys(("1", "2", "3"), (0.5, 0.04)) | {"5a": (0.57, 0.08)})
    grid = np.linspace(0.3, 0.7, 4001)
    inner = stats.norm.cdf((grid - 0.46) / 0.01) - stats.norm.cdf((grid - 0.54) / 0.01)
    outer = stats.norm.cdf((grid - 0.49) / 0.02) - stats.norm.cdf((grid - 0.65) / 0.02)
    every, three = inner**3 * outer, inner**3
    assert one.draws[:, 0].mean() == pytest.approx(every @ grid / every.sum(), abs=0.0043)
    left = leaving.leave_out(one, "study-5a")
    assert not left.refitted
    mean = float(left.weights @ left.draws[:, 0])
    assert mean == pytest.approx(0.5, abs=0.0043)
    assert every @ grid / every.sum() > 0.505  # so that it matters which it is
    assert math.exp(left.density) == pytest.approx(every.sum() / three.sum(), abs=0.036)


def test_where_weights_fail_the_posterior_is_drawn_anew():
    # The study left out is ten times as sure, and elsewhere: no draw is where the other alone is.
    one = fit({"1": (0.3, 0.05), "2": (0.7, 0.005)})
    left = leaving.leave_out(one, "study-2")
    assert left.refitted
    assert left.pareto_k > leaving.K_MOST
    assert left.draws[:, 0].mean() == pytest.approx(0.3, abs=0.03)
    assert left.draws[:, 0].std() == pytest.approx(0.1 / math.sqrt(12), abs=0.015)


def test_a_discrepancy_is_as_large_as_findings_left_out_are_off():
    # Two findings of a kind that hold together, and two that are 8 tolerances beyond each other's
    # ends, where a half-normal prior of one tolerance holds back.
    near = fit({"1": (0.5, 0.02), "T4-01": (0.5, 0.02)})
    apart = fit({"1": (0.4, 0.02), "T4-01": (0.6, 0.02)})
    small = leaving.discrepancies(near, leaving.left_out(near))
    large = leaving.discrepancies(apart, leaving.left_out(apart))
    assert small["reporting"] <= 0.2
    assert 1.0 <= large["reporting"] <= 4.0
    assert large["crime"] == leaving.GRID[0]  # of what no target is, the prior's mode


def test_weights_are_those_that_predict_best():
    # Two studies; a is sure of the first alone, b of the second alone. Where the first has a share
    # u of a bootstrap, a's weight is (u - 0.2) / 0.6 between 0 and 1. u is uniform: half each; c is
    # never best. Of three studies, two of them alike, u has a density of 2u, and the mean is
    # 0.36 + 0.36. Tolerances are three standard errors of 200 bootstraps: 3 · 0.35 / √200.
    sure, not_sure = math.log(0.8), math.log(0.2)
    found = leaving.stacked({"a": [sure, not_sure], "b": [not_sure, sure], "c": [-9.0, -9.0]})
    assert found["a"] == pytest.approx(0.5, abs=0.075)
    assert found["c"] < 1e-3
    assert sum(found.values()) == pytest.approx(1.0)
    two = leaving.stacked({"a": [sure, sure, not_sure], "b": [not_sure, not_sure, sure]})
    assert two["a"] == pytest.approx(0.72, abs=0.075)
