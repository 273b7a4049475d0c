"""How far off forecasts were, once values are there; and how far naive ones.

The weighted interval score (Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618) of the median
and the 50% and 90% intervals, on the statement's scale, where statements of any unit add up: an
approximation of the continuous ranked probability score. A naive forecast is given the statement's
own widths, moved to its value: what is compared is where they lie, not that a point has no width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.forecasts.questions import onto
from trustabm.forecasts.registry import Batch, Statement

__all__ = ["interval_score", "score", "scores", "summary", "weighted_interval_score"]

NAIVE = ("no_change", "last_value")


def interval_score(value: float, low: float, high: float, alpha: float) -> float:
    """Return the score of a central interval of level 1 − alpha: its width, and what it misses by.

    Gneiting & Raftery 2007, doi:10.1198/016214506000001437.
    """
    return (high - low) + 2.0 / alpha * (max(0.0, low - value) + max(0.0, value - high))


def weighted_interval_score(value: float, ends: Sequence[float]) -> float:
    """Return the weighted interval score of quantiles 5, 25, 50, 75 and 95%; 0 is best."""
    low90, low50, median, high50, high90 = ends
    total = 0.5 * abs(value - median)
    total += 0.5 / 2.0 * interval_score(value, low50, high50, 0.5)
    total += 0.1 / 2.0 * interval_score(value, low90, high90, 0.1)
    return total / 2.5


def score(statement: Statement) -> dict[str, Any]:
    """Return hits and scores of a statement whose value was entered.

    Raises:
        InvalidInput: for a statement without a value.
    """
    s = statement
    if s.outcome.value is None:
        raise InvalidInput(f"{s.id}: expected a value to score, got none")

    def at(value: float) -> float:
        return onto(s.scale, value, s.unit)

    value, ends = at(s.outcome.value), [at(end) for end in s.ends()]
    found: dict[str, Any] = {
        "id": s.id,
        "median": s.median,
        "value": s.outcome.value,
        "in_half": s.half.low <= s.outcome.value <= s.half.high,
        "in_ninety": s.ninety.low <= s.outcome.value <= s.ninety.high,
        "score": weighted_interval_score(value, ends),
    }
    for name in NAIVE:
        naive = getattr(s.naive, name)
        moved = None if naive is None else [end - ends[2] + at(naive) for end in ends]
        found[name] = None if moved is None else weighted_interval_score(value, moved)
    return found


def scores(batch: Batch) -> list[dict[str, Any]]:
    """Return the scores of the statements of a batch whose value was entered."""
    return [score(s) for s in batch.statements if s.outcome.value is not None]


def summary(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return shares of hits, the mean score, and skill over each naive forecast.

    Skill is 1 less the score over the naive forecast's, both added up over the statements that have
    one: 0 means no better, 1 that nothing was missed.
    """
    n = len(found)
    out: dict[str, Any] = {
        "scored": n,
        "in_half": _mean([f["in_half"] for f in found]),
        "in_ninety": _mean([f["in_ninety"] for f in found]),
        "score": _mean([f["score"] for f in found]),
    }
    for name in NAIVE:
        both = [(f["score"], f[name]) for f in found if f[name] is not None]
        under = math.fsum(b for _, b in both)
        out[f"skill_over_{name}"] = 1.0 - math.fsum(a for a, _ in both) / under if under else None
    return out


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
