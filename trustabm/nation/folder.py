"""The folder of an area that is lived through: what is run, and a line for every county done.

    nation.json      what is run, by which code; sealed
    counties.jsonl   a sealed line a county, in the order in which they were done
    counties.parquet counts of all, once all are done: a row a county, arm and group
    towns.parquet    counts of police hours, a row a county and arm
    states.parquet   the same sums by state and of all, in numbers of people

Whoever is killed leaves at most a torn line, which is left out by who goes on.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from trustabm.errors import Damaged, InvalidInput, OutputExists
from trustabm.nation.county import Counted
from trustabm.sealed import line, locked, of_line, read_json, whole, write_json, written_on

__all__ = ["LINES", "SPEC", "Records", "opened"]

Floats = npt.NDArray[np.float64]

SPEC, LINES, LOCK = "nation.json", "counties.jsonl", ".nation-lock"


class Records:
    """The counties of a folder that are done.

    Args:
        file: The lines, open at their end.
        key: A digest of what is run, which every line carries.
        done: Lines by FIPS code.
    """

    def __init__(self, file: IO[bytes], key: str, done: dict[str, dict[str, Any]]) -> None:
        self.file = file
        self.key = key
        self.done = done

    def add(self, fips: str, people: int, residents: int, counted: Counted) -> None:
        """Write down what a county counted.

        Raises:
            NoSpaceLeft: where the disk is full; what was saved before is whole.
            NotWritten: where the folder cannot be written.
        """
        values = {
            "fips": fips,
            "people": people,
            "residents": residents,
            "groups": _packed(counted.groups),
            "town": _packed(counted.town),
            "same": list(counted.same),
            "seconds": round(counted.seconds, 3),
        }
        with written_on(Path(self.file.name)):
            self.file.write(line(values, self.key).encode())
            self.file.flush()
        self.done[fips] = values

    def counted(self, fips: str) -> Counted:
        """Return what a county counted."""
        values = self.done[fips]
        groups, town = _unpacked(values["groups"]), _unpacked(values["town"])
        return Counted(groups, town, tuple(values["same"]), values["seconds"])


@contextmanager
def opened(folder: Path, key: str, spec: Mapping[str, Any]) -> Iterator[Records]:
    """Yield what a folder holds, nobody else being let in meanwhile.

    Args:
        folder: The folder; made if it does not exist.
        key: A digest of what is run.
        spec: What is run, for who reads it.

    Raises:
        OutputExists: where the folder holds something else, or another run is at work in it.
        InvalidInput: where it is of another run.
        NotWritten: where it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputExists(f"{folder}: expected a folder to write to, got a file")
    if folder.exists() and any(folder.iterdir()) and not (folder / LOCK).exists():
        raise OutputExists(
            f"{folder}: expected a new folder or one of a run of an area, got one that holds "
            "something else; it is left alone"
        )
    with locked(folder, LOCK, "run of an area"):
        _check_same(folder, key)
        done, kept = _read(folder / LINES, key)
        whole(folder / LINES, lambda half: half.write_bytes(b"".join(kept)))
        write_json(folder / SPEC, {**spec, "key": key})
        with written_on(folder / LINES), (folder / LINES).open("ab") as file:
            yield Records(file, key, done)
            os.fsync(file.fileno())


def _check_same(folder: Path, key: str) -> None:
    if not (folder / SPEC).exists():
        return
    try:
        there = read_json(folder / SPEC)["key"]
    except Damaged:
        return  # each line says for itself what it is of
    if there != key:
        raise InvalidInput(
            f"{folder}: expected counties of this run, got those of another one, or of other code "
            "or tables; use a new folder"
        )


def _read(file: Path, key: str) -> tuple[dict[str, dict[str, Any]], list[bytes]]:
    """Return the whole lines of what is run, by county, and as they stand."""
    done: dict[str, dict[str, Any]] = {}
    kept = []
    if file.exists():
        for text in file.read_bytes().splitlines(keepends=True):
            try:
                values = of_line(text, key)
            except ValueError:
                continue  # torn by whoever was killed: done again
            if values["fips"] not in done:
                done[values["fips"]] = values
                kept.append(text if text.endswith(b"\n") else text + b"\n")
    return done, kept


def _packed(array: Floats) -> dict[str, Any]:
    data = np.ascontiguousarray(array, "<f8").tobytes()
    return {"shape": list(array.shape), "f8": base64.b64encode(data).decode()}


def _unpacked(packed: Mapping[str, Any]) -> Floats:
    data = base64.b64decode(packed["f8"])
    return np.frombuffer(data, "<f8").reshape(packed["shape"]).astype(np.float64)
