"""What the model gives of a file's targets at one set of parameters, and how much of it is luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.own.problem import Asked, OwnTarget
from trustabm.inputs.parameters import Parameters
from trustabm.outcomes.measures import happened, levels, together
from trustabm.runs.replicates import live

__all__ = ["answered", "spread_of"]

Floats = npt.NDArray[np.float64]


def answered(task: tuple[tuple[Asked, ...], Mapping[str, Any]]) -> dict[str, list[float]]:
    """Run the model at one set of parameters.

    Args:
        task: What is asked, and the values of parameters.

    Returns:
        `values` and `errors`, standard errors of luck, a number a target in the file's order; NaN
        where a town has none of what is counted.
    """
    asked, values = task
    parameters = Parameters.model_validate(dict(values))
    many = sum(len(one.numbers) for one in asked)
    found = np.full((2, many), np.nan)
    for one in asked:
        experiment = one.experiment.varied(parameters)
        lived = [live(experiment, k) for k in range(experiment.replicates)]
        sums = np.stack([together(x.weeks) for x in lived])
        town = np.stack([x.town_weeks.sum(axis=1) for x in lived])
        for number, target, arms in zip(one.numbers, one.targets, one.arms, strict=True):
            found[:, number] = _with_error(one, target, arms, sums, town, parameters)
    return {"values": found[0].tolist(), "errors": found[1].tolist()}


def _with_error(
    asked: Asked,
    target: OwnTarget,
    arms: tuple[int, int],
    sums: Floats,
    town: Floats,
    parameters: Parameters,
) -> tuple[float, float]:
    """Return a target's number, and its jackknife standard error over towns."""
    whole = _number(asked, target, arms, sums, town, parameters)
    every = range(len(sums))
    without = [
        _number(asked, target, arms, np.delete(sums, k, 0), np.delete(town, k, 0), parameters)
        for k in every
    ]
    return whole, spread_of(np.array(without))


def spread_of(without: Floats) -> float:
    """Return the jackknife's standard error.

    Args:
        without: Of a number without each of some towns, of shape (towns,).
    """
    many = len(without)
    return float(np.sqrt((many - 1) / many * ((without - without.mean()) ** 2).sum()))


def _number(
    asked: Asked,
    target: OwnTarget,
    arms: tuple[int, int],
    sums: Floats,
    town: Floats,
    parameters: Parameters,
) -> float:
    arm, other = arms
    e, key = asked.experiment, (target.outcome, target.group)
    if target.measure == "count":
        events = happened(e.groups, sums.mean(axis=0)[arm], *key)
        return float(events) * e.place.population.value / e.residents
    both = levels(
        e.groups,
        sums.sum(axis=0)[[arm, other]],
        town.sum(axis=0)[[arm, other]],
        parameters,
        (target.outcome,),
        expected=True,
    )[key]
    level, reference = (float(x) for x in both)
    if target.measure == "level":
        return level
    if target.measure == "difference":
        return level - reference
    return 100 * (level / reference - 1) if reference else float("nan")
