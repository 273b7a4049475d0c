"""How a number is declared: once, with unit, bounds, kind, one plain sentence and a source.

Documentation tables, validation, the sweep space, sliders and the JSON Schema are all made from
these declarations, so a number that is not declared here does not exist for the model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, Field

__all__ = [
    "Declared",
    "Kind",
    "Level",
    "constant",
    "declarations",
    "experiment",
    "figure",
    "lever",
    "mechanism",
    "uncertainty",
]

Kind = Literal["lever", "uncertainty", "constant", "mechanism", "experiment", "figure"]
Level = Literal["local", "state", "federal"]

OURS = "No published estimate; the range is ours, for calibration."
"""The source of a number that the literature does not give, said in so many words."""

ASSUMED = "No published estimate; an assumption of ours."
"""The same, of a number that calibration does not vary."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared number, as documentation, sweeps and sliders need it."""

    name: str
    kind: Kind
    unit: str
    low: float
    high: float
    default: float | str | bool  # NaN for a figure: every town has its own
    sentence: str
    source: str
    title: str
    level: Level | None = None
    choices: tuple[str, ...] = ()

    def said(self, *values: object) -> str:
        """Return its title with a value and the unit, or with values that follow each other."""
        words = self.changed(*values)
        return words if self.choices else f"{words} ({self.unit})"

    def changed(self, *values: object) -> str:
        """Return the same without the unit."""
        words = " → ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in values)
        return f"{self.title}: {words}" if self.choices else f"{self.title} {words}"


def _field(
    kind: Kind,
    default: float | str | bool,
    unit: str,
    low: float,
    high: float,
    sentence: str,
    source: str,
    level: Level | None = None,
    title: str | None = None,
) -> Any:
    bounds: dict[str, Any] = {}
    if not isinstance(default, (str, bool)):
        bounds = {"ge": low, "le": high, "allow_inf_nan": False}
    return Field(
        default=default,
        title=title,
        description=sentence,
        json_schema_extra={
            "kind": kind,
            "unit": unit,
            "low": low,
            "high": high,
            "source": source,
            "level": level,
        },
        **bounds,
    )


def lever(
    default: float | str,
    *,
    title: str,
    unit: str,
    low: float = 0.0,
    high: float = 1.0,
    level: Level,
    sentence: str,
    source: str,
) -> Any:
    """Declare what a decision maker sets, and who that is; the title says what much of it means."""
    return _field("lever", default, unit, low, high, sentence, source, level, title)


def uncertainty(
    default: float, *, unit: str, low: float, high: float, sentence: str, source: str = OURS
) -> Any:
    """Declare what nobody controls and the evidence does not settle: calibration varies it."""
    return _field("uncertainty", default, unit, low, high, sentence, source)


def constant(
    default: float, *, unit: str, low: float, high: float, sentence: str, source: str
) -> Any:
    """Declare what is held still: the evidence gives it well enough, or it is an assumption."""
    return _field("constant", default, unit, low, high, sentence, source)


def experiment(
    default: float, *, unit: str, low: float, high: float, sentence: str, source: str
) -> Any:
    """Declare what an experiment on the model forces by hand; at its default it does nothing."""
    return _field("experiment", default, unit, low, high, sentence, source)


def mechanism(*, title: str, sentence: str, source: str) -> Any:
    """Declare a switch that takes one mechanism out of the model; on by default.

    Args:
        title: A word or two for what is lost with it, as after "without".
        sentence: What it does.
        source: Where that comes from.
    """
    return _field("mechanism", True, "on or off", 0.0, 1.0, sentence, source, title=title)


def figure(*, unit: str, low: float, high: float, sentence: str) -> Any:
    """Declare what every town file says for itself, with its source, and within these bounds."""
    return Field(
        description=sentence,
        json_schema_extra={
            "kind": "figure",
            "unit": unit,
            "low": low,
            "high": high,
            "source": "the town's file",
        },
    )


@cache
def declarations(model: type[BaseModel]) -> tuple[Declared, ...]:
    """Return every declared number of `model`, in the order of its fields."""
    return tuple(_declared(model))


def _declared(model: type[BaseModel]) -> Iterator[Declared]:
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        if not isinstance(extra, dict) or "kind" not in extra:
            continue
        args = getattr(field.annotation, "__args__", ())
        choices = tuple(a for a in args if isinstance(a, str))
        yield Declared(
            name=name,
            kind=extra["kind"],  # type: ignore[arg-type]
            unit=str(extra["unit"]),
            low=float(extra["low"]),  # type: ignore[arg-type]
            high=float(extra["high"]),  # type: ignore[arg-type]
            default=math.nan if field.is_required() else field.default,
            sentence=field.description or "",
            source=str(extra["source"]),
            title=field.title or _plain(name),
            level=extra.get("level"),  # type: ignore[arg-type]
            choices=choices,
        )


def _plain(name: str) -> str:
    words = name.replace("_", " ")
    return "ICE" + words[3:] if words.startswith("ice ") else words
