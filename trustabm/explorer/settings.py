"""Settings of levers: what an explorer can be asked, drawn at random and as numbers.

A setting says which levers are moved from what is in force, and to where. What is not moved stays
as it is in force, however that is read in a lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.inputs.keyed import uniform
from trustabm.inputs.policy import ASK, LEVERS, Policy

__all__ = ["NAMES", "TOGETHER", "Setting", "drawn", "point", "whole"]

Floats = npt.NDArray[np.float64]
Setting = Mapping[str, Any]

NAMES = tuple(LEVERS)
"""The levers, in the order of the numbers of a point."""

TOGETHER = (("ask_status", "deputized_share"), ("firewall", "ask_victims", "ask_witnesses"))
"""Levers of which not all values go together: who moves one of them says them all."""


def drawn(key: str) -> dict[str, Any]:
    """Return a setting at random: any number of levers moved, each anywhere in its bounds.

    How many are moved is drawn first, each number as likely, so that a few levers alone are as
    well known as all at once.

    Args:
        key: What it is the only one of.
    """
    many = 1 + int(uniform(f"{key} many") * len(NAMES))
    moved = set(sorted(NAMES, key=lambda name: uniform(f"{key} {name} moved"))[:many])
    return whole(
        {
            name: ASK[int(u * len(ASK))] if name == "ask_status" else u * LEVERS[name].high
            for name in NAMES
            if name in moved or any(name in of and moved & set(of) for of in TOGETHER)
            for u in [uniform(f"{key} {name}")]
        }
    )


def whole(setting: Setting, rules: Policy | None = None) -> dict[str, Any]:
    """Return a setting whose levers go together: all of those that must be said, none too far.

    Officers are deputized only where they ask at a stop, and victims and witnesses are asked no
    oftener than a firewall leaves room for.

    Args:
        setting: The setting.
        rules: What is in force, for what it does not say.
    """
    base = rules or Policy()
    said = {n: getattr(base, n) for of in TOGETHER if setting.keys() & set(of) for n in of}
    said |= setting
    if said.get("ask_status", "stop") != "stop":
        said["deputized_share"] = 0.0
    room = 1.0 - said.get("firewall", 0.0)
    for name in ("ask_victims", "ask_witnesses"):
        if name in said:
            said[name] = min(said[name], room)
    return {name: said[name] for name in NAMES if name in said}


def point(setting: Setting, rules: Policy) -> Floats:
    """Return where all levers stand, each from 0 to 1 of its bounds, of shape (levers,).

    Args:
        setting: The setting.
        rules: What is in force.
    """
    values = rules.model_dump() | dict(setting)
    values["ask_status"] = ASK.index(values["ask_status"])
    return np.array([values[name] / LEVERS[name].high for name in NAMES], float)


assert all(of.low == 0.0 for of in LEVERS.values())
