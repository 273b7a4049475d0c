"""What the model gives for every target, from a few worlds that all studies share.

Counts are pooled over replicates and made into numbers once; the error of each number is the
jackknife's over replicates (Efron & Stein 1981, doi:10.1214/aos/1176345462). Imported by the
workers of a calibration, so it knows neither Mesa nor pandas.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from trustabm.evidence.lab import Lab
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.study import Counts, PublishedStudy, Where
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import Policy
from trustabm.rules.luck import seed_of

__all__ = ["DEFAULT_SIZES", "FITTED", "Moment", "Size", "Sizes", "count", "moments", "pooled"]


class Moment(NamedTuple):
    """A number the model gives, with the Monte Carlo standard error of it."""

    value: float
    error: float


@dataclass(frozen=True)
class Size:
    """How many worlds of which kind.

    Args:
        place: A town's name or file.
        residents: Residents in each.
        replicates: How many, each with its own luck.
    """

    place: str
    residents: int
    replicates: int


Sizes = Mapping[Where, Size]

DEFAULT_SIZES: Sizes = {
    # Of the shipped counties of many Latino residents, the one where the undocumented share of
    # them (19%) is nearest to the nation's (17%).
    "latino": Size("los-angeles-ca", 10_000, 28),
    "national": Size("us-average", 10_000, 14),
    "nulls": Size("us-average", 10_000, 8),
    "checks": Size("los-angeles-ca", 10_000, 28),
}

FITTED = tuple(name for name, study in STUDIES.items() if study.where in ("latino", "national"))
"""The studies that a calibration runs; the others are only ever checked."""


def count(
    where: Where,
    studies: Iterable[PublishedStudy],
    parameters: Parameters,
    size: Size,
    seed: int,
    policies: Mapping[str, Policy] | None = None,
) -> dict[str, Counts]:
    """Return what each study counts in one replicate."""
    lab = Lab(size.place, size.residents, parameters, seed, policies)
    return {s.name: s.count(lab) for s in studies if s.where == where}


def moments(
    parameters: Parameters,
    seed: int = 0,
    studies: Iterable[str] = FITTED,
    sizes: Sizes = DEFAULT_SIZES,
    policies: Mapping[str, Policy] | None = None,
) -> dict[str, Moment]:
    """Return every number the studies ask for, by target id.

    Args:
        parameters: The parameters of every world.
        seed: The root of the replicates' seeds. Two calls with one root have the same luck, so
            that what differs between them is the parameters' doing.
        studies: Names of studies.
        sizes: Worlds of each kind.
        policies: The levers of each role; those of the shipped presets if not given.
    """
    chosen = [STUDIES[name] for name in studies]
    found: dict[str, Moment] = {}
    kinds: dict[Where, list[PublishedStudy]] = {}
    for study in chosen:
        kinds.setdefault(study.where, []).append(study)
    for where, group in kinds.items():
        size = sizes[where]
        each = [
            count(where, group, parameters, size, seed_of(seed, k), policies)
            for k in range(size.replicates)
        ]
        for study in group:
            found |= pooled(study, [c[study.name] for c in each])
    return found


def pooled(study: PublishedStudy, each: list[Counts]) -> dict[str, Moment]:
    """Return a study's numbers from the counts of all replicates, with their errors."""
    whole = {name: sum(c[name] for c in each) for name in each[0]}
    values = study.estimate(whole)
    n = len(each)
    if n < 2:
        return {name: Moment(value, math.nan) for name, value in values.items()}
    without = [study.estimate(_less(whole, c)) for c in each]
    errors = {}
    for name in values:
        rest = [w[name] for w in without]
        mean = math.fsum(rest) / n
        errors[name] = math.sqrt((n - 1) / n * math.fsum((x - mean) ** 2 for x in rest))
    return {name: Moment(value, errors[name]) for name, value in values.items()}


def _less(whole: Mapping[str, Any], one: Counts) -> Counts:
    return {name: whole[name] - one[name] for name in one}
