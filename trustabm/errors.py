"""What can go wrong, and how it is said: the field, what was expected, what came.

TrustabmError
├── InvalidInput    a file, option or argument that does not say what it must
│   └── Damaged     a file that is not as it was written
├── OutputExists    results that would be overwritten without being asked to
├── NotWritten      a place that cannot be written; what was there before is whole
└── WorkersLost     processes that ended before their work was done
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pydantic import ValidationError

__all__ = [
    "Damaged",
    "InvalidInput",
    "NotWritten",
    "OutputExists",
    "TrustabmError",
    "WorkersLost",
    "from_validation",
    "nearest",
]


class TrustabmError(Exception):
    """The base of every error this package raises on purpose."""


class InvalidInput(TrustabmError, ValueError):  # noqa: N818
    """An input that does not say what it must; nothing was run or written."""


class Damaged(InvalidInput):
    """A file that is not as it was written; nothing of it was used."""


class NotWritten(TrustabmError):  # noqa: N818
    """A place that cannot be written, or not any more; what was there before is whole."""


class OutputExists(TrustabmError, FileExistsError):  # noqa: N818
    """An output folder that holds something already."""


class WorkersLost(TrustabmError, RuntimeError):  # noqa: N818
    """Processes that ended before their work was done; the input may be right."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return a hint that names the valid word nearest to `name`, or all of them."""
    words = sorted(valid)
    close = get_close_matches(name, words, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return "expected one of " + ", ".join(repr(w) for w in words)


def from_validation(where: str, error: ValidationError, valid: Sequence[str]) -> InvalidInput:
    """Turn a pydantic error into one line a problem: file, key, expected, came, nearest name.

    Args:
        where: The file or option that was read.
        error: What pydantic found.
        valid: The names that would have been accepted at the top level of the input.
    """
    lines = []
    for problem in error.errors(include_url=False):
        key = ".".join(str(part) for part in problem["loc"]) or "(whole)"
        if problem["type"] == "extra_forbidden":
            hint = nearest(str(problem["loc"][-1]), valid)
            lines.append(f"{where}: {key}: no such key, got {problem['input']!r}; {hint}")
        elif problem["type"] == "value_error":
            lines.append(f"{where}: {problem['ctx']['error']!s}")
        else:
            expected = problem["msg"].removeprefix("Input should be ")
            lines.append(f"{where}: {key}: expected {expected}, got {problem['input']!r}")
    return InvalidInput("\n".join(lines))
