"""States on disk: written whole, sealed with a digest, and read back only as they were."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from trustabm.errors import Damaged
from trustabm.rules import codes
from trustabm.sealed import whole
from trustabm.state.layout import (
    CHANCE,
    CLOCK,
    COUNT,
    ETHNICITY,
    GRADE,
    GRADE_STEP,
    GROUP,
    HOUSEHOLD_UNIT,
    ICE_AGENT,
    LACKS_STATUS,
    LEARNED,
    NEIGHBORHOOD,
    OFFICER,
    PAIR,
    POOL,
    RESIDENT,
    STRETCH,
    TIES,
    TOWN,
    State,
)

__all__ = ["load", "save"]


def save(state: State, path: Path) -> None:
    """Write a state to one `.npz` file, whole or not at all, to be continued from there.

    Raises:
        NotWritten: where it cannot be written.
    """
    seals = {SEAL: _digest(state), MEANING: _meaning()}
    arrays = state._asdict() | {k: np.frombuffer(v, np.uint8) for k, v in seals.items()}

    def write(half: Path) -> None:
        with half.open("wb") as f:
            np.savez_compressed(f, allow_pickle=False, **arrays)

    whole(path, write)


def load(path: Path) -> State:
    """Read a state that `save` wrote.

    Raises:
        Damaged: where the file is not as it was written, or another version of this package wrote
            it, whose columns are others.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            found = {name: data[name] for name in data.files}
    # What a damaged file gives: errors of zip, zlib, numpy and the system.
    except Exception as e:
        raise Damaged(f"{path}: expected a state that this version saved, got: {e}") from e
    meaning = found.get(MEANING, np.zeros(0)).tobytes()
    if not {SEAL, *State._fields} <= set(found) or meaning != _meaning():
        raise Damaged(
            f"{path}: expected a state with the columns of this version, got another version's or "
            "no state; it cannot be continued, run it again"
        )
    state = State(*(found[name] for name in State._fields))
    sealed = found[SEAL].tobytes()
    if sealed != _digest(state):
        raise Damaged(f"{path}: expected the state that was saved there, got something else")
    return state


SEAL = "digest"
"""The name of the digest among the arrays of a file."""

MEANING = "meaning"
"""The name of what the columns mean, likewise."""


_RECORDS = {
    "residents": RESIDENT,
    "officers": OFFICER,
    "agents": ICE_AGENT,
    "neighborhoods": NEIGHBORHOOD,
    "stretches": STRETCH,
    "learned": LEARNED,
    "towns": TOWN,
    "ethnicities": ETHNICITY,
    "pairs": PAIR,
    "groups": GROUP,
    "counts": COUNT,
    "pool": POOL,
    "clock": CLOCK,
}
"""Columns that are records, whose fields a version of this package fixes."""


def _meaning() -> bytes:
    """Return a digest of what the columns are, and what the numbers in them stand for."""
    numbers = {n: v for n, v in vars(codes).items() if n.isupper()}
    units = (TIES, CHANCE, HOUSEHOLD_UNIT, LACKS_STATUS, GRADE, GRADE_STEP)
    columns = {name: dtype.descr for name, dtype in _RECORDS.items()}
    return hashlib.blake2b(repr((numbers, units, columns)).encode(), digest_size=16).digest()


def _digest(state: State) -> bytes:
    """Return a digest of all columns, their types and shapes."""
    seen = hashlib.blake2b(digest_size=16)
    for name, array in state._asdict().items():
        seen.update(f"{name} {array.dtype.descr} {array.shape}".encode())
        # Field by field: what lies between the fields of a record is nobody's, and is not kept.
        for field in array.dtype.names or (...,):
            seen.update(np.ascontiguousarray(array[field]).tobytes())
    return seen.digest()
