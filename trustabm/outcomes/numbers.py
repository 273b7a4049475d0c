"""Numbers as people read them: nothing that is not zero is written as zero."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["listed", "percent_said", "said", "said_apart", "shown", "with_unit"]

DASH = "\N{EN DASH}"

DIGITS_MAX = 4
"""Digits after the point, at most, to tell numbers apart."""


def said(value: float, digits: int, plus: bool = False) -> str:
    """Return a number, with more digits where it would look like zero, and zero as "0".

    Args:
        value: The number.
        digits: Digits after the point; of what is less than the last of them, the first is shown.
        plus: Whether it has a sign where it is above zero.
    """
    if value == 0:
        return "0"
    if abs(value) < 10.0**-digits:
        digits = math.ceil(-math.log10(abs(value)))
    return f"{value:{'+' if plus else ''},.{digits}f}"


def said_apart(values: Sequence[float], digits: int, bounds: Sequence[float] = ()) -> list[str]:
    """Return numbers with as many digits, within reason, as they take.

    Args:
        values: A number, two that must look different, or one and the ends of its interval, which
            must.
        digits: Digits after the point, at least.
        bounds: What a number must not be taken for, if it is not the same.
    """
    last = 10.0**-digits
    if any(0 < abs(x) < last for x in values) and max(map(abs, values)) < 10 * last:
        digits += 1
    pairs = [tuple(values[-2:])] if len(values) > 1 else []
    pairs += [(x, bound) for x in values for bound in bounds]
    while digits < DIGITS_MAX and any(
        x != y and f"{x:.{digits}f}" == f"{y:.{digits}f}" for x, y in pairs
    ):
        digits += 1
    return [said(x, digits) for x in values]


def percent_said(value: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    """Return a change in percent, and its interval; a dash where there is none."""
    ends = (low, high) if low is not None and high is not None else ()
    change = f"{said(value, 1, plus=True)}%" if value is not None else DASH
    return change, " to ".join(said(x, 1, plus=True) for x in ends) + "%" if ends else DASH


def listed(items: Sequence[str], word: str = "and") -> str:
    """Return words in a row, as in "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"


def shown(value: float | None, unit: str, signed: bool = False, end: bool = False) -> str:
    """Return a number as a person reads it.

    Args:
        value: The number; a dash stands for a missing one.
        unit: Its unit: shares are shown in percent, scales from 0 to 1 as 0 to 100.
        signed: Whether it is a difference.
        end: Whether it is the end of an interval of a difference.
    """
    if value is None or math.isnan(value):
        return "-"
    scale, digits, before, after = 1, 1, "", ""
    if unit.startswith("share"):
        scale, after = 100, "%"
    elif unit == "0 to 1":
        scale = 100
    elif "dollars" in unit:
        digits, before = 0, "$"
    elif unit == "ratio":
        digits = 2
    text = said(abs(value) * scale, digits)
    sign = "-" if value < 0 else "+" if value > 0 and signed and not end else ""
    return f"{sign}{text}" if signed or end else f"{sign}{before}{text}{after}"


def with_unit(title: str, unit: str) -> str:
    """Return a row's name, with the unit in parentheses where the numbers do not show it."""
    if unit.startswith("share") or unit == "ratio":
        return title
    return f"{title} ({'0 to 100' if unit == '0 to 1' else unit})"
