"""Questions that take a while: each in a thread of its own, so that no click waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import solara

from trustabm_app.study.problem import said

__all__ = ["use_answer"]

SOON = 0.05
"""Seconds until a question is begun: what was clicked shows first, a next click replaces it."""


def use_answer(ask: Callable[[threading.Event], Any], *on: Any) -> tuple[Any, bool]:
    """Return what a question gives, and whether it is still being worked out.

    The answer before stands until the next is there; nobody waits for one that was replaced.

    Args:
        ask: The question; it is given an event that is set when nobody wants the answer any more.
        on: When one of these changes, it is asked again.
    """
    state: Any = solara.use_reactive((None, True))

    def begin() -> Callable[[], None]:
        gone = threading.Event()

        def work() -> None:
            if gone.wait(SOON):
                return
            answer = said(lambda: ask(gone))
            if not gone.is_set():
                state.value = (answer, False)

        state.value = (state.peek()[0], True)
        threading.Thread(target=work, name="trustabm-study", daemon=True).start()
        return gone.set

    solara.use_effect(begin, list(on))
    answer, busy = state.value
    return answer, busy
