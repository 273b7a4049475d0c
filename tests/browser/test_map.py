"""Map in a browser: a county's number by pointer, by keyboard and in the list; its sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from trustabm.outcomes.numbers import percent_said

TABLE = Path(__file__).parents[2] / "results" / "map-nc" / "counties.csv"


@pytest.fixture
def open_map(open_page):
    def opened(more="", **how):
        page = open_page("/map?map=map-nc" + more, wait="h1", **how)
        page.wait_for_selector(".ta-counties path[data-fips]")
        return page

    return opened


def kept(fips, outcome):
    """What the table says of a county, as it is written."""
    rows = pd.read_csv(TABLE, dtype={"fips": str})
    row = rows[(rows["fips"] == fips) & (rows["outcome"] == outcome)].iloc[0]
    change, ends = percent_said(row["percent"], row["low"], row["high"])
    return f"{change} ({ends}), {row['verdict']}".replace("-", "\N{MINUS SIGN}")


def test_a_county_says_its_number_and_a_click_asks_its_question(open_map):
    page = open_map()
    assert page.locator(".ta-counties path[data-fips]").count() == 100
    mecklenburg = page.locator("[data-fips='37119']")
    mecklenburg.hover()
    said = page.locator(".ta-county")
    place = "Mecklenburg County, North Carolina: "
    expect(said).to_have_text(place + kept("37119", "reporting"))
    page.get_by_label("What", exact=True).select_option("exposed")
    expect(said).to_have_text(place + kept("37119", "exposed"))
    mecklenburg.click()
    page.wait_for_selector(".ta-sentence")
    page.wait_for_function("() => location.search.startsWith('?place=mecklenburg-nc&')")
    assert page.evaluate("location.search").endswith("&change=287g-task-force-2025&from=2026-01")


def test_colours_are_of_the_change_or_of_its_doubt(open_map):
    page = open_map()
    # Less reporting is on the side of less; of doubt there is no less.
    assert page.locator("[data-fips].ta-is-less").count() > 90
    page.get_by_label("Colours say").select_option("doubt")
    expect(page.locator(".ta-keys")).to_contain_text("Half of the 90% interval")
    assert page.locator("[data-fips].ta-is-less, [data-fips].ta-is-more").count() == 0
    assert page.locator("[data-fips].ta-is-unsure").count() > 90
    assert "colours=doubt" in page.evaluate("location.search")
    page.reload()
    expect(page.locator(".ta-keys")).to_contain_text("Half of the 90% interval", timeout=20_000)


def test_the_keyboard_goes_from_county_to_county_and_the_list_says_the_same(open_map):
    page = open_map()
    page.locator(".ta-counties svg").focus()
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(page.locator(".ta-county a").inner_text())
    assert seen[0] == seen[2] != seen[1]  # right and left again
    assert seen[3] not in seen[:2]
    name = page.locator(".ta-county a").inner_text().partition(",")[0]
    row = page.get_by_role("row", name=name, exact=False)
    link = row.get_by_role("link", name=name, exact=True).get_attribute("href")
    fips = link.partition("place=")[2][:5]
    cells = row.locator("td").all_inner_texts()
    assert f"{cells[0]} ({cells[1]}), {cells[2]}" == kept(fips, "reporting")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ta-sentence")
    assert page.get_by_label("County").input_value() == f"{name}, North Carolina"


def test_an_address_of_no_map_says_so(open_map):
    page = open_map("x&state=NZ&colours=loud")
    notice = page.get_by_role("alert")
    for words in ("map: there is no “map-ncx”", "state: there is no “NZ”", "colours: there is no"):
        expect(notice).to_contain_text(words)
