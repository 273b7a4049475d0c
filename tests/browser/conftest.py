"""A server and a browser for the tests of the screen. Every page fails on any complaint."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from assets import why_missing
from browser.hands import opening
from playwright.sync_api import expect
from serving import serving
from trustabm_app.server.launch import warm_up

from trustabm.study.definition import Study
from trustabm.study.sweep import sweep

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(
                        reason="no chromium: install it (Debian: `apt-get install chromium`)"
                    )
                )


@pytest.fixture(scope="session", autouse=True)
def assets():
    """Build what the screen needs from npm; where that cannot be, skip at once and say why."""
    if why := why_missing():
        pytest.skip(why)
    warm_up()  # compiled once and kept: no page has to wait for it
    expect.set_options(timeout=30_000)  # on a machine that does other things too


STUDY: dict[str, Any] = {
    "title": "A <b>grid</b>",
    "arms": ["none", "secure-communities"],
    "vary": {
        "publicity": {"values": [0, 1], "arms": ["secure-communities"]},
        "ice_capacity": {"values": [0.5, 2], "arms": ["secure-communities"]},
    },
    "replicates": 3,
    "weeks": 52,
    "burn_in": 52,
    "residents": 1000,
    "outcomes": ["trust", "reporting", "removals"],
}


@pytest.fixture(scope="session")
def studies(tmp_path_factory):
    """A folder with a grid that keeps weeks, and a sample that no emulator predicts."""
    folder = tmp_path_factory.mktemp("studies")
    vary = {"fear_weight": {}, "workload_elasticity": {}}
    sample = {"title": "A sample", "vary": vary, "design": {"kind": "sobol", "points": 4}}
    for name, more in (("grid", {"weekly": True}), ("below/sample", sample)):
        sweep(Study.make(STUDY | more), folder / name, workers=1)
    (folder / "elsewhere").symlink_to(folder / "grid")
    shutil.copytree(Path(__file__).parents[2] / "results" / "map-nc", folder / "map-nc")
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory, studies):
    with serving(tmp_path_factory.mktemp("server"), "--studies", str(studies)) as found:
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
    with opening(browser, url, url.replace("http", "ws"), "data:", "blob:") as opened:

        def open_path(path, *, wait="map", **how):
            page = opened(url + path, **how)
            ready = ".ta-map[data-painted]" if wait == "map" else "h1"
            page.wait_for_selector(ready, timeout=30_000)
            return page

        yield open_path
