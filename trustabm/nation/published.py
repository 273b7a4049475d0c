"""The nation by drawn counties beside what is published of it: detainers, removals, populations.

The federal history by date, with each county's own rules, is lived through from 2005 on in drawn
counties with their figures of 2019; a fiscal year is the 52 weeks from 1 October. Counts are of
what happened, per resident of the area, times its residents aged 12 and over. Priorities of those
years were scaled by the same detainers (`us-history`), so these are no test of their course.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from trustabm.inputs.places.counties import counties, of_all
from trustabm.nation.areas import nation
from trustabm.nation.design import design
from trustabm.nation.place import town_of
from trustabm.nation.samples import live_samples
from trustabm.outcomes.quantiles import t_quantile
from trustabm.runs.experiment import Experiment
from trustabm.state.layout import TALLY

__all__ = ["Row", "flows", "populations"]

FIRST = dt.date(2008, 10, 1)
YEARS = range(2009, 2020)
BURN_IN = 156

FIELDS = TALLY.names or ()


class Row(NamedTuple):
    """A published figure, and what the model or its tables say of it.

    Args:
        what: What it is of.
        when: Of which fiscal year or state.
        published: The figure.
        value: Ours.
        low: The lower end of the 90% interval of ours; None for a figure of tables.
        high: The upper end.
        tolerance: How far off it may be, as a part of what is published.
        source: Who published it.
    """

    what: str
    when: str
    published: float
    value: float
    low: float | None
    high: float | None
    tolerance: float
    source: str

    @property
    def off(self) -> float:
        """How far ours is off, as a part of what is published."""
        return self.value / self.published - 1

    @property
    def within(self) -> bool:
        """Whether ours is within the tolerance."""
        return abs(self.off) <= self.tolerance

    def record(self) -> dict[str, Any]:
        """Return it in plain values."""
        return self._asdict() | {"off": self.off, "within": self.within}


def flows(
    *,
    draws: int = 48,
    replicates: int = 20,
    residents: int = 1500,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[Row]:
    """Return detainers and removals of fiscal years beside those published.

    Args:
        draws: Counties that each sample draws.
        replicates: Samples, each with parameters and figures of its own.
        residents: Residents simulated of each county.
        seed: The seed.
        workers: Processes.
        progress: Called with samples done and samples in all.
    """
    area = nation()
    asked = Experiment.make(
        {
            "town": area.largest.fips,
            "arms": {"today": {"policy": "today"}},
            "start": FIRST,
            "weeks": 52 * len(YEARS),
            "burn_in": BURN_IN,
            "residents": residents,
            "replicates": replicates,
            "draws": replicates,
            "seed": seed,
        },
        "nation",
    )
    asked.__dict__ |= {"places": [(town_of(area), residents)], "doubts": ((),)}
    drawing = design(area, FIRST, draws)
    every = live_samples([asked], drawing, vintage="@2019", workers=workers, progress=progress)
    lived = list(every)
    many = len(asked.groups.names)
    people = sum(of_all(["population"], 2019)["population"])
    # A sample counts as many residents as were simulated.
    scale = people / (drawing.draws * residents)
    by_year = np.stack(
        [
            h.lived.weeks[0, :, :many].sum(axis=1).reshape(len(YEARS), 52, -1).sum(axis=1)
            for h in lived
        ]
    )
    rows = []
    for flow in _published()["flow"]:
        for year, figure in flow["years"].items():
            values = _flow(flow["what"], by_year[:, list(YEARS).index(int(year))], scale)
            half = t_quantile(0.95, len(values) - 1) * values.std(ddof=1)
            mean = float(values.mean())
            # Doubt about parameters and figures does not go away with more samples; luck would, so
            # that the interval, of one sample, is rather too wide.
            ends = max(0.0, mean - float(half)), mean + float(half)
            more = flow["tolerance"], flow["source"]
            rows.append(Row(flow["what"], f"FY{year}", figure, mean, *ends, *more))
    return rows


def _flow(what: str, counted: Any, scale: float) -> Any:
    """Return a number or a share of every sample, of shape (replicates,)."""

    def of(*names: str) -> Any:
        return counted[:, [FIELDS.index(name) for name in names]].sum(axis=1)

    if what == "detainers":
        return scale * of("detainers", "notifications")
    if what == "removals":
        return scale * of("removals")
    return 100 * of("requests_none") / np.maximum(of("detainers", "notifications"), 1)


def populations() -> list[Row]:
    """Return the undocumented residents of the table of counties beside those published, by state.

    The table was made with the published ones, so this says that nothing was lost on the way.
    """
    said = _published()["unauthorized"]
    of = {n: np.array(x) for n, x in of_all(["population", "undocumented_share"]).items()}
    here = of["population"] * of["undocumented_share"]
    states = np.array([c.state for c in counties()])
    pairs = [(s, n, float(here[states == s].sum())) for s, n in said["states"].items()]
    pairs.append(("US", sum(said["states"].values()), float(here.sum())))
    part = said["aged_12_plus"]
    return [
        Row(
            "undocumented residents aged 12 and over",
            state,
            part * figure,
            value,
            None,
            None,
            said["tolerance"],
            said["source"],
        )
        for state, figure, value in pairs
    ]


@cache
def _published() -> dict[str, Any]:
    file = resources.files("trustabm") / "nation" / "published.toml"
    return tomllib.loads(file.read_text("utf-8"))
