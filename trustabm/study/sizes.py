"""How much of a study the screen reads."""

from __future__ import annotations

from pathlib import Path

from trustabm.errors import InvalidInput
from trustabm.study.store import Store, rows_of

__all__ = ["RUNS_MAX", "WEEKS_MAX", "refuse_large"]

RUNS_MAX = 200_000
"""Runs of a study that the screen reads."""

WEEKS_MAX = 3_000_000
"""Rows of weeks that the screen reads."""


def refuse_large(folder: Path, kind: str) -> int:
    """Return the rows of `runs` or `weekly`.

    Raises:
        InvalidInput: where they are more than the screen reads.
    """
    most = RUNS_MAX if kind == "runs" else WEEKS_MAX
    rows = sum(map(rows_of, Store(folder).parts(kind)))
    if rows > most:
        raise InvalidInput(
            f"{kind}: expected at most {most:,} rows for the screen, got {rows:,}; "
            "`trustabm study show` and `plot`, or `open_study` in Python, read them"
        )
    return rows
