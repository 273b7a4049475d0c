"""Fit to a file's targets: weigh what was known by runs of the user's town, then draw anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, need
from trustabm.evidence.calibration.order import balanced, resampled
from trustabm.evidence.own.before import Before, before
from trustabm.evidence.own.check import checked
from trustabm.evidence.own.problem import Problem
from trustabm.evidence.own.result import Calibrated
from trustabm.evidence.own.waves import Learned, learned, tempered
from trustabm.evidence.own.weigh import Goal, log_likelihood, plain, weighed
from trustabm.evidence.own.worlds import answered
from trustabm.inputs.draws import digest
from trustabm.runs.kept import kept
from trustabm.runs.provenance import origin
from trustabm.sealed import content
from trustabm.study.identity import code_digest

__all__ = ["Runs", "calibrate", "first_points"]

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

EACH = 4
"""Runs of each structure at least, and draws of each that is kept."""

PARTICLES = 2000
"""Draws that are tempered after a wave."""

LEAST_WEIGHT = 0.01
"""A structure of less weight is left out of the draws."""

DRAWS_MAX, WAVE_MAX = 100_000, 100_000


def calibrate(
    problem: Problem | str | Path | Mapping[str, Any],
    *,
    waves: Sequence[int] = (),
    check: int = 0,
    draws: int = 400,
    out: str | Path | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Calibrated:
    """Fit to targets of one's own: what is known of parameters, weighed by them.

    First the model is run in the user's town at some of the draws of what is known, an emulator
    learns what it gives of the targets, and all draws are weighed by how likely the targets are
    under them. Where few draws carry the weight, the result says so; waves then run the model
    where the targets put it, and draws are made anew.

    Args:
        problem: The path of a TOML file (docs/calibrate.md), or the same in plain values.
        waves: Runs of each new wave; none if not given.
        check: Sets of made-up targets, of truths drawn from what is known, by which the calibration
            is checked; none if not given.
        draws: Draws of the result.
        out: Folder that keeps the runs, so that a calibration that was stopped goes on, as does one
            with other values of the same targets, or with more waves; and where the result is saved
            as by `Calibrated.save`. Nothing is kept if not given.
        workers: Processes; as many as there are processors if not given.
        progress: Called with runs done and runs in all.

    Returns:
        Draws, what they say of parameters and targets, and what was left in doubt.

    Raises:
        InvalidInput: for a file that says something else, or a target that the town cannot answer.

    Example:
        >>> mine = {
        ...     "title": "Calls", "residents": 300, "weeks": 4, "burn_in": 0, "replicates": 2,
        ...     "points": 28,
        ...     "targets": [{"title": "Calls", "outcome": "reporting", "value": 0.4, "se": 0.1}],
        ... }
        >>> found = calibrate(mine, draws=40, workers=1)
        >>> list(found.summary().columns[:3])
        ['parameter', 'before', 'before_low']
    """
    need("fit", "calibrate")
    asked = _read(problem)
    _check(waves, check, draws)
    if out is None:
        with tempfile.TemporaryDirectory(prefix="trustabm-") as folder:
            return _calibrated(asked, Path(folder), waves, check, draws, workers, progress)
    found = _calibrated(asked, Path(out), waves, check, draws, workers, progress)
    found.save(out)
    return found


def _read(problem: Problem | str | Path | Mapping[str, Any]) -> Problem:
    if isinstance(problem, Problem):
        return problem
    if isinstance(problem, Mapping):
        return Problem.make(dict(problem), "calibrate")
    return Problem.read(problem)


def _check(waves: Sequence[int], check: int, draws: int) -> None:
    for name, value, low, high in (
        ("check", check, 0, 10_000),
        ("draws", draws, EACH, DRAWS_MAX),
        *(("waves", wave, 1, WAVE_MAX) for wave in waves),
    ):
        if not low <= value <= high:
            raise InvalidInput(f"{name}: expected {low} to {high:,}, got {value}")


def _calibrated(
    problem: Problem,
    folder: Path,
    waves: Sequence[int],
    check: int,
    draws: int,
    workers: int | None,
    progress: Callable[[int, int], object] | None,
) -> Calibrated:
    known = before(problem)
    rng = np.random.default_rng([problem.seed, 11])
    runs = Runs(problem, known, folder / "runs", workers, progress)
    first = first_points(known, problem.points)
    runs.add(known.points[first], known.which[first], len(first) + sum(waves))
    of, goal = runs.learned(), runs.goal()
    mean, variance = of.at(known.features(known.points, known.which))
    log = known.log
    now = weighed(log + log_likelihood(goal, mean, variance))
    points, which, weights = known.points, known.which, now.weights
    for wave in waves:
        points, which = tempered(known, of, goal, max(PARTICLES, wave), rng)
        some = rng.choice(len(points), wave, replace=False)
        runs.add(points[some], which[some], len(first) + sum(waves))
        of, goal = runs.learned(), runs.goal()
    if waves:
        points, which = tempered(known, of, goal, max(PARTICLES, draws), rng)
        weights = np.full(len(points), 1.0 / len(points))
    shares = np.bincount(which, weights, minlength=len(known.structures))
    chosen, kinds = _drawn(known, of, points, which, weights, shares, draws, rng)
    return Calibrated(
        problem=problem,
        known=known,
        learned=of,
        goal=goal,
        runs=len(runs.values),
        waves=tuple(waves),
        first=now,
        before=plain(log),
        draws=chosen,
        which=kinds,
        shares=shares,
        check=checked(known, of, goal, check, bool(waves), rng) if check else None,
        provenance=_provenance(problem, waves, check, draws),
    )


class Runs:
    """What the model gave at points, kept in a folder."""

    def __init__(
        self,
        problem: Problem,
        known: Before,
        folder: Path,
        workers: int | None,
        progress: Callable[[int, int], object] | None,
    ) -> None:
        self.problem, self.known, self.folder = problem, known, folder
        self.workers, self.progress = workers, progress
        many = len(problem.targets)
        self.points, self.which = np.zeros((0, len(known.names))), np.zeros(0, dtype=np.intp)
        self.values, self.errors = np.zeros((0, many)), np.zeros((0, many))
        asked = [
            [a.experiment, a.arms, [(t.outcome, t.group, t.measure) for t in a.targets]]
            for a in problem.experiments
        ]
        towns = [a.experiment.place.model_dump(mode="json") for a in problem.experiments]
        self.made_of = [asked, towns, code_digest("trustabm.evidence.own.worlds")]

    def add(self, points: Floats, which: Numbers, total: int) -> None:
        """Run the model at more points.

        Raises:
            InvalidInput: where no town has any of what a target counts.
        """
        done = len(self.values)
        sets = [self.known.parameters(p, s) for p, s in zip(points, which, strict=True)]
        tasks = {f"{k} {content(s)}": (self.problem.experiments, s) for k, s in enumerate(sets)}
        told = None if self.progress is None else _from(self.progress, done, total)
        found = kept(
            self.folder, self.made_of, tasks, answered, workers=self.workers, progress=told
        )
        values = np.array([found[name]["values"] for name in tasks])
        errors = np.array([found[name]["errors"] for name in tasks])
        for k, target in enumerate(self.problem.targets):
            if not np.isfinite(values[:, k]).all() or not np.isfinite(errors[:, k]).all():
                raise InvalidInput(
                    f"targets: {target.title}: at some points none of what it counts happened in "
                    f"{self.problem.replicates} towns; simulate more residents, weeks or replicates"
                )
        self.points = np.vstack([self.points, points])
        self.which = np.concatenate([self.which, which])
        self.values = np.vstack([self.values, values])
        self.errors = np.vstack([self.errors, errors])

    def learned(self) -> Learned:
        """Return an emulator of all runs."""
        return learned(self.known.features(self.points, self.which), self.values)

    def goal(self) -> Goal:
        """Return the targets, with the luck of the runs."""
        targets = self.problem.targets
        sides = np.array([t.sides for t in targets])
        off = np.array([t.off for t in targets])
        return Goal(
            np.array([t.value for t in targets]),
            np.hypot(sides[:, 0], off),
            np.hypot(sides[:, 1], off),
            np.sqrt((self.errors**2).mean(axis=0)),
        )


def _from(
    progress: Callable[[int, int], object], done: int, total: int
) -> Callable[[int, int], object]:
    return lambda now, _: progress(done + now, total)


def first_points(known: Before, number: int) -> Numbers:
    """Return at which draws the model is run first: of each structure some, the first ones."""
    log = known.log
    each = min(EACH, number // len(known.shares))
    rest = number - each * len(known.shares)
    found: list[int] = []
    for s, share in enumerate(known.shares):
        there = np.flatnonzero((known.which == s) & np.isfinite(log))
        found += there[: each + round(rest * share)].tolist()
    return np.array(found)


def _drawn(
    known: Before,
    of: Learned,
    points: Floats,
    which: Numbers,
    weights: Floats,
    shares: Floats,
    number: int,
    rng: np.random.Generator,
) -> tuple[Floats, Numbers]:
    """Return draws of every structure that has weight, the typical one of each first."""
    found, kinds = [], []
    for s in np.flatnonzero(shares >= LEAST_WEIGHT):
        there = np.flatnonzero((which == s) & (weights > 0))
        own = weights[there] / weights[there].sum()
        many = max(EACH, round(number * shares[s]))
        chosen = points[there[resampled(own, many - 1, rng)]]
        middle = own @ points[there]
        spread = np.sqrt(own @ (points[there] - middle) ** 2)
        away = (((points[there] - middle) / np.where(spread > 0, spread, 1.0)) ** 2).sum(axis=1)
        typical = points[there[np.argmin(np.where(own >= np.median(own), away, np.inf))]]
        given = of.emulator.mean(known.features(chosen, np.full(len(chosen), s)))
        wide = given.std(axis=0)
        order = balanced(given / np.where(wide > 0, wide, 1.0), seed=int(s))
        found.append(np.vstack([typical, chosen[order]]))
        kinds.append(np.full(many, s))
    return np.vstack(found), np.concatenate(kinds)


def _provenance(problem: Problem, waves: Iterable[int], check: int, draws: int) -> dict[str, Any]:
    where = None if problem.knowledge == "priors" else digest(problem.posterior)
    return origin() | {
        "problem": problem.model_dump(mode="json", exclude_defaults=True),
        "knowledge": {"from": problem.knowledge, "file": problem.posterior, "sha256": where},
        "waves": list(waves),
        "check": check,
        "draws": draws,
    }
