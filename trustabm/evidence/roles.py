"""The levers of every role that arms of the studies play.

A role is not a preset: studies ask for what was in force where and when they were made.
"""

from __future__ import annotations

from trustabm.inputs import catalog
from trustabm.inputs.policy import Policy, patched
from trustabm.inputs.timeline import Preset, policy

__all__ = ["policies_of_roles"]

EVERYBODY = dict.fromkeys(
    ("priority_none", "priority_misdemeanor", "priority_felony", "priority_violent"), 1.0
)
"""No class of people who can be removed is exempt (Executive Orders 13768 and 14159)."""

RAIDS = EVERYBODY | {"raids": 0.4, "collateral": 0.3}
"""Arrests a week per 1,000 undocumented residents as in Los Angeles in June 2025 (its file),
by agents who seek everybody and arrest others they meet."""

EIGHTIES_AT_LARGE = 0.1
"""Share of ICE's hours spent at large; ours: no jail shared fingerprints, little is known of how
far from the border and from workplaces the immigration service of then was felt."""


def policies_of_roles() -> dict[str, Policy]:
    """Return the levers of every role by its name."""
    none, communities = policy("none"), policy("secure-communities")
    eighties = patched(none, {"at_large_share": EIGHTIES_AT_LARGE})
    sanctuary = policy("sanctuary")
    return {
        "before": none,
        "communities": communities,
        "convicted": patched(communities, {"priority_none": 0.0}),
        "priorities": policy("priority-enforcement"),
        "sanctuary": sanctuary,
        "jail": policy("287g-jail"),
        "task force": policy("287g-task-force-2006"),
        "eighties": eighties,
        "amnesty": catalog.read("policies", "irca-1986", Preset).laid_on(eighties),
        # No jail was asked for anything then: what is left of sanctuary is the promise.
        "refuge": patched(eighties, {"firewall": sanctuary.firewall}),
        "announced": patched(none, {"announced_reach": 1.0}),
        "raids": patched(none, RAIDS),
        "nobody taken": patched(communities, {"ice_capacity": 0.0}),
        "many taken": patched(communities, {"ice_capacity": 5.0}),
        "unheard": patched(communities, {"publicity": 0.0}),
        "trained": patched(none, {"officer_training": 1.0}),
    }
