"""What a town shows before any policy.

BJS (Criminal Victimization; Contacts Between Police and the Public; LEMAS), FBI UCR, Vera, Pew and
Light, He & Robey 2020, as named at each target. The second two years of the average place without
entanglement.
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
    ratio,
)
from trustabm.rules import codes

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count crimes, reports, clearances, stops, arrests, officers and years of residence."""
    arm, counts = lab.without, {}
    for name, group in (("all", "all"), ("latino", "latino"), ("other", "other")):
        crimes = arm.crimes_against(group)
        chance = crimes["chance"].astype(float)
        violent = crimes["kind"] != codes.PROPERTY
        counts[f"violent_{name}"] = float(violent.sum())
        counts[f"property_{name}"] = float((~violent).sum())
        counts[f"violent_reports_{name}"] = float(chance[violent].sum())
        counts[f"property_reports_{name}"] = float(chance[~violent].sum())
        counts[f"persons_{name}"] = arm.total("persons", group)
        counts[f"households_{name}"] = arm.total("households", group)
    crimes = arm.during("crimes")
    known = crimes["reported"] > 0
    for name, kind in (
        ("violent", crimes["kind"] != codes.PROPERTY),
        ("property", crimes["kind"] == codes.PROPERTY),
    ):
        counts[f"{name}_known"] = float((known & kind).sum())
        counts[f"{name}_solved"] = float(crimes["clears"][known & kind].sum(dtype=float))
    stopped = [len(np.unique(arm.during("stops", k, k + YEAR)["resident"])) for k in (0, YEAR)]
    counts["stopped"] = float(sum(stopped))
    counts["stopped_of"] = 2.0 * len(arm.residents)
    counts["arrests"] = arm.total("arrests", "all")
    status = arm.residents["status"][crimes["resident"]]
    for name, which in (("undocumented", codes.UNDOCUMENTED), ("us_born", codes.US_BORN)):
        counts[f"crimes_by_{name}"] = float((status == which).sum())
        counts[f"number_of_{name}"] = float((arm.residents["status"] == which).sum())
    first = lab.start.state
    counts["officers"] = float(first.officers["hours"].sum() / lab.start.p.officer_hours)
    counts["people"] = len(first.residents) / lab.start.p.aged_12_plus
    here = first.residents[first.residents["status"] == codes.UNDOCUMENTED]
    counts["long_here"] = float((-here["arrived"] // YEAR >= 15).sum())
    counts["undocumented"] = float(len(here))
    return counts


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return rates in the units of their sources."""

    def yearly(over: str, under: str, scale: float) -> float:
        return scale * 52.0 * ratio(c[over], c[under])

    latino = percent(c["violent_reports_latino"], c["violent_latino"])
    return {
        "b1": yearly("violent_all", "persons_all", 1000.0),
        "b2": yearly("property_all", "households_all", 1000.0),
        "b3": percent(c["violent_reports_all"], c["violent_all"]),
        "b4": percent(c["property_reports_all"], c["property_all"]),
        "b5": percent(c["violent_solved"], c["violent_known"]),
        "b6": percent(c["property_solved"], c["property_known"]),
        "b7": percent(c["stopped"], c["stopped_of"]),
        "b8": yearly("arrests", "persons_all", 100.0),
        "b9": 1000.0 * ratio(c["officers"], c["people"]),
        "b10": percent(c["long_here"], c["undocumented"]),
        "b11": ratio(
            ratio(c["crimes_by_undocumented"], c["number_of_undocumented"]),
            ratio(c["crimes_by_us_born"], c["number_of_us_born"]),
        ),
        "b12": latino - percent(c["violent_reports_other"], c["violent_other"]),
        "b13": 100.0
        * ratio(
            c["violent_reports_latino"] + c["property_reports_latino"],
            c["violent_latino"] + c["property_latino"],
        ),
        # A crime against a household is one against each of its members, as the survey counts.
        "14": (
            yearly("violent_latino", "persons_latino", 100.0)
            + yearly("property_latino", "households_latino", 100.0)
        )
        / 12.0,
    }


STUDY = PublishedStudy(
    name="baselines",
    title="BJS, FBI, Vera, Pew: the town before any policy",
    where="national",
    count=count,
    estimate=estimate,
)
