"""One county of an area: the area's experiment there, lived through by a worker and counted.

A county lives under its own rules in force, on which each change is laid. Nobody in it has ties to
another county, and ICE has there the hours that go with its undocumented residents.
"""

from __future__ import annotations

import hashlib
import pickle
import time
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import TrustabmError
from trustabm.outcomes.measures import counts, together, town_counts
from trustabm.rules.luck import seed_of
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import past
from trustabm.study.identity import code_digest, content

__all__ = ["Counted", "OtherCode", "Task", "code", "count", "in_county", "people_lived"]

Floats = npt.NDArray[np.float64]

TABLES = ("places", "policies", "timelines", "towns")
"""Folders of what ships about counties and their rules: other tables, other counts."""

FEWEST = 20
"""Residents of a world at least."""


class OtherCode(TrustabmError):  # noqa: N818
    """A worker whose code would compute something else than this package."""


class Task(NamedTuple):
    """What all counties share.

    Args:
        experiment: What is run, in any county.
        code: The digest of the code and the tables that are to compute.
    """

    experiment: Experiment
    code: str


class Counted(NamedTuple):
    """What a county's residents counted after the arms parted.

    Args:
        groups: Of shape (arms, groups, fields).
        town: Of shape (arms, fields).
        same: Whether each arm has the reference's rules there in every week.
        seconds: Processor time.
    """

    groups: Floats
    town: Floats
    same: tuple[bool, ...]
    seconds: float


@cache
def code() -> str:
    """Return a digest of the code and the tables that make a county's counts."""
    root = resources.files("trustabm") / "inputs"
    files = {
        f"{folder}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for folder in TABLES
        for file in (root / folder).iterdir()
        if file.name.endswith((".toml", ".csv", ".parquet"))
    }
    return content(code_digest("trustabm.nation.county"), files)


def in_county(experiment: Experiment, fips: str, residents: int, seed: int) -> Experiment:
    """Return an experiment in a county, under the rules in force there.

    Args:
        experiment: The same in any other.
        fips: The county, with `@2019` behind it for its figures of that year.
        residents: Residents simulated.
        seed: The seed of its luck.
    """
    values = {name: getattr(experiment, name) for name in Experiment.model_fields}
    own = {"town": fips, "residents": residents, "seed": seed}
    alone = {"replicates": 1, "draws": 0, "structures": None, "figures": False}
    return Experiment.make(values | own | alone, fips)


def people_lived(population: int, most: int | None) -> int:
    """Return how many residents stand for a county's: all of them, or so many at most."""
    return max(FEWEST, population if most is None else min(population, most))


def count(task: bytes, fips: str, residents: int) -> Counted:
    """Live through a county once under every arm, after the weeks in common; called by workers.

    One arm after the other, so that there are never more than two worlds in memory.

    Args:
        task: A pickled `Task`.
        fips: The county.
        residents: Residents simulated.

    Raises:
        OtherCode: where this worker's code is not the driver's.
    """
    began = time.process_time()
    known = _unpickled(task)
    if known.code != code():
        raise OtherCode(
            f"worker: expected the code and the tables of the driver ({known.code}), got others "
            f"({code()}): install the same trustabm, numpy and numba on every worker"
        )
    seed = seed_of(known.experiment.seed, int(fips))
    experiment = in_county(known.experiment, fips, residents, seed)
    before = past(experiment)
    many = len(experiment.groups.names)
    groups, towns = [], []
    for arm in range(len(experiment.arms)):
        world = before.branch(experiment.plan(arm), rules=experiment.rules_of(arm))
        world.run_for(experiment.weeks)
        groups.append(together(counts(world.tally[:, 0]))[:many])
        towns.append(town_counts(world.town_tally[:, 0]).sum(axis=0))
        del world
    same = tuple(experiment.same_rules(arm) for arm in range(len(groups)))
    return Counted(np.stack(groups), np.stack(towns), same, time.process_time() - began)


@lru_cache(maxsize=2)
def _unpickled(task: bytes) -> Task:
    known: Task = pickle.loads(task)
    return known
