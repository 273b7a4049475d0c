"""The page of a replay: whole in one file, and refused beforehand where it cannot be made."""

from __future__ import annotations

import re

import pytest
from markupsafe import escape
from trustabm_app.shared.address import read
from trustabm_app.shared.widgets import HERE
from trustabm_app.town import replay, widgets

import trustabm as ta
from trustabm.errors import InvalidInput, OutputExists
from trustabm.inputs.policy import LEVERS, Policy
from trustabm.runs.reproduce import shell


@pytest.fixture
def uplot(tmp_path, monkeypatch):
    """Stand in for what npm lays beside the app."""
    folder = tmp_path / "vendor" / "uplot" / "dist"
    folder.mkdir(parents=True)
    (tmp_path / "vendor" / "licences").mkdir()
    (tmp_path / "vendor" / "licences" / "uplot.txt").write_text("uplot: MIT\n<the licence>")
    monkeypatch.setattr(widgets, "UPLOT", folder)
    monkeypatch.setattr(widgets, "uplot", lambda: ("var uPlot;", ".u-plot{}"))


def check(path="r.html", **more):
    replay.check_replay(path, **({"residents": 500, "weeks": 52} | more))


def test_a_page_is_one_file_that_asks_for_nothing_and_says_where_it_comes_from(uplot):
    setting = read("residents=500&weeks=52&a.outreach@20=1")
    page = replay.of_setting(setting, 1).decode()
    assert not re.search(
        r"""(?:src|href)\s*=\s*["']|@import|url\(|\bimport\b[^.\n]*from|fetch\(""", page
    )
    assert "default-src 'none'" in page
    for text in (
        "Harris County, Texas under No entanglement, changed on the screen",
        "One seed: what happens in one simulated town, not a forecast.",
        shell(setting.experiment(1)).rstrip() + " --replay replay.html",
        ta.__version__,
        "<the licence>",
    ):
        assert escape(text) in page, text
    assert page.count("</script>") == page.count("<script")


def test_a_comparisons_page_says_its_findings_and_its_command(uplot, tmp_path):
    c = ta.compare(["none", "secure-communities"], replicates=2, weeks=8, burn_in=0, residents=300)
    page = replay.write_replay(c, tmp_path / "r.html").read_text("utf-8")
    for text in (*c.findings(), c.covers()):
        assert escape(text) in page
    assert "--weeks 8 --residents 300 --seed 0 --burn-in 0 --replicates 2 --replay" in page


def test_policies_that_are_no_files_and_other_starts_are_played_too(uplot):
    arms = {"now": "none", "mine": Policy(firewall=0.5)}
    c = ta.compare(arms, replicates=1, weeks=4, burn_in=0, residents=300, start="2011-05-03")
    page = replay.of_comparison(c).decode()
    assert "4 weeks from 3 May 2011 under each policy" in page
    assert escape(LEVERS["firewall"].said(0.0, 0.5) + ".") in page
    assert "no command makes it" in page


def test_two_arms_of_one_title_are_told_apart(uplot):
    same = Policy(firewall=0.5)
    policies = {"before": same, "after": same}
    c = ta.compare(policies, replicates=1, weeks=4, burn_in=0, residents=300)
    page = replay.of_comparison(c).decode()
    assert "United States, average jurisdiction: before, or after?" in page
    assert "<b>A: before.</b>" in page
    setting = read("a=sanctuary&b=sanctuary")
    first, second = setting.titles(2)
    assert first != second
    assert {first[-3:], second[-3:]} == {"(A)", "(B)"}


def test_titles_are_text_whatever_they_hold(uplot):
    nasty = '</script><b>"$x$" [/x] {title} 😀'
    c = ta.compare(
        {"none": "none", nasty: Policy(firewall=0.5)},
        replicates=1,
        weeks=4,
        burn_in=0,
        residents=300,
    )
    page = replay.of_comparison(c).decode()
    assert nasty not in page
    assert escape(nasty) in page
    assert page.count("</script>") == page.count("<script")


def test_a_scenario_is_played(uplot, tmp_path):
    scenario = ta.Scenario(town="harris-tx", weeks=4, residents=300, levers={"firewall": 0.5})
    page = replay.write_replay(scenario, tmp_path / "new" / "r.html").read_text("utf-8")
    assert "300 simulated residents, 4 weeks from" in page
    assert "<b>No entanglement.</b> Local police take no part" in page
    command = "trustabm run --policy none --town harris-tx --start 2010-01-01 --weeks 4"
    assert f"{command} --residents 300 --seed 0 --levers.firewall 0.5 --replay" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"path": "r.pdf"}, "expected a file that ends in .html, got 'r.pdf'"),
        ({"arms": 3}, "expected at most two policies side by side, got 3"),
        ({"towns": 2}, "expected one town without neighbors, got 2 towns"),
        ({"residents": 50_000}, "expected at most 20,000 residents, .* got 50,000"),
        ({"weeks": 2000}, "expected at most 1,040 weeks, .* got 2,000"),
    ],
)
def test_what_a_page_cannot_hold_is_said_before(uplot, wrong, said):
    with pytest.raises(InvalidInput, match=said):
        check(**wrong)


def test_a_file_is_not_replaced_unasked(uplot, tmp_path):
    (tmp_path / "r.html").write_text("mine")
    with pytest.raises(OutputExists):
        check(tmp_path / "r.html")
    with pytest.raises(OutputExists, match="left alone"):
        check(tmp_path / "r.html", force=True)
    (tmp_path / "r.html").write_text((HERE / "static" / "replay.html").read_text())
    check(tmp_path / "r.html", force=True)


def test_without_uplot_there_is_no_replay(tmp_path, monkeypatch):
    monkeypatch.setattr(widgets, "UPLOT", tmp_path / "none")
    with pytest.raises(InvalidInput, match=r"expected uPlot beside the app.*build_assets\.py"):
        check()
