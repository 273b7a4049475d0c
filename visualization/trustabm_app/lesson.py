"""A lesson: a question, a prediction to commit to, a run, a reveal, and what to think about.

It is a TOML file (`docs/lessons.md` says what it holds), read strictly: what is misspelt or does
not exist is an error that names it. What came of a prediction is told in `reveal.py`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from trustabm.catalog import names, read_toml
from trustabm.errors import InvalidInput
from trustabm.measures import ALL_GROUPS
from trustabm.outcomes import GLOSSARY, GROUP_TITLES, OUTCOMES
from trustabm.parameters import Parameters
from trustabm_app.address import Setting, Turn

__all__ = ["Arm", "Lesson", "Measured", "Prediction", "Says", "lessons", "read_lesson"]

FOLDER = Path(__file__).parent / "lessons"
Says = Literal["higher", "lower", "same"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Arm(_Strict):
    """A policy under a name of the lesson's own, with levers laid over it."""

    title: str
    policy: str
    levers: dict[str, float | str] = {}

    @field_validator("policy")
    @classmethod
    def _exists(cls, value: str) -> str:
        known = (*names("policies"), *names("timelines"))
        if value not in known:
            raise ValueError(f"expected one of {list(known)}, got {value!r}")
        return value


class Measured(_Strict):
    """An outcome in a group."""

    outcome: str
    group: str = "all"

    @model_validator(mode="after")
    def _exists(self) -> Self:
        if self.outcome not in GLOSSARY:
            raise ValueError(f"no outcome {self.outcome!r}; see docs/outcomes.md")
        if self.group not in ALL_GROUPS:
            raise ValueError(f"group: expected one of {list(ALL_GROUPS)}, got {self.group!r}")
        if self.group != "all" and self.outcome not in OUTCOMES:
            raise ValueError(f"{self.outcome}: expected group 'all', got {self.group!r}")
        return self

    @property
    def title(self) -> str:
        """Return what it is called."""
        title = GLOSSARY[self.outcome].title
        return title if self.group == "all" else f"{title} ({GROUP_TITLES[self.group]})"


class Prediction(_Strict):
    """What a student may commit to: that the deciding outcome is higher, lower, or the same."""

    text: str
    says: Says


class Lesson(_Strict):
    """One lesson.

    Args:
        title: Its name.
        question: What is asked.
        background: What a student needs to know before.
        a: The reference.
        b: What is compared with it.
        predictions: What a student may choose.
        decides: The outcome in a group that decides.
        margin: Percent of the reference's level; a change that is surely smaller counts as none.
        also: Outcomes that are shown with it.
        think: What to think about after.
        town: A shipped town.
        weeks: Weeks after the arms part.
        burn_in: Weeks before, in common.
        residents: Residents simulated.
        replicates: Towns simulated.
        seed: The first town's, of which the others' are made.
        year: The year in which the arms part.
        parameters: Parameters that depart from their defaults, in both arms.
        order: Its place in the list.
    """

    title: str
    question: str
    background: str
    a: Arm
    b: Arm
    predictions: list[Prediction] = Field(min_length=2)
    decides: Measured
    margin: float = Field(2.0, ge=0, le=50)
    also: list[Measured] = []
    think: list[str] = Field(min_length=1)
    town: str = "harris-tx"
    weeks: int = Field(104, ge=52, le=520)
    burn_in: int = Field(52, ge=0, le=260)
    residents: int = Field(5000, ge=500, le=10_000)
    replicates: int = Field(100, ge=10, le=100)
    seed: int = Field(1, ge=0, le=999_999)
    year: int = Field(2010, ge=1980, le=2040)
    parameters: dict[str, float | bool] = {}
    order: int = 100

    @field_validator("town")
    @classmethod
    def _town(cls, value: str) -> str:
        if value not in names("towns"):
            raise ValueError(f"expected one of {list(names('towns'))}, got {value!r}")
        return value

    @model_validator(mode="after")
    def _runs(self) -> Self:
        Parameters.model_validate(self.parameters)
        for arm in "ab":
            self.setting.timeline(arm)
        return self

    @property
    def setting(self) -> Setting:
        """What is run, as the other pages have it."""
        turns = [
            Turn(arm, 0, name, value)
            for arm, what in (("a", self.a), ("b", self.b))
            for name, value in what.levers.items()
        ]
        return Setting(
            town=self.town,
            a=self.a.policy,
            b=self.b.policy,
            year=self.year,
            weeks=self.weeks,
            residents=self.residents,
            seed=self.seed,
            burn_in=self.burn_in,
            replicates=self.replicates,
            turns=tuple(turns),
        )


def read_lesson(path: Path) -> Lesson:
    """Read a lesson.

    Raises:
        InvalidInput: for a file that is no lesson, naming what is wrong.
    """
    try:
        return Lesson.model_validate(read_toml(path))
    except ValidationError as e:
        wrong = [f"{'.'.join(map(str, x['loc'])) or 'lesson'}: {x['msg']}" for x in e.errors()]
        raise InvalidInput("\n".join(f"{path.name}: {line}" for line in wrong)) from e


@cache
def lessons() -> dict[str, Lesson]:
    """Return the shipped lessons by name, in order."""
    found = {path.stem: read_lesson(path) for path in sorted(FOLDER.glob("*.toml"))}
    return dict(sorted(found.items(), key=lambda x: x[1].order))
