"""Conditions on the weeks of runs: when they first hold, by hand, and runs that end with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.figures.of_study import study_figures
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.state.layout import TALLY, TOWN_TALLY
from trustabm.study.definition import Study
from trustabm.study.opening import OpenStudy
from trustabm.study.points import numbered
from trustabm.study.reached import UNKNOWN, _rows, reached_of
from trustabm.study.sweep import sweep
from trustabm.study.when import When, ended, first_weeks
from trustabm.study.work import Work

SMALL: dict[str, Any] = {
    "title": "t",
    "arms": ["none", "secure-communities"],
    "replicates": 4,
    "weeks": 30,
    "burn_in": 3,
    "residents": 300,
    "outcomes": ["trust", "reporting"],
}
NAN = float("nan")


def low(limit: float, **more: Any) -> dict[str, Any]:
    return {"outcome": "trust", "group": "latino", "below": limit, **more}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"below": 0.2}, 2),
        ({"below": 0.2, "weeks": 2}, 5),  # nothing to count in between is no week in a row
        ({"below": 0.2, "weeks": 3}, None),
        ({"above": 0.25}, 1),
        ({"above": 0.3}, None),  # as much is not more
        ({"below": 9.0, "weeks": 7}, None),  # more weeks than there are
    ],
)
def test_the_first_week_by_hand(condition: dict[str, Any], expected: int | None) -> None:
    level = np.array([0.3, 0.1, NAN, 0.1, 0.15, 0.3])
    assert When(outcome="trust", **condition).until(level) == expected


def test_weeks_taken_together_are_a_ratio_of_sums() -> None:
    names, of = TALLY.names or (), GLOSSARY["trust"]
    counts = np.zeros((3, len(SHIPPED.names), len(names)))
    counts[:, 0, names.index(of.over[0])] = [1, 0, 3]
    counts[:, 0, names.index(of.under[0])] = [2, 2, 4]
    town = np.zeros((3, len(TOWN_TALLY.names or ())))

    def first(**condition: Any) -> int | None:
        when = {"x": When(outcome="trust", group=SHIPPED.names[0], **condition)}
        return first_weeks(when, SHIPPED, counts, town, Parameters())["x"]

    # By week 1/2, 0/2, 3/4; over two weeks 1/4, 3/6; over three 4/8.
    assert first(above=0.6) == 3
    assert first(below=0.1) == 2
    assert first(below=0.3, over=2) == 2
    assert first(above=0.4, over=2) == 3
    assert first(below=0.6, over=2, weeks=2) == 3
    assert first(above=0.4, over=3) == 3
    assert first(above=0.6, over=2) is None
    assert first(above=0.0, over=4) is None


def test_the_first_that_stops_ends_a_run() -> None:
    when = {
        "a": When(outcome="trust", below=1, stop=True),
        "b": When(outcome="trust", above=0, stop=True),
        "c": When(outcome="trust", above=0),
    }
    assert ended(when, {"a": 5, "b": 3, "c": 1}) == "b"
    assert ended(when, {"a": 5, "b": None, "c": 1}) == "a"
    assert ended(when, {"a": None, "b": None, "c": 1}) is None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> OpenStudy:
    out = tmp_path_factory.mktemp("whole") / "out"
    sweep(Study.make(SMALL | {"weekly": True}), out, workers=1)
    return ta.open_study(out)


def by_hand(weekly: pd.DataFrame, limit: float, row: int) -> pd.Series:
    """Return after how many weeks trust of Latino residents was low in so many weeks in a row."""
    found = {}
    for key, frame in weekly[weekly["week"] >= 0].groupby("run_id"):
        many = 0
        for week, level in zip(frame["week"], frame["trust__latino"], strict=True):
            many = many + 1 if level < limit else 0
            if many == row:
                found[key] = week + 1
                break
    return pd.Series(found)


def keyed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index(["arm", "replicate"])


def test_a_run_ends_where_its_condition_holds(whole: OpenStudy, tmp_path: Path) -> None:
    weekly = whole.weekly
    after = weekly[weekly["week"] >= 0]
    limit = float(after["trust__latino"].quantile(0.3))
    expected = by_hand(weekly, limit, 3)
    assert 0 < len(expected) < len(whole.runs)  # some end and some do not
    assert expected.max() > 9  # in more than one look at them
    when = {"low": low(limit, weeks=3, stop=True), "once": low(limit)}
    study = Study.make(SMALL | {"weekly": True, "when": when})
    sweep(study, tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    at = whole.runs.set_index("run_id")[["arm", "replicate"]].to_dict("index")
    runs = keyed(opened.runs)
    for run, place in at.items():
        one = runs.loc[(place["arm"], place["replicate"])]
        until = expected.get(run)
        assert one["weeks"] == (30 if until is None else until)
        assert pd.isna(one["stopped"]) if until is None else one["stopped"] == "low"
        assert pd.isna(one["until_low"]) if until is None else one["until_low"] == until
        theirs = weekly[(weekly["run_id"] == run) & (weekly["week"] < one["weeks"])]
        mine = opened.weekly[opened.weekly["run_id"] == one["run_id"]]
        assert mine["week"].tolist() == theirs["week"].tolist() == [*range(-3, one["weeks"])]
        assert mine["trust__latino"].tolist() == theirs["trust__latino"].tolist()
        once = by_hand(theirs, limit, 1)
        assert one["until_once"] == once.iloc[0] if len(once) else pd.isna(one["until_once"])
    flat = opened.to_frame()
    wide = opened.to_xarray()["weeks"].sel(town="us-average", point=0)
    for (arm, replicate), row in runs.iterrows():
        own = flat[(flat["arm"] == arm) & (flat["replicate"] == replicate)]
        assert set(own["weeks"]) == {row["weeks"]}
        assert int(wide.sel(arm=arm, replicate=replicate)) == row["weeks"]
    # The levels of a run that ended are those of a study of as many weeks.
    arm, replicate = next(k for k, row in runs.iterrows() if row["weeks"] < 30)
    lived = int(runs.loc[(arm, replicate), "weeks"])
    sweep(Study.make(SMALL | {"weeks": lived}), tmp_path / "short", workers=1)
    short = keyed(ta.open_study(tmp_path / "short").sums).loc[(arm, replicate)]
    mine = keyed(opened.sums).loc[(arm, replicate)]
    columns = opened._columns.sums
    assert mine[columns].astype(float).equals(short[columns].astype(float))
    # Whether weeks are kept changes nothing, nor does a sweep that was stopped.
    asked: list[int] = []
    plain = Study.make(SMALL | {"when": when})
    sweep(plain, tmp_path / "plain", workers=1, stop=lambda: len(asked.append(0) or asked) > 2)
    sweep(plain, tmp_path / "plain", workers=2)
    noted = ["weeks", "stopped", "until_low", "until_once", "trust__latino"]
    pd.testing.assert_frame_equal(
        ta.open_study(tmp_path / "plain").runs[noted], opened.runs[noted], rtol=1e-12
    )
    assert sweep(study, tmp_path / "out", workers=1).done == 8


def test_what_compares_runs_of_other_weeks_is_refused(whole: OpenStudy, tmp_path: Path) -> None:
    limit = float(whole.weekly["trust__latino"].quantile(0.3))
    when = {"low": low(limit, stop=True)}
    sweep(Study.make(SMALL | {"weekly": True, "when": when}), tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    assert opened.stopped == (opened.runs["weeks"] < 30).sum() > 0
    assert opened.weeks_of_all == opened.runs["weeks"].min()
    asked = (
        opened.effects,
        opened.spread,
        lambda: opened.sql("select * from pairs"),
        lambda: opened.sql("select * from effects"),
    )
    for ask in asked:
        with pytest.raises(InvalidInput, match=r"expected runs of all 30 weeks, got \d of 8"):
            ask()
    assert any("ended before week 30" in line for line in opened.notices)
    assert opened.runs.attrs["notices"] == list(opened.notices)
    assert "<td>low</td>" in opened._repr_html_()
    # A figure of weeks shows those that all runs have.
    drawn = study_figures(opened, ["trust__latino"])
    assert [*drawn.figures] == ["weeks_trust__latino"]
    assert any("ended runs early" in line for line in drawn.missing)
    wide = opened.to_xarray(weekly=True)["trust"]
    assert int(wide.notnull().any("group").sum()) == len(opened.weekly)


def test_conditions_that_end_nothing_change_nothing(whole: OpenStudy, tmp_path: Path) -> None:
    when = {"never": low(0.0, stop=True), "always": {"outcome": "trust", "above": 0.0}}
    sweep(Study.make(SMALL | {"when": when}), tmp_path / "out", workers=1)
    opened = ta.open_study(tmp_path / "out")
    pd.testing.assert_frame_equal(opened.effects(), whole.effects(), rtol=1e-12)
    assert (opened.runs["weeks"] == 30).all()
    assert opened.runs["until_never"].isna().all()
    assert not [line for line in opened.notices if "ended" in line]
    reached = opened.reached().set_index(["arm", "when"])
    assert (reached.xs("never", level="when")["reached"] == 0).all()
    assert (reached.xs("never", level="when")["weeks"] == 30).all()
    always = reached.xs("always", level="when")
    assert (always["reached"] == 4).all()
    assert (always["median"] == 1).all()


def table(until: list[list[list[float]]], weeks: int = 10, **when: Any) -> pd.DataFrame:
    """Return what is said of known weeks: by arm, replicate, condition."""
    array = np.array(until, float).swapaxes(0, 1)
    study = Study.make(SMALL | {"weeks": weeks, "when": when})
    lived = np.full(array.shape[:2], float(weeks))
    stops = [k for k, name in enumerate(when) if when[name].get("stop")]
    for k in stops:
        lived = np.fmin(lived, array[..., k])
    runs = pd.DataFrame(
        [
            {
                "town": "us-average",
                "point": 0,
                "replicate": r,
                "arm": arm,
                "error": None,
                "weeks": lived[r, a],
                **{f"until_{name}": array[r, a, k] for k, name in enumerate(when)},
            }
            for r in range(array.shape[0])
            for a, arm in enumerate(study.arms)
        ]
    )
    with duckdb.connect(":memory:") as db:
        db.register("runs", runs)
        return reached_of(db, study, ())


def test_means_and_counts_by_hand() -> None:
    # Under the reference twice never within 10 weeks.
    until = [[[2], [4], [6], [8], [NAN], [NAN]], [[1], [2], [3], [4], [5], [9]]]
    frame = table(until, x=low(0.5)).set_index("arm")  # type: ignore[arg-type]
    none, other = frame.loc["none"], frame.loc["secure-communities"]
    assert (none["reached"], other["reached"], none["replicates"]) == (4, 6, 6)
    assert none["weeks"] == pytest.approx((2 + 4 + 6 + 8 + 10 + 10) / 6)
    assert other["weeks"] == pytest.approx(24 / 6)
    assert other["difference"] == pytest.approx(24 / 6 - 40 / 6)
    assert (none["median"], other["median"]) == (6, 3)
    assert other["low"] < other["difference"] < other["high"] < 0
    assert other["verdict"] == "lower"
    assert none["weeks_low"] < none["weeks"] < none["weeks_high"] <= 10


def test_what_another_condition_ended_is_not_known() -> None:
    until = [
        [[3, NAN], [4, NAN], [NAN, 6], [NAN, NAN]],
        [[NAN, 2], [NAN, 3], [NAN, 4], [NAN, 5]],
    ]
    frame = table(until, a=low(0.5, stop=True), b=low(0.6)).set_index(["arm", "when"])  # type: ignore[arg-type]
    assert frame["ended"].tolist() == [0, 2, 0, 0]
    assert frame.loc[("none", "a"), "weeks"] == pytest.approx((3 + 4 + 10 + 10) / 4)
    unknown = frame.loc[("none", "b")]
    assert (unknown["reached"], unknown["verdict"]) == (1, UNKNOWN)
    assert unknown[["weeks", "median"]].isna().all()
    beside = frame.loc[("secure-communities", "b")]
    assert beside["weeks"] == pytest.approx(3.5)
    assert pd.isna(beside["difference"])
    assert beside["verdict"] == UNKNOWN


def test_few_that_got_there_are_too_few() -> None:
    until = [[[NAN]] * 6, [[3], [4], [NAN], [NAN], [NAN], [NAN]]]
    other = table(until, x=low(0.5)).set_index("arm").loc["secure-communities"]  # type: ignore[arg-type]
    assert other["verdict"] == "too few events to say"
    assert pd.isna(other["low"])


def test_intervals_hold_the_restricted_mean_of_exponential_times() -> None:
    # Times with mean 20 and 10, seen for 15 weeks: E[min(T, w)] = m (1 - exp(-w / m)). 400 tables
    # of 30 replicates: a coverage of 90% has a standard error of 1.5%.
    rng, many = np.random.default_rng(5), 400
    when = {f"c{k}": low(0.5) for k in range(many)}
    study = Study.make(SMALL | {"weeks": 15, "when": when})
    times = rng.exponential(np.array([20.0, 10.0])[:, None], (30, 2, many))
    until = np.where(times < 15, times, NAN)
    rows = pd.DataFrame(_rows(study, until, np.full((30, 2), 15.0)))
    mean = {m: m * (1 - np.exp(-15 / m)) for m in (20.0, 10.0)}
    arm = rows[rows["arm"] == "secure-communities"]
    truth = mean[10.0] - mean[20.0]
    covered = (arm["low"] <= truth) & (truth <= arm["high"])
    assert covered.mean() == pytest.approx(0.9, abs=0.05)
    assert arm["difference"].mean() == pytest.approx(truth, abs=0.15)
    for name, m in (("none", 20.0), ("secure-communities", 10.0)):
        of = rows[rows["arm"] == name]
        inside = (of["weeks_low"] <= mean[m]) & (mean[m] <= of["weeks_high"])
        assert inside.mean() == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"when": {"x": {"outcome": "trust"}}}, "below or above, got neither"),
        ({"when": {"x": low(0.1, above=0.2)}}, "below or above, got both"),
        ({"when": {"x": {"outcome": "fear", "below": 1.0}}}, r"when.x.outcome: expected one of"),
        ({"when": {"x": low(0.1, weeks=20, over=12)}}, "takes 31"),
        ({"when": {"X y": low(0.1)}}, "when"),
        ({"when": {"x": low(0.1, stops=True)}}, "did you mean 'stop'"),
        (
            {"when": {"x": low(0.1, stop=True)}, "until": {"outcome": "trust", "width": 1.0}},
            "none beside `until`",
        ),
    ],
)
def test_a_condition_that_cannot_be_is_an_error(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        Study.make(SMALL | change)


def test_a_group_that_no_town_has_is_an_error() -> None:
    study = Study.make(SMALL | {"when": {"x": low(0.1) | {"group": "latin"}}})
    with pytest.raises(InvalidInput, match=r"when.x.group: no 'latin'; did you mean 'latino'"):
        Work(study, numbered(study, []))


def test_a_study_without_conditions_has_none_to_tell_of(whole: OpenStudy) -> None:
    assert not {"weeks", "stopped"} & {*whole.runs.columns}
    with pytest.raises(InvalidInput, match="with conditions"):
        whole.reached()
