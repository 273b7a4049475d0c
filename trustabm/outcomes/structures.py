"""What whole alternatives of the model say of a finding: in how many it holds, and what is open."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from trustabm.outcomes.estimates import Estimate, Verdict

__all__ = ["FITS", "Open", "Structured", "holds", "open_why"]

FITS = 0.05
"""A structure of less weight than this hardly fits the studies; what it says opens no question."""

SIGNS = (Verdict.HIGHER, Verdict.LOWER)


class Open(StrEnum):
    """Why a question is open, in the words in which it is said."""

    NONE = "Open, since no structure of the model that fits the studies can tell,"
    AGAINST = "Open, since structures of the model that fit the studies contradict each other,"


class Structured(NamedTuple):
    """What structures say of one outcome, group and arm.

    Args:
        weights: By structure, of those that were drawn from; they add up to 1.
        draws: How many lots each has.
        estimates: What each says alone.
    """

    weights: dict[str, float]
    draws: dict[str, int]
    estimates: dict[str, Estimate]

    @property
    def verdicts(self) -> dict[str, Verdict]:
        """What can be said of the change in each structure."""
        return {name: e.verdict() for name, e in self.estimates.items()}


def holds(verdict: Verdict, of: Structured) -> str:
    """Return in how many structures a verdict holds, in words."""
    verdicts = list(of.verdicts.values())
    same, many = verdicts.count(verdict), len(verdicts)
    said = f"holds in {'all' if same == many else same or 'none'} of {many} structures"
    other = [v for v in verdicts if v in SIGNS and verdict in SIGNS and v is not verdict]
    return said + (f", the other way round in {len(other)}" if other else "")


def open_why(of: Structured) -> Open | None:
    """Return why structures leave a question open; None where they agree, or one of them can tell.

    Structures that hardly fit are not asked.
    """
    fit = {v for name, v in of.verdicts.items() if of.weights[name] >= FITS}
    if fit.issuperset(SIGNS):
        return Open.AGAINST
    return Open.NONE if fit <= {Verdict.CLOSE, Verdict.TOO_FEW, Verdict.NO_INTERVAL} else None
