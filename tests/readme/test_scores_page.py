"""The page of scores is of all that was never fitted, and marks where the model is no better."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import scores_page  # noqa: E402
import uncertainty_page  # noqa: E402

from trustabm.evidence import validation_targets  # noqa: E402

FOUND = json.loads((ROOT / "results" / "scores" / "scores.json").read_text("utf-8"))


def test_every_finding_never_fitted_is_forecast_and_listed():
    own = {
        s["id"]
        for s in FOUND["findings"]
        if s["forecast"] == "model" and s["set"] == "never fitted"
    }
    assert own == set(validation_targets())
    rows = re.findall(r"(?m)^\| (\S+) \| ", scores_page.page().split("## Finding by finding")[1])
    assert own <= set(rows)


def test_what_is_no_better_than_naive_is_bold_and_said():
    text = scores_page.page()
    bold = re.findall(r"\*\*([+-]\d\.\d\d)", text)
    skills = [k["skill"] for s in FOUND["summary"] for k in s["skill"].values()]
    assert bold == [f"{x:+.2f}" for x in skills if x <= 0]
    assert all(line in text for line in FOUND["not_above"])


def test_tables_are_filled_in_and_filling_them_again_changes_nothing(tmp_path, monkeypatch):
    text = uncertainty_page.page()
    numbers = [s for s in FOUND["summary"] if s["set"] == "never fitted" and not s["signs"]]
    [of_all] = [s for s in numbers if s["kind"] == "all"]
    held = of_all["held"]["90"]
    assert f"| never fitted | all | {of_all['findings']} |" in text
    assert f"{held} ({held / of_all['findings']:.0%})" in text
    copy = tmp_path / "uncertainty.md"
    copy.write_text(text, "utf-8")
    monkeypatch.setattr(uncertainty_page, "PAGE", copy)
    assert uncertainty_page.page() == text


def test_results_that_are_there_fill_their_tables(tmp_path, monkeypatch):
    """Three cells of coverage, two of them off, and a structure."""
    (tmp_path / "coverage").mkdir()
    (tmp_path / "coverage" / "coverage.csv").write_text(
        "town,towns,outcome,group,difference,percent\n"
        "harris-tx,50,reporting,latino,0.9,\nharris-tx,50,removals,all,0.81,0.91\n"
        "harris-tx,10,removals,all,0.5,\n",
        "utf-8",
    )
    (tmp_path / "calibration").mkdir()
    (tmp_path / "calibration" / "structures.csv").write_text(
        "structure,title,weight,log density left out,row 1,row 2,targets within tolerance,of,"
        "worst r hat,least effective draws,draws\nfull,All,0.625,-100.25,-24.5,15.5,50.5,62,1.034,"
        "567.8,2400\n",
        "utf-8",
    )
    monkeypatch.setattr(uncertainty_page, "RESULTS", tmp_path)
    text = uncertainty_page.page()
    cells = "– | – | 86% (81% to 90%) | 91% (91% to 91%) | 1 of 3"
    assert f"| harris-tx | 50 | {cells} |" in text
    assert "- Outside in harris-tx, 50 towns: difference: removals all 81.0%." in text
    assert "harris-tx, 10 towns" not in text  # few towns are counted alone
    fill = uncertainty_page.FILL["structures"]()
    assert (
        "| All (`full`) | 0.62 | -100.2 | -24.5 | 15.5 | 50.5 of 62 | 1.03 | 568 of 2400 |" in fill
    )
    assert uncertainty_page.NONE in text  # of scores, which are not there
