"""Training of officers in procedural justice: how they treat people, and what residents think.

Weisburd et al. 2022, PNAS 119(14): hot spots of three US cities, with officers trained for five
days and without. Here everybody in the police is trained from one day on, and 24 months are set
beside the same without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import Counts, PublishedStudy, ratio
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count stops and bad ones, and add up trust, in both arms."""
    counts: Counts = {}
    for name, arm in (("usual", lab.without), ("trained", lab.from_past("trained"))):
        here = arm.residents["custody"] == codes.FREE
        counts[f"{name}_stops"] = arm.total("stops", "all")
        counts[f"{name}_bad"] = arm.total("bad_stops", "all")
        counts[f"{name}_trust"] = float(arm.answers().trust[here].sum())
        counts[f"{name}_asked"] = float(here.sum())
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return bad stops relative to those without training, and the change of mean trust."""
    bad = (ratio(c[f"{arm}_bad"], c[f"{arm}_stops"]) for arm in ("trained", "usual"))
    trust = [ratio(c[f"{arm}_trust"], c[f"{arm}_asked"]) for arm in ("trained", "usual")]
    return {"T3-14a": ratio(*bad), "T3-14b": 100.0 * (trust[0] - trust[1])}


STUDY = PublishedStudy(
    name="training",
    title="Weisburd et al. 2022: training in procedural justice",
    where="nulls",
    count=count,
    estimate=estimate,
)
