"""What a change does county by county: a row a county and outcome, kept as it is done."""

from __future__ import annotations

import json

import numpy as np
import pytest

from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs.places.counties import by_code
from trustabm.nation import effects as module
from trustabm.nation.areas import some
from trustabm.nation.each import MAPPED, Each, lived
from trustabm.nation.effects import effects, heading

SMALL = {"weeks": 6, "burn_in": 2, "residents": 300, "draws": 2}


def each(**more):
    return Each.make(
        {"change": "287g-task-force-2025", "since": "2026-01", **SMALL, **more}, "test"
    )


def test_a_row_a_county_and_outcome_and_none_is_run_twice(tmp_path, monkeypatch):
    # Harford, Maryland, is under rules without a task force; Polk, Florida, has one since 2025.
    where = some(["24025", "12105"])
    found = effects(each(), where, tmp_path, workers=1)
    assert len(found) == 2 * len(MAPPED)
    here, there = (found[found["fips"] == fips].set_index("outcome") for fips in ("24025", "12105"))
    assert set(there["verdict"]) == {"the same rules"}
    assert there["percent"].isna().all()
    trust = here.loc["trust"]
    assert trust["percent"] == pytest.approx(100 * (trust["with"] / trust["level"] - 1))
    assert trust["low"] <= trust["percent"] <= trust["high"]
    assert here["group"].to_dict() == MAPPED

    monkeypatch.setattr(module, "lived", lambda task: pytest.fail("run again"))
    again = effects(each(), where, tmp_path, workers=1)
    assert again.equals(found)


def test_draws_are_the_same_in_all_counties_and_their_luck_is_not():
    one, other = (each().experiment(by_code(fips)) for fips in ("24025", "48453"))
    assert [lot.parameters for lot in one.lots] == [lot.parameters for lot in other.lots]
    here = lived((each(), "24025"))["trust"]
    assert lived((each(), "24025"))["trust"] == here
    assert lived((each(seed=3), "24025"))["trust"] != here


def test_a_small_county_is_no_larger_than_it_is():
    # Loving County, Texas
    assert each().experiment(by_code("48301")).residents == by_code("48301").population < 300


def test_what_cannot_be_asked_is_refused_before_anything_is_run():
    with pytest.raises(InvalidInput, match="task-force"):
        each(change="287g-taskforce")
    with pytest.raises(InvalidInput, match="since"):
        each(since="soon")
    with pytest.raises(InvalidInput, match="draws"):
        each(draws=1)


def test_a_title_says_what_is_drawn():
    said = heading(each(), "removals", some(["24025", "12105"]))
    assert said == (
        "287(g) task force (2025) in every county of 2 counties from 1 January 2026: what changes "
        "in removals"
    )


def test_the_command_writes_a_table_and_a_map(tmp_path, capsys):
    out = tmp_path / "de"
    words = ["map", "--change", "no-detainers", "--from", "2026-01", "--state", "de", "--json"]
    words += ["--out", str(out), "--workers", "1", "--outcome", "trust", "--draws", "2"]
    words += ["--weeks", "6", "--burn-in", "2", "--residents", "300"]
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 0
    records = json.loads(capsys.readouterr().out)
    assert [r["fips"] for r in records] == ["10001", "10003", "10005"]
    assert {r["outcome"] for r in records} == {"trust"}
    names = {path.name for path in out.iterdir()}
    assert {"counties.csv", "map_trust.png", "map_trust.svg", "provenance.json"} <= names
    header = (out / "counties.csv").read_text("utf-8").splitlines()
    assert header[0].startswith("fips,county,state,outcome,group,level,with,percent,low,high")
    assert len(header) == 1 + 3 * len(MAPPED)
    assert all(np.isfinite(r["percent"]) for r in records)
