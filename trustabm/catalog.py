"""The files that ship with the package: policies, timelines and towns, each a TOML file by name.

Shipped files and a user's own are read by the same strict reader.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ValidationError

from trustabm.errors import InvalidInput, from_validation, nearest

__all__ = ["Folder", "names", "read", "read_toml"]

Folder = Literal["policies", "timelines", "towns"]


@cache
def names(folder: Folder) -> tuple[str, ...]:
    """Return the names of the shipped files of one kind, sorted."""
    root = resources.files("trustabm") / folder
    return tuple(sorted(p.name[:-5] for p in root.iterdir() if p.name.endswith(".toml")))


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, or say in one line why it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise InvalidInput(f"{path}: expected a readable TOML file, got {e.strerror}") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise InvalidInput(f"{path}: expected TOML, got: {e}") from e


def read[M: BaseModel](folder: Folder, name: str, model: type[M]) -> M:
    """Read one file as `model`: a shipped name, or the path of a user's own TOML file.

    Raises:
        InvalidInput: for a name that does not exist or a file that says something else.
    """
    if name.endswith(".toml"):
        return _made(read_toml(Path(name)), name, model)
    if name in names(folder):
        return cast(M, _shipped(folder, name, model))
    raise InvalidInput(
        f"{folder}: no {name!r}; {nearest(name, names(folder))} (or the path of a .toml file)"
    )


@cache
def _shipped(folder: Folder, name: str, model: type[BaseModel]) -> BaseModel:
    """Return a shipped file, read once: every run of a sweep asks for the same ones."""
    text = (resources.files("trustabm") / folder / f"{name}.toml").read_text("utf-8")
    return _made(tomllib.loads(text), f"{folder}/{name}.toml", model)


def _made[M: BaseModel](data: dict[str, Any], where: str, model: type[M]) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as e:
        raise from_validation(where, e, list(model.model_fields)) from e
