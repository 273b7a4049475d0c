"""Short ways to make worlds and to read them, for every folder of tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from trustabm.inputs.groups import CURRENT, SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.records import as_record
from trustabm.outcomes.glossary import OUTCOMES
from trustabm.rules import codes
from trustabm.runs.scenario import Scenario
from trustabm.week.world import World


def p(**values: Any) -> Any:
    """Return parameters as rules read them."""
    return as_record(Parameters(**values))[0]


def lv(**values: Any) -> Any:
    """Return levers as rules read them."""
    return as_record(Policy(**values))[0]


def lived(*, keep_events: bool = False, **scenario: Any) -> World:
    """Return the world of a scenario after all its weeks."""
    whole = Scenario.model_validate(scenario)
    world = whole.world(keep_events=keep_events)
    world.run_for(whole.weeks)
    return world


def summed(worlds: Iterable[World], name: str, weeks: int = 0, group: str = "all") -> float:
    """Return a tally summed over worlds, towns, last `weeks` and who was of `group` on day 0.

    Of `current-` groups, who is of them in each week; a denominator is then of those weeks too.
    """
    now = group.startswith(CURRENT)
    group, name = (group.removeprefix(CURRENT), name.removeprefix("base_" if now else ""))
    groups = [SHIPPED.names.index(g) for g in SHIPPED.aggregates.get(group, (group,))]
    pairs = [k for k, pair in enumerate(codes.pairs(2)) if pair[now] in groups]
    return float(sum(w.tally[name][-weeks:, :, pairs].sum() for w in worlds))


def outcome(worlds: Iterable[World], name: str, weeks: int = 0, group: str = "all") -> float:
    """Return an outcome of the glossary, pooled over worlds; NaN where its denominator is 0."""
    many, what = list(worlds), OUTCOMES[name]
    over = sum(summed(many, n, weeks, group) for n in what.over)
    under = sum(summed(many, n, weeks, group) for n in what.under)
    return what.scale * over / under if under else float("nan")


def digest(world: World) -> str:
    """Return a digest of every column and every tally of a world."""
    seen = hashlib.blake2b(digest_size=16)
    for array in (*world.state, world.tally, world.town_tally):
        plain = np.ascontiguousarray(array)
        for name in plain.dtype.names or ("",):  # by field: what pads a record is not the world
            seen.update(np.ascontiguousarray(plain[name] if name else plain).tobytes())
    return seen.hexdigest()


def same(one: World, other: World) -> bool:
    """Return whether two worlds are the same, bit for bit."""
    return digest(one) == digest(other)
