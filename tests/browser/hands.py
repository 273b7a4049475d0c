"""What the tests of the screen do again and again: open, play, set, look."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager

import pytest
from assets import AXE
from playwright.sync_api import expect

from trustabm.inputs.policy import LEVERS


@contextmanager
def opening(browser, *ours, worth=("error",), **how):
    """Give a function that opens a page; what any of them complained of or asked others for fails.

    Args:
        browser: The browser.
        ours: What addresses of requests may begin with; if not given, nothing but the page's own.
        worth: What in the console is a complaint.
        how: More about the browser's context.
    """
    complaints: list[str] = []
    contexts = []

    def opened(address, *, width=1366, height=900, dark=False):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **how,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda e: complaints.append(f"script: {e}"))
        page.on("console", lambda m: complaints.append(m.text) if m.type in worth else None)
        page.on(
            "response",
            lambda r: complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        )
        page.on(
            "request",
            lambda r: (
                complaints.append(f"asked for {r.url}")
                if not r.url.startswith(ours or address)
                else None
            ),
        )
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, complaints


def settled(page):
    """Wait until nothing is being worked out any more."""
    page.wait_for_function(
        "() => document.querySelector('.ta-box') && !document.querySelector('[aria-busy]') &&"
        " ![...document.querySelectorAll('[role=status]')].some(x => /…$/.test(x.textContent))",
        timeout=90_000,
    )
    return page


def week(page):
    return int(page.locator(".ta-week").text_content())


def wait_for_week(page, number):
    page.wait_for_function(
        "n => +document.querySelector('.ta-charts').dataset.week >= n"
        " && +document.querySelector('.ta-map').dataset.painted >= n",
        arg=number,
        timeout=20_000,
    )


def play_to(page, number):
    """Play until a week, and step the rest. The page itself pauses: a test would come late."""
    page.get_by_role("button", name="Play", exact=True).click()
    page.evaluate(
        """async (n) => {
          while (+document.querySelector('.ta-week').textContent < n)
            await new Promise(r => setTimeout(r, 10));
          document.querySelector('[data-do=play]').click();
        }""",
        number - 15,
    )
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.wait_for_timeout(300)
    at = week(page)
    assert at <= number
    for k in range(at + 1, number + 1):
        page.get_by_role("button", name="Step").click()
        wait_for_week(page, k)


def last(page, title):
    card = page.locator(".ta-card", has=page.get_by_role("heading", name=title, exact=True))
    return [float(x) if x else None for x in card.get_attribute("data-last").split(",")]


def set_range(page, name, value):
    page.get_by_role("slider", name=name, exact=True).evaluate(
        "(x, v) => { x.value = v; x.dispatchEvent(new Event('input'));"
        " x.dispatchEvent(new Event('change')); }",
        value,
    )


def names_of_levers(page):
    """Return what a page shows of levers' names, as they stand in files or with a capital."""
    shown = page.locator("main").inner_text()
    raw = [n for n in LEVERS if "_" in n and n != "u_visa"]
    words = [n.replace("_", " ") for n in raw]
    wrong = [*raw, *words, *map(str.capitalize, words), *map(str.title, words), "u_visa"]
    return [n for n in wrong if re.search(rf"\b{n}\b", shown)]


def complaints_of_axe(page):
    """Return what axe finds wrong with a page as it is now."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in visualization/")
    page.evaluate("window.axe ? 0 : " + f"({{}}, eval)({json.dumps(AXE.read_text())}), 0")
    # The bar that Solara shows while a page loads is not ours.
    where = {"exclude": [["v-fade-y-transition"], [".v-progress-linear"]]}
    found = page.evaluate("where => axe.run(where, {resultTypes: ['violations']})", where)
    found = found["violations"]
    return [
        (v["id"], [(n["html"][:200], n["failureSummary"][:200]) for n in v["nodes"][:3]])
        for v in found
    ]
