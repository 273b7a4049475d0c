"""What carries an effect: the same arms lived through again, each time without one mechanism.

Every replicate keeps its town, its luck and its parameters, so that what is left of an effect is
compared with what there was within the same worlds. A mechanism is off in all arms and from the
first week of the burn-in on: a world without it is another world, whose people never learned what
it would have taught them, not ours from a day on. The levers of `LEVERS` are at 0 from the day the
arms part, in all arms but the reference: the policy without its news, or without its hand-overs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.contrasts import contrasts
from trustabm.outcomes.estimates import Estimate, Verdict
from trustabm.outcomes.measures import together
from trustabm.outcomes.parts import LEVERS, MECHANISMS, REST, Part
from trustabm.runs.counted import Counted
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import all_replicates

__all__ = ["Decomposition", "decompose", "mechanisms", "seconds"]

Floats = npt.NDArray[np.float64]
Key = tuple[str, str, str]

ROUNDING = 1e-12
"""Parts below so many times the reference's level are what is left of numbers that are the same."""


@dataclass(frozen=True)
class Decomposition:
    """What arms counted with all mechanisms on, and without each.

    Args:
        whole: With all on.
        without: By mechanism, and by lever that is at 0 in all arms but the reference.
    """

    whole: Counted = field(repr=False)
    without: dict[str, Counted] = field(repr=False)

    def parts(
        self, effects: Mapping[Key, Estimate], outcomes: Collection[str], groups: Collection[str]
    ) -> list[Part]:
        """Return the parts of effects, by arm, outcome and group; mechanisms, rest, then levers.

        Args:
            effects: With all on, by outcome, group and arm.
            outcomes: The outcomes.
            groups: The groups of whom; an outcome of the whole town has "all" alone.
        """
        effect = _Effects.of(self.whole, outcomes, groups)
        least = ROUNDING * effect.level
        found: dict[str, list[Part]] = {}

        def add(name: str, left: Mapping[Key, Estimate], part: Floats, part_but: Floats) -> None:
            part, part_but = (np.where(abs(x) < least, 0.0, x) for x in (part, part_but))
            ends = contrasts(part, part_but, self.whole.spread)
            found[name] = [
                _part(key, name, effects[key], left.get(key), *numbers)
                for key, *numbers in zip(effect.keys, part, *ends, strict=True)
            ]

        rest, rest_but = effect.all, effect.but
        for name, counted in self.without.items():
            of_it = _Effects.of(counted, outcomes, groups)
            part, part_but = effect.all - of_it.all, effect.but - of_it.but
            add(name, counted.estimates(outcomes, groups), part, part_but)
            if name not in LEVERS:
                rest, rest_but = rest - part, rest_but - part_but
        add(REST, {}, rest, rest_but)
        names = [*(n for n in found if n in MECHANISMS), REST, *(n for n in found if n in LEVERS)]
        parts = [part for row in zip(*(found[name] for name in names), strict=True) for part in row]
        arms = list(self.whole.experiment.arms)
        return sorted(parts, key=lambda part: arms.index(part.arm))


def decompose(
    experiment: Experiment,
    whole: Counted,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    pool: Executor | None = None,
) -> Decomposition:
    """Live through an experiment again without each mechanism, and under the levers at 0.

    Args:
        experiment: What was lived through with all on.
        whole: What it counted.
        workers: As in `trustabm.compare`.
        progress: Called with towns done and towns in all.
        pool: As in `trustabm.compare`.
    """
    names, arms, many = mechanisms(experiment), len(experiment.arms), len(experiment.groups.names)
    others = _others(experiment)
    sums: list[list[Floats]] = [[] for _ in others]
    town_sums: list[list[Floats]] = [[] for _ in others]
    for n, _, lived in all_replicates(others, workers, progress, pool):
        sums[n].append(together(lived.weeks)[:, :many])
        town_sums[n].append(lived.town_weeks.sum(axis=1))
    pairs = zip(sums, town_sums, strict=True)
    counted = [Counted(experiment, np.stack(s), np.stack(t)) for s, t in pairs]
    under = counted.pop()  # the reference, and every other arm under each lever
    without = dict(zip(names, counted, strict=True))
    for k, lever in enumerate(LEVERS):
        at = [0, *range(1 + k * (arms - 1), 1 + (k + 1) * (arms - 1))]
        without[lever] = Counted(experiment, under.sums[:, at], under.town_sums[:, at])
    return Decomposition(whole, without)


def mechanisms(experiment: Experiment) -> list[str]:
    """Return the mechanisms that are on, and can be taken out."""
    return [name for name in MECHANISMS if getattr(experiment.parameters, name)]


def seconds(experiment: Experiment) -> float:
    """Return about how long one replicate of it all takes."""
    return sum(e.seconds() for e in _others(experiment))


def _others(experiment: Experiment) -> list[Experiment]:
    """Return the experiment without each mechanism, and last under the levers at 0.

    The arms under levers share their past and the reference: nothing of it is lived twice.
    """
    off = [experiment.without(name) for name in mechanisms(experiment)]
    return [*off, experiment.with_others_under({name: {name: 0.0} for name in LEVERS})]


class _Effects(NamedTuple):
    """Differences from the reference, a row an arm, outcome and group."""

    keys: list[Key]  # outcome, group, arm
    all: Floats  # of all replicates together, of shape (rows,)
    but: Floats  # without each replicate, of shape (replicates, rows)
    level: Floats  # of the reference, of shape (rows,)

    @classmethod
    def of(cls, counted: Counted, outcomes: Collection[str], groups: Collection[str]) -> _Effects:
        keys, whole, without, _ = counted.rows(outcomes, groups)
        _, *others = counted.experiment.arms
        return cls(
            [(outcome, group, arm) for arm in others for outcome, group in keys],
            (whole[1:] - whole[0]).ravel(),
            (without[:, 1:] - without[:, :1]).reshape(len(without), -1),
            np.tile(whole[0], len(others)),
        )


def _part(key: Key, name: str, effect: Estimate, left: Estimate | None, *numbers: float) -> Part:
    outcome, group, arm = key
    part, low, high = (float(x) if math.isfinite(x) else None for x in numbers)
    if Verdict.TOO_FEW in {e.verdict() for e in (effect, left) if e is not None}:
        low = high = None
    return Part(arm, outcome, group, name, effect, left, part, low, high)
