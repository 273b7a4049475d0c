"""Put draws in such an order that any that follow each other are much like all of them.

A comparison lives through some tens of draws. Drawn by chance, their mean and their ends lie apart
from one comparison to the next by more than there is to gain by more towns. So draws are halved
again and again, of each two neighbors one to either half (as systematic sampling does along a line:
Mak & Joseph 2018, doi:10.1214/17-AOS1629, say why that helps): every half, quarter, eighth, ... of
the order then has its share of every region.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["balanced", "resampled"]

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]


def balanced(values: Floats, seed: int = 0) -> Numbers:
    """Return an order of draws in which every half, quarter, ... is like the whole.

    Args:
        values: What each draw is told apart by, of shape (draws, numbers).
        seed: Of which neighbor goes where.

    Returns:
        Every draw's place, of shape (draws,).
    """
    return _halved(np.asarray(values, dtype=np.float64), np.random.default_rng(seed))


def _halved(values: Floats, rng: np.random.Generator) -> Numbers:
    if len(values) < 2:
        return np.arange(len(values))
    path = _along(values)
    left = np.arange(0, len(path) - 1, 2)
    swap = rng.integers(2, size=len(left))
    one, other = path[left + swap], path[left + 1 - swap]
    if len(path) % 2:
        one = np.append(one, path[-1])
    return np.concatenate([half[_halved(values[half], rng)] for half in (one, other)])


def _along(values: Floats) -> Numbers:
    """Return an order in which neighbors lie near: halves along the widest direction, each so."""
    if len(values) < 3:
        return np.arange(len(values))
    order = np.argsort(values[:, values.var(axis=0).argmax()], kind="stable")
    middle = len(order) // 2
    return np.concatenate([half[_along(values[half])] for half in np.split(order, [middle])])


def resampled(weights: Floats, number: int, rng: np.random.Generator) -> Numbers:
    """Return so many draws in proportion to their weights, as evenly as can be (systematic).

    Args:
        weights: Of any sum, of shape (draws,).
        number: How many.
        rng: Where chance comes from.
    """
    at = (np.arange(number) + rng.random()) / number
    found: Numbers = np.searchsorted(np.cumsum(weights), at * weights.sum())
    return np.minimum(found, len(weights) - 1)
