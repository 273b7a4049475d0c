"""The answer to a question: in people of a place, with its doubt, by rule from the interval.

A question is what a change of the rules in force in a place does from a day on; that of any other
comparison what differs under an arm from the reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from trustabm.evidence.tested import Held, held_against
from trustabm.inputs.policy import Policy
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.measures import levels
from trustabm.outcomes.narrowing import shares
from trustabm.outcomes.structures import Structured, holds
from trustabm.runs.comparison import Comparison
from trustabm.runs.counted import Counted
from trustabm.telling.wording import act, forms, headline, large, worded

__all__ = ["Answer", "Line", "answer", "doubt", "in_force", "sofar", "supposed"]

DOUBT = {
    "luck": "the luck of the simulated towns",
    "sampling": "which counties were drawn",
    "parameters": "what published studies leave open about how people behave",
    "figures": "the ranges of the county's own figures",
    "rules": "how the rules in force are read",
    "structure": "which structure of the model is right",
}
"""What most of the doubt comes from, by its kind."""

MANY = 0.5
"""From which value on a lever that is a share is said to be so, and not to be so below it."""


class Line(NamedTuple):
    """What is said of one outcome.

    Args:
        outcome: The outcome.
        group: Of whom.
        said: The sentence.
        holds: In how many structures of the model it holds; empty where that is not known.
        doubt: What most of the doubt comes from; empty where that is not known.
        unit: What a dot counts.
        dots: The change in every simulated town, in that unit, lowest first.
        middle: The change, in the same unit; None where there is none.
        ends: The ends of its 90% interval.
    """

    outcome: str
    group: str
    said: str
    holds: str
    doubt: str
    unit: str
    dots: tuple[float, ...]
    middle: float | None
    ends: tuple[float, float] | None


class Answer(NamedTuple):
    """What a question is answered with.

    Args:
        asked: The question.
        headline: A sentence that may be quoted.
        large: The change as it stands large, and of what it is; the second empty where the first
            says it all.
        lines: What is said of each outcome.
        towns: Towns simulated so far.
        tested: What this kind of change was held against, by what came of it.
    """

    asked: str
    headline: str
    large: tuple[str, str]
    lines: tuple[Line, ...]
    towns: int
    tested: dict[Held, tuple[str, ...]]


def answer(comparison: Comparison, arm: int = 1) -> Answer:
    """Return what a comparison answers.

    Args:
        comparison: Of a change with the rules in force, or of other arms.
        arm: Which of its arms.
    """
    same = comparison.same_rules[arm]
    return sofar(comparison.counted, comparison.structured, arm, comparison.of_area, same)


def sofar(
    counted: Counted,
    structured: Mapping[tuple[str, str, str], Structured] = {},
    arm: int = 1,
    of_area: bool = False,
    same: bool = False,
) -> Answer:
    """Return what the towns that were counted so far answer.

    Args:
        counted: What they counted.
        structured: What each structure of the model says alone, once that is known.
        arm: As in `answer`.
        of_area: Whether they are counties that stand for an area.
        same: Whether the arm is known to have the reference's rules in every week.
    """
    e = counted.experiment
    reference, name = next(iter(e.arms)), list(e.arms)[arm]
    if_so = supposed(counted, arm, of_area)
    asked = f"What {if_so[0].lower()}{if_so[1:]}?"
    change = held_against(e.changed(arm))
    towns = len(counted.sums)
    said = forms(e.place, e.groups.titles, next(iter(e.groups.of_ethnic)))
    if same or (not of_area and e.same_rules(arm)):
        nothing = f"Nothing would change: in {e.place.title} these rules are in force already."
        return Answer(asked, nothing, ("Nothing would change", ""), (), towns, change)
    outcomes, groups = {f.outcome for f in said}, {f.group for f in said}
    found = counted.estimates(outcomes, groups)
    town_levels = levels(e.groups, counted.sums, counted.town_sums, e.parameters, outcomes, True)
    lines = []
    for form in said:
        key = form.outcome, form.group
        before, after = found[*key, reference], found[*key, name]
        each = form.scale * (town_levels[key][:, arm] - town_levels[key][:, 0])
        alone = structured.get((*key, name))
        ends = None
        if after.low is not None and after.high is not None:
            ends = form.scale * after.low, form.scale * after.high
        lines.append(
            Line(
                *key,
                worded(form, before, after),
                holds(after.verdict(), alone) if alone else "",
                doubt(after),
                form.some,
                tuple(sorted(float(x) for x in each[np.isfinite(each)])),
                None if after.difference is None else form.scale * after.difference,
                ends,
            )
        )
    first = said[0]
    pair = found[first.outcome, first.group, reference], found[first.outcome, first.group, name]
    big = large(first, *pair), first.some
    return Answer(asked, headline(first, *pair, if_so), big, tuple(lines), towns, change)


def supposed(counted: Counted, arm: int, of_area: bool = False) -> str:
    """Return what is supposed of an arm: "If the sheriff … in Travis County, from May 2027"."""
    e = counted.experiment
    laid = list(e.arms.values())[arm].laid
    here = f"every county of {e.place.title}" if of_area else e.place.title
    if len(laid) == 1:
        return f"If {act(laid[0])} in {here}, from {laid[0].since:%B %Y}"
    titles = list(e.titles.values())
    return f"If “{titles[arm]}” and not “{titles[0]}” is in force in {here}, from {e.start:%B %Y}"


def doubt(e: Estimate) -> str:
    """Return what most of the doubt in an interval comes from; empty where that is not known."""
    found = shares(e)
    if found is None:
        return ""
    kind = max(found, key=lambda kind: found[kind])
    rule = f": it is not known {e.rule}" if kind == "rules" and e.rule else ""
    return f"most of the doubt ({round(100 * found[kind])}%) is {DOUBT[kind]}{rule}"


def in_force(policy: Policy) -> str:
    """Return in a few words what rules say to the jail and to officers."""
    asked = {
        "nobody": "nobody is asked about status",
        "booking": "the jail asks about status at booking",
        "arrest": "officers ask about status at an arrest",
        "stop": "officers may ask about status at a stop",
    }[policy.ask_status]
    if policy.honor_none >= MANY:
        jail = "the jail holds people for ICE when asked"
    elif max(policy.honor_misdemeanor, policy.honor_felony, policy.honor_violent) >= MANY:
        jail = "the jail holds people for ICE only after some convictions"
    else:
        jail = "the jail holds hardly anybody for ICE"
    more = []
    if policy.deputized_share > 0:
        more.append("some officers are deputized by ICE")
    if policy.firewall >= MANY:
        more.append("victims and witnesses are promised not to be asked")
    return "; ".join((jail, asked, *more))
