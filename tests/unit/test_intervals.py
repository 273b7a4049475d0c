"""Nothing impossible, nothing contradictory: number, percentage and verdict are of one interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustabm.outcomes.estimates import Estimate, Verdict, estimate
from trustabm.outcomes.intervals import FEW_EVENTS, changes

VERDICTS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32 - 1),
        "towns": st.integers(1, 40),
        "draws": st.integers(1, 20),
        "events": st.sampled_from((0.02, 0.2, 1.0, 5.0, 200.0)),
        "share": st.booleans(),
        "doubt": st.sampled_from((0.0, 0.3, 1.5)),
        "times": st.sampled_from((0.0, 0.05, 1.0, 1.02, 4.0)),
    }
)


def synthetic(seed, towns, draws, events, share, doubt, times, rows=40):
    """Return what `changes` asks for: clustered counts, over persons or over trials."""
    rng = np.random.default_rng(seed)
    labels = np.arange(towns) * min(draws, towns) // towns
    by_draw = np.exp(doubt * rng.normal(size=(2, labels[-1] + 1, rows)))[:, labels]
    luck = rng.gamma(2, 0.5, (towns, rows))
    mean = np.stack([events * luck * by_draw[0], times * events * luck * by_draw[0] * by_draw[1]])
    under = np.full(mean.shape, 1000.0)
    if share:
        under = rng.poisson(np.fmax(mean.max(axis=0), 0.5), mean.shape).astype(float)
        over = rng.binomial(under.astype(int), np.fmin(mean / np.fmax(under, 1), 1)).astype(float)
    else:
        over = rng.poisson(mean).astype(float)
    over, under = np.swapaxes(over, 0, 1), np.swapaxes(under, 0, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = over.sum(axis=0) / under.sum(axis=0)
        without = (over.sum(axis=0) - over) / (under.sum(axis=0) - under)
    return whole, without, over, 1.0 if share else np.inf, labels


def told(whole, without, events, top, labels):
    found = changes(whole, without, events, top, labels)
    counted = events.sum(axis=(0, 1))
    return [estimate(*row) for row in zip(whole[1], counted, *found, strict=True)]


@settings(max_examples=60, deadline=None)
@given(VERDICTS)
def test_no_interval_is_impossible_or_contradicts_another(case):
    """2,400 changes an example run: every one keeps to what there can be."""
    whole, without, events, top, labels = synthetic(**case)
    for k, e in enumerate(told(whole, without, events, top, labels)):
        base, verdict = whole[0, k], e.verdict()
        if e.low is not None:
            assert e.low <= e.difference <= e.high
            assert base + e.low >= -1e-9
            assert base + e.high <= top + 1e-9
        if e.percent_low is not None:
            assert -100 - 1e-9 <= e.percent_low <= e.percent <= e.percent_high
            assert np.sign(e.percent) == np.sign(e.difference)
            # On which side of nothing they lie is the same for both.
            assert np.sign(e.percent_low) == np.sign(e.low)
            assert np.sign(e.percent_high) == np.sign(e.high)
            assert base > 0
        if verdict is Verdict.HIGHER:
            assert e.low > 0
        if verdict is Verdict.LOWER:
            assert e.high < 0
        if verdict is Verdict.CLOSE:
            assert e.low <= 0 <= e.high
        assert (verdict is Verdict.TOO_FEW) == (
            events[..., k].sum() < FEW_EVENTS or np.isnan(e.difference or 0) or e.difference is None
        )
        if verdict is Verdict.TOO_FEW:
            assert e.percent is None
            assert e.low is None


def test_an_interval_worked_out_by_hand():
    """Four towns of one rate each: the log ratio's pseudo-values and Student's t at 3 degrees."""
    events = np.array([[10, 20], [12, 18], [8, 22], [10, 20]], float)[:, :, None]
    whole = events.mean(axis=0)
    without = (events.sum(axis=0) - events) / 3
    found = changes(whole, without, events)
    assert found.difference[0] == 10
    assert found.percent[0] == pytest.approx(100)
    logs = np.log(without[:, 1, 0] / without[:, 0, 0])
    pseudo = 4 * np.log(2) - 3 * logs
    half = 2.3534 * np.sqrt(pseudo.var(ddof=1) / 4)  # the 95% quantile of t with 3 degrees
    assert found.percent_low[0] == pytest.approx(100 * (2 * np.exp(-half) - 1), rel=5e-3)
    assert found.percent_high[0] == pytest.approx(100 * (2 * np.exp(half) - 1), rel=5e-3)


def test_an_arm_without_events_has_a_bound_and_no_percentage():
    """Ten towns with two events each under the reference, none under the arm, and turned round."""
    events = np.zeros((10, 2, 1))
    events[:, 0] = 2
    events[::2, 0] += 1
    whole, without = events.mean(axis=0), (events.sum(axis=0) - events) / 9
    less = changes(whole, without, events)
    assert less.percent[0] == less.percent_low[0] == -100
    assert -100 < less.percent_high[0] < -80  # at most 3 of 25 events (rule of three), with luck
    more = changes(whole[::-1], without[:, ::-1], events[:, ::-1])
    assert np.isnan(more.percent[0])
    assert 0 < more.low[0] < 2.5 <= more.high[0]


def test_what_differs_in_no_town_is_told_from_too_few_events():
    same = np.full((6, 2, 1), 3.0)
    none = np.zeros((6, 2, 1))
    few = none.copy()
    few[:4, 1] = 1
    verdicts = [
        told(x.mean(axis=0), (x.sum(axis=0) - x) / 5, x, np.inf, np.zeros(6, int))[0].verdict()
        for x in (same, none, few)
    ]
    assert verdicts == [Verdict.NO_DIFFERENCE, Verdict.TOO_FEW, Verdict.TOO_FEW]


def test_the_same_is_said_of_the_same_rules_alone():
    assert Estimate(0.5, 0.0, 0.0, 0.0).verdict() is Verdict.NO_DIFFERENCE
    assert Estimate(0.5, 0.0, 0.0, 0.0, events=0, same_rules=True).verdict() is Verdict.SAME_RULES
    assert Estimate(0.0, 0.0, events=4).verdict() is Verdict.TOO_FEW
    assert Estimate(None).verdict() is Verdict.TOO_FEW
    assert Estimate(0.5, 0.1, events=90).verdict() is Verdict.NO_INTERVAL
    assert Estimate(0.5, 0.1, 0.05, 0.2, 25, 12, 66).verdict() is Verdict.HIGHER
    assert Estimate(0.5, -0.1, -0.2, 0.1, -17, -33, 16).verdict() is Verdict.CLOSE
    assert Estimate(0.5, 0.002, -0.001, 0.004, 0.4, -0.2, 0.8).verdict() is Verdict.SMALL
    assert Estimate(0.5, 0.002, -0.001, 0.004, 0.4, -0.2, 0.8).verdict(0.5) is Verdict.CLOSE
