"""Samples of an area's counties, lived through by workers.

Every county drawn is lived through twice, half of its simulated residents each: the halves differ
by luck alone, replicates of a draw by luck and by the counties drawn. What is wrong in the figures
of one county, or in how a rule is read there, is taken to be so in all.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.inputs import readings
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.ranges import drawn_one
from trustabm.nation.county import in_county
from trustabm.nation.design import Design
from trustabm.outcomes.measures import together
from trustabm.rules.luck import seed_of
from trustabm.runs.experiment import RULED, Experiment
from trustabm.runs.lots import Lot, ruled
from trustabm.runs.replicates import Lived, carried_out, live

__all__ = ["Halves", "live_samples"]

Floats = npt.NDArray[np.float64]


class Halves(NamedTuple):
    """What a sample counted.

    Args:
        lived: Of both halves, weighted, as a town of as many residents would have counted.
        sums: Of each half, over the weeks after the arms part, of shape (2, arms, rows, fields);
            of one part where every county is taken.
        town_sums: The same of towns, of shape (2, arms, fields).
        same: Whether each arm has the reference's rules in all counties drawn.
    """

    lived: Lived
    sums: Floats
    town_sums: Floats
    same: npt.NDArray[np.bool_]


class _Task(NamedTuple):
    """What all samples share: the experiment, and how its towns' figures are drawn."""

    experiment: Experiment
    parts: int
    draws: int  # of figures and readings; 0: as stated
    figures: bool
    rules: bool
    vintage: str  # what is written behind a county's code for its figures of another year


def live_samples(
    every: Sequence[Experiment],
    drawing: Design,
    *,
    vintage: str = "",
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    pool: Executor | None = None,
) -> Iterator[Halves]:
    """Yield what every sample counted, those of the first experiment first.

    Args:
        every: Experiments of an area, alike but for replicates and what they are spread over.
        drawing: How its counties are drawn.
        vintage: `@2019` for figures of that year.
        workers: Processes.
        progress: Called with samples done and samples in all.
        pool: Processes to use instead of new ones.
    """
    first, parts = every[0], 2 if drawing.sampled else 1
    # Everything else a worker needs of an experiment are its lots.
    alone = first.model_copy(update={"draws": 0, "structures": None, "figures": False})
    alone.__dict__["lots"] = ()
    draws, figures = len(first.lots), first.figures is not False
    task = pickle.dumps(_Task(alone, parts, draws, figures, rules_drawn(first), vintage))
    jobs = []
    for e in every:
        spread = e.spread() if e.lots else [0] * e.replicates
        for k in range(e.replicates):
            lot = e.lots[spread[k]].parameters if e.lots else e.parameters
            picks = [
                (p.county.fips, p.people / drawing.area.people) for p in drawing.sample(e.seed, k)
            ]
            draw = spread[k] % draws if draws else 0
            jobs.append((task, seed_of(e.seed, k), lot, draw, picks))
    seconds = len(jobs) * drawing.draws * (first.seconds() + SECONDS_PER_COUNTY)
    # Closed at once, so that other processes end with an error or a cancel here.
    with closing(carried_out(live_sample, jobs, seconds, workers, pool)) as counted:
        for done, halves in enumerate(counted, 1):
            yield halves
            if progress is not None:
                progress(done, len(jobs))


SECONDS_PER_COUNTY = 0.02
"""To make one, whatever its size; measured."""


def live_sample(
    task: bytes, seed: int, parameters: Parameters, draw: int, picks: Sequence[tuple[str, float]]
) -> Halves:
    """Live through the counties of one sample; called by workers.

    Args:
        task: A pickled `_Task`.
        seed: Of the sample's luck.
        parameters: By which it lives.
        draw: Which draw of figures and readings.
        picks: Each county drawn, by FIPS code, and the share of the area that it stands for.
    """
    known = _unpickled(task)
    parts = known.parts
    residents = known.experiment.residents // parts
    total: list[Floats] = []
    sums: list[list[Floats]] = [[] for _ in range(parts)]
    same = np.ones(len(known.experiment.arms), bool)
    for number, (fips, share) in enumerate(picks):
        here, alike = _there(task, fips, residents)
        same &= alike
        here.__dict__["lots"] = (_lot(known, here, parameters, draw),)
        drawn = here.at(0)
        plans = drawn.__dict__["_plans"]
        for part in range(parts):
            # The first sample's first county is not the area's own seed again.
            own = seed_of(seed, 1 + parts * number + part)
            copy = drawn.model_copy(update={"seed": own})
            copy.__dict__["_plans"] = plans  # which no seed changes
            weighted = [share * len(picks) * x for x in live(copy, 0)]
            total = [t + x for t, x in zip(total, weighted, strict=True)] if total else weighted
            of_part = [together(weighted[2]), weighted[3].sum(axis=1)]
            before = sums[part]
            sums[part] = (
                [a + b for a, b in zip(before, of_part, strict=True)] if before else of_part
            )
    groups, towns = (np.stack([s[k] for s in sums]) for k in (0, 1))
    return Halves(Lived(*total), groups, towns, same)


def rules_drawn(experiment: Experiment) -> bool:
    """Return whether how rules are read is drawn: where parameters are."""
    return any(lot.structure is not None for lot in experiment.lots)


def _lot(known: _Task, here: Experiment, parameters: Parameters, draw: int) -> Lot:
    """Return what a county has of its own in a draw: the others' have the same part of ranges."""
    here.__dict__.pop(RULED, None)  # of other draws
    place, said = here.place, dict[str, float]()
    of = draw, known.draws, known.experiment.seed
    changes = place.changes
    if known.draws and known.rules:
        said, (changes,) = readings.drawn_one([place], here.doubts, *of)
    if known.draws and known.figures:
        place = drawn_one(place, *of)
    return Lot(None, parameters, [(ruled(place, changes), here.residents)], said)


@lru_cache(maxsize=2)
def _unpickled(task: bytes) -> _Task:
    known: _Task = pickle.loads(task)
    return known


@lru_cache(maxsize=512)
def _there(task: bytes, fips: str, residents: int) -> tuple[Experiment, npt.NDArray[np.bool_]]:
    """Return an experiment in a county, and whether each arm has the reference's rules there."""
    known = _unpickled(task)
    here = in_county(known.experiment, fips + known.vintage, residents, 0)
    return here, np.array([here.same_rules(arm) for arm in range(len(here.arms))])
