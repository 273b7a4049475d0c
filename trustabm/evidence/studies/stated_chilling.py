"""Who says that they are less likely to call the police.

Theodore 2013, Insecure Communities: 2,004 Latino residents of four counties, late 2012. Here
everybody's own chance of reporting is set beside their own in the counterfactual arm; who has lost
more than one threshold, the same for all, counts as chilled. The threshold is not known: it is
set where the share of all Latino residents is the published one, so that only the ratio between
groups, and the level of each, are findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import Counts, PublishedStudy, ratio
from trustabm.rules import codes

__all__ = ["STUDY"]

ALL = 0.44
"""Share of all Latino respondents who said so (Theodore 2013)."""

EDGES = np.linspace(-1.0, 1.0, 4001)
"""Classes of the fall in the chance of reporting."""


def count(lab: Lab) -> Counts:
    """Count residents of each group by how far their chance of reporting has fallen."""
    with_, without = lab.communities, lab.without
    mix = without.mix_against("latino")
    a, b = with_.residents, without.residents
    same = (
        with_.latino
        & (a["generation"] == b["generation"])
        & (a["status"] == b["status"])
        & (a["custody"] == codes.FREE)
        & (b["custody"] == codes.FREE)
    )
    fall = without.propensities(mix) - with_.propensities(mix)
    groups = {
        "all": same,
        "undocumented": same & (a["status"] == codes.UNDOCUMENTED),
        "us_born": same & (a["status"] == codes.US_BORN),
    }
    return {n: np.histogram(fall[g], EDGES)[0].astype(float) for n, g in groups.items()}


def share_above(counts: npt.NDArray[np.float64], threshold: float) -> float:
    """Return the share of residents whose fall is above a threshold, even within a class."""
    above = np.interp(threshold, EDGES, np.concatenate([[0.0], np.cumsum(counts)]))
    return 1.0 - ratio(float(above), float(counts.sum()))


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return the ratio between groups and the level of each, in percent."""
    cumulated = np.concatenate([[0.0], np.cumsum(c["all"])])
    reached = (1.0 - ALL) * cumulated[-1]
    k = int(np.searchsorted(cumulated, reached))
    part = (reached - cumulated[k - 1]) / (cumulated[k] - cumulated[k - 1])
    threshold = float(EDGES[k - 1] + part * (EDGES[k] - EDGES[k - 1]))
    levels = {name: share_above(c[name], threshold) for name in ("all", "undocumented", "us_born")}
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
