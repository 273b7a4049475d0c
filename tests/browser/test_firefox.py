"""The same screen in Firefox: every page opens, the first page answers, and axe finds nothing."""

from __future__ import annotations

import pytest
from assets import AXE
from browser.firefox import FIREFOX, firefox

pytestmark = pytest.mark.skipif(
    FIREFOX is None, reason="no Firefox: install it (Debian: `apt-get install firefox-esr`)"
)

PAGES = ("/", "/map", "/town", "/compare", "/lessons", "/studies", "/evidence", "/about")
READY = "document.querySelector('.ta-main h1')?.textContent"
SETTLED = (
    "!document.querySelector('[aria-busy]') && ![...document.querySelectorAll('[role=status]')]"
    ".some(x => /…$/.test(x.textContent))"
)
WRONG = (
    "axe.run({exclude: [['v-fade-y-transition'], ['.v-progress-linear']]}, "
    "{resultTypes: ['violations']})"
    ".then(x => x.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]))"
)


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    """One Firefox for all of them."""
    with firefox(tmp_path_factory.mktemp("firefox")) as found:
        yield found
        assert not found.complaints, found.complaints


def complaints_of_axe(window):
    """Return what axe finds wrong with a page, light and dark."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in visualization/")
    window.run(f"(() => {{ {AXE.read_text('utf-8')} }})()")
    light = window.run(WRONG)
    window.run("document.querySelector('[aria-label=\"Switch to dark\"]').click()")
    window.until("document.documentElement.classList.contains('ta-dark')")
    window.run("new Promise(ready => setTimeout(ready, 300))")  # colours fade
    dark = window.run(WRONG)
    window.run("document.querySelector('[aria-label=\"Switch to light\"]').click()")
    return light + dark


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_axe_finds_nothing(window, url, path):
    window.open(url + path + ("?residents=500" if path in ("/town", "/compare") else ""))
    assert window.until(READY)
    if path in ("/town", "/compare"):
        window.until("document.querySelector('.ta-map[data-painted]') !== null")
    window.until(SETTLED)
    assert complaints_of_axe(window) == []
    assert window.complaints == []


def test_the_first_page_answers(window, url):
    window.open(url)
    window.until(READY)
    window.type('[aria-label="County or state"]', "Durham County, North Carolina")
    window.until("document.querySelector('.ta-rules').textContent.includes('jail')")
    change = "const s = document.querySelector('[aria-label=\"What changes\"]');"
    change += "s.value = '287g-task-force-2025'; s.dispatchEvent(new Event('change'));"
    window.run(f"(() => {{ {change} }})()")
    window.until("document.querySelector('.ta-outcome[data-towns=\"100\"]') !== null")
    assert window.run("document.querySelector('.ta-verdict').textContent").startswith("If the ")
    assert window.run("document.querySelectorAll('.ta-said').length") == 3
    assert complaints_of_axe(window) == []
    assert window.complaints == []
