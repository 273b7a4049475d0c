"""The scorecard: what was published, what the model gives, and whether it is a pass."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

__all__ = ["Score", "counted", "scorecard"]


class Score(BaseModel):
    """One row of the scorecard.

    Args:
        id: Its name.
        role: What it was used for: calibration, or validation that was never fitted.
        published: The published value.
        tolerance: How far off still counts as a pass.
        value: The model's.
        low: The lower end of the model's interval.
        high: The upper end.
        passed: Whether it is a pass; None where it could not be told.
        note: What else there is to say.
        source: Where the published value comes from.
        sentence: What is measured, in words.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    role: str
    published: float | str | None = None
    tolerance: float | str | list[float] | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    passed: bool | None = Field(None, alias="pass")
    note: str | None = None
    source: str | None = None
    sentence: str | None = None

    @property
    def never_fitted(self) -> bool:
        """Whether the model was held against it only after it had been set."""
        return self.role.lower().startswith("valid")

    @property
    def verdict(self) -> str:
        """Return pass or miss in a word."""
        return {True: "pass", False: "miss", None: "not told"}[self.passed]


def scorecard(text: str | None = None) -> list[Score] | str:
    """Return the rows, or in a sentence why there are none.

    Args:
        text: JSON; the one that the package holds if not given.
    """
    if text is None:
        try:
            text = (files("trustabm") / "posterior" / "scorecard.json").read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return (
                "This installation holds no scorecard: the model has not been calibrated here. "
                "Its parameters are those of the documentation, and nothing on the other pages "
                "has been held against published values by a calibration."
            )
    try:
        found = json.loads(text)
        rows = found.get("rows", found) if isinstance(found, dict) else found
        return TypeAdapter(list[Score]).validate_python(rows)
    except (ValueError, ValidationError) as e:
        return f"The scorecard of this installation cannot be read: {str(e).splitlines()[0]}."


def counted(scores: list[Score]) -> list[tuple[str, dict[str, int]]]:
    """Return passes and misses by role, in the order in which roles appear."""
    roles = dict.fromkeys(s.role for s in scores)
    return [(role, dict(Counter(s.verdict for s in scores if s.role == role))) for role in roles]


def said(value: Any) -> str:
    """Return a number for people."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return " to ".join(said(x) for x in value)
    return f"{value:.3g}" if isinstance(value, float | int) and abs(value) < 1000 else str(value)
