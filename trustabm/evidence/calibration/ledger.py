"""What a calibration's folder holds: what it was asked for, and evaluations as sealed lines.

    settings.json      everything that makes an evaluation: seed, sizes, targets, code, versions
    evaluations.jsonl  a line an evaluation, with its number and a digest
    damaged/           lines that were not as they were written

A line's digest is of its content, of the settings and of the waves up to its own: a line that was
torn or altered, or that belongs to another calibration, is none of its lines, and is evaluated
again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trustabm.errors import Damaged, InvalidInput, OutputExists
from trustabm.runs.folders import try_place
from trustabm.sealed import (
    content,
    line,
    locked,
    of_line,
    read_json,
    whole,
    write_json,
    written_on,
)

__all__ = ["Evaluations", "opened"]

LOCK = ".calibration-lock"
"""Held by the calibration at work; a folder that has it is a calibration's."""

Line = dict[str, Any]


class Evaluations:
    """The evaluations of a calibration by number.

    Args:
        file: Where they are kept.
        settings: What makes an evaluation.
        waves: Evaluations of each wave.
    """

    def __init__(self, file: Path, settings: dict[str, Any], waves: Sequence[int]) -> None:
        self.file = file
        self.lines: dict[int, Line] = {}
        self._keys: list[str] = []
        for wave, size in enumerate(waves):
            self._keys += [content(settings, list(waves[: wave + 1]))] * size
        self.damaged = self._read()

    def append(self, number: int, values: Line) -> None:
        """Add an evaluation; it is on disk when this returns.

        Raises:
            NotWritten: where it cannot be written.
        """
        text = line({"number": number, **values}, self._keys[number])
        with written_on(self.file), self.file.open("ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        self.lines[number] = values

    def _read(self) -> list[tuple[int, bytes]]:
        """Read all lines; return number in the file and text of those that are none of ours."""
        damaged = []
        texts = self.file.read_bytes().split(b"\n") if self.file.exists() else [b""]
        # What comes after the last line break is nothing, or a line that a kill cut short.
        for k, text in enumerate(texts):
            if k == len(texts) - 1 and not text:
                continue
            values = self._ours(text) if k < len(texts) - 1 else None
            if values is None or values["number"] in self.lines:
                damaged.append((k + 1, text))
            else:
                self.lines[values.pop("number")] = values
        return damaged

    def _ours(self, text: bytes) -> Line | None:
        for key in dict.fromkeys(self._keys):
            try:
                values = of_line(text, key)
            except ValueError:
                continue
            number = values.get("number")
            if isinstance(number, int) and self._keys[number : number + 1] == [key]:
                return values
        return None

    def mend(self) -> None:
        """Move lines that are none of ours aside, and leave the others."""
        aside = self.file.parent / "damaged" / self.file.name
        with written_on(aside):
            aside.parent.mkdir(exist_ok=True)
            with aside.open("ab") as file:
                file.write(b"".join(text + b"\n" for _, text in self.damaged))
        text = "".join(
            line({"number": n, **self.lines[n]}, self._keys[n]) for n in sorted(self.lines)
        )
        whole(self.file, lambda half: half.write_bytes(text.encode()))


@contextmanager
def opened(
    folder: Path,
    settings: dict[str, Any],
    waves: Sequence[int],
    say: Callable[[str], object],
) -> Iterator[Evaluations]:
    """Yield what a folder holds of a calibration, no other one being let in meanwhile.

    Args:
        folder: The folder; made if it does not exist.
        settings: What makes an evaluation, as plain values.
        waves: Evaluations of each wave; those that were begun must be these.
        say: Called with what was found damaged, a line each.

    Raises:
        InvalidInput: where the folder is of another calibration.
        OutputExists: where another one is at work in it, or it holds something else.
        NotWritten: where it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputExists(f"{folder}: expected a folder to write to, got a file")
    try_place(folder)
    file, path = folder / "evaluations.jsonl", folder / "settings.json"
    ours = (folder / LOCK).exists() or path.exists()
    if folder.exists() and any(folder.iterdir()) and not ours:
        raise OutputExists(
            f"{folder}: expected a new folder or one with a calibration, got one that holds "
            "something else; it is left alone"
        )
    with locked(folder, LOCK, "calibration"):
        known = _settings(path, say)
        if known is not None:
            _check_same(folder, known, {"waves": list(waves), **settings})
        kept = Evaluations(file, settings, waves)
        if known is None and kept.damaged and not kept.lines:
            raise InvalidInput(
                f"{file}: expected evaluations of this calibration, got others (another seed, "
                "other waves, code or targets); use a new folder"
            )
        if kept.damaged:
            places = ", ".join(str(k) for k, _ in kept.damaged[:10])
            say(
                f"{file}: line {places} not as it was written (a kill, or damage); moved to "
                f"{folder / 'damaged'} and evaluated again"
            )
            kept.mend()
        write_json(path, {"waves": list(waves), **settings})
        yield kept


def _settings(path: Path, say: Callable[[str], object]) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        return read_json(path)
    except Damaged as e:
        say(f"{e}; it is written again")
        return None


def _check_same(folder: Path, known: dict[str, Any], now: dict[str, Any]) -> None:
    begun = known.get("waves", [])
    if now["waves"][: len(begun)] != begun:
        raise InvalidInput(
            f"waves: expected {begun} as in {folder}, and new ones after them, got {now['waves']}"
        )
    for name, value in now.items():
        if name != "waves" and known.get(name) != value:
            raise InvalidInput(
                f"{name}: expected {_short(known.get(name))} as in {folder}, got {_short(value)}; "
                "another calibration needs a new folder"
            )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 60 else f"{text[:57]}..."
