"""A replay opened from the disk: what it plays is the model's, and it asks nobody for anything."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from browser.hands import complaints_of_axe, last, opening
from playwright.sync_api import expect
from thirds import written
from trustabm_app.shared.address import read
from trustabm_app.town.replay import of_setting
from trustabm_app.town.scene import homes

import trustabm as ta
from trustabm.outcomes.measures import counts, levels, town_counts
from trustabm.runs.scenario import Scenario
from trustabm.state.layout import ethnicity
from trustabm.week.world import beliefs

POLICIES = ("none", "287g-task-force-2025")
COMMON = {"town": "harris-tx", "residents": 600, "weeks": 80, "burn_in": 26, "replicates": 2}


def trustabm(*words):
    start = "from trustabm.cli import main; main()"
    subprocess.run([sys.executable, "-c", start, *words], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def comparison():
    return ta.compare(POLICIES, **COMMON)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("replay") / "replay.html"
    options = [f"--{k.replace('_', '-')}={v}" for k, v in COMMON.items()]
    trustabm("compare", *POLICIES, *options, "--replay", str(path))
    return path


@pytest.fixture
def open_file(browser):
    """Return a function that opens a file; whatever it asks for or complains of fails the test."""
    with opening(browser, worth=("error", "warning"), offline=True) as opened:

        def open_path(path, **how):
            page = opened(path.as_uri(), **how)
            page.wait_for_selector("body[data-ready] .ta-map[data-painted]", timeout=20_000)
            return page

        yield open_path


def seek(page, week):
    page.evaluate(
        "k => { const bar = document.getElementById('bar'); bar.value = k;"
        " bar.dispatchEvent(new Event('input')); }",
        week,
    )
    wait_for_week(page, week)


def wait_for_week(page, week):
    page.wait_for_function(
        "n => +document.querySelector('.ta-charts').dataset.week === n"
        " && +document.querySelector('.ta-map').dataset.painted === n",
        arg=week,
        timeout=20_000,
    )


def lived(comparison, arm, week):
    """Return a replicate's world in a week of an arm."""
    from trustabm.runs.replicates import branches

    world = branches(comparison.experiment)[arm]
    world.run_for(week)
    return world


def test_what_is_played_is_what_the_model_says(open_file, file, comparison):
    page = open_file(file)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => +document.querySelector('.ta-week').textContent >= 4")
    page.get_by_role("button", name="Pause").click()
    week = int(page.locator(".ta-week").text_content())
    for k in range(week + 1, 31):
        page.get_by_role("button", name="Step").click()
        wait_for_week(page, k)
    page.get_by_role("spinbutton").fill("37")
    page.keyboard.press("Enter")
    for week in (30, 80, 44):  # forward, and back
        seek(page, week)
        shown = page.locator("#who p").all_text_contents()
        for arm in (0, 1):
            world = lived(comparison, arm, week)
            flow = levels(
                world.groups,
                counts(world.tally[-26:, 0]).sum(axis=0),
                town_counts(world.town_tally[-26:, 0]).sum(axis=0),
                world.parameters,
            )
            value = last(page, "Trust in local police, Latino")[arm]
            assert value == pytest.approx(float(flow["trust", "latino"]), rel=1e-6)
            value = last(page, "Victimization, Latino")[arm]
            assert value == pytest.approx(float(flow["victimization", "latino"]), rel=1e-6)
            told = float(re.search(r"trust in local police (\d\.\d\d)", shown[arm])[1])
            assert told == pytest.approx(beliefs(world)[0][37], abs=0.008)
    assert page.locator(".ta-findings li").all_text_contents() == comparison.findings()


def test_a_third_group_of_a_town_file_has_its_names_and_colours(open_file, tmp_path):
    town = written(tmp_path)
    words = f"--town {town} --policy none --weeks 52 --residents 600"
    trustabm("run", *words.split(), "--replay", str(tmp_path / "third.html"))
    page = open_file(tmp_path / "third.html")
    page.get_by_role("button", name="Status", exact=True).click()
    keys = page.locator(".ta-key").all_text_contents()
    assert keys[4:9] == [
        "Asian, undocumented",
        "Asian, provisionally registered",
        "Asian, citizen or lawful, someone undocumented close",
        "Other Asian",
        "Neither Latino nor Asian",
    ]
    dot = page.locator(".ta-key .ta-dot").nth(4)
    assert dot.evaluate("d => getComputedStyle(d).backgroundColor") == "rgb(136, 34, 85)"
    seek(page, 40)
    scenario = Scenario(town=town, weeks=52, residents=600)
    state = scenario.world().state
    someone = int(np.flatnonzero(ethnicity(state) == 1)[0])
    page.get_by_role("spinbutton").fill(str(someone))
    page.keyboard.press("Enter")
    expect(page.locator("#who")).to_contain_text("Asian")


def test_it_is_driven_by_keyboard_and_starts_again_at_the_end(open_file, file, comparison):
    page = open_file(file)
    bar = page.get_by_role("slider", name="Week")
    bar.focus()
    page.keyboard.press("End")
    wait_for_week(page, 80)
    assert bar.get_attribute("aria-valuetext") == "Week 80, July 2011"
    page.keyboard.press("ArrowLeft")
    wait_for_week(page, 79)
    page.keyboard.press("End")
    page.get_by_role("button", name="Play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => +document.querySelector('.ta-week').textContent < 40")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("() => document.querySelector('.ta-charts').dataset.rows === '0'")
    page.get_by_role("button", name="Difference").click()
    expect(page.locator(".ta-pane")).to_have_count(1)
    x, y = np.frombuffer(homes(lived(comparison, 0, 0)), "<u2").reshape(-1, 2)[37] / 65535
    box = page.locator(".ta-pane").bounding_box()
    at = {"x": x * box["width"], "y": y * (box["height"] - 34)}  # above the strip of the jail
    page.locator(".ta-pane").click(position=at)
    expect(page.locator("#who p")).to_have_count(2)
    expect(page.locator("#resident")).not_to_have_value("")


def test_it_is_for_everybody(open_file, file):
    page = open_file(file)
    seek(page, 40)
    assert not complaints_of_axe(page)
    page.get_by_role("button", name="Switch to dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 16, 20)"
    assert not complaints_of_axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_role("button", name="Play")).to_be_in_viewport()


def test_one_town_is_played_from_the_command_line(open_file, tmp_path):
    path = tmp_path / "town.html"
    words = "--town harris-tx --policy us-history --weeks 260 --residents 500 --seed 3"
    trustabm("run", *words.split(), "--replay", str(path))
    page = open_file(path)
    seek(page, 260)
    result = ta.run(
        {
            "town": "harris-tx",
            "policy": "us-history",
            "weeks": 260,
            "residents": 500,
            "seed": 3,
        }
    )
    w = result.world
    table = levels(
        w.groups,
        counts(w.tally[-26:, 0]).sum(axis=0),
        town_counts(w.town_tally[-26:, 0]).sum(axis=0),
        w.parameters,
    )
    value = float(table["trust", "non-latino"])
    assert last(page, "Trust in local police")[4] == pytest.approx(value, rel=1e-6)
    expect(page.locator("#ticks span")).to_have_count(3)
    expect(page.locator(".ta-marks li")).to_have_count(3)
    assert "--seed 3 --replay replay.html" in page.locator("main").text_content()


@pytest.mark.parametrize(
    ("search", "arms"),
    [
        ("residents=500&weeks=52&burn_in=0&a=us-history&local=1", 1),
        ("residents=500&weeks=52&burn_in=0&replicates=10&a.outreach=0.5&b.outreach@20=1", 2),
    ],
)
def test_the_command_in_it_makes_it_again(tmp_path, search, arms):
    def recording(page):
        return re.search(r'id="recording">([^<]+)<', page)[1]

    page = of_setting(read(search), arms).decode()
    command = html.unescape(re.search(r'again:</p><pre tabindex="0">([^<]+)</pre>', page)[1])
    folder = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = os.environ | {"PATH": folder}
    subprocess.run(["bash", "-ec", command], cwd=tmp_path, env=env, check=True, capture_output=True)
    assert recording((tmp_path / "replay.html").read_text("utf-8")) == recording(page)
    # Of one town that lives before week 0 no command is the same to the week, and it is said.
    begun = of_setting(read(search.replace("burn_in=0", "burn_in=52")), arms).decode()
    assert ("begin 52 weeks earlier:" in begun) == (arms == 1)


def test_the_town_on_the_screen_is_given_as_a_replay(open_page, open_file, tmp_path):
    page = open_page("/?residents=500&weeks=52&a=secure-communities")
    with page.expect_download() as download:
        page.get_by_role("button", name="Replay (HTML)").click()
    assert download.value.suggested_filename == "trustabm-secure-communities-replay.html"
    path = tmp_path / "r.html"
    download.value.save_as(path)
    played = open_file(path)
    seek(played, 1)
    page.get_by_role("button", name="Step").click()
    page.wait_for_function("() => document.querySelector('.ta-charts').dataset.week === '1'")
    title = "Trust in local police"
    assert last(played, title) == last(page, title)


def test_everything_of_a_comparison_is_taken_away(open_page, open_file, tmp_path):
    page = open_page("/compare?residents=500&weeks=52&burn_in=52&replicates=10")
    page.get_by_role("button", name="Run many towns").click()
    page.wait_for_selector(".ta-outcome[data-towns='10']", timeout=60_000)
    findings = page.locator(".ta-outcome > .ta-findings li").all_text_contents()
    files = {}
    for key in ("pdf", "html", "replay", "csv", "parquet", "json"):
        with page.expect_download() as download:
            page.locator(f".ta-takeaways [data-key={key}]").click()
        files[key] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[key])
        expect(page.locator(f".ta-takeaways [data-key={key}]")).to_be_enabled()
    assert not complaints_of_axe(page)
    pdf = files["pdf"].read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf

    record = json.loads(files["json"].read_text("utf-8"))
    assert record["findings"] == findings
    assert "--replicates 10" in record["command"]
    assert files["csv"].read_text("utf-8").count("\n") == len(record["effects"]) + 1
    import pandas as pd

    weeks = pd.read_parquet(files["parquet"])
    assert set(weeks["arm"]) == {"none", "secure-communities"}
    assert weeks["week"].min() == -52

    replay = open_file(files["replay"])
    assert replay.locator(".ta-findings li").all_text_contents() == findings
    context = page.context.browser.new_context(offline=True)
    brief = context.new_page()
    brief.goto(files["html"].as_uri())
    # The brief is the card's: the same levels in its words.
    levels = re.search(r", (\d+) are reported under .*?, (\d+) under", findings[0])
    assert f"{levels[2]} instead of {levels[1]}" in brief.locator("main").inner_text()
    assert "trustabm compare none secure-communities --town harris-tx" in brief.content()
    context.close()
