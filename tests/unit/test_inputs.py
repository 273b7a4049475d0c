"""What a bad input is told: the file, the key, what was expected, what came, the nearest name."""

from __future__ import annotations

import pytest

from trustabm.errors import InvalidInput, TrustabmError, nearest
from trustabm.inputs.policy import LEVERS, Policy
from trustabm.inputs.timeline import policy, timeline
from trustabm.inputs.town import town
from trustabm.runs.scenario import Scenario

BAD = {
    "unknown key": ("residnts = 100", ["residnts", "'residents'"]),
    "unknown parameter": ("[parameters]\nfear_wieght = 1", ["fear_wieght", "'fear_weight'"]),
    "unknown lever": ("[levers]\nfirewal = 1", ["firewal", "'firewall'"]),
    "unknown town": ('town = "haris-tx"', ["haris-tx", "'harris-tx'"]),
    "unknown policy": ('policy = "secure-comunities"', ["'secure-communities'"]),
    "wrong type": ('weeks = "many"', ["weeks", "integer", "many"]),
    "too small": ("residents = 3", ["residents", "20", "3"]),
    "parameter out of bounds": ("[parameters]\nfear_weight = 99", ["fear_weight", "at most", "99"]),
    "lever out of bounds": ("[levers]\nfirewall = 1.5", ["firewall", "1.5"]),
    "lever of wrong type": ('[levers]\nask_status = "always"', ["ask_status", "always", "stop"]),
    "contradiction": (
        "[levers]\nfirewall = 0.8\nask_victims = 0.5",
        ["ask_victims", "0.2", "0.5", "firewall"],
    ),
    "deputized but not to ask": (
        "[levers]\ndeputized_share = 0.5",
        ["deputized_share", "ask_status", "'nobody'", "0.5"],
    ),
    "not a number": ("[parameters]\nfear_weight = nan", ["fear_weight"]),
    "bad date": ('start = "last year"', ["start", "date", "last year"]),
    "not TOML": ("residents = = 3", ["TOML"]),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_scenario_file_is_told_what_is_wrong(case, tmp_path):
    text, parts = BAD[case]
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        Scenario.read(path)
    message = str(caught.value)
    for part in ("bad.toml", *parts):
        assert part in message, message


def test_every_problem_is_named_at_once(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text('weeks = "x"\nresidents = 1\nsede = 3')
    with pytest.raises(InvalidInput) as caught:
        Scenario.read(path)
    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=r"absent\.toml"):
        Scenario.read(tmp_path / "absent.toml")


@pytest.mark.parametrize("read", [policy, timeline, town])
def test_a_name_that_does_not_exist_is_answered_with_one_that_does(read):
    with pytest.raises(InvalidInput, match=r"did you mean|expected one of"):
        read("secure-communitees")


def test_a_users_own_policy_file_is_read_like_a_shipped_one(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "M"\nsentence = "S."\nsource = "X"\n[levers]\nfirewall = 0.5\n')
    assert policy(str(path)) == Policy(firewall=0.5)
    path.write_text('title = "M"\nsentence = "S."\nsource = "X"\n[levers]\nfirewal = 0.5\n')
    with pytest.raises(InvalidInput, match="did you mean 'firewall'"):
        policy(str(path))


def test_errors_are_ours():
    assert issubclass(InvalidInput, TrustabmError)
    assert issubclass(InvalidInput, ValueError)


def test_nearest_lists_all_where_nothing_is_near():
    assert nearest("zzz", ["alpha", "beta"]) == "expected one of 'alpha', 'beta'"


def test_bounds_themselves_are_allowed():
    for name, lever in LEVERS.items():
        if name not in ("ask_status", "deputized_share"):
            for end in (lever.low, lever.high):
                assert getattr(Policy(**{name: end}), name) == end
