"""Batches of statements: one TOML file each, hashed, checked, and filled in as values come out.

The hash of a statement is SHA-256 over its canonical content, JSON with sorted keys and no white
space, together with what its batch says of itself; its outcome is no part of it. So an outcome can
be entered, and nothing else changed. Whoever changes a statement and its hash is found out by the
repository's history: `checking` holds a file against what was first committed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from trustabm.errors import Damaged, InvalidInput, OutputExists, nearest, need, shown
from trustabm.forecasts.questions import Scale
from trustabm.inputs import catalog
from trustabm.inputs.catalog import Day, Prose, Strict
from trustabm.sealed import whole as written

__all__ = [
    "Batch",
    "Header",
    "Interval",
    "Naive",
    "Outcome",
    "Spread",
    "Statement",
    "batches",
    "entered",
    "free",
    "sealed",
    "write",
]

Filled = Annotated[Prose, Field(min_length=1)]


def _empty(value: Any) -> Any:
    return None if value == "" else value


class Interval(Strict):
    """Where the value is thought to lie."""

    low: float
    high: float


class Naive(Strict):
    """What would be said without a model.

    Args:
        no_change: That nothing changes.
        last_value: The last value published before.
        last_source: Where.
    """

    no_change: float | None = None
    last_value: float | None = None
    last_source: str = ""


class Spread(Strict):
    """What the intervals are made of: standard deviations on the scale.

    Args:
        draws: Between draws of structure, parameters and towns' figures, luck of the sample taken
            out.
        luck: Of as many residents as the place has.
        discrepancy: How far off forecasts of this kind are taken to be.
        own: The published number's own error.
    """

    draws: float
    luck: float
    discrepancy: float
    own: float


class Outcome(catalog.File):
    """What came out; empty until somebody enters it.

    Args:
        value: The published value, in the statement's unit.
        source: Where it was read, exactly enough to be found.
        entered_on: The day on which it was entered.
    """

    value: Annotated[float | None, BeforeValidator(_empty)] = None
    source: Prose = ""
    entered_on: Annotated[Day | None, BeforeValidator(_empty)] = None

    @model_validator(mode="after")
    def _all_or_nothing(self) -> Self:
        given = [self.value is not None, bool(self.source.strip()), self.entered_on is not None]
        if any(given) and not all(given):
            raise ValueError("expected a value with its source and the day it was entered on")
        return self


class Statement(catalog.File):
    """One forecast: what will be published, where, by when, and between what it will lie."""

    id: Filled
    made_on: Day
    quantity: Filled
    unit: Filled
    population: Filled
    period: Filled
    publisher: Filled
    release: Filled
    due: Day
    place: Filled
    median: float
    half: Interval
    ninety: Interval
    scale: Scale
    mapping: Filled
    widened: Filled
    spread: Spread
    naive: Naive
    sha256: str = ""
    outcome: Outcome = Field(default_factory=Outcome)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        ends = self.ends()
        if any(a >= b for a, b in pairwise(ends)):
            raise ValueError(f"median: expected quantiles that ascend, got {ends}")
        if self.due <= self.made_on:
            raise ValueError(f"due: expected a day after {self.made_on}, got {self.due}")
        value, top = self.outcome.value, 100.0 if self.unit == "%" else math.inf
        if value is not None and not 0.0 < value < top:
            raise ValueError(
                f"outcome.value: expected more than 0 and less than {top:g}, got {value:g}"
            )
        if self.outcome.entered_on is not None and self.outcome.entered_on < self.made_on:
            raise ValueError("outcome.entered_on: expected a day after the statement was made")
        return self

    def ends(self) -> tuple[float, float, float, float, float]:
        """Return the quantiles 5, 25, 50, 75 and 95%."""
        return self.ninety.low, self.half.low, self.median, self.half.high, self.ninety.high

    def state(self, today: dt.date) -> Literal["open", "overdue", "entered"]:
        """Return whether its value has been entered, or is late."""
        if self.outcome.value is not None:
            return "entered"
        return "overdue" if today > self.due else "open"


class Header(catalog.File):
    """What a batch says of itself.

    Args:
        batch: Its name.
        made_on: The day on which it was made.
        package: The package and its version.
        commit: The commit of its code; whether files differed from it.
        rules: Digest of the model's rules.
        posterior: SHA-256 of the draws.
        structures: The structures that the draws are of, with how many each.
        command: The command that makes it again, from that commit.
        sentence: On what all statements rest.
    """

    batch: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=60)]
    made_on: Day
    package: Filled
    commit: Filled
    rules: Filled
    posterior: Filled
    structures: dict[str, int]
    command: Filled
    sentence: Filled


class Batch(catalog.File):
    """A file of statements.

    Args:
        header: What it says of itself.
        sha256: Over the header and the statements' hashes.
        statements: The statements.
    """

    header: Header
    sha256: str
    statements: tuple[Statement, ...]

    def problems(self) -> Iterator[str]:
        """Yield what is not as it was made."""
        for s in self.statements:
            if s.sha256 != hash_of(self.header, s):
                yield f"{s.id}: expected the statement that was hashed, got another"
            if s.made_on != self.header.made_on:
                yield f"{s.id}: made_on: expected {self.header.made_on}, got {s.made_on}"
        if self.sha256 != hash_of_all(self.header, self.statements):
            yield "sha256: expected the header and statements that were hashed, got others"
        ids = [s.id for s in self.statements]
        for name in sorted({i for i in ids if ids.count(i) > 1}):
            yield f"{name}: expected one statement of that id, got {ids.count(name)}"


def canonical(value: Any) -> str:
    """Return plain values as the one text that is hashed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def hash_of(header: Header, statement: Statement) -> str:
    """Return the hash of a statement of a batch, whatever its outcome."""
    own = statement.model_dump(mode="json", exclude={"sha256", "outcome"})
    return _sha256({"header": header.model_dump(mode="json"), "statement": own})


def hash_of_all(header: Header, statements: Sequence[Statement]) -> str:
    """Return the hash of a batch: of its header and of which statements it has."""
    hashes = [s.sha256 for s in statements]
    return _sha256({"header": header.model_dump(mode="json"), "statements": hashes})


def sealed(header: Header, statements: Sequence[Statement]) -> Batch:
    """Return a batch of statements, each with its hash."""
    hashed = tuple(s.model_copy(update={"sha256": hash_of(header, s)}) for s in statements)
    return Batch(header=header, sha256=hash_of_all(header, hashed), statements=hashed)


def path_of(folder: Path, batch: str) -> Path:
    """Return the file of a batch."""
    return folder / f"{batch}.toml"


def free(folder: Path, batch: str) -> None:
    """Raise `OutputExists` where there is a batch of that name: none is ever made anew."""
    path = path_of(folder, batch)
    if path.exists():
        raise OutputExists(
            f"{path}: expected a new batch, got the name of one that was made; give another"
        )


def write(batch: Batch, folder: Path, *, new: bool = True) -> Path:
    """Write a batch.

    Args:
        batch: The batch.
        folder: Where batches lie.
        new: Whether there may be none of that name.

    Raises:
        OutputExists: where there is one.
        NotInstalled: where TOML cannot be written.
    """
    need("study", "forecast")
    import tomli_w

    path = path_of(folder, batch.header.batch)
    if new:
        free(folder, batch.header.batch)
    folder.mkdir(parents=True, exist_ok=True)
    text = tomli_w.dumps(_written(batch.model_dump(mode="python")))
    written(path, lambda half: half.write_text(text, encoding="utf-8", newline="\n"))
    return path


def _written(value: Any) -> Any:
    """Return values as TOML holds them, which knows no nothing."""
    if isinstance(value, dict):
        return {k: _written(v) for k, v in value.items() if v is not None or k in _SHOWN}
    if isinstance(value, list | tuple):
        return [_written(v) for v in value]
    return "" if value is None else value


_SHOWN = ("value", "entered_on")
"""Keys that stand in a file empty, to be filled in."""


def batches(folder: Path) -> list[tuple[Path, Batch]]:
    """Return all batches of a folder, by name.

    Raises:
        InvalidInput: where there are none, or one cannot be read.
    """
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not paths:
        raise InvalidInput(f"{folder}: expected a folder of batches (.toml files), got none")
    return [(path, Batch.read(path)) for path in paths]


def entered(folder: Path, name: str, outcome: Outcome, *, correct: bool = False) -> Path:
    """Enter what came out.

    Args:
        folder: Where batches lie.
        name: The statement.
        outcome: What came out.
        correct: Whether one that was entered before is replaced.

    Raises:
        InvalidInput: for a statement that does not exist, or has an outcome already.
        Damaged: where the batch is not as it was made.
    """
    known: dict[str, tuple[Path, Batch]] = {}
    for path, batch in batches(folder):
        known |= {s.id: (path, batch) for s in batch.statements}
    if name not in known:
        raise InvalidInput(f"id: no statement {shown(name)}; {nearest(name, known)}")
    path, batch = known[name]
    for problem in batch.problems():
        raise Damaged(f"{path}: {problem}")
    filled = []
    for s in batch.statements:
        if s.id == name:
            if s.outcome.value is not None and not correct:
                raise InvalidInput(
                    f"{name}: expected no outcome yet, got {s.outcome.value:g} from "
                    f"{shown(s.outcome.source)}; --correct replaces it"
                )
            whole = s.model_dump() | {"outcome": outcome.model_dump()}
            s = Statement.make(whole, name)
        filled.append(s)
    write(batch.model_copy(update={"statements": tuple(filled)}), folder, new=False)
    return path
