"""Files: those that ship with the package, by name, and a user's own, all in TOML.

Both are read by the same strict reader.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from trustabm.errors import InvalidInput, from_validation, nearest

__all__ = ["File", "Folder", "Strict", "names", "read", "read_toml"]

Folder = Literal["policies", "timelines", "towns"]


@cache
def names(folder: Folder) -> tuple[str, ...]:
    """Return the names of the shipped files of one kind, sorted."""
    root = resources.files("trustabm") / folder
    return tuple(sorted(p.name[:-5] for p in root.iterdir() if p.name.endswith(".toml")))


class Strict(BaseModel):
    """What a file may hold: these keys and no others, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class File(Strict):
    """A whole file of the user's, or the same in plain values."""

    @classmethod
    def words(cls) -> list[str]:
        """Return every key that may stand in it, to hint at the one that was meant."""
        return list(cls.model_fields)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read one from a TOML file.

        Raises:
            InvalidInput: naming the file, the key, what was expected and what came.
        """
        return cls.make(read_toml(Path(path)), str(path))

    @classmethod
    def make(cls, values: dict[str, Any], where: str | None = None) -> Self:
        """Build one from plain values, or say in one line a value what is wrong.

        Args:
            values: Values by key.
            where: Where they come from, for messages; its kind if not given.

        Raises:
            InvalidInput: naming the key, what was expected and what came.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as e:
            raise from_validation(where or cls.__name__.lower(), e, cls.words()) from e


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, or say in one line why it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise InvalidInput(f"{path}: expected a readable TOML file, got {e.strerror}") from e
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise InvalidInput(f"{path}: expected TOML, got: {e}") from e


def read[M: File](folder: Folder, name: str, model: type[M]) -> M:
    """Read one file as `model`: a shipped name, or the path of a user's own TOML file.

    Raises:
        InvalidInput: for a name that does not exist or a file that says something else.
    """
    if name.endswith(".toml"):
        return model.read(name)
    if name in names(folder):
        return cast(M, _shipped(folder, name, model))
    raise InvalidInput(
        f"{folder}: no {name!r}; {nearest(name, names(folder))} (or the path of a .toml file)"
    )


@cache
def _shipped(folder: Folder, name: str, model: type[File]) -> File:
    """Return a shipped file, read once: every run of a sweep asks for the same ones."""
    text = (resources.files("trustabm") / folder / f"{name}.toml").read_text("utf-8")
    return model.make(tomllib.loads(text), f"{folder}/{name}.toml")
