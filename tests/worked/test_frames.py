"""Dates and weeks of every frame by hand.

From Wednesday 17 March 2010 week 0 is 17 to 23 March, week 2 is 31 March to 6 April. Here nobody is
asked about status at a stop until all are, so that every row tells which rules it lived under.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.inputs.policy import Policy
from trustabm.rules import codes
from trustabm.runs.results import residents_frame
from trustabm.runs.scenario import Scenario
from trustabm.study.definition import Study
from trustabm.study.sweep import sweep
from trustabm.telling.brief.content import changes

START = dt.date(2010, 3, 17)
MANY = {"stop_rate": 0.3, "informal_asking": 0.0}
"""Stops a week: 0.3 / 52 of residents; none of them asked but where policy says so."""
ASK = {"ask_status": "stop"}


@pytest.fixture
def file(tmp_path):
    """Write a timeline under which all are asked from a date on; return its path."""

    def write(date):
        path = tmp_path / f"{date}.toml"
        path.write_text(
            f'title = "T {date}"\nsentence = "s"\nsource = "s"\n'
            f'[[changes]]\ndate = {date}\nsentence = "s"\nsource = "s"\n'
            'levers = { ask_status = "stop" }\n'
        )
        return str(path)

    return write


def asked_from(weeks, asked, stops):
    """The first week in which stops were asked, having seen that all are from then on."""
    asked, stops = np.asarray(asked), np.asarray(stops)
    assert (stops > 0).all()
    first = list(asked > 0).index(True)
    assert (asked[first:] == stops[first:]).all()
    return list(weeks)[first]


@pytest.mark.parametrize(
    ("start", "date", "week"),
    [
        ("2010-03-17", "2010-03-30", 1),  # Tuesday, the last day of week 1
        ("2010-03-17", "2010-03-31", 2),  # Wednesday, the first of week 2
        ("2010-03-17", "2010-04-05", 2),  # Monday, in the middle of it
        ("2010-03-15", "2010-03-29", 2),  # from a Monday: a Monday
        ("2010-03-15", "2010-03-28", 1),  # and the Sunday before
        ("2010-03-15", "2010-03-01", 0),  # in force from the first day
    ],
)
def test_a_change_is_in_force_from_the_week_of_its_date(file, start, date, week):
    world = Scenario.make(
        {"start": start, "policy": file(date), "weeks": 4, "residents": 1500, "parameters": MANY}
    ).world(keep_events=True)
    world.run_for(4)
    asked, stops = (world.tally[name].sum(axis=(1, 2)) for name in ("asked", "stops"))
    assert asked_from(range(4), asked, stops) == week
    events = world.tables.stops[: world.tables.used[0]]
    for k in range(4):
        rows = events[events["week"] == k]
        assert len(rows) == stops[k]
        assert rows["asked"].sum() == asked[k]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("frames") / "line.toml"
    path.write_text(
        'title = "T"\nsentence = "s"\nsource = "s"\n'
        '[[changes]]\ndate = 2011-03-25\nsentence = "s"\nsource = "s"\n'
        'levers = { ask_status = "stop" }\n'
    )
    return ta.run(
        {
            "start": START,
            "policy": str(path),
            "weeks": 60,
            "residents": 1500,
            "parameters": MANY,
        }
    )


def test_weekly_rows_of_a_run_by_hand(run):
    # Week 51 ends a year: it begins on 9 March 2011 and has eight days; 25 March is in week 53.
    everyone = run.weekly[run.weekly["group"] == "all"].set_index("week")
    assert list(everyone.index) == list(range(60))
    days = {0: "2010-03-17", 1: "2010-03-24", 51: "2011-03-09", 52: "2011-03-17", 59: "2011-05-05"}
    assert {w: str(everyone["date"][w].date()) for w in days} == days
    assert asked_from(everyone.index, everyone["asked"], everyone["stops"]) == 53
    assert len(run.weekly) == 60 * 7
    tally = run.world.tally[:, 0]
    by_hand = 52_000 * tally["stops"].sum(axis=1) / tally["base_persons"].sum(axis=1)
    assert everyone["stops"].to_numpy() == pytest.approx(by_hand)


def test_event_rows_of_a_run_by_hand(run):
    stops = run.events["stops"]
    assert (stops["week"].min(), stops["week"].max()) == (0, 59)
    assert stops["asked"].equals(stops["week"] >= 53)
    days = stops.drop_duplicates("week").set_index("week")["date"].dt.date
    assert days[0] == START
    assert days[53] == dt.date(2011, 3, 24)
    assert days[59] == dt.date(2011, 5, 5)
    for table, tallies in (
        ("stops", ["stops"]),
        ("crimes", ["violent", "property", "domestic"]),
        ("bookings", ["arrests"]),
        ("transfers", ["transfers", "at_large", "collateral"]),
        ("arrivals", ["arrivals"]),
    ):
        counted = sum(run.world.tally[name].sum(axis=(1, 2)) for name in tallies)
        rows = run.events[table].groupby("week").size().reindex(range(60), fill_value=0)
        assert (rows == counted).all(), table


def test_a_summary_is_of_the_last_weeks(run):
    tally = run.world.tally[-7:, 0]
    by_hand = 52_000 * tally["stops"].sum() / tally["base_persons"].sum()
    last = run.summary(7)["all"]
    assert last["stops"] == last["asked"] == pytest.approx(by_hand)
    assert run.summary(8)["all"]["asked"] < run.summary(8)["all"]["stops"]
    assert run.summary(1)["all"]["stops"] == run.weekly.query("group == 'all'")["stops"].iloc[-1]


def test_residents_at_the_end_by_hand(run):
    world = ta.run({"weeks": 1, "residents": 60}).world
    state = world.state
    r = state.residents[[10, 20, 30]]
    week = int(state.clock["week"][0])
    assert week == 1
    for i, values in {
        10: {"status": codes.US_BORN, "record": codes.RECORD_FELONY, "custody": codes.JAIL_HOLD},
        20: {"status": codes.LAWFUL, "arrived": 1 - 78, "custody": codes.REMOVED},
        30: {"status": codes.UNDOCUMENTED, "arrived": 1, "custody": codes.FREE, "wanted": 1},
    }.items():
        for name, value in values.items():
            state.residents[name][i] = value
    state.residents["cause"][[10, 20, 30]] = codes.FROM_WITNESS
    state.residents["concern"][[10, 20, 30]] = (codes.TIE, codes.HOUSEHOLD, codes.SELF)
    frame = residents_frame(world, ["Here"]).set_index("resident").loc[[10, 20, 30]]
    assert list(frame["town"]) == ["Here"] * 3
    assert list(frame["status"]) == ["us-born", "lawful noncitizen", "undocumented"]
    assert frame["years_in_country"].tolist()[1:] == [1.5, 0.0]
    assert np.isnan(frame["years_in_country"].iloc[0])
    assert frame["record"].iloc[0] == "felony"
    assert list(frame["custody"]) == ["jail, to be handed to ICE", "removed", "free"]
    assert list(frame["cause"])[:2] == ["coming forward as a witness"] * 2
    assert pd.isna(frame["cause"].iloc[2])
    assert list(frame["concern"]) == ["tie", "household", "self"]
    assert frame["wanted"].iloc[2]
    assert list(frame["trust"].isna()) == [False, True, False]
    assert list(frame["household"]) == list(np.array([10, 20, 30]) - r["member"])


@pytest.fixture(scope="module")
def comparison():
    return ta.compare(
        {"none": Policy(), "ask": Policy(ask_status="stop")},
        start=START,
        burn_in=3,
        weeks=4,
        replicates=2,
        residents=1500,
        parameters=MANY,
        draws=0,
        workers=1,
    )


def test_weekly_rows_of_a_comparison_by_hand(comparison):
    c = comparison
    for arm, first in (("none", None), ("ask", 0)):
        rows = c.weekly[(c.weekly["group"] == "all") & (c.weekly["arm"] == arm)]
        assert rows["week"].tolist() == [-3, -2, -1, 0, 1, 2, 3]
        assert [str(d.date()) for d in rows["date"]] == [
            # The last week of the year before has eight days: it begins on 9 March
            *("2010-02-23", "2010-03-02", "2010-03-09"),
            *("2010-03-17", "2010-03-24", "2010-03-31", "2010-04-07"),
        ]
        if first is None:
            assert (rows["asked"] == 0).all()
        else:
            assert asked_from(rows["week"], rows["asked"], rows["stops"]) == first


def test_levels_of_a_comparison_are_of_the_weeks_after_the_arms_part(comparison):
    e = comparison.estimates
    assert e["asked", "all", "ask"].level == e["stops", "all", "ask"].level
    assert e["asked", "all", "none"].level == 0
    weekly = comparison.weekly.query("group == 'all' and arm == 'ask' and week >= 0")
    assert e["stops", "all", "ask"].level == pytest.approx(weekly["stops"].mean())
    assert e["stops", "all", "ask"].difference == pytest.approx(
        e["stops", "all", "ask"].level - e["stops", "all", "none"].level
    )


def test_event_rows_of_a_comparison_by_hand(comparison):
    for arm, share in (("none", 0), ("ask", 1)):
        stops = comparison.events[arm]["stops"]
        assert sorted(set(stops["week"])) == [0, 1, 2, 3]
        assert (stops["asked"] == share).all()
        days = stops.drop_duplicates("week").set_index("week")["date"]
        assert str(days[0].date()) == "2010-03-17"
        assert str(days[3].date()) == "2010-04-07"
        world = comparison.world(arm)
        assert (
            stops.groupby("week").size().tolist() == world.tally["stops"].sum(axis=(1, 2)).tolist()
        )


def test_weekly_rows_of_a_study_by_hand(tmp_path, file):
    study = Study.make(
        {
            "title": "weeks",
            "arms": ["none", file("2010-03-31")],
            "start": START,
            "burn_in": 3,
            "weeks": 4,
            "replicates": 1,
            "residents": 1500,
            "weekly": True,
            "outcomes": ["asked", "stops"],
            "parameters": MANY,
        }
    )
    sweep(study, tmp_path / "study", workers=1)
    opened = ta.open_study(tmp_path / "study")
    both = opened.weekly
    asks = both[both["arm"] != "none"].sort_values("week")
    assert asks["week"].tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert asked_from(asks["week"], asks["asked__all"], asks["stops__all"]) == 2
    assert (both[both["arm"] == "none"]["asked__all"] == 0).all()
    runs = opened.runs.set_index("arm")
    after = asks[asks["week"] >= 0]
    last = runs.loc[asks["arm"].iloc[0]]
    assert last["stops__all"] == pytest.approx(after["stops__all"].mean())
    assert last["asked__all"] == pytest.approx(after["asked__all"].mean())


def test_the_brief_says_from_which_week_rules_change(file):
    for date, start in (("2010-03-31", "From week 2: "), ("2010-03-30", "From week 1: ")):
        (said,) = changes(Policy(), ta.timeline(file(date)), START, 10)
        assert said.startswith(start)
    (said,) = changes(Policy(), ta.timeline(file("2010-03-10")), START, 10)
    assert not said.startswith("From")
    assert changes(Policy(), ta.timeline(file("2010-03-31")), START, 2) == [
        "No lever differs in these weeks."
    ]
