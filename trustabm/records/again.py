"""Make a result again from its record, and compare it bit for bit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustabm.errors import InvalidInput
from trustabm.inputs.draws import digest as draws_digest
from trustabm.records.opened import experiment_of
from trustabm.rules.compiling import digest
from trustabm.runs.arrays import digests_of, read_arrays
from trustabm.runs.compare import compare_arms
from trustabm.runs.comparison import Comparison
from trustabm.runs.progress import Asked, telling
from trustabm.runs.provenance import RECORD, read_record, version
from trustabm.runs.results import Result
from trustabm.runs.run import run
from trustabm.runs.scenario import Scenario

if TYPE_CHECKING:
    from trustabm.study.opening import OpenStudy

__all__ = ["Reproduced", "reproduce"]

MADE_BY = ("trustabm", "numpy", "numba")
"""Packages whose versions make numbers."""


class Reproduced(NamedTuple):
    """What came of making a result again.

    Args:
        result: What was made now.
        difference: Where it first differs from what was recorded, in a line; None where every bit
            is the same.
        notes: What is not as it was when the record was made, a line each.
    """

    result: Result | Comparison | OpenStudy
    difference: str | None
    notes: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether every bit of it is the same."""
        return self.difference is None


def reproduce(
    record: str | Path, *, workers: int | None = None, progress: Asked = None
) -> Reproduced:
    """Make a result again from its record alone, and compare it bit for bit.

    A record is the `provenance.json` that `save()` writes: it says what was run, whole, with a
    town's figures, a policy's levers and a timeline's dates that a user's files said, and digests
    of what came of it. Of a saved folder its numbers are compared one by one, of the file alone
    its key outcomes and the digests of all else. A sweep's folder is swept again.

    Args:
        record: The folder of a saved result or a sweep, or a `provenance.json`.
        workers: Processes; chosen by the work there is if not given. Bits do not depend on it.
        progress: As in `trustabm.run`.

    Returns:
        The result, and where it first differs from what was recorded.

    Raises:
        InvalidInput: for what is no record, or one whose inputs this version cannot read.
        Damaged: where what lies beside it is torn.

    Example:
        >>> folder = run(Scenario(weeks=4, residents=300)).save("my-run")
        >>> reproduce("my-run").equal
        True
    """
    path = Path(record)
    if (path / "study.toml").is_file():
        return _study(path, workers)
    said = read_record(path)
    if "results" not in said:
        raise InvalidInput(f"{record}: expected the record of a saved result, got one without any")
    made: Result | Comparison
    file = path / RECORD if path.is_dir() else path
    if "experiment" in said:
        made = _compared(said, file, workers, progress)
        digests, arrays = made.digests(), made.arrays()
        tables = {"weekly": lambda: made.weekly, "effects": made.effects}
    else:
        scenario = Scenario.make(said["scenario"], str(file))
        made = run(scenario, events=said["events"], progress=progress)
        digests, arrays = digests_of(made.world), {}
        tables = {"weekly": lambda: made.weekly, "residents": lambda: made.residents}
    beside = path if path.is_dir() else None
    found = _differences(said, made.numbers(), digests, arrays, tables, beside)
    return Reproduced(made, next(found, None), tuple(_notes(said)))


def _compared(
    said: Mapping[str, Any], file: Path, workers: int | None, progress: Asked
) -> Comparison:
    experiment = experiment_of(dict(said), file)
    if "design" not in said:
        with telling(progress, "towns") as tell:
            return compare_arms(experiment, workers=workers, progress=tell)
    from trustabm.nation.design import ALL  # counties want the extra of studies
    from trustabm.nation.sampled import area_of, compare_in

    where, counties = area_of(said["design"]), said["design"]["draws"]
    many = counties if counties < len(where.counties) else ALL
    with telling(progress, "samples") as tell:
        return compare_in(where, experiment, counties=many, workers=workers, progress=tell)


def _differences(
    said: Mapping[str, Any],
    numbers: list[dict[str, Any]],
    digests: Mapping[str, str],
    arrays: Mapping[str, npt.NDArray[Any]],
    tables: Mapping[str, Callable[[], pd.DataFrame]],
    folder: Path | None,
) -> Iterator[str]:
    """Yield where what was made differs from what was recorded, what a reader sees first."""
    recorded = said["numbers"]
    for k, (here, there) in enumerate(zip(numbers, recorded, strict=False)):
        if here != there:
            key = next(name for name in {**there, **here} if here.get(name) != there.get(name))
            of = ", ".join(str(x) for n, x in here.items() if isinstance(x, str) and n != key)
            yield f"numbers[{k}], {of}: {key}: recorded {there.get(key)!r}, made {here.get(key)!r}"
    if len(numbers) != len(recorded):
        yield f"numbers: recorded {len(recorded)}, made {len(numbers)}"
    if folder is not None:
        for name, make in tables.items():
            if (file := folder / f"{name}.parquet").is_file():
                yield from _in_frame(file.name, pd.read_parquet(file), make())
        if arrays and (folder / "counts.npz").is_file():
            kept = read_arrays(folder / "counts.npz")
            for name, array in arrays.items():
                yield from _in_array(name, kept.get(name), array)
    for name in sorted({*digests, *said["results"]}):
        there, here_ = said["results"].get(name), digests.get(name)
        if there != here_:
            yield f"results.{name}: recorded sha256 {there}, made {here_}"


def _in_frame(name: str, there: pd.DataFrame, here: pd.DataFrame) -> Iterator[str]:
    if list(there.columns) != list(here.columns) or len(there) != len(here):
        yield f"{name}: recorded {there.shape} rows and columns, made {here.shape}, or other names"
        return
    for column in there.columns:
        one, other = (_plain(frame[column]) for frame in (there, here))
        for row in np.flatnonzero(one != other)[:1]:
            was, now = (frame[column].iloc[row] for frame in (there, here))
            keys = ("arm", "week", "town", "group", "outcome", "resident")
            where = {key: here[key].iloc[row] for key in keys if key in here and key != column}
            at = ", ".join(f"{key} {value}" for key, value in where.items())
            yield f"{name}, row {row} ({at}): {column}: recorded {was!s}, made {now!s}"


def _plain(column: pd.Series[Any]) -> npt.NDArray[Any]:
    """Return a column as what differs exactly where its bits do, missing values among them."""
    if column.dtype.kind == "f":
        values = column.to_numpy(float, copy=True)
        values[np.isnan(values)] = np.nan  # of the many ways to say so
        return values.view(np.int64)
    if column.dtype.kind in "iub":
        return column.to_numpy(np.int64)
    return column.astype(object).map(str).to_numpy(str)


def _in_array(name: str, there: npt.NDArray[Any] | None, here: npt.NDArray[Any]) -> Iterator[str]:
    if there is None or there.shape != here.shape:
        shape = None if there is None else there.shape
        yield f"counts.npz, {name}: recorded an array of shape {shape}, made {here.shape}"
        return
    for at in np.argwhere(there.view(np.int64) != here.view(np.int64))[:1]:
        place = tuple(int(k) for k in at)
        yield f"counts.npz, {name}{list(place)}: recorded {there[place]!s}, made {here[place]!s}"


def _notes(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is not as it was when the record was made."""
    if said["rules"] != digest():
        yield f"other rules: {said['rules']} then, {digest()} now"
    for name in MADE_BY:
        if said["versions"].get(name) != version(name):
            yield f"another {name}: {said['versions'].get(name)} then, {version(name)} now"
    drawn = (said.get("posterior") or {}).get("sha256")
    own = said.get("experiment", {}).get("posterior") is not None  # looked at when it was read
    if not own and drawn not in (None, draws_digest()):
        yield f"another posterior: sha256 {drawn} then, {draws_digest()} now"


def _study(folder: Path, workers: int | None) -> Reproduced:
    """Sweep a study again, from what its folder says, and compare every run."""
    from trustabm.study.opening import open_study
    from trustabm.study.sweep import sweep

    recorded = open_study(folder)
    with tempfile.TemporaryDirectory() as place:
        sweep(recorded.study, place, workers=workers)
        made = open_study(place)
        names = [name for name in made.runs.columns if name != "run_id"]
        tables = [("runs", recorded.runs[names], made.runs[names])]
        if made.study.kept is not None:
            tables.append(("weekly", recorded.weekly, made.weekly))
        found = [line for table in tables for line in _in_frame(*table)]
    first = recorded.sittings.iloc[0]
    notes = () if first["rules"] == digest() else (f"other rules: {first['rules']} then",)
    return Reproduced(made, next(iter(found), None), notes)
