"""Lessons as a class goes through them: what is asked, and what came of the run."""

from __future__ import annotations

import numpy as np

from trustabm.classroom.lesson import Lesson
from trustabm.classroom.predictions import Came, Question
from trustabm.classroom.reveal import counted, reveal
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import levels
from trustabm.runs.comparison import Comparison

__all__ = ["came", "question"]


def question(lesson: Lesson) -> Question:
    """Return what a class is asked."""
    d = lesson.decides.title
    text = (
        lesson.background,
        f"A: {lesson.a.title}. B: {lesson.b.title}. What decides is {d[0].lower()}{d[1:]}, under B "
        f"compared with A; a change of less than {lesson.margin:g}% counts as the same.",
    )
    options = tuple(p.text for p in lesson.predictions)
    return Question(lesson.question, text, options, lesson.seed, lesson.think)


def came(lesson: Lesson, comparison: Comparison) -> Came:
    """Return what came of the run, in all towns and in each."""
    d, e, arms = lesson.decides, comparison.experiment, comparison.arms
    key = d.outcome, d.group
    estimate = comparison.estimates[*key, list(arms)[1]]
    told = [reveal(lesson, comparison.estimates, arms, p.says) for p in lesson.predictions]
    unit, scale = counted(GLOSSARY[d.outcome].unit)
    sums = e.groups, comparison.counted.sums, comparison.town_sums, e.parameters
    towns = scale * levels(*sums, {d.outcome}, expected=True)[key]
    ends = None
    if estimate.low is not None and estimate.high is not None:
        ends = scale * estimate.low, scale * estimate.high
    return Came(
        tuple(t.verdict for t in told),
        d.title,
        unit,
        (lesson.a.title, lesson.b.title),
        tuple((float(x[0]), float(x[1])) if np.isfinite(x).all() else None for x in towns),
        f"{d.title}: {told[0].lines[0].change}",
        None if estimate.difference is None else scale * estimate.difference,
        ends,
    )
