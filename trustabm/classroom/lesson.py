"""A lesson: a question, a prediction to commit to, a run, a reveal, and what to think about.

It is a TOML file (`docs/lessons.md` says what it holds), read strictly: what is misspelt or does
not exist is an error that names it. What came of a prediction is told in `reveal.py`.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from trustabm.errors import InvalidInput, from_validation, nearest, problems, shown
from trustabm.inputs import library
from trustabm.inputs.catalog import (
    File,
    Prose,
    Reference,
    Strict,
    Title,
    names,
    titles_apart,
)
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import EVERY
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES
from trustabm.runs.arms import Arm, TitledArm
from trustabm.runs.experiment import Experiment

__all__ = [
    "Item",
    "Lesson",
    "LessonArm",
    "Measured",
    "Prediction",
    "Says",
    "lessons",
    "named",
    "shelf",
    "shelves",
]

FOLDER = Path(__file__).parent / "lessons"
Says = Literal["higher", "lower", "same"]


class LessonArm(Arm):
    """A policy under a name of the lesson's own, with levers laid over it."""

    title: Title
    policy: Reference

    @model_validator(mode="after")
    def _is_a_policy(self) -> Self:
        if self.laid:
            raise ValueError("change: expected none in a lesson, whose arms are whole policies")
        if "own" in self.levers:
            raise ValueError("levers.own: expected levers of one's own among the others, by name")
        return self


class Measured(Strict):
    """An outcome in a group."""

    outcome: str
    group: str = "all"

    def wrong(self) -> str:
        """Return what does not exist of it, empty if it does."""
        if self.outcome not in GLOSSARY:
            return f"outcome: no outcome {shown(self.outcome)}; {nearest(self.outcome, GLOSSARY)}"
        if self.group not in SHIPPED.every:
            return f"group: expected one of {list(SHIPPED.every)}, got {shown(self.group)}"
        if self.group != "all" and self.outcome not in OUTCOMES:
            return f"group: expected 'all' of {self.outcome}, got {shown(self.group)}"
        return ""

    @property
    def title(self) -> str:
        """Return what it is called."""
        title = GLOSSARY[self.outcome].title
        return title if self.group == "all" else f"{title} ({SHIPPED.titles[self.group]})"


class Prediction(Strict):
    """What a student may commit to: that the deciding outcome is higher, lower, or the same."""

    text: Prose
    says: Says


class Item(Strict):
    """What is asked before a lesson and after it: options, and the place of the right one."""

    text: Prose
    options: tuple[Prose, ...] = Field(min_length=2, max_length=6)
    right: int = Field(ge=0)

    @model_validator(mode="after")
    def _is_there(self) -> Self:
        if self.right >= len(self.options):
            raise ValueError(f"right: expected below {len(self.options)}, got {self.right}")
        return self


class Lesson(File):
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
        answers: An answer to each, for the teacher: `{0}` stands for the change of the deciding
            outcome in the lesson's own run, `{1}` for that of the first shown with it and so on.
        items: What is asked before and after.
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

    title: Title
    question: Prose
    background: Prose
    a: LessonArm
    b: LessonArm
    predictions: tuple[Prediction, ...] = Field(min_length=2)
    decides: Measured
    margin: float = Field(2.0, ge=0, le=50)
    also: tuple[Measured, ...] = ()
    think: tuple[Prose, ...] = Field(min_length=1)
    answers: tuple[Prose, ...] = ()
    items: tuple[Item, ...] = ()
    town: str = "harris-tx"
    weeks: int = Field(104, ge=52, le=520)
    burn_in: int = Field(52, ge=0, le=260)
    residents: int = Field(5000, ge=500, le=10_000)
    replicates: int = Field(100, ge=10, le=100)
    seed: int = Field(1, ge=0, le=999_999)
    year: int = Field(2010, ge=1980, le=2040)
    parameters: dict[str, float | bool] = Field(default_factory=dict)
    order: int = 100

    @model_validator(mode="after")
    def _runs(self) -> Self:
        policies = (*names("policies"), *names("timelines"))
        named = [("a.policy", self.a.policy, policies), ("b.policy", self.b.policy, policies)]
        for key, value, known in (("town", self.town, names("towns")), *named):
            if value not in known:
                raise ValueError(
                    f"{key}: expected a shipped one, got {value!r}; {nearest(value, known)}"
                )
        for key, m in (
            ("decides", self.decides),
            *((f"also.{k}", m) for k, m in enumerate(self.also)),
        ):
            if wrong := m.wrong():
                raise ValueError(f"{key}.{wrong}")
        if self.answers and len(self.answers) != len(self.think):
            raise ValueError(f"answers: expected {len(self.think)}, one to each, or none")
        for answer in self.answers:
            try:
                answer.format(*["x"] * (1 + len(self.also)))
            except (IndexError, KeyError, ValueError) as e:
                many = len(self.also)
                raise ValueError(f"answers: expected {{0}} to {{{many}}}, got {answer!r}") from e
        try:
            Parameters.model_validate(self.parameters)
        except ValidationError as e:
            raise from_validation("parameters", e, list(Parameters.model_fields)) from e
        try:
            self.experiment()
        except ValidationError as e:
            raise ValueError("; ".join(problems(e, list(EVERY)))) from e
        return self

    def experiment(self) -> Experiment:
        """Return what is run: both arms by their titles, from weeks that they have in common."""
        arms = {"A": self.a, "B": self.b}
        titles = titles_apart({letter: arm.title for letter, arm in arms.items()})
        return Experiment(
            town=self.town,
            arms={titles[letter]: self._laid(arm) for letter, arm in arms.items()},
            start=self.start,
            weeks=self.weeks,
            burn_in=self.burn_in,
            residents=self.residents,
            replicates=self.replicates,
            seed=self.seed,
            parameters=Parameters.model_validate(self.parameters),
        )

    @property
    def start(self) -> dt.date:
        """The day on which the arms part."""
        return dt.date(self.year, 1, 1)

    def _laid(self, arm: LessonArm) -> TitledArm:
        """Return an arm whose levers hold from the day on which arms part, not before."""
        said = "; ".join(EVERY[name].said(value) for name, value in arm.levers.items())
        change = {"sentence": f"Set by the lesson: {said}", "source": "as the lesson sets it"}
        changes = [{"date": self.start, "levers": arm.levers, **change}] if arm.levers else []
        return TitledArm.model_validate({"policy": arm.policy, "changes": changes})


@cache
def shelf(folder: Path = FOLDER) -> tuple[dict[str, Lesson], tuple[str, ...]]:
    """Return the lessons of a folder by name, in order, and what is wrong with its other files."""
    return _read(folder)


def _read(folder: Path) -> tuple[dict[str, Lesson], tuple[str, ...]]:
    found: dict[str, Lesson] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found[path.stem] = Lesson.read(path)
        except InvalidInput as e:
            wrong += str(e).replace(str(path), path.name).splitlines()
    return dict(sorted(found.items(), key=lambda x: x[1].order)), tuple(wrong)


def shelves() -> tuple[dict[str, Lesson], tuple[str, ...]]:
    """Return the lessons that ship and a library's, as `shelf` does; a library's name stands."""
    known, wrong = shelf()
    own = dict.fromkeys(path.parent for path in library.files("lessons").values())
    for folder in own:
        more, also = _read(folder)
        known, wrong = known | more, (*wrong, *also)
    return dict(sorted(known.items(), key=lambda x: x[1].order)), wrong


def lessons() -> dict[str, Lesson]:
    """Return the lessons by name, in order."""
    return shelves()[0]


def named(name: str) -> Lesson:
    """Return a lesson by its name.

    Raises:
        InvalidInput: where there is none of that name.
    """
    known = lessons()
    if name not in known:
        raise InvalidInput(f"lesson: no lesson {shown(name)}; {nearest(name, known)}")
    return known[name]
