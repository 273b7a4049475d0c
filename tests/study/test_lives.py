"""What does not vary is lived through once a seed, and every run is what it was."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import failing
import pandas as pd
import pytest

import trustabm as ta
from trustabm.inputs.policy import LEVERS
from trustabm.study.definition import Study
from trustabm.study.points import numbered
from trustabm.study.sweep import sweep
from trustabm.study.work import Work

VARIED = {
    "title": "one arm varies",
    "arms": ["none", "287g-task-force-2006"],
    "vary": {
        "deputized_share": {"values": [0, 0.1, 0.4], "arms": ["287g-task-force-2006"]},
        "officer_training": {"values": [0, 1], "arms": ["287g-task-force-2006"]},
    },
    "replicates": 2,
    "weeks": 5,
    "burn_in": 3,
    "residents": 300,
}


def lived(study: dict[str, object], out: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    monkeypatch.setenv("LIVED", str(out.with_suffix(".txt")))
    sweep(Study.make(study), out, workers=1, work=failing.counts)
    return Counter(x.split()[-1] for x in out.with_suffix(".txt").read_text().splitlines())


def test_an_arm_that_does_not_vary_is_lived_through_once_a_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 2 seeds; 6 points of the arm that varies.
    assert lived(VARIED, tmp_path / "once", monkeypatch) == {"none": 2, "287g-task-force-2006": 12}
    work = Work(Study.make(VARIED), numbered(Study.make(VARIED), []))
    assert (work.total, work.lived, work.pasts) == (24, 14, 2)
    # Every life for itself, as if all levers reached every arm, gives the same runs.
    with monkeypatch.context() as m:
        m.setattr(Work, "_lives_of", lambda self, _: {n: str(n) for n, _ in self.points})
        assert lived(VARIED, tmp_path / "each", m) == {"none": 12, "287g-task-force-2006": 12}
    once, each = (ta.open_study(tmp_path / name) for name in ("once", "each"))
    pd.testing.assert_frame_equal(once.runs, each.runs)
    pd.testing.assert_frame_equal(once.sums, each.sums)


def test_the_reference_is_everybodys_past_and_parameters_are_everybodys() -> None:
    vary = {"publicity": {"values": [0.5, 1], "arms": ["none"]}, "news_weight": {"values": [2, 4]}}
    study = Study.make(VARIED | {"vary": vary})
    assert "publicity" in LEVERS
    work = Work(study, numbered(study, []))
    assert work.lived == work.total == 16


def test_two_arms_that_vary_each_in_its_own_lever() -> None:
    arms = ["none", "secure-communities", "287g-task-force-2006"]
    vary = {
        "publicity": {"values": [0.5, 1, 2], "arms": [arms[1]]},
        "officer_training": {"values": [0, 1], "arms": [arms[2]]},
    }
    study = Study.make(VARIED | {"arms": arms, "vary": vary, "replicates": 1})
    work = Work(study, numbered(study, []))
    # 6 points; the reference has 1 life, the second arm 3, the third 2.
    assert (work.total, work.lived) == (18, 6)
    jobs = list(work.jobs(frozenset()))
    assert sum(len(j.arms) * (1 + len(j.also)) for j in jobs) == 18
    assert {(a, j.point, *j.also) for j in jobs for a in j.arms if a == arms[1]} == {
        (arms[1], 0, 1), (arms[1], 2, 3), (arms[1], 4, 5)
    }  # fmt: skip


def test_what_is_there_of_a_life_is_not_written_again(tmp_path: Path) -> None:
    few = VARIED | {"vary": {"deputized_share": VARIED["vary"]["deputized_share"]}}  # type: ignore[index]
    vary = {"deputized_share": {"values": [0, 0.1], "arms": ["287g-task-force-2006"]}}
    sweep(Study.make(few | {"vary": vary}), tmp_path / "out", workers=1)
    sweep(Study.make(few), tmp_path / "out", workers=1)
    sweep(Study.make(few), tmp_path / "whole", workers=1)
    grown, whole = (ta.open_study(tmp_path / name) for name in ("out", "whole"))
    assert grown.done == grown.total == 12
    pd.testing.assert_frame_equal(grown.runs, whole.runs)


def test_regions_that_begin_with_one_town_are_lived_through_apart(tmp_path: Path) -> None:
    # Two neighbors, one with four times the other's residents.
    towns = ["mecklenburg-nc+37003", "mecklenburg-nc+37035"]
    same = VARIED | {"vary": {}, "arms": ["secure-communities"], "replicates": 1}
    same |= {"weeks": 26, "residents": 2000}
    sweep(Study.make(same | {"towns": towns}), tmp_path / "both", workers=1)
    both = ta.open_study(tmp_path / "both").sums
    found = []
    for town in towns:
        sweep(Study.make(same | {"towns": [town]}), tmp_path / town, workers=1)
        found.append(ta.open_study(tmp_path / town).sums)
        mine = both[both["town"] == town].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, found[-1])
    sums = [c for c in both if c.startswith("sum__")]
    assert not found[0][sums].equals(found[1][sums])
