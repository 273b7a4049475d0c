"""What a target is: a published number, how near the model must come, and whose idea that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = ["NORMAL_90", "Role", "Source", "Target"]

Role = Literal["calibration", "baseline", "validation", "reported"]
NORMAL_90 = 1.645
"""Half the width of a 90% interval in standard errors."""

Bound = Literal["near", "at most", "at least", "negative", "positive"]


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
        id: Its row and part, as in "8a"; rows 1 to 19, "b" for baselines, and the evidence's own
            names (A, B, T) for what came in later.
        role: Whether parameters are fitted to it, alone (calibration) or as the level of a town
            before any policy (baseline); whether it is only ever compared (validation), or only
            told of, because it is no test (reported).
        published: The published value; the nearer end of a published range if `upto` is given.
        tolerance: How far from it still counts as a hit, in the same unit; where a sign alone was
            published, from where on the fit is content with it.
        unit: The unit.
        sentence: What is measured.
        study: The study of `evidence.studies` that measures it.
        source: Where it was published.
        upto: The other end of a published range.
        bound: Whether the value is to be met, to be kept on one side of, or only has a sign.
        note: Why the model misses it, once it is known.
        whose: Whose the tolerance is: the source's own error (half of its 90% interval), or ours.
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
    bound: Bound = "near"
    note: str = ""
    whose: Literal["ours", "the source's"] = "ours"

    @property
    def row(self) -> str:
        """The row of the table of targets that this is a part of."""
        return self.id.rstrip("abcdefghx")

    @property
    def firm(self) -> bool:
        """Whether it pulls the more the farther a fit is from it: so of the contract.

        Findings on beliefs (T) are from many places and times, and some of them from one survey
        question; not all of them need to hold together, and one that cannot is let go.
        """
        return not self.id.startswith("T")

    @property
    def wanted(self) -> str:
        """What was published, in words: a number, a range, a bound or a sign."""
        if self.bound in ("negative", "positive"):
            return self.bound
        side = "" if self.bound == "near" else f"{self.bound} "
        upto = "" if self.upto is None else f" to {self.upto:g}"
        return f"{side}{self.published:g}{upto}"

    @property
    def goal(self) -> str:
        """What was published, and how near counts as a hit."""
        of_a_sign = self.bound in ("negative", "positive")
        return self.wanted if of_a_sign else f"{self.wanted} ± {self.tolerance:g}"

    @property
    def low(self) -> float:
        """The least value that is at no distance from what was published."""
        if self.bound == "positive":
            return self.tolerance
        return -math.inf if self.bound in ("at most", "negative") else self.published

    @property
    def high(self) -> float:
        """The greatest value that is at no distance from what was published."""
        if self.bound == "negative":
            return -self.tolerance
        if self.bound in ("at least", "positive"):
            return math.inf
        return self.published if self.upto is None else self.upto

    @property
    def numeric(self) -> bool:
        """Whether a number was published, not only a sign or a bound."""
        return self.bound == "near"

    @property
    def middle(self) -> float:
        """What was published, as one number: the middle of a range."""
        return self.published if self.upto is None else (self.published + self.upto) / 2

    @property
    def error(self) -> float:
        """The standard error of `middle`: the source's own, and where in a range the truth is.

        A tolerance that is ours is no error of measurement; how far off a published number may be
        is then part of what the model misses it by.
        """
        own = self.tolerance / NORMAL_90 if self.whose == "the source's" else 0.0
        return math.hypot(own, 0.0 if self.upto is None else (self.upto - self.published) / 12**0.5)

    def distance(self, value: float) -> float:
        """Return how far a value is beyond what was published, 0 within a range, with its sign."""
        return value - min(max(value, self.low), self.high)

    def passes(self, value: float) -> bool:
        """Return whether a value is within tolerance (has the sign); NaN is not."""
        return abs(self.distance(value)) <= self.tolerance

    def misfit(self, value: float) -> float:
        """Return the distance in tolerances."""
        return self.distance(value) / self.tolerance
