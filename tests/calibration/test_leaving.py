"""Studies left out: reweighting gives what a fit without them gives; structures are weighed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_up import likelihood, target

from trustabm.analysis.emulator import Emulator
from trustabm.evidence.calibration import calibrate as c
from trustabm.evidence.calibration import leaving
from trustabm.evidence.calibration.calibrate import Fit
from trustabm.evidence.kinds import KINDS

MANY = len(c.space.FITTED)


def fit(seen: dict[str, float], noise: dict[str, float], off=None) -> Fit:
    """Fit the first coordinate, which every target measures; the others mean nothing."""
    x = np.random.default_rng(0).random((40, MANY))
    emulator = Emulator().fit(x, np.repeat(x[:, :1], len(seen), axis=1))
    targets = [replace(target(i, v, noise[i]), study=f"study-{i}") for i, v in seen.items()]
    off = dict.fromkeys(KINDS, 0.0) if off is None else off
    log = likelihood(emulator, targets, off)
    chains = c.posterior(log, "full", 100, 1)
    return Fit("full", chains, x, x[:, :1], np.ones(2), log, emulator, log, 0.0)


def test_a_study_left_out_by_reweighting_is_predicted_as_by_hand():
    # One of four equally sure measurements is left out, 0.6: the others say 0.5 with a variance of
    # 0.05²/3, so that the one is normal around 0.5 with a variance of 4/3 · 0.05². All four say
    # 0.525. Tolerances are four standard errors of 500 draws that count: of the mean
    # 4 · 0.029/√500; of the density's logarithm, whose terms differ by about 0.8, 4 · 0.8/√500.
    seen = {"1": 0.5, "2": 0.5, "3": 0.5, "5a": 0.6}
    one = fit(seen, dict.fromkeys(seen, 0.05))
    assert one.draws[:, 0].mean() == pytest.approx(0.525, abs=0.005)
    left = leaving.leave_out(one, "study-5a")
    assert not left.refitted
    mean = float(left.weights @ left.draws[:, 0])
    assert mean == pytest.approx(0.5, abs=0.005)
    variance = 4 / 3 * 0.05**2
    by_hand = -0.5 * 0.1**2 / variance - 0.5 * math.log(2 * math.pi * variance)
    assert left.density == pytest.approx(by_hand, abs=0.14)


def test_where_weights_fail_the_posterior_is_drawn_anew():
    # The study left out is ten times as sure, and elsewhere: no draw is where the other alone is.
    one = fit({"1": 0.3, "2": 0.7}, {"1": 0.05, "2": 0.005})
    left = leaving.leave_out(one, "study-2")
    assert left.refitted
    assert left.pareto_k > leaving.K_MOST
    assert left.draws[:, 0].mean() == pytest.approx(0.3, abs=0.03)
    assert left.draws[:, 0].std() == pytest.approx(0.05, abs=0.02)


def test_a_discrepancy_is_as_large_as_findings_left_out_are_off():
    # Two findings of a kind, each known within a hundredth of what they are apart: 3 tolerances.
    # Each is off the other by 3; half-normal prior and the spread of both leave about 2.
    near = fit({"1": 0.5, "T4-01": 0.5}, {"1": 0.02, "T4-01": 0.02})
    apart = fit({"1": 0.4, "T4-01": 0.6}, {"1": 0.02, "T4-01": 0.02})
    small = leaving.discrepancies(near, leaving.left_out(near))
    large = leaving.discrepancies(apart, leaving.left_out(apart))
    assert small["reporting"] <= 0.2
    assert 1.0 <= large["reporting"] <= 4.0
    assert large["crime"] == 0.0  # of what no target is, the prior's mode


def test_weights_are_those_that_predict_best():
    # Two studies; a is sure of the first alone, b of the second alone: half each. c is never best.
    sure, not_sure = math.log(0.8), math.log(0.2)
    found = leaving.stacked({"a": [sure, not_sure], "b": [not_sure, sure], "c": [-9.0, -9.0]})
    assert found["a"] == pytest.approx(0.5, abs=1e-3)
    assert found["c"] < 1e-3
    assert sum(found.values()) == pytest.approx(1.0)
    # w solves 2/3 · (0.8 - 0.2)/(0.2 + 0.6 w) = 1/3 · 0.6/(0.8 - 0.6 w): w = 7/9 of two to one.
    two = leaving.stacked({"a": [sure, sure, not_sure], "b": [not_sure, not_sure, sure]})
    assert two["a"] == pytest.approx(7 / 9, abs=1e-3)
