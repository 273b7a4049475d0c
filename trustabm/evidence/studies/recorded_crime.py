"""Police-recorded crime under Secure Communities, 287(g) and sanctuary.

Miles & Cox 2014; Treyger, Chalfin & Loeffler 2014, doi:10.1111/1745-9133.12085; Hines & Peri 2019,
IZA DP 12413; Gonzalez O'Brien, Collingwood & El-Khatib 2019, doi:10.1177/1078087417704974. A place
with the national share of Latino residents. Sanctuary is set beside Secure Communities, which it
stood within.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    change,
    expected_reports,
    ratio,
)

__all__ = ["STUDY"]


def count(lab: Lab) -> Counts:
    """Count expected reports by everybody, by arm."""
    arms = {
        "without": lab.without,
        "communities": lab.communities,
        "jail": lab.jail,
        "steady": lab.steady,
        "sanctuary": lab.sanctuary,
    }
    return {
        f"{name}_{what}": value
        for name, arm in arms.items()
        for what, value in (
            ("reports", expected_reports(arm, "all")),
            ("persons", arm.total("persons", "all")),
        )
    }


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent."""
    rate = {
        arm: ratio(c[f"{arm}_reports"], c[f"{arm}_persons"])
        for arm in ("without", "communities", "jail", "steady", "sanctuary")
    }
    return {
        "5a": change(rate["communities"], rate["without"]),
        "5b": change(rate["jail"], rate["without"]),
        "5c": change(rate["sanctuary"], rate["steady"]),
    }


STUDY = PublishedStudy(
    name="recorded-crime",
    title="Miles & Cox; Treyger et al.; Hines & Peri: recorded crime hardly moves",
    where="nulls",
    count=count,
    estimate=estimate,
)
