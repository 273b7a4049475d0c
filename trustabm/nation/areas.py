"""Areas: the counties of a state, of the nation, or some that are named."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog
from trustabm.inputs.places import counties
from trustabm.inputs.places.counties import County

__all__ = ["Area", "area", "nation", "some", "state"]


class Area(NamedTuple):
    """Counties of which one answer is wanted.

    Args:
        name: What it is called in files: a state's letters, `US`.
        title: Its name for people.
        counties: Its counties, by FIPS code.
    """

    name: str
    title: str
    counties: tuple[County, ...]

    @property
    def people(self) -> int:
        """Residents aged 12 and over."""
        return sum(county.population for county in self.counties)

    @property
    def largest(self) -> County:
        """The county with the most residents."""
        return max(self.counties, key=lambda county: county.population)


@cache
def nation() -> Area:
    """Return all 3,142 counties."""
    return Area("US", "United States", counties.counties())


def state(name: str) -> Area:
    """Return the counties of a state, or of the District of Columbia.

    Args:
        name: Its two letters, its name or its two digits.

    Raises:
        InvalidInput: where there is no such state.
    """
    text = catalog.word(name, "state").strip()
    known = _by_name()
    code = known.get(text.casefold())
    if code is None:
        names = [word for word in known if len(word) > 2]
        close = get_close_matches(text.casefold()[:40], names, n=1, cutoff=0.6)
        meant = [c.state_name for c in counties.counties() if c.state_name.casefold() in close][:1]
        hint = f"did you mean {shown(meant[0])}?" if meant else "expected one as TX, Texas or 48"
        raise InvalidInput(f"state: no {shown(text)}; {hint}")
    here = tuple(c for c in counties.counties() if c.state == code)
    return Area(code, here[0].state_name, here)


def some(names: Sequence[str]) -> Area:
    """Return counties that are named, each as `counties.find` takes them.

    Raises:
        InvalidInput: for a name that no county or more than one has, or a county twice.
    """
    found = [counties.find(catalog.word(name, "counties"))[0] for name in names]
    for county in found:
        if found.count(county) > 1:
            raise InvalidInput(f"counties: expected each once, got {county.title} twice")
    title = found[0].title if len(found) == 1 else f"{len(found)} counties"
    return Area("some", title, tuple(sorted(found)))


def area(of: str | None, names: Sequence[str] = ()) -> Area:
    """Return a state, or counties that are named, or the nation where neither is."""
    if names:
        if of is not None:
            raise InvalidInput(f"state: expected none with counties, got {shown(of)}")
        return some(names)
    return nation() if of is None else state(of)


@cache
def _by_name() -> dict[str, str]:
    """Return the letters of each state by all that it may be called, in lower case."""
    found = {}
    for county in counties.counties():
        for word in (county.state, county.state_name, county.fips[:2]):
            found[word.casefold()] = county.state
    return found
