"""Files: those that ship with the package, by name, and a user's own, all in TOML.

Both are read by the same strict reader. What a file names as another file lies where that file
says, seen from its own folder, wherever the program is started.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from trustabm.errors import InvalidInput, from_validation, nearest, shown
from trustabm.inputs import library

__all__ = [
    "Beside",
    "Day",
    "File",
    "Folder",
    "PolicyName",
    "Prose",
    "Reference",
    "Strict",
    "Title",
    "is_file",
    "names",
    "names_apart",
    "plain",
    "policy_file",
    "read",
    "read_shipped",
    "read_toml",
    "seen_from",
    "shipped",
    "stem",
    "titles_apart",
    "word",
]

Folder = Literal["policies", "timelines", "towns"]

BYTES_MAX = 20_000_000
"""The largest file that is read: none that says what it must comes near."""

MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte-order marks of encodings that Windows programs write; UTF-8 has one too."""


TITLE_MAX = 200

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that turn the order of what follows them on a page."""


def is_file(name: str) -> bool:
    """Return whether a name is the path of a user's own TOML file."""
    return name.lower().endswith(".toml")


def stem(name: str) -> str:
    """Return what a shipped name or a file is called in tables."""
    return Path(name).stem if is_file(name) else name


def names(folder: Folder) -> tuple[str, ...]:
    """Return the names of the files of one kind, those that ship and a library's, sorted."""
    return tuple(sorted({*shipped(folder), *library.files(folder)}))


@cache
def shipped(folder: Folder) -> tuple[str, ...]:
    """Return the names of the shipped files of one kind, sorted."""
    root = resources.files("trustabm") / "inputs" / folder
    return tuple(sorted(p.name[:-5] for p in root.iterdir() if p.name.endswith(".toml")))


def names_apart(given: Sequence[str]) -> list[str]:
    """Return a name for each of some shipped names and paths: of a path the file's, if it differs.

    Files of one name in two folders are called by their paths.
    """
    stems = [stem(g) for g in given]
    return [s if stems.count(s) == 1 else g for s, g in zip(stems, given, strict=True)]


def titles_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Return titles by name such that no two are the same: the name is added where they are.

    Args:
        titles: By name.
    """
    many = [t.casefold().split() for t in titles.values()]
    apart = {
        name: title if many.count(title.casefold().split()) == 1 else f"{title} ({name})"
        for name, title in titles.items()
    }
    return apart if len(set(apart.values())) == len(apart) else {name: name for name in titles}


def _day(value: Any) -> Any:
    """Return a date from one, or from text as `2010-01-31`; nothing else is a date."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ValueError(f"expected a date, as 2010-01-31 and without a time, got {shown(value)}")


def seen_from(folder: str | Path | None, name: str) -> str:
    """Return a path as the file that names it means it.

    Args:
        folder: The folder of that file; None for the current one.
        name: The path.

    Raises:
        InvalidInput: where there is such a file in the current folder only: it is another one.
    """
    if "\0" in name:
        raise InvalidInput(f"expected a name or a path, got {shown(name)}")
    if folder is None or Path(name).is_absolute():
        return name
    there = Path(folder, name)
    if not _exists(there) and _exists(Path(name)):
        raise InvalidInput(
            f"expected a file in {folder}, from which this file's paths start, got {shown(name)}, "
            "which is in the current folder only"
        )
    return str(there)


def _placed(name: str, info: ValidationInfo) -> str:
    return seen_from((info.context or {}).get("folder"), name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _placed_toml(name: str, info: ValidationInfo) -> str:
    return _placed(name, info) if is_file(name) else name


def _title(text: str) -> str:
    """Return a name that stands on one line wherever it is shown, the right way round."""
    bad = any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in TURNING for c in text)
    if bad or not text.strip() or len(text) > TITLE_MAX:
        raise ValueError(f"expected 1 to {TITLE_MAX} characters on one line, got {shown(text)}")
    return text


def _prose(text: str) -> str:
    """Return text in which nothing but line breaks and tabs would be obeyed by a terminal or page.

    Raises:
        ValueError: for control characters, half letters, and signs that turn what follows.
    """
    if text.isprintable():
        return text
    for c in text:
        if c in TURNING or (unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"):
            raise ValueError(f"expected text without control characters, got {c!r} in it")
    return text


Prose = Annotated[str, AfterValidator(_prose)]
"""A sentence or paragraphs, of any script; nothing that a terminal or page would obey."""

Title = Annotated[str, AfterValidator(_title)]
"""A name for people; any script and sign, but nothing that a terminal or page would obey."""

Day = Annotated[dt.date, BeforeValidator(_day)]
"""A calendar date: TOML's, Python's, or ISO text; no number, no time of day, no time zone."""

Reference = Annotated[str, AfterValidator(_placed_toml)]
"""A shipped name, or the path of a TOML file, seen from the folder of the file that names it."""


def policy_file(name: str) -> str:
    """Return the path of a library's policy or timeline where a name is one's, else the name."""
    path = library.found("policies", name)
    return path if path != name else library.found("timelines", name)


PolicyName = Annotated[Reference, AfterValidator(policy_file)]
"""The same of a policy or timeline; a library's by its path, whatever library is there later."""

Beside = Annotated[str, AfterValidator(_placed)]
"""The path of a file of another kind, likewise."""


class Strict(BaseModel):
    """What a file may hold: these keys and no others, of their own kind, unchanged afterwards.

    No kind passes for another: a yes or no is no number, text is none, and 2.5 no whole number.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _plain_values(cls, values: Any) -> Any:
        return {k: plain(v) for k, v in values.items()} if isinstance(values, dict) else values


def plain(value: Any, deep: int = 4) -> Any:
    """Return a value as one of Python's own kinds, where it is another's way to say the same.

    Of numpy's scalars what they stand for (its yes and no would pass for a number), of a path its
    text, of a time stamp without a zone at midnight the day, and of a list the tuple that is kept.
    What is neither stays as it is, for the field to refuse.

    Args:
        value: What was given.
        deep: How deep tables and lists are gone into.
    """
    if type(value) in (str, float, int, bool):
        return value
    if isinstance(value, dict):
        return {k: plain(v, deep - 1) for k, v in value.items()} if deep else value
    if isinstance(value, list | tuple):
        return tuple(plain(v, deep - 1) for v in value) if deep else tuple(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    kind = type(value)
    if kind.__module__ == "numpy" and getattr(value, "shape", None) == ():
        if value.dtype.kind == "M":  # a day, whatever its unit
            day = value.astype("datetime64[D]")
            return day.item() if day == value else value
        return value.item()
    if kind.__module__.partition(".")[0] == "pandas" and kind.__name__ == "Timestamp":
        return value.date() if value.tz is None and value == value.normalize() else value
    return value


def word(name: object, what: str) -> str:
    """Return a shipped name or a path as text.

    Raises:
        InvalidInput: where it is neither.
    """
    text = plain(name)
    if not isinstance(text, str):
        raise InvalidInput(
            f"{what}: expected a name or the path of a .toml file, got {shown(name)}"
        )
    return text


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
        return cls.make(read_toml(Path(path)), str(path), Path(path).absolute().parent)

    @classmethod
    def make(
        cls, values: dict[str, Any], where: str | None = None, folder: Path | None = None
    ) -> Self:
        """Build one from plain values, or say in one line a value what is wrong.

        Args:
            values: Values by key.
            where: Where they come from, for messages; its kind if not given.
            folder: The folder from which paths among them start; the current one if not given.

        Raises:
            InvalidInput: naming the key, what was expected and what came.
        """
        try:
            return cls.model_validate(values, context={"folder": folder})
        except ValidationError as e:
            raise from_validation(where or cls.__name__.lower(), e, cls.words()) from e


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, or say in one line why it cannot be read."""
    try:
        return tomllib.loads(_text(path))
    except RecursionError as e:
        raise InvalidInput(f"{path}: expected TOML, got tables or lists nested too deep") from e
    except ValueError as e:  # TOML that is none, or a number of thousands of digits
        if isinstance(e, InvalidInput):
            raise
        raise InvalidInput(f"{path}: expected TOML, got: {e}") from e


def _text(path: Path) -> str:
    """Return the text of a file, whatever byte-order mark an editor put before it."""
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            what = "a folder" if stat.S_ISDIR(kind) else "a device or pipe"
            raise InvalidInput(f"{path}: expected a TOML file, got {what}")
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    except (OSError, ValueError) as e:
        if isinstance(e, InvalidInput):
            raise
        why = e.strerror if isinstance(e, OSError) else str(e)
        raise InvalidInput(f"{path}: expected a readable TOML file, got: {why}") from e
    if len(data) > BYTES_MAX:
        raise InvalidInput(f"{path}: expected at most {BYTES_MAX:,} bytes of TOML, got more")
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as e:
        raise InvalidInput(
            f"{path}: expected text in UTF-8, got byte {e.object[e.start]:#04x} at place "
            f"{e.start} ({encoding.removesuffix('-sig')}: {e.reason}); save the file as UTF-8"
        ) from e


def read[M: File](folder: Folder, name: str | Path, model: type[M]) -> M:
    """Read one file as `model`: a shipped name, or the path of a user's own TOML file.

    Raises:
        InvalidInput: for a name that does not exist or a file that says something else.
    """
    name = library.found(folder, word(name, folder))
    if is_file(name):
        return model.read(name)
    if name in shipped(folder):
        return read_shipped(folder, name, model)
    raise InvalidInput(
        f"{folder}: no {shown(name)}; {nearest(name, names(folder))} (or the path of a .toml file)"
    )


def read_shipped[M: File](folder: Folder, name: str, model: type[M]) -> M:
    """Read a shipped file, whatever a library has under its name."""
    return cast(M, _shipped(folder, name, model))


@cache
def _shipped(folder: Folder, name: str, model: type[File]) -> File:
    """Return a shipped file, read once: every run of a sweep asks for the same ones."""
    text = (resources.files("trustabm") / "inputs" / folder / f"{name}.toml").read_text("utf-8")
    return model.make(tomllib.loads(text), f"{folder}/{name}.toml")
