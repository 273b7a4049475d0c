"""Scores worked out by hand."""

from __future__ import annotations

import datetime as dt
from math import exp

import pytest

from trustabm.errors import InvalidInput
from trustabm.forecasts.registry import Interval, Naive, Outcome, Statement
from trustabm.forecasts.score import interval_score, score, summary, weighted_interval_score

from .test_registry import PLAIN

DAY = dt.date(2027, 8, 1)


def statement(value, **more):
    """A ratio whose logarithm is 0, −0.1 to 0.1 and −0.3 to 0.3."""
    plain = PLAIN | {
        "half": Interval(low=exp(-0.1), high=exp(0.1)),
        "ninety": Interval(low=exp(-0.3), high=exp(0.3)),
        "naive": Naive(no_change=1.0, last_value=exp(0.2), last_source="x"),
        "outcome": Outcome(value=value, source="Table 3", entered_on=DAY),
    }
    return Statement(**(plain | more))


@pytest.mark.parametrize(
    ("value", "by_hand"),
    [
        (0.5, 4.0),  # inside: its width
        (5.0, 24.0),  # 1 above: 4 + 2 / 0.1 * 1
        (-0.5, 14.0),  # 0.5 below
    ],
)
def test_the_interval_score(value, by_hand):
    assert interval_score(value, 0.0, 4.0, 0.1) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("value", "by_hand"),
    [
        # (½·0 + ¼·0.2 + 0.05·0.6) / 2.5
        (0.0, 0.032),
        # (½·0.2 + ¼·(0.2 + 4·0.1) + 0.05·0.6) / 2.5
        (0.2, 0.112),
        # (½·0.5 + ¼·(0.2 + 4·0.4) + 0.05·(0.6 + 20·0.2)) / 2.5
        (-0.5, 0.372),
    ],
)
def test_the_weighted_interval_score(value, by_hand):
    ends = (-0.3, -0.1, 0.0, 0.1, 0.3)
    assert weighted_interval_score(value, ends) == pytest.approx(by_hand)


def test_of_a_point_it_is_the_distance():
    assert weighted_interval_score(3.0, (1.0,) * 5) == pytest.approx(2.0)


def test_a_statement_is_scored_beside_naive_forecasts_of_the_same_widths():
    found = score(statement(exp(0.2)))
    assert found["score"] == pytest.approx(0.112)
    assert found["no_change"] == pytest.approx(0.112)  # at the median itself
    assert found["last_value"] == pytest.approx(0.032)  # moved to the value
    assert (found["in_half"], found["in_ninety"]) == (False, True)


def test_shares_are_scored_on_log_odds():
    # Log odds of 50%: 0; of 73.1059%: 1.
    share = 100.0 / (1.0 + exp(-1.0))
    s = statement(
        share,
        unit="%",
        scale="logit",
        median=50.0,
        half=Interval(low=100 / (1 + exp(0.5)), high=100 / (1 + exp(-0.5))),
        ninety=Interval(low=100 / (1 + exp(2.0)), high=100 / (1 + exp(-2.0))),
        naive=Naive(no_change=50.0),
    )
    # (½·1 + ¼·(1 + 4·0.5) + 0.05·4) / 2.5
    assert score(s)["score"] == pytest.approx(1.45 / 2.5)
    assert score(s)["last_value"] is None


def test_a_summary_counts_hits_and_skill():
    found = [score(statement(exp(x))) for x in (0.0, 0.2, -0.5)]
    s = summary(found)
    assert s["scored"] == 3
    assert s["in_half"] == pytest.approx(1 / 3)
    assert s["in_ninety"] == pytest.approx(2 / 3)
    assert s["score"] == pytest.approx((0.032 + 0.112 + 0.372) / 3)
    assert s["skill_over_no_change"] == pytest.approx(0.0)
    # Moved by 0.2: distances 0.2 below, 0, and 0.7 below: (0.35 + ¼·2.6 + 0.05·8.6) / 2.5 = 0.572.
    assert s["skill_over_last_value"] == pytest.approx(1 - 0.516 / (0.112 + 0.032 + 0.572))


def test_with_nothing_scored_nothing_is_said():
    assert summary([])["in_half"] is None
    assert summary([])["skill_over_no_change"] is None


def test_without_a_value_there_is_no_score():
    with pytest.raises(InvalidInput, match="expected a value"):
        score(statement(1.0, outcome=Outcome()))


def test_it_is_twice_the_mean_pinball_loss_of_the_quantiles():
    # Bracher et al. 2021, equation 4: the same number by another way.
    ends, levels = (-0.4, -0.1, 0.05, 0.2, 0.3), (0.05, 0.25, 0.5, 0.75, 0.95)
    for value in (-1.0, -0.2, 0.0, 0.05, 0.25, 2.0):
        losses = [
            max(p * (value - q), (p - 1.0) * (value - q)) for q, p in zip(ends, levels, strict=True)
        ]
        assert weighted_interval_score(value, ends) == pytest.approx(2 * sum(losses) / 5)
