"""What the emulator multiplies: levers, their products by twos, and chains of them.

A removal needs every link of a chain: the jail learns who is booked, ICE asks for them, the jail
hands them over. Products by twos do not follow that, so some are taken of three to six, along the
ways the model's rules use levers; and where a rule saturates or fades with a lever, that stands in
for it. The page works out the same of the same lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.explorer.settings import NAMES
from trustabm.inputs.policy import LEVERS

__all__ = ["CHAINS", "DERIVED", "ROOTED", "Derived", "features"]

Floats = npt.NDArray[np.float64]

ROOTED = ("ice_capacity", "raids")
"""Levers with amounts that saturate: their root stands for them, and the root of that beside it."""

YEARS = LEVERS["legalization_years"].high


class Derived(NamedTuple):
    """A number worked out of levers from 0 to 1.

    Args:
        name: What chains call it.
        kind: "either" is 1 - (1 - a)(1 - b), "fades" a exp(-by b), "fills" 1 - exp(-by a).
        of: The levers a and b; "fills" has one.
        by: How steep it is.
    """

    name: str
    kind: str
    of: tuple[str, ...]
    by: float = 1.0


DERIVED = (
    Derived("known", "either", ("fingerprint_sharing", "jail_screening")),
    *(
        Derived(f"legal {years}", "fades", ("legalization_uptake", "legalization_years"), by)
        for years in (5, 12, 25)  # of residence by which few are left; the town's own differ
        for by in [YEARS / years]
    ),
    *(Derived(f"raided {steep}", "fills", ("raids",), steep) for steep in (20, 100)),
)


def _chains() -> Iterator[tuple[str, ...]]:
    links: list[tuple[str, ...]] = [("known",), *((of.name,) for of in DERIVED[1:])]
    for record in ("none", "misdemeanor", "felony", "violent"):
        asked = ("known", f"priority_{record}")
        held = (*asked, f"honor_{record}")
        links += [asked, held, (*held, "judicial_warrant")]
        links += [(*of, "notification_share") for of in (asked, held)]
        links += [(raids, f"priority_{record}") for raids in ("raids", "raids root")]
    at_large = ("ice_capacity", "at_large_share")
    links += [at_large, (*at_large, "collateral"), ("raids", "collateral")]
    grown = (("ice_capacity",), ("raids",), ("raids root",), ("legal 12",), ("raided 100",))
    for link in links:
        for by in ((), *grown, at_large):
            yield tuple(sorted((*link, *by)))


_COORDINATES = [*NAMES, *(f"{name} root" for name in ROOTED), *(of.name for of in DERIVED)]
_MANY = len(NAMES) + len(ROOTED)
_ONE, _OTHER = np.triu_indices(_MANY)
_ROOTED = [NAMES.index(name) for name in ROOTED]

CHAINS = tuple(
    tuple(numbers)
    for chain in dict.fromkeys(_chains())
    for numbers in [[_COORDINATES.index(name) for name in chain]]
    if len(numbers) > 2 or max(numbers) >= _MANY  # the others are among the products by twos
)
"""Chains as the numbers of what is multiplied: levers, second roots, what is derived."""


def features(points: Floats) -> Floats:
    """Return what levers are multiplied to, and room for a step.

    Args:
        points: Of shape (..., levers), each from 0 to 1.
    """
    v = points.copy()
    v[..., _ROOTED] = np.sqrt(v[..., _ROOTED])
    v = np.concatenate([v, np.sqrt(v[..., _ROOTED])], axis=-1)
    w = [*np.moveaxis(v, -1, 0), *(_derived(of, points) for of in DERIVED)]
    chains = []
    for chain in CHAINS:
        product = w[chain[0]]
        for k in chain[1:]:
            product = product * w[k]
        chains.append(product)
    step = np.zeros_like(v[..., :1])
    pairs = v[..., _ONE] * v[..., _OTHER]
    return np.concatenate([v, pairs, np.stack(chains, axis=-1), step], axis=-1)


def _derived(of: Derived, points: Floats) -> Any:
    a, *rest = (points[..., NAMES.index(name)] for name in of.of)
    if of.kind == "fills":
        return 1.0 - np.exp(-of.by * a)
    (b,) = rest
    return 1.0 - (1.0 - a) * (1.0 - b) if of.kind == "either" else a * np.exp(-of.by * b)
