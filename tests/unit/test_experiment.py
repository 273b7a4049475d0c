"""An experiment is one form of what is run: read from a file, lived, and said as code."""

from __future__ import annotations

import pickle
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from worlds import same

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.timeline import Change
from trustabm.runs.arms import TitledArm
from trustabm.runs.compare import compare_arms
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import branches, live_watched
from trustabm.runs.reproduce import python, shell
from trustabm.runs.scenario import Scenario

SMALL = {"weeks": 4, "burn_in": 2, "residents": 120, "replicates": 2}
SCENARIO = {"weeks": 6, "residents": 120, "seed": 3, "policy": "us-history", "start": "2013-01-01"}


def test_an_experiment_is_read_from_a_file(tmp_path):
    path = tmp_path / "e.toml"
    path.write_text(
        'town = "cook-il"\nweeks = 4\nburn_in = 2\nresidents = 120\nreplicates = 2\n'
        'arms.none = {}\n[arms.ours]\npolicy = "sanctuary"\ntitle = "Our rules"\n'
        "levers = {outreach = 1.0}\n"
        '[[arms.ours.changes]]\ndate = 2010-01-15\nsentence = "s"\nsource = "s"\n'
        "levers = {publicity = 1.5}\n"
    )
    e = Experiment.read(path)
    assert e.titles == {"none": "No entanglement", "ours": "Our rules"}
    ours = e.lines[1]
    assert [ours.at(e.start).outreach, ours.at(e.start).publicity] == [1.0, 1.0]
    assert e.plan(1).levers["publicity"].ravel().tolist() == [1.0, 1.5]
    assert e.plan(1).weeks.tolist() == [2, 4]
    path.write_text("weeks = 4\n[arms.ours]\npolicy = 'sanctury'\n[arms.none]\n")
    with pytest.raises(InvalidInput, match=r"e\.toml: arms\.ours: policy: no 'sanctury'; did you"):
        Experiment.read(path)


def test_a_scenario_is_an_experiment_with_one_arm():
    scenario = Scenario.make(SCENARIO)
    one, other = scenario.world(), scenario.experiment().world()
    (arm,) = branches(scenario.experiment())
    for world in (one, other, arm):
        world.run_for(6)
    assert same(one, other)
    assert same(one, arm)


def test_files_are_read_once(tmp_path):
    path = tmp_path / "p.toml"
    text = 'title = "t"\nsentence = "s"\nsource = "s"\n[levers]\nfirewall = {}\n'
    path.write_text(text.format(0.25))
    e = Experiment(arms={"p": TitledArm(policy=str(path))}, burn_in=0)
    path.write_text(text.format(1.0))
    assert e.plan().levers["firewall"].ravel().tolist() == [0.25]
    path.unlink()
    e = pickle.loads(pickle.dumps(e))
    varied = e.varied(e.parameters, [{"publicity": 1.5}])
    assert varied.before[0].publicity == 1.5
    assert e.before[0].publicity == 1.0


def changed(local: bool) -> Experiment:
    """Return an experiment one of whose arms no name says."""
    day = Change(date="2010-01-08", sentence="it's \\ 'so'", source="s", levers={"outreach": 1.0})
    arms = {
        "none": TitledArm(policy="none"),
        "mine": TitledArm(policy="sanctuary", title="mine", changes=(day,)),
    }
    own = {"local_policies": local, "levers": {"publicity": 1.5} if local else {}}
    return Experiment(town="cook-il", arms=arms, parameters={"news_weight": 3.0}, **own, **SMALL)


@pytest.mark.parametrize("local", [False, True])
def test_the_code_and_the_command_make_it_again(local, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    e = changed(local)
    lived = compare_arms(e)
    scope: dict[str, ta.Comparison] = {}
    exec(python(e), scope)
    assert np.array_equal(scope["comparison"].sums, lived.sums)
    command = shell(e)
    files = command.split("cat > ")[1:]
    assert len(files) == (2 if local else 1)
    for part in files:
        name, _, text = part.partition(" <<'TOML'\n")
        Path(name).write_text(text.partition("\nTOML\n")[0], encoding="utf-8")
    *_, last = command.rstrip().splitlines()
    from trustabm.cli import main

    with pytest.raises(SystemExit, match="0"):
        main([*shlex.split(last)[1:], "--out", "out"])
    weekly, ours = pd.read_parquet("out/weekly.parquet"), lived.weekly
    for name in ("week", "trust", "reporting", "victimization", "removals"):
        np.testing.assert_array_equal(weekly[name], ours[name])


def test_what_is_drawn_is_part_of_the_code_and_of_the_command():
    arms = {"none": TitledArm(policy="none"), "sanctuary": TitledArm(policy="sanctuary")}
    e = Experiment(arms=arms, replicates=20, structures=("full",), figures=False)
    assert "structures=['full'], figures=False" in python(e)
    assert shell(e).endswith(" --structure full --no-figures\n")
    e = Experiment(arms=arms, replicates=20, draws=0, figures=True)
    assert "draws=0, figures=True" in python(e)
    assert shell(e).endswith(" --draws 0 --figures\n")


def test_a_run_is_watched_in_every_week_and_lived_once():
    seen: list[int] = []
    result = ta.run(SCENARIO, watch=lambda worlds: seen.append(worlds[0].week))
    assert seen == list(range(7))
    assert same(result.world, ta.run(SCENARIO).world)


def test_a_comparison_keeps_the_worlds_that_were_watched(monkeypatch):
    c = ta.compare(["none", "sanctuary"], **SMALL)
    seen: list[list[int]] = []
    worlds = c.watched(lambda worlds: seen.append([w.week for w in worlds]))
    assert seen == [[k, k] for k in range(2, 7)]
    assert same(worlds["sanctuary"], c.world("sanctuary"))
    monkeypatch.setattr("trustabm.runs.comparison.branches", None)
    monkeypatch.setattr("trustabm.runs.comparison.past", None)
    assert "Resident 3" in ta.story(c, 3)
    assert set(c.events) == {"none", "sanctuary"}


def test_progress_is_told_to_the_end():
    told: list[tuple[int, int]] = []
    live_watched([], 120, progress=lambda *done: told.append(done))
    assert told == [(k, 120) for k in range(2, 121, 2)]
