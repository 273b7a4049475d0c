"""Questions that take a while: each in a thread of its own, so that no click waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import solara.lab

from trustabm.errors import TrustabmError

__all__ = ["Problem", "use_answer"]


class Problem(str):
    """A sentence in the place of an answer."""

    __slots__ = ()


def use_answer(ask: Callable[[], Any], *on: Any) -> tuple[Any, bool]:
    """Return what a question gives, worked out in a thread of its own, and whether it still works.

    The answer before stands until the next is there.
    """

    def said() -> Any:
        try:
            return ask()
        except (TrustabmError, OSError, duckdb.Error, pa.ArrowException) as e:
            return Problem(e)

    task = solara.lab.use_task(said, dependencies=list(on), raise_error=False)
    if task.error:
        return Problem("This cannot be shown: an error that nobody foresaw."), False
    return task.latest, task.pending or task.not_called
