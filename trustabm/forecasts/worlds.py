"""What the model gives for the questions: places lived through, readings taken on their days.

Every place of one world has the same seed, so that what two places differ by is not luck. Rules in
force today go on: nobody knows what will be announced.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from trustabm.errors import whole_number
from trustabm.evidence.lab import LivedArm
from trustabm.evidence.studies.avoidance import KEPT, with_one_at_home
from trustabm.forecasts.questions import Place, Question, Scale, Window, onto, questions
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.places import laws
from trustabm.inputs.policy import LEVERS
from trustabm.inputs.timeline import Change, Timeline, policy, timeline, weeks_between
from trustabm.inputs.town import Town, town
from trustabm.rules import codes
from trustabm.state.layout import TALLY
from trustabm.week.world import Plan, World

__all__ = [
    "FIRST",
    "Lived",
    "Sizes",
    "Task",
    "live",
    "reading",
    "readings",
    "sized",
    "timeline_of",
]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

FIRST = dt.date(2017, 1, 1)
"""The day on which worlds begin: two years before the first value that forecasts are set against,
and the year whose rules stand until 2021."""

TURN = dt.date(2025, 1, 20)
"""The day since which people are asked whom they know."""

RESIDENTS_MAX = 20_000_000

HALF = 0.5
"""Added to counts before a logarithm is taken, for the worlds in which nothing happened."""

HONORS = ("honor_none", "honor_misdemeanor", "honor_felony", "honor_violent", "judicial_warrant")


class Sizes(NamedTuple):
    """How many residents are simulated, of the nation's places and of a town."""

    nation: int
    town: int

    def of(self, place: Place) -> int:
        """Return how many residents of a place are simulated; half of a town's where `changed`."""
        if place.jail is not None:
            return self.nation
        return max(1, self.town // 2) if place.changed else self.town


def sized(residents: int) -> Sizes:
    """Return how many residents are simulated, by how many of the nation."""
    residents = whole_number(residents, "residents", 50, RESIDENTS_MAX)
    return Sizes(residents, residents * 2 // 5)


class Task(NamedTuple):
    """One world of every place: what is drawn, and its luck.

    Args:
        parameters: A draw of the posterior.
        towns: Each town that a place is, by name, its figures drawn.
        seed: Of its luck.
        sizes: Residents simulated.
    """

    parameters: Parameters
    towns: Mapping[str, Town]
    seed: int
    sizes: Sizes


@dataclass
class Lived:
    """What is read of one place of a world.

    Args:
        counts: Of each tally by week and group, and arrests by ICE from its events.
        asked: Answers by what is asked and on which day.
    """

    counts: dict[str, dict[str, Floats]] = field(default_factory=dict)
    asked: dict[tuple[str, dt.date], dict[str, Floats]] = field(default_factory=dict)


def readings(task: Task) -> dict[str, float]:
    """Return the model's side of every question, on its scale: the change, or the level.

    Args:
        task: The world.
    """
    whole = questions()
    asked = whole.each()
    lived = {
        name: live(place, asked, task, name)
        for name, place in whole.places.items()
        if any(name in (q.place, q.beside) for q in asked)
    }
    return {q.id: reading(q, whole.kinds[q.kind].scale, lived) for q in asked}


def live(place: Place, asked: Sequence[Question], task: Task, name: str) -> Lived:
    """Live through a place until the last day that is asked about, and read it.

    Args:
        place: The place.
        asked: All questions.
        task: The world.
        name: The place's name.
    """
    own = [q for q in asked if name in (q.place, q.beside)]
    last = max(day for q in own for day in q.window)
    days = sorted({day for q in own for day in _days(q)})
    here = [(task.towns[place.town], task.sizes.of(place))]
    plan = Plan([timeline_of(place)], FIRST, weeks_between(FIRST, last))
    world = World.synthesize(here, task.parameters, plan, task.seed, keep_events=True)
    out = Lived()
    for day in days:
        world.run_for(weeks_between(FIRST, day) - world.week)
        for what in {q.asked for q in own if q.asked and day in _days(q)}:
            out.asked[what, day] = _answers(world, what)
    world.run_for(weeks_between(FIRST, last) - world.week)
    out.counts = _counts(world)
    return out


def _days(q: Question) -> set[dt.date]:
    """Return the days on which people are asked for a question."""
    if q.asked is None:
        return set()
    windows: list[Window] = [q.window, *([q.base] if q.base else [])]
    windows += [q.threshold.day] if q.threshold else []
    return {first for first, _ in windows}


def timeline_of(place: Place) -> Timeline:
    """Return the federal rules by date, with what the jail and police of a place do."""
    history = timeline("us-history")
    own = town(place.town)
    changes = list(own.changes)
    if place.unsigned and own.fips is not None:
        changes = list(laws.changes(own.fips, laws.state_of(own.fips), signed=False))
    if place.jail is not None:
        levers = policy(place.jail).model_dump(include=set(HONORS))
        changes.append(_change(dt.date(1996, 1, 1), levers))
    if place.task_force is not None:
        signed = policy("secure-communities").differences(policy("287g-task-force-2025"))
        local = {n: value for n, (_, value) in signed.items() if LEVERS[n].level == "local"}
        changes.append(_change(place.task_force, local))
    return history.merged(changes, own.title)


def _change(day: dt.date, levers: dict[str, Any]) -> Change:
    return Change(date=day, sentence="What the place does.", source="ours", levers=levers)


def _counts(world: World) -> dict[str, dict[str, Floats]]:
    """Return every tally by week, of the groups that questions ask for."""
    latino = world.state.pairs["ethnicity"] == 0
    groups = {"latino": latino, "other": ~latino, "all": latino | ~latino}
    assert TALLY.names is not None
    out = {
        name: {g: world.tally[name][:, 0][:, who].sum(axis=1) for g, who in groups.items()}
        for name in TALLY.names
    }
    rows = LivedArm(world, 0).events["transfers"]
    free = np.isin(rows["source"], (codes.FROM_AT_LARGE, codes.FROM_COLLATERAL))
    # Prisons hand people over too, which the tallies of hand-overs by local police leave out.
    some = {
        "arrested": free | ~free,
        "arrested_none": rows["record"] == codes.RECORD_NONE,
        "in_custody": ~free,
    }
    weeks = len(world.tally)
    for name, which in some.items():
        by_week = np.bincount(rows["week"][which].astype(np.int64), minlength=weeks)
        out[name] = {"all": by_week[:weeks].astype(np.float64)}
    return out


def _answers(world: World, what: str) -> dict[str, Floats]:
    """Return what people of each group answer on a day: 0 or 1, or how much they worry.

    Args:
        world: The world on that day.
        what: What they are asked.
    """
    arm = LivedArm(world, 0)
    people = arm.residents
    free = people["custody"] == codes.FREE
    status = people["status"]
    home = np.arange(len(people)) - people["member"]
    groups: dict[str, Bools] = {
        "everyone": free,
        "latino": free & arm.latino,
        "us_born": free & arm.latino & (status == codes.US_BORN),
        "immigrants": free & (status != codes.US_BORN),
        "naturalized": free & (status == codes.NATURALIZED),
        "undocumented": free & (status == codes.UNDOCUMENTED),
        "families": free & with_one_at_home(home, free & (status != codes.US_BORN)),
    }
    answer = _ASKED[what](arm)
    return {name: answer[group] for name, group in groups.items()}


def _worry(arm: LivedArm) -> Floats:
    return arm.answers().worry


def _trust(arm: LivedArm) -> Floats:
    return (arm.answers().trust > 0.5).astype(np.float64)


def _knows(arm: LivedArm) -> Floats:
    turn = weeks_between(FIRST, TURN)
    return (arm.residents["exposed"] >= turn).astype(np.float64)


def _silent(arm: LivedArm) -> Floats:
    everyone = np.ones(len(arm.residents), np.bool_)
    mix = arm.mix_against("all")
    left = arm.propensities(mix, everyone)
    whole = arm.propensities(mix, everyone, fear=False)
    return (left <= KEPT * whole).astype(np.float64)


def _avoids(arm: LivedArm) -> Floats:
    return np.maximum(_silent(arm), arm.avoiding().astype(np.float64))


_ASKED: dict[str, Callable[[LivedArm], Floats]] = {
    "worry": _worry,
    "trust": _trust,
    "knows": _knows,
    "silent": _silent,
    "avoids": _avoids,
}
assert set(_ASKED) == {
    name for part in get_args(Question.model_fields["asked"].annotation) for name in get_args(part)
}


def reading(q: Question, scale: Scale, lived: Mapping[str, Lived]) -> float:
    """Return the change from base to window, or the level, of a place beside another.

    Args:
        q: The question.
        scale: Its kind's scale.
        lived: What is read of each place.
    """

    def at(place: str, window: Window) -> float:
        if q.asked is not None:
            return onto(scale, _share(q, lived[place], window), "share")
        top = _sum(lived[place], q.over, q.group, window)
        if q.under and scale == "logit":
            rest = _sum(lived[place], q.under, q.group, window) - top
            return math.log((top + HALF) / (rest + HALF))
        value = math.log(top + HALF)
        if q.under:
            value -= math.log(_sum(lived[place], q.under, q.group, window) + HALF)
        if q.against is not None:
            value -= math.log(_sum(lived[place], q.over, q.against, window) + HALF)
            if q.under:
                value += math.log(_sum(lived[place], q.under, q.against, window) + HALF)
        return value

    def change(place: str) -> float:
        return at(place, q.window) - (at(place, q.base) if q.base is not None else 0.0)

    return change(q.place) - (change(q.beside) if q.beside else 0.0)


def _sum(lived: Lived, fields: Iterable[str], group: str, window: Window) -> float:
    first, last = (weeks_between(FIRST, day) for day in window)
    return math.fsum(float(lived.counts[name][group][first:last].sum()) for name in fields)


def _share(q: Question, lived: Lived, window: Window) -> float:
    """Return the share who say yes, or who worry more than the threshold; never 0 or 1."""
    assert q.asked is not None
    answers = lived.asked[q.asked, window[0]][q.who]
    line = HALF
    if q.threshold is not None:
        then = lived.asked[q.asked, q.threshold.day[0]][q.threshold.who]
        line = float(np.quantile(then, 1.0 - q.threshold.share / 100.0))
    return (float((answers > line).sum()) + HALF) / (len(answers) + 2.0 * HALF)
