"""Weeks that are kept: of chosen outcomes, so many weeks together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.figures.of_study import study_figures
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.definition import Study
from trustabm.study.estimate import takes
from trustabm.study.series import Series
from trustabm.study.store import Store
from trustabm.study.sweep import sweep

SMALL: dict[str, Any] = {
    "title": "t",
    "arms": ["none", "secure-communities"],
    "replicates": 2,
    "weeks": 10,
    "burn_in": 6,
    "residents": 300,
    "outcomes": ["trust", "reporting"],
}


@pytest.mark.parametrize(
    ("every", "burn_in", "lived", "starts", "lengths"),
    [
        (4, 6, 10, [-6, -4, 0, 4, 8], [2, 4, 4, 4, 2]),
        (4, 8, 8, [-8, -4, 0, 4], [4, 4, 4, 4]),
        (4, 0, 3, [0], [3]),
        (1, 1, 2, [-1, 0, 1], [1, 1, 1]),
        (50, 6, 10, [-6, 0], [6, 10]),
    ],
)
def test_rows_are_counted_from_where_arms_part(
    every: int, burn_in: int, lived: int, starts: list[int], lengths: list[int]
) -> None:
    series = Series(every=every)
    assert series.starts(burn_in, lived) == starts
    assert series.lengths(burn_in, lived) == lengths
    assert series.rows(burn_in, lived) == len(starts)
    weeks = np.arange(float(burn_in + lived))[:, None]
    at = [a + burn_in for a in starts]
    sums = [sum(range(a, a + n)) for a, n in zip(at, lengths, strict=True)]
    assert series.together(weeks, burn_in)[:, 0].tolist() == sums


def whole(out: Path, **more: Any) -> pd.DataFrame:
    """Return the sums of every week of all runs."""
    sweep(Study.make(SMALL | more), out, workers=1)
    return Store(out).read("weekly", _columns(out)).to_pandas()


def _columns(out: Path) -> list[str]:
    opened = ta.open_study(out)
    weeks = opened._views.weeks
    assert weeks is not None
    return weeks.schema().names


def test_rows_are_the_sums_of_their_weeks_and_runs_are_the_same(tmp_path: Path) -> None:
    all_weeks = whole(tmp_path / "whole", weekly=True)
    kept = whole(tmp_path / "kept", series={"every": 4, "outcomes": ["trust"]})
    assert not [c for c in kept if "reporting" in c or "reported" in c]
    assert kept["week"].tolist() == [-6, -4, 0, 4, 8] * 4
    assert kept["weeks"].tolist() == [2, 4, 4, 4, 2] * 4
    sums = [c for c in kept if c.startswith("sum__")]
    start = np.where(all_weeks["week"] < -4, -6, all_weeks["week"] // 4 * 4)
    by_hand = all_weeks.groupby(["arm", "replicate", start])[sums].sum()
    mine = kept.set_index(["arm", "replicate", "week"])[sums]
    pd.testing.assert_frame_equal(
        mine.sort_index(), by_hand.sort_index(), check_names=False, rtol=1e-12
    )
    of = GLOSSARY["trust"]
    over, under = (
        sum(kept[f"sum__{f}__{g}"] for f in side for g in ("latino-undocumented",))
        for side in (of.over, of.under)
    )
    level = np.where(under > 0, over / np.where(under > 0, under, 1), np.nan)
    np.testing.assert_allclose(kept["trust__latino-undocumented"].astype(float), level)
    one, other = (ta.open_study(tmp_path / name) for name in ("whole", "kept"))
    assert one.runs.drop(columns="run_id").equals(other.runs.drop(columns="run_id"))
    assert one.sums.drop(columns="run_id").equals(other.sums.drop(columns="run_id"))
    sweep(Study.make(SMALL), tmp_path / "none", workers=1)
    none = ta.open_study(tmp_path / "none")
    assert one.sums.drop(columns="run_id").equals(none.sums.drop(columns="run_id"))


def test_a_series_is_read_drawn_and_mended(tmp_path: Path) -> None:
    study = Study.make(SMALL | {"series": {"every": 4, "outcomes": ["trust"]}})
    out = tmp_path / "out"
    sweep(study, out, workers=1)
    opened = ta.open_study(out)
    wide = opened.to_xarray(weekly=True)
    assert [*wide.data_vars] == ["trust"]
    assert wide["week"].to_numpy().tolist() == [-6, -4, 0, 4, 8]
    assert len(opened.weekly) == 4 * 5
    drawn = study_figures(opened, ["trust__latino", "reporting__latino"])
    assert "weeks_trust__latino" in drawn.figures
    assert any("weeks_reporting__latino: outcome: no" in line for line in drawn.missing)
    before = opened.weekly
    for part in Store(out).parts("weekly"):
        part.unlink()
    assert any("have no weeks yet" in line for line in ta.open_study(out).notices)
    sweep(study, out, workers=1)
    pd.testing.assert_frame_equal(ta.open_study(out).weekly, before)
    full = Study.make(SMALL | {"weekly": True})
    assert takes(study).bytes < takes(full).bytes


def test_a_run_that_ends_has_a_last_row_of_fewer_weeks(tmp_path: Path) -> None:
    stop = {"at": {"outcome": "trust", "above": 0.0, "weeks": 6, "stop": True}}
    study = Study.make(SMALL | {"series": {"every": 4}, "when": stop})
    sweep(study, tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    assert (opened.runs["weeks"] == 6).all()
    assert opened.weekly["weeks"].tolist() == [2, 4, 4, 2] * 4
    assert opened.weeks_of_all == 4
    assert sweep(study, tmp_path / "out", workers=1).done == 4


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"series": {"every": 0}}, "every"),
        ({"series": {"outcomes": ["fear"]}}, r"series.outcomes: expected some of the study's"),
        ({"series": {"outcomes": ["trust", "trust"]}}, "series.outcomes: expected each once"),
        ({"series": {}, "weekly": True}, "none beside weekly"),
    ],
)
def test_a_series_that_cannot_be_is_an_error(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Study.make(SMALL | change)
