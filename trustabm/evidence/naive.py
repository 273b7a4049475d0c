"""What would be forecast without a model: three forecasts that the model has to be better than.

- *no change*: a policy or an event changes nothing, groups do not differ.
- *last value*: what was known before of the same thing; where nothing was, no change.
- *average effect*: the mean of what was published of effects of the same kind, without the study
  itself. It knows every other study, also those that the model was not fitted to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import fmean

from trustabm.evidence.kinds import kind_of
from trustabm.evidence.target import Target
from trustabm.evidence.targets import TARGETS

__all__ = ["NAIVE", "average_effect", "last_value", "no_change"]

UNCHANGED_UNITS = {
    "% change": 0.0,
    "% change for each % legalized": 0.0,
    "percentage points": 0.0,
    "elasticity": 0.0,
    "logit": 0.0,
    "times as many": 1.0,
    "odds ratio": 1.0,
}
"""What nothing is, in units of effects."""

UNCHANGED = {
    "10": 1.0,
    "A8-05b": 1.0,
    "B4-12a": 1.0,
    "T2-05": 1.0,
    "T3-08a": 0.0,
    "T3-08b": 0.0,
    "T3-10": 0.0,
    "T3-14a": 1.0,
    "T3-14b": 0.0,
    "T4-12a": 0.0,
    "T4-12b": 0.0,
    "T7-01a": 0.0,
    "T9-02e": 1.0,
    "b11": 1.0,
}
"""What it is of effects and differences in other units, by target."""

EARLIER: dict[str, str | float] = {
    "7b": "7a",
    "10b2": "10b1",
    "10b3": "10b1",
    "12b": "12a",
    "12d": "12c",
    "12g": "12e",
    "12h": "12e",
    "16": "12c",
    "17b": "17a",
    "B4-08a": "11a",
    "B4-08b": "B4-08a",
    "T1-05": "T1-01",
    "T1-07a": "T1-01",
    "T1-07b": "T1-05",
    "T1-09": 57.3,  # T1-02a, in points of 100
    "T2-04": "T2-03",
    "T9-03": 33.0,  # in March, as published with it
    "T9-05a": 42.0,
    "T9-05b": "T9-02d",
    "T10-02a": "T10-01a",
    "T10-02b": "T10-01a",
}
"""What was known before of the same thing: another target, or a number published beside it."""

EFFECTS = {"% change": (0.0, 1.0), "times as many": (1.0, 0.01), "odds ratio": (1.0, 0.01)}
"""Effects that can be averaged: what nothing is, and what a percent of change is, by unit."""


FEW_STUDIES = 2
"""Of fewer there is no average."""


def no_change(target: Target) -> float | None:
    """Return what a target would be if nothing changed; None of a level, which is no change."""
    return UNCHANGED.get(target.id, UNCHANGED_UNITS.get(target.unit))


def last_value(target: Target) -> float | None:
    """Return what was known before, or no change; None where neither is."""
    known = EARLIER.get(target.id)
    if known is None:
        return no_change(target)
    return TARGETS[known].middle if isinstance(known, str) else known


def average_effect(target: Target) -> float | None:
    """Return the mean effect in other studies of the same kind; None of fewer than two."""
    if target.unit not in EFFECTS:
        return None
    studies: dict[str, list[float]] = {}
    for t in TARGETS.values():
        same = kind_of(t.id) == kind_of(target.id) and t.study != target.study
        if same and t.numeric and t.role != "reported" and t.unit in EFFECTS:
            nothing, percent = EFFECTS[t.unit]
            studies.setdefault(t.study, []).append((t.middle - nothing) / percent)
    if len(studies) < FEW_STUDIES:
        return None
    nothing, percent = EFFECTS[target.unit]
    return nothing + percent * fmean(fmean(effects) for effects in studies.values())


NAIVE: Mapping[str, Callable[[Target], float | None]] = {
    "no change": no_change,
    "last value": last_value,
    "average effect": average_effect,
}
"""The naive forecasts by name; each gives a number, or None where it has none to give."""
