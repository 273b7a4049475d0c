"""Scenarios: everything that makes a run, in one strict model that a TOML file fills."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from trustabm.errors import Contradiction, InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Levers, patched
from trustabm.inputs.timeline import Change, Timeline, timeline
from trustabm.inputs.town import Town, town
from trustabm.state.layout import WEEKS_MAX
from trustabm.week.world import Plan, World

__all__ = ["Neighbor", "Scenario", "Start", "overlaid"]

RESIDENTS_MAX = 20_000_000

FIRST, LAST = dt.date(1700, 1, 1), dt.date(2200, 1, 1)


def _within(day: dt.date) -> dt.date:
    if not FIRST <= day <= LAST:
        raise ValueError(f"expected a date from {FIRST} to {LAST}, got {day}")
    return day


Start = Annotated[catalog.Day, AfterValidator(_within)]
"""The first day of a run: so many weeks before and after it have dates that calendars hold."""


class Neighbor(catalog.Strict):
    """Another town of the region that shares the ICE field office.

    Args:
        town: A shipped town's name or a TOML file.
        policy: What is in force there: a policy, a timeline, or a TOML file.
        residents: Residents simulated.
    """

    town: catalog.Reference
    policy: catalog.Reference = "none"
    residents: int = Field(default=5000, ge=20, le=RESIDENTS_MAX)


class Scenario(catalog.File):
    """A town, a policy or timeline, dates, residents, a seed, and what departs from the defaults.

    Args:
        town: A shipped town's name or the path of a TOML file.
        policy: A policy, a timeline, or the path of a TOML file of either.
        start: The date of the first week.
        weeks: Weeks to run.
        residents: Residents simulated; rates do not depend on it beyond noise.
        seed: The seed of the world's luck.
        local_policies: Whether the town's own dated policies are merged into the timeline.
        levers: Lever values laid over every policy of the timeline.
        parameters: Parameters that depart from their defaults.
        neighbors: Other towns of the region, sharing the ICE field office.
    """

    town: catalog.Reference = "us-average"
    policy: catalog.Reference = "none"
    start: Start = dt.date(2010, 1, 1)
    weeks: int = Field(default=260, ge=1, le=WEEKS_MAX)
    residents: int = Field(default=5000, ge=20, le=RESIDENTS_MAX)
    seed: int = Field(default=0, ge=0, lt=2**63)
    local_policies: bool = False
    levers: Levers = Field(default_factory=dict)
    parameters: Parameters = Field(default_factory=Parameters)
    neighbors: tuple[Neighbor, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        self.places()
        self.plan()
        return self

    @classmethod
    def words(cls) -> list[str]:
        """Return every key that may stand in one, parameters among them."""
        return [*cls.model_fields, *Parameters.model_fields]

    def places(self) -> list[tuple[Town, int]]:
        """Return every town of the region with its residents; the scenario's own comes first."""
        own = (town(self.town), self.residents)
        return [own, *((town(n.town), n.residents) for n in self.neighbors)]

    def timelines(self) -> list[Timeline]:
        """Return every town's timeline, overrides and local policies laid in."""
        own = timeline(self.policy)
        if self.local_policies:
            place = town(self.town)
            own = own.merged(place.changes, place.title)
        if self.levers:
            own = overlaid(own, self.levers)
        return [own, *(timeline(n.policy) for n in self.neighbors)]

    def plan(self) -> Plan:
        """Return the levers in force, week by week."""
        return Plan(self.timelines(), self.start, self.weeks)

    def world(self, *, keep_events: bool = False) -> World:
        """Return the world of this scenario before its first week."""
        return World.synthesize(
            self.places(), self.parameters, self.plan(), self.seed, keep_events=keep_events
        )


def overlaid(base: Timeline, levers: dict[str, Any]) -> Timeline:
    """Return a timeline in which these levers hold throughout, whatever else changes.

    Raises:
        InvalidInput: where they contradict what is in force on some day.
    """
    changes = []
    for date, policy in base.dated():
        try:
            whole = patched(policy, levers).model_dump()
        except Contradiction as e:
            when = "from the start" if date == dt.date.min else f"on {date}"
            raise InvalidInput(f"levers: with {base.title} {when}: {e}") from e
        changes.append(Change(date=date, sentence="overrides", source="scenario", levers=whole))
    return base.model_copy(update={"start": "none", "changes": tuple(changes)})
