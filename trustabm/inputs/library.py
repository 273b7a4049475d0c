"""A folder of one's own towns, policies, timelines and lessons, found by name beside what ships.

A library holds folders `towns`, `policies`, `timelines` and `lessons`, or some of them, of TOML
files. A file is named as what ships is, without `.toml`, and stands before what ships under its
name. The folder is kept in the environment, so that worker processes have it too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from trustabm.errors import InvalidInput

__all__ = ["FOLDERS", "files", "found", "use_library", "wrong"]

FOLDERS = ("towns", "policies", "timelines", "lessons")

VARIABLE = "TRUSTABM_LIBRARY"


def use_library(folder: str | Path) -> None:
    """Take names from a library too, from now on and in processes that are started.

    Args:
        folder: The folder.

    Raises:
        InvalidInput: where it is none, or holds none of the folders of a library.
    """
    root = Path(folder)
    if not root.is_dir():
        raise InvalidInput(f"library: expected a folder, got {folder}")
    if not any((root / name).is_dir() for name in FOLDERS):
        raise InvalidInput(
            f"library: expected a folder that holds {', '.join(FOLDERS[:-1])} or {FOLDERS[-1]}, "
            f"folders of TOML files, got {folder}, which holds none of them"
        )
    os.environ[VARIABLE] = str(root.absolute())


def files(folder: str) -> dict[str, Path]:
    """Return the files of a library's folder, by name; none where no library is in use.

    Args:
        folder: One of `FOLDERS`.
    """
    root = os.environ.get(VARIABLE)
    if not root:
        return {}
    return {path.stem: path for path in sorted(Path(root, folder).glob("*.toml"))}


def found(folder: str, name: str) -> str:
    """Return the path of a library's file where a name is one's, else the name.

    Args:
        folder: One of `FOLDERS`.
        name: The name.
    """
    return str(files(folder).get(name, name))


def wrong() -> Iterator[str]:
    """Yield what is wrong with a library's towns, policies and timelines, a line each by file."""
    from trustabm.inputs.timeline import timeline
    from trustabm.inputs.town import town

    for folder, read in (("towns", town), ("policies", timeline), ("timelines", timeline)):
        for path in files(folder).values():
            try:
                read(path)
            except InvalidInput as e:
                yield from str(e).splitlines()
