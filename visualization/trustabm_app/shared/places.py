"""Places of a question: a county, a state, or a town of one's own library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from trustabm.errors import InvalidInput
from trustabm.inputs import library
from trustabm.inputs.places.counties import counties, find, suggested
from trustabm.inputs.town import town
from trustabm.nation.areas import Area, state
from trustabm_app.shared.asked import quoted

__all__ = ["Place", "place_named", "places_like", "unknown"]


class Place(NamedTuple):
    """A place.

    Args:
        word: What stands for it in an address.
        title: Its name for people.
        area: The state's counties, where it is a state.
    """

    word: str
    title: str
    area: Area | None = None


def place_named(text: str) -> Place:
    """Return the place that a text names.

    Raises:
        InvalidInput: where there is none, or more than one.
    """
    plain = text.strip().casefold()
    for place in (*_own(), *_states()):
        if plain in (place.word.casefold(), place.title.casefold()):
            return place
        if place.area is not None and plain == place.area.title.casefold():
            return place
    county, _ = find(text)
    return Place(county.slug, county.title)


def places_like(text: str, most: int = 8) -> tuple[Place, ...]:
    """Return the places that somebody who types a text may mean.

    Args:
        text: What was typed.
        most: How many, at most.
    """
    plain = text.strip().casefold()
    if not plain:
        return ()
    found = [p for p in (*_own(), *_states()) if p.title.casefold().startswith(plain)]
    found += [Place(c.slug, c.title) for c in suggested(text, most)]
    return tuple({p.title: p for p in found[::-1]}.values())[::-1][:most]


def unknown(text: str) -> tuple[str, list[str]]:
    """Return what to say where a text names no place, or several, and which may be meant."""
    near = [p.title for p in places_like(text, 6)]
    several = bool(near) and near[0].casefold().startswith(text.strip().casefold())
    kind = "More than one place is called" if several else "There is no place called"
    which = "Which is meant?" if near else "Try a county's name and state, or its FIPS code."
    return f"{kind} {quoted(text)}. {which}", near


def _own() -> Iterator[Place]:
    """Yield the towns of a library; one of a county's name stands before the county."""
    for name in library.files("towns"):
        with suppress(InvalidInput):  # it may have become unreadable
            yield Place(name, town(name).title)


def _states() -> Iterator[Place]:
    """Yield the states of more than one county."""
    for letters in sorted({c.state for c in counties()}):
        area = state(letters)
        if len(area.counties) > 1:
            yield Place(letters, f"{area.title} (whole state)", area)
