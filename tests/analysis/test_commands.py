"""`trustabm sensitivity` and `trustabm study plot`, from a study file to tables and figures."""

import json

import pandas as pd
import pytest

from trustabm.cli import main

STUDY = """
title = "small"
arms = ["none", "secure-communities"]
replicates = 3
weeks = 12
burn_in = 4
residents = 400
outcomes = ["perceived_risk", "removals"]
vary.news_weight = {}
vary.prior_citizen = {}
"""
SAMPLED = 'design = { kind = "sobol", points = 32 }\n'


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "small.toml").write_text(STUDY + SAMPLED)
    # In so small towns nobody is removed in 12 weeks, under any policy.
    call("sensitivity", folder / "small.toml", "--out", folder / "runs", "--workers", "1")
    return folder


def call(*words):
    with pytest.raises(SystemExit) as left:
        main([str(w) for w in words])
    assert left.value.code == 0


def test_indices_are_written_with_figures_and_where_they_come_from(swept):
    folder = swept / "runs" / "sensitivity"
    indices = pd.read_csv(folder / "indices.csv")
    risk = indices[indices["output"] == "perceived_risk__latino"]
    assert risk["parameter"].iloc[0] == "news_weight"
    assert "removals__all" not in set(indices["output"])
    assert (folder / "tornado_perceived_risk__latino.png").exists()
    assert (folder / "surface_perceived_risk__latino.svg").exists()
    where = json.loads((folder / "provenance.json").read_text())
    assert (where["arm"], where["points"]) == ("secure-communities", 32)


def test_a_second_time_nothing_is_run_and_what_is_refused_is_said(swept, capsys):
    parts = sorted((swept / "runs" / "runs").glob("*"))
    call("sensitivity", swept / "small.toml", "--out", swept / "runs", "--json")
    said = capsys.readouterr()
    assert {r["parameter"] for r in json.loads(said.out)} == {"news_weight", "prior_citizen"}
    assert "removals__all: expected an output that varies" in said.err
    assert sorted((swept / "runs" / "runs").glob("*")) == parts


def test_a_sampled_study_is_plotted(swept):
    call("study", "plot", swept / "runs", "--outcome", "perceived_risk__latino")
    drawn = {p.name for p in (swept / "runs" / "figures").glob("*.png")}
    assert drawn == {
        "tornado_perceived_risk__latino_secure-communities.png",
        "surface_perceived_risk__latino_secure-communities.png",
    }


def test_screening_makes_a_design_of_its_own(tmp_path, capsys):
    (tmp_path / "small.toml").write_text(STUDY.replace("news_weight", "trust_weight") + SAMPLED)
    file, out = tmp_path / "small.toml", tmp_path / "screen"
    call(
        "sensitivity",
        file,
        "--out",
        out,
        "--screen",
        "--trajectories",
        "4",
        "--workers",
        "1",
        "--json",
    )
    found = pd.DataFrame(json.loads(capsys.readouterr().out))
    risk = found[found["output"] == "perceived_risk__latino"].set_index("parameter")
    assert risk.loc["prior_citizen", "matters"]
    assert not risk.loc["trust_weight", "matters"]


def test_a_design_that_does_not_fill_its_space_is_refused(tmp_path, capsys):
    (tmp_path / "s.toml").write_text(STUDY.replace("{}", "{ steps = 2 }"))
    with pytest.raises(SystemExit) as left:
        main(["sensitivity", str(tmp_path / "s.toml")])
    assert left.value.code == 2
    assert "design: expected sobol or latin-hypercube, got 'factorial'" in capsys.readouterr().err
