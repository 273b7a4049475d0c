"""A folder of one's own towns, policies, timelines and lessons."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import InvalidInput
from trustabm.inputs import catalog, library
from trustabm.inputs.timeline import timeline
from trustabm.inputs.town import town
from trustabm.runs.arms import parting
from trustabm.runs.experiment import Experiment
from trustabm.runs.reproduce import shell
from trustabm.study.definition import Study

SMALL = {"weeks": 3, "burn_in": 3, "residents": 100, "replicates": 2, "draws": 0}
OWN_TOWN = """
base = "travis-tx"
title = "Travis, our figures"
[officers_per_1000]
value = 1.62
year = 2024
source = "budgets"
"""
OWN_POLICY = """
title = "Soft hand"
sentence = "s"
source = "s"
[levers]
outreach = 0.5
"""
OWN_LINE = """
title = "What we had"
changes = [{date = 2020-01-01, sentence = "s", source = "s", levers = {outreach = 0.3}}]
"""
LESSON = """
title = "Ours"
question = "q"
background = "b"
order = 0
town = "travis-tx"
think = ["t"]
a = {title = "A", policy = "none"}
b = {title = "B", policy = "soft"}
predictions = [{text = "x", says = "higher"}, {text = "y", says = "lower"}]
decides = {outcome = "trust", group = "latino"}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library in use."""
    monkeypatch.setenv(library.VARIABLE, "")
    for path, text in (
        ("towns/travis-tx.toml", OWN_TOWN),
        ("policies/soft.toml", OWN_POLICY),
        ("timelines/had.toml", OWN_LINE),
        ("lessons/ours.toml", LESSON),
    ):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(text)
    ta.use_library(tmp_path)
    return tmp_path


def test_a_file_stands_before_what_ships_and_has_the_rest_from_it(own: Path) -> None:
    shipped = {
        name: f.value for name, f in town(own / "towns" / "travis-tx.toml").figures().items()
    }
    for name in ("travis-tx", "48453", "Travis County, TX"):
        place = town(name)
        assert place.title == "Travis, our figures"
        assert place.officers_per_1000.value == 1.62
        assert {n: f.value for n, f in place.figures().items()} == shipped
    table = town("travis-tx@2023")
    assert table.title == "Travis County, Texas"
    assert table.changes == town("travis-tx").changes
    assert table.officers_per_1000.value != 1.62
    assert {**shipped, "officers_per_1000": table.officers_per_1000.value} == {
        n: f.value for n, f in table.figures().items()
    }
    assert town("wayne-mi").title == "Wayne County, Michigan"


def test_policies_timelines_and_changes_go_by_name(own: Path) -> None:
    day = dt.date(2026, 1, 1)
    assert timeline("soft").at(day).outreach == 0.5
    assert [timeline("had").at(d).outreach for d in (dt.date(2019, 1, 1), day)] == [0.0, 0.3]
    assert {"soft", "none"} <= set(catalog.names("policies"))
    e = Experiment.make({"town": "travis-tx", **parting([], ["soft"], "2026-01", None), **SMALL})
    assert list(e.arms) == ["today", "soft"]
    assert [line.at(day).outreach for line in e.lines] == [0.0, 0.5]
    assert e.place.title == "Travis, our figures"
    # Whoever has the command and the files needs no library.
    command = shell(e)
    assert str(own / "towns" / "travis-tx.toml") in command
    assert str(own / "policies" / "soft.toml") in command


def test_a_study_has_them_and_goes_on_without_the_library(own: Path, monkeypatch) -> None:
    asked = {"title": "t", "towns": ["travis-tx"], "arms": ["none", "soft", "had"]}
    s = Study.make({**asked, "weeks": 3, "burn_in": 3, "residents": 100})
    assert list(s.arms) == ["none", "soft", "had"]
    kept = s.settled().model_dump(mode="json", exclude_none=True)
    lines = s.experiment("travis-tx").lines
    assert s.experiment("travis-tx").place.title == "Travis, our figures"
    monkeypatch.delenv(library.VARIABLE)
    assert Study.make(kept).experiment("us-average").lines == lines
    with pytest.raises(InvalidInput, match="no 'soft'"):
        Study.make({**asked, "weeks": 3}).experiment("us-average")


def test_lessons_and_the_screen_have_them(own: Path) -> None:
    from trustabm_app.shared.address import read
    from trustabm_app.town.forms import setup

    from trustabm.classroom.lesson import lessons, shelves

    assert next(iter(lessons())) == "ours"
    assert shelves()[1] == ()
    assert lessons()["ours"].experiment().place.title == "Travis, our figures"
    setting = read("town=travis-tx&a=soft&b=had")
    assert (setting.town, setting.a, setting.b) == ("travis-tx", "soft", "had")
    assert setting.words("a").startswith("s ")
    assert setting.experiment(2).lines[0].at(dt.date(2026, 1, 1)).outreach == 0.5
    groups = setting.experiment(1).groups
    form = str(setup(2, groups, setting.town))
    assert "Travis, our figures" in form
    assert "Soft hand" in form
    (own / "policies" / "soft.toml").write_text("title = 3")
    assert "Soft hand" not in str(setup(2, groups, setting.town))


def test_what_is_wrong_names_the_file(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(library.wrong()) == []
    (own / "policies" / "soft.toml").write_text(OWN_POLICY.replace("outreach", "outreech"))
    (own / "towns" / "bad.toml").write_text("base = 'nowhere-zz'")
    wrong = list(library.wrong())
    assert any(line.startswith(str(own / "towns" / "bad.toml")) for line in wrong)
    assert any(line.startswith(str(own / "policies" / "soft.toml")) for line in wrong)
    with pytest.raises(SystemExit, match="2"):
        main(["app", "--library", str(own)])
    assert "soft.toml" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="0"):
        main(["policies"])
    assert "outreech" in capsys.readouterr().out


def test_the_option_stands_anywhere_and_a_folder_that_is_none_is_refused(
    own: Path, tmp_path_factory, monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["--library", str(own), "towns"], ["towns", f"--library={own}"]):
        monkeypatch.setenv(library.VARIABLE, "")
        with pytest.raises(SystemExit, match="0"):
            main(words)
        assert "Travis, our figures" in capsys.readouterr().out
        assert os.environ[library.VARIABLE] == str(own)
    other = tmp_path_factory.mktemp("other")
    for words, said in (
        (["towns", "--library", str(other)], "which holds none of them"),
        (["towns", "--library", str(other / "none")], "expected a folder"),
        (["towns", "--library"], "expected a file or a folder, got none"),
    ):
        with pytest.raises(SystemExit, match="2"):
            main(words)
        assert said in capsys.readouterr().err
