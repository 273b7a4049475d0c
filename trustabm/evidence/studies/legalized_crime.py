"""What legalization does to crime.

Baker 2015, doi:10.1257/aer.p20151041: crime in US counties after the legalization of 1986, for each
hundredth of the population that was legalized. Here a legalization on those terms, under the rules
of then, is set beside the same place without it, over 24 months. The published effect is thought to
be of better jobs, which the model does not know; what it has is that those legalized report crime,
and may be caught or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    percent,
    ratio,
)
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count crimes and person-weeks with and without, and who was registered in the end."""
    counts: Counts = {
        f"{name}_{what}": value
        for name, arm in (("steady", lab.eighties_on), ("amnesty", lab.amnesty))
        for what, value in (
            ("crimes", float(len(arm.during("crimes")))),
            ("persons", arm.total("persons", "all")),
        )
    }
    people = lab.amnesty.residents
    counts["registered"] = float((people["status"] == codes.REGISTERED).sum())
    counts["residents"] = float(len(people))
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return percent of all crime for each percent of the population legalized."""
    rates = (ratio(c[f"{arm}_crimes"], c[f"{arm}_persons"]) for arm in ("amnesty", "steady"))
    return {"18": change(*rates) / (percent(c["registered"], c["residents"]))}


STUDY = PublishedStudy(
    name="legalized-crime",
    title="Baker 2015: crime after legalization",
    where="nulls",
    count=count,
    estimate=estimate,
)
