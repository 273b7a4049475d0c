"""Tables that stand for a part of a study: points and dated policies, a row each, as CSV.

They are read where the study is, and are then part of it: what a folder keeps needs no table.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs.laid import Laid, day_of
from trustabm.inputs.policy import EVERY
from trustabm.study.designs import VARIABLE, Value, check_value

__all__ = ["arms_of", "points_of", "with_tables"]

ROWS_MAX = 100_000
"""Rows of a table; more points belong in a Parquet file of draws, or are sampled."""

OF_AN_ARM = ("arm", "policy", "change", "from")


def with_tables(values: Any, folder: Path | None) -> Any:
    """Return a study's values with its tables read: what a CSV file says stands in them.

    Args:
        values: The study's values by key.
        folder: The folder from which paths among them start.

    Raises:
        InvalidInput: naming the file, its row and column, what was expected and what came.
    """
    if not isinstance(values, dict):
        return values
    arms, design = values.get("arms"), values.get("design")
    if isinstance(arms, str) and arms.lower().endswith(".csv"):
        values = values | _arms(Path(folder or ".", arms), folder)
    if isinstance(design, Mapping) and design.get("kind") == "points":
        if set(design) != {"kind", "file"} or not isinstance(design["file"], str):
            raise InvalidInput(
                'design: expected the file of its points, as file = "points.csv", got '
                f"{shown(sorted(map(str, set(design) - {'kind'})))}"
            )
        points = points_of(Path(folder or ".", design["file"]))
        vary = values.get("vary") or {}
        if isinstance(vary, Mapping):
            spaces = {name: vary.get(name, {}) for name in points[0]} | dict(vary)
            values = values | {"vary": spaces, "design": {"kind": "list", "points": points}}
    return values


def points_of(path: Path) -> list[dict[str, Value]]:
    """Read points: a column a parameter or lever, a row a point.

    Args:
        path: The CSV file.

    Raises:
        InvalidInput: for a column that is neither, or a value that it cannot take.
    """
    points = []
    for where, row in _rows(path, VARIABLE):
        points.append({name: _value(f"{where}: {name}", name, text) for name, text in row.items()})
    return points


def arms_of(path: Path, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Read arms: a row an arm, or one of several dated changes of the arm that it names.

    Args:
        path: A CSV file with a column `arm`; the others may be `policy`, a policy or timeline;
            `change` and `from`, a policy laid on it and the day from which it holds; and levers,
            laid over all of it. An empty cell says nothing.
        folder: The folder from which paths of policies start.

    Returns:
        What a study file says of each arm, by its name.
    """
    arms: dict[str, dict[str, Any]] = {}
    for where, row in _rows(path, (*OF_AN_ARM, *EVERY)):
        said = {key: text for key, text in row.items() if text}
        name = said.pop("arm", None)
        if name is None:
            raise InvalidInput(f"{where}: arm: expected the name of an arm, got none")
        change, since = said.pop("change", None), said.pop("from", None)
        if (change is None) != (since is None):
            raise InvalidInput(
                f"{where}: expected a change and the day from which it holds, or neither, got "
                f"{shown(change or since)} alone"
            )
        arm = arms.setdefault(name, {"policy": "today" if change else "none"})
        if policy := said.pop("policy", None):
            arm["policy"] = policy
        for lever, text in said.items():
            levers = arm.setdefault("levers", {})
            value = _value(f"{where}: {lever}", lever, text)
            if levers.setdefault(lever, value) != value:
                raise InvalidInput(f"{where}: {lever}: expected what {name} had, got {shown(text)}")
        if change is not None:
            try:
                laid = Laid.of(change, day_of(since, "from"), folder)
            except ValueError as e:
                raise InvalidInput(f"{where}: {e}") from e
            arm["laid"] = (*arm.get("laid", ()), laid)
    return arms


def _arms(path: Path, folder: Path | None) -> dict[str, Any]:
    """Return a study's arms, and its start where a change says it."""
    arms = arms_of(path, folder)
    days = [laid.since for arm in arms.values() for laid in arm.get("laid", ())]
    return {"arms": arms} | ({"start": min(days)} if days else {})


def _value(where: str, name: str, text: str) -> Value:
    value: Value = text
    default = VARIABLE[name].default
    if isinstance(default, bool):
        value = {"true": True, "false": False}.get(text.lower(), text)
    elif not isinstance(default, str):
        try:
            value = float(text)
        except ValueError:
            value = text
        if isinstance(value, float) and not math.isfinite(value):
            value = text
    check_value(where, name, value)
    return value


def _rows(path: Path, known: Any) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield where each row of a table stands, and its cells by column."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as e:
        raise InvalidInput(f"{path}: expected a CSV file, got: {e}") from e
    reader = csv.reader(text.splitlines(), skipinitialspace=True)
    lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]
    head = lines[0][1] if lines else []
    for name in head:
        if name not in known:
            raise InvalidInput(f"{path}: no column {shown(name)}; {nearest(name, known)}")
    if len(lines) < 2 or len(set(head)) < len(head) or len(lines) > ROWS_MAX:
        raise InvalidInput(
            f"{path}: expected names of columns, each once, and 1 to {ROWS_MAX:,} rows, got "
            f"{shown(head)} and {max(0, len(lines) - 1):,} rows"
        )
    for number, cells in lines[1:]:
        where = f"{path}: line {number}"
        if len(cells) != len(head):
            raise InvalidInput(f"{where}: expected {len(head)} cells, got {len(cells)}")
        yield where, dict(zip(head, cells, strict=True))
