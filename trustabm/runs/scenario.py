"""Scenarios: an experiment with one arm and no burn-in, as a TOML file says it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import Field, ValidationError, ValidationInfo, model_validator

from trustabm.errors import problems
from trustabm.inputs import catalog
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.timeline import Timeline
from trustabm.inputs.town import Town, TownName
from trustabm.runs.arms import TitledArm
from trustabm.runs.conditions import Conditions
from trustabm.runs.experiment import Experiment
from trustabm.runs.own import Own, taken
from trustabm.runs.region import Neighbor, split
from trustabm.state.layout import WEEKS_MAX
from trustabm.week.world import Plan, World

__all__ = ["Scenario"]


class Scenario(Conditions):
    """A town, a policy or timeline, dates, residents, a seed, and what departs from the defaults.

    Args:
        town: A shipped town's name or the path of a TOML file, or several joined by +.
        policy: A policy, a timeline, or the path of a TOML file of either. In Python a `Policy` or
            a `Timeline` itself may stand there, and a `Town` as the town.
        start: The date of the first week.
        weeks: Weeks to run.
        residents: Residents simulated; rates do not depend on it beyond noise.
        seed: The seed of the world's luck.
        local_policies: Whether the town's own dated policies are merged into the timeline.
        levers: Lever values laid over every policy of the timeline.
        parameters: Parameters that depart from their defaults.
        neighbors: Other towns of the region, sharing the ICE field office.
        classes: Classes of one's own, by `resident_class`, `police_class`, `ice_class`.
        rules: Rules of one's own in place of shipped ones, as `trustabm.rule` makes them, or paths
            of Python files that hold some.
        own: Towns and policies that were given whole, by the names that stand for them here.

    Example:
        >>> mine = Scenario(policy=Policy(firewall=1.0), weeks=52)
        >>> mine.timelines()[0].title
        'Own policy'
    """

    town: TownName = "us-average"
    policy: catalog.PolicyName = "none"
    weeks: int = Field(default=260, ge=1, le=WEEKS_MAX)
    neighbors: tuple[Neighbor, ...] = ()
    own: Own = Field(default_factory=Own)

    @model_validator(mode="before")
    @classmethod
    def _takes_regions(cls, values: Any, info: ValidationInfo) -> Any:
        folder = (info.context or {}).get("folder")
        return split(taken(values, folder), folder)

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        try:
            self.experiment()
        except ValidationError as e:
            raise ValueError("\n".join(problems(e, self.words()))) from e
        return self

    @classmethod
    def words(cls) -> list[str]:
        """Return every key that may stand in one, parameters among them."""
        return [*cls.model_fields, *Parameters.model_fields]

    @classmethod
    def shared(
        cls, conditions: Conditions, town: str, neighbors: tuple[Neighbor, ...] = ()
    ) -> Scenario:
        """Return what the arms of an experiment or a study share, as it was checked there."""
        return cls.model_construct(**conditions.conditions, town=town, neighbors=neighbors)

    def with_classes(self, classes: Mapping[str, Any], where: str) -> Scenario:
        """Return the scenario with classes of one's own besides those that it names.

        Args:
            classes: By `resident_class`, `police_class`, `ice_class`.
            where: Where they come from, for messages.

        Raises:
            InvalidInput: for what is no such class.
        """
        return Scenario.make({**dict(self), "classes": {**self.classes, **classes}}, where)

    def experiment(self) -> Experiment:
        """Return what is run, with every file read as it is now."""
        return Experiment(
            **self.conditions,
            town=self.town,
            arms={"policy": TitledArm(policy=self.policy)},
            burn_in=0,
            replicates=1,
            draws=0,
            neighbors=self.neighbors,
            own=self.own,
        )

    @cached_property
    def whole(self) -> Scenario:
        """The same with all that its files say in it, and no path."""
        e = self.experiment().whole
        (arm,) = e.arms.values()
        held = {"town": e.town, "policy": arm.policy, "neighbors": e.neighbors, "own": e.own}
        return Scenario.model_construct(**dict(self) | held)

    def places(self) -> list[tuple[Town, int]]:
        """Return every town of the region with its residents; the scenario's own comes first."""
        return self.experiment().places

    def timelines(self) -> list[Timeline]:
        """Return every town's timeline, overrides and local policies laid in."""
        experiment = self.experiment()
        return [*experiment.lines, *experiment.around]

    def plan(self) -> Plan:
        """Return the levers in force, week by week."""
        return self.experiment().plan()

    def world(self, *, keep_events: bool = False) -> World:
        """Return the world of this scenario before its first week."""
        return self.experiment().world(keep_events=keep_events)
