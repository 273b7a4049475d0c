"""What a target is: a published number, how near the model must come, and whose idea that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = ["Role", "Source", "Target"]

Role = Literal["calibration", "baseline", "validation"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number was published.

    Args:
        citation: Authors, year, title or series.
        address: DOI or URL.
    """

    citation: str
    address: str


@dataclass(frozen=True, slots=True)
class Target:
    """One published finding that the model is held against.

    Args:
        id: Its row, as in "8a"; rows 1 to 15, and "b" for baselines.
        role: Whether parameters are fitted to it, alone (calibration) or as the level of a town
            before any policy (baseline), or whether it is only ever compared (validation).
        published: The published value; the nearer end of a published range if `upto` is given.
        tolerance: How far from it still counts as a hit, in the same unit. All are ours.
        unit: The unit.
        sentence: What is measured.
        study: The study of `evidence.studies` that measures it.
        source: Where it was published.
        upto: The other end of a published range.
        bound: Whether the value is to be met, or to be kept on one side of.
        note: Why the model misses it, once it is known.
    """

    id: str
    role: Role
    published: float
    tolerance: float
    unit: str
    sentence: str
    study: str
    source: Source
    upto: float | None = None
    bound: Literal["near", "at most", "at least"] = "near"
    note: str = ""

    @property
    def row(self) -> str:
        """The row of the table of targets that this is a part of."""
        return self.id[0] if self.id.startswith("b") else self.id.rstrip("abcdefghx")

    @property
    def wanted(self) -> str:
        """What was published, in words: a number, a range, or a bound."""
        side = "" if self.bound == "near" else f"{self.bound} "
        upto = "" if self.upto is None else f" to {self.upto:g}"
        return f"{side}{self.published:g}{upto}"

    def distance(self, value: float) -> float:
        """Return how far a value is beyond what was published, 0 within a range, with its sign."""
        low = -math.inf if self.bound == "at most" else self.published
        high = self.published if self.upto is None else self.upto
        high = math.inf if self.bound == "at least" else high
        return value - min(max(value, low), high)

    def passes(self, value: float) -> bool:
        """Return whether a value is within tolerance; NaN is not."""
        return abs(self.distance(value)) <= self.tolerance

    def misfit(self, value: float) -> float:
        """Return the distance in tolerances."""
        return self.distance(value) / self.tolerance
