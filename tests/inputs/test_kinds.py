"""Other ways to say the same value are taken; what stands for nothing is refused in words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput

SMALL = {"replicates": 2, "weeks": 2, "burn_in": 0, "residents": 60}
LEAP = dt.date(2012, 2, 29)


@pytest.fixture(scope="module")
def policy(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("p") / "mine.toml"
    path.write_text('title = "Mine"\nsentence = "s"\nsource = "s"\nlevers = { firewall = 0.5 }\n')
    return path


def test_a_comparison_takes_numpys_and_pandas_scalars_and_paths(policy):
    c = ta.compare(
        pd.Series(["none", policy]),
        town=Path("us-average"),
        replicates=np.int64(2),
        weeks=np.uint8(2),
        burn_in=np.int64(0),
        residents=np.int32(60),
        seed=np.uint8(3),
        draws=np.int64(2),
        start=pd.Timestamp(LEAP),
        levers={"publicity": np.float32(0.5)},
        parameters={"incapacitation": np.bool_(False)},
    )
    same = ta.compare(
        ["none", str(policy)],
        seed=3,
        draws=2,
        start=LEAP,
        levers={"publicity": 0.5},
        parameters={"incapacitation": False},
        **SMALL,
    )
    assert list(c.arms.items()) == [("none", "No entanglement"), ("mine", "Mine")]
    assert {type(name) for name in c.arms} == {str}
    assert c.seeds == same.seeds
    assert {type(seed) for seed in c.seeds} == {int}
    assert np.array_equal(c.sums, same.sums)
    assert c.provenance["scenario"] == same.provenance["scenario"]


@pytest.mark.parametrize("day", [np.datetime64("2012-02-29"), np.datetime64("2012-02-29", "ns")])
def test_a_day_is_a_day_whatever_its_unit(day):
    assert ta.Scenario.make({"start": day}).start == LEAP


@pytest.mark.parametrize(
    "time",
    [
        pd.Timestamp("2012-02-29 13:00"),
        pd.Timestamp("2012-02-29", tz="UTC"),
        pd.NaT,
        np.datetime64("NaT", "D"),
        np.datetime64("2012-02-29T01", "ns"),
        dt.datetime(2012, 2, 29, tzinfo=dt.UTC),
        1330473600,
    ],
)
def test_a_time_is_no_day(time):
    with pytest.raises(InvalidInput, match="start: expected a date, as 2010-01-31 and without a"):
        ta.Scenario.make({"start": time})


@pytest.mark.parametrize("day", ["1699-12-31", "2200-01-02", "9999-12-31"])
def test_a_day_out_of_range_is_said_as_days(day):
    with pytest.raises(InvalidInput, match=f"expected a date from 1700-01-01 to 2200.*got {day}"):
        ta.Scenario.make({"start": day})


@pytest.mark.parametrize("many", [{"none", "sanctuary"}, None, 3, "none", (None for _ in "ab")])
def test_policies_are_a_list_whose_first_is_the_reference(many):
    with pytest.raises(InvalidInput, match="policies: expected a"):
        ta.compare(many, **SMALL)


def test_a_generator_of_policies_is_read_once():
    arms = ta.compare((n for n in ("none", "sanctuary")), **SMALL).arms
    assert next(iter(arms)) == "none"


@pytest.mark.parametrize("read", [ta.town, ta.policy, ta.timeline])
def test_what_is_no_name_is_said(read, policy):
    for name in (None, 3, ["none"], np.float64(2)):
        with pytest.raises(InvalidInput, match="expected a name or the path"):
            read(name)
    with pytest.raises(InvalidInput, match=r"nofile\.toml: expected a readable TOML file"):
        read(Path("nofile.toml"))
    if read is ta.timeline:
        assert read(policy).start == str(policy)


def test_numbers_of_residents_weeks_and_towns_are_whole_and_within():
    result = ta.run({"weeks": 2, "residents": np.int64(60)})
    assert ta.story(result, np.int64(3)) == ta.story(result, 3)
    for resident in (3.0, True, "3", None):
        with pytest.raises(InvalidInput, match="resident: expected a whole number from 0 to 59"):
            ta.story(result, resident)
    for weeks in (0, -1, 1.5, True):
        with pytest.raises(InvalidInput, match="weeks: expected a whole number from 1"):
            result.summary(weeks)
    for weeks in (-2, 1.5, True, "a"):
        with pytest.raises(InvalidInput, match="weeks: expected a whole number from 0"):
            result.world.run_for(weeks)
    assert (result.world.week, len(result.world.tally)) == (2, 2)
    c = ta.compare(["none", "sanctuary"], **SMALL)
    for replicate in (2, -1, True, 0.5):
        with pytest.raises(InvalidInput, match="replicate: expected a whole number from 0 to 1"):
            c.world("none", replicate)
    for scenario in (None, 5, ["none"]):
        with pytest.raises(InvalidInput, match="scenario: expected a scenario, its values or"):
            ta.run(scenario)


@pytest.mark.parametrize("what", ["levers", "parameters"])
@pytest.mark.parametrize("values", [[1], ["x"], "firewall=1", 1, {"firewall"}])
def test_levers_and_parameters_are_by_name(what, values):
    with pytest.raises(InvalidInput, match=f"{what}: expected values by name, got"):
        ta.compare(["none", "sanctuary"], **SMALL, **{what: values})
