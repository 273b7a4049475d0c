"""A folder of one's own towns, policies, timelines, lessons and rules, found beside what ships.

A library holds folders `towns`, `policies`, `timelines` and `lessons`, or some of them, of TOML
files, and `rules`, of Python files. A file is named as what ships is, without `.toml` or `.py`, and
stands before what ships under its name. The folder is kept in the environment, so that worker
processes have it too. Installed plug-ins are libraries as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from trustabm.errors import InvalidInput

__all__ = ["FOLDERS", "files", "found", "use_library", "wrong"]

FOLDERS = ("towns", "policies", "timelines", "lessons", "rules")

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
            f"folders of TOML or Python files, got {folder}, which holds none of them"
        )
    os.environ[VARIABLE] = str(root.absolute())


def files(folder: str) -> dict[str, Path]:
    """Return the files of one kind that plug-ins and the library in use have, by name.

    Args:
        folder: One of `FOLDERS`.
    """
    own = os.environ.get(VARIABLE)
    kind = "py" if folder == "rules" else "toml"
    return {
        path.stem: path
        for root in (*plugins(), *([Path(own)] if own else ()))
        for path in sorted((root / folder).glob(f"*.{kind}"))
    }


@cache
def plugins() -> tuple[Path, ...]:
    """Return the folders of installed packages that an entry point of the group `trustabm` names.

    They are read as a library's, and not imported; the library in use stands before them.
    """
    found = []
    for point in sorted(entry_points(group="trustabm"), key=lambda point: point.name):
        spec = find_spec(point.value)
        if spec is None or not spec.submodule_search_locations:
            raise InvalidInput(
                f"plug-in {point.name}: expected a package that is installed, got {point.value}"
            )
        found += [Path(place) for place in spec.submodule_search_locations]
    return tuple(found)


def found(folder: str, name: str) -> str:
    """Return the path of a library's file where a name is one's, else the name.

    Args:
        folder: One of `FOLDERS`.
        name: The name.
    """
    return str(files(folder).get(name, name))


def wrong() -> Iterator[str]:
    """Yield what is wrong with a library's files, lessons left out, a line each by file."""
    from trustabm.inputs.rule import rules_in
    from trustabm.inputs.timeline import timeline
    from trustabm.inputs.town import town

    readers: dict[str, Callable[[Path], object]] = {
        "towns": town,
        "policies": timeline,
        "timelines": timeline,
        "rules": rules_in,
    }
    for folder, read in readers.items():
        for path in files(folder).values():
            try:
                read(path)
            except InvalidInput as e:
                yield from str(e).splitlines()
