"""A lesson played through as a student would: what is shown is what the model computes."""

from __future__ import annotations

from browser.hands import complaints_of_axe, names_of_levers
from playwright.sync_api import expect
from trustabm_app.guide.lesson import lessons
from trustabm_app.guide.reveal import reveal

import trustabm as ta


def test_a_lesson_is_played_through(open_page):
    name, after = list(lessons())[:2]
    lesson = lessons()[name]
    page = open_page("/lessons", wait="h1")
    page.get_by_role("link", name=lesson.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.question)
    commit = page.get_by_role("button", name="Commit, and run")
    commit.click()
    expect(page.get_by_text("Choose what you expect first.")).to_be_visible()
    assert page.locator(".ta-reveal").count() == 0
    prediction = lesson.predictions[1]
    page.get_by_role("radio", name=prediction.text).check()
    commit.click()
    page.wait_for_selector(".ta-reveal", timeout=60_000)

    # Committed is committed, and the reveal is that of the same run through Python.
    expect(page.get_by_text(f"You committed to: {prediction.text}")).to_be_visible()
    assert page.get_by_role("radio").count() == 0
    s = lesson.setting
    comparison = ta.compare(
        [s.a, s.b],
        town=s.town,
        residents=s.residents,
        weeks=s.weeks,
        burn_in=s.burn_in,
        replicates=s.replicates,
        seed=s.seed,
        start=s.start,
    )
    told = reveal(lesson, comparison.estimates, comparison.arms, prediction.says)
    expect(page.locator(".ta-verdict")).to_have_text(told.verdict)
    shown = page.locator(".ta-levels")
    assert shown.locator("p").all_text_contents() == [line.change for line in told.lines]
    assert shown.locator(".ta-level > :last-child").all_text_contents() == [
        x for line in told.lines for x in line.said
    ]
    expect(page.get_by_role("region", name="Think").locator("li")).to_have_text(list(lesson.think))
    assert not names_of_levers(page)
    assert not complaints_of_axe(page)
    page.get_by_role("button", name="Dark").click()
    assert not complaints_of_axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    # The next lesson begins anew.
    page.get_by_role("link", name="Next:").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(lessons()[after].question)
    expect(page.get_by_role("radio", name=lessons()[after].predictions[0].text)).not_to_be_checked()
    assert page.locator(".ta-reveal").count() == 0
