"""Every page is for everybody: small screens, light and dark, and those who cannot see it."""

from __future__ import annotations

import pytest
from browser.hands import complaints_of_axe, names_of_levers, settled, wait_for_week
from playwright.sync_api import expect

from trustabm.runs.provenance import version
from trustabm.telling.brief.caveats import CANNOT_SAY

SIZES = ((1024, 768), (390, 844))


ASKED = "/?place=mecklenburg-nc&change=287g-task-force-2025&from=2027-01"

PATHS = (
    "/",
    ASKED,
    "/map?map=map-nc",
    "/town",
    "/compare",
    "/lessons",
    "/studies",
    "/studies?study=grid",
    "/studies?study=below/sample",
    "/evidence",
    "/about",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_for_everybody(open_page, path):
    town = path in ("/town", "/compare")
    page = open_page(f"{path}?residents=500" if town else path, wait="map" if town else "h1")
    if path == ASKED:
        page.wait_for_selector(".ta-outcome", timeout=120_000)
    elif path != "/":
        settled(page)
    if town:
        page.get_by_role("button", name="Step").click()
        wait_for_week(page, 1)
        for summary in page.locator(".ta-section summary").all():
            summary.click()
    assert not names_of_levers(page)
    assert not complaints_of_axe(page)
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html.ta-dark").count() == 1
    assert not complaints_of_axe(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for box in page.locator(".ta-blank").all():
            assert sum(box.bounding_box()[k] for k in ("x", "width")) <= width, "cut off"
        expect(page.get_by_role("link", name="About")).to_be_in_viewport()
        if town:
            expect(page.get_by_role("button", name="Play", exact=True)).to_be_in_viewport()
    assert not complaints_of_axe(page)


def test_about_says_what_it_cannot_say(open_page):
    page = open_page("/about", wait="h1")
    expect(page.get_by_role("region", name="Versions")).to_contain_text(
        f"trustabm {version('trustabm')}"
    )
    shown = page.get_by_role("region", name="What it cannot say").locator("li")
    assert shown.all_text_contents() == [f"{head} {text}" for head, text in CANNOT_SAY]


def test_a_link_has_its_pages_words_alone_and_a_tab_keeps_the_others(open_page, url):
    asked = "?place=durham-nc&change=no-detainers&from=2027-01"
    page = open_page("/" + asked, wait="h1")
    nav = page.get_by_role("navigation", name="Pages")

    def lead(**addresses):
        for name, address in addresses.items():
            link = nav.get_by_role("link", name=name, exact=True)
            expect(link).to_have_attribute("href", address)

    lead(Question="/" + asked, Town="/town" + asked, Compare="/compare" + asked)
    lead(Map="/map", Lessons="/lessons", Studies="/studies", Evidence="/evidence")
    nav.get_by_role("link", name="Evidence").click()
    expect(page).to_have_url(f"{url}/evidence")
    lead(Question="/" + asked, Town="/town", Studies="/studies")
    page.goto(f"{url}/lessons?lesson=citizen&weeks=52&study=grid")
    expect(page).to_have_url(f"{url}/lessons?lesson=citizen")
    lead(Question="/" + asked, Lessons="/lessons?lesson=citizen", About="/about")
