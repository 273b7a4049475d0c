"""What a class learned: answers before and after a lesson, and the gain with its interval."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple

from trustabm.errors import InvalidInput, shown
from trustabm.outcomes.quantiles import t_quantile

__all__ = ["Gain", "gain", "read_answers"]


class Gain(NamedTuple):
    """What a class gained.

    Args:
        pupils: Who answered before and after.
        left_out: Who answered only once.
        pre: The mean share of items that were right before.
        post: The same after.
        gain: Its mean difference.
        low: The lower end of its 90% interval.
        high: The upper end.
    """

    pupils: int
    left_out: int
    pre: float
    post: float
    gain: float
    low: float
    high: float


def gain(pairs: Sequence[tuple[float, float]], left_out: int = 0) -> Gain:
    """Return the mean paired difference with its 90% interval, by Student's t.

    The interval is of classes like this one, were pupils drawn anew; it does not say that the
    lesson made the difference, which takes a class that did not have it.

    Args:
        pairs: The shares right before and after, a pair a pupil.
        left_out: How many are left out since they answered only once.

    Raises:
        InvalidInput: for fewer than 2 pupils.
    """
    many = len(pairs)
    if many < 2:
        raise InvalidInput(f"pupils: expected at least 2 who answered twice, got {many}")
    differences = [after - before for before, after in pairs]
    middle = fmean(differences)
    half = t_quantile(0.95, many - 1) * stdev(differences) / math.sqrt(many)
    pre, post = (fmean(x) for x in zip(*pairs, strict=True))
    return Gain(many, left_out, pre, post, middle, middle - half, middle + half)


def read_answers(path: str | Path, right: Sequence[str]) -> Gain:
    """Return the gain from a table of answers.

    Its columns are pupil, pre_1, pre_2, ..., post_1, post_2, ...; a cell is a letter, or empty
    where an item was left out, which counts as wrong. A pupil with no answer at all before, or
    after, is left out.

    Args:
        path: The CSV file.
        right: The right letter of each item.

    Raises:
        InvalidInput: for other columns, a letter that is no answer, or too few pupils.
    """
    items = range(1, len(right) + 1)
    columns = ["pupil", *(f"pre_{k}" for k in items), *(f"post_{k}" for k in items)]
    pairs, left_out = [], 0
    try:
        text = Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InvalidInput(f"{path}: expected text (UTF-8), got something else") from e
    with StringIO(text, newline="") as file:
        rows = csv.DictReader(file)
        if list(rows.fieldnames or []) != columns:
            got = ",".join(rows.fieldnames or [])
            raise InvalidInput(f"{path}: columns: expected {','.join(columns)}, got {shown(got)}")
        for line, row in enumerate(rows, 2):
            given = {c: (row[c] or "").strip().upper() for c in columns[1:]}
            for column, letter in given.items():
                if letter not in ("", *"ABCDEF"):
                    raise InvalidInput(
                        f"{path}: line {line}, {column}: expected a letter A to F or nothing, got "
                        f"{shown(letter)}"
                    )
            when = [[given[f"{w}_{k}"] for k in items] for w in ("pre", "post")]
            if not all(any(answers) for answers in when):
                left_out += 1
                continue
            before, after = (
                fmean(a == r for a, r in zip(answers, right, strict=True)) for answers in when
            )
            pairs.append((before, after))
    return gain(pairs, left_out)
