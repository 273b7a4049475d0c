"""Whatever a file holds, it is read as what it says or refused in plain words; never a traceback.

The files that ship are mutated, keys and values and bytes, by a seeded generator. What is refused
is told in short printable lines that name the file and what was expected; what is accepted is a
model without a missing number.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
import random
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tomli_w

from trustabm.classroom.lesson import FOLDER, Lesson
from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.timeline import policy, timeline
from trustabm.inputs.town import town
from trustabm.runs.scenario import Scenario
from trustabm.study.definition import Study
from trustabm.study.points import numbered
from trustabm.study.work import Work

CASES = 240
"""Mutations of each kind of file."""

ZONE = dt.timezone(dt.timedelta(hours=2))
ODD: list[Any] = [
    math.nan,
    math.inf,
    -math.inf,
    -1,
    0,
    1,
    0.5,
    1e-300,
    1e308,
    10**30,
    -(2**63),
    True,
    False,
    "",
    "text",
    "nan",
    "1",
    "none",
    "a\nb\x1b[31m[/x]$y$",
    "\u202eright to left",
    "x" * 300_000,
    "../../..",
    "/",
    "/dev/zero",
    "absent.toml",
    "nul\0.toml",
    dt.date(2010, 1, 1),
    dt.date(9999, 12, 31),
    dt.date(1, 1, 1),
    dt.datetime(2010, 1, 1, 12, tzinfo=ZONE),
    dt.datetime(2010, 1, 1),
    dt.time(12),
    [],
    [1, "a", []],
    [[[[[[[[[[[[1]]]]]]]]]]]],
    {},
    {"a": {"b": {"c": {"d": 1}}}},
    [{}, {}],
    list(range(3000)),
]


def _scenario(path: Path) -> None:
    scenario = Scenario.read(path)
    levers = scenario.plan().levers
    assert all(np.isfinite(levers[name]).all() for name in levers.dtype.names)
    numbers = scenario.parameters.model_dump().values()
    assert all(math.isfinite(x) for x in numbers)


def _study(path: Path) -> None:
    study = Study.read(path)
    try:
        points = numbered(study, [])
        if len(points) <= 64:
            Work(study, points)
    except InvalidInput as e:  # found by `study check`, which names the study's file
        raise InvalidInput("\n".join(f"{path}: {line}" for line in str(e).splitlines())) from e
    values = [v for _, point in points for v in point.values()]
    assert all(math.isfinite(v) for v in values if not isinstance(v, str))


def _policy(path: Path) -> None:
    levers = policy(str(path)).model_dump().values()
    assert all(math.isfinite(v) for v in levers if not isinstance(v, str))


def _timeline(path: Path) -> None:
    line = timeline(str(path))
    assert line.schedule(dt.date(2010, 1, 1), 520)[0][0] == 0


def _town(path: Path) -> None:
    for figure in town(str(path)).figures().values():
        assert math.isfinite(figure.value)
        assert figure.span[0] <= figure.value <= figure.span[1]


def _lesson(path: Path) -> None:
    Lesson.read(path)


def _shipped(folder: catalog.Folder) -> list[dict[str, Any]]:
    root = resources.files("trustabm") / "inputs" / folder
    return [tomllib.loads((root / f"{n}.toml").read_text("utf-8")) for n in catalog.names(folder)]


def _files(folder: Path) -> list[dict[str, Any]]:
    return [tomllib.loads(f.read_text("utf-8")) for f in sorted(folder.glob("*.toml"))]


REGION: dict[str, Any] = {
    "town": "harris-tx",
    "policy": "us-history",
    "start": dt.date(2008, 3, 17),
    "weeks": 104,
    "residents": 500,
    "seed": 3,
    "local_policies": True,
    "levers": {"publicity": 0.7, "license_access": 0.1},
    "parameters": {"fear_weight": 2.0, "fear": False},
    "neighbors": [{"town": "cook-il", "policy": "sanctuary", "residents": 100}],
}
EXPERIMENTS = Path(__file__).parents[2] / "experiments"
KINDS: dict[str, tuple[Callable[[Path], None], Callable[[], list[dict[str, Any]]]]] = {
    "scenario": (_scenario, lambda: [REGION]),
    "study": (_study, lambda: _files(EXPERIMENTS)),
    "policy": (_policy, lambda: _shipped("policies")),
    "timeline": (_timeline, lambda: _shipped("timelines")),
    "town": (_town, lambda: _shipped("towns")),
    "lesson": (_lesson, lambda: _files(FOLDER)),
}


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every (table or list, key) of plain values."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _mutated(values: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Return plain values with one to three of them changed, dropped, renamed or put elsewhere."""
    values = copy.deepcopy(values)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        places = list(_places(values))
        if not places:
            break
        where, key = draw.choice(places)
        what = draw.random()
        if what < 0.7:
            where[key] = copy.deepcopy(draw.choice(ODD))
        elif what < 0.8:
            del where[key]
        elif what < 0.9 and isinstance(where, dict):
            where[draw.choice((key[:-1], f"{key}s", "", "a.b", "k" * 5000, "\x1b[1m"))] = where[key]
        else:
            other, place = draw.choice(places)
            moved = copy.deepcopy(other[place]) if other is not where else None
            where[key] = {"nested": 1} if moved is None else moved
    return values


def _bytes(text: str, draw: random.Random) -> bytes:
    """Return the bytes of a file, broken or written otherwise."""
    data = bytearray(text.encode())
    what = draw.randrange(9)
    if what < 3:
        for _ in range(draw.choice((1, 2, 8))):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    elif what == 3:
        del data[draw.randrange(len(data)) :]
    elif what == 4:
        data[0:0] = draw.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\xef\xbb", b"\n" * 99))
    elif what == 5:
        return text.encode(draw.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-16-be")))
    elif what == 6:
        data += b"\nx = " + b"[" * 3000 + draw.choice((b"", b"]" * 3000))
    elif what == 7:
        data += b"\ntitle = 1\ntitle = 2\n[[title]]\n"
    else:
        data += draw.choice((b"\nz = 1" + b"0" * 6000, b"\nz = 0x" + b"f" * 9000, b"\nz = 1e999"))
    return bytes(data)


def _hold(path: Path, read: Callable[[Path], None]) -> bool:
    """Return whether a file is accepted; fail unless it is, or is refused in plain words."""
    try:
        read(path)
    except InvalidInput as e:
        lines = str(e).splitlines()
        assert lines
        for line in lines:
            assert len(line) < 500, line
            assert line.isprintable(), line
            assert path.name in line, line
            assert "expected" in line or "; " in line, line
        return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_file_is_read_or_refused_in_plain_words(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw = random.Random(f"{kind} 11")
    read, shipped = KINDS[kind]
    whole = shipped()
    path = tmp_path / f"mutated-{kind}.toml"
    accepted = 0
    for k in range(CASES):
        values = draw.choice(whole)
        if k % 3:
            path.write_text(tomli_w.dumps(_mutated(values, draw)), "utf-8")
        else:
            path.write_bytes(_bytes(tomli_w.dumps(values), draw))
        accepted += _hold(path, read)
    # Both ways are gone: some mutations change nothing that matters, most do.
    assert 10 < accepted < CASES - 60


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_mutated_is_read(kind, tmp_path):
    read, shipped = KINDS[kind]
    for k, values in enumerate(shipped()):
        path = tmp_path / f"{k}.TOML"
        text = tomli_w.dumps(values)
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
            path.write_bytes(text.encode(encoding))
            assert _hold(path, read), encoding


def test_draws_that_are_none_are_refused(tmp_path):
    draw = random.Random(11)
    path = tmp_path / "mutated-draws.parquet"
    good = pd.DataFrame({"fear_weight": [2.0, 3.0], "fear": [True, False]})
    file = tmp_path / "study.toml"
    base = {"title": "t", "arms": ["none"], "design": {"kind": "posterior", "draws": path.name}}
    file.write_text(tomli_w.dumps(base))
    good.to_parquet(path)
    whole = path.read_bytes()
    assert _hold(path, lambda _: _study(file))
    for k in range(60):
        if k % 2:
            data = bytearray(whole)
            del data[draw.randrange(len(data)) :]
            path.write_bytes(bytes(data))
        else:
            odd = draw.choice([math.nan, math.inf, 1e9, "a", True, None, b"x", 10**15])
            name = draw.choice(["fear_weight", "fear", "none of these"])
            good.assign(**{name: [odd] * 2}).to_parquet(path)
        _hold(path, lambda _: _study(file))
