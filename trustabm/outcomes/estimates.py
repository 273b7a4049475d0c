"""What is said of an outcome under one policy, beside the reference: numbers, and a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.intervals import (
    COVERAGE,
    FEW_EVENTS,
    Changes,
    changes,
)
from trustabm.outcomes.shares import Drawn

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
        level_low: The lower end of the interval of the level.
        level_high: The upper end.
        by_luck: How much of the interval, squared, is luck: 0 to 1.
        by_sampling: How much is doubt about which counties of an area were drawn.
        by_parameters: How much is doubt about the model's parameters.
        by_figures: How much is doubt about the town's own figures.
        by_rules: How much is doubt about how rules in force there are read.
        by_structure: How much is doubt about the structure of the model.
        figure: The name of the town's figure that most of it hangs on.
        by_figure: How much of it does.
        rule: What would have to be known of a rule in force, of those read in more than one way,
            that most of it hangs on.
        by_rule: How much of it does.
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
    level_low: float | None = None
    level_high: float | None = None
    by_luck: float | None = None
    by_sampling: float | None = None
    by_parameters: float | None = None
    by_figures: float | None = None
    by_rules: float | None = None
    by_structure: float | None = None
    figure: str | None = None
    by_figure: float | None = None
    rule: str | None = None
    by_rule: float | None = None

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


def estimates(
    whole: Floats,
    without: Floats,
    events: Floats,
    tops: Sequence[float],
    *,
    draws: Sequence[int] = (),
    drawn: Drawn | None = None,
    same_rules: Sequence[bool] = (),
    halves: Floats | None = None,
) -> list[list[Estimate]]:
    """Estimate how every arm differs from arm 0, in many outcomes.

    Args:
        whole: Levels from all replicates, of shape (arms, rows).
        without: Levels without each replicate, of shape (replicates, arms, rows).
        events: Events of each replicate, of the same shape.
        tops: What a level can be at most, by row.
        draws: Which draw each replicate lives by; one for all if not given.
        drawn: What the draws differ by beside parameters.
        same_rules: Whether each arm has arm 0's rules in force throughout; False if not given.
        halves: Levels without each half of a replicate (`changes`), of shape
            (2 * replicates, arms, rows), where replicates are places drawn.

    Returns:
        A list of rows for each arm.
    """
    found = [[Estimate(_plain(x)) for x in whole[0]]]
    names = {} if drawn is None else {"figure": (*drawn.figures,), "rule": (*drawn.rules,)}
    for arm in range(1, len(whole)):
        pair = [0, arm]
        of_pair = whole[pair], without[:, pair], events[:, pair], np.array(tops)
        c = changes(*of_pair, draws, drawn, None if halves is None else halves[:, pair])
        counted = events[:, pair].sum(axis=(0, 1))
        same = bool(same_rules) and same_rules[arm]
        rows = zip(whole[arm], counted, *c, strict=True)
        found.append([estimate(*row, same_rules=same, names=names) for row in rows])
        if arm == 1:
            ends = zip(map(_plain, c.reference_low), map(_plain, c.reference_high), strict=True)
            found[0] = [
                replace(e, level_low=low, level_high=high)
                for e, (low, high) in zip(found[0], ends, strict=True)
            ]
    return found


def estimate(
    level: float,
    events: float,
    *numbers: float,
    same_rules: bool = False,
    names: Mapping[str, Sequence[str]] = {},
) -> Estimate:
    """Return an estimate of numbers that may be NaN.

    Args:
        level: The arm's.
        events: Under both policies together.
        numbers: As in `trustabm.outcomes.intervals.Changes`.
        same_rules: As in `Estimate`.
        names: Of the town's figures, and readings of rules, that differ between draws.
    """
    found = dict(zip(Changes._fields, numbers, strict=True))
    named: dict[str, Any] = {n: _plain(x) for n, x in found.items() if n not in _OTHERWISE}
    for kind in _NAMED:
        if math.isfinite(found[kind]):
            named[kind] = names[kind][int(found[kind])]
    return Estimate(_plain(level), **named, events=float(events), same_rules=same_rules)


_NAMED = ("figure", "rule")
_OTHERWISE = ("reference_low", "reference_high", *_NAMED)
"""What an estimate of the reference says, and what has a name."""


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
