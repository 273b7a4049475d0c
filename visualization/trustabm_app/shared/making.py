"""Files to take away, made a few at a time for all visitors; who asks for too many is told so."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trustabm.errors import TrustabmError

__all__ = ["TYPES", "make", "send"]

TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "toml": "application/toml",
}

AT_ONCE = 2
"""Files made at a time, of all visitors."""

WAITING_MAX = 20
"""Files that wait, of all visitors."""

TAB_MAX = 3
"""Files that one tab may have made or waiting."""

PATIENCE = 300.0
"""Seconds after which nobody waits any more."""

Parts = list[list[str]]
Made = tuple[str, bytes] | Parts


@dataclass
class _Job:
    thread: threading.Thread
    key: tuple[int, str]
    tab: Any
    since: float


_lock = threading.Lock()
_jobs: list[_Job] = []  # those at work and those that wait
_waiting: deque[_Job] = deque()


def send(widget: Any, made: Made) -> None:
    """Let the browser save a file, or show titled text."""
    if isinstance(made, list):
        widget.send({"what": "code", "parts": made})
    else:
        name, data = made
        kind = TYPES[name.rsplit(".", 1)[1]]
        widget.send({"what": "file", "name": name, "type": kind}, buffers=[data])


def make(widget: Any, key: str, work: Callable[[], Made]) -> None:
    """Make something in a thread of its own when its turn comes, and send it or say why not.

    Args:
        widget: What asked, and hears.
        key: What it asked for; it is not made twice at a time.
        work: Makes it.
    """

    def run() -> None:
        try:
            if time.monotonic() - job.since > PATIENCE:
                _refuse(widget, "It had to wait too long. Try again.")
            elif job.tab is None or job.tab.kernel is not None:  # else nobody is there any more
                send(widget, work())
        except (TrustabmError, ValueError) as e:
            _refuse(widget, str(e))
        except Exception:
            _refuse(widget, "It could not be made; the server's log says why.")
            raise
        finally:
            _done(job)

    # Made now, so that Solara knows whose it is; no thread of the machine's before its turn.
    thread = threading.Thread(target=run, name="trustabm-file", daemon=True)
    tab = getattr(thread, "current_context", None)
    job = _Job(thread, (id(widget), key), tab, time.monotonic())
    with _lock:
        why = _why_not(job)
        if not why:
            _jobs.append(job)
            _waiting.append(job)
    if why:
        _refuse(widget, why)
    _next()


def _why_not(job: _Job) -> str:
    if any(j.key == job.key for j in _jobs):
        return "It is being made already."
    if job.tab is not None and sum(j.tab is job.tab for j in _jobs) >= TAB_MAX:
        return f"{TAB_MAX} files are being made for this window. Try again when one is there."
    if len(_waiting) >= WAITING_MAX:
        return "Too many files are being made on this server. Try again in a minute."
    return ""


def _next() -> None:
    while True:
        with _lock:
            if not _waiting or len(_jobs) - len(_waiting) >= AT_ONCE:
                return
            job = _waiting.popleft()
        job.thread.start()


def _done(job: _Job) -> None:
    with _lock:
        _jobs.remove(job)
    _next()


def _refuse(widget: Any, text: str) -> None:
    widget.send({"what": "refused", "text": text})
