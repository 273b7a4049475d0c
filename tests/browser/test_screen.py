"""The screen in a browser: every page, its numbers, its links, its exports, its limits."""

from __future__ import annotations

import csv
import re
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from browser.hands import complaints_of_axe, last, play_to, set_range, wait_for_week, week
from playwright.sync_api import expect
from trustabm_app.shared.address import read
from trustabm_app.town.effects import effects
from trustabm_app.town.replay import once

import trustabm as ta
from trustabm.inputs.policy import LEVERS
from trustabm.outcomes.measures import counts, levels, town_counts
from trustabm.runs.compare import compare_arms
from trustabm.runs.replicates import branches


def test_numbers_on_the_screen_are_the_models(open_page):
    page = open_page("/?a=secure-communities&residents=1000&seed=7&speed=15&burn_in=0")
    play_to(page, 40)
    assert week(page) == 40
    result = ta.run(
        {
            "town": "harris-tx",
            "policy": "secure-communities",
            "residents": 1000,
            "seed": 7,
            "weeks": 40,
        }
    )
    w = result.world
    table = levels(
        w.groups,
        counts(w.tally[14:40, 0]).sum(axis=0),
        town_counts(w.town_tally[14:40, 0]).sum(0),
        w.parameters,
    )
    for group, shown in zip(
        ("latino-undocumented", "latino-mixed", "latino-other", "non-latino"),
        np.array(last(page, "Trust in local police"), float)[[0, 2, 3, 4]],
        strict=True,
    ):
        assert shown == pytest.approx(float(table["trust", group]), rel=1e-6)
    assert last(page, "Victimization")[4] == pytest.approx(
        float(table["victimization", "non-latino"]), rel=1e-6
    )


def test_pause_is_quick_and_holds(open_page):
    page = open_page("/?residents=2000&speed=40")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_for_week(page, 10)
    took = page.evaluate(
        """async () => {
          const b = document.querySelector('[data-do=play]'), t = performance.now();
          b.click();
          while (!b.textContent.includes('Play')) await new Promise(r => setTimeout(r, 5));
          return performance.now() - t;
        }"""
    )
    assert took < 1000  # 0.2 s on a machine that does nothing else
    page.wait_for_timeout(300)
    at = week(page)
    page.wait_for_timeout(400)
    assert week(page) == at
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("() => document.querySelector('.ta-week').textContent === '0'")
    page.wait_for_function("() => document.querySelector('.ta-charts').dataset.rows === '0'")


def test_a_lever_moved_midway_is_marked_linked_and_lived(open_page):
    page = open_page("/?residents=1000&seed=3&speed=15")
    play_to(page, 20)
    page.get_by_text("Set locally", exact=True).click()
    set_range(page, LEVERS["outreach"].title, 1)
    page.wait_for_function("() => location.search.includes('a.outreach@20=1')")
    expect(page.locator(".ta-marks li")).to_have_count(1)
    play_to(page, 40)
    shown = last(page, "Trust in local police")
    setting = read(page.evaluate("location.search"))
    (world,) = branches(setting.experiment(1))
    world.run_for(40)
    table = levels(
        world.groups,
        counts(world.tally[-26:, 0]).sum(axis=0),
        town_counts(world.town_tally[-26:, 0]).sum(axis=0),
        world.parameters,
    )
    assert shown[4] == pytest.approx(float(table["trust", "non-latino"]), rel=1e-6)
    # The link is the run: opened anew, it comes to the same.
    again = open_page("/town" + page.evaluate("location.search"))
    play_to(again, 40)
    assert last(again, "Trust in local police") == shown


def test_levers_that_contradict_each_other_are_refused(open_page):
    page = open_page("/?residents=500")
    page.get_by_text("Set locally", exact=True).click()
    deputized, asked = (LEVERS[name].title for name in ("deputized_share", "ask_status"))
    set_range(page, deputized, 0.5)
    expect(page.locator(".ta-transport .ta-problem")).to_contain_text(f"set “{asked}”")
    expect(page.get_by_role("slider", name=deputized, exact=True)).to_have_value("0")


def test_a_click_tells_a_life(open_page):
    page = open_page("/?residents=500&a=secure-communities&speed=15")
    play_to(page, 30)
    page.get_by_role("spinbutton", name="Resident number").fill("12")
    page.keyboard.press("Tab")
    box = page.get_by_role("region", name="A resident's story")
    expect(box).to_contain_text("Resident 12 is")
    page.locator(".ta-pane").click(position={"x": 200, "y": 200})
    expect(box).to_contain_text("trust in local police is")


TEN_TOWNS = {
    "policies": ["none", "secure-communities"],
    "town": "harris-tx",
    "residents": 500,
    "weeks": 52,
    "burn_in": 52,
    "replicates": 10,
    "seed": 1,
}


def ten_towns(open_page):
    """Return the page of a comparison after it has lived through ten towns."""
    page = open_page("/compare?residents=500&weeks=52&burn_in=52&replicates=10")
    page.get_by_role("button", name="Run many towns").click()
    page.wait_for_selector(".ta-outcome[data-towns='10']", timeout=60_000)
    return page


def test_many_towns_give_effects_with_intervals(open_page):
    page = ten_towns(open_page)
    comparison = ta.compare(**TEN_TOWNS)
    shown = page.locator(".ta-findings li").all_text_contents()
    assert shown == comparison.findings()
    for action, head in (
        ("CSV table", b"\xef\xbb\xbfoutcome,"),
        ("SVG drawing", b"<?xml"),
        ("PNG picture", b"\x89PNG"),
    ):
        page.get_by_label("Take away: Effects").click()
        with page.expect_download() as download:
            page.locator(".ta-outcome .ta-items button", has_text=action).click()
        assert Path(download.value.path()).read_bytes().startswith(head)


def test_what_carries_an_effect_is_shown_when_it_is_asked(open_page):
    page = ten_towns(open_page)
    page.get_by_role("button", name="What carries this effect?").click()
    page.wait_for_selector(".ta-parts", timeout=120_000)
    comparison = ta.compare(**TEN_TOWNS, why=True)
    assert page.locator(".ta-parts li").all_text_contents() == comparison.carried()
    rows = page.locator(".ta-parts table").first.get_by_role("row")
    assert rows.count() == 1 + len(comparison.why(["reporting"], ["latino"]))
    expect(rows.filter(has=page.get_by_role("rowheader", name="hearsay"))).to_have_count(1)
    assert not complaints_of_axe(page)
    page.get_by_label("Take away: Parts").click()
    with page.expect_download() as download:
        page.locator(".ta-parts .ta-items button", has_text="CSV table").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbfarm,outcome,group")


def test_a_switched_model_stands_beside_the_model_as_it_is(open_page):
    words = "residents=500&weeks=52&burn_in=0&replicates=10"
    page = open_page(f"/compare?{words}&model=without-fear")
    page.get_by_role("button", name="Run many towns").click()
    box = page.get_by_role("region", name="What the switch does")
    box.get_by_role("region", name="Effects beside each other").wait_for(timeout=120_000)
    setting = read(words)
    both = [
        effects(compare_arms(of.experiment(2), workers=1))
        for of in (setting, replace(setting, model="without-fear"))
    ]
    rows = box.locator("tbody tr")
    assert [row.locator("td").all_inner_texts() for row in rows.all()] == [
        [x for e in pair for x in (e.change, e.interval, e.verdict)]
        for pair in zip(*both, strict=True)
    ]
    assert any(a.change != b.change for a, b in zip(*both, strict=True))
    assert not complaints_of_axe(page)


def test_an_ensemble_can_be_cancelled(open_page):
    page = open_page("/compare?residents=20000&weeks=1040&replicates=200")
    page.get_by_role("button", name="Run many towns").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Stopped.")).to_be_visible(timeout=30_000)


def test_two_towns_differ_and_say_what_differs(open_page):
    page = open_page("/compare?residents=500&b=287g-task-force-2025")
    expect(page.locator(".ta-pane")).to_have_count(1)
    expect(page.locator(".ta-once")).to_have_text(once(2))
    assert "mode=" not in page.evaluate("location.search")
    page.get_by_role("button", name="Trust", exact=True).click()
    expect(page.locator(".ta-pane")).to_have_count(2)
    page.get_by_role("button", name="Step").click()
    wait_for_week(page, 1)
    table = page.get_by_role("region", name="Levers, old and new")
    expect(table).to_contain_text(LEVERS["deputized_share"].title)
    assert "mode=trust" in page.evaluate("location.search")
    # Whose lives part: told side by side, as illustrations.
    for _ in range(12):
        page.get_by_role("button", name="Step").click()
    wait_for_week(page, 13)
    box = page.get_by_role("region", name="A resident's story")
    expect(box).to_contain_text("They are illustrations of one seed")
    first = box.get_by_role("button").first
    name, number = re.fullmatch(r"(\w+), (\d+): \d+ weeks?", first.inner_text()).groups()
    first.click()
    expect(box).to_contain_text(f"{name}. Resident {number} is")
    expect(box.locator(".ta-lives ol")).to_have_count(2)
    assert box.locator(".ta-lives li.differs").count() > 0


def test_a_held_key_loses_no_step_and_makes_one_change(open_page):
    page = open_page("/town?residents=500")
    page.get_by_role("button", name="Step").click()
    wait_for_week(page, 1)
    page.get_by_text("Set locally", exact=True).click()
    lever = page.get_by_role("slider", name=LEVERS["outreach"].title, exact=True)
    lever.focus()
    for _ in range(10):  # pressed once, and repeated as by a keyboard
        page.keyboard.down("ArrowRight")
        page.wait_for_timeout(40)
    assert "outreach" not in page.evaluate("location.search")
    page.keyboard.up("ArrowRight")
    page.wait_for_function("() => location.search.includes('a.outreach@1=0.5')")
    expect(lever).to_have_value("0.5")
    expect(page.locator(".ta-marks li")).to_have_count(1)


def test_a_chart_can_be_taken_away(open_page):
    page = open_page("/?residents=500")
    page.get_by_role("button", name="Step").click()
    wait_for_week(page, 1)
    menu = page.get_by_label("Take away: Trust in local police")
    for action, ending in (
        ("png", b"\x89PNG"),
        ("svg", b"<?xml"),
        ("csv", b"\xef\xbb\xbfweek,date"),
    ):
        menu.click()
        with page.expect_download() as download:
            page.locator(f".ta-card >> nth=0 >> [data-action={action}]").click()
        data = Path(download.value.path()).read_bytes()
        assert data.startswith(ending)
    assert len(list(csv.reader(data.decode().splitlines()))) == 2
    menu.click()
    page.locator(".ta-card >> nth=0 >> [data-action=code]").click()
    expect(page.locator("dialog")).to_contain_text("trustabm run --policy none --town harris-tx")
    page.get_by_role("button", name="Close").click()


@pytest.mark.parametrize(
    "search",
    [
        "residents=999999999&seed=x&weeks=-5&mode=%3Cscript%3E&town=../../etc/passwd&a=evil.toml",
        "residents=nan&speed=inf&a.firewall=1e999&a.deputized_share=1&a.nonsense=1&charts=,,x&b="
        + "9" * 900,
    ],
)
def test_hostile_addresses_are_clamped(open_page, search):
    page = open_page("/compare?" + search)
    expect(page.get_by_role("slider", name="Residents simulated")).to_have_value(
        re.compile("2000|20000")
    )
    said = page.locator(".ta-notice")
    expect(said).to_contain_text("Not all that this link asks for can be had.")
    expect(said).to_contain_text("residents: expected a number from 500 to 20000")


def test_what_a_link_cannot_have_is_said_until_the_setting_changes(open_page):
    page = open_page("/compare?residents=500&town=nowhere&b=nope")
    said = page.locator(".ta-notice[role=alert] li")
    expect(said).to_have_count(2)
    expect(said.first).to_have_text("town: there is no “nowhere” here. Shown is “harris-tx”.")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "No entanglement, or Secure Communities?"
    )
    page.get_by_text("When, and whose luck").click()
    seed = page.get_by_role("spinbutton", name="Seed of its luck")
    seed.fill("9999999")
    seed.press("Tab")
    expect(said).to_have_text(
        ["seed: expected a number from 0 to 999999, got “9999999”; shown is 999999."]
    )
    expect(seed).to_have_value("999999")


def test_what_a_reload_loses_is_said(open_page):
    page = open_page("/?residents=500&seed=3")
    for k in (1, 2):
        page.get_by_role("button", name="Step").click()
        wait_for_week(page, k)
    page.reload()
    expect(page.locator("#ta-lost")).to_contain_text("Lost: the run up to week 2.")
    page.wait_for_selector(".ta-map[data-painted]", timeout=30_000)
    assert week(page) == 0


def test_other_origins_and_hosts_are_refused(url):
    for header in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(url, headers=header))
        assert refused.value.code == 403
        refused.value.close()
