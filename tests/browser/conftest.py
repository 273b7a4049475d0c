"""A server and a browser for the tests of the screen. Every page fails on any complaint."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

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
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


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
    vary = {"fear_weight": {}, "negativity": {}}
    sample = {"title": "A sample", "vary": vary, "design": {"kind": "sobol", "points": 4}}
    for name, more in (("grid", {"weekly": True}), ("below/sample", sample)):
        sweep(Study.make(STUDY | more), folder / name, workers=1)
    (folder / "elsewhere").symlink_to(folder / "grid")
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory, studies):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    # Solara writes into a home; numba's cache is to be found where it is.
    env = os.environ | {"SOLARA_HOME": str(log.parent), "PYTHONUNBUFFERED": "1"}
    start = "from trustabm.cli import main; main()"
    words = [sys.executable, "-c", start, "app", "--port", str(port), "--studies"]
    with log.open("w") as out:
        process = subprocess.Popen([*words, str(studies)], stdout=out, stderr=out, env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            assert process.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(url + "/readyz", timeout=1)
                break
            except OSError:
                time.sleep(0.25)
        else:
            pytest.fail(log.read_text())
        yield url, process.pid
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


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
