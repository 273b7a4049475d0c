"""Weeks and days: which week holds a change, what a week is called, and changes of one day."""

from __future__ import annotations

import datetime as dt

import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.policy import Policy
from trustabm.inputs.timeline import (
    Change,
    Timeline,
    date_of,
    timeline,
    weeks_between,
)
from trustabm.inputs.town import town

START = dt.date(2010, 3, 17)


def change(date: str, policy: str | None = None, **levers: object) -> dict[str, object]:
    said = {"date": dt.date.fromisoformat(date), "sentence": f"It is {date} {levers}"}
    return said | {"source": "s", "policy": policy, "levers": levers}


def line(*changes: dict[str, object]) -> Timeline:
    return Timeline.make({"title": "T", "changes": list(changes)}, "line.toml")


def test_the_first_week_is_the_starts_and_a_change_holds_from_the_week_of_its_date():
    assert date_of(START, 0) == START
    # 17 to 23 March is week 0, 24 March begins week 1; week -1 are the days before.
    days = {"2010-03-17": 0, "2010-03-23": 0, "2010-03-24": 1, "2010-03-16": -1, "2011-03-17": 52}
    for day, week in days.items():
        assert weeks_between(START, dt.date.fromisoformat(day)) == week
    assert line(change("2010-03-23", firewall=1.0)).schedule(START, 5) == [
        (0, Policy(firewall=1.0))
    ]
    later = line(change("2010-03-24", firewall=1.0)).schedule(START, 5)
    assert later == [(0, Policy()), (1, Policy(firewall=1.0))]


@pytest.mark.parametrize("start", ["2010-01-01", "2010-03-17", "2012-02-29", "2011-12-31"])
def test_every_week_begins_on_a_day_it_holds_and_no_week_is_left_out(start):
    first = dt.date.fromisoformat(start)
    for week in range(-300, 1200):
        day, following = date_of(first, week), date_of(first, week + 1)
        assert weeks_between(first, day) == week
        assert weeks_between(first, following - dt.timedelta(days=1)) == week
        assert 7 <= (following - day).days <= 9


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1, 1, 2), dt.date.max])
def test_no_date_overflows(day):
    assert abs(weeks_between(START, day)) > 50_000
    far = Timeline(title="t", changes=(Change(date=day, sentence="s", source="s"),))
    assert far.schedule(START, 3) == [(0, Policy())]


def test_every_frame_counts_from_the_start():
    result = ta.run({"start": START, "weeks": 3, "residents": 80})
    frames = [result.weekly, *(f for f in result.events.values() if len(f))]
    for frame in frames:
        dates = frame["date"].dt.date
        expected = frame["week"].map(lambda w: START + dt.timedelta(days=7 * int(w)))
        assert (dates == expected).all()
    c = ta.compare(
        ["none", "sanctuary"], start=START, weeks=2, burn_in=2, replicates=1, residents=80
    )
    here = c.weekly.drop_duplicates("week").set_index("week")["date"].dt.date
    # The last week of a year has its one or two days more.
    assert here.to_dict() == {
        -2: dt.date(2010, 3, 3) - dt.timedelta(days=1),
        -1: dt.date(2010, 3, 9),
        0: START,
        1: dt.date(2010, 3, 24),
    }


def test_two_changes_in_one_week_both_hold():
    both = line(change("2010-03-25", firewall=0.5), change("2010-03-26", u_visa=1.0))
    assert both.schedule(START, 4)[-1] == (1, Policy(firewall=0.5, u_visa=1.0))


@pytest.mark.parametrize("order", [1, -1])
def test_two_changes_on_one_date_both_hold_whatever_their_order(order):
    changes = [
        change("2011-01-01", "secure-communities"),
        change("2011-01-01", firewall=0.5),
        change("2011-01-01", u_visa=1.0, firewall=0.5),
    ]
    after = line(*changes[::order]).at(dt.date(2011, 1, 1))
    assert (after.firewall, after.u_visa) == (0.5, 1.0)
    assert (
        after.fingerprint_sharing
        == timeline("secure-communities").dated()[0][1].fingerprint_sharing
    )


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ({"firewall": 0.2}, {"firewall": 0.4}, ["levers.firewall", "0.2", "0.4"]),
        (
            {"policy": "sanctuary"},
            {"policy": "secure-communities"},
            ["policy", "'sanctuary'", "'secure-communities'"],
        ),
    ],
)
def test_two_values_on_one_date_are_refused_with_both(one, other, says):
    for pair in ((one, other), (other, one)):
        with pytest.raises(InvalidInput, match=r"^line.toml: changes: ") as caught:
            line(*(change("2011-01-01", **values) for values in pair))
        for part in (*says, "2011-01-01", "expected one value"):
            assert part in str(caught.value)


def test_a_towns_own_change_on_the_date_of_another_is_held_against_it():
    federal = line(change("2011-01-01", firewall=0.2))
    (same,) = line(change("2011-01-01", u_visa=1.0)).changes
    assert federal.merged([same]).at(dt.date.max) == Policy(firewall=0.2, u_visa=1.0)
    (other,) = line(change("2011-01-01", firewall=0.4)).changes
    with pytest.raises(InvalidInput, match=r"firewall: expected one value .* 0\.2 .* 0\.4"):
        federal.merged([other], "Here")


def test_a_contradiction_names_both_rules():
    place = town("harris-tx")
    with pytest.raises(InvalidInput) as caught:
        timeline("287g-task-force-2025").merged(place.changes, place.title)
    said = str(caught.value)
    assert "deputized_share is set by start = '287g-task-force-2025'" in said
    assert "ask_status is set by 2008-07-20 'The sheriff signs a 287(g)" in said
    assert "Harris County" in said


def test_a_change_laid_over_wins_over_its_day():
    base = line(change("2011-01-01", firewall=0.2, u_visa=1.0))
    (over,) = line(change("2011-01-01", firewall=0.9)).changes
    assert base.laid_over(over).at(dt.date(2011, 1, 1)) == Policy(firewall=0.9, u_visa=1.0)
