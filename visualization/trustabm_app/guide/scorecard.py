"""The scorecard: what was published, what the model gives, and whether it is a pass."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from trustabm.evidence.targets import TARGETS, Target

__all__ = ["ROLES", "Score", "counted", "roles", "said", "scorecard"]

ROLES = {
    "validation": "Never fitted. Not all were unseen: the miss of 4a led to a rule, and those "
    "named A, B and T were known when the rules of belief were made.",
    "calibration": "Fitted: parameters were set so that the model comes near these.",
    "baseline": "Fitted: levels of a town before any policy.",
    "reported": "No tests: neither fitted nor counted, and told of all the same.",
}
"""What rows of a role were used for, the hardest test first."""

MINUS = "\N{MINUS SIGN}"


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
        source: Where the published value comes from, if not as declared.
        sentence: What is measured, if not as declared.
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
    def target(self) -> Target | None:
        """The declaration of what it is held against; None for a row that nobody declares."""
        return TARGETS.get(self.id)

    @property
    def what(self) -> str:
        """Return what is measured, in words."""
        return self.sentence or (self.target.sentence if self.target else self.id)

    @property
    def unit(self) -> str:
        """Return the unit of all its numbers."""
        return self.target.unit if self.target else ""

    @property
    def goal(self) -> str:
        """Return what was published, and how near counts as a pass."""
        if self.target:
            return self.target.goal.replace("-", MINUS)
        near = "" if self.tolerance is None else f" ± {said(self.tolerance)}"
        return f"{said(self.published)}{near}".replace("-", MINUS)

    @property
    def cited(self) -> tuple[str, str]:
        """Return citation and address of what was published; either may be empty."""
        t = self.target
        return (t.source.citation, t.source.address) if t else (self.source or "", "")

    @property
    def reach(self) -> tuple[float, float, float] | None:
        """Return value, low and high as distances from what was published, in tolerances."""
        t = self.target
        ends = [x for x in (self.value, self.low, self.high) if x is not None]
        if t is None or len(ends) < 3:
            return None
        value, low, high = (t.misfit(x) for x in ends)
        return value, low, high

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
            text = (files("trustabm") / "inputs" / "posterior" / "scorecard.json").read_text(
                "utf-8"
            )
        except (FileNotFoundError, NotADirectoryError):
            return (
                "This installation holds no scorecard: the model has not been calibrated here. "
                "Its parameters are those of the documentation, and nothing on the other pages "
                "has been held against published values by a calibration."
            )
        except (OSError, UnicodeDecodeError) as e:
            return f"The scorecard of this installation cannot be read: {e}."
    try:
        found = json.loads(text)
        rows = found.get("rows", found) if isinstance(found, dict) else found
        return TypeAdapter(list[Score]).validate_python(rows)
    except (ValueError, ValidationError, RecursionError) as e:
        return f"The scorecard of this installation cannot be read: {str(e).splitlines()[0]}."


def roles(scores: list[Score]) -> list[str]:
    """Return the roles there are, the hardest test first."""
    found = dict.fromkeys(s.role for s in scores)
    return [r for r in ROLES if r in found] + [r for r in found if r not in ROLES]


def counted(scores: list[Score]) -> list[tuple[str, dict[str, int]]]:
    """Return passes and misses by role, of those that count."""
    return [
        (role, dict(Counter(s.verdict for s in scores if s.role == role)))
        for role in roles(scores)
        if role != "reported"
    ]


def said(value: Any) -> str:
    """Return a number for people."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return " to ".join(said(x) for x in value)
    if not isinstance(value, float | int):
        return str(value)
    return f"{value:.3g}".replace("-", MINUS) if abs(value) < 1000 else f"{value:,.0f}"
