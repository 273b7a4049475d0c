"""Replicates that differ by more than luck: figures and readings of rules, as a comparison's do."""

from __future__ import annotations

from trustabm.inputs.parameters import Parameters
from trustabm.runs.experiment import Experiment
from trustabm.runs.lots import usual_draws

__all__ = ["lot_of", "lots_of"]


def lots_of(experiment: Experiment) -> tuple[Experiment, ...]:
    """Return an experiment as each lot of its replicates has it, with its own parameters.

    They are the lots of a comparison of as many replicates that is given all parameters: what it
    draws beside them are the figures of the towns and how their rules are read.
    """
    given = Parameters.model_validate(experiment.parameters.model_dump())
    alone = {"structures": None, "posterior": None, "figures": True}
    many = usual_draws(experiment.replicates)
    of = experiment.model_copy(update={"parameters": given, "draws": many, **alone})
    first = [of.spread().index(lot) for lot in range(many)]
    return tuple(of.at(replicate) for replicate in first)


def lot_of(replicate: int, replicates: int) -> int:
    """Return which lot a replicate lives by.

    Args:
        replicate: The replicate.
        replicates: How many the study has.
    """
    return replicate * usual_draws(replicates) // replicates
