"""The explorer opened from a disk: its numbers and words are Python's, and it asks nobody."""

from __future__ import annotations

import re

import numpy as np
import pytest
from browser.hands import complaints_of_axe, opening
from explorer_made import ASKED, made
from playwright.sync_api import expect

from trustabm.explorer import settings
from trustabm.explorer.held import Held
from trustabm.explorer.lived import OUTCOMES
from trustabm.explorer.page import page, said
from trustabm.outcomes.estimates import Estimate
from trustabm.runs.experiment import Experiment
from trustabm.telling.wording import worded


@pytest.fixture(scope="module")
def emulator():
    return made(0.05)[0]


@pytest.fixture(scope="module")
def file(tmp_path_factory, emulator):
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    of = [Held(name, 1000, 0.02, 0.1, 0.9) for name in ("all", *OUTCOMES)]
    path.write_bytes(page(ASKED, emulator, of))
    assert path.stat().st_size < 3e6
    return path


@pytest.fixture
def opened(browser, file):
    with opening(browser, worth=("error", "warning"), offline=True) as opened:
        yield lambda **how: opened(file.as_uri(), **how)


def test_numbers_are_those_of_the_emulator_and_words_those_of_an_answer(opened, emulator):
    shown, forms = opened(), said(ASKED)
    for k in range(30):
        setting = settings.drawn(f"{k} shown")
        here = emulator.answer(setting)
        found, words, verdicts = shown.evaluate(
            "s => { const f = answer(s); "
            "return [f, f.map((a, k) => worded(D.forms[k], a)), f.map(verdict)]; }",
            setting,
        )
        for name in ("before", "middle", "low", "high", "known"):
            of_page = np.array([a[name] for a in found], float)
            np.testing.assert_allclose(of_page, getattr(here, name), rtol=1e-9, atol=1e-9)
        each = np.array([a["each"] for a in found]).T
        np.testing.assert_allclose(each, np.sort(here.each, axis=0), rtol=1e-9, atol=1e-9)
        for o, form in enumerate(forms):
            of = [float(x[o]) for x in (here.before, here.middle, here.low, here.high)]
            level, middle, low, high = of
            after = Estimate(
                level + middle, middle, low, high, None, 100 * low / level, 100 * high / level
            )
            assert words[o] == worded(form, Estimate(level), after)
            assert verdicts[o] == after.verdict()


def test_a_lever_moves_by_keys_and_is_answered_within_50_ms(opened):
    shown = opened()
    before = shown.inner_text("#lines")
    lever = shown.get_by_label("Police reach out to immigrant communities")
    lever.focus()
    for _ in range(5):
        shown.keyboard.press("PageUp")
    assert shown.evaluate("moved") == {"outreach": 0.5}
    assert shown.inner_text("#lines") != before
    lasted = shown.evaluate(
        "() => [...Array(9)].map((_, k) => { move('outreach', k / 10); return lasted; })"
    )
    assert sorted(lasted)[4] < 50
    shown.get_by_role("button", name="Back to the rules in force").click()
    expect(shown.locator("#moved")).to_contain_text("Nothing is moved")


def test_levers_that_go_together_move_together(opened):
    shown = opened()
    for setting in ({"firewall": 0.7, "ask_victims": 0.9}, {"ask_status": "arrest"}):
        assert shown.evaluate("s => whole(s)", setting) == pytest.approx(
            settings.whole(setting, ASKED.rules.lines[0].at(ASKED.day))
        )
    shown.evaluate("move('firewall', 1)")
    shown.evaluate("move('ask_victims', 0.4)")
    assert shown.evaluate("moved.firewall") == pytest.approx(0.6)


def test_the_command_and_the_link_ask_the_exact_model_the_same(opened, tmp_path):
    shown = opened()
    shown.evaluate("() => { move('outreach', 0.8); move('ask_status', 'nobody'); }")
    command = shown.evaluate("document.getElementById('command').textContent")
    toml, rest = re.fullmatch(
        r"cat > chosen.toml <<'TOML'\n(.*)\nTOML\n(.*)", command, re.S
    ).groups()
    (tmp_path / "chosen.toml").write_text(toml, encoding="utf-8")
    assert rest == "trustabm compare today chosen.toml --town travis-tx --start 2027-01-01"
    e = Experiment.make(
        {
            "town": "travis-tx",
            "arms": {"today": {"policy": "today"}, "b": {"policy": str(tmp_path / "chosen.toml")}},
            "start": "2027-01-01",
        },
        "test",
    )
    asked = ASKED.compared(shown.evaluate("moved"))
    assert e.lines[1].at(ASKED.day) == asked.lines[1].at(ASKED.day)
    assert e.lines[1].at(ASKED.day).outreach == 0.8
    link = shown.get_attribute("#link", "href")
    assert "/compare?place=travis-tx&from=2027-01&b." in link
    word = "community-trust"
    shown.select_option(
        "#preset", str(shown.evaluate(f"D.presets.findIndex(x => x.word == '{word}')"))
    )
    assert shown.get_attribute("#link", "href").endswith(
        f"/?place=travis-tx&change={word}&from=2027-01"
    )


def test_what_it_does_not_know_it_says(opened):
    shown = opened()
    shown.evaluate("() => { D.unknown = -1; move('outreach', 0.8); }")
    expect(shown.locator("#lines .unknown")).to_have_count(len(OUTCOMES))
    expect(shown.locator("#lines li").first).to_contain_text("I do not know how many")


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_and_a_phone_scrolls_one_way(opened, dark):
    shown = opened(dark=dark, width=390, height=844)
    shown.evaluate("move('outreach', 0.8)")
    assert complaints_of_axe(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390


def test_how_good_it_is_stands_on_the_page(opened):
    expect(opened().locator("#good")).to_contain_text("Tested by 1,000 settings at random")
