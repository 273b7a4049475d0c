"""Verdicts at their edges, and numbers as they are written, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from trustabm.outcomes.estimates import SMALL, Estimate, Verdict, estimate, estimates
from trustabm.outcomes.findings import relative
from trustabm.outcomes.numbers import percent_said, said, said_apart


def an(low, high, percent_low=None, percent_high=None, difference=0.1, events=9.0, **more):
    percent = None if percent_low is None else (percent_low + percent_high) / 2
    return Estimate(
        0.5, difference, low, high, percent, percent_low, percent_high, events=events, **more
    )


@pytest.mark.parametrize(
    ("e", "verdict"),
    [
        (an(0.05, 0.2, 10, 40), Verdict.HIGHER),
        (an(-0.2, -0.05, -40, -10, difference=-0.1), Verdict.LOWER),
        (an(0.0, 0.2, 0, 40), Verdict.CLOSE),
        (an(-0.2, 0.0, -40, 0), Verdict.CLOSE),
        (an(-0.2, 0.1, -40, 20), Verdict.CLOSE),
        (an(0.0, 0.0, 0, 0), Verdict.NO_DIFFERENCE),
        (an(0.0, 0.0, 0, 0, events=4.0), Verdict.TOO_FEW),
        (an(0.05, 0.2, 10, 40, events=5.0), Verdict.HIGHER),
        (an(0.05, 0.2, 10, 40, events=4.999), Verdict.TOO_FEW),
        (an(0.05, 0.2, 10, 40, events=None), Verdict.HIGHER),
        (an(0.05, 0.2, 10, 40, events=4.0, same_rules=True), Verdict.SAME_RULES),
        # Small where the whole interval lies within one percent, its ends not
        (an(0.001, 0.004, 0.2, 0.99), Verdict.SMALL),
        (an(0.001, 0.005, 0.2, 1.0), Verdict.HIGHER),
        (an(-0.004, -0.001, -0.99, -0.2, difference=-0.002), Verdict.SMALL),
        (an(-0.005, 0.001, -1.0, 0.2), Verdict.CLOSE),
        (an(0.001, 0.004), Verdict.HIGHER),  # no percentage, no margin
        (Estimate(0.5, 0.002, 0.001, 0.004, 0.4, None, 0.8), Verdict.HIGHER),
        (Estimate(0.5, 0.002, 0.001, 0.004, 0.4, 0.2, None), Verdict.HIGHER),
        (an(None, 0.2), Verdict.NO_INTERVAL),
        (an(0.1, None), Verdict.NO_INTERVAL),
        (an(0.1, 0.2, difference=None), Verdict.TOO_FEW),
    ],
)
def test_verdicts_at_their_edges(e, verdict):
    assert e.verdict() is verdict


def test_the_margin_may_be_wider():
    assert SMALL == 1.0
    assert an(0.001, 0.01, 0.5, 2.9).verdict(3.0) is Verdict.SMALL
    assert an(0.001, 0.01, 0.5, 3.0).verdict(3.0) is Verdict.HIGHER


def test_told_apart_is_an_interval_without_zero():
    assert [
        an(*ends).told_apart for ends in ((0.1, 0.2), (-0.2, -0.1), (0.0, 0.2), (-0.1, 0.0))
    ] == [True, True, False, False]
    assert not an(None, 0.2).told_apart
    assert not an(-0.2, None).told_apart


def test_an_estimate_of_numbers_names_each():
    numbers = (1.0, 0.5, 1.5, 66.0, 33.0, 99.0, 0.4, 20.0)
    shares = (0.1, 0.05, 0.2, 0.3, 0.15, 0.2)
    more = (1.2, 1.8, 2.1, 2.9, *shares, 1.0, 0.25, 0.0, 0.05)
    e = estimate(2.5, 7, *numbers, *more, names={"figure": ("a", "b"), "rule": ("c",)})
    assert e == Estimate(2.5, *numbers, 7.0, False, 2.1, 2.9, *shares, "b", 0.25, "c", 0.05)
    gone = estimate(math.nan, 7, 1.0, -math.inf, math.inf, *[math.nan] * 19)
    assert gone == Estimate(None, 1.0, events=7.0)


def test_estimates_of_arms_are_each_against_the_first():
    # Three towns, three arms, two rows; the third arm's rules are the first's
    over = np.array([[[10, 2], [20, 2], [10, 2]], [[10, 3], [30, 3], [10, 3]], [[10, 4]] * 3])
    over = over.astype(float)
    over[2, 1] = [22, 4]
    whole, without = over.sum(axis=0), over.sum(axis=0) - over
    found = estimates(whole, without, over, [np.inf, 1e9], same_rules=[True, False, True])
    assert [e.level for e in found[0]] == [30, 9]
    assert [e.difference for e in found[0]] == [None, None]
    assert (found[0][0].level_low, found[0][0].level_high) == (30, 30)  # ten in every town
    assert found[0][1].level_low < 9 < found[0][1].level_high
    more, same = found[1]
    assert (more.level, more.difference, more.events) == (72, 42, 102)
    assert more.percent == pytest.approx(140)
    assert more.low > 0
    assert not more.same_rules
    assert (same.difference, same.low, same.events) == (0, 0, 18)
    assert [e.verdict() for e in found[2]] == [Verdict.SAME_RULES] * 2
    assert [e.events for e in found[2]] == [60, 18]


# Numbers


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (1234.5, 0, "1,234"),
        (1234.56, 1, "1,234.6"),
        (0.0, 3, "0"),
        (0.1, 1, "0.1"),
        (0.099, 1, "0.10"),  # less than the last digit: its first
        (0.0123, 1, "0.01"),
        (-0.0123, 1, "-0.01"),
        (0.01, 1, "0.01"),
        (1.0, 0, "1"),
        (0.5, 0, "0.5"),
        (-2.0, 0, "-2"),
    ],
)
def test_numbers_as_they_are_written(value, digits, written):
    assert said(value, digits) == written
    assert said(value, digits, plus=True) == (f"+{written}" if value > 0 else written)


@pytest.mark.parametrize(
    ("values", "digits", "bounds", "written"),
    [
        ([12.0, 15.0], 0, (), ["12", "15"]),
        ([12.1, 12.2], 0, (), ["12.1", "12.2"]),
        ([12.12, 12.13], 0, (), ["12.12", "12.13"]),
        ([12.0, 12.0], 0, (), ["12", "12"]),
        ([12.0, 12.00001], 0, (), ["12.0000", "12.0000"]),  # within reason: four digits
        ([5.0, 12.1, 12.2], 0, (), ["5.0", "12.1", "12.2"]),
        ([12.1, 12.2, 15.0], 0, (), ["12", "12", "15"]),  # the ends alone must differ
        ([0.4, 8.0], 0, (), ["0.4", "8.0"]),  # a part of one beside less than ten
        ([0.4, 10.0], 0, (), ["0.4", "10"]),
        ([1.0, 8.0], 0, (), ["1", "8"]),
        ([99.7], 0, (100.0,), ["99.7"]),
        ([100.0], 0, (100.0,), ["100"]),
        ([90.0, 80.0, 99.96], 0, (100.0,), ["90.00", "80.00", "99.96"]),
    ],
)
def test_numbers_are_told_apart(values, digits, bounds, written):
    assert said_apart(values, digits, bounds) == written


def test_percentages_as_they_are_written():
    assert percent_said(12.34, 1.0, 20.0) == ("+12.3%", "+1.0 to +20.0%")
    assert percent_said(-12.34, -20.06, 0.0) == ("-12.3%", "-20.1 to 0%")
    assert percent_said(None, 1.0, None) == ("\N{EN DASH}", "\N{EN DASH}")
    assert percent_said(3.0, None, 2.0) == ("+3.0%", "\N{EN DASH}")


@pytest.mark.parametrize(
    ("percents", "written"),
    [
        ((20.0, 5.0, 37.4), "20% more (90% interval 5 to 37)"),
        ((-20.0, -37.4, -5.0), "20% fewer (90% interval 5 to 37)"),
        ((99.9, 50.0, 150.0), "99.9% more (90% interval 50.0 to 150.0)"),
        ((100.0, 50.0, 150.0), "2.0 times as many (90% interval 1.5 to 2.5)"),
        ((320.0, -4.0, 750.0), "4.20 times as many (90% interval 0.96 to 8.50)"),
        ((20.0, None, None), "20% more (too few towns or events for an interval)"),
        ((-0.2, -0.9, 0.5), "0.2% fewer (90% interval -0.5 to 0.9)"),
    ],
)
def test_relative_changes_in_words(percents, written):
    middle, low, high = percents
    e = Estimate(1.0, 0.1, percent=middle, percent_low=low, percent_high=high)
    assert relative(e, "more", "fewer", "as many") == written
