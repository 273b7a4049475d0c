"""Where an interval's width comes from: luck, parameters, the town's figures, rules, structure.

The variance that draws add is taken apart by regressing their log effects on the figures, the
readings of rules and the structure that they were drawn with: what a figure, or all of them, or the
structure explains beyond the others, less what as many columns of noise would (Hays 1963's omega
squared). What is left is the parameters', with whatever works through two of these at once. Luck is
known from the towns that share a draw. Where draws are hardly more than figures, they cannot be
told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Drawn", "Parts", "parts"]

Floats = npt.NDArray[np.float64]

LEFT = 5
"""Draws that there must be beyond the columns that are told apart, and the mean."""


class Drawn(NamedTuple):
    """What draws differ by beside parameters; a value a draw.

    Args:
        structures: The name of the structure of each draw.
        figures: Values of every figure that differs, by name.
        rules: What is read of every rule that is read in more than one way, by what would have to
            be known of it.
    """

    structures: Sequence[str | None] = ()
    figures: Mapping[str, Sequence[float]] = {}
    rules: Mapping[str, Sequence[float]] = {}


class Parts(NamedTuple):
    """Shares of a variance between draws, that add up to 1; arrays of shape (rows,).

    NaN where they cannot be told apart.
    """

    parameters: Floats
    figures: Floats
    rules: Floats
    structure: Floats
    figure: Floats
    """The place among the figures of the one that explains most."""
    of_figure: Floats
    """The share of that one."""
    rule: Floats
    """The same among readings of rules."""
    of_rule: Floats


def parts(draws: Floats, variance: Floats, drawn: Drawn) -> Parts:
    """Return how a variance between draws is made up.

    Args:
        draws: What each draw gives, luck left in, of shape (draws, rows).
        variance: How much of it is between draws, luck taken out, of shape (rows,).
        drawn: What the draws differ by.
    """
    many, rows = draws.shape
    none, whole = np.zeros(rows), np.ones(rows)
    names = dict.fromkeys(drawn.structures)
    columns = [np.asarray(x, float) for x in (*drawn.figures.values(), *drawn.rules.values())]
    figures = slice(0, len(drawn.figures))
    rules = slice(len(drawn.figures), len(columns))
    columns += [np.array([s == name for s in drawn.structures], float) for name in [*names][1:]]
    structure = slice(rules.stop, len(columns))
    if not columns:
        return Parts(whole, none, none, none, none * np.nan, none, none * np.nan, none)
    free = many - 1 - len(columns)
    if free < LEFT:
        return Parts(*(none * np.nan for _ in Parts._fields))
    design = np.stack(columns, axis=1)
    design -= design.mean(axis=0)
    size = np.sqrt((design**2).sum(axis=0))
    design /= np.where(size > 0, size, 1.0)
    inverse = np.linalg.pinv(design.T @ design)
    slopes = inverse @ design.T @ (draws - draws.mean(axis=0))
    left = draws - draws.mean(axis=0) - design @ slopes
    noise = (left**2).sum(axis=0) / free

    def explained(at: slice) -> Floats:
        beyond = np.linalg.pinv(inverse[at, at])
        squares = np.einsum("ir,ij,jr->r", slopes[at], beyond, slopes[at])
        more: Floats = np.fmax(squares - (at.stop - at.start) * noise, 0.0) / (many - 1)
        return more

    kinds = [explained(at) for at in (figures, rules, structure)]
    # Of a variance that is known no better than what explains it.
    total = np.fmax(variance, sum(kinds))
    total = np.where(total > 0, total, 1.0)
    of_figures, of_rules, of_structure = (x / total for x in kinds)

    def largest(at: slice, most: Floats) -> tuple[Floats, Floats]:
        each = [explained(slice(k, k + 1)) for k in range(at.start, at.stop)]
        every = np.stack(each or [none])
        one = np.fmin(every.max(axis=0) / total, most)
        return np.where(one > 0, every.argmax(axis=0), np.nan), one

    rest = 1 - of_figures - of_rules - of_structure
    return Parts(
        rest,
        of_figures,
        of_rules,
        of_structure,
        *largest(figures, of_figures),
        *largest(rules, of_rules),
    )
