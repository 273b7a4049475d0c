"""Secure Communities: residents who are not Latino, in the place where they typically live.

Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305, as `secure_communities`. The published
effects are of a national sample, in which most residents who are not Latino live among few Latino
residents; rows 4a and 4b are read in a county of many, where fear reaches more of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trustabm.evidence.studies import secure_communities
from trustabm.evidence.study import PublishedStudy

__all__ = ["STUDY"]


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return relative changes in percent."""
    found = secure_communities.estimate(c)
    return {"4c": found["4a"], "4d": found["4b"]}


STUDY = PublishedStudy(
    name="other-residents",
    title="Gonçalves, Jácome & Weisburst: Secure Communities, residents who are not Latino",
    where="nulls",
    count=secure_communities.count,
    estimate=estimate,
)
