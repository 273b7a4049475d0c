"""What a sweep's folder says of itself: study, points and where runs come from, sealed.

Each of these files says which study it is of, and carries a digest of what it says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import tomli_w

from trustabm.errors import Damaged, InvalidInput
from trustabm.runs.provenance import provenance
from trustabm.runs.scenario import Scenario
from trustabm.sealed import (
    read_json,
    read_text,
    write_json,
    write_text,
)
from trustabm.study.definition import Study
from trustabm.study.designs import STRUCTURE
from trustabm.study.notes import notices
from trustabm.study.points import Point
from trustabm.study.store import (
    Store,
    is_whole,
    read_table,
    schema_of,
    study_of,
    write_table,
)
from trustabm.study.work import Work

__all__ = [
    "REMEDY",
    "Known",
    "Papers",
    "known_key",
    "known_points",
    "known_study",
    "known_where",
    "points_again",
    "read_back",
    "write_down",
]

OF = "# study "
"""What the line of study.toml begins with that says which study's runs belong to it."""

REMEDY = (
    "sweep the same study file into this folder again: what is whole is kept, and only what is "
    "missing is run"
)


class Known(NamedTuple):
    """The points that have numbers in a folder.

    Args:
        points: In the order of their numbers.
        asked: Whether the study that was swept last asks for each.
        study: Which study they are of.
    """

    points: list[Point]
    asked: list[bool]
    study: str


def known_points(folder: Path) -> Known:
    """Return the points that have numbers in a folder; none in a new one.

    Raises:
        Damaged: where their file is not as it was written.
    """
    if not (folder / "points.parquet").exists():
        return Known([], [], "")
    return _with_remedy(lambda: _known(folder))


def known_study(folder: Path) -> Study:
    """Return the study a folder was last swept for.

    Raises:
        InvalidInput: where it holds none.
        Damaged: where its file is not as it was written.
    """
    return known_key(folder)[0]


def known_key(folder: Path) -> tuple[Study, str]:
    """Return the study a folder was last swept for, and the digest that its other files carry.

    Raises:
        InvalidInput: where it holds none.
        Damaged: where its file is not as it was written.
    """
    if not (folder / "study.toml").is_file():
        raise InvalidInput(f"{folder}: expected a folder that `trustabm sweep` wrote, got no study")
    return _with_remedy(lambda: _study(folder))


def known_where(folder: Path) -> tuple[dict[str, Any], str]:
    """Return where the runs of a folder come from, and the digest its other files carry.

    Raises:
        Damaged: where its file is not as it was written, or is not there.
    """
    return _with_remedy(lambda: _where(folder))


class Papers(NamedTuple):
    """What a folder's own files say; None where they are not there or not as they were written."""

    study: Study | None
    where: dict[str, Any] | None
    points: list[Point] | None
    ours: bool
    lost: list[Path]


def read_back(folder: Path, key: str) -> Papers:
    """Read what describes a study; a file that another study left among its own is lost too."""
    readers: dict[str, Callable[[], tuple[Any, str]]] = {
        "study.toml": lambda: _study(folder),
        "provenance.json": lambda: _where(folder),
        "points.parquet": lambda: _points(folder),
    }
    read: dict[str, tuple[Any, str]] = {}
    lost = []
    for name, reader in readers.items():
        if (folder / name).exists():
            try:
                read[name] = reader()
            except InvalidInput:
                lost.append(name)
    ours = [name for name, (_, study) in read.items() if study == key]
    parts = Store(folder).parts("runs")[:20]
    if ours or key in {study_of(schema_of(p)) for p in parts if is_whole(p)}:
        lost += [name for name in read if name not in ours]
    values = [read[name][0] if name not in lost and name in read else None for name in readers]
    study, where, points = values
    return Papers(study, where, points, bool(ours), [folder / name for name in lost])


def points_again(store: Store, fresh: Work) -> list[Point]:
    """Return the points that have numbers where their file is lost: from the runs."""
    names = list(fresh.names)
    seen: dict[int, Point] = {}
    for part in store.scan("runs", ["point", *names])[0]:
        for row in part.table.to_pylist() if part.study == fresh.key else ():
            seen[row.pop("point")] = row
    if all(fresh.points[n : n + 1] == [(n, point)] for n, point in seen.items()):
        return [point for _, point in fresh.points] if seen else []
    if sorted(seen) == list(range(len(seen))):
        return [seen[n] for n in range(len(seen))]
    raise InvalidInput(
        f"{store.folder / 'points.parquet'}: expected the points as they were numbered, got a "
        "damaged file, and the runs do not tell; use a new folder"
    )


def write_down(
    folder: Path,
    work: Work,
    known: list[Point],
    before: dict[str, Any],
    sittings: list[dict[str, Any]],
) -> None:
    """Write what a folder says of itself.

    Args:
        folder: The folder.
        work: The study's runs.
        known: The points that had numbers before.
        before: Digests of towns and arms that were swept before.
        sittings: With what every run was made; the last is this one.
    """
    numbers, asked = dict(enumerate(known)) | dict(work.points), {n for n, _ in work.points}
    rows = [{"point": n, "asked": n in asked, **numbers[n]} for n in sorted(numbers)]
    s = work.study
    named = (name for a in s.arms.values() for name in (a.policy, *(x.policy for x in a.laid)))
    files = [*map(s.path, s.towns), *named]
    contents = work.contents()
    # Towns and arms that were swept before stay known, though this study leaves them out.
    contents = {k: v if k == "code" else before.get(k, {}) | v for k, v in contents.items()}
    where = provenance(
        Scenario.shared(s, s.path(s.towns[0])),
        contents=contents,
        runs=work.total,
        files=files,
        study=work.key,
        sittings=sittings,
        groups=[asdict(e) for e in work.task.groups.ethnic],
        notices=notices(s),
    )
    said = s.settled().model_dump(mode="json", exclude_none=True)
    if any(STRUCTURE.name in values for _, values in work.points):
        # What is not set a structure brings, and what is read is set.
        said["parameters"] = s.parameters.model_dump(mode="json", exclude_unset=True)
    plain = tomli_w.dumps(said)
    # The points first: a folder that has a study has them.
    write_table(pa.Table.from_pylist(rows), folder / "points.parquet", work.key)
    write_json(folder / "provenance.json", where)
    write_text(folder / "study.toml", f"{OF}{work.key}\n{plain}")


def _with_remedy[T](read: Callable[[], T]) -> T:
    try:
        return read()
    except Damaged as e:
        raise Damaged(f"{e}; {REMEDY}") from e


def _study(folder: Path) -> tuple[Study, str]:
    first, _, text = read_text(folder / "study.toml").partition("\n")
    return Study.make(tomllib.loads(text), str(folder / "study.toml")), first.removeprefix(OF)


def _where(folder: Path) -> tuple[dict[str, Any], str]:
    where = read_json(folder / "provenance.json")
    return where, str(where.pop("study", ""))


def _points(folder: Path) -> tuple[list[Point], str]:
    known = _known(folder)
    return known.points, known.study


def _known(folder: Path) -> Known:
    path = folder / "points.parquet"
    table, study, sealed = read_table(path)
    if not sealed or table.column_names[:2] != ["point", "asked"]:
        raise Damaged(f"{path}: expected the points that a sweep wrote, got something else")
    asked = [bool(a) for a in table["asked"].to_pylist()]
    return Known(table.drop_columns(["point", "asked"]).to_pylist(), asked, study)
