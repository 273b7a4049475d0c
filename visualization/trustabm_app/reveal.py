"""What came of a prediction: written from the numbers of a run, never by the lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trustabm.estimates import Estimate
from trustabm.findings import relative
from trustabm.outcomes import GLOSSARY
from trustabm_app.lesson import Lesson, Measured, Says

__all__ = ["Line", "Reveal", "found", "reveal"]

Estimates = Mapping[tuple[str, str, str], Estimate]
Found = Literal["higher", "lower", "same", "unclear"]


@dataclass(frozen=True, slots=True)
class Line:
    """An outcome under both policies.

    Args:
        title: What it is called.
        unit: What its levels count.
        levels: What it is under A and under B; None where there were too few events.
        said: The levels as they are written.
        change: The change from A to B in words, with its interval.
    """

    title: str
    unit: str
    levels: tuple[float, float] | None
    said: tuple[str, str]
    change: str


@dataclass(frozen=True, slots=True)
class Reveal:
    """What is told after a run: the verdict on the prediction, and a line an outcome."""

    verdict: str
    lines: tuple[Line, ...]


def reveal(lesson: Lesson, estimates: Estimates, arms: Mapping[str, str], says: Says) -> Reveal:
    """Hold a prediction against a run.

    Args:
        lesson: The lesson.
        estimates: By outcome, group and arm.
        arms: Names of the arms in the estimates, the reference first.
        says: What was predicted of the deciding outcome.
    """
    reference, other = arms
    d = lesson.decides
    what = found(estimates[d.outcome, d.group, other], lesson.margin)
    if what == "unclear":
        verdict = (
            "Too close to call: these towns do not tell whether the change is more than "
            f"{lesson.margin:g}%, so your prediction is neither borne out nor refuted."
        )
    elif what == says:
        verdict = "The model agrees with your prediction."
    else:
        words = f"the same, within {lesson.margin:g}%" if what == "same" else what
        verdict = f"The model does not agree: under “{lesson.b.title}” it is {words}."
    lines = [
        _line(
            m,
            estimates[m.outcome, m.group, reference],
            estimates[m.outcome, m.group, other],
            lesson.margin,
        )
        for m in (d, *lesson.also)
    ]
    return Reveal(verdict, tuple(lines))


def found(e: Estimate, margin: float) -> Found:
    """Return what a change is, as far as its interval can tell it from less than a margin.

    "Same" is not the want of a proof that there is a change: the whole interval must lie within
    the margin (two one-sided tests, Schuirmann 1987, doi:10.1007/BF01068419).

    Args:
        e: The change.
        margin: In percent of the reference's level.
    """
    low, high = e.percent_low, e.percent_high
    if e.identical or (low is not None and high is not None and -margin <= low <= high <= margin):
        return "same"
    if low is None or high is None or low <= margin <= high or low <= -margin <= high:
        return "unclear"
    return "higher" if low > margin else "lower"


def _line(m: Measured, before: Estimate, after: Estimate, margin: float) -> Line:
    unit, scale = _counted(GLOSSARY[m.outcome].unit)
    if before.level is None or after.level is None:
        return Line(m.title, unit, None, ("–", "–"), "Too few events to say.")
    levels = scale * before.level, scale * after.level
    said = _said(levels[0]), _said(levels[1])
    return Line(m.title, unit, levels, said, _change(after, margin))


def _change(e: Estimate, margin: float) -> str:
    if e.identical:
        return "The same in every town."
    low, high = e.percent_low, e.percent_high
    if e.percent is None or low is None or high is None:
        return "Too few towns or events for an interval."
    what = found(e, margin)
    if what in ("higher", "lower"):
        return f"{relative(e, 'higher', 'lower', 'as high')}."
    if what == "same":
        start = f"The same, within {margin:g}%"
    elif low * high > 0:
        start = f"{'Higher' if low > 0 else 'Lower'}, but perhaps by less than {margin:g}%"
    else:
        start = "Too close to call"
    return f"{start} (90% interval {_span(low, high)})."


def _span(low: float, high: float) -> str:
    ends = sorted((low, high), key=abs) if low * high > 0 else [low, high]
    words = [f"{abs(x):.1f}% {'lower' if x < 0 else 'higher'}" for x in ends]
    return f"{abs(ends[0]):.1f}% to {words[1]}" if low * high > 0 else " to ".join(words)


def _counted(unit: str) -> tuple[str, float]:
    """Return a unit and its scale such that no level is a percentage, as changes are."""
    if unit.startswith("share of "):
        return unit.replace("share of", "of 1,000"), 1000.0
    return ("from 0 to 100", 100.0) if unit == "0 to 1" else (unit, 1.0)


def _said(value: float) -> str:
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"
