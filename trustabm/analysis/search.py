"""A search over levers for several objectives at once: which settings no other beats, and how sure.

NSGA-II (Deb et al. 2002, doi:10.1109/4235.996017), by pymoo (doi:10.1109/ACCESS.2020.2990567),
proposes settings, a generation at a time; a sweep lives through them, in one folder and under one
luck, so that a search that was stopped goes on from what is there. What looks best of many is so in
part by luck: the settings that may be on the front are lived through again by replicates that took
no part in the search, and what is said of them rests on these alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trustabm.analysis.front import front
from trustabm.errors import InvalidInput, need

if TYPE_CHECKING:
    import pandas as pd

    from trustabm.study.definition import Study
    from trustabm.study.designs import Search
    from trustabm.study.points import Point
    from trustabm.study.sweep import Progress

__all__ = ["Searched", "search", "searched"]

Floats = npt.NDArray[np.float64]

LIKELY = 0.1
"""How likely a setting must be on the front by the search's own replicates to be tried again."""


@dataclass(frozen=True)
class Searched:
    """What a search found.

    Args:
        frame: One row a setting that may be on the front, the likeliest first: the levers, the
            objectives with their intervals, `efficient` and `probability`, as in
            `trustabm.analysis.front.front`. Of objectives it has the difference from the reference.
        tried: Settings lived through.
        refused: Settings that were proposed and whose levers contradict each other.
        signal: The signal that stopped it, 0 if none did; the frame is empty then.
    """

    frame: pd.DataFrame = field(repr=False)
    tried: int
    refused: int
    signal: int = 0

    def save(self, path: Path) -> None:
        """Write the frame as CSV; of files that exist, only an earlier one of these is replaced.

        Raises:
            OutputExists: where the file holds something else.
            NotWritten: where it cannot be written.
        """
        from trustabm.runs.tables import write_csv

        write_csv(self.frame, path)


def searched(
    dimensions: int,
    objectives: int,
    values: Callable[[Floats], Floats],
    *,
    population: int,
    generations: int,
    seed: int = 0,
) -> None:
    """Propose points of the unit cube to a function, generation by generation.

    Args:
        dimensions: Of the cube.
        objectives: How many values each point has.
        values: Takes points of shape (points, dimensions) and returns values of shape (points,
            objectives), of which less is better; NaN for a point that cannot be.
        population: Points a generation.
        generations: How many.
        seed: Of the proposals: the same seed and values give the same points.

    Raises:
        NotInstalled: where pymoo is not.
    """
    need("search", "a search")
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.evaluator import Evaluator
    from pymoo.core.problem import Problem
    from pymoo.problems.static import StaticProblem

    problem = Problem(n_var=dimensions, n_obj=objectives, n_ieq_constr=1, xl=0.0, xu=1.0)
    algorithm = NSGA2(pop_size=population)
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed, verbose=False)
    while algorithm.has_next():
        asked = algorithm.ask()
        found = values(asked.get("X"))
        impossible = np.isnan(found).any(axis=1, keepdims=True)
        known = {"F": np.where(impossible, 0.0, found), "G": impossible.astype(np.float64)}
        Evaluator().eval(StaticProblem(problem, **known), asked)
        algorithm.tell(infills=asked)


def search(
    study: Study,
    out: str | Path,
    *,
    workers: int | None = None,
    dask: str | None = None,
    progress: Callable[[Progress], object] | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> Searched:
    """Search a study's levers for the settings that no other beats.

    Args:
        study: A study whose design is a search.
        out: The folder; one with an earlier sitting of the search is gone on with.
        workers: Processes; as many as there are processors if not given.
        dask: The address of a Dask scheduler whose workers live through it instead.
        progress: Called as runs come in.
        say: Called with what a reader has to know, a line each.

    Raises:
        InvalidInput: for a study whose design is none, or a folder of another study.
        NotInstalled: where pymoo is not.
    """
    need("search", "a search")
    from trustabm.study.designs import Search

    if not isinstance(study.design, Search):
        raise InvalidInput(f"design: expected a search, got {study.design.kind!r}")
    return _Search(study, study.design, Path(out), (workers, dask, progress, say)).go()


class _Stopped(Exception):  # noqa: N818
    """A sweep that a signal stopped."""


class _Search:
    """A search at work: what was tried, and what came of it."""

    def __init__(self, study: Study, design: Search, out: Path, how: tuple[Any, ...]) -> None:
        from trustabm.study.designs import Factorial, Posterior, Vary
        from trustabm.study.points import draws_of
        from trustabm.study.work import Work

        self.study, self.design, self.out, self.how = study, design, out, how
        self.arm = design.arm or list(study.arms)[-1]
        self.draws: list[Point] = [{}]
        if design.draws:
            self.draws = draws_of(Posterior(kind="posterior", points=design.draws))
        own = {n: Vary(arms=v.arms or (self.arm,)) for n, v in study.vary.items()}
        self.vary = own | {name: Vary() for name in self.draws[0]}
        self.columns = [f"{o.outcome}__{o.group}" for o in design.objectives]
        self.signs = np.array([-1.0 if o.better == "high" else 1.0 for o in design.objectives])
        self.settings: list[Point] = []
        self.refused: set[tuple[Any, ...]] = set()
        self.values: dict[tuple[Any, ...], Floats] = {}
        plain = study.model_copy(update={"vary": {}, "design": Factorial()})
        levers = {
            arm: tuple(n for n, v in own.items() if arm in (v.arms or study.arms))
            for arm in study.arms
        }
        # Whether levers contradict each other is asked of what workers are asked.
        self.task = replace(Work(plain, [(0, {})]).task, levers=levers)

    def _placed(self, name: str, u: float) -> Any:
        from trustabm.study.points import placed

        return placed(name, self.study.vary[name], u)

    def _study(self, points: list[Point], replicates: int) -> Study:
        from trustabm.study.designs import Listed

        design = Listed(kind="list", points=tuple(points))
        change = {"design": design, "vary": self.vary, "replicates": replicates}
        return self.study.model_copy(update=change)

    def go(self) -> Searched:
        """Search, and try again what may be on the front."""
        import pandas as pd

        d, replicates = self.design, self.study.replicates
        try:
            searched(
                len(self.study.vary),
                len(d.objectives),
                self._of,
                population=d.population,
                generations=d.generations,
                seed=d.seed,
            )
            whole = [s for s in self.settings if np.isfinite(self.values[_key(s)]).all()]
            if not whole:
                raise InvalidInput("vary: expected settings that can be, got none")
            likely = self._front(whole)["probability"].to_numpy() >= LIKELY
            last = [s for s, may in zip(whole, likely, strict=True) if may]
            fresh = self._live(last, 2 * replicates, slice(replicates, None))
        except _Stopped as e:
            return Searched(pd.DataFrame(), len(self.settings), len(self.refused), e.args[0])
        self.values |= fresh
        last = [s for s in last if np.isfinite(self.values[_key(s)]).all()]
        frame = pd.concat([pd.DataFrame(last), self._front(last)], axis=1)
        frame = frame.sort_values("probability", ascending=False, ignore_index=True, kind="stable")
        return Searched(frame, len(self.settings), len(self.refused))

    def _front(self, settings: list[Point]) -> pd.DataFrame:
        values = np.stack([self.values[_key(s)] for s in settings])
        return front(values, self.columns, [o.better for o in self.design.objectives])

    def _of(self, cube: Floats) -> Floats:
        """Return the objectives of points of the unit cube; NaN where levers contradict."""
        asked = [{n: self._placed(n, float(u)) for n, u in zip(self.study.vary, x)} for x in cube]
        new = {_key(s): s for s in asked if _key(s) not in self.values.keys() | self.refused}
        for key, setting in new.items():
            try:
                self.task.experiment(self.study.towns[0], setting | self.draws[0])
            except ValueError:
                self.refused.add(key)
            else:
                self.settings.append(setting)
        if len(self.settings) > len(self.values):
            self.values |= self._live(self.settings, self.study.replicates, slice(None))
        nothing = np.full(len(self.columns), np.nan)
        means = [
            nothing if (k := _key(s)) in self.refused else self.values[k].mean(axis=(0, 1))
            for s in asked
        ]
        found: Floats = np.stack(means) * self.signs
        return found

    def _live(
        self, settings: list[Point], replicates: int, of: slice
    ) -> dict[tuple[Any, ...], Floats]:
        """Live through settings, each under every draw.

        Returns:
            By setting the objectives of shape (draws, replicates, objectives).
        """
        from trustabm.study.opening import open_study
        from trustabm.study.sweep import sweep

        workers, dask, progress, say = self.how
        points = [s | draw for s in settings for draw in self.draws]
        swept = sweep(
            self._study(points, replicates),
            self.out,
            workers=workers,
            dask=dask,
            progress=progress,
            say=say,
        )
        if swept.signal:
            raise _Stopped(swept.signal)
        opened = open_study(self.out)
        numbers = {_key(point): k for k, point in enumerate(opened.points)}
        for column in self.columns:
            if column not in opened.runs:
                raise InvalidInput(f"design.objectives: no {column}: a group that no town has")
        runs = opened.runs.pivot(index=["point", "replicate"], columns="arm", values=self.columns)
        apart = [
            runs[column, self.arm] - runs[column, self.study.reference] for column in self.columns
        ]
        cube = np.stack(apart, axis=-1).reshape(len(opened.points), replicates, len(self.columns))
        found = cube[[numbers[_key(point)] for point in points]][:, of]
        found = found.reshape(len(settings), len(self.draws), *found.shape[1:])
        return {_key(s): values for s, values in zip(settings, found, strict=True)}


def _key(point: Point) -> tuple[Any, ...]:
    return tuple(sorted(point.items()))
