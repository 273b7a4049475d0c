"""Many at once: nobody sees another's town, waits for another's work, or stays in memory."""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from pathlib import Path

import pytest
from browser.hands import week
from serving import serving

VISITORS = 20
MORE = 10  # who come after them
MEMORY = 10  # MB a visitor


@pytest.fixture(scope="module")
def own_server(tmp_path_factory):
    """A server of its own: visitors of other tests are not counted here.

    A tab says that it closes, and the server listens; where that word is lost, as it may be on a
    machine under load, its town goes after this time, five minutes for a real visitor.
    """
    folder = tmp_path_factory.mktemp("own_server")
    with serving(folder, SOLARA_KERNEL_CULL_TIMEOUT="5s") as found:
        yield found


def status(pid, name):
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(x for x in text.splitlines() if x.startswith(name)).split()[1])


def wait_until_alone(url):
    for _ in range(240):
        with urllib.request.urlopen(url + "/resourcez") as answer:
            if json.load(answer)["kernels"]["total"] == 0:
                return
        time.sleep(0.25)
    raise AssertionError("visitors who left are still there")


def visit(context, url, number):
    """Open a town a visitor, each their own; return their pages."""
    pages = [context.new_page() for _ in range(number)]
    for k, page in enumerate(pages):
        page.goto(f"{url}/?residents=500&seed={k}", wait_until="commit")
    for page in pages:
        page.wait_for_selector(".ta-map[data-painted]", timeout=60_000)
    return pages


def test_twenty_visitors_are_apart_and_leave_nothing(browser, own_server):
    url, pid, _ = own_server
    context = browser.new_context(viewport={"width": 900, "height": 700}, reduced_motion="reduce")
    visit(context, url, 1)[0].close()  # what the first of all loads is nobody's own
    wait_until_alone(url)
    alone = status(pid, "VmRSS")
    left = []
    for number in (VISITORS, MORE):
        pages = visit(context, url, number)
        pages[3].get_by_role("button", name="Step").click()
        pages[3].wait_for_function("() => document.querySelector('.ta-week').textContent === '1'")
        assert [week(page) for page in pages] == [int(k == 3) for k in range(number)]
        each = (status(pid, "VmRSS") - alone) / 1024 / number
        assert each < MEMORY
        for page in pages:
            page.close()
        wait_until_alone(url)
        time.sleep(1)
        left.append((status(pid, "Threads"), status(pid, "VmRSS") / 1024))
    context.close()
    (threads, memory), (threads_again, memory_again) = left
    # The server's own pool grows a little with load; threads that visitors leave would be 10.
    assert threads_again - threads < MORE / 2
    assert memory_again - memory < MORE * 0.6  # MB; one who stays takes more


def test_clicks_are_answered_while_an_ensemble_runs(open_page):
    page = open_page("/compare?residents=5000&weeks=1040&replicates=200")
    page.get_by_role("button", name="Run many towns").click()
    page.wait_for_selector(".ta-progress")
    took = page.evaluate(
        """async () => {
          const b = document.querySelector('[data-do=play]'), took = [];
          for (let k = 0; k < 12; k++) {
            const was = b.textContent, t = performance.now();
            b.click();
            while (b.textContent === was) await new Promise(r => setTimeout(r, 2));
            took.push(performance.now() - t);
          }
          return took;
        }"""
    )
    assert page.locator(".ta-progress").count() == 1, "the ensemble was over before the clicks"
    page.get_by_role("button", name="Cancel").click()
    # On a machine that others use too, some wait for their turn; most must not.
    assert statistics.median(took) < 200
    assert max(took) < 1000
