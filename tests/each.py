"""One test of a kind: everything of it is looked at, and all that is wrong is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def each(things: Iterable[Any], check: Callable[..., object]) -> None:
    """Check every one of some things; fail with a line for each that does not hold.

    Args:
        things: Tuples of what `check` takes, or what it takes alone.
        check: Raises where something does not hold.
    """
    failed, seen = [], 0
    for thing in things:
        arguments = thing if isinstance(thing, tuple) else (thing,)
        try:
            check(*arguments)
        except (AssertionError, pytest.fail.Exception) as e:
            named = ", ".join(str(getattr(a, "name", a)) for a in arguments)
            failed.append(f"{named}: {e}")
        seen += 1
    assert seen, "nothing to look at"
    assert not failed, "\n".join(failed)
