"""Posteriors: parameter sets that fit published studies, as one ships, or targets of one's own.

The first draw of a structure is the typical one; the others are in such an order that some that
follow each other are much like all (`evidence.calibration.order`), and a seed says where they
begin. Each belongs to a structure of the model (`inputs.structures`), and the mixture has of every
structure as many as its weight asks for.

`trustabm calibrate` makes the one that ships (`results/calibration` says what it rests on), and
`trustabm calibrate MINE.toml` one that is fitted to a file's targets too. A posterior of one's own
is a Parquet file with a column a parameter; `use_posterior` takes it into use in the place of the
one that ships.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs import fitted
from trustabm.inputs.catalog import Beside
from trustabm.inputs.keyed import uniform
from trustabm.inputs.notices import other_rules
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.structures import STRUCTURES

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "FILE",
    "Draws",
    "OwnPosterior",
    "changed",
    "digest",
    "in_use",
    "mixture",
    "most",
    "own_file",
    "posterior",
    "record",
    "shipped",
    "stale",
    "use_posterior",
    "weights",
]

FILE = "inputs/posterior/draws.parquet"
"""Where the draws that ship lie in the package."""

OTHERS = "inputs/posterior/structures.parquet"
"""Where those of other structures than the full one lie, with the weights of all."""

WEIGHTS = b"trustabm.structures"
"""Where the weights lie in the metadata of a file."""

TITLE = b"trustabm.title"
"""Where what it was fitted to lies in the metadata of a file of one's own."""

RULES = b"trustabm.rules"
"""Where digests of rules of one's own, by which it was fitted, lie there."""

OWN = "posterior.parquet"
"""What the file of a calibration's folder is called."""

VARIABLE = "TRUSTABM_POSTERIOR"

Row = dict[str, float]


@dataclass(frozen=True)
class Draws:
    """A posterior.

    Args:
        path: Its file; None for the one that ships.
        title: What it was fitted to besides published studies; empty where nothing says so.
        weights: How much weight each structure has, by name; they add up to 1.
        rows: Values of each structure's fitted parameters, a draw at a time; parameters that mean
            nothing in it are left out.
        sha256: Of the files.
        changed: Rules and parameters that are not those it was fitted with; None where it does not
            say which those were.
        rules: Digests of rules of one's own by which it was fitted.
    """

    path: str | None
    title: str
    weights: Mapping[str, float]
    rows: Mapping[str, tuple[Row, ...]]
    sha256: str
    changed: tuple[str, ...] | None
    rules: tuple[str, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What a reader must know of it."""
        if self.path is None:
            return tuple(other_rules("The posterior", self.changed)) if self.rows["full"] else ()
        name = Path(self.path).name
        many = sum(map(len, self.rows.values()))
        said = f"Parameters are drawn from {name}, a posterior of one's own of {many:,} draws"
        said += f", fitted to {self.title}." if self.title else "."
        return (said, *other_rules(name, self.changed))


def use_posterior(file: str | Path | None) -> None:
    """Draw parameters from a posterior of one's own from now on, in processes that start too.

    Args:
        file: What `trustabm calibrate` wrote, or its folder; None for the one that ships.

    Raises:
        InvalidInput: where it cannot be read, or is no posterior.

    Example:
        >>> import pandas as pd
        >>> import trustabm as ta
        >>> pd.DataFrame({"fear_weight": [5.0, 6.0]}).to_parquet("mine.parquet")
        >>> ta.use_posterior("mine.parquet")
        >>> c = ta.compare(["none", "sanctuary"], replicates=4, weeks=4, residents=300)
        >>> c.notices[0]
        "Parameters are drawn from mine.parquet, a posterior of one's own of 2 draws."
        >>> ta.use_posterior(None)  # the one that ships
    """
    if file is None:
        os.environ.pop(VARIABLE, None)
        return
    os.environ[VARIABLE] = posterior(own_file(file)).path or ""


def in_use() -> str | None:
    """Return the posterior of one's own that is in use; None where there is none."""
    return os.environ.get(VARIABLE) or None


def own_file(given: str | Path) -> str:
    """Return where a posterior of one's own lies, given its file or its folder."""
    path = Path(given)
    return str((path / OWN if path.is_dir() else path).absolute())


OwnPosterior = Annotated[Beside, AfterValidator(own_file)]
"""The path of a posterior of one's own, or of its folder."""


def posterior(of: str | None = None) -> Draws:
    """Return a posterior.

    Args:
        of: A file of one's own, as `own_file` names it; the one that ships if not given.

    Raises:
        InvalidInput: where it cannot be read, or is no posterior.
    """
    if of is None:
        return _ships()
    try:
        found = os.stat(of)
    except OSError as e:
        raise InvalidInput(f"posterior: expected a file of draws, got {of}: {e.strerror}") from e
    return _own(of, found.st_mtime_ns, found.st_size)


def weights(of: str | None = None) -> dict[str, float]:
    """Return how much weight each structure has in a posterior, by name; they add up to 1."""
    return dict(posterior(of).weights)


def mixture(
    number: int,
    overrides: Mapping[str, Any] | None = None,
    structures: Collection[str] | None = None,
    seed: int | None = None,
    of: str | None = None,
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
        of: As in `posterior`.

    Raises:
        InvalidInput: where there are fewer, or for a structure that does not exist.
    """
    every = posterior(of)
    wanted = _weights_of(every, structures)
    if not 0 <= number <= most(structures, of):
        raise InvalidInput(f"draws: expected 0 to {most(structures, of)}, got {number}")
    found: list[tuple[str, Parameters]] = []
    taken = dict.fromkeys(wanted, 0)
    for k in range(number):
        name = _next(wanted, taken, k)
        row = _draw(name, every.rows[name], taken[name], seed)
        given = {**row, **STRUCTURES[name].fixed, **(overrides or {})}
        found.append((name, Parameters.model_validate(given)))
        taken[name] += 1
    return tuple(found)


def _draw(structure: str, every: tuple[Row, ...], number: int, seed: int | None) -> Row:
    """Return one of a structure's draws; of those after its first, a seed says which is next."""
    if number == 0 or seed is None:
        return every[number]
    rest = len(every) - 1
    return every[1 + (int(uniform(f"{seed} {structure} draws") * rest) + number - 1) % rest]


def most(structures: Collection[str] | None = None, of: str | None = None) -> int:
    """Return how many draws of the mixture there are before a structure has none left.

    Args:
        structures: As in `mixture`.
        of: As in `posterior`.
    """
    every = posterior(of)
    wanted = _weights_of(every, structures)
    taken = dict.fromkeys(wanted, 0)
    number = 0
    while taken[name := _next(wanted, taken, number)] < len(every.rows.get(name, ())):
        taken[name] += 1
        number += 1
    return number


def _next(wanted: Mapping[str, float], taken: Mapping[str, int], number: int) -> str:
    """Return the structure that is farthest behind its weight after so many draws."""
    return max(wanted, key=lambda name: wanted[name] * (number + 1) - taken[name])


def _weights_of(every: Draws, structures: Collection[str] | None) -> dict[str, float]:
    """Return the weights of some structures, which add up to 1."""
    for name in structures or ():
        if name not in every.weights:
            raise InvalidInput(f"structures: no {shown(name)}; {nearest(str(name), every.weights)}")
    wanted = {n: w for n, w in every.weights.items() if structures is None or n in structures}
    if not wanted:
        raise InvalidInput("structures: expected at least one, got none")
    whole = sum(wanted.values())
    return {name: w / whole for name, w in wanted.items()}


def shipped() -> tuple[Row, ...]:
    """Return the values of the fitted parameters that ship, a draw at a time; none if none do."""
    return posterior().rows["full"]


def changed(table: pa.Table) -> list[str] | None:
    """Return the rules and parameters that are not those a table of draws was fitted with.

    None where it does not say which they were.
    """
    then = fitted.of_table(table)
    free = [n for n in table.column_names if n != "structure"]
    return fitted.differences(then, free) if then is not None else None


def stale(of: str | None = None) -> tuple[str, ...]:
    """Return what a reader must know of a posterior; defaults are one of the draws that ship.

    Nothing where it ships, and rules and parameters are those it was fitted with.

    Args:
        of: As in `posterior`.
    """
    return posterior(of).notices


@cache
def _ships() -> Draws:
    table, others = _table(), _table(OTHERS)
    rows = {"full": tuple(table.to_pylist()) if table is not None else ()}
    shares = {"full": 1.0}
    if others is not None:
        rows |= _rows(others)
        shares = json.loads(others.schema.metadata[WEIGHTS])
    files = [resources.files("trustabm") / name for name in (FILE, OTHERS)]
    sha256 = hashlib.sha256(b"".join(f.read_bytes() for f in files if f.is_file())).hexdigest()
    found = changed(table) if table is not None else []
    return Draws(None, "", shares, rows, sha256, None if found is None else tuple(found))


@cache
def _own(path: str, _time: int, _size: int) -> Draws:
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        table = pq.ParquetFile(path).read()
    except (OSError, ArrowException) as e:
        said = str(e).partition("\n")[0]
        raise InvalidInput(f"{path}: expected a Parquet file of draws, got {said}") from e
    known = Parameters.model_fields
    for name in table.column_names:
        if name != "structure" and name not in known:
            raise InvalidInput(f"{path}: {shown(name)}: no such parameter; {nearest(name, known)}")
    rows = _rows(table)
    for name in rows:
        if name not in STRUCTURES:
            hint = nearest(str(name), STRUCTURES)
            raise InvalidInput(f"{path}: structure: no {shown(name)}; {hint}")
    if not rows:
        raise InvalidInput(f"{path}: expected at least one draw, got none")
    try:
        for of in rows.values():
            for row in of:
                Parameters.model_validate(row)
    except ValueError as e:
        raise InvalidInput(f"{path}: {e}") from e
    notes = table.schema.metadata or {}
    counts = Counter({name: len(of) for name, of in rows.items()})
    shares = {name: many / counts.total() for name, many in counts.items()}
    if WEIGHTS in notes:
        given = json.loads(notes[WEIGHTS])
        shares = {name: float(given[name]) for name in given if name in rows}
    sha256 = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    found = changed(table)
    title = notes.get(TITLE, b"").decode()
    since = None if found is None else tuple(found)
    return Draws(
        path, title, shares, rows, sha256, since, tuple(json.loads(notes.get(RULES, b"[]")))
    )


def _rows(table: pa.Table) -> dict[str, tuple[Row, ...]]:
    """Return draws by structure; the full one's where the table does not say."""
    found: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        values = {k: v for k, v in row.items() if k != "structure" and v is not None and v == v}
        found.setdefault(row.get("structure", "full"), []).append(values)
    return {name: tuple(rows) for name, rows in found.items()}


def _table(name: str = FILE) -> pa.Table | None:
    file = resources.files("trustabm") / name
    if not file.is_file():
        return None
    import pyarrow.parquet as pq

    with resources.as_file(file) as path:
        return pq.read_table(path)


def digest(of: str | None = None) -> str:
    """Return the SHA-256 of a posterior's files, for provenance."""
    return posterior(of).sha256


def record(of: str | None = None) -> dict[str, str | None]:
    """Return what provenance says of a posterior: its digest, and its name where it is own."""
    return {"sha256": digest(of), "file": None if of is None else Path(of).name}
