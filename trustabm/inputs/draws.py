"""The posterior that ships with the package: parameter sets that fit the published studies.

The first is the set that single towns use; the others are in such an order that some that follow
each other are much like all (`evidence.calibration.order`), and a seed says where they begin.
`trustabm calibrate` makes them; `results/calibration` says what they rest on. Each belongs to a
structure of the model (`inputs.structures`), and the mixture has of every structure as many as its
weight asks for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs import fitted
from trustabm.inputs.keyed import uniform
from trustabm.inputs.notices import other_rules
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.structures import STRUCTURES

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "FILE",
    "changed",
    "digest",
    "mixture",
    "most",
    "posterior_draws",
    "shipped",
    "stale",
    "weights",
]

FILE = "inputs/posterior/draws.parquet"
"""Where they lie in the package."""

OTHERS = "inputs/posterior/structures.parquet"
"""Where those of other structures than the full one lie, with the weights of all."""

WEIGHTS = b"trustabm.structures"
"""Where the weights lie in the metadata of that file."""


def posterior_draws(
    number: int, overrides: Mapping[str, Any] | None = None
) -> tuple[Parameters, ...]:
    """Return the first draws as whole parameter sets.

    Args:
        number: How many.
        overrides: Parameters that every set takes from here.

    Raises:
        InvalidInput: where fewer ship.
    """
    rows = shipped()
    if not 0 <= number <= len(rows):
        raise InvalidInput(f"draws: expected 0 to {len(rows)}, got {number}")
    return tuple(Parameters.model_validate({**row, **(overrides or {})}) for row in rows[:number])


def weights() -> dict[str, float]:
    """Return how much weight each structure has, by name; they add up to 1."""
    table = _table(OTHERS)
    if table is None:
        return {"full": 1.0}
    found: dict[str, float] = json.loads(table.schema.metadata[WEIGHTS])
    return found


def mixture(
    number: int,
    overrides: Mapping[str, Any] | None = None,
    structures: Collection[str] | None = None,
    seed: int | None = None,
) -> tuple[tuple[str, Parameters], ...]:
    """Return draws of the mixture, each with the name of its structure; the typical one first.

    Any number of them have the structures about in proportion to their weights: each
    comes next from the structure that is farthest behind its weight.

    Args:
        number: How many.
        overrides: Parameters that every set takes from here, whatever its structure holds them at.
        structures: Names of structures to draw from, in proportion to their weights; all if not
            given.
        seed: What the draws after each structure's first are keyed by; the next ones if not given.

    Raises:
        InvalidInput: where fewer ship, or for a structure that does not exist.
    """
    wanted = _weights_of(structures)
    if not 0 <= number <= most(structures):
        raise InvalidInput(f"draws: expected 0 to {most(structures)}, got {number}")
    found: list[tuple[str, Parameters]] = []
    taken = dict.fromkeys(wanted, 0)
    for k in range(number):
        name = _next(wanted, taken, k)
        row = {**_draw(name, taken[name], seed), **STRUCTURES[name].fixed, **(overrides or {})}
        found.append((name, Parameters.model_validate(row)))
        taken[name] += 1
    return tuple(found)


def _draw(structure: str, number: int, seed: int | None) -> dict[str, float]:
    """Return one of a structure's draws; of those after its first, a seed says which is next."""
    every = _draws_of(structure)
    if number == 0 or seed is None:
        return every[number]
    rest = len(every) - 1
    return every[1 + (int(uniform(f"{seed} {structure} draws") * rest) + number - 1) % rest]


def most(structures: Collection[str] | None = None) -> int:
    """Return how many draws of the mixture there are before a structure has none left.

    Args:
        structures: As in `mixture`.
    """
    wanted = _weights_of(structures)
    taken = dict.fromkeys(wanted, 0)
    number = 0
    while taken[name := _next(wanted, taken, number)] < len(_draws_of(name)):
        taken[name] += 1
        number += 1
    return number


def _next(wanted: Mapping[str, float], taken: Mapping[str, int], number: int) -> str:
    """Return the structure that is farthest behind its weight after so many draws."""
    return max(wanted, key=lambda name: wanted[name] * (number + 1) - taken[name])


def _weights_of(structures: Collection[str] | None) -> dict[str, float]:
    """Return the weights of some structures, which add up to 1."""
    every = weights()
    for name in structures or ():
        if name not in every:
            raise InvalidInput(f"structures: no {shown(name)}; {nearest(str(name), every)}")
    wanted = {name: w for name, w in every.items() if structures is None or name in structures}
    if not wanted:
        raise InvalidInput("structures: expected at least one, got none")
    whole = sum(wanted.values())
    return {name: w / whole for name, w in wanted.items()}


def _draws_of(structure: str) -> tuple[dict[str, float], ...]:
    """Return the values of a structure's fitted parameters, a draw at a time."""
    return shipped() if structure == "full" else _others().get(structure, ())


@cache
def _others() -> dict[str, tuple[dict[str, float], ...]]:
    """Return the draws of every structure but the full one; parameters idle in it are left out."""
    table = _table(OTHERS)
    found: dict[str, list[dict[str, float]]] = {}
    for row in [] if table is None else table.to_pylist():
        values = {k: v for k, v in row.items() if k != "structure" and v is not None and v == v}
        found.setdefault(row["structure"], []).append(values)
    return {name: tuple(rows) for name, rows in found.items()}


@cache
def shipped() -> tuple[dict[str, float], ...]:
    """Return the values of the fitted parameters, a draw at a time; none where none ship."""
    table = _table()
    return tuple(table.to_pylist()) if table is not None else ()


def changed(table: pa.Table) -> list[str] | None:
    """Return the rules and parameters that are not those a table of draws was fitted with.

    None where it does not say which they were.
    """
    then = fitted.of_table(table)
    return fitted.differences(then, table.column_names) if then is not None else None


@cache
def stale() -> tuple[str, ...]:
    """Return what a reader must know of the draws that ship, which the defaults are one of.

    Nothing where the rules and parameters are those they were fitted with, or none ship.
    """
    table = _table()
    return tuple(other_rules("The posterior", changed(table))) if table is not None else ()


@cache
def _table(name: str = FILE) -> pa.Table | None:
    file = resources.files("trustabm") / name
    if not file.is_file():
        return None
    import pyarrow.parquet as pq

    with resources.as_file(file) as path:
        return pq.read_table(path)


def digest() -> str:
    """Return the SHA-256 of the files, for provenance."""
    files = [resources.files("trustabm") / name for name in (FILE, OTHERS)]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files if f.is_file())).hexdigest()
