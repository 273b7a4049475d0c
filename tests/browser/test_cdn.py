"""A checkout without npm: the page comes from the CDN, and says what to do where there is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import trustabm_app
from playwright.sync_api import expect
from serving import serving

MODULES = Path(__file__).parents[2] / "visualization" / "node_modules"
CDN = "https://cdn.jsdelivr.net/npm/"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Serve a copy of the app in which nothing was built from npm."""
    folder = tmp_path_factory.mktemp("bare")
    app = Path(trustabm_app.__file__).parent
    shutil.copytree(app, folder / app.name, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    with serving(folder, PYTHONPATH=str(folder)) as (url, _, log):
        yield url, log


def test_without_npm_the_page_comes_from_the_cdn(browser, bare):
    if not MODULES.exists():
        pytest.skip("there is nothing to stand in for the CDN: npm ci in visualization/")
    url, log = bare
    assert "uv run python visualization/build_assets.py" in log.read_text()
    locked = json.loads((MODULES.parent / "package.json").read_text())["dependencies"]
    complaints = []
    page = browser.new_page()
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)

    def answer(route):
        """Answer as the CDN would: `name@version/path`, in the version that the lock file has."""
        scope, _, rest = route.request.url.removeprefix(CDN).rpartition("@")
        version, _, path = rest.partition("/")
        file = MODULES / scope / path
        if locked.get(scope) != version or not file.is_file():
            complaints.append(f"not on the CDN: {route.request.url}")
        # Scripts and fonts from another origin, as the CDN says.
        route.fulfill(path=file, headers={"Access-Control-Allow-Origin": "*"})

    page.route(lambda x: not x.startswith((url, "data:", "blob:")), answer)
    page.goto(url + "/?residents=500")
    page.wait_for_selector(".ta-map[data-painted]", timeout=30_000)
    page.get_by_role("button", name="Step").click()
    page.wait_for_selector(".ta-charts[data-week='1'] .u-wrap canvas")
    assert page.evaluate("document.fonts.check('16px Roboto')")
    page.close()
    assert not complaints, complaints


def test_where_there_is_no_network_either_it_says_what_to_do(browser, bare):
    page = browser.new_page()
    page.route(f"{CDN}**", lambda route: route.abort())
    page.goto(bare[0])
    expect(page.get_by_role("alert")).to_contain_text("visualization/build_assets.py")
    page.close()
