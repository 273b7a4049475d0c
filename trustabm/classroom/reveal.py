"""What came of a prediction: written from the numbers of a run, never by the lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trustabm.classroom.lesson import Lesson, Measured, Says
from trustabm.outcomes.estimates import NUMBERLESS, Estimate, Verdict
from trustabm.outcomes.findings import relative
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import DASH, said

__all__ = ["Line", "Reveal", "counted", "found", "reveal"]

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
    decisive = estimates[d.outcome, d.group, other]
    what, verdict = found(decisive, lesson.margin), decisive.verdict(lesson.margin)
    if what == "unclear":
        if verdict not in (Verdict.TOO_FEW, Verdict.NO_INTERVAL):
            verdict = Verdict.CLOSE
        told = (
            f"{verdict.upper_first}: these towns do not tell whether the change is more than "
            f"{lesson.margin:g}%, so your prediction is neither borne out nor refuted."
        )
    elif what == says:
        told = "The model agrees with your prediction."
    else:
        words = f"the same, within {lesson.margin:g}%" if what == "same" else what
        told = f"The model does not agree: under “{lesson.b.title}” it is {words}."
    lines = [
        _line(
            m,
            estimates[m.outcome, m.group, reference],
            estimates[m.outcome, m.group, other],
            lesson.margin,
        )
        for m in (d, *lesson.also)
    ]
    return Reveal(told, tuple(lines))


def found(e: Estimate, margin: float) -> Found:
    """Return what a change is, as far as its interval can tell it from less than a margin.

    "Same" is not the want of a proof that there is a change: the whole interval must lie within
    the margin (two one-sided tests, Schuirmann 1987, doi:10.1007/BF01068419).

    Args:
        e: The change.
        margin: In percent of the reference's level.
    """
    verdict = e.verdict(margin)
    if verdict in (Verdict.SAME_RULES, Verdict.NO_DIFFERENCE, Verdict.SMALL):
        return "same"
    low, high = e.percent_low, e.percent_high
    if verdict is Verdict.HIGHER and low is not None and low > margin:
        return "higher"
    if verdict is Verdict.LOWER and high is not None and high < -margin:
        return "lower"
    return "unclear"


def _line(m: Measured, before: Estimate, after: Estimate, margin: float) -> Line:
    unit, scale = counted(GLOSSARY[m.outcome].unit)
    if before.level is None or after.level is None:
        return Line(m.title, unit, None, (DASH, DASH), _change(after, margin))
    levels = scale * before.level, scale * after.level
    written = _said(levels[0]), _said(levels[1])
    return Line(m.title, unit, levels, written, _change(after, margin))


def _change(e: Estimate, margin: float) -> str:
    verdict, what = e.verdict(margin), found(e, margin)
    if verdict in NUMBERLESS:
        return f"{verdict.upper_first}."
    low, high = e.percent_low, e.percent_high
    if low is None or high is None:
        return f"{Verdict.NO_INTERVAL.upper_first}."
    if what in ("higher", "lower"):
        return f"{relative(e, 'higher', 'lower', 'as high')}."
    start = verdict.upper_first
    if verdict is Verdict.SMALL:
        start = f"The same, within {margin:g}%"
    elif verdict is not Verdict.CLOSE:
        start += f", but perhaps by less than {margin:g}%"
    return f"{start} (90% interval {_span(low, high)})."


def _span(low: float, high: float) -> str:
    ends = sorted((low, high), key=abs) if low * high > 0 else [low, high]
    words = [f"{said(abs(x), 1)}% {'lower' if x < 0 else 'higher'}" for x in ends]
    return f"{said(abs(ends[0]), 1)}% to {words[1]}" if low * high > 0 else " to ".join(words)


def counted(unit: str) -> tuple[str, float]:
    """Return a unit and its scale such that no level is a percentage, as changes are."""
    if unit.startswith("share of "):
        return unit.replace("share of", "of 1,000"), 1000.0
    return ("from 0 to 100", 100.0) if unit == "0 to 1" else (unit, 1.0)


def _said(value: float) -> str:
    return said(value, 0 if value >= 100 else 1 if value >= 10 else 2)
