"""How often undocumented victims report, and how often once they are legalized.

Comino, Mastrobuoni & Nicolò 2020, J. Policy Analysis & Management (IZA DP 10306). Asked in its own
time, the 1980s, when no jail shared fingerprints. Before: victims in a year of those rules. After:
the residents whom a legalization on the terms of 1986 registered, twelve months and more after it
did, each by their own chance of reporting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import YEAR, Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    expected_reports,
    percent,
)
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count victims before, and registered residents' chances after."""
    before, after = lab.eighties, lab.amnesty
    registered = after.during("legalizations")
    long_ago = registered["resident"][registered["week"] <= after.world.week - YEAR]
    people = after.residents[long_ago]
    kept = (
        (people["status"] == codes.REGISTERED)
        & after.latino[long_ago]
        & (people["custody"] != codes.REMOVED)
    )
    asked = np.zeros(len(after.residents), np.bool_)
    asked[long_ago[kept]] = True
    chances = after.propensities(before.mix_against("latino"), asked)
    return {
        "crimes": float(len(before.crimes_against("undocumented"))),
        "reports": expected_reports(before, "undocumented"),
        "registered": float(asked.sum()),
        "chances": float(chances.sum()),
    }


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return percent of victimizations reported, before and after."""
    return {
        "7a": percent(c["reports"], c["crimes"]),
        "7b": percent(c["chances"], c["registered"]),
    }


STUDY = PublishedStudy(
    name="legalization",
    title="Comino, Mastrobuoni & Nicolò 2020: reporting before and after legalization",
    where="latino",
    count=count,
    estimate=estimate,
)
