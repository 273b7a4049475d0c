"""Replicates of a comparison: one town and luck each, all arms from the same past.

Imported by worker processes, so it knows neither Mesa nor pandas.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Change, Timeline
from trustabm.inputs.town import Town
from trustabm.outcomes.measures import counts, earlier, town_counts
from trustabm.rules.luck import seed_of
from trustabm.runs.processes import how_many
from trustabm.runs.processes import pool as processes
from trustabm.week.world import Plan, World

__all__ = ["Design", "Lived", "arm", "held", "live", "past", "replicates"]

Floats = npt.NDArray[np.float64]

SECONDS_PER_RESIDENT = 5e-6  # to synthesize a town; measured
SECONDS_PER_RESIDENT_WEEK = 1e-8  # to live through; measured
IN_FLIGHT = 4  # replicates that wait in a shared pool
WORTH_PROCESSES = 20.0  # seconds of work; workers need several to start


@dataclass(frozen=True)
class Design:
    """What every replicate of a comparison lives through.

    Args:
        place: The town.
        arms: A timeline for each arm; the first is the reference.
        start: The date on which the arms part.
        weeks: Weeks from there.
        burn_in: Weeks lived before, under what the reference has in force at `start`.
        residents: Residents simulated.
        seed: The root seed; `luck.seed_of` makes each replicate's of it and its number.
        parameters: The parameters of all arms.
        draws: Parameter sets to spread the replicates over, the same for all arms; `parameters`
            alone if there are none.
    """

    place: Town
    arms: tuple[Timeline, ...]
    start: dt.date
    weeks: int
    burn_in: int
    residents: int
    seed: int
    parameters: Parameters
    draws: tuple[Parameters, ...] = ()

    @cached_property
    def before(self) -> Policy:
        """The policy in force until the arms part."""
        return self.arms[0].schedule(self.start, 1)[0][1]

    def plan(self, arm: int) -> Plan:
        """Return what an arm has in force from `start` on, and what is news of it."""
        return Plan(
            [self.arms[arm]], self.start, self.weeks, offset=self.burn_in, before=[self.before]
        )

    def same_rules(self, arm: int) -> bool:
        """Return whether an arm has the same in force as the reference, week by week."""
        plans = self.plan(0), self.plan(arm)
        return all(
            np.array_equal(*(getattr(p, x) for p in plans)) for x in ("weeks", "levers", "news")
        )

    def spread(self, replicates: int) -> list[int]:
        """Return which draw each of so many replicates lives by, 0 for all if there are none.

        Neighbors share a draw, so that luck can be told from it.
        """
        return [k * len(self.draws) // replicates for k in range(replicates)]

    def at(self, draw: int) -> Design:
        """Return the design with the parameters of one draw for all."""
        if not self.draws:
            return self
        return replace(self, parameters=self.draws[draw], draws=())

    def seconds(self) -> float:
        """Return about how long one replicate takes."""
        lived = self.burn_in + self.weeks * len(self.arms)
        return self.residents * (SECONDS_PER_RESIDENT + SECONDS_PER_RESIDENT_WEEK * lived)


class Lived(NamedTuple):
    """Counts of one replicate; rows are by group of the day, then by group of each week."""

    past: Floats  # (burn_in, 2 * groups, fields)
    town_past: Floats  # (burn_in, fields)
    weeks: Floats  # (arms, weeks, 2 * groups, fields)
    town_weeks: Floats  # (arms, weeks, fields)


def held(policy: Policy, title: str) -> Timeline:
    """Return the timeline in which a policy is in force for ever."""
    first = Change(
        date=dt.date.min,
        sentence=title,
        source="as given",
        levers=policy.model_dump(),
    )
    return Timeline(title=title, changes=(first,))


def past(design: Design, replicate: int) -> World:
    """Return the world of a replicate on the day its arms part."""
    plan = Plan([held(design.before, "before")], design.start, max(1, design.burn_in))
    places = [(design.place, design.residents)]
    world = World.synthesize(places, design.parameters, plan, seed_of(design.seed, replicate))
    world.run_for(design.burn_in)
    return world


def arm(design: Design, number: int, replicate: int, *, keep_events: bool) -> World:
    """Return the world of one arm of one replicate at its end."""
    world = past(design, replicate).branch(design.plan(number), keep_events=keep_events)
    world.run_for(design.weeks)
    return world


def live(design: Design, replicate: int) -> Lived:
    """Live through one replicate."""
    before = past(design, replicate)
    arms, town_arms = [], []
    for k in range(len(design.arms)):
        world = before.branch(design.plan(k))
        world.run_for(design.weeks)
        arms.append(counts(world.tally[:, 0]))
        town_arms.append(town_counts(world.town_tally[:, 0]))
    return Lived(
        earlier(counts(before.tally[:, 0]), arms[0]),
        town_counts(before.town_tally[:, 0]),
        np.stack(arms),
        np.stack(town_arms),
    )


def replicates(
    design: Design,
    number: int,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    pool: Executor | None = None,
) -> Iterator[tuple[int, Lived]]:
    """Yield `(replicate, what it counted)`, in order.

    Args:
        design: What to live through.
        number: Replicates.
        workers: Processes; as many as there are processors if not given, and this process alone
            where starting others would take longer than it saves.
        progress: Called with replicates done and replicates in all.
        pool: Processes to use instead of new ones. Few replicates wait in it at a time, so that
            those who share it take turns.
    """
    each = [design.at(draw) for draw in design.spread(number)]
    if pool is not None:
        waiting: deque[Future[Lived]] = deque()
        try:
            for k in range(number):
                while len(waiting) < IN_FLIGHT and k + len(waiting) < number:
                    ahead = k + len(waiting)
                    waiting.append(pool.submit(live, each[ahead], ahead))
                yield k, waiting.popleft().result()
                if progress is not None:
                    progress(k + 1, number)
        finally:
            for future in waiting:
                future.cancel()
        return
    worth = number * design.seconds() > WORTH_PROCESSES
    many = how_many(1 if workers is None and not worth else workers, number)
    if many <= 1:
        for k in range(number):
            yield k, live(each[k], k)
            if progress is not None:
                progress(k + 1, number)
        return
    live(each[0], 0)  # compiles once, so that the workers find the code on disk
    with processes(many) as executor:
        # In order, so that sums do not depend on which process was faster.
        for k, lived in enumerate(executor.map(live, each, range(number))):
            yield k, lived
            if progress is not None:
                progress(k + 1, number)
