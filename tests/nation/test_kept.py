"""Maps that are kept: what is read of a folder, and what the screen says of each county."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from trustabm.errors import InvalidInput
from trustabm.figures.plain import rows, shapes
from trustabm.nation.kept import kept_map, shipped

MAP = Path(__file__).parents[2] / "results" / "map-nc"


@pytest.fixture
def folder(tmp_path):
    for name in ("counties.csv", "provenance.json"):
        shutil.copy(MAP / name, tmp_path / name)
    return tmp_path


def test_a_kept_map_says_what_was_asked_and_of_which_counties(folder):
    kept = kept_map(folder)
    assert kept.title == "287(g) task force (2025), North Carolina, from January 2026"
    assert (len(kept.area.counties), len(kept.effects)) == (100, 700)
    assert (kept.each.change, kept.each.draws) == ("287g-task-force-2025", 5)


def test_a_kept_map_may_be_packed(folder):
    table = pd.read_csv(folder / "counties.csv", dtype={"fips": str})
    table.to_csv(folder / "counties.csv.gz", index=False)
    (folder / "counties.csv").unlink()
    assert kept_map(folder).effects.equals(table)


def test_what_is_no_map_is_refused_by_name(folder):
    (folder / "provenance.json").write_text(json.dumps({"made": "today"}))
    with pytest.raises(InvalidInput, match=r"no map is to be read there \(KeyError\)"):
        kept_map(folder)
    shutil.copy(MAP / "provenance.json", folder)
    table = folder / "counties.csv"
    table.write_text(table.read_text("utf-8").replace(",verdict", ",judgement", 1))
    with pytest.raises(InvalidInput, match=r"counties.csv has no column 'verdict'"):
        kept_map(folder)


def test_the_screen_says_of_a_county_what_the_table_says(folder):
    one = {"county": "", "state": "DE", "outcome": "reporting", "group": "latino"}
    table = [
        one | {"fips": "10001", "percent": -25.0, "low": -35.0, "high": -15.0, "verdict": "lower"},
        one
        | {"fips": "10003", "percent": 4.0, "low": -8.0, "high": 16.0}
        | {"verdict": "too close to call"},
        one | {"fips": "10005", "verdict": "the same rules"},
    ]
    kept = kept_map(folder)._replace(effects=pd.DataFrame(table))
    said, scales = rows(kept, "reporting", ["10001", "10003", "10005", "10007"])
    # 25 in five classes a side: of 5 each, used from -20 down to 5 up, nothing among their edges.
    assert scales["effect"][0] == ["-20", "-15", "-10", "-5", "0"]
    assert scales["effect"][1] == [-0.9, -0.7, -0.5, -0.3, -0.1, 0.1]
    assert scales["doubt"][0] == ["2.5", "5.0", "7.5", "10.0"]  # halves of 10 and 12
    assert said["10001"] == ["", 0, 4, "-25.0%", "-35.0 to -15.0%", "lower"]
    assert said["10003"] == ["pale", 5, 4, "+4.0%", "-8.0 to +16.0%", "too close to call"]
    assert [said[f][0] for f in ("10005", "10007")] == ["alike", "few"]
    assert [said[f][5] for f in ("10005", "10007")] == ["the same rules", "no data"]


def test_the_nation_comes_with_the_package():
    kept = kept_map(shipped()["287g-task-force-2025"])
    assert kept.title == "287(g) task force (2025), United States, from January 2026"
    counties = kept.effects.groupby("outcome")["fips"].nunique()
    assert set(counties) == {3142}
    assert "reporting" in counties


def test_outlines_are_of_the_state_that_is_asked_for():
    delaware = shapes("10")
    assert sorted(delaware["paths"]) == ["10001", "10003", "10005"]
    assert max(delaware["size"]) == 10_000
    assert len(shapes(None)["paths"]) == 3142
