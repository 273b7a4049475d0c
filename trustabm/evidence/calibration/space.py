"""What is fitted: the parameters that the targets can tell apart, over their declared bounds."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from trustabm.inputs.declare import declarations
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.structures import STRUCTURES

__all__ = ["FITTED", "admissible", "bounds", "free", "held", "parameters"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FITTED = (
    "report_violent",
    "report_property",
    "report_latino",
    "fear_weight",
    "fear_power",
    "fear_spread",
    "fear_domestic",
    "trust_weight",
    "stake_household",
    "stake_tie",
    "stake_lawful",
    "linked_fate",
    "news_trust",
    "prior_undocumented",
    "prior_citizen",
    "firm_undocumented",
    "firm_citizen",
    "case_weight",
    "case_half_life",
    "news_weight",
    "news_half_life",
    "good_news",
    "publicity_street",
    "publicity_jail",
    "publicity_federal",
    "announced_weight",
    "acquaintances",
    "tell_acquaintance",
    "firewall_credibility",
    "outreach_gain",
    "deterrence_elasticity",
    "learning_rate",
    "workload_elasticity",
    "u_visa_weight",
    "record_misdemeanor",
    "license_arrest",
    "screening_incentive",
    "jail_discretion",
    "custody_follows",
    "fingerprint_match",
)
"""The prior is uniform over declared bounds, where admissible; other parameters keep defaults."""


MIDDLE = 0.5
"""Where coordinates lie that mean nothing."""


def admissible(points: Floats) -> Bools:
    """Return at which points nobody weighs more than somebody nearer: the prior is 0 elsewhere.

    Args:
        points: Of the unit cube, of shape (points, parameters).
    """
    low, high = bounds()
    member, friend = (FITTED.index(n) for n in ("stake_household", "stake_tie"))
    values = low + points * (high - low)
    inside: Bools = values[:, friend] <= values[:, member]
    return inside


@cache
def bounds() -> tuple[Floats, Floats]:
    """Return the lower and upper bounds of the fitted parameters, each of shape (parameters,)."""
    declared = {d.name: d for d in declarations(Parameters)}
    for name in FITTED:
        assert declared[name].kind == "uncertainty", name
    return (
        np.array([declared[n].low for n in FITTED]),
        np.array([declared[n].high for n in FITTED]),
    )


def free(structure: str) -> tuple[str, ...]:
    """Return the fitted parameters that mean something in a structure."""
    idle = {*STRUCTURES[structure].idle, *STRUCTURES[structure].fixed}
    return tuple(name for name in FITTED if name not in idle)


def held(points: Floats, structure: str) -> Floats:
    """Return points with the coordinates that mean nothing in a structure in the middle."""
    found = np.array(points, dtype=np.float64)
    idle = [k for k, name in enumerate(FITTED) if name not in free(structure)]
    found[:, idle] = MIDDLE
    return found


def parameters(point: Floats, structure: str = "full") -> Parameters:
    """Return the parameters at a point of the unit cube, of shape (parameters,), in a structure."""
    low, high = bounds()
    values = low + np.asarray(point) * (high - low)
    chosen = {n: float(v) for n, v in zip(FITTED, values, strict=True) if n in free(structure)}
    return Parameters.model_validate({**chosen, **STRUCTURES[structure].fixed})
