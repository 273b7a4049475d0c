"""Who says that they are less likely to call the police.

Theodore 2013, Insecure Communities: 2,004 Latino residents of four counties, late 2012. The item
asks for a level: who is less likely to call because of fear. So everybody's own chance of reporting
under Secure Communities is set beside what it would be, that week, if fear took nothing from it;
who loses more than one threshold, the same for all, counts as chilled. The threshold is not known:
it is set where the share of all Latino residents is the published one, so that only the ratio
between groups, and the level of each, are findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    ratio,
    share_above,
    threshold_of,
)
from trustabm.rules import codes

__all__ = ["STUDY"]

ALL = 0.44
"""Share of all Latino respondents who said so (Theodore 2013)."""

EDGES = np.linspace(-1.0, 1.0, 4001)
"""Classes of what fear takes from the chance of reporting."""


def count(lab: Lab) -> Counts:
    """Count residents of each group by how much of their chance of reporting fear takes."""
    arm = lab.communities
    mix = arm.mix_against("latino")
    people = arm.residents
    asked = arm.latino & (people["custody"] == codes.FREE)
    taken = arm.propensities(mix, asked, fear=False) - arm.propensities(mix, asked)
    groups = {
        "all": asked,
        "undocumented": asked & (people["status"] == codes.UNDOCUMENTED),
        "us_born": asked & (people["status"] == codes.US_BORN),
    }
    return {n: np.histogram(taken[g], EDGES)[0].astype(float) for n, g in groups.items()}


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return the ratio between groups and the level of each, in percent."""
    threshold = threshold_of(c["all"], EDGES, ALL)
    levels = {
        name: share_above(c[name], EDGES, threshold) for name in ("all", "undocumented", "us_born")
    }
    return {
        "10": ratio(levels["undocumented"], levels["us_born"]),
        "10b1": 100.0 * levels["all"],
        "10b2": 100.0 * levels["undocumented"],
        "10b3": 100.0 * levels["us_born"],
    }


STUDY = PublishedStudy(
    name="stated-chilling",
    title="Theodore 2013: stated chilling by status",
    where="latino",
    count=count,
    estimate=estimate,
)
