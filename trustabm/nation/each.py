"""A change of the rules in force, county by county: what it does in each, and how unsure that is.

Every county lives some ten short lives of a few thousand residents, two of each draw of what is
unsure, with and without the change. Draws of structure and parameters are the same in all counties.
`effects` makes intervals of them.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from pydantic import Field, model_validator

from trustabm.inputs import catalog
from trustabm.inputs.places.counties import County, by_code
from trustabm.nation.areas import nation
from trustabm.nation.county import FEWEST
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import together
from trustabm.rules.luck import seed_of
from trustabm.runs.arms import parting
from trustabm.runs.counted import Counted
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import live

__all__ = ["LIVES", "MAPPED", "Each", "lived"]

MAPPED = {
    "reporting": "latino",
    "trust": "latino",
    "perceived_risk": "latino",
    "victimization": "latino",
    "exposed": "latino",
    "removals": "all",
    "separated": "all",
}
"""Outcomes that are kept of every county, each with of whom it is."""

LIVES = 2
"""Lives of each draw, so that luck can be told from it."""


class Each(catalog.File):
    """What is asked of every county.

    Args:
        change: A policy whose local levers are laid on the rules in force, or `state:NAME` or
            `federal:NAME`.
        since: The day from which it holds, or a month.
        weeks: Weeks from there, all of them measured.
        burn_in: Weeks before, in common.
        residents: Residents simulated of a county at most.
        draws: Draws of structure, parameters and figures, each lived through twice.
        seed: The root of all luck.
    """

    change: str
    since: str
    weeks: int = Field(default=104, ge=1)
    burn_in: int = Field(default=52, ge=0)
    residents: int = Field(default=3000, ge=FEWEST)
    draws: int = Field(default=5, ge=2)
    seed: int = Field(default=0, ge=0, lt=2**63)

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        self.experiment(nation().largest)
        return self

    def experiment(self, county: County) -> Experiment:
        """Return what is run in a county: the rules in force there, with and without the change."""
        parts = parting((), [self.change], self.since, None)
        return Experiment.make(
            {
                "town": county.fips,
                **parts,
                "weeks": self.weeks,
                "burn_in": self.burn_in,
                "residents": max(FEWEST, min(self.residents, county.population)),
                "replicates": LIVES * self.draws,
                "draws": self.draws,
                "seed": self.seed,
            },
            "map",
        )


def lived(task: tuple[Each, str]) -> dict[str, Any]:
    """Return the levels of one county in plain values; called by workers.

    Args:
        task: What is asked, and the county's FIPS code.
    """
    each, fips = task
    e = each.experiment(by_code(fips))
    if all(e.at(k).same_rules(1) for k in range(0, e.replicates, LIVES)):
        return {"same": True}
    # Draws are the same in all counties, their luck is not.
    luck = seed_of(each.seed, int(fips))
    found = [live(_lucky(e.at(k), luck), k) for k in range(e.replicates)]
    many = len(e.groups.names)
    sums = np.stack([together(x.weeks)[:, :many] for x in found])
    counted = Counted(e, sums, np.stack([x.town_weeks.sum(axis=1) for x in found]))
    rows = counted.rows(MAPPED, e.groups.every)
    shares = {"latino": e.place.latino_share.value, "all": e.place.undocumented_share.value}
    values: dict[str, Any] = {"same": False}
    for k, (outcome, group) in enumerate(rows.keys):
        if MAPPED[outcome] == group:
            values[outcome] = {
                "whole": rows.whole[:, k].tolist(),
                "without": rows.without[:, :, k].tolist(),
                "events": float(np.nan_to_num(rows.events[:, :, k].sum(), posinf=1e9)),
                "people": e.residents * shares[group],
            }
    return values


def _lucky(e: Experiment, seed: int) -> Experiment:
    """Return an experiment with other luck, under the same plans."""
    other = e.model_copy(update={"seed": seed})
    other.__dict__["_plans"] = e.__dict__["_plans"]
    return other


assert set(MAPPED) <= set(GLOSSARY)
