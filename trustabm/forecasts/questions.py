"""What is forecast: questions, the places they are about, where the numbers will appear."""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from trustabm.inputs import catalog
from trustabm.inputs.catalog import Day, Prose, Strict

__all__ = [
    "Kind",
    "Place",
    "Question",
    "Questions",
    "Release",
    "Scale",
    "Window",
    "onto",
    "questions",
]

Scale = Literal["log", "logit"]
"""On which a change is taken and a forecast is off: of amounts and ratios, and of shares."""

Group = Literal["latino", "other", "all"]

Who = Literal[
    "latino", "us_born", "immigrants", "naturalized", "undocumented", "families", "everyone"
]

FISCAL = (10, 1)
"""The day on which a federal fiscal year begins, in the year before."""

UNSIGNED = "unsigned"

TWIN = {
    "title": "counties of the same state without a 287(g) agreement",
    "sentence": "The same county had none of its agencies ever signed a 287(g) agreement; it "
    "stands for counties of the same state without any.",
    "unsigned": True,
}
"""What is said of a county without its agreements, whatever is said of the county."""

Window = tuple[dt.date, dt.date]
"""The first day, and the day after the last; both are the same day where people are asked."""


def _window(text: Any) -> Any:
    """Return first day and day after the last of "2026", "FY2026", "2026-03-15" or two days."""
    if not isinstance(text, str):
        raise ValueError(f"expected a window as text, got {text!r}")
    if text.startswith("FY"):
        year = int(text[2:])
        return dt.date(year - 1, *FISCAL), dt.date(year, *FISCAL)
    if len(text) == 4:
        return dt.date(int(text), 1, 1), dt.date(int(text) + 1, 1, 1)
    first, slash, last = text.partition("/")
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last if slash else first)


Weeks = Annotated[Window, BeforeValidator(_window)]


class Place(Strict):
    """A place that is lived through.

    Args:
        title: Its name for people.
        sentence: What it stands for.
        town: The town that ships.
        jail: The preset whose levers of the jail it has; the town's own dated policies if not
            given.
        task_force: The day from which police there work under a 287(g) task force agreement.
        signed: The day on which an agency of the county signed a 287(g) agreement that is in the
            tables of agreements; beside `unsigned` it is set beside itself without any.
        unsigned: Whether it is the county as it were had none of its agencies ever signed one.
        changed: What changed the rules in force there, and when; such counties are lived through
            with half the residents of a town.
        agencies: Police whose records of crimes are meant.
    """

    title: str
    sentence: Prose
    town: str
    jail: str | None = None
    task_force: Day | None = None
    signed: Day | None = None
    unsigned: bool = False
    changed: str = ""
    agencies: str = ""


class Kind(Strict):
    """A sort of quantity, and how far off forecasts of it are taken to be.

    Args:
        scale: On which that is said.
        rows: Validation rows of the scorecard whose misfit counts.
        series: Published values, one issue after the other, whose changes count.
        says: What the series are.
    """

    scale: Scale
    rows: tuple[str, ...] = Field(min_length=1)
    series: tuple[tuple[float, ...], ...]
    says: Prose

    def changes(self) -> list[tuple[float, float]]:
        """Return each published value of the series with the one after it."""
        return [pair for values in self.series for pair in pairwise(values)]


class Release(Strict):
    """Where a number will appear.

    Args:
        publisher: Who publishes it.
        release: The report, table or file.
        due: By when it is expected; the statement is overdue after.
        error: Standard deviation of one published value's own error, on the scale.
        error_says: What that rests on.
    """

    publisher: str
    release: Prose
    due: Day
    error: float = Field(gt=0.0)
    error_says: Prose


class Threshold(Strict):
    """Where an answer counts as worry: where a published share of a group was above, on a day."""

    who: Who
    day: Weeks
    share: float = Field(gt=0.0, lt=100.0)


class Question(Strict):
    """One number that will be published, and what of the model stands for it.

    Args:
        id: Its name.
        quantity: What it is, exactly enough to be looked up.
        unit: `%`, `ratio` or what is counted.
        population: Of whom.
        release: Where it will appear, by name.
        kind: Of which sort it is, by name.
        place: The place, by name.
        places: Several places, each with a question of its own.
        beside: The place that the change is set beside; `unsigned` for the same county had none of
            its agencies signed an agreement.
        over: Tallies whose sum is the reading; of arrests by ICE `arrested`, `arrested_none`
            (without a conviction) and `in_custody` (out of jails and prisons).
        under: Tallies that it is divided by.
        asked: What people are asked instead.
        who: Of whom.
        threshold: Where an answer counts as worry.
        group: Whose tallies.
        against: The group that they are divided by those of.
        window: When.
        base: When the reading is compared with.
        anchor: The published value at the base, to which the change is added.
        anchor_source: Its row of the evidence.
        last_value: The last published value of what is forecast, where that is not the anchor.
        last_source: Its row of the evidence.
        no_change: What no change would mean, where neither anchor nor base says it.
        due: By when, where that is not the release's.
        error: Own error, where that is not the release's.
        error_says: What it rests on.
        note: What else a reader must know.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    quantity: Prose
    unit: str
    population: str
    release: str
    kind: str
    place: str = ""
    places: tuple[str, ...] = ()
    beside: str = ""
    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    asked: Literal["worry", "knows", "avoids", "silent", "trust"] | None = None
    who: Who = "everyone"
    threshold: Threshold | None = None
    group: Group = "all"
    against: Group | None = None
    window: Weeks
    base: Weeks | None = None
    anchor: float | None = Field(default=None, gt=0.0)
    anchor_source: str = ""
    last_value: float | None = Field(default=None, gt=0.0)
    last_source: str = ""
    no_change: float | None = Field(default=None, gt=0.0)
    due: Day | None = None
    error: float | None = Field(default=None, gt=0.0)
    error_says: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.place) == bool(self.places):
            raise ValueError("place: expected it or places, got both or neither")
        if bool(self.over) == bool(self.asked):
            raise ValueError("over: expected tallies or what is asked, got both or neither")
        if (self.asked == "worry") != (self.threshold is not None):
            raise ValueError("threshold: expected one with worry, and only there")
        if self.anchor is not None and (self.base is None or not self.anchor_source):
            raise ValueError("anchor: expected a base and a source with it")
        if self.unit == "ratio" and self.base is None and not self.beside:
            raise ValueError("base: expected what a ratio is over")
        if self.unit == "ratio" and self.anchor is not None:
            raise ValueError("anchor: expected none of a ratio, which is a change itself")
        if self.unit not in ("ratio", "%") and self.anchor is None:
            raise ValueError(
                "anchor: expected one of an amount: levels of places are not the model's"
            )
        if self.naive() == (None, None):
            raise ValueError("last_value: expected what a naive forecast would be")
        return self

    def naive(self) -> tuple[float | None, float | None]:
        """Return what no change would be, and the last value published before."""
        same = self.no_change
        if same is None and self.base is not None:
            same = self.anchor if self.anchor is not None else 1.0
        last = self.last_value if self.last_value is not None else self.anchor
        return same, last

    def published_values(self) -> int:
        """Return how many published values it is made of, each with an error of its own."""
        times = 2 if self.base is not None else 1
        return times * (2 if self.against else 1) * (2 if self.beside else 1)


class Questions(catalog.File):
    """The whole file: places, kinds and releases by name, and what is asked of them."""

    places: dict[str, Place]
    kinds: dict[str, Kind]
    releases: dict[str, Release]
    questions: tuple[Question, ...]

    @model_validator(mode="before")
    @classmethod
    def _with_twins(cls, values: Any) -> Any:
        """Add to each county that signed an agreement what it is set beside: itself without."""
        if not isinstance(values, dict) or not isinstance(values.get("places"), dict):
            return values
        twins = {
            f"{name}-{UNSIGNED}": {**place, **TWIN}
            for name, place in values["places"].items()
            if isinstance(place, dict) and "signed" in place
        }
        return {**values, "places": {**values["places"], **twins}}

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for q in self.each():
            for name, known in (
                (q.release, self.releases),
                (q.kind, self.kinds),
                (q.place, self.places),
                (q.beside or q.place, self.places),
            ):
                if name not in known:
                    raise ValueError(f"questions.{q.id}: no {name!r}")
        ids = [q.id for q in self.each()]
        if len(set(ids)) < len(ids):
            raise ValueError("questions: expected each id once")
        return self

    def each(self) -> list[Question]:
        """Return the questions, one a place where one names several."""
        out = []
        for q in self.questions:
            for name in q.places or (q.place,):
                words = {"title": self.places[name].title, "agencies": self.places[name].agencies}
                said = q.quantity.format(**words)
                copy = {"place": name, "places": (), "quantity": said}
                if q.beside == UNSIGNED:
                    copy["beside"] = f"{name}-{UNSIGNED}"
                if q.places:
                    copy["id"] = f"{q.id}-{name}"
                out.append(q.model_copy(update=copy))
        return out


@cache
def questions() -> Questions:
    """Return the questions that ship with the package."""
    with resources.as_file(resources.files("trustabm") / "forecasts/questions.toml") as path:
        return Questions.read(path)


def onto(scale: Scale, value: float, unit: str) -> float:
    """Return a value on its scale; percent are taken as shares there.

    Args:
        scale: The scale.
        value: In its unit.
        unit: `%`, or anything else.
    """
    if scale == "log":
        return math.log(value)
    share = value / 100.0 if unit == "%" else value
    return math.log(share / (1.0 - share))
