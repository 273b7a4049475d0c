"""The folder of a sweep: parts that appear whole or not at all, written by one driver at a time.

    study.toml       the study as it was asked for last
    provenance.json  versions, commit, command, and digests of all that may not change
    points.parquet   the points, in the order of their numbers
    runs/            parts with one row a run
    weekly/          parts with one row a run and week, where weeks are kept

The part `000004-000007.parquet` takes the place of the parts it spans, if they are still there:
small parts are merged without a moment at which a run is missing or counted twice.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trustabm.errors import OutputExists, TrustabmError

__all__ = ["LOCK", "NoSpaceLeft", "Store", "whole"]

LOCK = ".sweep-lock"
"""Held by the driver at work; a folder that has it is a sweep's."""

MERGED_ROWS = 50_000
"""Rows from which on a part is left alone."""

SMALL_PARTS = 50
"""Small parts that are merged."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NoSpaceLeft(TrustabmError):  # noqa: N818
    """A disk that is full; what was saved before is whole."""


class Store:
    """The parts of a sweep's folder.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def parts(self, kind: str) -> list[Path]:
        """Return the parts of `runs` or `weekly`, in order, less those that another spans."""
        spans = sorted(
            (_span(p) for p in (self.folder / kind).glob("*-*.parquet")),
            key=lambda s: (s[0], -s[1]),
        )
        kept: list[tuple[int, int]] = []
        for first, last in spans:
            if not kept or last > kept[-1][1]:
                kept.append((first, last))
        return [self._part(kind, first, last) for first, last in kept]

    def read(self, kind: str, columns: list[str]) -> pa.Table:
        """Return some columns of all parts."""
        tables = [pq.read_table(p, columns=columns) for p in self.parts(kind)]
        return pa.concat_tables(tables) if tables else pa.table({c: [] for c in columns})

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other drivers out, and clear away what a killed one left half done.

        Raises:
            OutputExists: where another driver is at work.
        """
        import fcntl  # not on every system, and who only reads does without

        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as e:
                raise OutputExists(
                    f"{self.folder}: expected a folder with no sweep at work, got one in which "
                    "another sweep is running"
                ) from e
            self._tidy()
            yield

    def _tidy(self) -> None:
        for half in self.folder.rglob("*.tmp"):
            half.unlink()
        for kind in ("runs", "weekly"):
            (self.folder / kind).mkdir(exist_ok=True)
            live = set(self.parts(kind))
            for part in (self.folder / kind).glob("*-*.parquet"):
                if part not in live:
                    part.unlink()
        # Weeks are written before their runs: without those, they are of runs yet to be done.
        last = max((_span(p)[1] for p in self.parts("runs")), default=-1)
        for part in self.parts("weekly"):
            if _span(part)[0] > last:
                part.unlink()

    def append(self, runs: pa.Table, weekly: pa.Table | None) -> None:
        """Add a part of runs, with their weeks."""
        number = max((_span(p)[1] for p in self.parts("runs")), default=-1) + 1
        if weekly is not None:
            self._write(weekly, self._part("weekly", number, number))
        self._write(runs, self._part("runs", number, number))

    def replace(self, part: Path, runs: pa.Table) -> None:
        """Put other rows in the place of a part's."""
        self._write(runs, part)

    def merge(self, everything: bool = False) -> None:
        """Merge neighbouring small parts, if they are many."""
        for kind in ("runs", "weekly"):
            for group in self._mergeable(kind, 2 if everything else SMALL_PARTS):
                table = pa.concat_tables([pq.read_table(p) for p in group])
                self._write(table, self._part(kind, _span(group[0])[0], _span(group[-1])[1]))
                for part in group:
                    part.unlink()

    def _mergeable(self, kind: str, least: int) -> list[list[Path]]:
        groups: list[list[Path]] = [[]]
        rows = 0
        for part in self.parts(kind):
            size = pq.read_metadata(part).num_rows
            if rows + size > MERGED_ROWS:
                groups.append([])
                rows = 0
            if size < MERGED_ROWS:
                groups[-1].append(part)
                rows += size
        return [g for g in groups if len(g) >= least]

    def _part(self, kind: str, first: int, last: int) -> Path:
        return self.folder / kind / f"{first:06d}-{last:06d}.parquet"

    def _write(self, table: pa.Table, path: Path) -> None:
        def parquet(half: Path) -> None:
            with half.open("wb") as file:
                pq.write_table(table, file, compression="zstd")

        whole(path, parquet)


def whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file so that it is there whole or not at all, even if the machine stops.

    Raises:
        NoSpaceLeft: where the disk is full.
    """
    half = path.with_name(path.name + ".tmp")
    try:
        write(half)
        with half.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(half, path)
    except OSError as e:
        half.unlink(missing_ok=True)
        if e.errno not in _FULL:
            raise
        raise NoSpaceLeft(
            f"{path.parent}: expected room to write to, got: {e.strerror}. What was saved before "
            "is whole; make room and give the same command to go on"
        ) from e


def _span(part: Path) -> tuple[int, int]:
    first, last = part.stem.split("-")
    return int(first), int(last)
