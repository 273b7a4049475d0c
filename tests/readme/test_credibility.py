"""The tables on credibility name what there is, and say what there is not."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from each import each

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import credibility_page as credibility  # noqa: E402

STATED = tomllib.loads((ROOT / "docs" / "credibility.toml").read_text("utf-8"))
TRACE = (
    "Problem formulation", "Model description", "Data evaluation", "Conceptual model evaluation",
    "Implementation verification", "Model output verification", "Model analysis",
    "Model output corroboration",
)  # fmt: skip
FACTORS = (
    "Software quality assurance", "Numerical code verification", "Discretization error",
    "Numerical solver error", "Use error", "Model form", "Model inputs", "Test samples",
    "Test conditions", "Equivalency of input parameters", "Output comparison",
    "Relevance of the quantities of interest",
    "Relevance of the validation activities to the context of use",
)  # fmt: skip


def test_every_element_and_factor_is_there_once_and_names_something():
    assert tuple(t["element"] for t in STATED["trace"]) == TRACE
    assert tuple(f["name"] for f in STATED["factor"]) == FACTORS
    rows = [*STATED["trace"], *STATED["factor"]]
    each(rows, lambda r: r["at"] or pytest.fail("names nothing"))
    each(rows, lambda r: all(not credibility.missing(a) for a in r["at"]) or pytest.fail(r["at"]))
    # Below the highest level something is missing, and it is said what.
    each(STATED["factor"], lambda f: f["level"] >= 2 or f["gap"] or pytest.fail("no gap"))


def test_what_is_not_there_is_refused(tmp_path):
    (tmp_path / "a.md").write_text("# One\n## Where it's *no* better\n", "utf-8")
    (tmp_path / "t.py").write_text("def test_it():\n    pass\n", "utf-8")
    (tmp_path / "r.json").write_text('{"summary": 1}', "utf-8")
    there = ["a.md", "a.md#where-its-no-better", "t.py::test_it", "r.json:summary"]
    not_there = ["b.md", "a.md#two", "t.py::test_i", "r.json:findings"]
    assert [credibility.missing(a, tmp_path) for a in there] == [""] * 4
    assert all(credibility.missing(a, tmp_path) for a in not_there)
    wrong = STATED | {"trace": [STATED["trace"][0] | {"at": ["docs/nosuch.md"]}]}
    with pytest.raises(SystemExit, match=r"no docs/nosuch\.md"):
        credibility.page(wrong)


def test_the_goal_grows_with_the_risk_and_what_falls_short_is_named():
    goals = [credibility.goal(i, c) for i, c in ((1, 1), (2, 1), (2, 2), (2, 3), (3, 3))]
    assert goals == [1, 1, 2, 3, 3]
    contexts = {c["name"]: (c["influence"], c["consequence"]) for c in STATED["context"]}
    assert list(contexts) == ["researcher", "educator", "policymaker"]
    text = credibility.page().split("## Where the goal is not reached")[1]
    lines = {name: next(x for x in text.splitlines() if f"**{name}**" in x) for name in contexts}
    assert "reached in every factor" in lines["educator"]
    below = [f["name"] for f in STATED["factor"] if f["level"] < 2]
    assert all(name in lines["researcher"] for name in below)
    assert f"short in {len(below)} of 13" in lines["researcher"]
