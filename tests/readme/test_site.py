"""The site's links are followed, its tutorials are there, and what is cited says one thing."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
of = importlib.util.spec_from_file_location("site_build", ROOT / "docs" / "site" / "build.py")
assert of is not None
assert of.loader is not None
build = importlib.util.module_from_spec(of)
of.loader.exec_module(build)


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<h2 id="one">1</h2><a href="b.html#two">b</a><a href="#one">up</a>'
        '<a href="https://example.org/x">out</a><img src="p.png">',
        "utf-8",
    )
    (tmp_path / "b.html").write_text('<h2 id="two">2</h2><a href="a.html">a</a>', "utf-8")
    (tmp_path / "p.png").write_bytes(b"")
    assert [*build.broken(tmp_path)] == []
    (tmp_path / "b.html").write_text(
        '<a href="c.html">c</a><a href="a.html#three">3</a><script src="https://cdn.test/x.js">',
        "utf-8",
    )
    assert sorted(build.broken(tmp_path)) == [
        "a.html: b.html#two has no such part",
        "b.html: a.html#three has no such part",
        "b.html: asks https://cdn.test/x.js",
        "b.html: c.html leads nowhere",
    ]


def test_pages_lead_to_pages_and_all_else_to_the_repository(tmp_path):
    text = "[a](odd.md#1) [b](../trustabm/rules) [c](../LICENSE) [d](https://example.org) [e](#f)"
    moved = build._moved(text, ROOT / "docs", {"odd.md"}, tmp_path)
    home = build.REPOSITORY
    assert moved == (
        f"[a](odd.md#1) [b]({home}/tree/main/trustabm/rules) [c]({home}/blob/main/LICENSE) "
        "[d](https://example.org) [e](#f)"
    )


def test_every_page_of_the_menu_is_there(tmp_path):
    for name in build.TUTORIALS:
        assert (ROOT / "docs" / "site" / "tutorials" / f"{name}.md").is_file()
    assert all(build._page(name) for name in (*build.GROUNDS, *build.TABLES))
    build.lay(tmp_path)
    assert {"index.md", "translation.md", "changelog.md", "odd.md"} <= {
        p.name for p in tmp_path.iterdir()
    }


@pytest.mark.parametrize("name", build.TUTORIALS)
def test_a_tutorial_is_python_that_compiles(name):
    text = (ROOT / "docs" / "site" / "tutorials" / f"{name}.md").read_text("utf-8")
    cells = re.findall(r"```python\n(.*?)```", text, re.S)
    assert cells
    for cell in cells:
        compile(cell, name, "exec")


def test_from_an_empty_folder_to_a_figure_in_forty_lines(tmp_path):
    page = ROOT / "docs" / "site" / "tutorials" / "my-county-my-rule-my-data.md"
    body = "".join(re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.S))
    assert len([line for line in body.splitlines() if line.strip()]) <= 40
    small = '"start": "2023-01-01", "residents": 400, "weeks": 13, "burn_in": 0, "points": 28, '
    less = {
        '"start": "2023-01-01"': small + '"replicates": 2',
        "replicates=40": "replicates=10, burn_in=4",
        "weeks=52": "weeks=13",
        "residents=2000": "residents=400",
    }
    for size, other in less.items():
        assert size in body
        body = body.replace(size, other)
    (tmp_path / "paper.py").write_text(body, "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "paper.py"],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "figure.png").stat().st_size > 10_000
    assert "fitted to 1 own target (A survey in my county)" in done.stdout
    assert "the posterior was not fitted with this rule" in done.stdout
    assert "90% interval" in done.stdout or "too close to call" in done.stdout


def test_version_and_licence_are_the_same_wherever_they_stand():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    meta = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
    assert {str(citation["version"]), meta["version"]} == {project["version"]}
    assert citation["license"] == project["license"] == meta["license"].rpartition("/")[2]
    assert meta["codeRepository"] == build.REPOSITORY == project["urls"]["Repository"]


def test_the_paper_says_what_the_results_say_and_cites_what_it_names():
    paper = (ROOT / "docs" / "paper" / "paper.md").read_text("utf-8")
    scores = json.loads((ROOT / "results" / "scores" / "scores.json").read_text("utf-8"))
    all_of = next(
        s
        for s in scores["summary"]
        if s["set"] == "never fitted" and s["kind"] == "all" and not s["signs"]
    )
    assert (
        f"Of {all_of['findings']} findings that were never fitted, {all_of['held']['90']} lie"
        in paper
    )
    assert all(s["skill"] > 0 for s in all_of["skill"].values())
    bib = (ROOT / "docs" / "paper" / "paper.bib").read_text("utf-8")
    cited = set(re.findall(r"@([a-z]+[0-9]{4})", paper))
    assert cited == set(re.findall(r"^@\w+\{(\w+),", bib, re.M))
    assert 250 <= len(paper.partition("# Summary")[2].split()) <= 1000
