"""Studies and Evidence in a browser: their numbers, their links, their limits."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from browser.hands import settled
from playwright.sync_api import expect
from trustabm_app.shared.address import read

import trustabm as ta
from trustabm.evidence.targets import TARGETS
from trustabm.inputs.policy import LEVERS
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.telling.terminal import shown

AT = f"{LEVERS['publicity'].title} 1, {LEVERS['ice_capacity'].title} 2"


@pytest.fixture
def open_study_page(open_page):
    return lambda path, **how: settled(open_page(path, wait="h1", **how))


@pytest.fixture
def known(studies):
    """The effects on reporting by Latino residents, by publicity and capacity."""
    frame = ta.open_study(studies / "grid").effects()
    frame = frame[(frame["outcome"] == "reporting") & (frame["group"] == "latino")]
    return frame.set_index(["publicity", "ice_capacity"])


def test_studies_are_listed_by_name_and_nothing_else_is(open_study_page):
    page = open_study_page("/studies")
    expect(page.get_by_role("link", name="A <b>grid</b>")).to_be_visible()
    expect(page.locator(".ta-studies .ta-box")).to_have_count(
        3
    )  # one ships; a link is not followed
    page.get_by_role("link", name="A sample").click()
    expect(page.get_by_role("heading", name="A sample", level=1)).to_be_visible()
    assert page.evaluate("location.search").startswith("?study=below/sample")


def test_effects_on_the_screen_are_the_studys(open_study_page, known):
    page = open_study_page("/studies?study=grid")
    rows = page.get_by_role("region", name="Effects", exact=True).locator("tbody tr")
    expect(rows).to_have_count(len(known))
    for row in rows.all():
        cells = row.locator("td").all_text_contents()
        of = known.loc[(float(cells[0]), float(cells[1]))]
        for name in ("difference", "low", "high"):
            assert float(row.get_attribute(f"data-{name}")) == of[name]
        said = shown(of["difference"], GLOSSARY["reporting"].unit, signed=True)
        assert cells[5] == said.replace("-", "\N{MINUS SIGN}")
    heat = page.get_by_role("region", name="Heat map").locator("td[data-value]")
    drawn = [float(x.get_attribute("data-value")) for x in heat.all()]
    assert drawn == [known.loc[(p, c), "difference"] for c in (0.5, 2) for p in (0, 1)]


def test_a_cell_opens_its_scenario_in_town_and_in_compare(open_study_page, known):
    page = open_study_page("/studies?study=grid")
    page.get_by_role("region", name="Heat map").locator("tr:nth-child(2) td:nth-child(3) a").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".ta-map[data-painted]", timeout=30_000)
    setting = read(page.evaluate("location.search"))
    assert (setting.town, setting.a, setting.seed) == ("us-average", "secure-communities", 0)
    rules = setting.timeline("a").at(setting.start)
    assert (rules.publicity, rules.ice_capacity) == (1, 2)
    page = open_study_page("/studies?study=grid&opens=compare")
    page.get_by_role("region", name="Heat map").locator("tr:nth-child(2) td:nth-child(3) a").click()
    page.wait_for_selector(".ta-map[data-painted]", timeout=30_000)
    setting = read(page.evaluate("location.search"))
    assert (setting.a, setting.b) == ("none", "secure-communities")
    # What Compare holds is what the study ran: the same towns give the same effect.
    comparison = ta.compare(
        {arm: setting.timeline(arm) for arm in "ab"},
        town=setting.town,
        replicates=3,
        weeks=setting.weeks,
        burn_in=setting.burn_in,
        residents=setting.residents,
        seed=setting.seed,
        start=setting.start,
    )
    again = comparison.estimates["reporting", "latino", "b"].difference
    assert again == pytest.approx(known.loc[(1, 2), "difference"], rel=1e-12)


def test_the_address_holds_what_is_looked_at(open_study_page):
    page = open_study_page("/studies?study=grid&seed=7")
    page.get_by_label("Outcome", exact=True).select_option("trust")
    page.wait_for_function("() => location.search.includes('outcome=trust')")
    page.get_by_label("Across", exact=True).select_option("ice_capacity")
    page.wait_for_function("() => location.search.includes('across=ice_capacity')")
    settled(page)
    search = page.evaluate("location.search")
    assert "seed" not in search  # a word of Town's: the tab keeps it
    again = open_study_page("/studies" + search)
    expect(
        again.get_by_role("heading", name="Trust in local police, Latino: every")
    ).to_be_visible()
    first = page.get_by_role("region", name="Heat map").locator("thead th").first
    expect(first).to_have_text("0.5")


def test_weeks_are_drawn_and_where_they_are_not_kept_that_is_said(open_study_page):
    page = open_study_page("/studies?study=grid")
    expect(page.get_by_role("region", name="Over time").locator("svg")).to_be_visible()
    page.get_by_label("Weeks of", exact=True).select_option(label=AT)
    expect(page.get_by_role("region", name="Over time")).to_contain_text(f"At {AT}.")
    page.wait_for_function("() => location.search.includes('point=3')")
    page = open_study_page("/studies?study=below/sample")
    expect(page.get_by_role("region", name="Over time")).to_contain_text("keeps no weeks")


def test_indices_of_an_emulator_that_does_not_predict_are_refused(open_study_page):
    page = open_study_page("/studies?study=below/sample")
    page.get_by_role("button", name="Work it out").click()
    box = page.get_by_role("region", name="What the effect on reporting hangs on")
    expect(box).to_contain_text("Refused.", timeout=30_000)
    page = open_study_page("/studies?study=grid")
    box = page.get_by_role("region", name="What the effect on reporting hangs on")
    expect(box).to_contain_text("Indices need points that fill a space")


def test_effects_can_be_taken_away(open_study_page, known):
    page = open_study_page("/studies?study=grid")
    menu = page.get_by_label("Take away: Effects with their 90% intervals")
    box = page.get_by_role("region", name="Effects with their 90% intervals")
    for action, ending in (
        ("png", b"\x89PNG"),
        ("svg", b"<?xml"),
        ("csv", b"\xef\xbb\xbftown,point"),
    ):
        menu.click()
        with page.expect_download() as download:
            box.locator(f"[data-action={action}]").click()
        data = Path(download.value.path()).read_bytes()
        assert data.startswith(ending)
    table = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert [float(r["difference"]) for r in table] == list(known["difference"])
    menu.click()
    box.locator("[data-action=code]").click()
    expect(page.locator("dialog")).to_contain_text("trustabm sweep grid.toml --out grid")
    expect(page.locator("dialog")).to_contain_text('ta.open_study("grid")')


@pytest.mark.parametrize(
    "search",
    [
        "study=../../etc/passwd",
        "study=elsewhere",
        "study=%2Fetc&outcome=%3Cscript%3E",
        "study=grid&study=" + "9" * 900,
    ],
)
def test_an_address_reaches_no_other_folder(open_study_page, search):
    page = open_study_page("/studies?" + search)
    expect(page.get_by_role("alert")).to_contain_text("Shown is the list of those there are.")


def test_hostile_looks_fall_back(open_study_page):
    search = "outcome=<script>&group=x&across=town&up=up&at.arm=';drop&opens=file:"
    page = open_study_page("/studies?study=grid&" + search)
    expect(page.get_by_role("heading", name="Reporting, Latino: every scenario")).to_be_visible()
    expect(page.get_by_role("region", name="Heat map").locator("td[data-value]")).to_have_count(4)


def test_every_row_of_the_scorecard_is_shown_with_its_source(open_page):
    page = open_page("/evidence", wait="h1")
    file = Path(ta.__file__).parent / "inputs" / "posterior" / "scorecard.json"
    scores = {s["id"]: s for s in json.loads(file.read_text("utf-8"))}
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(len(scores))
    for row in rows.all():
        score = scores[row.get_attribute("data-row")]
        target = TARGETS[score["id"]]
        text = row.text_content()
        assert target.sentence in text
        assert score["note"] in text
        assert row.locator("b").text_content() == ("pass" if score["pass"] else "miss")
        assert row.get_by_role("link").get_attribute("href") == target.source.address
    passed = sum(s["pass"] for s in scores.values() if s["role"] == "validation")
    expect(page.locator(".ta-counts li").first).to_contain_text(f"{passed} of ")
