"""What a study shows says no more than its runs do."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.study.definition import Study
from trustabm.study.effects import spread_of
from trustabm.study.notes import notices
from trustabm.study.sweep import sweep

SMALL = {
    "title": "small",
    "arms": {
        "none": {"policy": "none"},
        "again": {"policy": "none"},
        "sc": {"policy": "secure-communities"},
    },
    "vary": {"publicity": {"steps": 2}},
    "outcomes": ["trust", "removals"],
    "replicates": 2,
    "weeks": 2,
    "burn_in": 0,
    "residents": 60,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("told") / "s"
    sweep(Study.make(SMALL), folder, workers=1)
    return folder


def test_a_spread_of_too_few_events_has_no_numbers_and_says_why():
    few, no, close = "too few events to say", "no difference in any town", "too close to call"
    rows = [
        ("nothing", 0.0, few), ("nothing", 0.0, few),
        ("same", 0.0, no), ("same", 0.0, no),
        ("some", 1.0, close), ("some", -3.0, few),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["outcome", "difference", "verdict"])
    found = spread_of(frame.assign(town="t", arm="a", group="all")).set_index("outcome")
    assert found.loc["nothing", ["mean", "low", "high", "above"]].isna().all()
    assert found.loc["nothing", "verdict"] == few
    assert found.loc["same", ["mean", "low", "high", "above"]].to_list() == [0, 0, 0, 0]
    assert found.loc["same", "verdict"] == no
    # Between -3 and 1 the middle 90% go from -3 + 0.05 * 4 to 1 - 0.05 * 4.
    some = found.loc["some", ["mean", "low", "high", "above"]].to_list()
    assert some == pytest.approx([-1.0, -2.8, 0.8, 0.5])
    assert pd.isna(found.loc["some", "verdict"])


def said(capsys, *words: str) -> str:
    with pytest.raises(SystemExit) as left:
        main(["study", "show", *words])
    assert left.value.code == 0
    return " ".join(capsys.readouterr().out.replace("│", " ").split())


def test_what_is_shown_of_nothing_is_no_zero(folder, capsys):
    # In two weeks of two towns of 60 nobody is removed.
    assert "Removals - too few events to say -" in said(capsys, str(folder))
    assert "Removals 0 0 too few events to say" in said(capsys, str(folder), "--point", "1")
    everything = said(capsys, str(folder), "--point", "1", "--all")
    assert not re.search(r"(?<![\d.])0 to 0(?![\d.])", everything)


def test_conditions_are_shown_and_alone_where_they_ended_runs(tmp_path, capsys):
    # Trust is below 1 in the first week that somebody is asked, under every arm.
    low = {"outcome": "trust", "below": 1.0}
    for stop in (False, True):
        study = SMALL | {"vary": {}, "weeks": 8, "residents": 300, "when": {"low": low}}
        study["when"] = {"low": low | {"stop": stop}}
        sweep(Study.make(study), tmp_path / str(stop), workers=1)
        text = said(capsys, str(tmp_path / str(stop)))
        assert "us-average: weeks until trust of all below 1" in text
        assert "0 again 2 of 2 1.0 too few events to say" in text
        assert "counts 8, all it had" in text
        assert ("90% interval covers" not in text) or not stop
        assert ("Removals" in text) is not stop


def test_arms_of_the_same_rules_are_named(folder):
    said = "In every week the levers under again are those under none: nothing can differ."
    assert said in notices(Study.make(SMALL))
    assert said in ta.open_study(folder).notices
    harris = notices(Study.make(SMALL | {"towns": ["harris-tx"]}))
    assert any(
        "of Harris County, Texas itself" in n and "local_policies = true" in n for n in harris
    )


@pytest.mark.parametrize("point", ["2", "-1"])
def test_a_point_that_is_not_there_is_refused(folder, point, capsys):
    with pytest.raises(SystemExit) as left:
        main(["study", "show", str(folder), "--point", point])
    assert left.value.code == 2
    assert f"point: expected 0 to 1, got {point}" in capsys.readouterr().err


def test_a_table_that_is_not_kept_is_no_fault_of_the_place(folder, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(["study", "export", str(folder), "--table", "weekly", "--out", str(tmp_path / "w")])
    assert left.value.code == 2
    assert capsys.readouterr().err.count("trustabm: weekly: expected a study with weekly") == 1


def test_an_empty_list_is_said_in_words():
    with pytest.raises(InvalidInput, match=r"points: expected at least 1 of them, got \(\)"):
        Study.make(SMALL | {"design": {"kind": "list", "points": []}})
