"""The reveal says what was computed, and no more than its intervals can tell."""

from __future__ import annotations

import pytest

from trustabm.classroom.lesson import lessons
from trustabm.classroom.reveal import found, reveal
from trustabm.outcomes.estimates import Estimate

ARMS = {"none": "A", "x": "B"}
LESSON = lessons()["citizen"]


def change(percent, low, high, base=0.5):
    shares = (base * x / 100 for x in (percent, low, high))
    return Estimate(base * (1 + percent / 100), *shares, percent, low, high)


def told(after, says, base=0.5):
    estimates = {
        (m.outcome, m.group, arm): e
        for m in (LESSON.decides, *LESSON.also)
        for arm, e in (("none", Estimate(base)), ("x", after))
    }
    return reveal(LESSON, estimates, ARMS, says)


def test_levels_and_change_are_those_of_the_run():
    less = change(-20, -24, -16)
    agrees = told(less, "lower")
    assert agrees.verdict == "The model agrees with your prediction."
    line = agrees.lines[0]
    assert line.title.startswith("Reporting (Latino, citizen")
    assert (line.unit, line.levels, line.said) == (
        "of 1,000 victimizations",
        (500.0, 400.0),
        ("500", "400"),
    )
    assert line.change == "20% lower (90% interval 16 to 24)."
    assert told(less, "same").verdict.endswith("it is lower.")


def test_a_multiple_is_said_as_one():
    assert told(change(633, 622, 644), "higher").lines[0].change == (
        "7.3 times as high (90% interval 7.2 to 7.4)."
    )


@pytest.mark.parametrize(
    ("low", "high", "what"),
    [
        (-6, 2, "unclear"),
        (0.5, 6, "unclear"),
        (-1.9, 1.9, "same"),
        (0.1, 0.2, "same"),
        (2.1, 9, "higher"),
        (-9, -2.1, "lower"),
    ],
)
def test_only_what_lies_beyond_the_margin_is_a_change(low, high, what):
    e = change((low + high) / 2, low, high)
    assert found(e, LESSON.margin) == what
    verdict = told(e, "same").verdict
    assert verdict.startswith("Too close to call") == (what == "unclear")
    assert ("agrees" in verdict) == (what == "same")


def test_what_cannot_be_told_is_said_with_its_interval():
    lines = told(change(-2, -6, 2), "lower").lines
    assert lines[0].change == "Too close to call (90% interval 6.0% lower to 2.0% higher)."
    lines = told(change(-2, -3, -1), "lower").lines
    assert (
        lines[0].change == "Lower, but perhaps by less than 2% (90% interval 1.0% to 3.0% lower)."
    )
    lines = told(change(0.15, 0.1, 0.2), "same").lines
    assert lines[0].change == "The same, within 2% (90% interval 0.1% to 0.2% higher)."
    assert told(Estimate(0.5, 0.0, 0.0, 0.0), "same").lines[0].change == (
        "No difference in any town."
    )
    assert told(Estimate(None), "same").lines[0].change == "Too few events to say."
