"""How counties are drawn: strata, and in each counties by their residents, keyed by the seed.

Strata are the rules in force in a county by half: the noncitizen share of its residents below or
above that of the middle resident of the area. Each has draws by the mean of its parts of the area's
residents and of its noncitizens, one at least. In a stratum counties are drawn systematically with
probability proportional to residents (Madow 1949, doi:10.1214/aoms/1177729988) along an order of
states and sizes: each draw stands for equally many people, so that those of a sample add up to the
area's residents exactly, and every county counts on average as it should (Horvitz & Thompson 1952,
doi:10.1080/01621459.1952.10483446). A county with more residents than a draw stands for is in every
sample, as often as its residents go into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.inputs.keyed import uniform
from trustabm.inputs.places import laws
from trustabm.inputs.places.counties import County, counties, of_all
from trustabm.nation.areas import Area

__all__ = ["ALL", "Design", "Pick", "Stratum", "design", "noncitizens", "rules_of"]

Floats = npt.NDArray[np.float64]

ALL = "all"
"""What asks for every county."""

USUAL_STATE, USUAL_NATION = 12, 48
"""Draws of a sample where nobody says how many."""

RULES = {
    "agreement": "a 287(g) agreement of the county's in force",
    "limits": "no agreement, state law limits help",
    "helps": "no agreement, state law requires or protects help",
    "none": "no agreement and no such state law known",
}
"""Kinds of rules in force, as strata are made of them."""

MAKEUP = (
    *("latino_share", "foreign_born_latino", "naturalized_latino"),
    *("foreign_born_other", "naturalized_other"),
)


class Pick(NamedTuple):
    """A county drawn.

    Args:
        county: The county.
        people: How many residents of the area it stands for.
    """

    county: County
    people: float


class Stratum(NamedTuple):
    """Counties that are drawn from together.

    Args:
        title: What they have in common.
        counties: The counties, in the order along which they are drawn.
        draws: How many draws there are in a sample.
    """

    title: str
    counties: tuple[County, ...]
    draws: int

    @property
    def people(self) -> int:
        """Residents aged 12 and over."""
        return sum(c.population for c in self.counties)

    @property
    def step(self) -> float:
        """Residents that a draw stands for."""
        return self.people / self.draws

    def drawn(self, start: float) -> list[Pick]:
        """Return the counties of one sample.

        Args:
            start: Where in the first step it begins, from 0 to 1.
        """
        ends = np.cumsum([c.population for c in self.counties])
        at = (start + np.arange(self.draws)) * self.step
        places = np.searchsorted(ends, at, side="right")
        return [Pick(self.counties[k], self.step) for k in np.minimum(places, len(ends) - 1)]


class Design(NamedTuple):
    """How an area's counties are drawn.

    Args:
        area: The area.
        strata: Its strata; none where every county is taken.
    """

    area: Area
    strata: tuple[Stratum, ...]

    @property
    def draws(self) -> int:
        """Counties of a sample, one that is drawn twice among them twice."""
        return sum(s.draws for s in self.strata) or len(self.area.counties)

    @property
    def sampled(self) -> bool:
        """Whether counties are drawn, and not all taken."""
        return bool(self.strata)

    def sample(self, seed: int, replicate: int) -> list[Pick]:
        """Return one sample, which is the seed's and the replicate's own."""
        if not self.strata:
            return [Pick(c, float(c.population)) for c in self.area.counties]
        return [
            pick for s in self.strata for pick in s.drawn(uniform(f"{seed} {replicate} {s.title}"))
        ]

    def chances(self) -> dict[str, float]:
        """Return how often each county is in a sample on average, by FIPS code."""
        if not self.strata:
            return {c.fips: 1.0 for c in self.area.counties}
        return {c.fips: c.population / s.step for s in self.strata for c in s.counties}

    @property
    def certain(self) -> int:
        """How many counties are in every sample."""
        return sum(chance >= 1.0 for chance in self.chances().values())


def design(area: Area, on: dt.date, many: int | str | None = None) -> Design:
    """Return how an area's counties are drawn.

    Args:
        area: The area.
        on: The day whose rules make strata.
        many: Draws of a sample, or `all`; the usual number if not given. As many as there are
            counties, or more, is all.

    Raises:
        InvalidInput: for fewer draws than there are strata.
    """
    if many is None:
        many = USUAL_NATION if area.name == "US" else USUAL_STATE
    if many == ALL:
        return Design(area, ())
    if isinstance(many, str):
        if not many.isascii() or not many.isdigit() or len(many) > 9:
            raise InvalidInput(f"counties: expected a number or {ALL!r}, got {many[:80]!r}")
        many = int(many)
    if many >= len(area.counties):
        return Design(area, ())
    strata = _strata(area, on)
    if many < len(strata):
        raise InvalidInput(
            f"counties: expected at least {len(strata)}, one for each stratum of {area.title}, got "
            f"{many}"
        )
    draws = _allotted(area, list(strata.values()), many)
    pairs = zip(strata.items(), draws, strict=True)
    return Design(area, tuple(Stratum(title, of, n) for (title, of), n in pairs))


def _strata(area: Area, on: dt.date) -> dict[str, tuple[County, ...]]:
    """Return counties by stratum, in the order along which they are drawn."""
    people = np.array([c.population for c in area.counties], float)
    share = np.array([noncitizens()[c.fips] for c in area.counties]) / people
    order = np.argsort(share, kind="stable")
    past = np.cumsum(people[order]) > people.sum() / 2
    middle = share[order][int(past.argmax())]
    kinds = {c.fips: rules_of(c, on) for c in area.counties}
    found: dict[str, list[County]] = {}
    for kind, title in RULES.items():
        for half, word in ((False, "fewer"), (True, "more")):
            here = [
                c
                for c, x in zip(area.counties, share, strict=True)
                if kinds[c.fips] == kind and bool(x >= middle) is half
            ]
            if here:
                here.sort(key=lambda c: (c.state, -c.population, c.fips))
                found[f"{title}; {word} noncitizens"] = here
    return {title: tuple(of) for title, of in found.items()}


def _allotted(area: Area, strata: Sequence[Sequence[County]], many: int) -> list[int]:
    """Return the draws of each stratum: by residents and noncitizens alike, one at least."""
    abroad = noncitizens()
    sizes = np.array(
        [[sum(c.population for c in s), sum(abroad[c.fips] for c in s)] for s in strata], float
    )
    wanted = (sizes / np.maximum(sizes.sum(axis=0), 1e-9)).mean(axis=1) * many
    draws = np.maximum(1, np.floor(wanted)).astype(int)
    while draws.sum() != many:
        behind = wanted - draws
        if draws.sum() < many:
            draws[behind.argmax()] += 1
        else:
            draws[np.where(draws > 1, behind, np.inf).argmin()] -= 1
    return [int(n) for n in draws]


def rules_of(county: County, on: dt.date) -> str:
    """Return which kind of rules a county is under on a day, a key of `RULES`."""
    signed = laws.agreements(county.fips, county.state)
    if any(a.scope == "county" and a.in_force(on) for a in signed):
        return "agreement"
    stances = [x.stance for x in laws.state_laws(county.state) if x.stance and x.date <= on]
    return stances[-1] if stances else "none"


@cache
def noncitizens() -> dict[str, float]:
    """Return the noncitizen residents aged 12 and over of every county, by FIPS code."""
    of = {name: np.array(values) for name, values in of_all(("population", *MAKEUP)).items()}
    latino = of["latino_share"]
    share = latino * of["foreign_born_latino"] * (1 - of["naturalized_latino"])
    share += (1 - latino) * of["foreign_born_other"] * (1 - of["naturalized_other"])
    found = (of["population"] * share).tolist()
    return {c.fips: x for c, x in zip(counties(), found, strict=True)}
