"""A study put together on the screen: its cost before, its run, its stop, and what comes of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from browser.hands import complaints_of_axe, settled
from playwright.sync_api import expect

import trustabm as ta
from trustabm.study.definition import Study

BEGUN = "?place=mecklenburg-nc&change=287g-task-force-2025&from=2027-01&replicates=5"
"""A link that holds the beginning of one."""


@pytest.fixture
def box(open_page):
    def opened(search, **how):
        page = settled(open_page("/studies" + search, wait="h1", **how))
        return page, page.get_by_role("region", name="Put a study together")

    return opened


def filled(page, box, label, value, word):
    """Type a number and wait until the address holds it."""
    box.get_by_label(label, exact=True).fill(value)
    page.keyboard.press("Tab")
    page.wait_for_function("x => decodeURIComponent(location.search).includes(x)", arg=word)


def test_a_study_is_put_together_run_and_opened(box, tmp_path):
    page, here = box(BEGUN)
    expect(here.get_by_role("status")).to_contain_text("Say a place, a change and a lever")
    here.get_by_label("Lever 1", exact=True).select_option("publicity")
    expect(here.get_by_label("Values of lever 1")).to_have_value("2")
    filled(page, here, "Lowest of lever 1", "0.5", "vary.publicity=0.5:2:2")
    filled(page, here, "Residents of a town", "300", "residents=300")
    filled(page, here, "Weeks after the change", "6", "weeks=6")
    expect(here).to_contain_text("2 points × 5 towns × 2 arms = 20 runs, of which 15 are lived")
    expect(here).to_contain_text(re.compile(r"about [0-9]+ seconds? on this server"))
    assert complaints_of_axe(page) == []
    with page.expect_download() as download:
        here.get_by_role("button", name="Study file (TOML)").click()
    study = Study.make(tomllib.loads(Path(download.value.path()).read_text("utf-8")))
    link = page.evaluate("location.search")
    here.get_by_role("button", name="Run", exact=True).click()
    expect(here.get_by_role("link", name="Open the study")).to_be_visible(timeout=120_000)
    expect(here).to_contain_text("20 of them are there")
    expect(here.get_by_role("button", name="Run")).to_have_count(0)
    assert complaints_of_axe(page) == []

    # A link holds what was put together, and what ran is there and in nobody's list.
    other, there = box(link, dark=True, width=390, height=844)
    expect(there).to_contain_text("20 of them are there")
    expect(other.locator(".ta-studies .ta-box")).to_have_count(3)
    assert complaints_of_axe(other) == []

    here.get_by_role("link", name="Open the study").click()
    page.wait_for_url("**study=composed-*")
    rows = page.get_by_role("region", name="Effects", exact=True).locator("tbody tr")
    expect(rows).to_have_count(2, timeout=60_000)
    ta.sweep(study, tmp_path / "here", workers=1)
    known = ta.open_study(tmp_path / "here").effects()
    known = known[(known["outcome"] == "reporting") & (known["group"] == "latino")]
    shown = [float(row.get_attribute("data-difference")) for row in rows.all()]
    assert shown == list(known["difference"])


def test_what_cannot_be_had_is_said_and_nothing_runs(box):
    _, here = box(BEGUN.replace("mecklenburg-nc", "Mecklenburg") + "&vary.publicity=0:2:2")
    expect(here.get_by_role("alert")).to_contain_text("Mecklenburg County, Virginia")
    _, here = box(BEGUN.replace("mecklenburg-nc", "TX") + "&vary.publicity=0:2:2")
    expect(here.get_by_role("alert")).to_contain_text("a study takes one county or town")
    levers = "".join(f"&vary.{x}=0:1:5" for x in ("publicity", "ice_capacity", "firewall"))
    # 125 settings of the change in 5 towns, and the reference once in each: 5 lives more.
    _, here = box(BEGUN + levers + "&residents=5000&weeks=104")
    expect(here).to_contain_text("125 points × 5 towns × 2 arms = 1,250 runs, of which 630")
    expect(here).not_to_contain_text("of them are there")


def test_one_that_is_cancelled_keeps_what_is_done_and_goes_on(box, tmp_path):
    levers = "".join(f"&vary.{x}=0:1:5" for x in ("publicity", "ice_capacity", "firewall"))
    _, here = box(BEGUN + levers + "&residents=500&weeks=52&replicates=5")
    expect(here).to_contain_text("125 points × 5 towns × 2 arms = 1,250 runs")
    here.get_by_role("button", name="Run", exact=True).click()
    expect(here.get_by_role("status").filter(has_text=" runs so far.")).to_be_visible()
    here.get_by_role("button", name="Cancel").click()
    again = here.get_by_role("button", name="Run again")
    expect(again).to_be_visible()
    some = re.search(r"([0-9,]+) of them are there", here.inner_text())
    assert some is not None
    assert 0 < int(some[1].replace(",", "")) < 1250
    again.click()
    expect(here).to_contain_text("1,250 of them are there", timeout=120_000)
    expect(again).to_have_count(0)
