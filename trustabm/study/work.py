"""What a study has to run: every job, and the id of every run."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable, Container, Iterator
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from trustabm.errors import InvalidInput, from_validation, nearest, shown
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import EVERY, LEVERS
from trustabm.inputs.rule import levers_in
from trustabm.inputs.town import groups_of
from trustabm.rules.luck import seed_of
from trustabm.runs.experiment import Experiment
from trustabm.study.definition import Study, measured
from trustabm.study.designs import STRUCTURE, Posterior, Until
from trustabm.study.doubt import lots_of
from trustabm.study.identity import code_digest, content, run_id
from trustabm.study.points import Point, typical_of
from trustabm.study.when import When
from trustabm.study.worker import Job, Ran, Task, kept

__all__ = ["Work"]

RUNS_MAX = 20_000_000
"""Runs of a study: more are no longer kept apart in the memory of one machine."""


class Work:
    """The runs of a study, with every name resolved and every file read.

    Args:
        study: The study.
        points: Its points by number.

    Raises:
        InvalidInput: for a name that does not exist, or a point whose levers contradict each
            other; nothing was run.
    """

    def __init__(self, study: Study, points: list[tuple[int, Point]]) -> None:
        self.study = study
        self.points = points
        self.names: tuple[str, ...] = tuple(points[0][1])
        # Laid over with nothing, every change says all levers, so that workers read no file.
        nothing: list[dict[str, Any] | None] = [{} for _ in study.arms]
        plain = study.parameters, nothing
        stated = {t: study.experiment(t) for t in study.towns}
        experiments = {t: e.varied(*plain) for t, e in stated.items()}
        lots = {
            t: tuple(x.varied(*plain) for x in lots_of(e)) for t, e in stated.items() if study.doubt
        }
        self.shared = experiments[study.towns[0]]
        fields, town_fields = kept(study.outcomes)
        # Points that are draws say all parameters of their structure themselves.
        alone = () if isinstance(study.design, Posterior) else points
        structures = dict.fromkeys(
            str(values[STRUCTURE.name]) for _, values in alone if STRUCTURE.name in values
        )
        self.task = Task(
            experiments=experiments,
            levers={a: self._levers_of(a) for a in study.arms},
            fields=fields,
            town_fields=town_fields,
            groups=groups_of([e.place for e in experiments.values()]),
            series=study.kept,
            lots=lots,
            structures={name: typical_of(name) for name in structures},
            when=study.when,
            code=code_digest(classes=tuple(study.classes.items())),
        )
        self.town_digests = {
            t: content(
                *(e.place.figures(), e.place.groups, *_of_neighbors(e)),
                # What lots draw hangs on ranges and on how rules are known, too.
                *([x.place.figures(), *x.lines, *_of_neighbors(x)] for x in lots.get(t, ())),
            )
            for t, e in experiments.items()
        }
        digests = [[r.digest for r in self.shared.rules_of(k)] for k in range(len(study.arms))]
        rules = {
            a: [digests[0], own] if any(digests) else []
            for a, own in zip(study.arms, digests, strict=True)
        }
        self.arm_digests = {
            (t, a): content(a, line, e.lines[0], self.task.levers[a], *rules[a])
            for t, e in experiments.items()
            for a, line in zip(e.arms, e.lines, strict=True)
        }
        asked: dict[str, Until | When] = {f"when.{name}": w for name, w in study.when.items()}
        if study.until is not None:
            asked["until"] = study.until
        for where, of in asked.items():
            known = [group for _, group in measured([of.outcome], self.task.groups)]
            if of.group not in known:
                hint = nearest(of.group, known)
                raise InvalidInput(f"{where}.group: no {shown(of.group)}; {hint}")
        self.base = content(
            self.task.code,
            [study.start, study.weeks, study.burn_in, study.residents, study.parameters],
            [self.names, self.task.fields, self.task.town_fields, study.weekly],
            self.task.groups.names,
            # What replicates draw hangs on how many there are.
            *([study.replicates] if study.doubt else []),
            *([study.when] if study.when else []),
            *([study.series] if study.series is not None else []),
        )
        if self.total > RUNS_MAX:
            raise InvalidInput(
                f"replicates, towns, arms, points: expected at most {RUNS_MAX:,} runs, got "
                f"{self.total:,}: make several studies of it"
            )
        self.values = dict(points)
        # A structure brings what the study does not set.
        unset = [sorted(study.parameters.model_fields_set)] if structures else []
        self._points = {
            n: content(values, *self.task.brought(values), *unset) for n, values in points
        }
        self._lives = {a: self._lives_of(a) for a in study.arms}
        self._check_points()

    @property
    def key(self) -> str:
        """A digest of what all runs share, however a study is enlarged; its files carry it."""
        return content(self.base, self.study.seed)

    def asks(self, town: str, arm: str, point: int, replicate: int) -> bool:
        """Return whether there is such a run."""
        s = self.study
        return (
            town in s.towns and arm in s.arms and point in self._points and replicate < s.replicates
        )

    @cached_property
    def pickled(self) -> bytes:
        """The task as workers are sent it."""
        return pickle.dumps(self.task)

    @property
    def total(self) -> int:
        """How many runs there are."""
        s = self.study
        return len(s.towns) * len(self.points) * s.replicates * len(s.arms)

    @property
    def lived(self) -> int:
        """How many runs are lived through: what does not vary is, once a seed and not a point."""
        s = self.study
        return len(s.towns) * s.replicates * sum(len(set(x.values())) for x in self._lives.values())

    @property
    def pasts(self) -> int:
        """How many pasts these runs have."""
        reference = self._lives[self.study.reference]
        return len(self.study.towns) * self.study.replicates * len(set(reference.values()))

    def jobs(
        self, done: Container[str], asked: Callable[[str, int, int], bool] = lambda *_: True
    ) -> Iterator[Job]:
        """Yield what is left to run, the first replicate of all points first.

        Points that differ only in what comes after the burn-in then follow each other, and a
        worker lives through their past once. An arm that does not vary is lived through at the
        first of its points that is left, and holds at the others.

        Args:
            done: Ids of runs that are there.
            asked: Whether a town, a point and a replicate are to be run now.
        """
        for replicate, town in itertools.product(range(self.study.replicates), self.study.towns):
            places: dict[tuple[str, str], list[int]] = {}
            for number, values in self.points:
                if not asked(town, number, replicate):
                    continue
                job = Job(town, number, values, replicate, ())
                for arm in self.study.arms:
                    if self.id(job, arm) not in done:
                        places.setdefault((arm, self._lives[arm][number]), []).append(number)
            whole: dict[tuple[int, ...], list[str]] = {}
            for (arm, _), numbers in places.items():
                whole.setdefault(tuple(numbers), []).append(arm)
            for (first, *also), arms in sorted(whole.items()):
                of = self.values[first]
                yield Job(town, first, of, replicate, tuple(arms), tuple(also))

    def everywhere(self, runs: Iterator[Ran] | list[Ran]) -> Iterator[Ran]:
        """Yield runs, and each again at every other point at which it holds."""
        for run in runs:
            yield run
            for number in run.job.also:
                job = run.job._replace(point=number, values=self.values[number])
                yield run._replace(job=job)

    def ids(self) -> set[str]:
        """Return the id of every run."""
        s = self.study
        every = itertools.product(s.towns, self.points, range(s.replicates))
        jobs = (Job(town, number, values, k, ()) for town, (number, values), k in every)
        return {self.id(job, arm) for job in jobs for arm in s.arms}

    def id(self, job: Job, arm: str) -> str:
        """Return the id of a run."""
        return run_id(
            self.base,
            self.town_digests[job.town],
            self.arm_digests[job.town, arm],
            self._points[job.point],
            seed_of(self.study.seed, job.replicate),
        )

    def contents(self) -> dict[str, Any]:
        """Return digests of all that may not change while results are in one folder."""
        return {
            "code": self.task.code,
            "towns": self.town_digests,
            "arms": {f"{t} {a}": digest for (t, a), digest in self.arm_digests.items()},
        }

    def _levers_of(self, arm: str) -> tuple[str, ...]:
        """Return the varied names that are levers of an arm, of one's own those that it reads."""
        vary, rules = self.study.vary, self.shared.rules_of([*self.study.arms].index(arm))
        read = {*LEVERS, *(lever.name for lever in levers_in(rules))}
        among = {n: vary[n].arms if n in vary else None for n in self.names}
        return tuple(n for n, arms in among.items() if n in read and (arms is None or arm in arms))

    def _lives_of(self, arm: str) -> dict[int, str]:
        """Return a digest of what reaches an arm, by point: points of one digest are one life.

        All parameters do, its own levers, and those of the reference, under which the past is.
        """
        levers = {*self.task.levers[arm], *self.task.levers[self.study.reference]}
        names = [n for n in self.names if n not in EVERY or n in levers]
        return {number: content([values[n] for n in names]) for number, values in self.points}

    def _check_points(self) -> None:
        # Towns whose own policies are not merged have the same arms, and are not tried twice.
        different = {content(e.lines): t for t, e in self.task.experiments.items()}
        for (number, values), town in itertools.product(self.points, different.values()):
            try:
                self.task.experiment(town, values)
            except ValueError as e:
                where = f"point {number} ({_named(values)})"
                if isinstance(e, ValidationError):
                    raise from_validation(where, e, list(Parameters.model_fields)) from e
                raise InvalidInput(f"{where}: {e}") from e


def _of_neighbors(experiment: Experiment) -> list[Any]:
    """Return what a region's other towns are, and what is in force in them."""
    others = zip(experiment.places[1:], experiment.around, strict=True)
    return [[p.figures(), p.groups, residents, line] for (p, residents), line in others]


def _named(values: Point) -> str:
    words = {n: f"{v:g}" if isinstance(v, float) else str(v) for n, v in values.items()}
    return ", ".join(f"{n} = {v}" for n, v in words.items())
