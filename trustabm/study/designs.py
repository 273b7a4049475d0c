"""What a study may vary, and how the points of its space are chosen."""

from __future__ import annotations

import math
from collections import ChainMap
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BeforeValidator, Field

from trustabm.errors import InvalidInput, shown
from trustabm.inputs.catalog import Beside, Strict
from trustabm.inputs.declare import Declared, declarations
from trustabm.inputs.draws import in_use
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import EVERY
from trustabm.inputs.structures import STRUCTURES
from trustabm.inputs.town import Town

__all__ = [
    "FIGURES",
    "POINTS_MAX",
    "STRUCTURE",
    "VARIABLE",
    "Design",
    "Factorial",
    "Listed",
    "Points",
    "Posterior",
    "Sampled",
    "Search",
    "Until",
    "Value",
    "Vary",
    "bounds",
    "called",
    "check_value",
    "choices",
    "is_word",
]

Floats = npt.NDArray[np.float64]

POINTS_MAX = 1_000_000


def _value(value: Any) -> Any:
    """Return a number, a word, or a yes or no; nothing else is varied."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise ValueError(f"expected a number, a word, or true or false, got {shown(value)}")


Value = Annotated[float | bool | str, BeforeValidator(_value)]

FIGURES: dict[str, Declared] = {d.name: d for d in declarations(Town)}
"""The figures of a town."""

STRUCTURE = Declared(
    name="structure",
    kind="mechanism",
    unit="by name",
    low=0.0,
    high=1.0,
    default="full",
    sentence="Which whole alternative of the model is lived by, with parameters fitted to it.",
    source="`trustabm/inputs/structures.py` says whose each is.",
    title="structure of the model",
    choices=tuple(STRUCTURES),
)
"""The structure of the model, which brings its own parameters."""

VARIABLE: ChainMap[str, Declared] = ChainMap(
    *EVERY.maps,
    {d.name: d for d in declarations(Parameters)},
    FIGURES,
    {STRUCTURE.name: STRUCTURE},
)
"""Everything that a study may vary, levers of a user's own too."""


def called(name: str) -> str:
    """Return what is varied in words; a town, an arm or a point by its plain name."""
    return VARIABLE[name].title if name in VARIABLE else name.replace("_", " ")


class Vary(Strict):
    """The space of one varied name; its declared bounds where nothing is said.

    It is a parameter, a lever, a figure of the study's towns, of which the range is said, or
    `structure`: then each point lives by that structure's typical draw, or by its own draws.

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
    steps: int | None = Field(default=None, ge=2, le=POINTS_MAX)
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
    points: int = Field(ge=1, le=POINTS_MAX)
    seed: int = Field(default=0, ge=0, lt=2**63)


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
        draws: A Parquet file with a column a parameter and a row a draw, or what `trustabm
            calibrate MINE.toml` wrote; the posterior in use if not given, or the draws that ship
            with the package.
        points: How many, from the first on; all if not given. Where `structure` varies, of each.
        mixture: Whether structures share the points by their weights, as draws of a comparison do:
            all of them, or those that `structure` varies over.
    """

    kind: Literal["posterior"]
    draws: Beside | None = Field(default_factory=in_use)
    points: int | None = Field(default=None, ge=1)
    mixture: bool = False


class Points(Strict):
    """Points one by one, of a table; they are read with the study, and are then of kind `list`.

    Args:
        file: A CSV file with a column a parameter or lever and a row a point. `[vary]` need not
            name them; it may say in which arms a lever varies.
    """

    kind: Literal["points"]
    file: Beside


class Objective(Strict):
    """What a search makes high or low: the difference of an outcome from the reference.

    Args:
        outcome: One of the study's.
        group: Of which group.
        better: Whether high or low is better.
    """

    outcome: str
    group: str = "all"
    better: Literal["high", "low"]


class Search(Strict):
    """Settings of levers that no other beats in all objectives, sought by `trustabm study search`.

    Args:
        objectives: Of which less of one may be more of another.
        arm: Whose levers are set; the last if not given.
        population: Settings proposed at a time.
        generations: How often.
        seed: Of the proposals.
        draws: Posterior draws under which every setting is lived through, from the first on; none
            for default parameters.
    """

    kind: Literal["search"]
    objectives: tuple[Objective, ...] = Field(min_length=2, max_length=4)
    arm: str | None = None
    population: int = Field(default=24, ge=4, le=1000)
    generations: int = Field(default=10, ge=1, le=1000)
    seed: int = Field(default=0, ge=0, lt=2**32)
    draws: int = Field(default=0, ge=0, le=1000)


Design = Annotated[
    Factorial | Sampled | Listed | Points | Posterior | Search, Field(discriminator="kind")
]


class Until(Strict):
    """Replicates until an interval is narrow: in lots, and at most the study's `replicates`.

    After every lot, the interval of the difference between each arm and the reference is looked
    at; where all of them are narrow, the point is run no further. What was counted decides, and
    neither the order of runs nor who carried them out.

    Args:
        outcome: Whose interval; one of the study's.
        group: Of which group.
        width: From its lower to its upper end, in the outcome's unit.
        lot: Replicates after which it is looked at. An interval of few is often narrow by luck.
        each: Whether every point stops by itself, or all go on until the last of them stops.
    """

    outcome: str
    group: str = "all"
    width: float = Field(gt=0)
    lot: int = Field(default=20, ge=5)
    each: bool = True

    def ends(self, most: int) -> list[int]:
        """Return after how many replicates the interval is looked at.

        Args:
            most: The study's replicates.
        """
        return [*range(self.lot, most, self.lot), most]

    def narrow(self, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
        """Return which intervals are narrow enough; one that is none is not.

        Args:
            low: Lower ends, in the outcome's unit.
            high: Upper ends, of the same shape.
        """
        enough: npt.NDArray[np.bool_] = np.asarray(high) - np.asarray(low) <= self.width
        return enough


def check_value(where: str, name: str, value: object) -> None:
    """Raise unless a varied parameter or lever can take this value.

    Args:
        where: What messages name.
        name: The parameter or lever.
        value: The value.

    Raises:
        InvalidInput: naming what was expected and what came.
    """
    d = VARIABLE[name]
    if isinstance(d.default, bool):
        good, expected = isinstance(value, bool), "true or false"
    elif isinstance(d.default, str):
        good, expected = value in d.choices, "one of " + ", ".join(map(repr, d.choices))
    else:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        good = number and d.low <= value <= d.high  # type: ignore[operator]
        expected = f"a number from {d.low:g} to {d.high:g}"
    if not good:
        raise InvalidInput(f"{where}: expected {expected}, got {shown(value)}")


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
