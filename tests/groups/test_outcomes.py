"""A third group of a town's file is in everything that is told: no line of code names it."""

from __future__ import annotations

import numpy as np
import pytest
from docking.test_docking import differences
from thirds import written
from trustabm_app.shared.address import Setting
from trustabm_app.town import scene, series

import trustabm as ta
from trustabm.agents.model import TrustModel
from trustabm.runs.scenario import Scenario
from trustabm.telling.brief.content import content
from trustabm.telling.terminal import print_comparison, print_summary

PARTS = ("asian-undocumented", "asian-registered", "asian-mixed", "asian-other")
SIZE = {"residents": 1500, "weeks": 40, "seed": 3}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return written(tmp_path_factory.mktemp("towns"))


@pytest.fixture(scope="module")
def compared(path):
    arms = ["secure-communities", "comprehensive-reform"]
    return ta.compare(arms, town=path, replicates=3, burn_in=10, draws=0, workers=1, **SIZE)


def test_a_comparison_has_its_outcomes_and_labels(compared, capsys):
    groups = set(compared.weekly["group"])
    assert {"asian", *PARTS, "latino", "other", "all"} <= groups
    assert compared.estimates["reporting", "asian", "comprehensive-reform"].level > 0
    now = compared.current_estimates["legalized", "current-asian", "comprehensive-reform"]
    assert now.level > 0
    sums = compared.sums[0, 0]
    assert sums.shape[0] == 2 * 9
    print_comparison(compared, everything=True)
    shown = " ".join(capsys.readouterr().out.split())
    assert "Asian" in shown
    brief = content(compared)
    assert "15% are Asian" in brief.setting[0]
    who = [row.title for row in brief.below[0].who]
    assert "Asian" in who
    assert who[-1] == "Neither Latino nor Asian"


def test_what_carries_an_effect_is_said_of_it(path):
    arms = ["secure-communities", "comprehensive-reform"]
    small = {"replicates": 2, "burn_in": 0, "weeks": 4, "residents": 300}
    compared = ta.compare(arms, town=path, draws=0, workers=1, **small, why=True)
    rows = compared.why(["victimization"], ["asian", "all"])
    assert set(rows["group"]) == {"asian", "all"}
    assert rows["part"].notna().all()


def test_a_run_has_its_columns_and_people(path, capsys):
    result = ta.run({"town": path, "policy": "comprehensive-reform", **SIZE})
    frame = result.residents
    assert set(frame["ethnicity"]) == {"latino", "asian", "other"}
    assert set(frame.loc[frame["ethnicity"] == "asian", "group"]) <= set(PARTS)
    assert (frame["latino"] == (frame["ethnicity"] == "latino")).all()
    summary = result.summary()
    assert summary.loc["stops", "asian"] > 0
    print_summary(result)
    assert "Asian" in capsys.readouterr().out


def test_a_study_has_its_columns_beside_a_town_of_two_groups(path, tmp_path):
    from trustabm.study.definition import Study
    from trustabm.study.sweep import sweep

    values = {"title": "Two towns", "towns": [path, "king-wa"], "arms": {"none": {}}}
    values |= {"replicates": 1, "burn_in": 4, "outcomes": ["stops"]} | SIZE
    values["arms"] = {"none": {"policy": "none"}, "sc": {"policy": "secure-communities"}}
    study = Study.make(values)
    sweep(study, tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    here = opened.runs["town"] == path
    assert (opened.runs.loc[here, "stops__asian"] > 0).all()
    assert opened.runs.loc[~here, "stops__asian"].isna().all()
    assert (opened.runs["stops__other"] > 0).all()
    assert opened.groups.titles["asian-mixed"].startswith("Asian, ")
    assert "asian" in set(opened.effects()["group"])


def test_the_screen_draws_and_names_it(path):
    setting = Setting(town=path, charts=("stops", "social_cost"))
    lines = series.lines(setting, 1)
    assert [line["label"] for line in lines][4] == "Asian, undocumented"
    assert lines[4]["color"] == "#882255"
    world = Scenario(town=path, **SIZE).world(keep_events=True)
    head = scene.geometry(world)
    assert head["groups"][4:8][0] == {"title": "Asian, undocumented", "color": "#882255"}
    assert "% Asian" in head["blocks"][0]["people"]
    world.run_for(30)
    (row,) = series.rows([world], setting, 1, 30)
    assert len(row) == 1 + 9 + 1
    assert row[1 + 7] > 0  # stops of other Asian residents
    layers, _ = scene.Scene(world).layers()
    assert set(layers[3]) == set(world.state.pairs["now"][world.state.residents["pair"]])
    assert layers[3].max() == 8


def test_both_drivers_live_the_same_with_three_groups(path):
    scenario = Scenario(
        town=path,
        policy="mass-enforcement-2025",
        levers={"legalization_uptake": 0.5, "legalization_years": 0},
        residents=400,
        weeks=20,
        seed=5,
    )
    compiled, agents = TrustModel(scenario, driver="compiled"), TrustModel(scenario)
    compiled.run_for(20)
    agents.run_for(20)
    assert differences(compiled, agents) == []
    assert agents.resident(0).ethnicity == "latino"


def test_everything_adds_up_with_three_groups(path):
    from properties.test_conservation import check_counts, check_rows, check_tally

    world = Scenario(
        town=path,
        policy="mass-enforcement-2025",
        levers={"legalization_uptake": 0.5, "legalization_years": 0, "ice_capacity": 5.0},
        residents=1500,
        weeks=60,
        seed=8,
    ).world()
    for _ in range(60):
        world.run_for(1)
        check_counts(world)
    check_rows(world)
    check_tally(world.tally)
    legalized = world.tally["legalized"].sum(axis=(0, 1))
    assert legalized[world.state.pairs["ethnicity"] == 1].sum() > 0
    assert np.isfinite(world.state.groups["ethnic_stake"]).all()
