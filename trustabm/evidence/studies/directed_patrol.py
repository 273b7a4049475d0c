"""What months of directed patrol do to trust, and what is left of it.

Kochel & Weisburd 2017, doi:10.1007/s11292-017-9283-5: a panel of residents around 71 places of much
crime in St Louis County, during five months of directed patrol and six to nine months after. Here
everybody is stopped three times as often for five months, which is ours; the same people are asked
in a world without.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import AFTERWARDS, PATROLLED, Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    percent,
)
from trustabm.rules import codes

__all__ = ["STUDY"]

LEAST = 0.02
"""A fall of fewer points of 100 is none, and what is left of it is not asked."""


def count(lab: Lab) -> Counts:
    """Add up trust at the end of the patrols and eight months after, with them and without."""
    usual = lab.without
    arms = {
        "during_patrol": lab.patrolled.answers(),
        "during_usual": usual.answers(PATROLLED),
        "after_patrol": lab.patrolled_then.answers(),
        "after_usual": usual.answers(PATROLLED + AFTERWARDS),
    }
    here = lab.patrolled.residents["custody"] == codes.FREE
    counts: Counts = {name: float(a.trust[here].sum()) for name, a in arms.items()}
    return counts | {"asked": float(here.sum())}


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return the change of trust in points of 100, and how much of it is gone, in percent."""
    during = percent(c["during_patrol"] - c["during_usual"], c["asked"])
    after = percent(c["after_patrol"] - c["after_usual"], c["asked"])
    gone = 1.0 - after / min(during, -LEAST)
    return {"T7-01a": during, "T7-01b": 100.0 * gone}


STUDY = PublishedStudy(
    name="directed-patrol",
    title="Kochel & Weisburd 2017: trust during directed patrol, and after",
    where="national",
    count=count,
    estimate=estimate,
)
