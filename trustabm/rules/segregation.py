"""Where ethnic groups live: each neighborhood's shares, from the town's shares and dissimilarities.

Log odds of living there are normal over neighborhoods. The index of dissimilarity between two
groups is half the sum over neighborhoods of how far apart their parts of the two groups are (Duncan
& Duncan 1955, doi:10.2307/2088328).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["indices", "shares"]

Array = npt.NDArray[Any]


@cache
def shares(of_town: tuple[float, ...], wanted: tuple[float, ...], blocks: int) -> Array:
    """Return each group's share of each neighborhood, of shape (blocks, groups).

    Args:
        of_town: Each group's share of the town; they add up to 1.
        wanted: The index of dissimilarity of each two groups that anybody is in, in the order
            (0, 1), (0, 2) and so on, (1, 2); few neighborhoods are as near to it as they can be.
        blocks: Neighborhoods.
    """
    here = [k for k, share in enumerate(of_town) if share > 0.0]
    out = np.zeros((blocks, len(of_town)))
    if blocks == 1 or len(here) == 1:
        out[:] = of_town
    elif len(here) == 2:
        one, other = here
        out[:, one] = _of_two(of_town[one], wanted[0], blocks)
        out[:, other] = 1.0 - out[:, one]
    else:
        out[:, here] = _of_many(np.array([of_town[k] for k in here]), np.array(wanted), blocks)
    return out


def indices(of_blocks: Array) -> Array:
    """Return the index of dissimilarity of each two groups, in the order (0, 1), (0, 2), ...

    Args:
        of_blocks: Each group's share of each neighborhood, of shape (blocks, groups).
    """
    part = of_blocks / of_blocks.sum(axis=0)
    one, other = np.triu_indices(part.shape[1], 1)
    index: Array = np.abs(part[:, one] - part[:, other]).sum(axis=0) / 2
    return index


def _scores(blocks: int) -> Array:
    """Return evenly spaced normal scores."""
    return np.array([NormalDist().inv_cdf((k + 0.5) / blocks) for k in range(blocks)])


def _of_two(share: float, wanted: float, blocks: int) -> Array:
    """Return the first of two groups' shares: the spread of log odds is found by bisection."""
    score = _scores(blocks)

    def of(middle: float, spread: float) -> Array:
        value: Array = 1.0 / (1.0 + np.exp(-(middle + spread * score)))
        return value

    def at(spread: float) -> Array:
        guess = _centre(spread * score, share)
        middle = _bisected(-40.0, 40.0, 59, guess, lambda m: bool(of(m, spread).mean() < share))
        return of(sum(middle) / 2, spread)

    def index(value: Array) -> float:
        apart: float = np.abs(value / share - (1 - value) / (1 - share)).mean() / 2
        return apart

    def miss(spread: float) -> float:
        return index(of(_centre(spread * score, share), spread)) - wanted

    guess = _crossing(miss, 0.0, 12.0)
    low, _ = _bisected(0.0, 12.0, 40, guess, lambda spread: index(at(spread)) < wanted)
    return at(low)


SURE = 1e-7
"""How near to where a function crosses a guess is at least."""


def _bisected(
    low: float, high: float, steps: int, guess: float, below: Callable[[float], bool]
) -> tuple[float, float]:
    """Return between which numbers a crossing lies after so many halvings.

    Args:
        low: The lower end.
        high: The upper end.
        steps: How many.
        guess: Where it about lies: only near it is a middle asked about. NaN if nobody knows.
        below: Whether a number lies below it.
    """
    for _ in range(steps):
        middle = (low + high) / 2
        is_below = middle < guess if abs(middle - guess) > SURE else below(middle)
        low, high = (middle, high) if is_below else (low, middle)
    return low, high


def _centre(odds: Array, share: float) -> float:
    """Return what is to be added to log odds for so large a mean share, by Newton's steps."""
    # As if the odds were normal, where a logistic curve is nearly a normal one.
    middle = math.log(share / (1 - share)) * math.sqrt(1 + float(odds @ odds) / len(odds) / 2.89)
    for _ in range(100):
        value = 1.0 / (1.0 + np.exp(-(middle + odds)))
        step = (value.mean() - share) / max((value * (1 - value)).mean(), 1e-300)
        middle -= min(max(step, -2.0), 2.0)
        if abs(step) < 1e-11:
            return middle
    return math.nan


def _crossing(miss: Callable[[float], float], low: float, high: float) -> float:
    """Return where a rising function is about 0, by the Illinois rule; NaN if that is not found."""
    under, over, side = miss(low), miss(high), 0
    if not under < 0 < over:
        return math.nan
    for _ in range(60):
        at = (low * over - high * under) / (over - under)
        here = miss(at)
        if abs(here) < 1e-12:
            return at
        if here < 0:
            low, under, over, side = at, here, over / 2 if side < 0 else over, -1
        else:
            high, over, under, side = at, here, under / 2 if side > 0 else under, 1
    return math.nan


STEPS = 60
"""Steps of Gauss and Newton at most."""


def _of_many(of_town: Array, wanted: Array, blocks: int) -> Array:
    """Return the shares of three groups or more.

    The log odds of every group against the last are loadings times normal scores of as many
    independent directions, about a mean that the town's share of the group sets. The loadings are
    found by Gauss and Newton's steps, damped where they do not help (Levenberg & Marquardt).
    """
    many = len(of_town) - 1
    lower = np.tril_indices(many)
    score = _directions(blocks, many)

    def at(loads: Array) -> Array:
        matrix = np.zeros((many, many))
        matrix[lower] = loads
        return _centred(score @ matrix.T, of_town)

    loads = _first_loads(wanted, many)[lower]
    value = at(loads)
    miss = indices(value) - wanted
    damping = 1e-3
    for _ in range(STEPS):
        if np.abs(miss).max() < 1e-4 or damping > 1e4:
            break
        step = 1e-4
        slopes = np.stack(
            [(indices(at(loads + step * e)) - wanted - miss) / step for e in np.eye(len(loads))],
            axis=1,
        )
        normal = slopes.T @ slopes
        change = np.linalg.solve(normal + damping * np.eye(len(loads)), -slopes.T @ miss)
        tried = np.clip(loads + change, -12.0, 12.0)
        value_there = at(tried)
        miss_there = indices(value_there) - wanted
        if miss_there @ miss_there < miss @ miss:
            loads, value, miss, damping = tried, value_there, miss_there, damping / 5
        else:
            damping *= 4
    return value


def _directions(blocks: int, many: int) -> Array:
    """Return normal scores of so many directions, each without correlation with those before."""
    score = _scores(blocks)
    out = np.zeros((blocks, many))
    for k in range(many):
        order = np.arange(blocks) * np.sqrt(k + 1.0 if k < 3 else k + 2.0) % 1.0 if k else None
        column = score if order is None else score[np.argsort(np.argsort(order))]
        for before in out[:, :k].T:
            column = column - before * (before @ column) / max(before @ before, 1e-12)
        size = np.sqrt((column @ column) / (score @ score))
        out[:, k] = column / size if size > 1e-6 else 0.0
    return out


def _first_loads(wanted: Array, many: int) -> Array:
    """Return loadings that would do if every group were small: there a spread is an index."""
    spread = np.zeros((many + 1, many + 1))
    spread[np.triu_indices(many + 1, 1)] = [
        (2 * NormalDist().inv_cdf((1 + min(x, 0.999)) / 2)) ** 2 for x in wanted
    ]
    spread += spread.T
    to_last = spread[:-1, -1]
    shared = (to_last[:, None] + to_last - spread[:-1, :-1]) / 2
    values, vectors = np.linalg.eigh(shared)
    loads: Array = np.linalg.cholesky((vectors * np.maximum(values, 1e-4)) @ vectors.T)
    return loads


def _centred(odds: Array, of_town: Array) -> Array:
    """Return shares of neighborhoods by their log odds, moved so that the town's are as wanted."""
    odds = np.concatenate([odds, np.zeros((len(odds), 1))], axis=1)
    middle, value = np.log(of_town), odds
    for _ in range(200):
        raised = odds + middle
        value = np.exp(raised - raised.max(axis=1, keepdims=True))
        value /= value.sum(axis=1, keepdims=True)
        mean = value.mean(axis=0)
        if np.abs(mean - of_town).max() < 1e-10:
            break
        middle += np.log(of_town / mean)
    return value
