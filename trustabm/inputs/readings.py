"""Readings of a place's rules: what is not sure of them, drawn as figures are from their ranges.

A rule that is recalled and was not checked may not hold, one that is unclear may as well not be in
force; and what a jail does that must, may or must not do something is a value of ours, not the
law's. Each draw takes one reading of every such rule: whether it holds, by a chance of ours, and
how far it is carried out. Of what is set between none and all, the odds lie within five times those
stated nine times in ten; of requests that a jail must all honour, or none, it does otherwise with
up to 15 in a hundred, in half of the draws with none. Readings are drawn as `ranges` draws
figures, and the first draw has all rules as stated.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from trustabm.errors import InvalidInput
from trustabm.inputs.places import laws
from trustabm.inputs.policy import TOWARDS, Policy
from trustabm.inputs.ranges import END, NORMAL, even_shares
from trustabm.inputs.timeline import Change, Timeline
from trustabm.inputs.town import Town

__all__ = ["HOLDS", "ODDS", "Unsure", "drawn", "drawn_one", "of_tables", "read", "unsure"]

HOLDS = {"recalled": 0.8, "unclear": 0.5}
"""The chance that a rule holds of which no more is known than that; ours."""

ODDS = 5.0
"""How many times as high or as low the odds of doing something may be as stated; ours."""


OUTRIGHT = 0.15
"""With which part a jail does otherwise that must honour all or none, at most; ours."""


class Unsure(NamedTuple):
    """One thing that is not sure of a rule.

    Args:
        change: The rule, as its name says it.
        what: Whether it `holds`, or how far it is carried out, `extent`.
        title: What would have to be known, in words.
        chance: That it holds; 1 for its extent.
    """

    change: str
    what: Literal["holds", "extent"]
    title: str
    chance: float

    @property
    def stated(self) -> float:
        """What is said of it where nothing is drawn: that it holds, as far as it says."""
        return 1.0 if self.what == "holds" else 0.0

    @property
    def ends(self) -> tuple[float, ...]:
        """What else it may be read as, at most."""
        return (0.0,) if self.what == "holds" else (-math.log(ODDS), math.log(ODDS))

    def number(self, share: float) -> float:
        """Return what a share of its distribution, 0 to 1, says: 1 or 0, or a logarithm of odds."""
        if self.what == "holds":
            return float(share < self.chance)
        return math.log(ODDS) / END * NORMAL.inv_cdf(share)


def unsure(
    place: Town, lines: Iterable[Timeline], first: dt.date, last: dt.date
) -> tuple[Unsure, ...]:
    """Return what is not sure of a town's own rules, of what changes a lever on some day.

    Args:
        place: The town.
        lines: What is in force in it, its own rules laid in.
        first: The first day.
        last: The first day that does not matter, after the first.
    """
    every = [one for c in _stated(place) if c.date < last for one in _of(c)]
    none = {one: 0.0 for one in every if one.what == "holds"}
    found: dict[Unsure, None] = {}
    for line in lines:
        for others in ({}, none):
            stated = _lived(place, line, others, first, last)
            for one in every:
                if one not in found and stated is not None:
                    read_so = (
                        _lived(place, line, others | {one: x}, first, last) for x in one.ends
                    )
                    if any(lived is not None and lived != stated for lived in read_so):
                        found[one] = None
    return tuple(sorted(found))


def drawn(
    places: Sequence[Town], doubts: Sequence[Sequence[Unsure]], number: int, seed: int
) -> Iterator[tuple[dict[str, float], tuple[tuple[Change, ...], ...]]]:
    """Yield what each draw reads, by what would have to be known, and every town's rules so read.

    Whether a rule holds is so for all towns of a region at once; how far one is carried out, each
    town's own.

    Args:
        places: The towns of a region.
        doubts: What is not sure of each.
        number: How many draws.
        seed: What places within each part of a distribution are keyed by.
    """
    for draw in range(number):
        yield drawn_one(places, doubts, draw, number, seed)


def drawn_one(
    places: Sequence[Town],
    doubts: Sequence[Sequence[Unsure]],
    draw: int,
    number: int,
    seed: int,
) -> tuple[dict[str, float], tuple[tuple[Change, ...], ...]]:
    """Return what one draw reads, and every town's rules so read.

    Counties that are drawn apart with the same numbers read a rule that they share in the same way.

    Args:
        places: As in `drawn`, as the others are.
        doubts: What is not sure of each.
        draw: Which draw.
        number: Of how many.
        seed: What places are keyed by.
    """
    titles, numbers = _titles(doubts), {}
    for k, those in enumerate(doubts):
        for one in those:
            whose = "" if one.what == "holds" else f"{k} "
            share = even_shares(f"rule {whose}{one.change} {one.what}", number, seed)[draw]
            numbers[k, one] = one.number(share) if draw else one.stated
    said = {titles[of]: x for of, x in numbers.items()}
    return said, tuple(
        read(place, {one: numbers[k, one] for one in those})
        for k, (place, those) in enumerate(zip(places, doubts, strict=True))
    )


def read(place: Town, numbers: Mapping[Unsure, float]) -> tuple[Change, ...]:
    """Return a town's own rules in one reading.

    Args:
        place: The town.
        numbers: What is read, as `Unsure.number` says it.
    """
    return _changes(place, {(one.change, one.what): x for one, x in numbers.items()})


def of_tables(place: Town) -> bool:
    """Return whether a town's rules are those that tables say of its county."""
    return place.fips is not None and place.changes == laws.changes(
        place.fips, laws.state_of(place.fips)
    )


def _titles(doubts: Sequence[Sequence[Unsure]]) -> dict[tuple[int, Unsure], str]:
    """Return what stands for each in a table; a neighbor's own with the neighbor's number."""
    return {
        (k, one): one.title if k == 0 or one.what == "holds" else f"neighbor {k}: {one.title}"
        for k, those in enumerate(doubts)
        for one in those
    }


def _of(change: Change) -> Iterator[Unsure]:
    said = f"{change.sentence.rstrip('.')} ({change.date})"
    if change.basis in HOLDS:
        title = f"whether this is in force: {said}"
        yield Unsure(change.name, "holds", title, HOLDS[change.basis])
    if any(_open(name, value) for name, value in _ours(change)):
        yield Unsure(change.name, "extent", f"how far this is carried out: {said}", 1.0)


def _ours(change: Change) -> Iterable[tuple[str, Any]]:
    """Return the levers that a rule sets to values of ours."""
    ours = "ours" in change.source or "by us" in change.source
    return change.levers.items() if ours else ()


def _open(name: str, value: Any) -> bool:
    """Return whether a rule leaves open how far a lever that binds police and ICE is carried out.

    Where it is set to none or all, that of requests alone.
    """
    if name not in TOWARDS or not isinstance(value, float):
        return False
    return 0.0 < value < 1.0 or name.startswith("honor_") or name == "judicial_warrant"


def _stated(place: Town) -> tuple[Change, ...]:
    """Return the rules of a town that may be read otherwise; agreements are as they are."""
    if of_tables(place) and place.fips is not None:
        return laws.stated(laws.state_of(place.fips))
    return place.changes


def _lived(
    place: Town, line: Timeline, numbers: Mapping[Unsure, float], first: dt.date, last: dt.date
) -> list[tuple[dt.date, Policy]] | None:
    """Return what is in force from day to day in one reading; None where it contradicts itself."""
    others = tuple(c for c in line.changes if c not in place.changes)
    try:
        states = line.model_copy(update={"changes": (*others, *read(place, numbers))}).dated()
    except InvalidInput:
        return None
    lived = {max(day, first): rules for day, rules in states if day < last}
    same = [None, *lived.values()]
    return [of for of, before in zip(lived.items(), same, strict=False) if of[1] != before]


def _changes(place: Town, numbers: Mapping[tuple[str, str], float]) -> tuple[Change, ...]:
    """Return a town's own rules in one reading."""

    def reading(change: Change) -> Change | None:
        if numbers.get((change.name, "holds"), 1.0) < 0.5:
            return None
        far = numbers.get((change.name, "extent"), 0.0)
        moved = {
            name: _moved(value, TOWARDS[name] * far)
            for name, value in (_ours(change) if far else ())
            if _open(name, value)
        }
        return change.model_copy(update={"levers": change.levers | moved}) if moved else change

    if of_tables(place) and place.fips is not None:
        return laws.changes(place.fips, laws.state_of(place.fips), read=reading)
    return tuple(c for c in map(reading, place.changes) if c is not None)


def _moved(value: float, by: float) -> float:
    """Return a share whose odds' logarithm is moved; none or all of it, towards the other end."""
    if 0.0 < value < 1.0:
        return 1 / (1 + (1 / value - 1) * math.exp(-by))
    inwards = max(0.0, by if value == 0.0 else -by)
    return abs(value - min(1.0, OUTRIGHT * inwards / math.log(ODDS)))
