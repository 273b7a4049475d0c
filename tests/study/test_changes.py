"""Arms of a study that are changes laid on the rules in force in each of its towns."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.study.definition import Study
from trustabm.study.notes import notices
from trustabm.study.points import numbered
from trustabm.study.sweep import sweep
from trustabm.study.work import Work

TASK_FORCE = {"change": "287g-task-force-2025", "from": "2026-01"}
SMALL: dict[str, Any] = {
    "title": "small",
    "towns": ["mecklenburg-nc"],
    "arms": ["today", TASK_FORCE],
    "replicates": 3,
    "weeks": 6,
    "burn_in": 3,
    "residents": 300,
}
DAY = dt.date(2026, 1, 1)


def study(**changes: Any) -> Study:
    return Study.make({**SMALL, **changes})


def test_a_change_is_laid_on_todays_rules_of_each_town() -> None:
    s = study(towns=["mecklenburg-nc", "travis-tx"])
    assert list(s.arms) == ["today", "287g-task-force-2025"]
    assert s.start == DAY
    for name in s.towns:
        now, then = s.experiment(name).lines
        changed = now.at(DAY).differences(then.at(DAY))
        assert changed["deputized_share"] == (0.0, 0.2)
        assert {"priority_none", "ice_capacity"}.isdisjoint(changed)
    stops = [s.experiment(name).lines[0].at(DAY).ask_status for name in s.towns]
    assert stops == ["booking", "stop"]  # Texas lets officers ask; of each town its own rules


def test_arms_by_name_several_changes_and_another_base(tmp_path: Path) -> None:
    arms = {
        "now": {"policy": "today"},
        "both": {"change": ["287g-jail", "federal:priority-enforcement"], "from": "2026-02"},
        "alone": {"policy": "us-history", "change": "outreach", "from": "2026-03-01"},
    }
    s = study(arms=arms)
    assert s.start == dt.date(2026, 2, 1)
    now, both, alone = s.experiment("mecklenburg-nc").lines
    day = dt.date(2026, 3, 1)
    assert both.at(day).jail_screening == 0.9
    assert both.at(day).notification_share == 0.17
    assert alone.at(day).outreach == 0.8
    assert alone.at(day).honor_none == 0.0 != now.at(day).honor_none
    assert study(arms=arms, start=DAY).start == DAY
    again = Study.make(s.settled().model_dump(mode="json", exclude_none=True))
    assert again.experiment("mecklenburg-nc").lines == s.experiment("mecklenburg-nc").lines
    mine = 'title = "m"\nsentence = "s"\nsource = "s"\n[levers]\noutreach = 0.3\n'
    (tmp_path / "mine.toml").write_text(mine)
    own = {"a": {"policy": "today"}, "b": {"change": "mine.toml", "from": "2026-01"}}
    path = tmp_path / "s.toml"
    path.write_text(
        'title = "t"\n[arms]\na = {policy = "today"}\n'
        'b = {change = "mine.toml", from = "2026-01"}\n'
    )
    assert own.keys() == Study.read(path).arms.keys()
    line = Study.read(path).experiment("us-average").lines[1]
    assert line.at(DAY).outreach == 0.3


@pytest.mark.parametrize(
    ("arm", "says"),
    [
        ({"change": "287g-jail"}, "from: expected the day from which"),
        ({"from": "2026-01"}, "change: expected a policy"),
        ({"change": "287g-jial", "from": "2026-01"}, "no '287g-jial'; did you mean '287g-jail'"),
        ({"change": "287g-jail", "from": "2026-13"}, "expected a date"),
        ({"change": "mass-enforcement-2025", "from": "2026-01"}, "mean federal:mass-enforcement"),
    ],
)
def test_a_change_that_is_none_is_an_error(arm: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        study(arms={"now": {"policy": "today"}, "then": arm})


def test_a_change_before_the_arms_part_is_an_error() -> None:
    early = {"change": "outreach", "from": "2025-12"}
    with pytest.raises(InvalidInput, match=r"arms\.then\.from: expected the start, 2026-01-01"):
        study(arms={"now": {"policy": "today"}, "then": early}, start=DAY)


def ids(s: Study) -> set[str]:
    """Return the ids of a study's runs."""
    work = Work(s, numbered(s, []))
    return work.ids()


def test_runs_are_those_of_a_comparison_and_are_not_lived_twice(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    more = study(arms=["today", TASK_FORCE, {"change": "outreach", "from": "2026-01"}])
    assert ids(study()) < ids(more)  # what is on record of the smaller one is not run again
    assert ids(study()).isdisjoint(ids(study(arms=["today", TASK_FORCE | {"from": "2026-02"}])))
    assert sweep(more, folder, workers=1).done == 9
    c = ta.compare(
        town="mecklenburg-nc",
        changes=["287g-task-force-2025", "outreach"],
        since="2026-01",
        draws=0,
        **{name: SMALL[name] for name in ("replicates", "weeks", "burn_in", "residents")},
    )
    effects = ta.open_study(folder).effects()
    for arm in ("287g-task-force-2025", "outreach"):
        for outcome, group in (("trust", "latino"), ("reporting", "latino")):
            of = (effects.arm == arm) & (effects.outcome == outcome) & (effects.group == group)
            (row,) = effects[of].to_dict("records")
            e = c.estimates[outcome, group, arm]
            np.testing.assert_allclose([row["level"], row["difference"]], [e.level, e.difference])


def test_what_is_laid_and_what_says_otherwise_is_said_of_which_town() -> None:
    arms = ["today", {"change": "no-detainers", "from": "2026-01"}]
    said = notices(study(towns=["mecklenburg-nc", "travis-tx", "wayne-mi"], arms=arms))
    against = [line for line in said if "says otherwise" in line]
    assert any(line.startswith("Travis County, Texas: ") for line in against)
    assert not any("Wayne" in line for line in against)
    assert any("Taken as stated: how far this is carried out: The jail holds" in x for x in said)
