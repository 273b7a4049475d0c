"""Who knows somebody detained or deported, and who was stopped and asked.

Pew Hispanic Center, 28 December 2011 and 2008 National Survey of Latinos. The first is read at
the height of Secure Communities, the second, asked before they reached most counties, without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import YEAR, Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    percent,
)
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count Latino residents exposed within a year, and those asked at a stop within a year."""
    stops = lab.without.during("stops", YEAR)
    asked = np.unique(stops["resident"][stops["asked"] == 1])
    latino = lab.without.latino
    return {
        "exposed": lab.communities.total("exposed", "latino", YEAR),
        "persons": lab.communities.total("persons", "latino", YEAR),
        "asked": float(latino[asked].sum()),
        "asked_of": float(latino.sum()),
        "close": float((latino & (lab.without.residents["concern"] != codes.NOBODY)).sum()),
    }


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return percent of Latino residents."""
    return {
        "11a": percent(c["exposed"], c["persons"]),
        "11b": percent(c["asked"], c["asked_of"]),
        "15": percent(c["close"], c["asked_of"]),
    }


STUDY = PublishedStudy(
    name="exposure",
    title="Pew 2011, 2008: who knows somebody detained or deported, who was asked",
    where="latino",
    count=count,
    estimate=estimate,
)
