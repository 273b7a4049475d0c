"""The process that reads studies, so that no visitor's click waits for the reading.

Reading and estimating hold Python's lock for longer than a click may take, whichever thread they
are in. One process does it for all visitors, a thread a question; it begins with the first
question and ends when nobody has asked for a while.
"""

from __future__ import annotations

import threading
from multiprocessing.managers import BaseManager
from typing import Any

from trustabm.runs.processes import Processes
from trustabm_app.shared.guests import be_a_guest
from trustabm_app.study.problem import Problem
from trustabm_app.study.shelf import without_place

__all__ = ["LONG", "SHORT", "ask"]

SHORT = threading.BoundedSemaphore(3)
"""Turns of questions that take a second or so, of all visitors together."""

LONG = threading.BoundedSemaphore(1)
"""Turns of those that may take minutes."""

IDLE = 300.0
"""Seconds without a question after which the process ends, and what it holds with it."""


def _questions() -> Any:
    from trustabm_app.study import questions  # in the process alone: it loads all that is heavy

    return questions


class _Reader(BaseManager):
    """The process, seen from the server."""


_Reader.register("questions", _questions, exposed=["answer"])

_lock = threading.Lock()
_asked = 0
_reader: tuple[_Reader, Any] | None = None
_rest: threading.Timer | None = None


def ask(
    name: str,
    *words: Any,
    turns: threading.BoundedSemaphore = SHORT,
    gone: threading.Event | None = None,
) -> Any:
    """Return the answer to a question, a `Problem`, or None if it is not wanted any more.

    What has begun is finished: its answer may be kept for who asks next.

    Args:
        name: A question of `questions`.
        words: What it is given.
        turns: What it waits for before it begins.
        gone: Set when nobody wants the answer any more.
    """
    global _asked, _rest
    with _lock:
        _asked += 1
    try:
        while not turns.acquire(timeout=0.1):
            if gone is not None and gone.is_set():
                return None
        try:
            answer = None if gone is not None and gone.is_set() else _answer(name, words)
        finally:
            turns.release()
    finally:
        with _lock:
            _asked -= 1
            if not _asked:
                if _rest is not None:
                    _rest.cancel()
                _rest = threading.Timer(IDLE, _end_if_idle)
                _rest.daemon = True
                _rest.start()
    return Problem(without_place(answer)) if isinstance(answer, Problem) else answer


def _answer(name: str, words: tuple[Any, ...]) -> Any:
    reader = None
    try:
        reader = _begun()
        return reader[1].answer(name, *words)
    except (EOFError, OSError):
        _forget(reader)
        return Problem("The process that reads studies was lost. Try again.")


def _begun() -> tuple[_Reader, Any]:
    global _reader
    with _lock:
        if _reader is None:
            process = _Reader(ctx=Processes())
            process.start(be_a_guest)
            _reader = process, process.questions()  # type: ignore[attr-defined]
        return _reader


def _end_if_idle() -> None:
    global _reader
    with _lock:
        if _asked or _reader is None:
            return
        (process, _), _reader = _reader, None
    process.shutdown()


def _forget(reader: tuple[_Reader, Any] | None) -> None:
    global _reader
    with _lock:
        if _reader is reader:
            _reader = None  # if it lives, it ends when the last question lets go of it
