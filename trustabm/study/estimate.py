"""What a study takes before anything starts: runs, time and disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trustabm.study.columns import Columns
from trustabm.study.definition import Study
from trustabm.study.ledger import Ledger, known_points
from trustabm.study.points import numbered
from trustabm.study.store import Store
from trustabm.study.work import Work

__all__ = ["Takes", "takes"]

BYTES_A_RUN = 150
BYTES_A_COLUMN = 4.0
BYTES_A_WEEKLY_COLUMN = 0.8
"""Of compressed parts, measured: most sums are small whole numbers."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What a study takes.

    Args:
        points: Points.
        runs: Runs of the whole study.
        done: Runs that a folder holds already.
        seconds: About how long the others take on one processor, to be divided by workers.
        bytes: About how much disk the whole study fills.
    """

    points: int
    runs: int
    done: int
    seconds: float
    bytes: float


def takes(study: Study, out: str | Path | None = None) -> Takes:
    """Return what a study takes; nothing is run or written.

    Args:
        study: The study.
        out: A folder with an earlier sweep of it.

    Raises:
        InvalidInput: for a study that does not say what it must.
    """
    folder = Path(out) if out is not None else None
    work = Work(study, numbered(study, known_points(folder).points if folder else []))
    done = len(Ledger(work, Store(folder)).done) if folder else 0
    columns = Columns.of(work)
    many = len(columns.levels) + len(columns.sums)
    size = work.total * (BYTES_A_RUN + BYTES_A_COLUMN * many)
    if study.weekly:
        size += work.total * (study.weeks + study.burn_in) * BYTES_A_WEEKLY_COLUMN * many
    jobs = work.total / len(study.arms)
    seconds = jobs * work.shared.seconds() * (1 - done / work.total)
    return Takes(len(work.points), work.total, done, seconds, size)
