"""Sums of drawn counties beside published figures: read as published, scaled as they should be."""

from __future__ import annotations

import json

import numpy as np
import pytest

from trustabm.cli import main
from trustabm.nation import published
from trustabm.nation.areas import nation
from trustabm.nation.published import FIELDS, Row, flows, populations
from trustabm.telling.areas import print_published


def test_undocumented_residents_of_every_state_are_as_many_as_published():
    """The table was made with them: 94% of MPI's 13,737,000 are aged 12 and over."""
    rows = populations()
    assert len(rows) == 52
    whole = rows[-1]
    assert whole.published == pytest.approx(0.94 * 13_737_000)
    assert whole.off == pytest.approx(0.0, abs=0.02)
    assert [r.when for r in rows if not r.within] == []


def test_a_flow_is_so_many_times_what_was_counted():
    """Two samples with 3 and 5 requests, of which 1 and 1 without conviction, 2 removals each."""
    counted = np.zeros((2, len(FIELDS)))
    for name, values in {
        "detainers": (2, 5),
        "notifications": (1, 0),
        "requests_none": (1, 1),
        "removals": (2, 2),
    }.items():
        counted[:, FIELDS.index(name)] = values
    assert published._flow("detainers", counted, 10.0).tolist() == [30, 50]
    assert published._flow("removals", counted, 10.0).tolist() == [20, 20]
    shares = published._flow("detainers without conviction, percent", counted, 10.0)
    assert shares.tolist() == pytest.approx([100 / 3, 20])


def test_a_miss_is_said(capsys: pytest.CaptureFixture[str]):
    row = Row("removals", "FY2009", 1000.0, 1200.0, 1100.0, 1300.0, 0.15, "ICE")
    assert (row.within, row.off) == (False, pytest.approx(0.2))
    assert row._replace(value=1150.0).within
    print_published([row])
    shown = " ".join(capsys.readouterr().out.split())
    assert "+20%" in shown
    assert "miss" in shown
    assert "removals: 0 of 1 within their tolerance" in shown


def test_drawn_counties_give_all_fiscal_years(capsys: pytest.CaptureFixture[str]):
    """Detainers of the nation, at 8 counties of 40 residents twice: rough, but none is negative."""
    words = ["--counties", "8", "--replicates", "2", "--residents", "40", "--workers", "1"]
    with pytest.raises(SystemExit, match="0"):
        main(["nation", "published", *words, "--json"])
    rows = json.loads(capsys.readouterr().out)
    years = [r["when"] for r in rows if r["what"] == "removals"]
    assert years == ["FY2009", "FY2016", "FY2017", "FY2018", "FY2019"]
    assert all(r["low"] <= r["value"] <= r["high"] for r in rows if r["low"] is not None)
    # One person in 320 stands for 860,000 of 276 million: numbers are of people of the nation.
    (first,) = [r for r in rows if (r["what"], r["when"]) == ("detainers", "FY2012")]
    assert first["value"] == 0 or first["value"] > 100_000
    assert nation().people > 276e6
    assert callable(flows)
