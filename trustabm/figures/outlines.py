"""The outlines of all counties, as the Census Bureau draws them, without a network.

`shapes/README.md` says where they come from.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Outlines", "outlines", "upright"]

Floats = npt.NDArray[np.float64]

SMALLEST = 3
"""Points of a ring without an inside, the last being the first again: islands that the grid of the
file is too wide for."""

SQUARE = 0.3 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
"""What stands for a city that the source has as a line: three of Virginia's."""

CONE = (498.0, -1362.0)
"""Where the meridians of the states between Canada and Mexico meet, on this plane."""

INSETS = ("02", "15")
"""States that were moved in, each upright as it stands."""


class Outlines(NamedTuple):
    """Lines on a plane whose second coordinate grows downwards; the nation is 975 wide.

    Args:
        rings: Closed rings of shape (points, 2) of every county, by FIPS code: each island, and
            each hole, whose points go the other way round.
        borders: Lines between counties of two states, and along the nation's own, by the states
            that they part, of which an outer one has one.
    """

    rings: dict[str, list[Floats]]
    borders: list[tuple[frozenset[str], Floats]]


@cache
def outlines() -> Outlines:
    """Return the outlines of the 3,142 counties of 2019."""
    file = resources.files("trustabm") / "figures" / "shapes" / "counties.json.gz"
    whole: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    scale = np.array(whole["transform"]["scale"])
    arcs = [np.cumsum(arc, axis=0) * scale for arc in whole["arcs"]]
    rings: dict[str, list[Floats]] = {}
    beside: list[set[str]] = [set() for _ in arcs]
    for shape in whole["objects"]["counties"]["geometries"]:
        for number in (n for ring in _rings(shape) for n in ring):
            beside[number if number >= 0 else ~number].add(shape["id"])
        found = [_joined(ring, arcs) for ring in _rings(shape)]
        wide = [ring for ring in found if len(ring) > SMALLEST]
        rings[shape["id"]] = wide or [found[0].mean(axis=0) + SQUARE]
    borders = []
    for arc, ids in zip(arcs, beside, strict=True):
        states = frozenset(fips[:2] for fips in ids)
        if len(ids) == 1 or len(states) > 1:
            borders.append((states, arc))
    return Outlines(rings, borders)


def _rings(shape: dict[str, Any]) -> Iterator[Sequence[int]]:
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    for polygon in polygons:
        yield from polygon


def _joined(ring: Sequence[int], arcs: Sequence[Floats]) -> Floats:
    """Return the arcs of a ring one after the other; a number below 0 is its arc backwards."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def upright(points: Floats, state: str, middle: Floats) -> Floats:
    """Return points of a state turned so that north is up in its middle.

    Args:
        points: Of shape (points, 2).
        state: Its two digits.
        middle: Its middle, around which they are turned.
    """
    if state in INSETS:
        return points
    x, y = middle - CONE
    turn = math.atan2(x, y)
    cos, sin = math.cos(turn), math.sin(turn)
    turned: Floats = (points - middle) @ np.array([[cos, sin], [-sin, cos]]) + middle
    return turned
