"""The folder of a sweep: parts that appear whole or not at all, written by one driver at a time.

    study.toml       the study as it was asked for last
    provenance.json  versions, commit, command, and digests of all that may not change
    points.parquet   the points, in the order of their numbers, and which the study asks for
    runs/            parts with one row a run
    weekly/          parts with one row a run and week, where weeks are kept
    damaged/         what was found not to be as it was written

The name of a part, `000004-000007-<digest>.parquet`, says which parts it takes the place of, if
they are still there, and what its bytes are: small parts are merged without a moment at which a run
is missing or counted twice, and a part that is not as it was written is never read.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from trustabm.errors import Damaged, NotWritten
from trustabm.sealed import (
    NoSpaceLeft,
    content,
    locked,
    whole,
)

__all__ = ["KINDS", "LOCK", "NoSpaceLeft", "Scanned", "Store", "read_table", "write_table"]

LOCK = ".sweep-lock"
"""Held by the driver at work; a folder that has it is a sweep's."""

KINDS = ("runs", "weekly")

MERGED_ROWS = 50_000
"""Rows from which on a part is left alone."""

SMALL_PARTS = 50
"""Small parts that are merged."""

STUDY = b"trustabm.study"
"""The key of a part's metadata that says which study its runs are of."""

DIGEST = b"trustabm.digest"
"""The key of a table's metadata that holds the digest of its rows and other metadata."""

_NAME = re.compile(r"(\d{6,})-(\d{6,})-([0-9a-f]{32})\.parquet")


class Scanned(NamedTuple):
    """A part that is as it was written.

    Args:
        path: The part.
        table: The columns asked for.
        study: Which study its runs are of.
    """

    path: Path
    table: pa.Table
    study: str


class Store:
    """The parts of a sweep's folder.

    Args:
        folder: The folder.
        study: Which study the parts are of that are written.
    """

    def __init__(self, folder: str | Path, study: str = "") -> None:
        self.folder = Path(folder)
        self.study = study

    def parts(self, kind: str) -> list[Path]:
        """Return the parts of `runs` or `weekly`, in order, less those that another spans."""
        found = [p for p in self._files(kind) if _NAME.fullmatch(p.name)]
        # Where a part was replaced and the driver then killed, the new one counts.
        found.sort(key=lambda p: (_span(p)[0], -_span(p)[1], -p.stat().st_mtime_ns))
        kept: list[Path] = []
        for part in found:
            if not kept or _span(part)[1] > _span(kept[-1])[1]:
                kept.append(part)
        return kept

    def strangers(self, kind: str) -> list[Path]:
        """Return what lies among the parts and is none: somebody renamed it, or put it there."""
        return [p for p in self._files(kind) if not _NAME.fullmatch(p.name)]

    def _files(self, kind: str) -> list[Path]:
        try:
            return sorted(p for p in (self.folder / kind).iterdir() if p.suffix == ".parquet")
        except (FileNotFoundError, NotADirectoryError):
            return []

    def rows(self, kind: str) -> int:
        """Return how many rows the parts hold, without reading them.

        Raises:
            Damaged: where one cannot be read.
        """
        return sum(rows_of(part) for part in self.parts(kind))

    def check(self, kind: str) -> list[Path]:
        """Return what among the parts is not as it was written, or is none."""
        return [p for p in self.parts(kind) if not is_whole(p)] + self.strangers(kind)

    def scan(self, kind: str, columns: list[str]) -> tuple[list[Scanned], list[Path]]:
        """Return some columns of every part, and what is not as it was written."""
        found, damaged = [], self.strangers(kind)
        for part in self.parts(kind):
            try:
                table = _read(part, columns)
            except Damaged:
                damaged.append(part)
                continue
            found.append(Scanned(part, table, study_of(table.schema)))
        return found, damaged

    def read(self, kind: str, columns: list[str]) -> pa.Table:
        """Return some columns of all parts that are whole."""
        tables = [s.table for s in self.scan(kind, columns)[0]]
        return pa.concat_tables(tables) if tables else pa.table({c: [] for c in columns})

    def whole_part(self, part: Path) -> pa.Table:
        """Return a part.

        Raises:
            Damaged: where it is not as it was written.
        """
        return _read(part, None)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other drivers out, and clear away what a killed one left half done.

        Raises:
            OutputExists: where another driver is at work.
            NotWritten: where the folder cannot be written.
        """
        with locked(self.folder, LOCK, "sweep"):
            try:
                self._tidy()
            except OSError as e:
                raise NotWritten(
                    f"{self.folder}: expected a folder that can be written, got: {e.strerror}"
                ) from e
            yield

    def _tidy(self) -> None:
        for kind in KINDS:
            (self.folder / kind).mkdir(exist_ok=True)
            for half in (self.folder / kind).glob("*.parquet.tmp"):
                half.unlink()
            live = set(self.parts(kind))
            for part in self._files(kind):
                if part not in live and _NAME.fullmatch(part.name):
                    part.unlink()
        # Weeks are written before their runs: without those, they are of runs yet to be done.
        last = max((_span(p)[1] for p in self.parts("runs")), default=-1)
        for part in self.parts("weekly"):
            if _span(part)[0] > last:
                part.unlink()

    def append(self, runs: pa.Table, weekly: pa.Table | None) -> None:
        """Add a part of runs, with their weeks."""
        number = max((_span(p)[1] for k in KINDS for p in self.parts(k)), default=-1) + 1
        if weekly is not None:
            self._write(weekly, "weekly", number, number)
        self._write(runs, "runs", number, number)

    def replace(self, part: Path, rows: pa.Table) -> None:
        """Put other rows in the place of a part's."""
        new = self._write(rows, part.parent.name, *_span(part))
        if new != part:
            part.unlink()

    def set_aside(self, files: list[Path]) -> list[Path]:
        """Move files to `damaged/`; return where they lie then."""
        moved = []
        for file in files:
            below = file.relative_to(self.folder)
            place = self.folder / "damaged" / "-".join(below.parts)
            while place.exists():
                place = place.with_name(place.name + "~")
            place.parent.mkdir(exist_ok=True)
            os.replace(file, place)
            moved.append(place)
        return moved

    def merge(self, everything: bool = False) -> None:
        """Merge neighbouring small parts, if they are many."""
        for kind in KINDS:
            # One that is not as it was written is said, and set aside, by who opens the folder.
            with suppress(Damaged):
                for group in self._mergeable(kind, 2 if everything else SMALL_PARTS):
                    table = pa.concat_tables([_read(p, None) for p in group])
                    self._write(table, kind, _span(group[0])[0], _span(group[-1])[1])
                    for part in group:
                        part.unlink()

    def _mergeable(self, kind: str, least: int) -> list[list[Path]]:
        groups: list[list[Path]] = [[]]
        rows = 0
        for part in self.parts(kind):
            size = rows_of(part)
            if rows + size > MERGED_ROWS:
                groups.append([])
                rows = 0
            if size < MERGED_ROWS:
                groups[-1].append(part)
                rows += size
        return [g for g in groups if len(g) >= least]

    def _write(self, table: pa.Table, kind: str, first: int, last: int) -> Path:
        table = table.replace_schema_metadata({STUDY: self.study.encode()})
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        data = buffer.getvalue()
        name = f"{first:06d}-{last:06d}-{_digest(data)}.parquet"
        path = self.folder / kind / name
        whole(path, lambda half: half.write_bytes(data))
        return path


def is_whole(part: Path) -> bool:
    """Return whether a part is as it was written."""
    try:
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()[:32]
    except OSError:
        return False
    return part.stem.endswith("-" + found)


def rows_of(part: Path) -> int:
    """Return how many rows a part says it has.

    Raises:
        Damaged: where it cannot be read.
    """
    with _damaged(part), part.open("rb") as file:
        return int(pq.read_metadata(file).num_rows)


def schema_of(part: Path) -> pa.Schema:
    """Return the columns of a part.

    Raises:
        Damaged: where it cannot be read.
    """
    with _damaged(part), part.open("rb") as file:
        return pq.read_schema(file)


def study_of(schema: pa.Schema) -> str:
    """Return which study a part's runs are of."""
    return (schema.metadata or {}).get(STUDY, b"").decode("latin-1")


def write_table(table: pa.Table, path: Path, study: str = "") -> None:
    """Write a small table with a digest of its rows, to be read back by `read_table`.

    Args:
        table: The table.
        path: The file.
        study: Which study it is of.
    """
    seal = {STUDY: study.encode(), DIGEST: content(table.to_pylist(), study).encode()}
    # What pandas says of a frame stays, so that it reads it as it was.
    sealed = table.replace_schema_metadata({**(table.schema.metadata or {}), **seal})
    whole(path, lambda half: pq.write_table(sealed, half, write_page_checksum=True))


def read_table(path: Path) -> tuple[pa.Table, str, bool]:
    """Return a table, which study it is of, and whether it has a digest, which is then right.

    Raises:
        Damaged: where it cannot be read, or is not as it was written.
    """
    with _damaged(path):
        table = pq.ParquetFile(
            io.BytesIO(path.read_bytes()), page_checksum_verification=True
        ).read()
        said = (table.schema.metadata or {}).get(DIGEST)
        study = study_of(table.schema)
        rows = table.to_pylist()
    if said is not None and said != content(rows, study).encode():
        raise Damaged(f"{path}: expected the table that was written there, got something else")
    return table, study, said is not None


def _read(part: Path, columns: list[str] | None) -> pa.Table:
    with _damaged(part):
        data = part.read_bytes()
    if not part.stem.endswith("-" + _digest(data)):
        raise Damaged(f"{part}: expected the part that was written there, got something else")
    table = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True).read(columns)
    if columns is not None and table.column_names != columns:
        raise Damaged(f"{part}: expected columns {columns}, got {table.column_names}")
    return table


@contextmanager
def _damaged(path: Path) -> Iterator[None]:
    """Say of whatever goes wrong in reading a file that it is damaged."""
    try:
        yield
    except Damaged:
        raise
    # Arrow says of damaged files whatever it stumbles upon: OSError, ValueError, KeyError, ...
    except Exception as e:
        why = str(e).partition("\n")[0][:200] or type(e).__name__
        raise Damaged(f"{path}: expected a Parquet file that can be read, got: {why}") from e


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _span(part: Path) -> tuple[int, int]:
    first, last, _ = part.stem.split("-")
    return int(first), int(last)
