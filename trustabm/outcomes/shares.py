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

from trustabm.outcomes.doubt import Doubt, Layout

__all__ = ["Drawn", "Parts", "by_kind", "luck_alone", "parts"]

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


def luck_alone(whole: Floats, halves: Floats, solid: npt.NDArray[np.bool_]) -> Floats:
    """Return the variance of the log ratio that luck makes, by how far halves lie from each other.

    Halves of a replicate are the same places, so that only their luck differs.

    Args:
        whole: Levels of both arms, of shape (2, rows).
        halves: Levels without each half, of shape (2 * replicates, 2, rows).
        solid: Whether an arm has events in more than one replicate, of shape (2, rows).
    """
    many = len(halves)
    level, left = np.where(solid, whole, 1.0), np.where(solid, halves, 1.0)
    signs = np.where(solid.all(axis=0), np.array([[-1.0], [1.0]]), 1.0)
    pseudo = many * np.log(level) - (many - 1) * np.log(np.where(left > 0, left, 1.0))
    of_half = (signs * pseudo).sum(axis=1)
    apart = of_half[0::2] - of_half[1::2]
    alone: Floats = (apart**2).mean(axis=0) / 2 / many
    return alone


def by_kind(
    luck: Floats, ratio: Doubt, layout: Layout, drawn: Drawn, alone: Floats | None
) -> list[Floats]:
    """Return shares of luck and of all kinds, then the largest figure and reading with theirs.

    Args:
        luck: Pseudo-values of replicates less their draw's mean, of shape (replicates, rows).
        ratio: What is unsure about which draw is true.
        layout: Of the replicates.
        drawn: What draws differ by.
        alone: The variance that luck makes, where replicates differ by the places drawn too.
    """
    within, n = (luck**2).sum(axis=0) / max(1, layout.within), len(luck)
    lucky, between = within / n, ratio.variance.mean(axis=0)
    whole = lucky + between * (1 + layout.towns / n) if layout.between else lucky
    both = np.where(whole > 0, lucky / np.where(whole > 0, whole, 1.0), np.nan)
    made = parts(ratio.draws, between, drawn)
    rest = 1 - both
    # Where luck is all, there is nothing to tell apart.
    shares = (np.where(rest > 0, rest * x, 0.0) for x in made[:4])
    part = np.zeros_like(both)
    if alone is not None:
        part = both * np.clip(1 - alone / np.where(lucky > 0, lucky, 1.0), 0.0, 1.0)
    of = made.figure, rest * made.of_figure, made.rule, rest * made.of_rule
    return [both - part, part, *shares, *of]


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
