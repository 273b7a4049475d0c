"""An area as one place: the figures of its counties together."""

from __future__ import annotations

from typing import Any

import numpy as np

from trustabm.inputs.declare import declarations
from trustabm.inputs.places.counties import FIGURES, NEWEST, counties, of_all
from trustabm.inputs.town import Town
from trustabm.nation.areas import Area

__all__ = ["town_of"]

OF_WHOM = {
    "foreign_born_latino": ("latino_share",),
    "foreign_born_other": ("other_share",),
    "naturalized_latino": ("latino_share", "foreign_born_latino"),
    "naturalized_other": ("other_share", "foreign_born_other"),
    "undocumented_latino": ("undocumented_share",),
}
"""Of which of a county's residents a figure is a share; of all where it is not named."""


def town_of(area: Area) -> Town:
    """Return a town with an area's figures: of its counties, each by the people whose it is.

    Ends of ranges are means of ends, as if what is wrong in one county were so in all of them.
    """
    columns = [f"{name}{end}" for name in FIGURES for end in ("", "_low", "_high")]
    wanted = {c.fips for c in area.counties}
    here = [k for k, c in enumerate(counties()) if c.fips in wanted]
    of = {name: np.array(values)[here] for name, values in of_all(columns).items()}
    of["other_share"] = 1 - of["latino_share"]
    bounds = {d.name: (d.low, d.high) for d in declarations(Town)}
    values: dict[str, Any] = {
        "title": area.title,
        "sentence": f"The figures of its {len(here):,} counties together.",
    }
    for name in FIGURES:
        weights = of["population"].copy()
        for share in OF_WHOM.get(name, ()):
            weights = weights * of[share]
        weights = weights if weights.sum() > 0 else of["population"]
        ends = {
            key: float(np.average(of[name + end], weights=weights))
            for key, end in (("value", ""), ("low", "_low"), ("high", "_high"))
        }
        if name == "population":
            ends = {
                key: float(of[name + end].sum()) for key, end in zip(ends, ("", "_low", "_high"))
            }
        least, most = bounds[name]
        values[name] = {
            **{key: min(max(x, least), most) for key, x in ends.items()},
            "year": NEWEST,
            "kind": "worked out",
            "imputed": True,
            "source": "This package's table of counties, each by the people whose figure it is",
        }
    return Town.make(values, area.title)
