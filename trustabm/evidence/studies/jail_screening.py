"""What officers do once the jail screens everybody they bring.

Gardner & Kohli 2009, The CAP Effect: arrests of Hispanic residents of Irving, Texas, for minor
offences, before and after ICE screened its jail round the clock; the department's reply of 2009
has what was said of other groups and of felonies; Coon 2017 for Frederick County, Maryland. Here a
287(g) jail agreement is set beside the same town without, over 24 months; minor arrests are those
made at stops, where officers choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.enforcement import matched, requested
from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    percent,
)
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count arrests by ethnicity with the agreement and without, and referrals by charge."""
    counts: Counts = {}
    for name, arm in (("without", lab.without), ("jail", lab.jail)):
        stops = arm.during("stops")
        minor = (
            (stops["outcome"] == codes.STOP_ARREST)
            & (stops["identified"] == 0)
            & (stops["charge"] <= codes.RECORD_MISDEMEANOR)
        )
        latino = arm.latino[stops["resident"]]
        counts[f"{name}_latino_minor"] = float((minor & latino).sum())
        counts[f"{name}_other_minor"] = float((minor & ~latino).sum())
        counts[f"{name}_latino_arrests"] = arm.total("arrests", "latino")
    bookings = matched(lab.jail)
    referred = requested(lab.jail, bookings)
    counts["referred"] = float(referred.sum())
    counts["felonies"] = float(referred[bookings["charge"] >= codes.RECORD_FELONY].sum())
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return changes in percent, and the share of felonies among those referred."""
    return {
        "T8-01": change(c["jail_latino_minor"], c["without_latino_minor"]),
        "T8-02a": percent(c["felonies"], c["referred"]),
        "T8-02b": change(c["jail_other_minor"], c["without_other_minor"]),
        "T8-06": change(c["jail_latino_arrests"], c["without_latino_arrests"]),
    }


STUDY = PublishedStudy(
    name="jail-screening",
    title="Gardner & Kohli 2009; Coon 2017: arrests once the jail screens",
    where="latino",
    count=count,
    estimate=estimate,
)
