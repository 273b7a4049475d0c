"""What can go wrong, and how it is said: the field, what was expected, what came.

TrustabmError
├── InvalidInput    a file, option or argument that does not say what it must
│   └── Damaged     a file that is not as it was written
├── OutputExists    results that would be overwritten without being asked to
├── NotInstalled    an extra of this package that is not installed
├── NotWritten      a place that cannot be written; what was there before is whole
└── WorkersLost     processes that ended before their work was done
"""

from __future__ import annotations

import datetime as dt
import reprlib
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from importlib.util import find_spec
from operator import index
from typing import Any

from pydantic import ValidationError

__all__ = [
    "EXTRAS",
    "Contradiction",
    "Damaged",
    "InvalidInput",
    "NotInstalled",
    "NotWritten",
    "OutputExists",
    "TrustabmError",
    "WorkersLost",
    "from_validation",
    "nearest",
    "need",
    "problems",
    "shown",
    "whole_number",
]

LINE_MAX = 480
"""Characters of a line of a message; of a longer one the middle is left out."""

LINES_MAX = 20
"""Problems of one input that are told."""

WORD_MAX = 80
"""Characters of one word in it that are echoed."""

ECHO_MAX = 120
"""Characters of a value as a message echoes it."""

EXTRAS = {
    "app": ("anywidget", "ipyvue", "ipyvuetify", "segno", "solara", "uvicorn"),
    "dask": ("dask_jobqueue", "distributed"),
    "did": ("pyfixest",),
    "explore": ("ema_workbench",),
    "fit": ("arviz_stats", "threadpoolctl"),
    "remote": ("fsspec",),
    "score": ("scoringrules",),
    "search": ("pymoo",),
    "study": (
        "duckdb",
        "markupsafe",
        "matplotlib",
        "SALib",
        "sklearn",
        "scipy",
        "tomli_w",
        "tqdm",
        "typst",
        "xarray",
    ),
}
"""What each extra brings besides what a run and a comparison need, as it is imported."""


class TrustabmError(Exception):
    """The base of every error this package raises on purpose.

    Whatever a user's text holds, a message is printable, and each of its lines short.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*(_plain(a) if isinstance(a, str) else a for a in args))


class InvalidInput(TrustabmError, ValueError):  # noqa: N818
    """An input that does not say what it must; nothing was run or written."""


class Damaged(InvalidInput):
    """A file that is not as it was written; nothing of it was used."""


class NotInstalled(TrustabmError, ImportError):  # noqa: N818
    """A part of this package whose extra is not installed."""


class NotWritten(TrustabmError):  # noqa: N818
    """A place that cannot be written, or not any more; what was there before is whole."""


class OutputExists(TrustabmError, FileExistsError):  # noqa: N818
    """An output folder that holds something already."""


class WorkersLost(TrustabmError, RuntimeError):  # noqa: N818
    """Processes that ended before their work was done; the input may be right."""


class Contradiction(ValueError):  # noqa: N818
    """Two values that are valid alone and not together.

    Args:
        names: Their names.
        text: What was expected and what came.
    """

    def __init__(self, names: Sequence[str], text: str) -> None:
        super().__init__(text)
        self.names = tuple(names)


def shown(value: object) -> str:
    """Return a value as a message echoes it, a long or deep one in part."""
    try:
        text: str = _ECHO.repr(value)
        # So short that what was expected, which stands behind it, is never cut off.
        return text if len(text) <= ECHO_MAX else f"{text[: ECHO_MAX - 1]}…"
    except (ValueError, RecursionError, OverflowError):  # a number of thousands of digits
        return f"a {type(value).__name__}"


def whole_number(value: Any, what: str, low: int, high: int | None = None) -> int:
    """Return a whole number of Python's or numpy's as Python's.

    Raises:
        InvalidInput: for another kind, a yes or no among them, or one out of range.
    """
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None or number < low or (high is not None and number > high):
        ends = f"from {low}" if high is None else f"from {low} to {high}"
        raise InvalidInput(f"{what}: expected a whole number {ends}, got {shown(value)}")
    return number


def need(extra: str, what: str) -> None:
    """Raise where what an extra brings is not there; rooms that need one call it first.

    Args:
        extra: One of `EXTRAS`.
        what: What was wanted, as a reader knows it.

    Raises:
        NotInstalled: with the command that installs it.
    """
    for module in EXTRAS[extra]:
        try:
            there = find_spec(module) is not None
        except ImportError:
            there = False
        if not there:
            raise NotInstalled(
                f"{what}: expected {module}, which is not installed; "
                f'pip install "trustabm[{extra}]" brings it'
            )


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return a hint that names the valid word nearest to `name`, or all of them."""
    words = sorted(valid)
    close = get_close_matches(name[:WORD_MAX], words, n=1, cutoff=0.5)
    if close:
        return f"did you mean {shown(close[0])}?"
    said, more = "expected one of ", 0
    for k, word in enumerate(words):
        if len(said) + len(word) > LINE_MAX // 2:
            more = len(words) - k
            break
        said += (", " if k else "") + shown(word)
    return said + (f" or {more} more" if more else "")


def from_validation(where: str, error: ValidationError, valid: Sequence[str]) -> InvalidInput:
    """Turn a pydantic error into one line a problem: file, key, expected, came, nearest name.

    Args:
        where: The file or option that was read.
        error: What pydantic found.
        valid: The names that would have been accepted at the top level of the input.
    """
    return InvalidInput("\n".join(f"{where}: {line}" for line in problems(error, valid)))


def problems(error: ValidationError, valid: Sequence[str]) -> list[str]:
    """Return one line a problem that pydantic found: key, expected, came, nearest name."""
    lines = list(dict.fromkeys(_problems(error, valid)))
    if len(lines) > LINES_MAX:
        lines = [*lines[:LINES_MAX], f"expected no problem, got {len(lines) - LINES_MAX} more"]
    return lines


_SAID = {
    "greater_than_equal": "expected at least {ge}, got {came}",
    "less_than_equal": "expected at most {le}, got {came}",
    "less_than": "expected less than {lt}, got {came}",
    "missing": "expected a value, got none",
    "model_type": "expected a table, got {came}",
    "dict_type": "expected a table, got {came}",
    "tuple_type": "expected a list, got {came}",
    "list_type": "expected a list, got {came}",
    "too_short": "expected at least {min_length} of them, got {came}",
    "greater_than": "expected more than {gt}, got {came}",
    "union_tag_not_found": "expected a table with a key {discriminator}, got {came}",
    "union_tag_invalid": "expected {discriminator} to be one of {expected_tags}, got {came}",
}
"""Problems that pydantic names in words of Python, in plain ones."""


def _problems(error: ValidationError, valid: Sequence[str]) -> Iterator[str]:
    """Yield one line a problem: key, expected, came."""
    for problem in error.errors(include_url=False):
        key = ".".join(_word(part) for part in problem["loc"])
        came, context = shown(problem["input"]), problem.get("ctx", {})
        if problem["type"] == "extra_forbidden":
            hint = nearest(str(problem["loc"][-1]), valid)
            yield f"{key}: no such key, got {came}; {hint}"
        elif problem["type"] == "value_error":
            for line in str(context["error"]).splitlines():
                # A check of a whole table says which of its keys is wrong; one of a value does not.
                yield f"{key}{': ' if line.startswith('expected') else '.' if key else ''}{line}"
        elif problem["type"] in _SAID:
            said = _SAID[problem["type"]].format(came=came, **context)
            yield f"{key or '(whole)'}: {said}"
        else:
            expected = problem["msg"].removeprefix("Input should be ")
            yield f"{key or '(whole)'}: expected {expected}, got {came}"


def _word(part: int | str) -> str:
    """Return a key as a message says it: quoted where it would not be read as one."""
    text = str(part)
    return text if text.isprintable() and len(text) <= WORD_MAX and text else shown(text)


class _Echo(reprlib.Repr):
    """`repr` that goes neither deep nor far."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxstring = self.maxother = self.maxlong = WORD_MAX
        self.maxlist = self.maxtuple = self.maxdict = 4

    def repr_date(self, x: dt.date, level: int) -> str:
        """Return a date as it is written in a file."""
        return x.isoformat()

    def repr_str(self, x: str, level: int) -> str:
        """Return a string, cut before anything is done with it."""
        return super().repr_str(
            x if len(x) <= 2 * WORD_MAX else x[:WORD_MAX] + x[-WORD_MAX:], level
        )


_ECHO: Any = _Echo()


def _plain(message: str) -> str:
    """Return a message without what a terminal would obey, each line cut in the middle."""
    lines = []
    for line in message.split("\n"):
        text = line
        if len(text) > LINE_MAX:
            text = f"{text[: LINE_MAX * 2 // 3]} … {text[-LINE_MAX // 3 :]}"
        if not text.isprintable():
            text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
        lines.append(text if len(text) <= LINE_MAX + 10 else text[:LINE_MAX])
    return "\n".join(lines)
