"""Replicates until an interval is narrow: the rule against what is known, and a study by it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.study.definition import Study
from trustabm.study.designs import Until
from trustabm.study.sweep import sweep

SMALL = {
    "title": "small",
    "arms": ["none", "287g-task-force-2006"],
    "vary": {"deputized_share": {"values": [0, 0.4], "arms": ["287g-task-force-2006"]}},
    "replicates": 18,
    "weeks": 20,
    "burn_in": 2,
    "residents": 300,
    "outcomes": ["trust", "reporting"],
}
OF = {"outcome": "trust", "group": "latino", "lot": 6}


def test_lots_end_with_the_most() -> None:
    assert Until(outcome="trust", width=1.0, lot=20).ends(50) == [20, 40, 50]
    assert Until(outcome="trust", width=1.0, lot=20).ends(40) == [20, 40]
    assert Until(outcome="trust", width=1.0, lot=20).ends(7) == [7]


def test_a_normal_of_known_variance_takes_as_many_as_its_formula_says() -> None:
    # A 90% interval of n normals of variance 1 is 2 t(0.95, n - 1) / sqrt(n) wide in the mean: as
    # narrow as 0.3 at (2 * 1.6449 / 0.3)^2 = 120.3 of them, so at 120 or, half the time, 140.
    # 4,000 repetitions: the mean number has a standard error of 0.3, coverage one of 0.5%.
    until = Until(outcome="trust", width=0.3, lot=20)
    values = np.random.default_rng(3).normal(size=(4000, 400))
    stopped = np.zeros(4000, int)
    covered = np.zeros(4000, bool)
    for end in until.ends(400):
        some = values[:, :end]
        half = stats.t.ppf(0.95, end - 1) * some.std(axis=1, ddof=1) / np.sqrt(end)
        mean = some.mean(axis=1)
        now = (stopped == 0) & until.narrow(mean - half, mean + half)
        stopped[now] = end
        covered[now] = (np.abs(mean) <= half)[now]
    assert (stopped % 20 == 0).all()
    assert (stopped > 0).all()
    assert stopped.mean() == pytest.approx(120.3 + 20 / 2, abs=6)
    # Stopping where the variance looks small costs a little of the 90%: here 0.1%.
    assert covered.mean() == pytest.approx(0.899, abs=0.02)


def test_an_interval_that_is_none_is_not_narrow() -> None:
    until = Until(outcome="trust", width=0.5)
    low, high = np.array([0.0, 0.0, np.nan]), np.array([0.5, 0.75, np.nan])
    assert until.narrow(low, high).tolist() == [True, False, False]


def widths(folder: Path) -> pd.Series:
    frame = ta.open_study(folder).effects()
    frame = frame[(frame["outcome"] == "trust") & (frame["group"] == "latino")]
    return (frame["high"] - frame["low"]).set_axis(frame["point"])


def test_points_stop_at_the_first_lot_that_is_narrow(tmp_path: Path) -> None:
    found = {}
    for many in (6, 12, 18):
        sweep(Study.make(SMALL | {"replicates": many}), tmp_path / "fixed", workers=1)
        found[many] = widths(tmp_path / "fixed")
    # A width that one point reaches with the first lot and the other does not.
    width = float(found[6].mean())
    expected = {
        point: next((n for n in (6, 12) if found[n][point] <= width), 18) for point in (0, 1)
    }
    assert len(set(expected.values())) == 2
    rule = Study.make(SMALL | {"until": OF | {"width": width}})
    out = tmp_path / "until"
    asked = []

    def soon() -> bool:
        asked.append(0)
        return len(asked) > 2

    stopped = sweep(rule, out, workers=1, stop=soon, flush_seconds=0)
    assert stopped.done < 2 * sum(expected.values())
    swept = sweep(rule, out, workers=2)
    opened = ta.open_study(out)
    assert swept.done == swept.total == opened.done == opened.total == 2 * sum(expected.values())
    assert opened.needed == {("us-average", p): n for p, n in expected.items()}
    assert not [line for line in opened.notices if "not finished" in line]
    whole = ta.open_study(tmp_path / "fixed").runs
    kept = whole[whole["replicate"] < whole["point"].map(expected)].reset_index(drop=True)
    pd.testing.assert_frame_equal(opened.runs, kept)
    # Nothing is left to do, and together both points go on for as long as the last.
    assert sweep(rule, out, workers=1).done == swept.done
    together = Study.make(SMALL | {"until": OF | {"width": width, "each": False}})
    assert sweep(together, tmp_path / "both", workers=1).total == 4 * max(expected.values())
    # One that is stricter goes on from there; one that is more lenient would hide what is there.
    strict = Study.make(SMALL | {"until": OF | {"width": 1e-9}})
    assert sweep(strict, out, workers=1).total == 72
    with pytest.raises(InvalidInput, match="a smaller width or none"):
        sweep(rule, out, workers=1)


def test_a_rule_that_names_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"until.outcome: expected one of the study's.*fear"):
        Study.make(SMALL | {"until": {"outcome": "fear", "width": 1.0}})
    with pytest.raises(InvalidInput, match=r"until.*width.*greater than 0|until.width"):
        Study.make(SMALL | {"until": {"outcome": "trust", "width": 0.0}})
    with pytest.raises(InvalidInput, match=r"until.group: no 'latin'; did you mean 'latino'"):
        sweep(
            Study.make(SMALL | {"until": OF | {"width": 1.0, "group": "latin"}}),
            tmp_path / "out",
            workers=1,
        )
    assert not os.listdir(tmp_path)
