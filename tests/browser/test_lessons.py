"""A lesson played through as a student would: what is shown is what the model computes."""

from __future__ import annotations

from browser.hands import complaints_of_axe, names_of_levers
from playwright.sync_api import expect

import trustabm as ta
from trustabm.classroom.lesson import lessons
from trustabm.classroom.reveal import reveal
from trustabm.classroom.scenes import scene


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
    s = lesson  # whose arms set no levers
    comparison = ta.compare(
        [s.a.policy, s.b.policy],
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


def test_a_scene_moves_under_the_finger(open_page):
    page = open_page("/lessons", wait="h1")
    page.get_by_role("link", name="From one victim").click(timeout=120_000)  # worked out now
    expect(page.get_by_role("heading", level=1)).to_have_text("From one victim", timeout=60_000)
    found, number = scene("victim"), page.locator(".big")
    at = [c.at for c in found.controls]

    def shown():
        expect(number).to_have_text(f"{100 * found.at(*at):.1f}%")
        return float(number.inner_text().rstrip("%"))

    first = shown()
    slider = page.get_by_role("slider").first  # the risk that the victim sees
    for _ in range(4):
        slider.press("ArrowRight")
    at[0] += 4
    assert shown() < first
    switch = page.get_by_role("checkbox", name=found.controls[5].label)
    switch.uncheck()
    at[5] = 0
    off = shown()
    slider.press("ArrowRight")
    at[0] += 1
    assert shown() == off  # without fear, the risk moves nothing
    for dark in ("light", "dark"):
        page.emulate_media(color_scheme=dark)
        assert not complaints_of_axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="All lessons").click()
    expect(page.get_by_role("link", name="The town", exact=True)).to_be_visible()
