"""Progress: a bar by default where somebody watches, a notebook or a terminal, and else silence."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from trustabm.errors import InvalidInput, shown

__all__ = ["Asked", "Tell", "bar", "telling"]

Tell = Callable[[int, int], object]
"""Called with what is done and what is to be done in all."""

Asked = Tell | bool | None
"""What somebody asks for: to be called, a bar or none, or a bar where somebody watches (None)."""

QUIET = 1.0
"""Seconds that a notebook shows nothing: what is over by then needs no bar."""


@contextmanager
def telling(progress: Asked, what: str) -> Iterator[Tell | None]:
    """Yield what is to be called with progress; None where nobody is told.

    Args:
        progress: What was asked for.
        what: What is counted, as "weeks".

    Raises:
        InvalidInput: where it is neither a function nor yes, no or None.
    """
    if progress is not None and not isinstance(progress, bool):
        if not callable(progress):
            raise InvalidInput(
                f"progress: expected True, False or a function of done and all, got "
                f"{shown(progress)}"
            )
        yield progress
    elif progress is False:
        yield None
    elif in_notebook():
        with _in_page(what) as tell:
            yield tell
    else:
        with bar(what, always=progress is True) as tell:
            yield tell


def in_notebook() -> bool:
    """Return whether a notebook's kernel is at work, which shows pages and no terminal."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")


@contextmanager
def bar(what: str, always: bool = False) -> Iterator[Tell | None]:
    """Yield what tells progress on standard error; None where that is no terminal.

    Args:
        what: What is counted.
        always: Whether it is told where there is no terminal too, once at the end.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    err = Console(stderr=True)
    if not (err.is_terminal or always):
        yield None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=err.is_terminal) as drawn:
        task = drawn.add_task(what, total=None)
        yield lambda done, total: drawn.update(task, completed=done, total=total)


@contextmanager
def _in_page(what: str) -> Iterator[Tell]:
    """Yield what tells progress in a notebook's page, and leave nothing behind."""
    shown_by: Any = import_module("IPython.display")
    begun = time.monotonic()
    handle: Any = None

    def tell(done: int, total: int) -> None:
        nonlocal handle
        if handle is None and time.monotonic() - begun < QUIET:
            return
        said = f'<progress value="{done}" max="{total}"></progress> {done:,} of {total:,} {what}'
        if handle is None:
            handle = shown_by.display(shown_by.HTML(said), display_id=True)
        else:
            handle.update(shown_by.HTML(said))

    try:
        yield tell
    finally:
        if handle is not None:
            handle.update(shown_by.HTML(""))
