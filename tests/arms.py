"""Large towns branched into arms with the same luck, for checks of what policies do."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import START, Lab, LivedArm
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy, patched
from trustabm.inputs.timeline import Timeline, policy
from trustabm.week.world import Plan

RESIDENTS = 60_000
SEEDS = (11, 12, 13)

Stage = tuple[int, Policy]
Arms = tuple[LivedArm, ...]


@cache
def laboratory(seed: int, place: str = "harris-tx") -> Lab:
    """Return a town after two years without entanglement."""
    return Lab(place, RESIDENTS, Parameters(), seed)


@cache
def lived(*stages: Stage, place: str = "harris-tx") -> Arms:
    """Return an arm a seed: each stage's weeks under its policy, one after the other."""
    found = []
    for seed in SEEDS:
        past = laboratory(seed, place).past
        world, first = None, past.week
        for weeks, levers in stages:
            at = world or past
            plan = Plan([Timeline.always(levers, "arm")], START, weeks, offset=at.week)
            world = past.branch(plan, keep_events=True) if world is None else world
            world.plan = plan
            world.run_for(weeks)
        assert world is not None
        found.append(LivedArm(world, first))
    return tuple(found)


def under(name: str, **levers: float) -> Policy:
    """Return a preset's levers with some set anew."""
    return patched(policy(name), levers)


def reporting(
    arms: Arms, group: str = "latino", start: int = 0, end: int = 104
) -> npt.NDArray[np.float64]:
    """Return how likely crimes against a group were to be reported, a seed at a time."""
    chances = [a.crimes_against(group, start, end)["chance"] for a in arms]
    return np.array([float(c.mean()) for c in chances])


def change(
    arms: Arms,
    than: Arms,
    group: str = "latino",
    start: int = 0,
    end: int = 104,
) -> float:
    """Return the change of reporting in %, mean over seeds: same town, same luck."""
    now, was = (reporting(a, group, start, end) for a in (arms, than))
    return float(100 * (now / was - 1).mean())


def victimized(
    arms: Arms,
    than: Arms,
    group: str = "latino",
    start: int = 0,
    end: int = 104,
) -> float:
    """Return the change of victimization in %, pooled over seeds."""
    now, was = (sum(len(a.crimes_against(group, start, end)) for a in x) for x in (arms, than))
    return 100 * (now / was - 1)
