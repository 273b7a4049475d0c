"""Timelines and plans: which levers are in force in which week."""

from __future__ import annotations

import datetime as dt

import pytest

from trustabm.errors import InvalidInput
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import (
    Change,
    Timeline,
    policy,
    timeline,
    weeks_between,
)
from trustabm.runs.compare import compare
from trustabm.runs.scenario import Scenario
from trustabm.week.world import Plan

START = dt.date(2010, 1, 1)


def change(date: dt.date, **levers: object) -> Change:
    return Change(date=date, sentence="s", source="s", levers=levers)


def test_a_year_is_52_weeks_for_ever():
    for year in range(1996, 2027):
        assert weeks_between(dt.date(1996, 1, 1), dt.date(year, 1, 1)) == 52 * (year - 1996)
        assert weeks_between(dt.date(year, 1, 1), dt.date(year, 12, 31)) == 51


def test_weeks_do_not_go_back():
    day, last = dt.date(2010, 1, 1), -1
    for n in range(3000):
        week = weeks_between(START, day + dt.timedelta(days=n))
        assert week - last in (0, 1)
        last = week


def test_changes_apply_in_order_of_date_whatever_their_order_in_the_file():
    early, late = change(dt.date(2011, 1, 1), firewall=0.2), change(dt.date(2012, 1, 1), u_visa=1)
    one = Timeline(title="t", changes=(late, early))
    assert one.at(dt.date(2010, 6, 1)) == Policy()
    assert one.at(dt.date(2011, 1, 1)) == Policy(firewall=0.2)
    assert one.at(dt.date(2013, 1, 1)) == Policy(firewall=0.2, u_visa=1.0)


def test_what_was_in_force_before_the_start_holds_in_week_0():
    whole = Timeline(title="t", changes=(change(dt.date(2001, 1, 1), firewall=0.4),))
    assert whole.schedule(START, 10) == [(0, Policy(firewall=0.4))]


def test_a_preset_in_a_change_resets_every_lever():
    whole = Timeline(
        title="t",
        changes=(
            change(dt.date(2010, 6, 1), outreach=1.0),
            Change(date=dt.date(2011, 1, 1), sentence="s", source="s", policy="secure-communities"),
        ),
    )
    assert whole.at(dt.date.max) == policy("secure-communities")


def test_a_town_dates_a_shared_change_for_itself():
    federal = Timeline(
        title="t",
        changes=(
            Change(
                date=dt.date(2010, 6, 1), sentence="s", source="s", key="k", levers={"u_visa": 1.0}
            ),
        ),
    )
    local = Change(
        date=dt.date(2012, 6, 1), sentence="s", source="s", key="k", levers={"u_visa": 0.5}
    )
    merged = federal.merged((local,))
    assert merged.at(dt.date(2011, 1, 1)) == Policy()
    assert merged.at(dt.date.max) == Policy(u_visa=0.5)


def test_contradictory_changes_are_refused():
    with pytest.raises(ValueError, match="deputized_share"):
        Timeline(title="t", changes=(change(START, deputized_share=0.5),))


def test_a_town_whose_own_changes_contradict_a_policy_is_refused_before_anything_runs():
    words = "287.* with the town's own policies: deputized_share: expected 0 while ask_status"
    with pytest.raises(InvalidInput, match=words):
        compare(["none", "287g-task-force-2025"], town="harris-tx", local_policies=True)


def test_a_plan_says_what_is_in_force_and_what_is_news():
    whole = Timeline(title="t", changes=(change(dt.date(2010, 3, 1), firewall=0.5),))
    plan = Plan([whole], START, 52)
    week = weeks_between(START, dt.date(2010, 3, 1))
    assert plan.weeks.tolist() == [0, week]
    assert plan.levers["firewall"][:, 0].tolist() == [0.0, 0.5]
    assert plan.news[:, 0].tolist() == [False, True]
    assert [plan.at(w) for w in (0, week - 1, week, week + 9)] == [0, 0, 1, 1]


def test_a_plan_that_begins_with_another_policy_begins_with_news_of_it():
    new = Timeline.constant("secure-communities")
    assert Plan([new], START, 10, 20, [Policy()]).news[0, 0]
    assert not Plan([new], START, 10, 20, [policy("secure-communities")]).news[0, 0]
    assert Plan([new], START, 10, 20, [Policy()]).weeks.tolist() == [20]


def test_levers_of_a_scenario_hold_whatever_the_timeline_changes():
    plan = Scenario(policy="sc-then-pep", weeks=600, levers={"firewall": 0.7}).plan()
    assert len(plan.weeks) == 2
    assert (plan.levers["firewall"] == 0.7).all()


@pytest.mark.parametrize("date", ["2008-10-27", "2015-07-02", "2017-01-25"])
def test_us_history_changes_at_its_known_dates(date):
    day = dt.date.fromisoformat(date)
    history = timeline("us-history")
    before = history.at(day - dt.timedelta(days=40))
    after = history.at(day + dt.timedelta(days=40))
    assert before != after


def test_us_history_begins_in_1996_and_reaches_2025():
    years = {c.date.year for c in timeline("us-history").changes}
    assert {1996, 2008, 2013, 2014, 2015, 2017, 2021, 2025} <= years


def test_what_a_policy_stands_for_is_its_own_sentence():
    assert timeline("none").sentence.startswith("Local police take no part")
    assert timeline("us-history").sentence.startswith("Federal")
