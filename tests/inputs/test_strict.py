"""No kind of value passes for another, in files, in Python and on the command line."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest

import trustabm as ta
from trustabm.cli import main
from trustabm.errors import (
    InvalidInput,
    OutputExists,
    from_validation,
    nearest,
    shown,
)
from trustabm.inputs.policy import Policy
from trustabm.runs.scenario import Scenario
from trustabm.study.definition import Study

UTC = dt.UTC


@pytest.mark.parametrize(
    "start",
    [
        0,
        1.0,
        True,
        dt.datetime(2010, 1, 1),
        dt.datetime(2010, 1, 1, 12, tzinfo=UTC),
        "2010-01-01T00:00:00",
        "2010-01-01T00:00:00+02:00",
        "20100101",
        "2010-W01-1",
        "2010-02-30",
        "9999-12-31",
        "0001-01-01",
        dt.date(1699, 12, 31),
        dt.date.max,
    ],
)
def test_only_a_date_is_a_start(start):
    for make in (
        lambda: Scenario.make({"start": start}),
        lambda: Study.make({"title": "t", "arms": ["none"], "start": start}),
        lambda: ta.compare(["none", "sanctuary"], start=start),
    ):
        with pytest.raises(InvalidInput, match="start: expected"):
            make()


def test_a_date_and_its_iso_text_are_a_start():
    for start in (dt.date(2010, 3, 17), "2010-03-17"):
        assert Scenario.make({"start": start}).start == dt.date(2010, 3, 17)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("weeks", True),
        ("weeks", 2.0),
        ("weeks", "2"),
        ("seed", -1),
        ("seed", 2**63),
        ("residents", math.nan),
        ("local_policies", 1),
        ("local_policies", "true"),
        ("levers", {"firewall": True}),
        ("levers", {"firewall": "1"}),
        ("levers", {"firewall": np.bool_(True)}),
        ("levers", {"firewall": math.nan}),
        ("levers", {"ask_status": 3}),
        ("levers", []),
        ("parameters", {"fear_weight": True}),
        ("parameters", {"fear_weight": math.inf}),
        ("parameters", {"fear_weight": 10**400}),
        ("parameters", {"fear": 1}),
        ("parameters", {"fear": "off"}),
        ("town", 3),
        ("neighbors", "cook-il"),
        ("neighbors", [{"town": "cook-il", "residents": 30.0}]),
    ],
)
def test_a_scenario_takes_no_value_of_another_kind(key, value):
    with pytest.raises(InvalidInput, match=f"^scenario: {key}"):
        Scenario.make({key: value})


def test_what_means_the_same_number_is_taken():
    levers = {"firewall": 1, "u_visa": np.float64(0.5), "outreach": np.int64(1)}
    assert Scenario.make({"levers": levers}).plan().levers["outreach"][0] == 1.0
    assert Policy(firewall=1).firewall == 1.0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"replicates": True}, "replicates: expected"),
        ({"replicates": 2.0}, "replicates: expected"),
        ({"replicates": 0}, "replicates: expected at least 1, got 0"),
        ({"draws": "3"}, "draws: expected"),
        ({"burn_in": -1}, "burn_in: expected at least 0, got -1"),
        ({"burn_in": 10**9}, "burn_in: expected at most"),
        ({"workers": 0}, "workers: expected at least 1, got 0"),
        ({"weeks": 1.5}, "weeks: expected"),
        ({"levers": {"firewall": "1"}}, "levers.firewall: expected a valid number"),
    ],
)
def test_a_comparison_is_asked_in_numbers(more, says):
    with pytest.raises(InvalidInput, match=says):
        ta.compare(["none", "sanctuary"], **more)


@pytest.mark.parametrize(
    "policies", [{"a": 3, "b": "none"}, [1, "none"], {"": "none", "b": "none"}]
)
def test_an_arm_is_a_policy_under_a_name(policies):
    with pytest.raises(InvalidInput, match="policies"):
        ta.compare(policies)


VARY: list[tuple[str, Any, str]] = [
    ("fear", [0, 1], "vary.fear.values: expected true or false, got 0"),
    ("publicity", [True], "vary.publicity.values: expected a number from 0 to 2, got True"),
    ("publicity", ["50%"], "vary.publicity.values: expected a number from 0 to 2, got '50%'"),
    ("publicity", [0.5, 2.5], "expected a number from 0 to 2, got 2.5"),
    ("publicity", [0.5, 0.5], "vary.publicity.values: expected each once"),
    ("publicity", [math.nan], "vary.publicity.values.0: expected a number, a word"),
    ("ask_status", ["always"], "vary.ask_status.values: expected one of 'nobody', 'booking'"),
]


@pytest.mark.parametrize(("name", "values", "says"), VARY)
def test_a_study_varies_what_can_be(name, values, says):
    base = {"title": "t", "arms": ["none", "sanctuary"]}
    with pytest.raises(InvalidInput) as caught:
        Study.make(base | {"vary": {name: {"values": values}}})
    assert says in str(caught.value)
    if name != "fear" and values != [0.5, 0.5] and not isinstance(values[0], float):
        points = {"kind": "list", "points": [{name: values[0]}]}
        with pytest.raises(InvalidInput, match=rf"design.points.0.{name}: expected"):
            Study.make(base | {"vary": {name: {}}, "design": points})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("run --weeks 2.7", "--weeks: expected a whole number, got '2.7'"),
        ("run --weeks 1e2", "--weeks: expected a whole number"),
        ("run --residents true", "--residents: expected a whole number"),
        ("run --levers.firewall nan", "levers.firewall: expected a finite number, got nan"),
        ("run --levers.firewall much", "levers.firewall: expected a valid number, got 'much'"),
        ("run --parameters.fear 1", "parameters.fear: expected a valid boolean, got '1'"),
        ("run --start 0", "start: expected a date"),
        ("compare none sanctuary --replicates 2.5", "--replicates: expected a whole number"),
    ],
)
def test_the_command_line_reads_words_as_what_they_stand_for(words, says, capsys):
    with pytest.raises(SystemExit) as left:
        main(words.split())
    assert left.value.code == 2
    assert says in capsys.readouterr().err


def test_messages_are_short_and_printable_whatever_came():
    with pytest.raises(InvalidInput) as caught:
        Scenario.make({"policy": "\x1b[31m" + "x" * 10_000_000, "\n\x07": 1})
    for line in str(caught.value).splitlines():
        assert len(line) < 500
        assert line.isprintable()
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    assert len(shown(deep)) < 100
    assert len(shown(10**5000)) < 200
    assert len(nearest("zzz" * 10**6, [f"word{k}" * 9 for k in range(500)])) < 400
    assert str(OutputExists("a\x1bb")) == r"a\x1bb"


def test_of_many_problems_some_are_told():
    with pytest.raises(InvalidInput) as caught:
        Scenario.make({f"key{k}": k for k in range(1000)})
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("got 980 more")
    assert from_validation is not None
