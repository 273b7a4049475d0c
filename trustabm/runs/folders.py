"""Output folders and files: written whole or not at all, and never over something not asked for.

A folder says in a file of its own which command wrote it and what it wrote. Only the same command
replaces it, and only if nothing else has come into it since.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustabm.errors import NotWritten, OutputExists
from trustabm.sealed import whole

__all__ = [
    "BESIDE",
    "MARK",
    "ready",
    "ready_file",
    "replace_table",
    "try_place",
    "write_file",
    "written",
]

MARK = ".written-by.json"
"""Which command wrote a folder, and every file it wrote."""

HALF = ".trustabm-"
"""What the names of half-written folders begin with."""

BESIDE = ("trustabm brief", "trustabm replay")
"""Marks of files that are written beside a result, in its folder if somebody says so."""

TRIED = 1 << 16
"""Bytes written and removed to see whether a place can be written."""


@contextmanager
def written(folder: str | Path, force: bool, by: str) -> Iterator[Path]:
    """Yield an empty folder whose content comes to be that of `folder` when all has gone well.

    Args:
        folder: The folder; made if it does not exist.
        force: Whether what an earlier `by` wrote is replaced.
        by: What writes it, as `compare`.

    Raises:
        OutputExists: where that would destroy something not asked for.
        NotWritten: where it cannot be written; nothing of it is then there.
    """
    old = ready(folder, force, by)
    final = _real(folder)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=HALF, dir=final if final.is_dir() else final.parent))
        try:
            half.chmod(0o777 & ~_umask())
            yield half
            files = _files(half)
            mark = json.dumps({"by": by, "files": files}, indent=1) + "\n"
            (half / MARK).write_text(mark, "utf-8")
            if final.is_dir():
                _move_in(half, final, [*old, MARK] if old else [])
            else:
                os.replace(half, final)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    except OSError as e:
        if isinstance(e, OutputExists):
            raise
        raise _refused(folder, e) from e


def _move_in(half: Path, final: Path, old: list[str]) -> None:
    """Put what is in one folder into another, in the place of some of its files.

    The folder itself stays, because it may be the current one, the end of a link, or a disk.
    """
    aside = Path(tempfile.mkdtemp(prefix=HALF, dir=final))
    names = sorted({Path(f).parts[0] for f in old})
    new = sorted((p.name for p in half.iterdir()), key=lambda name: name == MARK)
    try:
        for name in names:
            os.replace(final / name, aside / name)
        for name in new:
            os.replace(half / name, final / name)
    except OSError:
        for name in names:
            if (aside / name).exists():
                os.replace(aside / name, final / name)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def ready(folder: str | Path, force: bool, by: str) -> list[str]:
    """Raise unless `by` may and can write to a folder, before anything is run.

    Something is really written there, and removed.

    Returns:
        The files that would be replaced.

    Raises:
        OutputExists: where that would destroy something not asked for.
        NotWritten: where it cannot be written.
    """
    final = _real(folder)
    try:
        if final.exists() and not final.is_dir():
            raise OutputExists(f"{folder}: expected a folder to write to, got a file")
        old = _files(final) if final.is_dir() else []
        if old:
            _check_mine(Path(folder), final, force, by)
        _try(final)
    except OSError as e:
        if isinstance(e, OutputExists):
            raise
        raise _refused(folder, e) from e
    return [name for name in old if name != MARK]


def _check_mine(folder: Path, final: Path, force: bool, by: str) -> None:
    if not force:
        raise OutputExists(
            f"{folder}: expected a new or empty folder, got one that holds something; "
            "--force (force=True) replaces an earlier result"
        )
    try:
        said = json.loads((final / MARK).read_text("utf-8"))
        wrote, files = str(said["by"]), set(map(str, said["files"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as e:
        raise OutputExists(
            f"{folder}: expected an earlier result of `trustabm {by}` to replace, got a folder "
            f"that does not say what wrote it (no {MARK}); it is left alone"
        ) from e
    if wrote != by:
        raise OutputExists(
            f"{folder}: expected an earlier result of `trustabm {by}` to replace, got one of "
            f"`trustabm {wrote}`; it is left alone"
        )
    others = sorted(set(_files(final)) - files - {MARK})
    others = [name for name in others if not _holds(final / name, *BESIDE)]
    if others:
        raise OutputExists(
            f"{folder}: expected nothing but what `trustabm {by}` wrote there, got also "
            f"{', '.join(others[:5])}{' ...' if len(others) > 5 else ''}; it is left alone"
        )


def ready_file(path: str | Path, force: bool, mark: str) -> None:
    """Raise unless a file may and can be written, before anything is run.

    Args:
        path: The file.
        force: Whether an earlier one of its kind is replaced.
        mark: What every file of its kind holds.

    Raises:
        OutputExists: where there is something that is not to be replaced.
        NotWritten: where it cannot be written.
    """
    final = _real(path)
    try:
        if final.exists():
            if not force:
                raise OutputExists(
                    f"{path}: expected a new file, got one that exists; --force replaces it"
                )
            if not _holds(final, mark):
                raise OutputExists(
                    f"{path}: expected an earlier {mark.removeprefix('trustabm ')} to replace, "
                    "got something else; it is left alone"
                )
        if len(os.fsencode(final.name)) > 250:
            raise OSError(errno.ENAMETOOLONG, "File name too long")
        _try(final.parent)
    except OSError as e:
        if isinstance(e, OutputExists):
            raise
        raise _refused(path, e) from e


def _holds(file: Path, *marks: str) -> bool:
    if not file.is_file():
        return False
    data = file.read_bytes()
    return any(mark.encode() in data for mark in marks)


def write_file(path: str | Path, data: bytes) -> Path:
    """Write a file whole or not at all; its folder is made.

    Raises:
        NotWritten: where it cannot be written.
    """
    final = _real(path)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise _refused(path, e) from e
    whole(final, lambda half: half.write_bytes(data))
    return Path(path)


def try_place(folder: str | Path) -> None:
    """Raise unless something can be written to a folder, before anything is run.

    Raises:
        NotWritten: where it cannot.
    """
    try:
        _try(_real(folder))
    except OSError as e:
        raise _refused(folder, e) from e


def replace_table(path: str | Path, data: bytes) -> None:
    """Write a table whose first line names its columns; one with other columns is left alone.

    Raises:
        OutputExists: where there is something else.
        NotWritten: where it cannot be written.
    """
    final = _real(path)
    try:
        if final.exists() and not final.is_file() and not final.is_dir():
            Path(path).write_bytes(data)
            return
        if final.is_dir():
            raise OutputExists(f"{path}: expected a file to write to, got a folder")
        if final.exists() and final.stat().st_size:
            with final.open("rb") as file:
                if file.readline() != data[: data.find(b"\n") + 1]:
                    raise OutputExists(
                        f"{path}: expected a new file or an earlier table with the same columns, "
                        "got something else; it is left alone"
                    )
    except OSError as e:
        if isinstance(e, OutputExists):
            raise
        raise _refused(path, e) from e
    write_file(path, data)


def _try(folder: Path) -> None:
    """Write and remove something in a folder, and what of the folder was not there."""
    made: list[Path] = []
    try:
        for place in reversed([folder, *folder.parents]):
            if not place.exists():
                place.mkdir()
                made.append(place)
        with tempfile.NamedTemporaryFile(prefix=HALF, dir=folder) as file:
            file.write(bytes(TRIED))
            file.flush()
            os.fsync(file.fileno())
    finally:
        for place in reversed(made):
            place.rmdir()


def _files(folder: Path) -> list[str]:
    """Return every file and empty folder below a folder, less what a killed run left half done."""
    found: list[str] = []
    for place, folders, files in folder.walk():
        if place == folder:
            folders[:] = [f for f in folders if not f.startswith(HALF)]
        empty = not files and not folders and place != folder
        here = ["."] if empty else files
        found += [(place / f).relative_to(folder).as_posix() for f in here]
    return sorted(found)


def _real(path: str | Path) -> Path:
    """Return a place without links, so that the end of a link is written to, not the link."""
    return Path(os.path.realpath(path))


def _refused(path: str | Path, error: OSError) -> NotWritten:
    return NotWritten(
        f"{path}: expected a place that can be written, got: {error.strerror or error}"
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
