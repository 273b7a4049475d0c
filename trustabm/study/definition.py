"""The study file: which towns, arms, points and replicates, and what is kept of each run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from trustabm.catalog import File, Strict
from trustabm.declare import Declared, declarations
from trustabm.errors import nearest
from trustabm.findings import KEY
from trustabm.measures import ALL_GROUPS
from trustabm.outcomes import GLOSSARY
from trustabm.parameters import Parameters
from trustabm.policy import Policy
from trustabm.scenario import RESIDENTS_MAX
from trustabm.state.layout import WEEKS_MAX
from trustabm.world import check_weeks

__all__ = [
    "LEVERS",
    "VARIABLE",
    "Arm",
    "Listed",
    "Posterior",
    "Sampled",
    "Study",
    "Vary",
    "measured",
]

Value = float | bool | str

LEVERS: dict[str, Declared] = {d.name: d for d in declarations(Policy)}
"""What an arm sets."""

VARIABLE: dict[str, Declared] = LEVERS | {d.name: d for d in declarations(Parameters)}
"""Everything that a study may vary."""


class Arm(Strict):
    """One arm: what is in force after the burn-in.

    Args:
        policy: A policy, a timeline, or the path of a TOML file of either.
        levers: Lever values laid over it.
    """

    policy: str = "none"
    levers: dict[str, Any] = Field(default_factory=dict)


class Vary(Strict):
    """The space of one varied parameter or lever; its declared bounds where nothing is said.

    Args:
        low: The lower end.
        high: The upper end.
        values: The only values it takes, instead of a range.
        steps: How many values a factorial design takes from low to high.
        arms: The arms whose lever is varied; all if not given.
    """

    low: float | None = None
    high: float | None = None
    values: tuple[Value, ...] = ()
    steps: int | None = Field(default=None, ge=2)
    arms: tuple[str, ...] | None = None


class Factorial(Strict):
    """Every combination of the values of everything that varies; one point if nothing does."""

    kind: Literal["factorial"] = "factorial"


class Sampled(Strict):
    """Points that fill the space: a scrambled Sobol sequence, or a Latin hypercube.

    Args:
        kind: Which. A Sobol sequence that is enlarged goes on where it stopped; a Latin hypercube
            is given another hypercube.
        points: How many; of a Sobol sequence best a power of two.
        seed: The seed of the scrambling.
    """

    kind: Literal["sobol", "latin-hypercube"]
    points: int = Field(ge=1)
    seed: int = Field(default=0, ge=0)


class Listed(Strict):
    """Points one by one.

    Args:
        points: A value for each varied name, by name, in every point.
    """

    kind: Literal["list"]
    points: tuple[dict[str, Value], ...] = Field(min_length=1)


class Posterior(Strict):
    """Draws from a posterior: parameters that fit the evidence, with all that is unsure of them.

    Args:
        draws: A Parquet file with a column a parameter and a row a draw; the draws that ship with
            the package if not given.
        points: How many, from the first on; all if not given.
    """

    kind: Literal["posterior"]
    draws: str | None = None
    points: int | None = Field(default=None, ge=1)


Design = Annotated[Factorial | Sampled | Listed | Posterior, Field(discriminator="kind")]


class Study(File):
    """A question that many runs answer.

    Args:
        schema_version: The version of this format.
        title: What is asked.
        sentence: What the answer shows.
        towns: Shipped towns' names or paths of TOML files.
        arms: Arms by name, the first of them the reference: tables of `policy` and `levers`, or a
            list of policies.
        levers: Lever values laid over every arm.
        parameters: Parameters that depart from their defaults in every run.
        local_policies: Whether a town's own dated policies are merged into every arm.
        vary: The varied parameters and levers by name, each with its space.
        design: Which points of that space are run.
        replicates: Towns simulated at each point, the same luck for all points and arms.
        start: The date on which the arms part.
        weeks: Weeks after that, all of them measured.
        burn_in: Weeks before, under what the reference has in force at `start`.
        residents: Residents simulated in each town.
        seed: The root seed; each replicate's is made of it and its number.
        outcomes: The outcomes kept.
        weekly: Whether the weeks of every run are kept.
    """

    schema_version: Literal[1] = 1
    title: str
    sentence: str = ""
    towns: tuple[str, ...] = Field(default=("us-average",), min_length=1)
    arms: dict[str, Arm] = Field(min_length=1)
    levers: dict[str, Any] = Field(default_factory=dict)
    parameters: Parameters = Field(default_factory=Parameters)
    local_policies: bool = False
    vary: dict[str, Vary] = Field(default_factory=dict)
    design: Design = Field(default_factory=Factorial)
    replicates: int = Field(default=30, ge=1)
    start: dt.date = dt.date(2010, 1, 1)
    weeks: int = Field(default=104, ge=1, le=WEEKS_MAX)
    burn_in: int = Field(default=104, ge=0, le=WEEKS_MAX)
    residents: int = Field(default=5000, ge=20, le=RESIDENTS_MAX)
    seed: int = Field(default=0, ge=0, lt=2**63)
    outcomes: tuple[str, ...] = Field(
        default=tuple(dict.fromkeys(outcome for outcome, _ in KEY)), min_length=1
    )
    weekly: bool = False

    @field_validator("arms", mode="before")
    @classmethod
    def _arms_by_name(cls, arms: Any) -> Any:
        if isinstance(arms, (list, tuple)):
            names = [Path(str(a)).stem if str(a).endswith(".toml") else str(a) for a in arms]
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"arms: expected each once, got {name!r} twice")
            return {n: {"policy": a} for n, a in zip(names, arms, strict=True)}
        return arms

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for outcome in self.outcomes:
            if outcome not in GLOSSARY:
                raise ValueError(f"outcomes: no {outcome!r}; {nearest(outcome, GLOSSARY)}")
        check_weeks(self.burn_in + self.weeks, "burn_in and weeks together")
        for where, names in (("towns", self.towns), ("outcomes", self.outcomes)):
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"{where}: expected each once, got {name!r} twice")
        for name, space in self.vary.items():
            if name not in VARIABLE:
                hint = nearest(name, VARIABLE)
                raise ValueError(f"vary.{name}: no such parameter or lever; {hint}")
            self._check_space(name, space)
        if isinstance(self.design, Listed):
            for k, point in enumerate(self.design.points):
                if set(point) != set(self.vary):
                    raise ValueError(
                        f"design.points.{k}: expected a value for each of {sorted(self.vary)} "
                        f"(what [vary] names), got {sorted(point)}"
                    )
        elif isinstance(self.design, Posterior) and self.vary:
            raise ValueError(
                "vary: expected none with posterior draws, which say themselves what varies, "
                f"got {list(self.vary)}"
            )
        elif isinstance(self.design, Sampled) and not self.vary:
            raise ValueError("vary: expected something to sample, got nothing")
        return self

    def _check_space(self, name: str, space: Vary) -> None:
        declared, where = VARIABLE[name], f"vary.{name}"
        low, high = bounds(name, space)
        if space.arms is not None and name not in LEVERS:
            raise ValueError(f"{where}.arms: expected none for a parameter, got {space.arms}")
        for arm in space.arms or ():
            if arm not in self.arms:
                raise ValueError(f"{where}.arms: no {arm!r}; {nearest(arm, self.arms)}")
        if space.values and (space.steps, space.low, space.high) != (None, None, None):
            raise ValueError(f"{where}: expected values or a range, got both")
        listed = bool(space.values or space.steps or is_word(name))
        if isinstance(self.design, Factorial) and not listed:
            raise ValueError(f"{where}: expected values or steps (factorial design), got neither")
        if is_word(name) and (space.low, space.high, space.steps) != (None, None, None):
            raise ValueError(f"{where}: expected values out of {declared.choices}, got a range")
        if not declared.low <= low < high <= declared.high:
            raise ValueError(
                f"{where}: expected low < high within {declared.low:g} to {declared.high:g}, "
                f"got {low:g} to {high:g}"
            )

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
        parts = (cls, Arm, Vary, Parameters)
        return [name for part in parts for name in part.model_fields]


def measured(outcomes: Sequence[str]) -> list[tuple[str, str]]:
    """Return the outcomes, each with every group for which it is given."""
    return [
        (outcome, group)
        for outcome in outcomes
        for group in (ALL_GROUPS if GLOSSARY[outcome].by_group else ("all",))
    ]


def is_word(name: str) -> bool:
    """Return whether a varied name takes words or yes and no, not numbers."""
    return isinstance(VARIABLE[name].default, (str, bool))


def bounds(name: str, space: Vary) -> tuple[float, float]:
    """Return the range of a varied number, its declared bounds where the file says nothing."""
    declared = VARIABLE[name]
    low = declared.low if space.low is None else space.low
    high = declared.high if space.high is None else space.high
    return low, high


def choices(name: str, space: Vary) -> tuple[Value, ...]:
    """Return the values of what takes only some, none for a range."""
    if space.values:
        return tuple(v if is_word(name) else float(v) for v in space.values)
    if is_word(name):
        return VARIABLE[name].choices or (True, False)
    return ()
