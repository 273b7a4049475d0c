"""Figures of towns drawn from their ranges: what nobody knows about the county itself.

A figure's `low` and `high` are taken to hold its true value nine times in ten, whatever their
source calls them: ranges that people state hold it less often than they think (Lichtenstein,
Fischhoff & Phillips 1982, doi:10.1017/CBO9780511809477.023), so that an even chance of anything
within and none beyond would say too much. The stated value is the middle: half of the draws lie on
either side, normal at a distance of its own, cut off where the figure has its bounds. Figures are
drawn apart from each other, since no source says how they go together; all of a region at once as a
Latin hypercube (McKay, Beckman & Conover 1979, doi:10.2307/1268522), so that every figure's draws
fill its range evenly. Which draw has which part of a range is the same for every seed, and where in
it the seed's: how by chance figures go together with parameters would otherwise move the ends of
intervals from seed to seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Any

from trustabm.inputs.declare import declarations
from trustabm.inputs.figure import Figure
from trustabm.inputs.keyed import uniform
from trustabm.inputs.town import Town
from trustabm.inputs.town_group import TownGroup

__all__ = ["END", "NORMAL", "drawn", "drawn_one", "even_shares", "ranged"]

NORMAL = NormalDist()
END = NORMAL.inv_cdf(0.95)
"""How many standard deviations from the middle an end of a range is."""

UNLIVED = ("population",)
"""What a town's simulated sample does not depend on."""

HALVINGS = 8
"""How often a draw that no town could have is moved half way to the stated figures."""


def ranged(place: Town) -> dict[str, Figure]:
    """Return the figures that have a range, by name."""
    every = place.figures().items()
    return {n: f for n, f in every if f.span[0] < f.span[1] and n not in UNLIVED}


def drawn(places: Sequence[Town], number: int, seed: int) -> Iterator[tuple[Town, ...]]:
    """Yield a region's towns with their figures drawn from their ranges.

    The first has them as stated: it is the town that a single run lives in.

    Args:
        places: The towns.
        number: How many draws.
        seed: What their places within each part of a range are keyed by.
    """
    for draw in range(number):
        yield tuple(drawn_one(place, draw, number, seed, k) for k, place in enumerate(places))


def drawn_one(place: Town, draw: int, number: int, seed: int, which: int = 0) -> Town:
    """Return a town with its figures as in one of so many draws.

    Towns that are drawn apart with the same numbers have each figure at the same place of its
    range: what one county's figure is wrong by, all others' are too.

    Args:
        place: The town as stated.
        draw: Which draw.
        number: Of how many.
        seed: As in `drawn`.
        which: The number of the town in its region.
    """
    if draw == 0:
        return place
    return redrawn(
        place, {name: even_shares(f"{which} {name}", number, seed)[draw] for name in ranged(place)}
    )


def redrawn(place: Town, shares: Mapping[str, float]) -> Town:
    """Return a town with figures where shares of their distributions lie.

    Args:
        place: The town.
        shares: From 0 to 1, by figure; the others stay.
    """
    bounds = {d.name: (d.low, d.high) for d in (*declarations(Town), *declarations(TownGroup))}
    figures = place.figures()
    wanted = {}
    for name, share in shares.items():
        known = next(part for part in reversed(name.split(".")) if part in bounds)
        wanted[name] = _value(figures[name], share, *bounds[known])
    for halving in range(HALVINGS):
        part = 0.5**halving
        values = {n: f.value + part * (wanted[n] - f.value) for n, f in _of(figures, wanted)}
        try:
            return _with(place, {n: _at(figures[n], value) for n, value in values.items()})
        except ValueError:  # more undocumented residents than there can be noncitizens
            continue
    return place


def _of(figures: Mapping[str, Figure], names: Mapping[str, float]) -> Iterator[tuple[str, Figure]]:
    return ((name, figures[name]) for name in names)


def _value(figure: Figure, share: float, least: float, most: float) -> float:
    """Return where a share of a figure's distribution lies."""
    low, high = figure.span
    end, bound = (low, least) if share < 0.5 else (high, most)
    size = abs(end - figure.value) / END
    if size == 0.0:
        return figure.value
    # Of this half, the part that the bound leaves.
    whole = NORMAL.cdf(abs(bound - figure.value) / size) - 0.5
    far = NORMAL.inv_cdf(min(0.5 + whole * abs(2 * share - 1), 1 - 1e-12))
    moved = figure.value + (size * far if share > 0.5 else -size * far)
    return min(max(moved, least), most)


def _at(figure: Figure, value: float) -> Figure:
    """Return a figure at another value, its range as wide as it takes."""
    low, high = figure.span
    ends = {"low": min(low, value), "high": max(high, value)}
    return figure.model_copy(update={"value": value, **ends})


def _with(place: Town, figures: Mapping[str, Figure]) -> Town:
    """Return a town with other figures.

    Raises:
        ValueError: where no town can have them.
    """
    values: dict[str, Any] = dict(place)
    for name, figure in figures.items():
        first, *rest = name.split(".")
        if not rest:
            values[first] = figure
            continue
        key, own, *other = rest
        group = values["groups"][key]
        new = {**getattr(group, own), other[0]: figure} if other else figure
        values["groups"] = values["groups"] | {key: group.model_copy(update={own: new})}
    return Town.model_validate(values)


@lru_cache(maxsize=1024)
def even_shares(key: str, number: int, seed: int) -> tuple[float, ...]:
    """Return one share in each of so many equal parts of 0 to 1, the first in the middle one.

    A Latin hypercube's column: the parts' order is the key's, the places in them the seed's too.

    Args:
        key: What their order is keyed by.
        number: How many.
        seed: What the place in each part is keyed by, with the key.
    """
    middle = number // 2
    others = [part for part in range(number) if part != middle]
    order = sorted(range(1, number), key=lambda k: uniform(f"{key} {number} {k} order"))
    parts = [middle, *(0 for _ in others)]
    for part, draw in zip(others, order, strict=True):
        parts[draw] = part
    return tuple(
        (part + uniform(f"{seed} {key} {k} place")) / number for k, part in enumerate(parts)
    )
