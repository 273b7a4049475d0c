"""What all arms of an experiment, a scenario or a study share, whatever else its file says."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from trustabm.inputs import catalog
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Levers
from trustabm.inputs.rule import Rules
from trustabm.runs.classes import Classes
from trustabm.state.layout import WEEKS_MAX

__all__ = ["RESIDENTS_MAX", "Conditions", "Start"]

RESIDENTS_MAX = 20_000_000

FIRST, LAST = dt.date(1700, 1, 1), dt.date(2200, 1, 1)


def _within(day: dt.date) -> dt.date:
    if not FIRST <= day <= LAST:
        raise ValueError(f"expected a date from {FIRST} to {LAST}, got {day}")
    return day


Start = Annotated[catalog.Day, AfterValidator(_within)]
"""The first day of a run: so many weeks before and after it have dates that calendars hold."""


class Conditions(catalog.File):
    """What all arms share, whatever else a file says.

    Args:
        start: The date of the first week; where there is a burn-in, that on which the arms part.
        weeks: Weeks from there.
        residents: Residents simulated; rates do not depend on it beyond noise.
        seed: The seed of the world's luck; further replicates' are made of it and their number.
        local_policies: Whether the town's own dated policies are merged into every arm.
        levers: Lever values laid over every arm.
        parameters: Parameters that depart from their defaults.
        classes: Classes of one's own, `resident_class`, `police_class`, `ice_class`: subclasses of
            those in `trustabm.agents`, or their names as "package.module:Class". Agents then carry
            out the weeks, which is slow.
        rules: Rules of one's own in place of shipped ones, in every arm and from the first week on:
            those that `trustabm.rule` makes, or paths of Python files.
    """

    start: Start = dt.date(2010, 1, 1)
    weeks: int = Field(default=104, ge=1, le=WEEKS_MAX)
    residents: int = Field(default=5000, ge=20, le=RESIDENTS_MAX)
    seed: int = Field(default=0, ge=0, lt=2**63)
    local_policies: bool = False
    levers: Levers = Field(default_factory=dict)
    parameters: Parameters = Field(default_factory=Parameters)
    classes: Classes = Field(default_factory=dict)
    rules: Rules = ()

    @property
    def conditions(self) -> dict[str, Any]:
        """These values by name."""
        return {name: getattr(self, name) for name in Conditions.model_fields}
