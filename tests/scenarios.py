"""Hypothesis strategies: random towns, levers and timelines that contradict nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from trustabm.inputs import catalog
from trustabm.inputs.declare import declarations
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import Change, Timeline
from trustabm.inputs.town import town
from trustabm.week.world import Plan, World

START = dt.date(2010, 1, 1)


def _agreed(levers: dict[str, Any]) -> dict[str, Any]:
    """Settle what would contradict itself, deputized officers and firewalls first."""
    if levers.get("deputized_share", 0.0) > 0:
        levers["ask_status"] = "stop"
    for asked in ("ask_victims", "ask_witnesses"):
        if asked in levers:
            levers[asked] *= 0.999 * (1 - levers.get("firewall", 0.0))
    return levers


def values(model: Any, kinds: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for some declared values of a model, each within its bounds."""
    each = {}
    for d in declarations(model):
        if d.kind not in kinds:
            continue
        if d.choices:
            each[d.name] = st.sampled_from(d.choices)
        elif d.kind == "mechanism":
            each[d.name] = st.booleans()
        else:
            each[d.name] = st.floats(d.low, d.high, allow_subnormal=False)
    return st.fixed_dictionaries({}, optional=each)


levers = values(Policy, ("lever",)).map(_agreed)
parameters = values(Parameters, ("uncertainty", "mechanism", "experiment"))


@st.composite
def regions(draw: st.DrawFn, weeks: int = 40) -> dict[str, Any]:
    """Draw what makes a world: towns, parameters, seed, and a policy that changes midway."""
    towns = draw(st.lists(st.sampled_from(catalog.names("towns")), min_size=1, max_size=2))
    sizes = [draw(st.integers(50, 1200)) for _ in towns]
    timelines = []
    for _ in towns:
        changes = [Change(date=dt.date(2001, 1, 1), sentence="s", source="s", levers=draw(levers))]
        if draw(st.booleans()):
            day = START + dt.timedelta(days=draw(st.integers(7, 7 * weeks)))
            # A preset resets the levers, so the second set cannot contradict the first.
            changes.append(
                Change(date=day, sentence="s", source="s", policy="none", levers=draw(levers))
            )
        timelines.append(Timeline(title="t", changes=tuple(changes)))
    return {
        "places": [(town(t), n) for t, n in zip(towns, sizes, strict=True)],
        "parameters": Parameters(**draw(parameters)),
        "timelines": timelines,
        "seed": draw(st.integers(0, 2**63 - 1)),
    }


def born(region: dict[str, Any], weeks: int = 60, *, keep_events: bool = False) -> World:
    """Return a drawn world before its first week."""
    plan = Plan(region["timelines"], START, weeks)
    return World.synthesize(
        region["places"], region["parameters"], plan, region["seed"], keep_events=keep_events
    )
