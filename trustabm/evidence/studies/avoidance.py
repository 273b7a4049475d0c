"""Who avoids what because of immigration concerns.

Bernstein et al. 2019, Urban Institute, Well-Being and Basic Needs Survey of December 2018: adults
in immigrant families (born abroad, or living with a family member who was) who in the past year
avoided some activity, among them talking to police or reporting crime; and the same by whether all
of the family are citizens or lawful residents. Here the second year of Secure Communities ends. Who
goes out less avoids something, as does whoever fear keeps from calling: those from whose chance to
report a crime it takes at least half, which is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trustabm.evidence.lab import Lab
from trustabm.evidence.study import (
    Counts,
    PublishedStudy,
    percent,
)
from trustabm.rules import codes

__all__ = ["STUDY"]

KEPT = 0.5
"""Share of the chance to report that is left to those who avoid talking to police, at most."""


def count(lab: Lab) -> Counts:
    """Count adults of immigrant families, those who avoid, by the family's status."""
    arm = lab.communities
    people = arm.residents
    home = np.arange(len(people)) - people["member"]
    here = people["custody"] == codes.FREE
    abroad = with_one_at_home(home, here & (people["status"] != codes.US_BORN))
    without = with_one_at_home(home, here & (people["status"] == codes.UNDOCUMENTED))
    family = here & abroad
    mix = arm.mix_against("all")
    left = arm.propensities(mix, family)
    silent = family & (left <= KEPT * arm.propensities(mix, family, fear=False))
    avoids = silent | (family & arm.avoiding())
    return {
        "families": float(family.sum()),
        "any": float(avoids.sum()),
        "police": float(silent.sum()),
        "without": float((family & without).sum()),
        "without_any": float((avoids & without).sum()),
        "lawful": float((family & ~without).sum()),
        "lawful_any": float((avoids & ~without).sum()),
    }


def with_one_at_home(home: Any, some: Any) -> Any:
    """Return who is one of some, or lives with one.

    Args:
        home: The first place of each resident's household.
        some: Whether each resident is one of them.
    """
    return np.bincount(home[some], minlength=len(home))[home] > 0


def estimate(c: Mapping[str, Any]) -> dict[str, float]:
    """Return percent of adults in immigrant families."""
    return {
        "T10-01a": percent(c["any"], c["families"]),
        "T10-01b": percent(c["police"], c["families"]),
        "T10-02a": percent(c["without_any"], c["without"]),
        "T10-02b": percent(c["lawful_any"], c["lawful"]),
    }


STUDY = PublishedStudy(
    name="avoidance",
    title="Bernstein et al. 2019: who avoids going out, and talking to police",
    where="latino",
    count=count,
    estimate=estimate,
)
