"""Several counties under one field office, as one word: `mecklenburg-nc+union-nc`.

The first is the county that is asked about; the others are its neighbors. Each has its own rules in
force, by date, and as many simulated residents as go with its population, so that ICE's hours fall
to counties as they would.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog
from trustabm.inputs.laid import Laid
from trustabm.inputs.town import Town, TownName, town
from trustabm.runs.conditions import RESIDENTS_MAX, Conditions

__all__ = ["Neighbor", "joined", "number_of", "parts", "split"]

TOWNS_MAX = 64
"""Towns of a region."""

RESIDENTS_MIN = 20


class Neighbor(catalog.Strict):
    """Another town of the region that shares the ICE field office.

    Args:
        town: A shipped town's name or a TOML file.
        policy: What is in force there: a policy, a timeline, or a TOML file.
        residents: Residents simulated.
    """

    town: TownName
    policy: catalog.PolicyName = "none"
    residents: int = Field(default=5000, ge=RESIDENTS_MIN, le=RESIDENTS_MAX)


def parts(word: str) -> list[str]:
    """Return the towns of a region that a word names; the word where it is one town."""
    if "+" not in word or (catalog.is_file(word) and Path(word).is_file()):
        return [word]
    return [part.strip() for part in word.split("+")]


def split(values: Any, folder: Path | None) -> Any:
    """Return the values of an experiment with the neighbors that its town names.

    Args:
        values: As a file says them.
        folder: The folder from which paths among them start.

    Raises:
        InvalidInput: for a town that does not exist or comes twice, or neighbors said twice.
    """
    word = catalog.plain(values.get("town")) if isinstance(values, dict) else None
    if not isinstance(word, str):
        return values
    first, *rest = parts(word)
    if not rest:
        return values
    if values.get("neighbors"):
        raise InvalidInput(f"neighbors: expected none beside the region {shown(word)}")
    if len(rest) >= TOWNS_MAX:
        raise InvalidInput(f"town: expected at most {TOWNS_MAX} towns, got {len(rest) + 1}")
    usual = Conditions.model_fields["residents"].default
    residents = catalog.plain(values.get("residents", usual))
    if not isinstance(residents, int):
        residents = usual  # which its own field refuses
    places = [
        town(catalog.seen_from(folder, name) if catalog.is_file(name) else name)
        for name in (first, *rest)
    ]
    for k, place in enumerate(places):
        if place in places[:k]:
            raise InvalidInput(f"town: expected each once, got {place.title} twice")
    people = [
        max(RESIDENTS_MIN, round(residents * p.population.value / places[0].population.value))
        for p in places
    ]
    neighbors = tuple(
        {"town": name, "policy": "today", "residents": n}
        for name, n in zip(rest, people[1:], strict=True)
    )
    return values | {"town": first, "neighbors": neighbors}


def joined(own: str, neighbors: tuple[Neighbor, ...]) -> str:
    """Return the word that names a town and its neighbors."""
    return "+".join((own, *(n.town for n in neighbors)))


def number_of(laid: Laid, places: Sequence[Town], region: str) -> int:
    """Return the number of the town of a region that a change is laid in; 0 if it says none.

    Args:
        laid: The change.
        places: The towns.
        region: The word that names them, for messages.

    Raises:
        InvalidInput: where it is none of them.
    """
    if laid.town is None:
        return 0
    named = town(laid.town)
    for k, place in enumerate(places):
        if (named.title, named.fips) == (place.title, place.fips):
            return k
    raise InvalidInput(
        f"change: {laid.word}: expected a town of the region, {region}, got {laid.town}"
    )
