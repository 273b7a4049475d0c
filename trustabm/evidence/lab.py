"""Worlds that many studies share: one past, branched into arms, all with the same luck.

Every arm is lived through when a study first asks for it, and once. Imported by the workers of a
calibration, so it knows neither Mesa nor pandas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.inputs import catalog
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Preset, Timeline, policy
from trustabm.rules import codes
from trustabm.runs.experiment import Experiment, TitledArm
from trustabm.state import journal
from trustabm.state.layout import ethnicity
from trustabm.week import survey
from trustabm.week.world import Plan, World

__all__ = ["YEARS", "Lab", "LivedArm", "presets"]

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

START = dt.date(2010, 1, 1)
YEAR = 52
YEARS = 2
"""Years before the arms part, and years after: at least 24 months of each."""

FORCED = 0.9
"""Reporting by Latino victims relative to what it would be, in the arm that forces it."""


def presets() -> dict[str, Policy]:
    """Return the levers of every arm by the role it plays in the studies."""
    communities = policy("secure-communities")
    return {
        "before": policy("none"),
        "communities": communities,
        "priorities": policy("priority-enforcement"),
        "sanctuary": policy("sanctuary"),
        "jail": policy("287g-jail"),
        "amnesty": catalog.read("policies", "irca-1986", Preset).laid_on(communities),
    }


@dataclass(frozen=True)
class LivedArm:
    """A world at the end of its arm, with what happened in it.

    Args:
        world: The world.
        first: The week in which the arm began.
    """

    world: World
    first: int

    @cached_property
    def events(self) -> dict[str, Array]:
        """The event tables of the arm."""
        return journal.frames(self.world.tables)

    @property
    def residents(self) -> Array:
        """The residents at the end of the arm."""
        return self.world.state.residents

    @property
    def latino(self) -> Array:
        """Whether each resident is Latino."""
        latino: Array = ethnicity(self.world.state) == 0
        return latino

    def during(self, table: str, start: int = 0, end: int | None = None) -> Array:
        """Return the events of weeks `start` to `end` of the arm."""
        rows = self.events[table]
        last = len(self.world.tally) if end is None else end
        week = rows["week"]
        return _chosen(rows, (week >= self.first + start) & (week < self.first + last))

    def total(self, field: str, group: str, start: int = 0, end: int | None = None) -> float:
        """Return a tally summed over weeks `start` to `end` of the arm, of who is in a group then.

        Studies ask for the status that people have, not for what it was when the arms parted.

        Args:
            field: The tally.
            group: `latino`, `other` (everybody else), `undocumented` (of Latino residents), `all`.
            start: The first week.
            end: The week after the last.
        """
        pairs = self.world.state.pairs
        latino = pairs["ethnicity"] == 0
        undocumented = pairs["now"] == codes.UNDOCUMENTED_PART
        counted = {"latino": latino, "other": ~latino, "undocumented": undocumented}
        tally = self.world.tally[field][start:end, 0]
        return float(tally[:, counted.get(group, latino | ~latino)].sum())

    def crimes_against(self, group: str, start: int = 0, end: int | None = None) -> Array:
        """Return the crimes whose victims are of a group.

        Ethnicity stays with a place, so that of the resident at the end is the victim's.
        """
        rows = self.during("crimes", start, end)
        victims = self.residents[rows["victim"]]
        kept = np.ones(len(rows), np.bool_)
        if group != "all":
            kept = self.latino[rows["victim"]] == (group != "other")
        if group == "undocumented":
            kept = kept & (victims["status"] == codes.UNDOCUMENTED)
        return _chosen(rows, kept)

    def mix_against(self, group: str) -> Floats:
        """Return the share of each kind among the crimes against a group."""
        kinds = self.crimes_against(group)["kind"].astype(np.int64)
        counted = np.bincount(kinds, minlength=len(codes.KINDS)).astype(np.float64)
        mix: Floats = counted / max(1.0, float(counted.sum()))
        return mix

    def propensities(self, mix: Floats) -> Floats:
        """Return each resident's own chance of reporting a crime, now.

        Args:
            mix: Share of each kind of crime.
        """
        out = np.empty(len(self.residents))
        plan = self.world.plan
        levers = plan.levers[plan.at(self.world.week - 1)]
        survey.chances(self.world.belongings(levers), mix, out)
        return out

    @property
    def levers(self) -> Any:
        """The levers in force at the end, as rules read them."""
        plan = self.world.plan
        return plan.levers[plan.at(self.world.week - 1)][0]


def _chosen(rows: Array, which: Array) -> Array:
    kept: Array = rows[which]
    return kept


class Lab:
    """The arms of one replicate in one town.

    Args:
        place: A town's name or file.
        residents: Residents simulated.
        parameters: The parameters of all arms.
        seed: The seed of this replicate's luck.
        policies: The levers of each role; those of the shipped presets if not given.
    """

    def __init__(
        self,
        place: str,
        residents: int,
        parameters: Parameters,
        seed: int,
        policies: Mapping[str, Policy] | None = None,
    ) -> None:
        self.policies = dict(policies) if policies is not None else presets()
        self.experiment = Experiment(
            town=place,
            arms={"before": TitledArm(line=Timeline.always(self.policies["before"], "before"))},
            start=START,
            weeks=YEARS * YEAR,
            burn_in=YEARS * YEAR,
            residents=residents,
            replicates=1,
            seed=seed,
            parameters=parameters,
        )

    @cached_property
    def start(self) -> World:
        """The town before its first week."""
        return self.experiment.world()

    @cached_property
    def past(self) -> World:
        """The town when the arms part, after years without entanglement."""
        world = self.start.branch(self.start.plan)
        world.run_for(self.experiment.burn_in)
        return world

    def arm(
        self,
        past: World,
        before: str,
        now: str,
        weeks: int = YEARS * YEAR,
        parameters: Parameters | None = None,
    ) -> LivedArm:
        """Live through weeks under the levers of a role; a change of levers is news."""
        plan = Plan(
            [Timeline.always(self.policies[now], now)],
            START,
            weeks,
            offset=past.week,
            before=[self.policies[before]],
        )
        world = past.branch(plan, keep_events=True, parameters=parameters)
        first = past.week
        world.run_for(weeks)
        return LivedArm(world, first)

    @cached_property
    def without(self) -> LivedArm:
        """The counterfactual: the years before go on."""
        return self.arm(self.past, "before", "before")

    @cached_property
    def communities(self) -> LivedArm:
        """Secure Communities from the day the arms part."""
        return self.arm(self.past, "before", "communities")

    @cached_property
    def forced(self) -> LivedArm:
        """The counterfactual with Latino reporting forced down, and nothing else changed."""
        usual = self.experiment.parameters
        other = usual.model_copy(update={"latino_reporting": FORCED * usual.latino_reporting})
        return self.arm(self.past, "before", "before", parameters=other)

    @cached_property
    def jail(self) -> LivedArm:
        """A 287(g) jail agreement from the day the arms part."""
        return self.arm(self.past, "before", "jail")

    @cached_property
    def steady(self) -> LivedArm:
        """Secure Communities goes on after two years of it."""
        return self.arm(self.communities.world, "communities", "communities")

    @cached_property
    def priorities(self) -> LivedArm:
        """The Priority Enforcement Program, for a year after two of Secure Communities."""
        return self.arm(self.communities.world, "communities", "priorities", YEAR)

    @cached_property
    def sanctuary(self) -> LivedArm:
        """Sanctuary after two years of Secure Communities."""
        return self.arm(self.communities.world, "communities", "sanctuary")

    @cached_property
    def amnesty(self) -> LivedArm:
        """Legalization while Secure Communities goes on."""
        return self.arm(self.communities.world, "communities", "amnesty")
