"""The same functions as plain Python, to be stepped through, covered or changed in a test.

Compiled code reads a field of a row as an attribute, writes through it, and counts in numbers that
do not wrap where columns are narrow. Here arrays are opened so that plain Python does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import numpy as np

__all__ = ["asked", "uncompiled"]


def asked(function: Any, args: tuple[Any, ...]) -> Any:
    """Return a function as it is by the rules that its first argument is carried out by.

    A week whose rules are a user's own is of a class that says what stands for which function
    (`trustabm.week.build`); so whoever asks need not know of it.
    """
    of = getattr(type(args[0]), "stands_for", None) if args else None
    return function if of is None else of(function)


class _Row(np.void):  # type: ignore[misc]
    """A row whose fields are attributes: Python's numbers when read, written through."""

    def __getattr__(self, name: str) -> Any:
        return _number(self[name])

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


class _Column(np.ndarray[Any, Any]):
    """A column whose numbers are Python's when read."""

    def __getitem__(self, key: Any) -> Any:
        return _number(super().__getitem__(key))


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) and value.dtype.names is None else value


@cache
def _rows(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return np.dtype((_Row, dtype))


def _opened(value: Any) -> Any:
    """Return an argument as plain Python reads it; arrays are views of what was given."""
    if isinstance(value, np.ndarray):
        return value.view(_Column) if value.dtype.names is None else _table(value)
    if isinstance(value, np.void):  # parameters or levers, which no rule writes
        return _table(np.array(value))[()]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(_opened, value))
    return value


def _table(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return array.view(_rows(array.dtype), np.ndarray)


_inside = False


def uncompiled[F: Callable[..., Any]](function: F) -> Any:
    """Return a function that opens its arguments, where it is not called by another of these."""

    @wraps(function)
    def plain(*args: Any, **kwargs: Any) -> Any:
        global _inside
        if _inside:
            return function(*args, **kwargs)
        other = asked(plain, args)
        if other is not plain:
            return other(*args, **kwargs)
        _inside = True
        try:
            return function(*map(_opened, args), **kwargs)
        finally:
            _inside = False

    setattr(plain, "would_be_compiled", True)  # noqa: B010
    return plain
