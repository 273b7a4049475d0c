"""What a file names lies where the file says, wherever the program is started."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import tomli_w

from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import timeline
from trustabm.inputs.town import town
from trustabm.runs.scenario import Scenario
from trustabm.study.definition import Study
from trustabm.study.points import numbered
from trustabm.study.work import Work


def preset(path: Path, firewall: float) -> None:
    head = {"title": path.stem, "sentence": "S.", "source": "s"}
    path.write_text(tomli_w.dumps(head | {"levers": {"firewall": firewall}}), "utf-8")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Two folders with files of the same names; the program is started in the second."""
    mine, here = tmp_path / "mine", tmp_path / "here"
    for k, folder in enumerate((mine, here)):
        folder.mkdir()
        preset(folder / "p.toml", 0.25 + k / 2)
        place = town("us-average").model_dump(mode="json", exclude_none=True)
        (folder / "t.toml").write_text(tomli_w.dumps(place | {"title": f"Town {k}"}), "utf-8")
        changes = [{"date": "2010-01-01", "sentence": "s", "source": "s", "policy": "p.toml"}]
        line = {"title": "L", "start": "p.toml", "changes": changes}
        (folder / "line.toml").write_text(tomli_w.dumps(line), "utf-8")
        pd.DataFrame({"fear_weight": [5.0 + k]}).to_parquet(folder / "draws.parquet")
    monkeypatch.chdir(here)
    return mine, here


def test_a_scenarios_files_are_those_beside_it(folders):
    mine, _ = folders
    near = [{"town": "t.toml", "policy": "p.toml", "residents": 50}]
    values = {"town": "t.toml", "policy": "line.toml", "residents": 50, "neighbors": near}
    (mine / "s.toml").write_text(tomli_w.dumps(values), "utf-8")
    for path in (mine / "s.toml", Path("..") / "mine" / "s.toml"):
        scenario = Scenario.read(path)
        assert [place.title for place, _ in scenario.places()] == ["Town 0", "Town 0"]
        assert scenario.plan().levers["firewall"].tolist() == [[0.25, 0.25]]
    here = Scenario.make(values)  # not from a file: from the current folder
    assert [place.title for place, _ in here.places()] == ["Town 1", "Town 1"]
    assert timeline(str(mine / "line.toml")).dated()[0][1] == Policy(firewall=0.25)


def test_a_file_that_is_in_the_current_folder_only_is_not_taken_for_it(folders):
    mine, here = folders
    preset(here / "other.toml", 1.0)
    (mine / "s.toml").write_text('policy = "other.toml"\n', "utf-8")
    with pytest.raises(InvalidInput, match=r"policy: expected a file in .*current folder only"):
        Scenario.read(mine / "s.toml")
    (mine / "s.toml").write_text('policy = "absent.toml"\n', "utf-8")
    with pytest.raises(InvalidInput, match=r"mine/absent\.toml: expected a readable TOML file"):
        Scenario.read(mine / "s.toml")


def test_an_option_of_the_command_line_is_seen_from_the_current_folder(folders, capsys):
    mine, _ = folders
    (mine / "s.toml").write_text('town = "t.toml"\nweeks = 1\nresidents = 50\n', "utf-8")
    with pytest.raises(SystemExit) as left:
        main(["run", str(mine / "s.toml"), "--policy", "p.toml", "--out", "out"])
    assert left.value.code == 0
    capsys.readouterr()
    record = json.loads(Path("out/provenance.json").read_text("utf-8"))
    assert (record["scenario"]["town"], record["scenario"]["policy"]) == ("t.toml", "p.toml")
    assert str(mine) not in json.dumps(record["scenario"])


def study(folder: Path) -> Study:
    values = {
        "title": "t",
        "towns": ["t.toml"],
        "arms": ["none", "p.toml"],
        "design": {"kind": "posterior", "draws": "draws.parquet"},
        "replicates": 1,
        "weeks": 1,
        "burn_in": 0,
        "residents": 50,
    }
    (folder / "study.toml").write_text(tomli_w.dumps(values), "utf-8")
    return Study.read(folder / "study.toml")


def test_a_studys_files_are_those_beside_it_and_towns_keep_their_names(folders, tmp_path):
    mine, _ = folders
    asked = study(mine)
    assert asked.towns == ("t.toml",)
    assert list(asked.arms) == ["none", "p"]
    for same in (asked, None):
        if same is None:  # written down elsewhere, as a sweep does, and read again
            (tmp_path / "results").mkdir()
            plain = asked.settled().model_dump(mode="json", exclude_none=True)
            (tmp_path / "results" / "study.toml").write_text(tomli_w.dumps(plain), "utf-8")
            same = Study.read(tmp_path / "results" / "study.toml")
        points = numbered(same, [])
        assert points == [(0, {"fear_weight": 5.0})]
        work = Work(same, points)
        assert work.task.experiments["t.toml"].place.title == "Town 0"
        assert work.task.experiments["t.toml"].lines[1].dated()[0][1].firewall == 0.25


def test_a_folder_that_was_moved_is_named(folders, tmp_path):
    mine, _ = folders
    asked = study(mine)
    mine.rename(tmp_path / "moved")
    with pytest.raises(InvalidInput, match=r"folder: expected the folder .* which is not there"):
        asked.path("t.toml")
    assert Study.read(tmp_path / "moved" / "study.toml").path("t.toml").startswith(str(tmp_path))
