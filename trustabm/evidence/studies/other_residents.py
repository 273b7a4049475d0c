"""Secure Communities: residents who are not Latino, in the place where they typically live.

Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305, as `secure_communities`. The published
effects are of a national sample, in which most residents who are not Latino live among few Latino
residents; rows 4a and 4b are read in a county of many, where fear reaches more of them. Baumer &
Xie 2023, doi:10.1111/1745-9133.12619, asks the same survey for violence alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.studies import secure_communities
from trustabm.evidence.study import PublishedStudy, change, ratio

__all__ = ["STUDY"]


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent."""
    found = secure_communities.estimate(c)
    violent = (
        ratio(c[f"{arm}_other_violent"], c[f"{arm}_other_persons"])
        for arm in ("communities", "without")
    )
    return {
        "4c": found["4a"],
        "4d": found["4b"],
        "A1-07": float(secure_communities.path(c, "other")[-1]),
        "A8-08": change(*violent),
    }


STUDY = PublishedStudy(
    name="other-residents",
    title="Gonçalves, Jácome & Weisburst: Secure Communities, residents who are not Latino",
    where="nulls",
    count=secure_communities.count,
    estimate=estimate,
)
