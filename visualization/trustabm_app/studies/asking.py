"""Questions that take a while: each in a thread of its own, so that no click waits for it."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import solara

from trustabm.errors import TrustabmError
from trustabm_app.studies.shelf import without_place

__all__ = ["LONG", "SHORT", "Problem", "use_answer"]

SOON = 0.05
"""Seconds until a question is begun: what was clicked shows first, a next click replaces it."""

SHORT = threading.BoundedSemaphore(3)
"""Turns of questions that take a second or so, of all visitors together."""

LONG = threading.BoundedSemaphore(1)
"""Turns of those that may take minutes."""


class Problem(str):
    """A sentence in the place of an answer."""

    __slots__ = ()


def use_answer(
    ask: Callable[[], Any], *on: Any, turns: threading.BoundedSemaphore = SHORT
) -> tuple[Any, bool]:
    """Return what a question gives, and whether it is still being worked out.

    The answer before stands until the next is there; nobody waits for one that was replaced.

    Args:
        ask: The question.
        on: When one of these changes, it is asked again.
        turns: What it waits for before it begins.
    """
    state: Any = solara.use_reactive((None, True))

    def begin() -> Callable[[], None]:
        gone = threading.Event()

        def work() -> None:
            if gone.wait(SOON):
                return
            while not turns.acquire(timeout=0.1):
                if gone.is_set():
                    return
            try:
                answer = None if gone.is_set() else _said(ask)
            finally:
                turns.release()
            if not gone.is_set():
                state.value = (answer, False)

        state.value = (state.peek()[0], True)
        threading.Thread(target=work, name="trustabm-study", daemon=True).start()
        return gone.set

    solara.use_effect(begin, list(on))
    answer, busy = state.value
    return answer, busy


def _said(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (TrustabmError, OSError, duckdb.Error, pa.ArrowException) as e:
        return Problem(without_place(e))
    except Exception:
        # Said on the page and in the log; a thread that dies would leave the page waiting.
        traceback.print_exc()
        return Problem("This cannot be shown: an error that nobody foresaw.")
