"""CSV that a spreadsheet opens as it stands."""

from __future__ import annotations

import pandas as pd

from trustabm.runs.tables import csv_bytes, write_csv


def test_no_text_is_a_formula_and_numbers_stay_numbers(tmp_path):
    bad = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "Köln", "-0.5", "a=b"]
    frame = pd.DataFrame({"=name": bad, "number": [-1.5] * len(bad)})
    frame["kind"] = pd.Categorical(["=x"] * len(bad))
    write_csv(frame, tmp_path / "t.csv")
    data = (tmp_path / "t.csv").read_bytes()
    assert data == csv_bytes(frame)
    assert data.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(tmp_path / "t.csv", encoding="utf-8-sig", dtype={"'=name": str})
    assert list(back) == ["'=name", "number", "kind"]
    assert list(back["'=name"]) == ["'" + b for b in bad[:6]] + ["Köln", "-0.5", "a=b"]
    assert set(back["kind"]) == {"'=x"}
    assert set(back["number"]) == {-1.5}
    assert list(frame["=name"]) == bad


def test_missing_values_stay_empty():
    frame = pd.DataFrame({"error": [None, "=x"], "n": [1.0, None]})
    assert csv_bytes(frame).decode("utf-8-sig").splitlines() == ["error,n", ",1.0", "'=x,"]
