"""What is said of an outcome under one policy, beside the reference: numbers, and a verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.intervals import (
    COVERAGE,
    FEW_EVENTS,
    Changes,
    changes,
)

__all__ = ["COVERAGE", "NUMBERLESS", "SMALL", "Estimate", "Verdict", "estimate", "estimates"]

Floats = npt.NDArray[np.float64]

SMALL = 1.0
"""A change that is surely less than so many percent is named, not spelled out."""


class Verdict(StrEnum):
    """What can be said of a change, in the words in which it is said."""

    SAME_RULES = "the same rules"
    NO_DIFFERENCE = "no difference in any town"
    TOO_FEW = "too few events to say"
    NO_INTERVAL = "too few towns or events for an interval"
    CLOSE = "too close to call"
    SMALL = f"less than {SMALL:g}% different"
    HIGHER = "higher"
    LOWER = "lower"

    @property
    def upper_first(self) -> str:
        """The words as they begin a sentence."""
        return self[:1].upper() + self[1:]


NUMBERLESS = (Verdict.SAME_RULES, Verdict.NO_DIFFERENCE, Verdict.TOO_FEW)
"""Where the verdict stands in place of numbers."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One outcome in one group and arm, None where there is no value.

    Args:
        level: Its level.
        difference: From the reference, in the same unit.
        low: The lower end of the interval of the difference.
        high: The upper end.
        percent: The difference as a percentage of the reference.
        percent_low: The lower end of the interval of that percentage.
        percent_high: The upper end.
        luck: Half the width that the interval would have from luck alone.
        percent_luck: The same of the percentage.
        events: Events counted under both policies together; None where they were not counted,
            infinite where an outcome is an amount of something.
        same_rules: Whether the arm has the reference's rules in force throughout.
    """

    level: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    percent: float | None = None
    percent_low: float | None = None
    percent_high: float | None = None
    luck: float | None = None
    percent_luck: float | None = None
    events: float | None = None
    same_rules: bool = False

    def verdict(self, margin: float = SMALL) -> Verdict:
        """Return what can be said: the one place where that is decided.

        Args:
            margin: Percent of the reference's level: a change is small where the whole interval
                lies within it (two one-sided tests, Schuirmann 1987, doi:10.1007/BF01068419).
        """
        if self.same_rules:
            return Verdict.SAME_RULES
        few = self.events is not None and self.events < FEW_EVENTS
        if few or self.level is None or self.difference is None:
            return Verdict.TOO_FEW
        if self.low is None or self.high is None:
            return Verdict.NO_INTERVAL
        if self.low == self.high == 0:
            return Verdict.NO_DIFFERENCE
        if self.percent_low is not None and self.percent_high is not None:
            if -margin < self.percent_low and self.percent_high < margin:
                return Verdict.SMALL
        if self.low <= 0 <= self.high:
            return Verdict.CLOSE
        return Verdict.HIGHER if self.difference > 0 else Verdict.LOWER

    @property
    def told_apart(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high

    @property
    def by_parameters(self) -> float | None:
        """How much of the interval, squared, is doubt about parameters and not luck: 0 to 1."""
        if self.low is None or self.high is None or self.luck is None or self.high == self.low:
            return None
        return max(0.0, 1.0 - (2.0 * self.luck / (self.high - self.low)) ** 2)


def estimates(
    whole: Floats,
    without: Floats,
    events: Floats,
    tops: Sequence[float],
    *,
    draws: Sequence[int] = (),
    same_rules: Sequence[bool] = (),
) -> list[list[Estimate]]:
    """Estimate how every arm differs from arm 0, in many outcomes.

    Args:
        whole: Levels from all replicates, of shape (arms, rows).
        without: Levels without each replicate, of shape (replicates, arms, rows).
        events: Events of each replicate, of the same shape.
        tops: What a level can be at most, by row.
        draws: Which parameter set each replicate lives by; one for all if not given.
        same_rules: Whether each arm has arm 0's rules in force throughout; False if not given.

    Returns:
        A list of rows for each arm.
    """
    found = [[Estimate(_plain(x)) for x in whole[0]]]
    for arm in range(1, len(whole)):
        pair = [0, arm]
        c = changes(whole[pair], without[:, pair], events[:, pair], np.array(tops), draws)
        counted = events[:, pair].sum(axis=(0, 1))
        same = bool(same_rules) and same_rules[arm]
        found.append(
            [estimate(*row, same_rules=same) for row in zip(whole[arm], counted, *c, strict=True)]
        )
    return found


def estimate(level: float, events: float, *numbers: float, same_rules: bool = False) -> Estimate:
    """Return an estimate of numbers that may be NaN.

    Args:
        level: The arm's.
        events: Under both policies together.
        numbers: As in `trustabm.outcomes.intervals.Changes`.
        same_rules: As in `Estimate`.
    """
    named = dict(zip(Changes._fields, map(_plain, numbers), strict=True))
    return Estimate(_plain(level), **named, events=float(events), same_rules=same_rules)


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
