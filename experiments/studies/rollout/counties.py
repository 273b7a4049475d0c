"""Counties that do not exist, of the kind that do: who lives there, and when the program came.

Nothing here is a real county. Shares are drawn between those of the seven shipped places (each with
its sources, `trustabm towns NAME`); the spread is ours.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from trustabm.inputs.town import Town, town

REACHED = (
    # Jurisdictions with Secure Communities by a date.
    (dt.date(2008, 10, 27), 0),  # the first, Harris County: ICE, Activated Jurisdictions
    (dt.date(2009, 2, 10), 14),  # DHS press release, August 2010 (AILA Doc. No. 10081163)
    (dt.date(2010, 4, 23), 150),  # The Crime Report, 23 April 2010
    (dt.date(2010, 8, 10), 544),  # DHS press release, August 2010 (AILA Doc. No. 10081163)
    (dt.date(2011, 2, 1), 1008),  # Government Security News, 3 February 2011
    (dt.date(2011, 5, 17), 1300),  # visual.ly, Dignity of Work ("nearly 1,300 counties")
    (dt.date(2013, 1, 22), 3100),  # the last ones: ICE, Activated Jurisdictions (Cook County)
)

EARLY_WHERE_MANY = 1.0
"""How far places of many Latino residents came first, in standard deviations of luck; ours.

The first places lay along the southwest border (DHS press release, August 2010).
"""


@dataclass(frozen=True)
class County:
    """One simulated county.

    Args:
        number: Its number.
        place: Its figures.
        residents: Residents simulated.
        activated: The date on which Secure Communities begins.
    """

    number: int
    place: Town
    residents: int
    activated: dt.date


def activation(share: float) -> dt.date:
    """Return the date by which the program had reached a share of all jurisdictions."""
    days = [d.toordinal() for d, _ in REACHED]
    counts = [n / REACHED[-1][1] for _, n in REACHED]
    return dt.date.fromordinal(round(float(np.interp(share, counts, days))))


def counties(number: int, seed: int = 0) -> list[County]:
    """Return counties in the order of their numbers.

    Latino share: logit-normal about 20%, cut at 8 and 60%. Undocumented share of Latino residents:
    8 to 26% (the shipped places: 15 to 29%), never above what noncitizens allow.
    """
    rng = np.random.default_rng(seed)
    base = town("us-average")
    logit = rng.normal(-1.4, 0.8, number)
    latino = np.clip(1.0 / (1.0 + np.exp(-logit)), 0.08, 0.6)
    born_abroad = np.clip(rng.normal(0.42, 0.06, number), 0.3, 0.53)
    undocumented = np.clip(rng.normal(0.17, 0.035, number), 0.08, 0.26)
    residents = rng.integers(2000, 5001, number)
    crime = np.exp(rng.normal(0.0, 0.25, number))
    order = rng.normal(size=number) - EARLY_WHERE_MANY * (logit - logit.mean()) / logit.std()
    rank = np.empty(number)
    rank[np.argsort(order)] = (np.arange(number) + 0.5) / number
    found = []
    for k in range(number):
        share = base.undocumented_latino.value
        noncitizens = 0.99 * born_abroad[k] * (1.0 - base.naturalized_latino.value)
        here = latino[k] * min(undocumented[k], noncitizens) / share
        others = (1 - latino[k]) * base.foreign_born_other.value
        others *= 0.99 * (1.0 - base.naturalized_other.value)
        here = min(here, others / (1.0 - share))
        values = {
            "latino_share": latino[k],
            "foreign_born_latino": born_abroad[k],
            "undocumented_share": here,
            "violent_per_100k": base.violent_per_100k.value * crime[k],
            "property_per_100k": base.property_per_100k.value * crime[k],
        }
        figures = {
            name: getattr(base, name).model_copy(
                update={"value": float(v), "imputed": False, "low": None, "high": None}
            )
            for name, v in values.items()
        }
        place = Town.model_validate(
            (base.model_copy(update={"title": f"county {k}", **figures})).model_dump()
        )
        found.append(County(k, place, int(residents[k]), activation(float(rank[k]))))
    return found
