"""Outcomes in words: how many people or crimes of a place, rounded by rule, and never a "so what".

Every number is one of a comparison's, rounded; the levels that are shown differ by the change that
is shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from trustabm.inputs.laid import Laid
from trustabm.inputs.town import Town
from trustabm.outcomes.estimates import NUMBERLESS, Estimate, Verdict

__all__ = ["Form", "act", "briefly", "forms", "headline", "large", "worded"]


class Form(NamedTuple):
    """How one outcome is said.

    Args:
        outcome: The outcome.
        group: Of whom.
        scale: How many of what is shown an outcome of 1 is.
        some: What is counted, as it follows "about 33 fewer" and "about 160".
        people: Whether people or crimes of the county are counted, to two digits of a change; of
            1,000 otherwise, whole ones.
        written: How a number is written.
        less: What less of it is called.
    """

    outcome: str
    group: str
    scale: float
    some: str
    people: bool
    written: str = "{}"
    less: str = "fewer"


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
    return f"About {n.change} {form.some}: {n.said(n.now)} instead of {n.said(n.was)}{perhaps}."


def headline(form: Form, before: Estimate, after: Estimate, start: str) -> str:
    """Return a sentence that may be quoted, of one outcome.

    Args:
        form: How the outcome is said.
        before: Under the rules in force.
        after: With the change.
        start: What is supposed, as the sentence begins with it.
    """
    verdict = after.verdict()
    n = _rounded(form, before, after)
    if n is None or n.ends is None or verdict is Verdict.TOO_FEW:
        return f"{start}, the model cannot say how many {form.some} ({verdict})."
    if verdict in NUMBERLESS or verdict is Verdict.SMALL:
        return f"{start}, the model expects hardly any change in how many {form.some}."
    if verdict is Verdict.CLOSE:
        return (
            f"{start}, the model cannot tell whether more or fewer {form.some} (90% interval: "
            f"{n.perhaps(' to ')})."
        )
    near, far = (n.said(x) for x in n.ends)
    return (
        f"{start}, the model estimates that about {n.change} {form.some} (90% interval {near} to "
        f"{far})."
    )


def large(form: Form, before: Estimate, after: Estimate) -> str:
    """Return what stands large: the change, or in a few words why there is none."""
    verdict = after.verdict()
    n = _rounded(form, before, after)
    told = verdict in (Verdict.HIGHER, Verdict.LOWER)
    return n.change if told and n is not None else verdict.upper_first


def briefly(form: Form, before: Estimate, after: Estimate) -> str:
    """Return an outcome as it stands in a table: before, after, and the change."""
    verdict = after.verdict()
    n = _rounded(form, before, after)
    if n is None or verdict in (Verdict.TOO_FEW, Verdict.SAME_RULES):
        return str(verdict)
    if verdict in (Verdict.HIGHER, Verdict.LOWER):
        return f"{n.said(n.was)} → {n.said(n.now)} ({n.change})"
    return f"{n.said(n.was)}, {verdict}"


class _Rounded(NamedTuple):
    """Numbers of one outcome, rounded so that a change shows.

    Args:
        form: How they are said.
        step: What they are rounded to.
        was: Under the rules in force.
        now: With the change.
        ends: Of the interval of the change, the nearer to none first.
    """

    form: Form
    step: float
    was: float
    now: float
    ends: tuple[float, float] | None

    @property
    def change(self) -> str:
        """The size of the change, and whether there is more of it or less."""
        return f"{self.said(self.now - self.was)} {self._word(self.now - self.was)}"

    def _word(self, value: float) -> str:
        return "more" if value > 0 else self.form.less

    def said(self, value: float) -> str:
        """Return the size of a number."""
        digits = max(0, -math.floor(math.log10(self.step) + 1e-9))
        return self.form.written.format(f"{abs(value):,.{digits}f}")

    def perhaps(self, between: str = ", perhaps ") -> str:
        """Return both ends in words, as "none, perhaps 98 fewer"."""
        one, other = self.ends or (0.0, 0.0)
        if other == 0:
            return f"less than {self.said(self.step)} more or {self.form.less}"
        words = [self._word(x) for x in (one, other)]
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
    return _Rounded(form, step, was, now, near)


def act(laid: Laid) -> str:
    """Return what is done, in words that follow "if"."""
    given = laid.preset.acts.get(laid.level)
    return f"“{laid.title}” is in force" if given is None else given.rstrip(".")
