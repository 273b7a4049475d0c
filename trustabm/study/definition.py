"""The study file: which towns, arms, points and replicates, and what is kept of each run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs.catalog import (
    Prose,
    Title,
    is_file,
    names_apart,
    seen_from,
)
from trustabm.inputs.groups import Groups
from trustabm.inputs.laid import day_of
from trustabm.inputs.lever import OWN
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import EVERY, Policy
from trustabm.inputs.structures import STRUCTURES
from trustabm.inputs.town import town, town_file
from trustabm.outcomes.findings import KEY_OUTCOMES
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.runs.arms import CHANGE, Arm
from trustabm.runs.classes import check_workers
from trustabm.runs.conditions import Conditions
from trustabm.runs.experiment import REPLICATES_MAX, Experiment
from trustabm.runs.lots import FEW
from trustabm.runs.own import Own, of_study
from trustabm.runs.region import parts
from trustabm.state.layout import WEEKS_MAX
from trustabm.study.designs import (
    FIGURES,
    POINTS_MAX,
    STRUCTURE,
    VARIABLE,
    Design,
    Factorial,
    Listed,
    Objective,
    Posterior,
    Sampled,
    Search,
    Until,
    Vary,
    bounds,
    check_value,
    choices,
    is_word,
)
from trustabm.study.series import Series
from trustabm.study.tables import with_tables
from trustabm.study.when import Name, When
from trustabm.week.world import check_weeks

__all__ = ["Study", "measured"]


class Study(Conditions):
    """A question that many runs answer.

    Args:
        schema_version: The version of this format.
        title: What is asked.
        sentence: What the answer shows.
        towns: Shipped towns' names or paths of TOML files.
        arms: Arms by name, the first of them the reference: tables of `policy` and `levers`, or of
            a `change` and the day `from` which it holds, laid on the rules in force in each town;
            or a list of policies and such tables; or a CSV file with a row an arm or a dated
            change of one. Where the study says no `start`, arms part on the first day of a change.
        vary: The varied parameters, levers and figures of the towns by name, and `structure`, each
            with its space.
        design: Which points of that space are run.
        replicates: Towns simulated at each point, the same luck for all points and arms.
        doubt: Whether figures of the towns and how their rules are read differ between replicates,
            drawn as a comparison draws them; intervals then hold what is unsure of them.
        until: Until which interval is narrow replicates are added, `replicates` being the most.
        when: Conditions on the weeks of a run, by name: every run notes after how many weeks each
            first holds, and ends with the week in which one does that stops.
        burn_in: Weeks before, under what the reference has in force then, by date.
        outcomes: The outcomes kept.
        weekly: Whether all weeks of every run are kept, of all outcomes.
        series: Which outcomes' weeks are kept instead, and how many weeks together.
        folder: The folder from which the paths of towns start; that of the file if not given.
        own: Towns and timelines that were given whole, by the names that stand for them here.

    What all arms share is said as in `Conditions`.
    """

    schema_version: Literal[1] = 1
    title: Title
    sentence: Prose = ""
    towns: tuple[str, ...] = Field(default=("us-average",), min_length=1)
    arms: dict[Title, Arm] = Field(min_length=1)
    vary: dict[str, Vary] = Field(default_factory=dict)
    design: Design = Field(default_factory=Factorial)
    replicates: int = Field(default=30, ge=1, le=REPLICATES_MAX)
    doubt: bool = False
    until: Until | None = None
    when: dict[Name, When] = Field(default_factory=dict)
    burn_in: int = Field(default=104, ge=0, le=WEEKS_MAX)
    outcomes: tuple[str, ...] = Field(default=KEY_OUTCOMES, min_length=1)
    weekly: bool = False
    series: Series | None = None
    folder: str | None = None
    own: Own = Field(default_factory=Own)

    @model_validator(mode="before")
    @classmethod
    def _keeps_folder(cls, values: Any, info: ValidationInfo) -> Any:
        """Return the values with the folder of their file, if a path of a town hangs on it.

        Results are kept under the towns as they are written here, on whatever machine.
        """
        folder = (info.context or {}).get("folder")
        if folder is None or not isinstance(values, dict):
            return values
        towns = values.get("towns")
        towns = towns if isinstance(towns, (list, tuple)) else ()
        if any(isinstance(t, str) and is_file(t) and not Path(t).is_absolute() for t in towns):
            own = values.get("folder", ".")
            if isinstance(own, str):
                return values | {"folder": str(Path(folder, own))}
        return values

    @field_validator("arms", mode="before")
    @classmethod
    def _arms_by_name(cls, arms: Any) -> Any:
        if isinstance(arms, (list, tuple)):
            names = names_apart([_word(a) for a in arms])
            for name, count in Counter(names).items():
                if count > 1:
                    raise ValueError(f"expected each once, got {shown(name)} twice")
            named = zip(names, arms, strict=True)
            return {n: a if isinstance(a, dict) else {"policy": a} for n, a in named}
        return arms

    @model_validator(mode="before")
    @classmethod
    def _parts_with_its_first_change(cls, values: Any) -> Any:
        """Return the values with a start, where a change says the day and nothing else does."""
        if not isinstance(values, dict) or "start" in values:
            return values
        arms = values.get("arms")
        every = arms.values() if isinstance(arms, dict) else arms
        tables = [a for a in every if isinstance(a, dict)] if isinstance(every, Iterable) else []
        days = [day_of(a["from"], "from") for a in tables if "from" in a]
        return values | {"start": min(days)} if days else values

    @model_validator(mode="before")
    @classmethod
    def _reads_tables(cls, values: Any, info: ValidationInfo) -> Any:
        # Of validators before the fields, pydantic takes the last first.
        folder = (info.context or {}).get("folder")
        return with_tables(of_study(values, folder), folder)

    @model_validator(mode="after")
    def _changes_follow(self) -> Self:
        for name, arm in self.arms.items():
            for laid in arm.laid:
                if laid.since < self.start:
                    raise ValueError(
                        f"arms.{name}.from: expected the start, {self.start}, or a later day, got "
                        f"{laid.since}"
                    )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for outcome in self.outcomes:
            if outcome not in GLOSSARY:
                raise ValueError(f"outcomes: no {shown(outcome)}; {nearest(outcome, GLOSSARY)}")
        check_weeks(self.burn_in + self.weeks, "burn_in and weeks together")
        check_workers(self.classes, "classes")
        if self.weekly and self.series is not None:
            raise ValueError("series: expected none beside weekly = true, which keeps all weeks")
        kept = self.series.outcomes if self.series is not None else ()
        for outcome in kept:
            if outcome not in self.outcomes:
                hint = nearest(outcome, self.outcomes)
                raise ValueError(
                    f"series.outcomes: expected some of the study's, got {shown(outcome)}; {hint}"
                )
        lists = {"towns": self.towns, "outcomes": self.outcomes, "series.outcomes": kept}
        for where, names in lists.items():
            for name, count in Counter(names).items():
                if count > 1:
                    raise ValueError(f"{where}: expected each once, got {shown(name)} twice")
        if self.until is not None and len(self.arms) < 2:
            raise ValueError("until: expected 2 arms or more, got none to compare with another")
        asked: dict[str, Until | When] = {f"when.{name}": w for name, w in self.when.items()}
        for where, of in (asked | ({} if self.until is None else {"until": self.until})).items():
            if of.outcome not in self.outcomes:
                hint = nearest(of.outcome, self.outcomes)
                raise ValueError(
                    f"{where}.outcome: expected one of the study's, got {shown(of.outcome)}; {hint}"
                )
        for name, condition in self.when.items():
            if condition.back + 1 > self.weeks:
                raise ValueError(
                    f"when.{name}: expected to hold within {self.weeks} weeks, the study's, got "
                    f"one that takes {condition.back + 1}"
                )
            if condition.stop and (self.until is not None or isinstance(self.design, Search)):
                raise ValueError(
                    f"when.{name}.stop: expected none beside `until` or a search, whose effects "
                    "are of runs of the same weeks"
                )
        if self.doubt and (self.replicates < FEW or isinstance(self.design, Search)):
            raise ValueError(
                f"doubt: expected {FEW} replicates or more, and no search, whose replicates grow"
            )
        for name, space in self.vary.items():
            if self.doubt and name in FIGURES:
                raise ValueError(f"vary.{name}: expected no figure beside doubt, which draws them")
            if name not in VARIABLE:
                hint = nearest(name, VARIABLE)
                raise ValueError(f"vary: {shown(name)}: no such parameter or lever; {hint}")
            self._check_space(name, space)
        self._check_structures()
        if isinstance(self.design, Listed):
            for k, point in enumerate(self.design.points):
                if set(point) != set(self.vary):
                    raise ValueError(
                        f"design.points.{k}: expected a value for each of {sorted(self.vary)} "
                        f"(what [vary] names), got {shown(sorted(point))}"
                    )
                for name, value in point.items():
                    check_value(f"design.points.{k}.{name}", name, value)
        elif isinstance(self.design, Factorial | Posterior):
            many = math.prod(len(choices(n, s)) or s.steps or 1 for n, s in self.vary.items())
            if many > POINTS_MAX:
                raise ValueError(f"vary: expected at most {POINTS_MAX:,} points, got {many:,}")
        elif isinstance(self.design, Sampled) and not self.vary:
            raise ValueError("vary: expected something to sample, got nothing")
        elif isinstance(self.design, Search):
            self._check_search(self.design)
        return self

    def _check_search(self, design: Search) -> None:
        if not self.vary or not self.vary.keys() <= EVERY.keys():
            others = [name for name in self.vary if name not in EVERY]
            raise ValueError(f"vary: expected levers to be searched, got {others or 'nothing'}")
        for k, objective in enumerate(design.objectives):
            if objective.outcome not in self.outcomes:
                hint = nearest(objective.outcome, self.outcomes)
                raise ValueError(
                    f"design.objectives.{k}.outcome: expected one of the study's, got "
                    f"{shown(objective.outcome)}; {hint}"
                )
        if design.arm is not None and design.arm not in self.arms:
            raise ValueError(
                f"design.arm: no {shown(design.arm)}; {nearest(design.arm, self.arms)}"
            )
        if len(self.arms) < 2 or design.arm == self.reference:
            raise ValueError(
                "design.arm: expected an arm beside the reference, whose levers are set"
            )
        if len(self.towns) > 1 or self.until is not None or self.replicates < 2:
            raise ValueError(
                "design: expected of a search one town, 2 replicates or more, and no `until`"
            )

    def _check_structures(self) -> None:
        """Raise where a point of a structure would have what makes the structure otherwise."""
        varied = self.vary.get(STRUCTURE.name)
        if varied is None:
            return
        names = choices(STRUCTURE.name, varied)
        held = {n: s for s in STRUCTURES.values() if s.name in names for n in s.fixed}
        given = (f"parameters.{n}" for n in sorted(self.parameters.model_fields_set))
        for where in (*(f"vary.{n}" for n in self.vary), *given):
            name = where.partition(".")[2]
            if name in held:
                raise ValueError(
                    f"{where}: expected nothing that a structure is made of, got what "
                    f"{shown(held[name].name)} holds at {held[name].fixed[name]}"
                )

    def _check_space(self, name: str, space: Vary) -> None:
        declared, where = VARIABLE[name], f"vary.{name}"
        for value in space.values:
            check_value(f"{where}.values", name, value)
        if len(set(space.values)) < len(space.values):
            raise ValueError(f"{where}.values: expected each once, got {shown(space.values)}")
        low, high = bounds(name, space)
        if space.arms is not None and name not in EVERY:
            raise ValueError(
                f"{where}.arms: expected none for a parameter, got {shown(space.arms)}"
            )
        for arm in space.arms or ():
            if arm not in self.arms:
                raise ValueError(f"{where}.arms: no {shown(arm)}; {nearest(arm, self.arms)}")
        rules = [r for a in space.arms or self.arms for r in (*self.rules, *self.arms[a].rules)]
        if name in OWN and name not in {lever.name for r in rules for lever in r.levers}:
            raise ValueError(f"{where}: expected a rule of one's own that reads it, got none")
        if space.values and (space.steps, space.low, space.high) != (None, None, None):
            raise ValueError(f"{where}: expected values or a range, got both")
        listed = bool(space.values or space.steps or is_word(name))
        if isinstance(self.design, Factorial | Posterior) and not listed:
            kind = self.design.kind
            raise ValueError(f"{where}: expected values or steps ({kind} design), got neither")
        if name in FIGURES and not (space.values or isinstance(self.design, Listed)):
            self._check_range(where, name, space)
        if is_word(name) and (space.low, space.high, space.steps) != (None, None, None):
            raise ValueError(f"{where}: expected values out of {declared.choices}, got a range")
        if not declared.low <= low < high <= declared.high:
            raise ValueError(
                f"{where}: expected low < high within {declared.low:g} to {declared.high:g}, "
                f"got {low:g} to {high:g}"
            )

    def _check_range(self, where: str, name: str, space: Vary) -> None:
        """Raise where no range is said of a figure, with what the study's towns have."""
        if space.low is not None and space.high is not None:
            return
        spans = [getattr(town(self.path(t)), name).span for t in self.towns]
        low, high = min(x for x, _ in spans), max(x for _, x in spans)
        raise ValueError(
            f"{where}: expected values, or low and high, got neither; in {', '.join(self.towns)} "
            f"it is thought to be from {low:g} to {high:g}"
        )

    @classmethod
    def of(
        cls,
        title: str,
        *,
        arms: Sequence[Any] | Mapping[str, Any],
        vary: Mapping[str, Any] | None = None,
        points: Any = None,
        **more: Any,
    ) -> Self:
        """Compose a study in Python; `sweep` carries it out.

        Args:
            title: What is asked.
            arms: Policies, the first the reference; or by name policies, `Policy` and `Timeline`
                objects and tables of what a study file says of an arm.
            vary: By name of a parameter or lever: a list of values, or a tuple of the two ends of
                a range, or a table of what a study file says of it.
            points: Points one by one: a frame with a column a name, or a list of dicts.
            more: What else a study file says, as `towns` (`Town` objects may stand among them),
                `replicates` (towns simulated), `weeks`, `residents` and `design`.

        Raises:
            InvalidInput: naming the key, what was expected and what came.

        Example:
            `Study.of("Training", arms=["none", "sanctuary"], vary={"news_weight": [2, 4]})`
        """
        spaces = {name: _space(space) for name, space in (vary or {}).items()}
        if isinstance(arms, Mapping):
            arms = {name: _stated(arm) for name, arm in arms.items()}
        if points is not None:
            if "design" in more:
                raise InvalidInput("design: expected none beside points, got both")
            rows = points.to_dict("records") if hasattr(points, "to_dict") else list(points)
            spaces = {str(name): spaces.get(name, {}) for name in (rows[0] if rows else ())}
            more["design"] = {"kind": "list", "points": rows}
        return cls.make({"title": title, "arms": arms, "vary": spaces, **more})

    def path(self, town: str) -> str:
        """Return the name or path under which a town of the study is found.

        Raises:
            InvalidInput: where the folder from which its path starts is not there any more.
        """
        if town in self.own.towns:
            return town
        if len(of := parts(town)) > 1:
            return "+".join(map(self.path, of))
        if not is_file(town):
            return town_file(town)
        if self.folder is not None and not Path(self.folder).is_dir():
            raise InvalidInput(
                f"folder: expected the folder from which the paths of towns start, got "
                f"{self.folder}, which is not there; say where it is now"
            )
        return seen_from(self.folder, town)

    def experiment(self, town: str) -> Experiment:
        """Return what is run in a town, before anything varies.

        Raises:
            InvalidInput: for a name that does not exist, or levers that contradict each other.
        """
        return Experiment.make(
            {
                **self.conditions,
                "town": self.path(town),
                "arms": {n: {**dict(arm), "title": n} for n, arm in self.arms.items()},
                "burn_in": self.burn_in,
                "replicates": self.replicates,
                "draws": 0,
                "own": {
                    "towns": {n: t for n, t in self.own.towns.items() if n == town},
                    "policies": self.own.policies,
                },
            },
            "study",
        )

    def settled(self) -> Study:
        """Return the study with paths that mean the same files wherever its own file lies."""
        design, arms = self.design, dict(self.arms)
        if isinstance(design, Posterior) and design.draws is not None:
            design = design.model_copy(update={"draws": str(Path(design.draws).absolute())})
        for name, arm in arms.items():
            laid = tuple(x.model_copy(update={"policy": _absolute(x.policy)}) for x in arm.laid)
            arms[name] = arm.model_copy(update={"policy": _absolute(arm.policy), "laid": laid})
        hangs = any(is_file(t) and not Path(t).is_absolute() for t in self.towns)
        folder = str(Path(self.folder or ".").absolute()) if hangs else None
        return self.model_copy(update={"design": design, "arms": arms, "folder": folder})

    @property
    def kept(self) -> Series | None:
        """What is kept of the weeks of every run; None for nothing."""
        if self.series is None:
            return Series(outcomes=self.outcomes) if self.weekly else None
        return self.series.model_copy(update={"outcomes": self.series.outcomes or self.outcomes})

    @property
    def stops(self) -> bool:
        """Whether a run may end before its last week."""
        return any(w.stop for w in self.when.values())

    @property
    def names(self) -> tuple[str, ...]:
        """What is varied, in order; of posterior draws only their file says it."""
        return tuple(self.vary)

    @property
    def reference(self) -> str:
        """The arm with which the others are compared."""
        return next(iter(self.arms))

    @classmethod
    def words(cls) -> list[str]:
        """Return every key that may stand in one, of arms and of what varies among them."""
        parts = (cls, Arm, Vary, Until, When, Series, Search, Objective, Parameters)
        return [*(name for part in parts for name in part.model_fields), *CHANGE]


def _space(space: Any) -> Any:
    """Return what a file says of what varies: values of a list, a range of two numbers."""
    if isinstance(space, tuple) and len(space) == 2:
        return dict(zip(("low", "high"), space, strict=True))
    return {"values": list(space)} if isinstance(space, list | range) else space


def _stated(arm: Any) -> Any:
    """Return what a file says of an arm that is a policy."""
    if isinstance(arm, Policy):
        return {"levers": {n: value for n, (_, value) in Policy().differences(arm).items()}}
    return {"policy": arm} if isinstance(arm, str) else arm


def _word(arm: Any) -> str:
    """Return what an arm of a list is called: its policy, or the change that it is."""
    if isinstance(arm, dict) and isinstance(arm.get("change", arm.get("policy")), str):
        return str(arm.get("change", arm.get("policy")))
    return arm if isinstance(arm, str) else shown(arm)


def _absolute(name: str) -> str:
    return str(Path(name).absolute()) if is_file(name) else name


def measured(outcomes: Sequence[str], groups: Groups) -> list[tuple[str, str]]:
    """Return the outcomes, each with every group for which it is given."""
    return [
        (outcome, group)
        for outcome in outcomes
        for group in (groups.every if GLOSSARY[outcome].by_group else ("all",))
    ]
