"""Pieces of work that are done once: a sealed line each, and the same command does what is left.

A line's digest is of its content and of all that makes it, so that a line that was torn or altered,
or that other rules or settings made, is none of these, and its piece is done again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trustabm.errors import OutputExists
from trustabm.runs.processes import how_many, pool
from trustabm.sealed import content, line, locked, of_line, written_on

__all__ = ["kept"]

LOCK = ".lock"

Values = dict[str, Any]


def kept(
    folder: Path,
    made_of: Any,
    tasks: Mapping[str, Any],
    do: Callable[[Any], Values],
    *,
    workers: int | None = 1,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, Values]:
    """Return what every piece of work gave, from the folder where it was done before.

    Args:
        folder: Where the lines lie, `done.jsonl`; it is made, and held while the work goes on.
        made_of: All that the values depend on beside the task's name, as plain values or models.
        tasks: What `do` is called with, by name.
        do: Does a piece; with several workers a function that other processes can import.
        workers: Processes; as many as there are processors if None.
        progress: Called with pieces done and pieces in all.

    Raises:
        OutputExists: where the folder holds something else, or another one is at work in it.
        NotWritten: where the folder cannot be written.
    """
    key = content(made_of)
    if folder.exists() and not (folder.is_dir() and _ours(folder)):
        raise OutputExists(
            f"{folder}: expected a new folder or one of this command, got one that holds something "
            "else; it is left alone"
        )
    with locked(folder, LOCK, "command"):
        path = folder / "done.jsonl"
        found = {name: values for name, values in _read(path, key) if name in tasks}
        left = {name: task for name, task in tasks.items() if name not in found}
        if progress is not None:
            progress(len(found), len(tasks))
        with written_on(path), path.open("ab") as file, _each(left, do, workers) as done:
            if file.tell() and not path.read_bytes().endswith(b"\n"):
                file.write(b"\n")  # after a line that was cut short
            for name, values in zip(left, done, strict=True):
                file.write(line({"name": name, "values": values}, key).encode())
                file.flush()
                os.fsync(file.fileno())
                found[name] = values
                if progress is not None:
                    progress(len(found), len(tasks))
    return {name: found[name] for name in tasks}


@contextmanager
def _each(
    left: Mapping[str, Any], do: Callable[[Any], Values], workers: int | None
) -> Iterator[Iterator[Values]]:
    many = how_many(workers, len(left))
    if many <= 1:
        yield map(do, left.values())
        return
    with pool(many) as executor:
        # In order, so that the file does not depend on which process was faster.
        yield executor.map(do, left.values())


def _ours(folder: Path) -> bool:
    return (folder / LOCK).exists() or not any(folder.iterdir())


def _read(path: Path, key: str) -> Iterator[tuple[str, Values]]:
    for text in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            read = of_line(text, key)
        except ValueError:
            continue
        yield read["name"], read["values"]
