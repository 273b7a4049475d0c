"""Studies as the screen asks them, without a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from trustabm_app.shared.address import read
from trustabm_app.shared.exports import inked
from trustabm_app.study import shelf as shelves
from trustabm_app.study import tables
from trustabm_app.study.answers import Answers
from trustabm_app.study.look import read_look
from trustabm_app.study.problem import Problem
from trustabm_app.study.questions import answer, answers, scripts
from trustabm_app.study.scenario import place
from trustabm_app.study.shelf import put_up, shelf, without_place

from trustabm.analysis.steps import screening, space_of
from trustabm.errors import InvalidInput
from trustabm.inputs.timeline import date_of
from trustabm.study import sizes
from trustabm.study.composed import study_file
from trustabm.study.definition import Study
from trustabm.study.opening import OpenStudy
from trustabm.study.points import numbered
from trustabm.study.sweep import sweep
from trustabm.study.work import Work

SMALL = {"title": "t", "replicates": 2, "weeks": 52, "burn_in": 0, "residents": 500}
SMALL |= {"outcomes": ["trust", "reporting", "removals"], "seed": 3}

STUDIES = {
    "presets": {
        "towns": ["us-average", "harris-tx"],
        "arms": ["none", "sanctuary", "secure-communities"],
    },
    "one-arm": {"arms": ["none"], "vary": {"fear_weight": {"values": [1, 2]}}},
    "words": {
        "arms": ["none", "secure-communities"],
        "vary": {"ask_status": {}, "publicity": {"steps": 2}},
    },
    "one-scenario": {"arms": ["none", "secure-communities"]},
    "structures": {
        "arms": ["none", "sanctuary"],
        "vary": {"structure": {"values": ["full", "news"]}, "publicity": {"steps": 2}},
    },
    "mixture": {
        "arms": ["none", "sanctuary"],
        "design": {"kind": "posterior", "points": 3, "mixture": True},
    },
    "drawn": {"arms": ["none", "sanctuary"], "design": {"kind": "posterior", "points": 3}},
    "cube": {
        "arms": ["none", "sanctuary"],
        "vary": {n: {"values": [0.0, 1.0]} for n in ("publicity", "outreach", "firewall")},
        "replicates": 1,
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("studies")


def swept(folder, name) -> Answers:
    where = folder / name
    sweep(Study.make(SMALL | STUDIES[name]), where, workers=1)
    return answers(where)


def looked(known, **words):
    return read_look({"study": "x"} | words, known.outline)


@pytest.mark.parametrize("name", STUDIES)
def test_every_design_is_shown_or_says_why_not(folder, name):
    known = swept(folder, name)
    look = looked(known)
    assert looked(known, **look.words()) == look
    grid = known.grid(look)
    assert bool(grid) != bool(known.why_no_grid())
    if grid:
        across, up = known.dimension(look.across), known.dimension(look.up)
        assert len(grid) == len(up.values)
        text = tables.heat(grid, across, up, look)
        assert text.count("<a ") == len(across.values) * len(up.values)
        known.grid_figure(look)
        assert "0" in tables.legend(grid, look.outcome)
    if len(known.study.arms) > 1:
        cells, many = known.cells(look, 60)
        assert 0 < len(cells) <= many
        tables.cells(cells, known.dims, known, look)
        known.effects_figure(look)
        tables.outcomes(known.whole(look), look)
    assert known.why_no_indices()
    assert known.known_indices(look) is None
    with pytest.raises(InvalidInput, match="keeps no weeks"):
        known.weeks(look)
    for what in ("heat", "effects", "weeks", "indices"):
        for _, text in scripts(known, look).parts(what):
            assert text
    assert Study.make(tomllib.loads(study_file(known.study))) == known.study


def test_what_a_page_cannot_show_of_conditions_is_said(folder):
    low = {"outcome": "trust", "group": "latino", "below": 1.0}
    for stop in (False, True):
        where = folder / f"when-{stop}"
        change = {"arms": ["none", "sanctuary"], "when": {"low": low | {"stop": stop}}}
        sweep(Study.make(SMALL | change | {"weekly": True}), where, workers=1)
        known = answers(where)
        look = looked(known)
        said = "trust of latino below 1"
        assert any(said in line and "study show" in line for line in known.outline.notices)
        assert known.outline.effects is not stop
        assert ("ended runs of this study early" in known.why_no_grid()) is stop
        assert bool(known.grid(look)) is False
        # Trust is below 1 in the first week that has anybody asked: one week is left of runs.
        assert known.weeks(look)["week"].max() == (0 if stop else 51)
        known.weeks_figure(look)
        assert len(known.whole(look)) == (0 if stop else len(known.opened.effects()))


def test_cells_hold_the_numbers_of_the_study(folder):
    known = swept(folder, "presets")
    effects = known.opened.effects()
    look = looked(known, outcome="removals", group="all", across="arm", up="town")
    for line, town in zip(known.grid(look), known.study.towns):
        for cell, arm in zip(line, list(known.study.arms)[1:]):
            keys = {"town": town, "arm": arm, "outcome": "removals", "group": "all"}
            row = effects
            for key, value in keys.items():
                row = row[row[key] == value]
            assert cell.row["difference"] == row["difference"].item()


@pytest.mark.parametrize("policy", ["secure-communities", "us-history"])
def test_compare_lives_through_what_the_study_ran(policy):
    study = Study.make(
        SMALL
        | {
            "arms": {"before": {"policy": "none"}, "after": {"policy": policy}},
            "levers": {"outreach": 0.25},
            "vary": {"publicity": {"values": [0.5, 1], "arms": ["after"]}},
            "towns": ["harris-tx"],
            "weeks": 260,
        }
    )
    point = {"publicity": 0.5}
    where = place(study, "harris-tx", "after", point, outcome="removals", group="all")
    assert where.lost == ()
    setting = read(where.compare.split("?")[1])
    theirs, ours = (
        setting.experiment(2),
        Work(study, numbered(study, [])).task.experiment("harris-tx", point),
    )
    assert (theirs.place, theirs.weeks, theirs.residents) == (
        ours.place,
        ours.weeks,
        ours.residents,
    )
    assert (theirs.burn_in, theirs.seed, theirs.start) == (ours.burn_in, ours.seed, ours.start)
    for k in range(2):
        for week in np.arange(0, study.weeks, 13):
            date = date_of(study.start, int(week))
            assert theirs.lines[k].at(date) == ours.lines[k].at(date)
    alone = read(where.town.split("?")[1])
    assert alone.timeline("a").at(study.start) == ours.lines[1].at(study.start)
    assert "removals" in alone.charts


def test_what_the_pages_cannot_hold_is_said():
    study = Study.make(
        SMALL
        | {
            "arms": ["none", "secure-communities"],
            "vary": {"fear_weight": {}},
            "design": {"kind": "sobol", "points": 2},
            "parameters": {"news_weight": 3},
            "weeks": 60,
            "start": "2012-06-01",
        }
    )
    lost = place(
        study,
        "us-average",
        "secure-communities",
        {"fear_weight": 9.0},
        outcome="trust",
        group="all",
    ).lost
    assert set(lost) == {"fear weight", "news weight", "weeks", "the day it starts"}
    point = {"structure": "news", "fear_weight": 9.0}
    shown = place(study, "us-average", "none", point, outcome="trust", group="all")
    assert set(shown.lost) == set(lost) | {"structure of the model"}
    other = place(study, "mine.toml", "none", {}, outcome="trust", group="all")
    assert (other.town, other.compare) == (None, None)


def test_elementary_effects_are_shown_where_they_were_worked_out(folder):
    from trustabm.cli import main

    file = folder / "few.toml"
    file.write_text(
        'title = "t"\narms = ["none", "secure-communities"]\nreplicates = 2\nweeks = 52\n'
        'burn_in = 0\nresidents = 500\noutcomes = ["trust"]\nvary.acquaintances = {}\n'
        'vary.news_weight = {}\ndesign = { kind = "sobol", points = 2 }\n'
    )
    words = ["sensitivity", str(file), "--screen", "--trajectories", "2", "--workers", "1"]
    with pytest.raises(SystemExit, match="0"):
        main([*words, "--out", str(folder / "few"), "--outcome", "trust__latino"])
    known = answers(folder / "few")
    look = looked(known)
    found = known.known_indices(look)
    assert found.kind == "Morris"
    assert "acquaintances" in tables.indices(found)
    known.indices_figure(look, found)
    assert known.known_indices(looked(known, group="all")) is None
    assert space_of(known.study).names == ["acquaintances", "news_weight"]
    assert screening(known.study, space_of(known.study), 2).design == known.study.design


@pytest.mark.posix
def test_a_shelf_holds_what_lies_below_its_folder_alone(folder, tmp_path, monkeypatch):
    swept(folder, "one-scenario")
    root = tmp_path / "root"
    (root / "deep").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / "linked").symlink_to(folder / "one-scenario")
    for name in ("one", "deep/two", ".hidden/three"):
        shutil.copytree(folder / "one-scenario", root / name)
    monkeypatch.setattr(shelves, "_folder", root)
    assert list(shelf()) == ["deep/two", "one"]
    put_up(root / "one")
    assert list(shelf()) == ["one"]
    with pytest.raises(InvalidInput, match="expected a folder"):
        put_up(root / "none")
    monkeypatch.setattr(sizes, "RUNS_MAX", 3)
    with pytest.raises(InvalidInput, match="expected at most 3 rows"):
        Answers(root / "one")
    monkeypatch.undo()
    put_up(root)
    (root / "one" / "study.toml").write_text("title")
    with pytest.raises(InvalidInput) as wrong:
        answers(root / "one")
    assert str(root) in str(wrong.value)
    assert str(tmp_path) not in without_place(wrong.value)


@pytest.fixture(scope="module")
def marked(folder):
    """A small grid that keeps weeks, of an arm whose name would be markup."""
    varied = {"arms": ['<b>"$x$"</b>'], "values": [0.25, 1]}
    study = SMALL | {
        "arms": {"none": {}, '<b>"$x$"</b>': {"policy": "secure-communities"}},
        "vary": {"publicity": varied, "ice_capacity": varied},
        "weekly": True,
    }
    sweep(Study.make(study), folder / "marked", workers=1)
    return answers(folder / "marked")


def test_names_are_text_and_never_markup(marked):
    look = looked(marked, study="marked")
    cells, _ = marked.cells(look, 60)
    sides = [marked.dimension(n) for n in (look.across, look.up)]
    drawn = str(tables.heat(marked.grid(look), *sides, look))
    drawn += str(tables.cells(cells, marked.dims, marked, look))
    drawn += str(tables.outcomes(marked.whole(look), look))
    drawn += (figures := inked(lambda: marked.weeks_figure(look)))
    drawn += inked(lambda: marked.effects_figure(look))
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn
    assert '&lt;b&gt;"$x$"&lt;/b&gt;' in figures  # and no formula


def test_the_code_shown_runs_and_gives_what_is_shown(marked, folder, monkeypatch):
    monkeypatch.chdir(folder)
    look = looked(marked, study="below/marked")
    for what in ("heat", "effects", "weeks"):
        known: dict[str, Any] = {}
        exec(scripts(marked, look).parts(what)[1][1], known)
        if what != "weeks":
            theirs = known["here"].reset_index(drop=True)
            ours = marked.shown(look, (look.across, look.up)).reset_index(drop=True)
            assert theirs.equals(ours)
    one = marked.weeks(looked(marked, point="1"))
    theirs = marked.opened.weekly.query("point == 1 and arm == 'none'")["reporting__latino"]
    assert one.query("arm == 'none'")["reporting__latino"].tolist() == pytest.approx(
        theirs.tolist(), nan_ok=True
    )
    assert {"heat.svg", "weeks.svg"} <= {p.name for p in folder.glob("*.svg")}
    shell = scripts(marked, look).parts("effects")[0][1]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", shell], capture_output=True, text=True, env=os.environ | {"PATH": path}
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "marked" / "figures" / "provenance.json").is_file()
    assert (folder / "marked.csv").is_file()


def test_what_cannot_be_had_of_a_study_is_said(marked):
    words = "study=x&outcome=nothing&group=all&across=town&up=publicity&at.arm=z&at.town=y&point=99"
    look = read_look(
        words + "&against=fear_weight&opens=file:&a.firewall=9&town=nope", marked.outline
    )
    assert look.notices == (
        "outcome: there is no “nothing” here; did you mean “reporting”? Shown is “reporting”.",
        "across: there is no “town” here. Shown is “publicity”.",
        "up: there is no “publicity” here. Shown is “ice_capacity”.",
        "“at.arm” is left out: scenarios of this study do not differ in it.",
        "“at.town” is left out: scenarios of this study do not differ in it.",
        "against: there is no “fear_weight” here. Shown is nothing of it.",
        "point: there is no “99” here. Shown is all points.",
        "opens: there is no “file:” here. Shown is “town”.",
    )
    assert not read_look(look.words(), marked.outline).notices


def test_an_unfinished_study_says_so_wherever_it_is_shown(marked, folder, monkeypatch):
    where = marked.opened.folder
    words = looked(marked, study="marked").words()
    assert not marked.outline.notices
    assert marked.outline.runs == "16 runs"
    monkeypatch.setattr(OpenStudy, "total", property(lambda _: 1080))
    monkeypatch.delitem(marked.__dict__, "outline")
    monkeypatch.delitem(marked.opened.__dict__, "notices")
    assert marked.outline.runs == "16 of 1,080 runs"
    (notice,) = marked.outline.notices
    assert notice == "16 of 1,080 runs are there: the sweep is not finished."
    ((_, _, _, facts),) = answer("listed", {"marked": where})
    assert "· 16 of 1,080 runs ·" in facts
    name, table = answer("taken", where, words, "effects", "csv", "marked-effects")
    assert name == "marked-effects-16-of-1-080-runs.csv"
    assert table.startswith(b"\xef\xbb\xbf")
    name, drawn = answer("taken", where, words, "heat", "svg", "marked-heat")
    assert name == "marked-heat-16-of-1-080-runs.svg"
    assert b"16 of 1,080 runs" in drawn
    monkeypatch.undo()


def test_a_study_that_is_gone_or_damaged_is_said_and_others_go_on(marked, folder, tmp_path):
    for name in ("gone", "damaged", "fine"):
        shutil.copytree(marked.opened.folder, tmp_path / name)
    words = looked(answers(tmp_path / "gone"), study="gone").words()
    part = next((tmp_path / "damaged" / "runs").iterdir())
    part.write_bytes(part.read_bytes()[:-40])
    shutil.rmtree(tmp_path / "gone")
    gone = "This study is gone: its folder was moved or removed since it was listed."
    assert answer("opened", tmp_path / "gone") == gone
    for what in ("heat", "effects", "weeks", "whole"):
        assert isinstance(answer(what, tmp_path / "gone", words), (Problem, tuple, str))
    assert answer("weeks", tmp_path / "gone", words) == gone
    damaged = answer("opened", tmp_path / "damaged")
    assert isinstance(damaged, Problem)
    assert "nobody foresaw" not in damaged
    names = ("damaged", "fine", "gone")
    listed = answer("listed", {name: tmp_path / name for name in names})
    assert [about[2].startswith("This study cannot be read") for about in listed] == [
        True,
        False,
        True,
    ]


def test_a_folder_of_studies_that_is_gone_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(shelves, "_folder", Path("results"))
    monkeypatch.setattr(shelves, "_named", False)
    monkeypatch.chdir(tmp_path)
    assert shelf() == {}  # nobody named one, and there is none yet
    (tmp_path / "mine").mkdir()
    put_up(tmp_path / "mine")
    assert shelf() == {}
    (tmp_path / "mine").rmdir()
    with pytest.raises(InvalidInput, match="cannot be read: no such file or directory"):
        shelf()


def test_an_opened_study_is_opened_once_until_runs_are_added(folder):
    first = swept(folder, "one-scenario")
    assert answers(folder / "one-scenario") is first
    more = Study.make(SMALL | STUDIES["one-scenario"] | {"replicates": 3})
    sweep(more, folder / "one-scenario", workers=1)
    again = answers(folder / "one-scenario")
    assert again is not first
    assert again.rows == 6
