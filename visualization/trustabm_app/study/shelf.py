"""Which studies a visitor may open: those below one folder, named when the app is started.

An address holds a name out of this list and never a path, so it can reach nothing else.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path

from trustabm.errors import InvalidInput

__all__ = ["files_of", "put_up", "shelf", "without_place"]

DEPTH = 3
"""How far below the folder studies are looked for."""

STUDIES_MAX = 100
FOLDERS_MAX = 2000

_folder = Path("results")
_named = False  # whether anybody named it


def put_up(folder: str | Path) -> None:
    """Name the folder below which studies are.

    Raises:
        InvalidInput: for one that does not exist.
    """
    global _folder, _named
    if not Path(folder).is_dir():
        raise InvalidInput(f"studies: expected a folder, got {folder}")
    _folder, _named = Path(folder).resolve(), True


def shelf(is_one: Callable[[list[os.DirEntry[str]]], bool] | None = None) -> dict[str, Path]:
    """Return the studies by name, the names being their places below the folder.

    Args:
        is_one: Whether a folder is one, by what is in it; whether it is a study if not given.

    Links are not followed, so nothing outside the folder is on the list.

    Raises:
        InvalidInput: where the folder that was named is gone or cannot be read.
    """
    try:
        os.scandir(_folder).close()
    except OSError as e:
        if _named or not isinstance(e, FileNotFoundError):
            why = (e.strerror or "unknown").lower()
            raise InvalidInput(f"The folder of studies cannot be read: {why}.") from e
    found: dict[str, Path] = {}
    left = deque([(_folder, 0)])
    looked = 0
    while left and looked < FOLDERS_MAX and len(found) < STUDIES_MAX:
        folder, depth = left.popleft()
        looked += 1
        try:
            below = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        if (is_one or _is_study)(below):
            found[folder.relative_to(_folder).as_posix() if depth else folder.name] = folder
        elif depth < DEPTH:
            left += [
                (Path(entry), depth + 1)
                for entry in below
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            ]
    return dict(sorted(found.items()))


def without_place(error: object) -> str:
    """Return what an error says, without where on this machine the studies are."""
    return str(error).replace(f"{_folder}{os.sep}", "").replace(str(_folder), "the folder")


def files_of(below: list[os.DirEntry[str]]) -> set[str]:
    """Return the names of the files among what is in a folder."""
    return {e.name for e in below if e.is_file(follow_symlinks=False)}


def _is_study(below: list[os.DirEntry[str]]) -> bool:
    files = files_of(below)
    folders = {e.name for e in below if e.is_dir(follow_symlinks=False)}
    return {"study.toml", "points.parquet", "provenance.json"} <= files and "runs" in folders
