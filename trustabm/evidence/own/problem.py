"""What a calibration of one's own is: targets, a town, parameters and priors, in one file."""

from __future__ import annotations

import datetime as dt
import math
from functools import cached_property
from statistics import NormalDist
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs import catalog
from trustabm.inputs.declare import Declared, declarations
from trustabm.inputs.draws import OwnPosterior, in_use
from trustabm.inputs.groups import CURRENT
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Levers
from trustabm.inputs.rule import Rules
from trustabm.inputs.structures import STRUCTURES
from trustabm.inputs.town import TownName
from trustabm.outcomes.glossary import AMOUNTS, GLOSSARY, OUTCOMES
from trustabm.runs.arms import Arm
from trustabm.runs.conditions import RESIDENTS_MAX, Start
from trustabm.runs.experiment import Experiment
from trustabm.state.layout import WEEKS_MAX

__all__ = ["NUMBERS", "Asked", "OwnTarget", "Prior", "Problem"]

NUMBERS: dict[str, Declared] = {
    d.name: d for d in declarations(Parameters) if isinstance(d.default, float)
}
"""Parameters that a calibration can vary."""

Measure = Literal["level", "difference", "percent", "count"]


def _arm(value: Any) -> Any:
    return {"policy": value} if isinstance(catalog.plain(value), str) else value


InForce = Annotated[Arm, BeforeValidator(_arm)]
"""A policy or timeline, a TOML file of either, or a table as of an arm: a change and its date."""


class Prior(catalog.Strict):
    """What is held of a parameter before: anywhere within bounds, or near a value.

    Args:
        low: The least it may be; its declared bound if not given.
        high: The most.
        mean: Where a normal prior has its middle, cut off at the bounds; none: a uniform one.
        sd: Its standard deviation.
    """

    low: float | None = None
    high: float | None = None
    mean: float | None = None
    sd: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.mean is None) != (self.sd is None):
            raise ValueError("expected mean and sd together, or neither")
        return self


class OwnTarget(catalog.Strict):
    """One number that the model is to come near, and how sure it is.

    Args:
        title: What it is called.
        outcome: An outcome of the glossary.
        group: Whose; everyone's if not given.
        measure: Whether the value is a level, a difference of two policies in the outcome's unit or
            in percent of the second's level, or a count of events in the whole town.
        policy: What was in force; the rules in force in the town by date if not given.
        against: What it is compared with, of a difference.
        start: The first day of what was counted; arms part then.
        weeks: How many weeks were counted.
        value: The number.
        se: Its standard error: of the sample, and of one town's luck in these weeks.
        interval: Its interval, in place of the standard error; the two sides may differ.
        coverage: How often such intervals hold the truth.
        off: How far the model may be off on top, in the target's unit, one standard deviation.
        town: Where, if not in the file's town.
    """

    title: catalog.Title
    outcome: str
    group: str = "all"
    measure: Measure = "level"
    policy: InForce = Field(default_factory=lambda: Arm(policy="today"))
    against: InForce | None = None
    start: Start | None = None
    weeks: int | None = Field(default=None, ge=1, le=WEEKS_MAX)
    value: float
    se: float | None = Field(default=None, gt=0)
    interval: tuple[float, float] | None = None
    coverage: float = Field(default=0.95, gt=0.0, lt=1.0)
    off: float = Field(default=0.0, ge=0.0)
    town: TownName | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.outcome not in GLOSSARY:
            raise ValueError(
                f"outcome: no {shown(self.outcome)}; {nearest(self.outcome, GLOSSARY)}"
            )
        if (self.se is None) == (self.interval is None):
            raise ValueError("expected a standard error (se) or an interval, one of them")
        if self.interval is not None and not self.interval[0] < self.value < self.interval[1]:
            raise ValueError(f"interval: expected ends around {self.value:g}, got {self.interval}")
        compared = self.measure in ("difference", "percent")
        if compared != (self.against is not None):
            wanted = "the policy it is compared with" if compared else "none of a level or count"
            raise ValueError(f"against: expected {wanted}")
        if self.measure == "count" and not _counts(self.outcome):
            raise ValueError(f"measure: {self.outcome} counts no events")
        return self

    @property
    def sides(self) -> tuple[float, float]:
        """Standard deviations below and above the value, without what the model may be off."""
        if self.interval is None:
            assert self.se is not None
            return self.se, self.se
        z = NormalDist().inv_cdf(0.5 + self.coverage / 2)
        return (self.value - self.interval[0]) / z, (self.interval[1] - self.value) / z


def _counts(outcome: str) -> bool:
    return outcome in OUTCOMES and not set(OUTCOMES[outcome].over) & AMOUNTS


class Problem(catalog.File):
    """A file of a calibration.

    Args:
        title: What it is called; results that use it say so.
        targets: What is fitted.
        town: A shipped town's name or the path of a TOML file.
        start: The first day of what was counted, where a target does not say.
        weeks: How many weeks were counted, where a target does not say.
        burn_in: Weeks lived before.
        residents: Residents simulated in each town.
        replicates: Towns simulated at each point; the same luck at all points.
        points: At how many points the model is run first.
        knowledge: What is held of parameters before the targets: "studies", the posterior that
            ships (or `posterior`), and with it the published studies; or "priors", the priors of
            `parameters` alone, with all others at their defaults.
        posterior: A posterior of one's own in place of the one that ships.
        structures: The structures that are weighed; all of the posterior's, or the full one alone
            where priors are all that is held.
        parameters: Parameters that are varied beside those of the posterior; with "priors" the
            only ones.
        priors: Of parameters, by name; uniform over declared bounds if not given. Of a parameter
            that the posterior holds, it takes the place of the uniform prior that one began with.
        levers: Lever values laid over every arm.
        rules: Rules of one's own by which all is run, paths of Python files in a file.
        local_policies: Whether the town's own dated policies are merged into every arm.
        seed: Of the luck that all runs share, and of what is drawn.
    """

    schema_version: Literal[1] = 1
    title: catalog.Title
    targets: tuple[OwnTarget, ...] = Field(min_length=1)
    town: TownName = "us-average"
    start: Start = dt.date(2019, 1, 1)
    weeks: int = Field(default=52, ge=1, le=WEEKS_MAX)
    burn_in: int = Field(default=52, ge=0, le=WEEKS_MAX)
    residents: int = Field(default=3000, ge=20, le=RESIDENTS_MAX)
    replicates: int = Field(default=4, ge=2, le=10_000)
    points: int = Field(default=64, ge=8, le=100_000)
    knowledge: Literal["studies", "priors"] = "studies"
    posterior: OwnPosterior | None = Field(default_factory=in_use)
    structures: tuple[str, ...] | None = None
    parameters: tuple[str, ...] = ()
    priors: dict[str, Prior] = Field(default_factory=dict)
    levers: Levers = Field(default_factory=dict)
    rules: Rules = ()
    local_policies: bool = False
    seed: int = Field(default=1, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for where, names in (("parameters", self.parameters), ("priors", self.priors)):
            for name in names:
                if name not in NUMBERS:
                    raise ValueError(
                        f"{where}: no parameter {shown(name)} that is a number; "
                        f"{nearest(name, NUMBERS)}"
                    )
        for name in self.structures or ():
            if name not in STRUCTURES:
                raise ValueError(f"structures: no {shown(name)}; {nearest(name, STRUCTURES)}")
        for name, prior in self.priors.items():
            low, high = self.bounds(name)
            declared = NUMBERS[name]
            if not declared.low <= low < high <= declared.high:
                raise ValueError(
                    f"priors.{name}: expected low < high within {declared.low:g} to "
                    f"{declared.high:g}, got {low:g} to {high:g}"
                )
            if prior.mean is not None and not low <= prior.mean <= high:
                raise ValueError(f"priors.{name}.mean: expected {low:g} to {high:g}")
        if self.knowledge == "priors" and not (self.parameters or self.priors):
            raise ValueError('parameters: expected at least one where knowledge = "priors"')
        titles = [t.title for t in self.targets]
        for title in titles:
            if titles.count(title) > 1:
                raise ValueError(f"targets: expected a title once, got {shown(title)} twice")
        _ = self.experiments  # every name is read, and every policy
        return self

    def bounds(self, name: str) -> tuple[float, float]:
        """Return between which values a parameter lies."""
        prior, declared = self.priors.get(name, Prior()), NUMBERS[name]
        low = declared.low if prior.low is None else prior.low
        return low, declared.high if prior.high is None else prior.high

    @cached_property
    def experiments(self) -> tuple[Asked, ...]:
        """What is run at a point: targets of one place, time and reference share an experiment."""
        shared: dict[Any, tuple[dict[str, Arm], list[tuple[int, str, str]]]] = {}
        for k, target in enumerate(self.targets):
            policy, other = target.policy, target.against or target.policy
            start = self.start if target.start is None else target.start
            weeks = self.weeks if target.weeks is None else target.weeks
            of, first = policy.model_dump_json(), other.model_dump_json()
            arms, asked = shared.setdefault(
                (target.town or self.town, start, weeks, first), ({first: other}, [])
            )
            arms[of] = policy
            asked.append((k, of, first))
        return tuple(
            self._asked(place, start, weeks, arms, asked)
            for (place, start, weeks, _), (arms, asked) in shared.items()
        )

    def _asked(
        self,
        place: str,
        start: dt.date,
        weeks: int,
        arms: dict[str, Arm],
        asked: list[tuple[int, str, str]],
    ) -> Asked:
        order = list(arms)
        numbers = [k for k, _, _ in asked]
        values = {
            "town": place,
            "arms": {
                f"arm {n}": {**dict(a), "title": f"arm {n}"} for n, a in enumerate(arms.values())
            },
            "start": start,
            "weeks": weeks,
            "burn_in": self.burn_in,
            "residents": self.residents,
            "replicates": self.replicates,
            "seed": self.seed,
            "draws": 0,
            "levers": self.levers,
            "rules": self.rules,
            "local_policies": self.local_policies,
        }
        experiment = Experiment.make(values, f"targets: {self.targets[numbers[0]].title}")
        targets = tuple(self.targets[k] for k in numbers)
        for target in targets:
            _known_group(target, experiment)
        pairs = tuple((order.index(of), order.index(first)) for _, of, first in asked)
        return Asked(experiment, tuple(numbers), targets, pairs)


class Asked(NamedTuple):
    """What an experiment answers.

    Args:
        experiment: What is run.
        numbers: Which targets of the file.
        targets: The targets.
        arms: Of each target, the number of its arm and of the one it is compared with.
    """

    experiment: Experiment
    numbers: tuple[int, ...]
    targets: tuple[OwnTarget, ...]
    arms: tuple[tuple[int, int], ...]


def _known_group(target: OwnTarget, experiment: Experiment) -> None:
    """Refuse a group that the town does not have, or that the outcome is not given for."""
    groups = experiment.groups
    known = [*groups.names, *groups.aggregates]
    known += [CURRENT + name for name in known]
    if not GLOSSARY[target.outcome].by_group:
        known = ["all"]
    if target.group not in known:
        hint = nearest(target.group, known)
        raise InvalidInput(f"targets: {target.title}: group: no {shown(target.group)}; {hint}")
    if not math.isfinite(target.value):
        raise InvalidInput(f"targets: {target.title}: value: expected a number")
