"""What is fitted: the parameters that the targets can tell apart, over their declared bounds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trustabm.declare import declarations
from trustabm.parameters import Parameters

__all__ = ["FITTED", "bounds", "parameters"]

Floats = npt.NDArray[np.float64]

FITTED = (
    "report_violent",
    "report_property",
    "fear_weight",
    "fear_spread",
    "trust_weight",
    "stake_household",
    "stake_tie",
    "tie_nativity",
    "news_pull",
    "news_floor",
    "news_trust",
    "linked_fate",
    "forgetting",
    "prior_pull",
    "handover_risk",
    "acquaintances",
    "tell_acquaintance",
    "deterrence_elasticity",
    "informal_asking",
    "record_misdemeanor",
    "license_arrest",
    "jail_discretion",
    "custody_follows",
    "fingerprint_match",
)
"""The prior of each is uniform over its declared bounds; the others keep their defaults."""


def bounds() -> tuple[Floats, Floats]:
    """Return the lower and upper bounds of the fitted parameters, each of shape (parameters,)."""
    declared = {d.name: d for d in declarations(Parameters)}
    for name in FITTED:
        assert declared[name].kind == "uncertainty", name
    return (
        np.array([declared[n].low for n in FITTED]),
        np.array([declared[n].high for n in FITTED]),
    )


def parameters(point: Floats) -> Parameters:
    """Return the parameters at a point of the unit cube, of shape (parameters,)."""
    low, high = bounds()
    values = low + np.asarray(point) * (high - low)
    return Parameters(**{n: float(v) for n, v in zip(FITTED, values, strict=True)})
