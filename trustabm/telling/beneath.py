"""What stands below the lines of an answer: who, what police do and see, when, and what changes.

All of it is of the towns that answered, in the units of the answer, by the same verdicts.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from trustabm.inputs.policy import EVERY
from trustabm.inputs.timeline import date_of
from trustabm.outcomes.estimates import Estimate, Verdict
from trustabm.outcomes.glossary import YEAR
from trustabm.runs.comparison import Comparison
from trustabm.runs.quarters import moving
from trustabm.state.layout import TALLY, TOWN_TALLY
from trustabm.telling.wording import Form, briefly, forms, worded

__all__ = ["Beneath", "Course", "Lever", "Section", "Who", "beneath", "hidden"]

SIGNS = (Verdict.HIGHER, Verdict.LOWER)


class Who(NamedTuple):
    """A row of who bears it.

    Args:
        title: The group.
        part: Whether it is a part of the group above it.
        people: How many of them live in the place.
        reporting: Of 1,000 crimes against them those that reach the police.
        crimes: Crimes against them in a year.
    """

    title: str
    part: bool
    people: str
    reporting: str
    crimes: str


class Section(NamedTuple):
    """Sentences with a heading."""

    title: str
    lines: tuple[str, ...]


class Course(NamedTuple):
    """How an outcome moves, quarter by quarter.

    Args:
        some: What is counted.
        middles: The day in the middle of each quarter.
        was: Under the reference.
        now: With the change.
        low: `was` with the lower end of the interval of the change.
        high: The same with the upper end.
        span: The first and the last day.
    """

    some: str
    middles: tuple[dt.date, ...]
    was: tuple[float, ...]
    now: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    span: tuple[dt.date, dt.date]


class Lever(NamedTuple):
    """A lever that a change sets otherwise: its title, and its value before and after, in words."""

    title: str
    before: str
    after: str


class Beneath(NamedTuple):
    """All of it.

    Args:
        who: A row a group.
        sections: Sentences on citizens, crimes solved, police and money, and records.
        courses: How the outcomes of the lines move.
        touches: What the change sets otherwise on the day from which it holds.
        where: Where that is, if it is one county of an area.
    """

    who: tuple[Who, ...]
    sections: tuple[Section, ...]
    courses: tuple[Course, ...]
    touches: tuple[Lever, ...]
    where: str


def beneath(comparison: Comparison, arm: int = 1) -> Beneath:
    """Return what stands below the lines; of arms that never differ the levers alone.

    Args:
        comparison: What was compared.
        arm: Which of its arms.
    """
    where = ""
    if comparison.of_area:
        where = "in its largest county; in others what is in force before may differ"
    touches = _touches(comparison, arm)
    if comparison.same_rules[arm]:
        return Beneath((), (), (), touches, where)
    return Beneath(
        _who(comparison, arm), _sections(comparison, arm), _courses(comparison, arm), touches, where
    )


def _pair(comparison: Comparison, form: Form, arm: int) -> tuple[Estimate, Estimate]:
    names = list(comparison.arms)
    key = form.outcome, form.group
    return comparison.estimates[*key, names[0]], comparison.estimates[*key, names[arm]]


def _said(comparison: Comparison, arm: int, form: Form) -> str:
    return worded(form, *_pair(comparison, form, arm))


def _who(comparison: Comparison, arm: int) -> tuple[Who, ...]:
    """Return the groups: each ethnic group with its parts, and everybody else."""
    e = comparison.experiment
    lived = comparison.counted.sums[:, 0, :, (TALLY.names or ()).index("base_persons")].sum(axis=0)
    seen = dict(zip(e.groups.names, lived, strict=True))
    stated = {m.key: m.share for m in e.place.makeup()}  # as the lines of the answer count them
    rows: list[tuple[str, float, bool]] = []
    for ethnic, parts in e.groups.of_ethnic.items():
        whole = sum(seen[part] for part in parts) or 1.0
        rows.append((ethnic, stated[ethnic], False))
        rows += [(part, stated[ethnic] * float(seen[part] / whole), True) for part in parts]
    rows.append((e.groups.reference, 1.0 - sum(stated[x] for x in e.groups.of_ethnic), False))
    found = []
    for group, share, part in rows:
        people = e.place.population.value * share
        if people < 1:
            continue
        reporting = Form("reporting", group, 1000.0, "", False)
        crimes = Form("victimization", group, people / 1000.0, "", True)
        found.append(
            Who(
                e.groups.titles[group],
                part,
                _about(people),
                briefly(reporting, *_pair(comparison, reporting, arm)),
                briefly(crimes, *_pair(comparison, crimes, arm)),
            )
        )
    return tuple(found)


def _about(people: float) -> str:
    """Return how many people, to three digits."""
    size = len(str(int(people)))
    return f"{round(people, min(0, 3 - size)):,.0f}"


def _sections(comparison: Comparison, arm: int) -> tuple[Section, ...]:
    e = comparison.experiment
    group = next(iter(e.groups.of_ethnic))
    who, here = f"{e.groups.titles[group]} residents", e.place.title.split(",")[0]
    _, crimes, removed = forms(e.place, e.groups.titles, group)
    fields, town_fields = TALLY.names or (), TOWN_TALLY.names or ()
    lived = comparison.counted.sums[:, 0, :, fields.index("base_persons")].sum()
    worked = comparison.town_sums[:, 0, town_fields.index("police_hours")].sum()
    people = e.place.population.value
    hours = float(people * YEAR * worked / lived) if lived else 0.0
    recorded = crimes._replace(
        outcome="recorded_crime",
        some=f"crimes a year against {who} of {here} stand in police records",
    )
    citizens = removed._replace(
        outcome="separated",
        some=f"citizens of {here} aged 12 or over lose somebody of their household to removal "
        "in a year",
    )
    solved = [
        Form("solved", of, 1.0, f"of every 1,000 crimes against {whom} are solved", False)
        for of, whom in ((group, who), ("all", "all residents"))
    ]
    police = [
        Form("immigration_hours", "all", hours, "police hours a year go to immigration work", True),
        Form(
            "social_cost",
            "all",
            people / 1e6,
            f"a year is what crime and days in jail cost {here}",
            True,
            "${} million",
            "less",
        ),
    ]
    records = [_said(comparison, arm, form) for form in (crimes, recorded)]
    records += hidden(*(_pair(comparison, form, arm)[1] for form in (crimes, recorded)))
    return (
        Section("Citizens whose household is broken up", (_said(comparison, arm, citizens),)),
        Section("Crimes solved by an arrest", tuple(_said(comparison, arm, x) for x in solved)),
        Section("Police hours and cost", tuple(_said(comparison, arm, x) for x in police)),
        Section("What police records alone would show", tuple(records)),
    )


def hidden(happens: Estimate, recorded: Estimate) -> list[str]:
    """Return what police records would make believe, where they tell another story.

    Args:
        happens: Crimes, with the change.
        recorded: Those in police records.
    """
    real, seen = happens.verdict(), recorded.verdict()
    if real is seen or seen not in SIGNS:
        return []
    way = {Verdict.HIGHER: "more", Verdict.LOWER: "less"}[seen]
    if real in SIGNS:
        other = "more" if way == "less" else "less"
        return [f"Records would show {way} crime where there is {other}."]
    return [f"Records would show {way} crime, which is not what happens: {real}."]


def _courses(comparison: Comparison, arm: int) -> tuple[Course, ...]:
    e = comparison.experiment
    said = forms(e.place, e.groups.titles, next(iter(e.groups.of_ethnic)))
    moved = moving(comparison, {f.outcome for f in said}, {f.group for f in said})
    names = list(comparison.arms)
    span = e.start, date_of(e.start, e.weeks)
    found = []
    for form in said:
        before = moved.get((form.outcome, form.group, names[0]), [])
        after = moved.get((form.outcome, form.group, names[arm]), [])
        step = (span[1] - span[0]) / max(1, len(after))
        rows = [
            (b.level, b.level + a.difference, b.level + a.low, b.level + a.high, k)
            for k, (b, a) in enumerate(zip(before, after, strict=True))
            if b.level is not None
            and a.difference is not None
            and a.low is not None
            and a.high is not None
        ]
        if len(rows) < 2:
            continue
        *numbers, places = zip(*rows, strict=True)
        middles = tuple(span[0] + step * (k + 0.5) for k in places)
        was, now, low, high = (tuple(float(form.scale * x) for x in n) for n in numbers)
        found.append(Course(form.some, middles, was, now, low, high, span))
    return tuple(found)


def _touches(comparison: Comparison, arm: int) -> tuple[Lever, ...]:
    e = comparison.experiment
    laid = list(e.arms.values())[arm].laid
    day = max(e.start, laid[0].since) if laid else e.start
    moved = e.lines[0].at(day).differences(e.lines[arm].at(day))
    return tuple(
        Lever(EVERY[name].title, *(_plainly(name, x) for x in values))
        for name, values in moved.items()
    )


def _plainly(name: str, value: object) -> str:
    """Return a lever's value in words: a share as so many of 100."""
    lever = EVERY[name]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    if lever.unit == "probability" or lever.unit.startswith("share"):
        return f"{100 * value:g} of 100"
    return f"{value:g} {lever.unit}"
