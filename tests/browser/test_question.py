"""The first page's task: open it, name a county, choose a change, read the answer."""

from __future__ import annotations

import pytest
from browser.hands import complaints_of_axe
from playwright.sync_api import expect

import trustabm as ta
from trustabm.telling.answer import answer

WAIT = 180_000  # a hundred towns, on a machine that does other things too
WHOLE = ".ta-outcome[data-towns='100']"  # not yet so while the first towns are shown
LINK = "/?place=mecklenburg-nc&change=287g-task-force-2025&from=2027-01"


@pytest.fixture(scope="module")
def said():
    """The answer as the API gives it."""
    return answer(
        ta.compare(town="mecklenburg-nc", changes=["287g-task-force-2025"], since="2027-01")
    )


def test_a_county_a_change_and_an_answer(open_page, said):
    page = open_page("/", wait="h1")
    county = page.get_by_label("County or state")
    # The first field: a part of the name, and what is suggested.
    county.press_sequentially("mecklenburg")
    listed = page.locator("#ta-counties option")
    expect(listed).to_have_count(2)
    assert listed.first.get_attribute("value") == "Mecklenburg County, North Carolina"
    county.fill("Mecklenburg County, North Carolina")
    expect(page.get_by_label("Rules in force", exact=True)).to_contain_text("the jail holds people")
    # The second, the third and the fourth: what changes, and from when.
    page.get_by_label("What changes").select_option(
        label="the sheriff signs a 287(g) task force agreement"
    )
    page.get_by_label("Year from which it changes").select_option("2027")
    page.get_by_label("Month from which it changes").select_option(label="January")
    page.wait_for_function("link => location.pathname + location.search === link", arg=LINK)
    page.wait_for_selector(WHOLE, timeout=WAIT)
    assert page.locator(".ta-verdict").inner_text() == said.headline
    assert page.locator(".ta-said").all_inner_texts() == [line.said for line in said.lines]
    strips = page.locator(".ta-strip")
    assert [strips.nth(k).locator(".dot").count() for k in range(3)] == [
        len(line.dots) for line in said.lines
    ]
    first = page.locator(".ta-tested a").first
    row = first.inner_text()
    first.click()
    page.wait_for_selector(f"#row-{row}")
    # What Compare shows of the same link has the same arms.
    page.goto(page.url.split("/evidence")[0] + "/compare" + LINK[1:])
    page.wait_for_selector(".ta-map[data-painted]", timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Rules in force, or 287(g) task force (2025)?"
    )


def whole(page, timeout):
    """Return what an answer reads when all of it is there: its button for files comes last."""
    page.wait_for_selector(WHOLE, timeout=timeout)
    page.get_by_text("Brief (PDF)").wait_for()
    return page.locator(".ta-card-of").inner_text()


def test_two_visitors_with_one_question_cost_one_computation(open_page):
    link = LINK.replace("2027-01", "2028-02")
    pages = [open_page(link, wait="h1") for _ in range(2)]
    texts = [whole(page, WAIT) for page in pages]
    assert texts[0] == texts[1]
    # Who comes after finds it there: no towns are lived through for them.
    late = open_page(link, wait="h1")
    assert whole(late, 15_000) == texts[0]


def test_a_name_of_none_or_several_is_answered_with_those_there_are(open_page):
    page = open_page("/", wait="h1")
    county = page.get_by_label("County or state")
    county.fill("orange")
    county.press("Enter")
    said = page.locator(".ta-question .ta-problem")
    expect(said).to_contain_text("More than one place is called “orange”. Which is meant?")
    page.get_by_role("button", name="Orange County, Florida").click()
    expect(county).to_have_value("Orange County, Florida")
    expect(said).to_be_hidden()
    county.fill("mecklenberg")
    county.press("Enter")
    expect(said).to_contain_text("There is no place called “mecklenberg”. Which is meant?")
    assert not complaints_of_axe(page)


def test_what_others_decide_is_apart_and_can_be_asked(open_page):
    page = open_page("/?place=travis-tx", wait="h1")
    offered = page.get_by_label("What changes").locator("option").all_inner_texts()
    assert not [text for text in offered if "ICE has about three times" in text]
    page.get_by_text("Not theirs to change").click()
    page.get_by_role("button", name="ICE has about three times the officers").click()
    page.wait_for_function("() => location.search.includes('change=federal:mass-enforcement-2025')")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()


def test_old_links_of_the_town_open_it(open_page):
    page = open_page("/?residents=500&seed=1")
    assert page.evaluate("location.pathname") == "/town"
    page.get_by_role("link", name="Question").click()
    page.wait_for_selector(".ta-sentence")
