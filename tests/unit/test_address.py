"""What a link says becomes a setting, whatever it says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trustabm_app.address import LEVERS, LIMITS, Setting, Turn, read

import trustabm as ta

WORDS = st.sampled_from(
    [*LIMITS, "town", "a", "b", "mode", "group", "charts", "local", "turns"]
    + [f"{arm}.{lever}" for arm in "ab" for lever in list(LEVERS)[:8]]
    + ["a.firewall@52", "b.ask_status@9999999", "a.__class__", "b."]
)
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["nan", "inf", "-1e999", "1", "0.5", "stop", "none", "us-history", "../x.toml"]
    ),
)


@given(st.lists(st.tuples(WORDS, VALUES), max_size=8))
def test_any_address_gives_a_setting_that_can_be_run(pairs):
    from urllib.parse import urlencode

    setting = read(urlencode(pairs))
    setting.design(2)
    for name, (low, high, _) in LIMITS.items():
        assert low <= getattr(setting, name) <= high
    assert read(setting.query()) == setting


def test_a_setting_comes_back_from_its_link():
    setting = Setting(town="king-wa", a="us-history", residents=4000, local=True, mode="risk")
    setting = setting.turned(Turn("a", 52, "firewall", 0.5)).turned(Turn("b", 0, "outreach", 1.0))
    assert read(setting.query()) == setting


def test_levers_that_contradict_each_other_are_an_error():
    with pytest.raises(ValueError, match="ask_status"):
        Setting().turned(Turn("a", 10, "deputized_share", 0.5))


@pytest.mark.parametrize("arm", ["a", "b"])
def test_a_towns_own_policies_that_contradict_an_arm_are_left_out_and_that_is_said(arm):
    setting = read(f"town=harris-tx&{arm}=287g-task-force-2025&local=1&seed=5")
    assert not setting.local
    assert (setting.seed, setting.policy(arm)) == (5, "287g-task-force-2025")
    assert "with the town's own policies: deputized_share: expected 0 while" in setting.problem
    assert not read(setting.query()).problem
    assert read("town=harris-tx&a=us-history&local=1").local


def test_code_names_a_file_only_where_a_lever_was_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "TOML" not in Setting().code("shell", 2)
    setting = read("a=secure-communities&a.outreach@4=1&residents=500&weeks=52")
    scope: dict[str, ta.Result] = {}
    exec(setting.code("python", 1), scope)
    from trustabm.replicates import arm

    world = arm(setting.design(1), 0, 0, keep_events=False)
    assert (scope["result"].world.tally == world.tally).all()


def test_a_shared_pool_gives_the_same_comparison():
    values = {"replicates": 5, "weeks": 4, "burn_in": 2, "residents": 200}
    alone = ta.compare(["none", "secure-communities"], workers=1, **values)
    with ThreadPoolExecutor(2) as pool:
        shared = ta.compare(["none", "secure-communities"], pool=pool, **values)
    assert (alone.sums == shared.sums).all()
