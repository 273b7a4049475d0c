"""Files that are there whole or not at all, and that say when they are not as they were written.

A flipped bit, a torn end or another file under the same name is never read as if it were the file:
what is read back carries a digest of its content. Comments and keys hold it, so that the files stay
what they are, TOML, JSON and lines.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from trustabm.errors import Damaged, NotWritten, OutputExists

__all__ = [
    "NoSpaceLeft",
    "content",
    "line",
    "locked",
    "of_line",
    "read_json",
    "read_text",
    "whole",
    "write_json",
    "write_text",
    "written_on",
]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

SEAL = "# digest "
"""What the first line of a sealed text begins with."""

KEY = "digest"
"""The key of a sealed JSON object that holds the digest of the others."""


class NoSpaceLeft(NotWritten):
    """A disk that is full; what was saved before is whole."""


def content(*what: Any) -> str:
    """Return a digest of plain values and models, the same on every machine."""
    text = json.dumps(what, sort_keys=True, default=_plain, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)  # pydantic, which not all who seal know of
    return str(value) if dump is None else dump(mode="json")


def whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that it is there whole or not at all, even if the machine stops.

    Raises:
        NoSpaceLeft: where the disk is full.
        NotWritten: where it cannot be written.
    """
    half = path.with_name(path.name + ".tmp")
    with written_on(path):
        try:
            write(half)
            with half.open("r+b") as file:  # Windows flushes only what it may write
                os.fsync(file.fileno())
            os.replace(half, path)
        except OSError:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise


@contextmanager
def written_on(path: Path) -> Iterator[None]:
    """Say of a file that cannot be written why, and what is to be done.

    Raises:
        NoSpaceLeft: where the disk is full.
        NotWritten: where it cannot be written.
    """
    try:
        yield
    except OSError as e:
        if e.errno not in FULL:
            raise NotWritten(
                f"{path}: expected a place that can be written, got: {e.strerror or e}. What was "
                "saved before is whole; the same command goes on"
            ) from e
        raise NoSpaceLeft(
            f"{path.parent}: expected room to write to, got: {e.strerror}. What was saved before "
            "is whole; make room and give the same command to go on"
        ) from e


def write_text(path: Path, text: str) -> None:
    """Write a text whose first line, a comment, holds the digest of the others."""
    data = text.encode()
    seal = f"{SEAL}{hashlib.blake2b(data, digest_size=16).hexdigest()}\n"
    whole(path, lambda half: half.write_bytes(seal.encode() + data))


def read_text(path: Path) -> str:
    """Return a text that `write_text` wrote, without its first line.

    Raises:
        Damaged: where it is not as it was written, or cannot be read.
    """
    first, _, data = _bytes(path).partition(b"\n")
    if first.decode("latin-1") != SEAL + hashlib.blake2b(data, digest_size=16).hexdigest():
        raise Damaged(f"{path}: expected what was written there, got something else")
    return data.decode()


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write a JSON object with the digest of its keys and values among them."""
    plain = json.loads(json.dumps(values, default=str))
    text = json.dumps(plain | {KEY: content(plain)}, indent=2) + "\n"
    whole(path, lambda half: half.write_bytes(text.encode()))


def read_json(path: Path) -> dict[str, Any]:
    """Return an object that `write_json` wrote, without its digest.

    Raises:
        Damaged: where it is not as it was written, or cannot be read.
    """
    try:
        return _unsealed(_bytes(path))
    except ValueError as e:
        raise Damaged(f"{path}: expected what was written there, got something else") from e


def line(values: dict[str, Any], key: str) -> str:
    """Return an object as one line with a digest of it and of what it belongs to.

    Args:
        values: Plain values.
        key: What it belongs to: a line of anything else is none of its lines.
    """
    return json.dumps(values | {KEY: content(values, key)}) + "\n"


def of_line(text: bytes, key: str) -> dict[str, Any]:
    """Return the object of a line.

    Raises:
        ValueError: where the line is torn, altered, or belongs to something else.
    """
    return _unsealed(text, key)


def _unsealed(text: bytes, *more: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except RecursionError as e:
        raise ValueError("too deep") from e
    if not isinstance(values, dict) or values.pop(KEY, None) != content(values, *more):
        raise ValueError("not what was written")
    return values


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise Damaged(f"{path}: expected a file that can be read, got: {e.strerror}") from e


@contextmanager
def locked(folder: Path, name: str, work: str) -> Iterator[None]:
    """Keep others out of a folder while work goes on in it; the folder is made.

    Args:
        folder: The folder.
        name: The file that is held.
        work: What goes on, for the message: `sweep`.

    Raises:
        OutputExists: where another one is at work.
        NotWritten: where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / name).open("a+")
    except OSError as e:
        raise NotWritten(
            f"{folder}: expected a folder that can be written, got: {e.strerror}"
        ) from e
    with lock:
        try:
            _hold(lock)
        except OSError as e:
            raise OutputExists(
                f"{folder}: expected a folder with no {work} at work, got one in which "
                f"another {work} is running"
            ) from e
        yield


def _hold(file: IO[str]) -> None:
    """Hold an open file until it is closed or this process ends; an OSError where another does."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:  # Windows
        msvcrt: Any = import_module("msvcrt")
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        flock(file, LOCK_EX | LOCK_NB)
