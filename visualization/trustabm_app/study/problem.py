"""What stands in the place of an answer that cannot be given."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from trustabm.errors import TrustabmError

__all__ = ["Problem", "said"]


class Problem(str):
    """A sentence in the place of an answer."""

    __slots__ = ()


def said(question: Callable[[], Any], *foreseen: type[Exception]) -> Any:
    """Return what a question gives, or what went wrong."""
    try:
        return question()
    except Exception as e:
        if isinstance(e, (TrustabmError, OSError, *foreseen)):
            return Problem(e)
        # Said on the page and in the log; a thread that dies would leave the page waiting.
        traceback.print_exc()
        return Problem("This cannot be shown: an error that nobody foresaw.")
