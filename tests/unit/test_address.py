"""What a link says becomes a setting, whatever it says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trustabm_app.shared.address import LEVERS, LIMITS, Setting, Turn, read
from trustabm_app.shared.asked import TOWN

import trustabm as ta
from trustabm.inputs import catalog
from trustabm.inputs.timeline import Preset, timeline
from trustabm.runs.replicates import branches
from trustabm.runs.reproduce import python, shell

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
    setting.experiment(2)
    for name, (low, high, _) in LIMITS.items():
        assert low <= getattr(setting, name) <= high
    again = read(setting.query())
    assert again == setting
    assert not again.notices


SIZE = "residents: expected a number from 500 to 20000 in steps of 500, got"
LEFT = "is left out: expected"

NOTICES = {
    "town=nowhere": "town: there is no “nowhere” here. Shown is “harris-tx”.",
    "town=haris-tx": "town: there is no “haris-tx” here; did you mean “harris-tx”? "
    "Shown is “harris-tx”.",
    "town=": "town: there is no “” here. Shown is “harris-tx”.",
    "a=%00": "a: there is no “\\x00” here. Shown is “none”.",
    "b=nope": "b: there is no “nope” here; did you mean “none”? Shown is “secure-communities”.",
    "b=../etc/passwd": "b: there is no “../etc/passwd” here. Shown is “secure-communities”.",
    "mode=%FF": "mode: there is no “\ufffd” here. Shown is what a page begins with.",
    "group=everybody": "group: there is no “everybody” here. Shown is “latino”.",
    "local=yes": "local: there is no “yes” here. Shown is “0”.",
    "residents=nan": f"{SIZE} “nan”; shown is 2000.",
    "residents=many": f"{SIZE} “many”; shown is 2000.",
    "residents=1_000": f"{SIZE} “1_000”; shown is 2000.",
    "residents=%EF%BC%91000": f"{SIZE} “\uff11000”; shown is 2000.",
    "residents=1e999": f"{SIZE} “1e999”; shown is 20000.",
    "residents=1300": f"{SIZE} “1300”; shown is 1500.",
    "weeks=-5": "weeks: expected a number from 52 to 1040 in steps of 52, got “-5”; shown is 52.",
    "seed=1.5": "seed: expected a number from 0 to 999999, got “1.5”; shown is 2.",
    "year=2010-03-17": "year: expected a number from 1980 to 2040, got “2010-03-17”; "
    "shown is 2010.",
    "charts=trust,x": "charts: there is no outcome “x”; it is left out.",
    "charts=": "charts: no outcome is left of them; shown are the usual ones.",
    "seed=3&seed=4": "“seed” is asked for more than once; the last one holds.",
    "sed=3": "“sed” is no word of a link and is left out; did you mean “seed”?",
    "end=2010-03-17": "“end” is no word of a link and is left out.",
    "<b>=1": "“<b>” is no word of a link and is left out.",
    "9" * 900 + "=1": f"“{'9' * 40}…” is no word of a link and is left out.",
    "a.firewal=1": "“a.firewal” is left out: there is no such lever; did you mean “firewall”?",
    "a.__class__=1": "“a.__class__” is left out: there is no such lever.",
    "b.firewall=2": f"“b.firewall” {LEFT} a number from 0 to 1, got “2”.",
    "b.firewall=nan": f"“b.firewall” {LEFT} a number from 0 to 1, got “nan”.",
    "a.firewall@260=1": f"“a.firewall@260” {LEFT} a week before 260, got 260.",
    "a.firewall@x=1": "“a.firewall@x” is left out: there is no such lever; "
    "did you mean “firewall”?",
    "b.ask_status=no": f"“b.ask_status” {LEFT} one of nobody, booking, arrest, stop, got “no”.",
}


@pytest.mark.parametrize("search", NOTICES)
def test_what_cannot_be_had_is_said_and_what_is_shown_instead(search):
    setting = read(search)
    assert setting.notices == (NOTICES[search],)
    assert not read(setting.query()).notices


@pytest.mark.parametrize(
    "search",
    ["", "?seed=4", "residents=2000.0", "seed=3&seed=3", "lesson=x&study=y&at.town=z&weeks=104"],
)
def test_what_can_be_had_and_other_pages_words_are_no_matter(search):
    assert read(search).notices == ()


def test_levers_that_contradict_each_other_are_left_out_and_that_is_said():
    setting = read("a.deputized_share=0.5&seed=3")
    assert setting.turns == ()
    (said,) = setting.notices
    assert said.startswith("“a.deputized_share” is left out: ")
    assert "set ask_status" in said


def test_a_link_of_any_length_is_read_and_what_is_cut_is_said():
    many = "&".join(f"x{k}=1" for k in range(500))
    said = read(many).notices
    assert said[0] == "The link has more than 200 words; the rest is left out."
    assert said[-1] == "And 193 more that cannot be had."
    assert len(said) == 9
    assert read("town=" + "x" * 9000).notices == (
        "The link is longer than 8,000 characters; the rest is left out.",
        f"town: there is no “{'x' * 40}…” here. Shown is “harris-tx”.",
    )


def test_every_word_of_a_setting_is_known():
    assert set(TOWN) == {f.name for f in fields(Setting)} - {"turns", "notices"}


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
    (said,) = setting.notices
    assert "with the town's own policies: deputized_share: expected 0 while" in said
    assert not read(setting.query()).notices
    assert read("town=harris-tx&a=us-history&local=1").local


def test_code_names_a_file_only_where_a_lever_was_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "TOML" not in shell(Setting().experiment(2))
    setting = read("a=secure-communities&a.outreach@4=1&residents=500&weeks=52")
    scope: dict[str, ta.Result] = {}
    exec(python(setting.experiment(1)), scope)
    (world,) = branches(setting.experiment(1))
    world.run_for(52)
    ran = scope["result"].world
    # The run begins with the 104 weeks before; groups are as of its first week, totals are alike.
    assert len(ran.tally) == 104 + 52
    for name in ("stops", "violent", "trust", "removals"):
        totals = (x.tally[name][-52:, 0].sum(axis=1) for x in (ran, world))
        np.testing.assert_allclose(*totals, rtol=1e-12)


def test_a_lever_set_to_what_holds_anyway_is_not_in_the_link():
    setting = read("a=none&residents=500")
    assert setting.policy("a") == "none"
    held = setting.timeline("a").at(setting.start).outreach
    assert setting.turned(Turn("a", 0, "outreach", held)) == setting
    moved = setting.turned(Turn("a", 0, "outreach", 0.5))
    assert "a.outreach=0.5" in moved.query()
    assert moved.turned(Turn("a", 0, "outreach", held)) == setting


def test_a_structure_or_a_mechanism_is_switched_for_both_arms():
    off = read("model=without-news").experiment(2)
    assert (off.parameters.news, off.structures) == (False, None)
    other = read("model=threshold").experiment(2)
    assert (other.parameters.by_threshold, other.structures) == (1.0, ("threshold",))
    assert read("model=threshold").experiment(1).parameters.by_threshold == 1.0
    assert Setting().experiment(2).parameters.model_fields_set == set()
    assert read("model=without-sense").notices == (
        "model: there is no “without-sense” here; did you mean “without-cases”? "
        "Shown is the model as it is.",
    )


def test_a_shared_pool_gives_the_same_comparison():
    values = {"replicates": 5, "weeks": 4, "burn_in": 2, "residents": 200}
    alone = ta.compare(["none", "secure-communities"], workers=1, **values)
    with ThreadPoolExecutor(2) as pool:
        shared = ta.compare(["none", "secure-communities"], pool=pool, **values)
    assert (alone.sums == shared.sums).all()


def test_an_arm_says_which_levers_its_policy_changes():
    words = Setting(a="u-visa", b="us-history").words
    line = catalog.read("policies", "u-visa", Preset).line()
    assert words("a").endswith(line)
    assert words("b") == timeline("us-history").sentence
