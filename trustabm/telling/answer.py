"""The answer to a question: in people of the county, with its doubt, by rule from the interval.

A question is what a change of the rules in force in a place does from a day on. Every number here
is one of the comparison's, rounded; the levels that are shown differ by the change that is shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from trustabm.evidence.tested import Held, held_against
from trustabm.inputs.laid import Laid
from trustabm.inputs.policy import Policy
from trustabm.inputs.town import Town
from trustabm.outcomes.estimates import NUMBERLESS, Estimate, Verdict
from trustabm.outcomes.measures import levels
from trustabm.outcomes.narrowing import shares
from trustabm.outcomes.structures import Structured, holds
from trustabm.runs.comparison import Comparison
from trustabm.runs.counted import Counted

__all__ = [
    "Answer",
    "Form",
    "Line",
    "act",
    "answer",
    "doubt",
    "forms",
    "headline",
    "in_force",
    "sofar",
    "worded",
]

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


class Form(NamedTuple):
    """How one outcome is said.

    Args:
        outcome: The outcome.
        group: Of whom.
        scale: How many of what is shown an outcome of 1 is.
        some: What is counted, as it follows "about 33 fewer" and "about 160".
        people: Whether people or crimes of the county are counted, to two digits of a change; of
            1,000 otherwise, whole ones.
    """

    outcome: str
    group: str
    scale: float
    some: str
    people: bool


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
        headline: A sentence that may be quoted.
        lines: What is said of each outcome.
        towns: Towns simulated so far.
        tested: What this kind of change was held against, by what came of it.
    """

    headline: str
    lines: tuple[Line, ...]
    towns: int
    tested: dict[Held, tuple[str, ...]]


def answer(comparison: Comparison) -> Answer:
    """Return what a comparison of a change with the rules in force answers."""
    return sofar(comparison.counted, comparison.structured)


def sofar(counted: Counted, structured: Mapping[tuple[str, str, str], Structured] = {}) -> Answer:
    """Return what the towns that were counted so far answer.

    Args:
        counted: What they counted; its second arm has one change laid on it.
        structured: What each structure of the model says alone, once that is known.
    """
    e = counted.experiment
    reference, arm = list(e.arms)[:2]
    (laid,) = e.arms[arm].laid
    change = held_against(e.changed(1))
    said = forms(e.place, e.groups.titles, next(iter(e.groups.of_ethnic)))
    if e.same_rules(1):
        nothing = f"Nothing would change: in {e.place.title} these rules are in force already."
        return Answer(nothing, (), len(counted.sums), change)
    outcomes, groups = {f.outcome for f in said}, {f.group for f in said}
    found = counted.estimates(outcomes, groups)
    town_levels = levels(e.groups, counted.sums, counted.town_sums, e.parameters, outcomes, True)
    lines = []
    for form in said:
        key = form.outcome, form.group
        before, after = found[*key, reference], found[*key, arm]
        each = form.scale * np.diff(town_levels[key][:, :2], axis=1)[:, 0]
        alone = structured.get((*key, arm))
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
    key = said[0].outcome, said[0].group
    quoted = headline(said[0], found[*key, reference], found[*key, arm], laid, e.place)
    return Answer(quoted, tuple(lines), len(counted.sums), change)


def forms(place: Town, titles: Mapping[str, str], group: str) -> tuple[Form, ...]:
    """Return what is said of a place, in its people.

    Args:
        place: The town.
        titles: What groups are called.
        group: The ethnic group of whom it is said.
    """
    people = place.population.value
    share = {m.key: m.share for m in place.makeup()}[group]
    who, here = titles[group], place.title.split(",")[0]
    return (
        Form(
            "reporting",
            group,
            1000.0,
            f"of every 1,000 crimes against {who} residents reach the police",
            False,
        ),
        Form(
            "victimization",
            group,
            people * share / 1000.0,
            f"crimes a year happen to {who} residents of {here}",
            True,
        ),
        Form(
            "removals",
            "all",
            people * place.undocumented_share.value / 1000.0,
            f"residents of {here} are removed from the country in a year",
            True,
        ),
    )


def worded(form: Form, before: Estimate, after: Estimate) -> str:
    """Return a sentence on one outcome under the change, beside the rules in force.

    Args:
        form: How the outcome is said.
        before: Under the rules in force.
        after: With the change.
    """
    verdict = after.verdict()
    n = _rounded(form, before, after)
    if n is None or verdict in (Verdict.TOO_FEW, Verdict.SAME_RULES):
        return f"{verdict.upper_first}: how many {form.some}."
    if verdict is Verdict.SMALL:
        return f"{verdict.upper_first}: about {n.said(n.was)} {form.some} either way."
    if verdict is Verdict.NO_DIFFERENCE:
        return f"{verdict.upper_first}: about {n.said(n.was)} {form.some}."
    perhaps = "" if n.ends is None else f"; perhaps {n.perhaps()}"
    if verdict in (Verdict.CLOSE, Verdict.NO_INTERVAL):
        return f"{verdict.upper_first}: about {n.said(n.was)} {form.some}{perhaps}."
    return (
        f"About {n.said(n.now - n.was)} {n.word} {form.some}: {n.said(n.now)} instead of "
        f"{n.said(n.was)}{perhaps}."
    )


def headline(form: Form, before: Estimate, after: Estimate, laid: Laid, place: Town) -> str:
    """Return a sentence that may be quoted, of one outcome.

    Args:
        form: How the outcome is said.
        before: Under the rules in force.
        after: With the change.
        laid: The change.
        place: Where.
    """
    start = f"If {act(laid)} in {place.title}, from {laid.since:%B %Y}, "
    verdict = after.verdict()
    n = _rounded(form, before, after)
    if n is None or n.ends is None or verdict is Verdict.TOO_FEW:
        return f"{start}the model cannot say how many {form.some} ({verdict})."
    if verdict in NUMBERLESS or verdict is Verdict.SMALL:
        return f"{start}the model expects hardly any change in how many {form.some}."
    if verdict is Verdict.CLOSE:
        return (
            f"{start}the model cannot tell whether more or fewer {form.some} (90% interval: "
            f"{n.perhaps(' to ')})."
        )
    near, far = (n.said(x) for x in n.ends)
    return (
        f"{start}the model estimates that about {n.said(n.now - n.was)} {n.word} {form.some} "
        f"(90% interval {near} to {far})."
    )


class _Rounded(NamedTuple):
    """Numbers of one outcome, rounded so that a change shows.

    Args:
        step: What they are rounded to.
        was: Under the rules in force.
        now: With the change.
        ends: Of the interval of the change, the nearer to none first.
    """

    step: float
    was: float
    now: float
    ends: tuple[float, float] | None

    @property
    def word(self) -> str:
        """Whether there is more of it or less."""
        return "more" if self.now > self.was else "fewer"

    def said(self, value: float) -> str:
        """Return the size of a number."""
        digits = max(0, -math.floor(math.log10(self.step) + 1e-9))
        return f"{abs(value):,.{digits}f}"

    def perhaps(self, between: str = ", perhaps ") -> str:
        """Return both ends in words, as "none, perhaps 98 fewer"."""
        one, other = self.ends or (0.0, 0.0)
        if other == 0:
            return f"less than {self.said(self.step)} more or fewer"
        words = ["more" if x > 0 else "fewer" for x in (one, other)]
        first = "none" if one == 0 else self.said(one)
        if one != 0 and words[0] != words[1]:
            first += f" {words[0]}"
        return f"{first}{between}{self.said(other)} {words[1]}"


def _rounded(form: Form, before: Estimate, after: Estimate) -> _Rounded | None:
    """Return the numbers of an outcome; None where it has no level or no change.

    Of 1,000, whole ones are counted; of people of a county as many digits as give two of the
    change (of the farther end of its interval where it is too close to call, of the level where
    nothing differs). What is smaller than that has one digit.
    """
    if before.level is None or after.level is None or after.difference is None:
        return None
    shown = {
        Verdict.HIGHER: after.difference,
        Verdict.LOWER: after.difference,
        Verdict.CLOSE: max(after.low or 0.0, after.high or 0.0, key=abs),
    }.get(after.verdict(), before.level)
    size = math.floor(math.log10(abs(form.scale * shown))) if shown else 0
    step = 10.0 ** (size - 1 if form.people and size > 0 else min(size, 0))
    was, now, low, high = (
        None if x is None else round(form.scale * x / step) * step
        for x in (before.level, after.level, after.low, after.high)
    )
    assert was is not None
    assert now is not None
    ends = None if low is None or high is None else (low, high)
    near = None if ends is None else (min(ends, key=abs), max(ends, key=abs))
    return _Rounded(step, was, now, near)


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


def act(laid: Laid) -> str:
    """Return what is done, in words that follow "if"."""
    given = laid.preset.acts.get(laid.level)
    return f"“{laid.title}” is in force" if given is None else given.rstrip(".")
