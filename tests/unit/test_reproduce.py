"""A record alone makes its result again, and what was altered in it is found."""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs.places.written import written
from trustabm.runs.arrays import read_arrays, write_arrays
from trustabm.study.definition import Study
from trustabm.study.opening import OpenStudy

KEPT = Path(__file__).parents[2] / "results" / "reproduce"
PAIR = {"weeks": 6, "burn_in": 3, "residents": 100, "workers": 1}


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder with a town of one's own, in which the test is."""
    place = ta.town("mecklenburg-nc").model_copy(update={"title": "My county"})
    (tmp_path / "mine.toml").write_text(written(place), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(words: list[str], capsys) -> tuple[int, str, str]:
    code = 0
    try:
        main(words)
    except SystemExit as left:
        code = int(left.code or 0)
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_a_record_of_ones_own_county_makes_it_again_when_its_file_is_gone(own, capsys):
    result = ta.run({"town": "mine.toml", "weeks": 6, "residents": 200})
    result.save("out")
    Path("mine.toml").unlink()
    Path("record.json").write_text(Path("out/provenance.json").read_text("utf-8"), "utf-8")
    for record in ("out", "record.json"):
        made = ta.reproduce(record)
        assert (made.equal, made.difference, made.notes) == (True, None, ())
        assert made.result == result
    code, out, err = said(["reproduce", "record.json"], capsys)
    assert (code, out) == (0, "equal: every bit is as it was recorded\n")
    assert "note" not in err


def altered(path: Path, change) -> None:
    record = json.loads(path.read_text("utf-8"))
    change(record)
    path.write_text(json.dumps(record), "utf-8")


def test_a_number_that_was_altered_in_a_record_is_found(tmp_path, capsys):
    ta.run({"weeks": 6, "residents": 200}).save(tmp_path / "out")
    path = tmp_path / "out" / "provenance.json"
    whole = path.read_text("utf-8")
    record = json.loads(whole)
    was = record["numbers"][2]
    other = float(np.nextafter(was["level"], 2))
    altered(path, lambda r: r["numbers"][2].update(level=other))
    code, out, _ = said(["reproduce", str(path)], capsys)
    assert code == 1
    assert out == (
        f"differs: numbers[2], {was['outcome']}, {was['group']}: level: recorded {other!r}, "
        f"made {was['level']!r}\n"
    )
    path.write_text(whole, "utf-8")
    altered(path, lambda r: r["results"].update(state="0" * 64))
    assert ta.reproduce(path).difference.startswith("results.state: recorded sha256 0000")
    path.write_text(whole, "utf-8")
    altered(path, lambda r: r["scenario"].update(seed=1))
    assert not ta.reproduce(path).equal
    path.write_text(whole, "utf-8")
    altered(path, lambda r: r["versions"].update(numpy="1.0") or r.update(rules="others"))
    made = ta.reproduce(path)
    assert made.equal
    assert [note.partition(":")[0] for note in made.notes] == ["other rules", "another numpy"]


def test_a_number_that_was_altered_in_a_table_is_found(tmp_path):
    ta.run({"weeks": 6, "residents": 200}).save(tmp_path / "out")
    path = tmp_path / "out" / "weekly.parquet"
    frame = pd.read_parquet(path)
    row = int(np.flatnonzero((frame["week"] == 4) & (frame["group"] == "all"))[0])
    frame.loc[row, "trust"] = 0.5
    frame.to_parquet(path, index=False)
    found = ta.reproduce(tmp_path / "out").difference
    assert found.startswith(f"weekly.parquet, row {row} (week 4, town us-average, group all): ")
    assert ": trust: recorded 0.5, made 0." in found


def test_what_a_study_keeps_of_weeks_is_held_against_its_record(tmp_path, monkeypatch):
    sizes = {"replicates": 2, "weeks": 6, "burn_in": 2, "residents": 100}
    asked = {"title": "t", "arms": ["none", "sanctuary"], "series": {"every": 3}, **sizes}
    ta.sweep(Study.make(asked), tmp_path / "out", workers=1)
    assert ta.reproduce(tmp_path / "out", workers=1).difference is None
    weekly = OpenStudy.weekly.func
    there = tmp_path / "out"

    def recorded(study):
        frame = weekly(study)
        return frame.assign(trust__latino=0.5) if study.folder == there else frame

    monkeypatch.setattr(OpenStudy, "weekly", property(recorded))
    assert "trust__latino: recorded 0.5" in ta.reproduce(tmp_path / "out", workers=1).difference


def test_a_record_of_a_comparison_makes_it_again_and_alterations_are_found(own):
    c = ta.compare(
        town="mine.toml+union-nc", changes=["287g-jail"], since="2012-01", replicates=10, **PAIR
    )
    c.save("out")
    Path("mine.toml").unlink()
    made = ta.reproduce("out", workers=1)
    assert (made.equal, made.notes) == (True, ())
    assert made.result == c
    arrays = read_arrays(Path("out/counts.npz"))
    arrays["town_sums"][3, 1, 0] += 1
    write_arrays(Path("out/counts.npz"), arrays)
    found = ta.reproduce("out", workers=1).difference
    assert found.startswith("counts.npz, town_sums[3, 1, 0]: recorded ")


def test_what_is_no_record_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="expected the record of a result"):
        ta.reproduce(tmp_path)
    path = tmp_path / "provenance.json"
    path.write_text(json.dumps(ta.run({"weeks": 1, "residents": 30}).provenance), "utf-8")
    with pytest.raises(InvalidInput, match="expected the record of a saved result"):
        ta.reproduce(path)


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="promised of Linux on x86-64"
)
@pytest.mark.parametrize(("name", "workers"), [("run", 1), ("compare", 1), ("compare", 2)])
def test_records_of_this_release_give_the_same_bits(name, workers):
    """Where this fails, numbers changed: say so in the changelog, and make the records anew."""
    made = ta.reproduce(KEPT / f"{name}.json", workers=workers)
    if any(note.startswith(("another numpy", "another numba")) for note in made.notes):
        pytest.skip("other versions than those of the lock")
    assert made.difference is None, "uv run python experiments/reproduce.py results/reproduce"
