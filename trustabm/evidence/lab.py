"""Worlds that many studies share: one past, branched into arms, all with the same luck.

Every arm is lived through when a study first asks for it, and once. Imported by the workers of a
calibration, so it knows neither Mesa nor pandas.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.evidence.roles import policies_of_roles
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.records import as_record
from trustabm.inputs.timeline import Timeline
from trustabm.rules import codes
from trustabm.runs.arms import TitledArm
from trustabm.runs.experiment import Experiment
from trustabm.state import journal
from trustabm.state.layout import ethnicity
from trustabm.week import survey
from trustabm.week.world import Plan, World

__all__ = ["YEARS", "Answers", "Lab", "LivedArm"]

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

START = dt.date(2010, 1, 1)
YEAR = 52
YEARS = 2
"""Years before the arms part, and years after: at least 24 months of each."""

FORCED = 0.9
"""Reporting by Latino victims relative to what it would be, in the arm that forces it."""

OPERATION, FIRST = 4, 2
"""Weeks that an operation of raids lasts, and those of them of which a fall was published."""

PATROLLED, PATROL_TIMES = 22, 3.0
"""Weeks of directed patrol (five months: Kochel & Weisburd 2017), and how many times as many stops
it means, which is ours."""

AFTERWARDS = 34
"""Weeks lived on after raids or directed patrol: eight months."""


class Answers(NamedTuple):
    """What all residents would say in a survey, each an array over residents."""

    trust: Floats
    risk: Floats
    worry: Floats


@dataclass(frozen=True)
class LivedArm:
    """A world at the end of its arm, with what happened in it.

    Args:
        world: The world.
        first: The week in which the arm began.
        waves: The world as it was in weeks of the arm in which people are asked.
    """

    world: World
    first: int
    waves: Mapping[int, World] = field(default_factory=dict)

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

    def propensities(
        self, mix: Floats, who: Bools, wave: int | None = None, *, fear: bool = True
    ) -> Floats:
        """Return residents' own chances of reporting a crime.

        Args:
            mix: Share of each kind of crime.
            who: Whether each resident is asked; the chances of others are 0.
            wave: The week of the arm; its end if not given.
            fear: Whether with what fear takes from it.
        """
        world = self.world if wave is None else self.waves[wave]
        out = np.empty(len(world.state.residents))
        w = world.belongings(_in_force(world))
        if not fear:
            fearless = world.parameters.model_copy(update={"fear": False})
            w = w._replace(p=as_record(fearless)[0])
        survey.chances(w, mix, who, out)
        return out

    def answers(self, wave: int | None = None) -> Answers:
        """Return what all residents would say of trust, risk and worry.

        Args:
            wave: The week of the arm; its end if not given.
        """
        world = self.world if wave is None else self.waves[wave]
        answers = Answers(*np.empty((3, len(world.state.residents))))
        survey.answers(world.belongings(_in_force(world)), *answers)
        return answers

    def avoiding(self) -> Bools:
        """Return who avoids going out at the end of the arm."""
        out = np.empty(len(self.residents))
        survey.avoiding(self.world.belongings(_in_force(self.world)), out)
        return out > 0.0

    @property
    def levers(self) -> Any:
        """The levers in force at the end, as rules read them."""
        return _in_force(self.world)[0]


def _in_force(world: World) -> Any:
    return world.plan.levers[world.plan.at(world.week - 1)]


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
        policies: The levers of each role; those of `evidence.roles` if not given.
    """

    def __init__(
        self,
        place: str,
        residents: int,
        parameters: Parameters,
        seed: int,
        policies: Mapping[str, Policy] | None = None,
    ) -> None:
        self.policies = dict(policies) if policies is not None else policies_of_roles()
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
        now: str,
        weeks: int = YEARS * YEAR,
        parameters: Parameters | None = None,
        waves: Sequence[int] = (),
    ) -> LivedArm:
        """Live through weeks under the levers of a role; what people did not expect is news.

        Args:
            past: The world from which the arm parts.
            now: The role of the arm.
            weeks: Weeks of the arm.
            parameters: What an experiment forces; as in the past if not given.
            waves: Weeks of the arm, ascending, in which people are asked.
        """
        line = Timeline.always(self.policies[now], now)
        plan = Plan([line], START, weeks, offset=past.week)
        world = past.branch(plan, keep_events=True, parameters=parameters)
        first, kept = past.week, {}
        for wave in waves:
            world.run_for(first + wave - world.week)
            kept[wave] = world.branch(plan)
        world.run_for(first + weeks - world.week)
        return LivedArm(world, first, kept)

    def from_past(self, role: str, weeks: int = YEARS * YEAR) -> LivedArm:
        """Live through a role from the day the arms part."""
        return self.arm(self.past, role, weeks)

    @cached_property
    def without(self) -> LivedArm:
        """The counterfactual: the years before go on, and people are asked now and then."""
        waves = (0, FIRST, PATROLLED, YEAR, PATROLLED + AFTERWARDS)
        return self.arm(self.past, "before", waves=waves)

    @cached_property
    def communities(self) -> LivedArm:
        """Secure Communities from the day the arms part."""
        return self.from_past("communities")

    @cached_property
    def forced(self) -> LivedArm:
        """The counterfactual with Latino reporting forced down, and nothing else changed."""
        usual = self.experiment.parameters
        other = usual.model_copy(update={"latino_reporting": FORCED * usual.latino_reporting})
        return self.arm(self.past, "before", parameters=other)

    @cached_property
    def jail(self) -> LivedArm:
        """A 287(g) jail agreement from the day the arms part."""
        return self.from_past("jail")

    @cached_property
    def convicted(self) -> LivedArm:
        """Secure Communities in which ICE acts on convictions alone."""
        return self.from_past("convicted")

    @cached_property
    def announced(self) -> LivedArm:
        """A year in which federal announcements say that everybody is sought; no rule changes."""
        return self.from_past("announced", YEAR)

    @cached_property
    def steady(self) -> LivedArm:
        """Secure Communities goes on after two years of it."""
        return self.arm(self.communities.world, "communities")

    @cached_property
    def priorities(self) -> LivedArm:
        """The Priority Enforcement Program, for a year after two of Secure Communities."""
        return self.arm(self.communities.world, "priorities", YEAR)

    @cached_property
    def sanctuary(self) -> LivedArm:
        """Sanctuary after two years of Secure Communities."""
        return self.arm(self.communities.world, "sanctuary")

    @cached_property
    def eighties(self) -> LivedArm:
        """A year under the rules of the 1980s, which mean no more risk than those before."""
        return self.arm(self.past, "eighties", YEAR)

    @cached_property
    def eighties_on(self) -> LivedArm:
        """The rules of the 1980s go on."""
        return self.arm(self.eighties.world, "eighties")

    @cached_property
    def refuge(self) -> LivedArm:
        """Sanctuary as cities had it under the rules of the 1980s."""
        return self.arm(self.eighties.world, "refuge")

    @cached_property
    def amnesty(self) -> LivedArm:
        """Legalization under the rules of the 1980s."""
        return self.arm(self.eighties.world, "amnesty")

    @cached_property
    def raided(self) -> LivedArm:
        """An operation of raids in a town whose jail refuses."""
        return self.arm(self.past, "raids", OPERATION, waves=(FIRST,))

    @cached_property
    def raided_then(self) -> LivedArm:
        """What comes after it: no more raids."""
        return self.arm(self.raided.world, "before", AFTERWARDS)

    @cached_property
    def patrolled(self) -> LivedArm:
        """Directed patrol: many more stops, and nothing else changed."""
        usual = self.experiment.parameters
        other = usual.model_copy(update={"stop_rate": PATROL_TIMES * usual.stop_rate})
        return self.arm(self.past, "before", PATROLLED, parameters=other)

    @cached_property
    def patrolled_then(self) -> LivedArm:
        """What comes after it: stops as usual."""
        usual = self.experiment.parameters
        return self.arm(self.patrolled.world, "before", AFTERWARDS, parameters=usual)
