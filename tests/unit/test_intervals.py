"""Nothing impossible, nothing contradictory: number, percentage and verdict are of one interval."""

from __future__ import annotations

import numpy as np
import pytest

from trustabm.outcomes.estimates import Estimate, Verdict, estimate
from trustabm.outcomes.intervals import FEW_EVENTS, changes

CHOICES = {
    "towns": (2, 3, 5, 8, 14, 25, 40),
    "draws": (1, 2, 4, 7, 12, 20),
    "events": (0.02, 0.2, 1.0, 5.0, 200.0),
    "share": (False, True),
    "doubt": (0.0, 0.3, 1.5),
    "times": (0.0, 0.05, 1.0, 1.02, 4.0),
}
ROWS, CASES = 40, 250


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


def told(whole, events, found):
    counted = events.sum(axis=(0, 1))
    return [estimate(*row) for row in zip(whole[1], counted, *found, strict=True)]


def test_nothing_impossible_is_said_of_ten_thousand_comparisons():
    """Counts of 250 kinds, from none in most towns to hundreds, of 40 comparisons each."""
    rng = np.random.default_rng(14)
    seen = dict.fromkeys(Verdict, 0)
    for seed in range(CASES):
        case = {name: values[rng.integers(len(values))] for name, values in CHOICES.items()}
        whole, without, events, top, labels = synthetic(seed, **case, rows=ROWS)
        found = changes(whole, without, events, top, labels)
        c = {name: np.nan_to_num(x, nan=0.0) for name, x in found._asdict().items()}
        said, sized = np.isfinite(found.low), np.isfinite(found.percent_low)
        # Ends lie about what was found, and levels within what there can be.
        for low, value, high in (
            (found.low, found.difference, found.high),
            (found.percent_low, found.percent, found.percent_high),
            (found.reference_low, whole[0], found.reference_high),
            (found.level_low, whole[1], found.level_high),
        ):
            assert (np.isfinite(low) == np.isfinite(high)).all()
            assert ((low <= value) & (value <= high))[np.isfinite(low)].all()
        assert (c["reference_low"] >= 0).all()
        assert (c["level_low"] >= 0).all()
        assert (np.fmax(c["reference_high"], c["level_high"]) <= top + 1e-9).all()
        # Nothing more can go than there may be, and nothing more come than there can be.
        floor = np.where(np.isfinite(found.reference_high), found.reference_high, top)
        assert (c["low"] >= -floor * (1 + 1e-9)).all()
        assert (c["high"] <= top + 1e-9).all()
        assert (c["percent_low"] >= -100).all()
        # Difference and percentage lie on the same side of nothing.
        both = said & sized
        for one, other in (("low", "percent_low"), ("high", "percent_high")):
            assert (np.sign(c[one]) == np.sign(c[other]))[both].all()
        shares = np.stack([getattr(found, f"by_{k}") for k in ("luck", "parameters", "figures")])
        known = np.isfinite(shares).all(axis=0)
        assert np.allclose(shares[:, known].sum(axis=0), 1)
        assert (shares[:, known] >= 0).all()
        # The verdict is of the same interval.
        for k, e in enumerate(told(whole, events, found)):
            verdict = e.verdict()
            seen[verdict] += 1
            few = events[..., k].sum() < FEW_EVENTS or not np.isfinite(found.difference[k])
            assert (verdict is Verdict.TOO_FEW) == few
            if verdict in (Verdict.HIGHER, Verdict.LOWER):
                assert e.told_apart
                assert (e.low > 0) == (verdict is Verdict.HIGHER)
            if verdict is Verdict.CLOSE:
                assert e.low <= 0 <= e.high
            if few:
                assert e.percent is e.low is None
    assert sum(seen.values()) == ROWS * CASES == 10_000
    common = (Verdict.TOO_FEW, Verdict.NO_INTERVAL, Verdict.CLOSE, Verdict.HIGHER, Verdict.LOWER)
    assert all(seen[verdict] > 50 for verdict in common)


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
    verdicts = []
    for x in (same, none, few):
        whole = x.mean(axis=0)
        found = changes(whole, (x.sum(axis=0) - x) / 5, x, np.inf, np.zeros(6, int))
        verdicts.append(told(whole, x, found)[0].verdict())
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
