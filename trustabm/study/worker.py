"""What a worker does: lives through runs and counts.

Imported by worker processes, so it knows neither Mesa, pandas, pyarrow nor scipy.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, TrustabmError
from trustabm.inputs.groups import Groups
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.town import Town
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import (
    counts,
    earlier,
    together,
    town_counts,
)
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import past
from trustabm.state.layout import EXPECTED, TALLY, TOWN_TALLY
from trustabm.study.doubt import lot_of
from trustabm.study.identity import code_digest
from trustabm.study.series import Series
from trustabm.study.when import When, ended, first_weeks
from trustabm.week.world import World

__all__ = ["Batch", "Job", "OtherCode", "Ran", "Task", "kept", "run_batch"]

Floats = npt.NDArray[np.float64]

STEP = 8
"""Weeks from one look at the conditions that end a run to the next; what was lived through after
the end is left out."""


class OtherCode(TrustabmError):  # noqa: N818
    """A worker whose code would compute something else than this package."""


@dataclass(frozen=True)
class Task:
    """What all runs of a sweep share, files read and names resolved.

    Args:
        experiments: What is run in each town before anything varies.
        levers: By arm, the varied names that are levers of it.
        fields: The group tallies kept.
        town_fields: The town tallies kept.
        groups: The groups of all towns together.
        series: What is kept of weeks; None for nothing.
        lots: The same as each lot of replicates has it, where there are lots.
        structures: Values of parameters that structures bring, by their names.
        when: Conditions on the weeks of a run, by their names.
        code: The digest of the code that is to compute.
    """

    experiments: dict[str, Experiment]
    levers: dict[str, tuple[str, ...]]
    fields: tuple[str, ...]
    town_fields: tuple[str, ...]
    groups: Groups
    series: Series | None
    lots: dict[str, tuple[Experiment, ...]]
    structures: dict[str, dict[str, Any]]
    when: dict[str, When]
    code: str

    def brought(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the parameters that the structure of a point brings; none where none does."""
        name = values.get("structure")
        return [self.structures[name]] if name in self.structures else []

    def experiment(self, town: str, values: dict[str, Any], replicate: int = 0) -> Experiment:
        """Return what a replicate at a point lives through."""
        whole = stated = self.experiments[town]
        if self.lots:
            whole = self.lots[town][lot_of(replicate, stated.replicates)]
        figures = {n: v for n, v in values.items() if n in Town.model_fields}
        if figures:
            whole = _with_figures(whole, figures)
        levers = [{n: values[n] for n in self.levers[a] if n in values} or None for a in whole.arms]
        varied = {n: v for n, v in values.items() if n in Parameters.model_fields}
        parameters = whole.parameters
        for own in self.brought(values):
            set_ = {n: getattr(parameters, n) for n in parameters.model_fields_set}
            varied = own | set_ | varied
        if varied:
            parameters = Parameters.model_validate(parameters.model_dump() | varied)
        try:
            return whole.varied(parameters, levers)
        except ValueError:
            if whole is stated:
                raise
            # As in a comparison: as stated where a reading contradicts what is laid on it.
            copy = stated.model_copy()
            copy.__dict__["places"] = whole.places
            return copy.varied(parameters, levers)


def _with_figures(experiment: Experiment, values: dict[str, float]) -> Experiment:
    """Return an experiment in a town with other figures; their ranges hold them as well."""
    (place, residents), *others = experiment.places
    if others:
        raise InvalidInput(
            f"vary: expected no figure of a town where towns are a region, got {list(values)}"
        )
    said: dict[str, Any] = dict(place)
    for name, value in values.items():
        low, high = said[name].span
        ends = {"low": min(low, value), "high": max(high, value)}
        said[name] = said[name].model_copy(update={"value": value} | ends)
    copy = experiment.model_copy()
    copy.__dict__["places"] = [(Town.model_validate(said), residents)]
    copy.__dict__.pop("_plans", None)
    return copy


class Job(NamedTuple):
    """Some arms of one replicate at one point: runs with one past.

    What these arms live through they live through at the points `also` named as well, which vary
    in nothing that reaches them; it is lived through once.
    """

    town: str
    point: int
    values: dict[str, Any]
    replicate: int
    arms: tuple[str, ...]
    also: tuple[int, ...] = ()


class Ran(NamedTuple):
    """What one run counted, or the error that ended it."""

    job: Job
    arm: str
    groups: Floats | None  # (groups, fields)
    town: Floats | None  # (town fields,)
    error: str | None = None
    series: tuple[Floats, Floats] | None = None
    """What is kept of weeks, of the tallies that its outcomes are made from: of shape
    (rows, groups, fields) and (rows, town fields)."""
    lived: int = 0
    """Weeks lived through after the arms part."""
    until: dict[str, int | None] | None = None
    """After how many of them each condition first held, by name; None where it never did."""


class _Counted(NamedTuple):
    """What a run counted, as in `Ran`."""

    groups: Floats
    town: Floats
    series: tuple[Floats, Floats] | None
    lived: int
    until: dict[str, int | None]


class Batch(NamedTuple):
    """What a worker gives back."""

    runs: list[Ran]
    seconds: float


def kept(outcomes: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the group tallies and the town tallies that outcomes are made from."""
    used = {f for name in outcomes for f in GLOSSARY[name].over + GLOSSARY[name].under}
    used |= {EXPECTED[f] for f in used if f in EXPECTED}
    groups = tuple(f for f in TALLY.names or () if f in used)
    return groups, tuple(f for f in TOWN_TALLY.names or () if f in used)


class _Memory(threading.local):
    """The last past of this thread, and what was lived through from it."""

    key: object = None
    world: World | None = None
    arms: dict[Any, _Counted]


_memory = _Memory()


def run_batch(task: bytes, jobs: list[Job]) -> Batch:
    """Live through the runs of some jobs; an error of a run is part of what it gives.

    Args:
        task: A pickled `Task`, the same for all batches of a sweep.
        jobs: The jobs.

    Raises:
        OtherCode: where this worker's code is not the driver's.
    """
    began = time.perf_counter()
    known = _unpickled(task)
    code = code_digest(classes=tuple(next(iter(known.experiments.values())).classes.items()))
    if known.code != code:
        raise OtherCode(
            f"worker: expected the code of the driver ({known.code}), got other code ({code}): "
            f"install the same trustabm, numpy and numba on every worker"
        )
    runs = [run for job in jobs for run in _job(known, job)]
    return Batch(runs, time.perf_counter() - began)


@lru_cache(maxsize=2)
def _unpickled(task: bytes) -> Task:
    known: Task = pickle.loads(task)
    return known


def _job(task: Task, job: Job) -> list[Ran]:
    try:
        experiment = task.experiment(job.town, job.values, job.replicate)
    except Exception as e:
        return [_failed(job, arm, e) for arm in job.arms]
    names, runs = list(experiment.arms), []
    for arm in job.arms:
        try:
            lived = _lived(task, experiment, names.index(arm), job.replicate)
            counted = lived.series, lived.lived, lived.until
            runs.append(Ran(job, arm, lived.groups, lived.town, None, *counted))
        except Exception as e:
            runs.append(_failed(job, arm, e))
    return runs


def _failed(job: Job, arm: str, error: Exception) -> Ran:
    return Ran(job, arm, None, None, f"{type(error).__name__}: {error}")


def _lived(task: Task, experiment: Experiment, arm: int, replicate: int) -> _Counted:
    """Live through one arm, from the last past again where it is the same."""
    first = experiment.first()
    rules = first.weeks.tobytes(), first.levers.tobytes()
    own = experiment.rules_of(0), experiment.rules_of(arm)
    key = (experiment.places, experiment.parameters, rules, own[0], replicate, task)
    if _memory.key != key:
        _memory.key = _memory.world = None
        _memory.world = past(experiment, replicate)
        _memory.arms = {}
        _memory.key = key
    assert _memory.world is not None
    plan = experiment.plan(arm)
    same = (plan.weeks.tobytes(), plan.levers.tobytes(), plan.news.tobytes(), own[1])
    if same not in _memory.arms:
        world = _memory.world.branch(plan, rules=own[1])
        lived = _live(task, experiment, world)
        _memory.arms[same] = _counted(task, experiment, _memory.world, world, lived)
    return _memory.arms[same]


def _live(task: Task, experiment: Experiment, world: World) -> int:
    """Live through an arm's weeks; return how many there are until a condition ends them."""
    weeks, stops = experiment.weeks, {n: w for n, w in task.when.items() if w.stop}
    if not stops:
        world.run_for(weeks)
        return weeks
    back = max(w.back for w in stops.values())
    for done in range(0, weeks, STEP):
        world.run_for(min(STEP, weeks - done))
        since = max(0, done - back)
        until = _until(task, stops, experiment, world, slice(since, None))
        name = ended(stops, until)
        if name is not None:
            return since + (until[name] or 0)
    return weeks


def _until(
    task: Task, when: dict[str, When], experiment: Experiment, world: World, weeks: slice
) -> dict[str, int | None]:
    """Return after how many of some weeks conditions first held."""
    counted = _of_all(task, world, counts(world.tally[weeks, 0]))
    town = town_counts(world.town_tally[weeks, 0])
    return first_weeks(when, task.groups, counted, town, experiment.parameters)


def _counted(
    task: Task, experiment: Experiment, before: World, world: World, lived: int
) -> _Counted:
    """Return what a run counted in the weeks that are its own."""
    until = _until(task, task.when, experiment, world, slice(lived)) if task.when else {}
    return _Counted(*_kept(task, before, world, lived), lived, until)


def _kept(
    task: Task, before: World, world: World, lived: int
) -> tuple[Floats, Floats, tuple[Floats, Floats] | None]:
    """Return the sums of a run's weeks, and what is kept of its weeks."""
    town = town_counts(world.town_tally[:lived, 0])
    after = counts(world.tally[:lived, 0])
    fields, town_fields = _places(task.fields, task.town_fields)
    sums = _of_all(task, world, together(after))[:, fields], town[:, town_fields].sum(axis=0)
    if task.series is None:
        return *sums, None
    fields, town_fields = _places(*kept(task.series.outcomes))
    first = earlier(counts(before.tally[:, 0]), after)
    groups = _of_all(task, world, np.concatenate([first, after]))[..., fields]
    town = np.concatenate([town_counts(before.town_tally[:, 0]), town])[:, town_fields]
    return *sums, (
        task.series.together(groups, len(first)),
        task.series.together(town, len(first)),
    )


def _places(fields: Sequence[str], town_fields: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return where tallies of groups and of a town are among all."""
    names, town_names = TALLY.names or (), TOWN_TALLY.names or ()
    return [names.index(f) for f in fields], [town_names.index(f) for f in town_fields]


def _of_all(task: Task, world: World, counted: Floats) -> Floats:
    """Return counts of a town's groups as those of all towns', by the groups of the day alone."""
    places = task.groups.places(world.groups)
    out = np.zeros((*counted.shape[:-2], len(task.groups.names), counted.shape[-1]))
    out[..., places, :] = counted[..., : len(places), :]
    return out
