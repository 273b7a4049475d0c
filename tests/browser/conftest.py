"""A server and a browser for the tests of the screen. Every page fails on any complaint."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from browser.hands import serving

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture(scope="session")
def url(server):
    return server[0]


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, url):
    """Return a function that opens a page; what any of them complained of fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path, *, width=1366, height=900, dark=False, wait="map"):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        ours = (url, url.replace("http", "ws"), "data:", "blob:")
        page.on("pageerror", lambda e: complaints.append(f"script: {e}"))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on(
            "response",
            lambda r: complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        )
        page.on(
            "request",
            lambda r: (
                complaints.append(f"left the machine: {r.url}")
                if not r.url.startswith(ours)
                else None
            ),
        )
        page.goto(url + path)
        if wait == "map":
            page.wait_for_selector(".ta-map[data-painted]", timeout=30_000)
        else:
            page.wait_for_selector("h1", timeout=30_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, complaints
