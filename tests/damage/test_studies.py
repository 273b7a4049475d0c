"""Whatever befalls a file of a study, it is said, no number changes, and the rest is kept."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import trustabm as ta
from trustabm.errors import Damaged, InvalidInput, TrustabmError
from trustabm.study.definition import Study
from trustabm.study.store import Store
from trustabm.study.sweep import sweep

STUDY = {
    "title": "small",
    "arms": ["none", "secure-communities"],
    "vary": {"news_weight": {"values": [2, 4]}},
    "outcomes": ["trust", "reporting"],
    "replicates": 2,
    "weeks": 3,
    "burn_in": 2,
    "residents": 100,
    "weekly": True,
}
MENDED = ("removed", "halved", "of another study", "another file", "flip 0")
FILES = ("study.toml", "provenance.json", "points.parquet", "runs/0", "runs/1", "weekly/0")


def study(**changes: object) -> Study:
    return Study.make({**STUDY, **changes})


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return the folder of a study in two parts, and of another study in one."""
    folder = tmp_path_factory.mktemp("studies")
    sweep(study(replicates=1), folder / "one", workers=1)
    sweep(study(), folder / "one", workers=1)
    sweep(study(seed=9), folder / "other", workers=1)
    return folder


@pytest.fixture(scope="module")
def right(swept):
    return frames(swept / "one")


def frames(folder: Path) -> list[pd.DataFrame]:
    opened = ta.open_study(folder)
    opened.notices, opened.provenance  # noqa: B018
    return [opened.runs, opened.sums, opened.weekly, opened.effects()]


def file_of(folder: Path, name: str) -> Path:
    if "/" not in name:
        return folder / name
    kind, number = name.split("/")
    return Store(folder).parts(kind)[int(number)]


def flipped(data: bytes, luck: random.Random) -> bytes:
    at = luck.randrange(8 * len(data))
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def damages(name: str) -> dict[str, object]:
    """Return ways to damage a file: from its bytes and those of the same file elsewhere."""
    ways: dict[str, object] = {
        "removed": lambda mine, other, another: None,
        "emptied": lambda mine, other, another: b"",
        "halved": lambda mine, other, another: mine[: len(mine) // 2],
        "torn": lambda mine, other, another: mine[:-1],
        "longer": lambda mine, other, another: mine + b"\n",
        "of another study": lambda mine, other, another: other,
        "another file": lambda mine, other, another: another,
        "nonsense": lambda mine, other, another: random.Random(name).randbytes(len(mine)),
    }
    for k in range(12):
        luck = random.Random(f"{name} {k}")
        ways[f"flip {k}"] = lambda mine, other, another, luck=luck: flipped(mine, luck)
    return ways


def frames_or_error(folder: Path) -> list[pd.DataFrame] | TrustabmError:
    try:
        return frames(folder)
    except TrustabmError as e:
        return e


def same(found: list[pd.DataFrame], right: list[pd.DataFrame]) -> bool:
    return all(f.equals(r) for f, r in zip(found, right, strict=True))


@pytest.mark.parametrize("name", FILES)
def test_damage_is_said_and_mended_by_running_only_what_is_lost(tmp_path, swept, right, name):
    for way, change in damages(name).items():
        folder = tmp_path / way.replace(" ", "-")
        shutil.copytree(swept / "one", folder)
        file = file_of(folder, name)
        another = file_of(folder, FILES[FILES.index(name) - 1]).read_bytes()
        other = file_of(swept / "other", name.replace("1", "0")).read_bytes()
        data = change(file.read_bytes(), other, another)
        if data is None:
            file.unlink()
        else:
            file.write_bytes(data)
        found = frames_or_error(folder)
        if isinstance(found, TrustabmError):
            assert "expected" in str(found), way
        elif way != "removed":
            # A last line break of JSON, or a byte of Parquet that says nothing.
            assert name in ("provenance.json", "points.parquet"), way
            assert same(found, right), way
        else:
            # Only a part that is gone leaves fewer runs, or weeks, and then that is said.
            assert ta.open_study(folder).notices
            assert len(found[0]) < 8 or len(found[2]) < 40
            mine = right[0]["run_id"].isin(found[0]["run_id"])
            assert found[0].equals(right[0][mine].reset_index(drop=True))
        part = "/" in name
        if way in (("removed", "flip 0") if part else MENDED):
            whole = [p for k in ("runs", "weekly") for p in Store(folder).parts(k) if p != file]
            before = {p: p.read_bytes() for p in whole}
            said: list[str] = []
            again = sweep(study(), folder, workers=1, say=said.append)
            assert again.done == 8, way
            assert same(frames(folder), right), way
            assert way == "removed" or any(file.name in line for line in said), (way, said)
            sittings = ta.open_study(folder).sittings
            # Only the runs of the part that was damaged were run again.
            assert list(sittings["runs"]) == [4, 4], way
            if not part:
                assert all(p.read_bytes() == data for p, data in before.items())
        shutil.rmtree(folder)


def test_what_is_whole_can_be_read_where_parts_are_damaged(tmp_path, swept):
    folder = shutil.copytree(swept / "one", tmp_path / "one")
    file_of(folder, "runs/1").write_bytes(b"")
    with pytest.raises(Damaged, match="runs/000001"):
        ta.open_study(folder)
    opened = ta.open_study(folder, leave_out_damaged=True)
    assert (opened.done, opened.total, len(opened.runs)) == (4, 8, 4)
    assert any("damaged" in line for line in opened.notices)
    assert any("4 of 8 runs" in line for line in opened.notices)
    assert len(opened.weekly) == 4 * 5


@pytest.mark.parametrize("way", ["renamed", "twice", "notes", "lock"])
def test_what_is_put_among_the_parts_is_not_read(tmp_path, swept, right, way):
    folder = shutil.copytree(swept / "one", tmp_path / "one")
    part = file_of(folder, "runs/0")
    if way == "renamed":
        part.rename(part.with_name("mine.parquet"))
    elif way == "twice":
        shutil.copy(part, part.with_name(part.name.replace("000000-000000", "000007-000007")))
    elif way == "notes":
        (folder / "runs" / "notes.txt").write_text("mine")
    else:
        (folder / ".sweep-lock").unlink()
    if way in ("renamed", "twice"):
        with pytest.raises(InvalidInput, match="sweep the same study file"):
            ta.open_study(folder)
    sweep(study(), folder, workers=1)
    assert same(frames(folder), right)
    assert way != "notes" or (folder / "runs" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["s[12]", "s*", "s?", "town=x", "it's", 's"', "{a,b}", "~", "a b;"]
)
def test_names_are_names_and_no_patterns(tmp_path, swept, right, name):
    shutil.copytree(swept / "other", tmp_path / "s1")
    shutil.copytree(swept / "one", tmp_path / name)
    assert same(frames(tmp_path / name), right)
    opened = ta.open_study(tmp_path / name)
    file = opened.export(tmp_path / name / f"{name}.csv")
    assert len(pd.read_csv(file)) == 8
    assert sweep(study(), tmp_path / name, workers=1).done == 8


def test_a_narrower_study_shows_its_own_runs_and_says_what_it_leaves_out(tmp_path, swept, right):
    folder = shutil.copytree(swept / "one", tmp_path / "one")
    sweep(study(replicates=1, vary={"news_weight": {"values": [4]}}), folder, workers=1)
    opened = ta.open_study(folder)
    rows = right[0].query("news_weight == 4 and replicate == 0")
    assert list(opened.runs["run_id"]) == list(rows["run_id"])
    assert (opened.done, opened.total, opened.points) == (2, 2, [{"news_weight": 4.0}])
    assert list(opened.effects()["point"].unique()) == [0]
    assert "6 runs of earlier sweeps are left out" in opened.notices[0]
    assert opened.runs.attrs["notices"] == list(opened.notices)
    sweep(study(), folder, workers=1)
    assert same(frames(folder), right)


def test_an_unfinished_study_says_so(tmp_path, swept, capsys):
    folder = shutil.copytree(swept / "one", tmp_path / "one")
    sweep(study(replicates=3), folder, workers=1, stop=lambda: True)
    opened = ta.open_study(folder)
    assert opened.runs.attrs["runs"] == opened.runs_said == "8 of 12 runs"
    assert opened.effects().attrs["notices"] == [
        "8 of 12 runs are there: the sweep is not finished"
    ]
    from trustabm.cli import main

    with pytest.raises(SystemExit):
        main(["study", "show", str(folder)])
    assert "8 of 12 runs" in capsys.readouterr().err


def test_provenance_says_which_versions_made_which_runs(tmp_path, swept, monkeypatch):
    from trustabm.runs import provenance

    folder = shutil.copytree(swept / "one", tmp_path / "one")
    known = provenance.version
    monkeypatch.setattr(
        provenance, "version", lambda name: "1.0" if name == "numpy" else known(name)
    )
    with pytest.raises(InvalidInput, match=r"numpy .* got 1\.0.*--mixed"):
        sweep(study(replicates=3), folder, workers=1)
    sweep(study(replicates=3), folder, workers=1, mixed=True)
    sittings = ta.open_study(folder).sittings
    assert list(sittings["runs"]) == [4, 4, 4]
    assert list(sittings["numpy"]) == [known("numpy"), known("numpy"), "1.0"]


def test_duckdb_reads_only_what_was_given_to_it(tmp_path):
    # What the escaping rests on: DuckDB takes a bracketed character for itself.
    from trustabm.study.views import _as_name

    odd = tmp_path / "a[b]*?.parquet"
    duckdb.sql("select 1 as one").write_parquet(str(tmp_path / "ab.parquet"))
    shutil.move(tmp_path / "ab.parquet", odd)
    duckdb.sql("select 2 as one").write_parquet(str(tmp_path / "ab.parquet"))
    assert duckdb.sql(f"select one from read_parquet('{_as_name(odd)}')").fetchall() == [(1,)]
