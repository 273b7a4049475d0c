"""Arrays of a result on disk: written whole, sealed with a digest, read back only as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.errors import Damaged
from trustabm.sealed import whole
from trustabm.state import journal
from trustabm.week.world import World

__all__ = ["arrays_of", "digest_of", "digests_of", "read_arrays", "write_arrays"]

SEAL = "digest"
"""The name of the digest among the arrays of a file."""


def write_arrays(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays to one `.npz` file, whole or not at all.

    Raises:
        NotWritten: where it cannot be written.
    """
    sealed = dict(arrays) | {SEAL: np.frombuffer(bytes.fromhex(digest_of(arrays)), np.uint8)}

    def write(half: Path) -> None:
        with half.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **sealed)

    whole(path, write)


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays that `write_arrays` wrote.

    Raises:
        Damaged: where the file is not as it was written.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            found = {name: data[name] for name in data.files}
    except Exception as e:  # of zip, zlib, numpy and the system
        raise Damaged(f"{path}: expected arrays that were saved there, got: {e}") from e
    seal = found.pop(SEAL, np.zeros(0, np.uint8)).tobytes().hex()
    if seal != digest_of(found):
        raise Damaged(f"{path}: expected the arrays that were saved there, got something else")
    return found


def digest_of(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Return the SHA-256 of arrays, their names, types and shapes, the same on every machine."""
    seen = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        seen.update(f"{name} {array.dtype.descr} {array.shape}".encode())
        # Field by field: what lies between the fields of a record is nobody's.
        for field in array.dtype.names or (...,):
            seen.update(np.ascontiguousarray(array[field]).tobytes())
    return seen.hexdigest()


def arrays_of(world: World) -> dict[str, npt.NDArray[Any]]:
    """Return what a world counted and what happened in it, by name."""
    return {
        "tally": world.tally,
        "town_tally": world.town_tally,
        "keep_events": np.array(world.keep_events),
        "used": world.tables.used,
        "mark": world.tables.mark,
        **journal.frames(world.tables),
    }


def digests_of(world: World) -> dict[str, str]:
    """Return digests of all that a world gives: counts and events, and its columns."""
    return {"counts": digest_of(arrays_of(world)), "state": digest_of(world.state._asdict())}
