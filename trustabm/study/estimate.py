"""What a study takes before anything starts: runs, time and disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from trustabm.errors import InvalidInput
from trustabm.sealed import NoSpaceLeft
from trustabm.study.columns import Columns
from trustabm.study.definition import Study
from trustabm.study.ledger import Ledger
from trustabm.study.papers import known_points
from trustabm.study.points import numbered
from trustabm.study.store import Store
from trustabm.study.work import Work

__all__ = ["Takes", "refuse_too_large", "takes"]

BYTES_A_RUN = 150
BYTES_A_COLUMN = 4.0
BYTES_A_WEEKLY_COLUMN = 0.8
"""Of compressed parts, measured: most sums are small whole numbers."""


BYTES_A_RESIDENT = 300
"""Of memory: a town as it was when the arms part, and as it goes on."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What a study takes.

    Args:
        points: Points.
        runs: Runs of the whole study.
        lived: Those that are lived through; the others are the same as one of these.
        done: Runs that a folder holds already.
        seconds: About how long the others take on one processor, to be divided by workers.
        bytes: About how much disk the whole study fills.
    """

    points: int
    runs: int
    lived: int
    done: int
    seconds: float
    bytes: float


def refuse_too_large(work: Work, done: int, folder: Path, workers: int) -> None:
    """Raise where a study cannot fit the disk or the memory there is, before its first run.

    Args:
        work: The study's runs.
        done: How many are on record.
        folder: Where the others are to go.
        workers: Processes of this machine that live through them; 0 for none.

    Raises:
        NoSpaceLeft: where the disk has not even half the room they are likely to take.
        InvalidInput: where the memory does not hold the towns of all workers.
    """
    need = (1 - done / work.total) * _bytes(work)
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if need / 2 > free:
        raise NoSpaceLeft(
            f"{folder}: expected room for about {need / 1e6:,.0f} MB, got {free / 1e6:,.0f} MB; "
            "make room, or keep fewer outcomes or no weeks"
        )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    each = work.study.residents * BYTES_A_RESIDENT
    if workers * each > memory:
        raise InvalidInput(
            f"workers: expected at most {max(1, int(memory // each))} for towns of "
            f"{work.study.residents:,} residents and {memory / 1e9:,.1f} GB of memory, "
            f"got {workers}"
        )


def _bytes(work: Work) -> float:
    """Return about how many bytes all runs of a study fill on disk."""
    columns, study = Columns.of_work(work), work.study
    many = len(columns.levels) + len(columns.sums)
    size = work.total * (BYTES_A_RUN + BYTES_A_COLUMN * many)
    if study.kept is not None:
        of_weeks = columns.of_series(study.kept)
        many = len(of_weeks.levels) + len(of_weeks.sums)
        rows = study.kept.rows(study.burn_in, study.weeks)
        size += work.total * rows * BYTES_A_WEEKLY_COLUMN * many
    return size


def takes(study: Study, out: str | Path | None = None, workers: int = 1) -> Takes:
    """Return what a study takes; nothing is run or written.

    Args:
        study: The study.
        out: A folder with an earlier sweep of it.
        workers: Processes that carry it out, each of which lives through a past by itself.

    Raises:
        InvalidInput: for a study that does not say what it must, or that no memory holds.
        NoSpaceLeft: where the disk has no room for it.
    """
    folder = Path(out) if out is not None else None
    if folder is not None and not folder.exists():
        folder = None
    work = Work(study, numbered(study, known_points(folder).points if folder else []))
    done = len(Ledger(work, Store(folder)).done) if folder else 0
    size = _bytes(work)
    refuse_too_large(work, done, Path(out or "."), 1)
    pasts = min(work.pasts * workers, work.total // len(study.arms))
    weeks = pasts * study.burn_in + work.lived * study.weeks
    one = work.shared.seconds() / (study.burn_in + study.weeks * len(study.arms))
    seconds = weeks * one * (1 - done / work.total)
    return Takes(len(work.points), work.total, work.lived, done, seconds, size)
