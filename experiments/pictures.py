"""Take the pictures of the screen that README and docs show.

    uv run python experiments/pictures.py

Needs chromium; sweeps one study in between. About three minutes.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import free, started, stopped
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from trustabm.classroom.lesson import lessons

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def kept(shot: Page | Locator, name: str) -> None:
    """Save what is seen."""
    path = DOCS / f"{name}.png"
    Image.open(io.BytesIO(shot.screenshot())).convert("RGB").save(path, optimize=True)
    print(path.relative_to(ROOT), f"{path.stat().st_size // 1024} kB")


def opened(browser: Browser, address: str, width: int, height: int, dark: bool = False) -> Page:
    """Open a page in a window of its own."""
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page.goto(address)
    return page


def played(page: Page, week: int) -> None:
    """Play until a week and pause there."""
    page.wait_for_selector(".ta-map[data-painted]")
    page.get_by_role("button", name="Play", exact=True).click()
    page.evaluate(
        """async (n) => {
          while (+document.querySelector('.ta-week').textContent < n)
            await new Promise(r => setTimeout(r, 5));
          document.querySelector('[data-do=play]').click();
        }""",
        week,
    )
    page.wait_for_timeout(800)


def question(browser: Browser, url: str) -> None:
    """The first page with its answer."""
    link = "/?place=mecklenburg-nc&change=287g-task-force-2025&from=2027-01"
    page = opened(browser, url + link, 1280, 1000)
    page.wait_for_selector(".ta-outcome[data-towns='100']", timeout=300_000)
    page.wait_for_timeout(500)
    kept(page, "screen-question")
    page.close()


def nation(browser: Browser, url: str) -> None:
    """What a change does in every county."""
    page = opened(browser, f"{url}/map", 1280, 900)
    page.wait_for_selector(".ta-counties path[data-fips]", timeout=60_000)
    page.wait_for_timeout(1500)
    kept(page, "screen-map")
    page.close()


def town(browser: Browser, url: str) -> None:
    """A town in the dark, and a resident's ties."""
    page = opened(
        browser, f"{url}/town?residents=5000&speed=8&a=287g-task-force-2025", 1366, 1170, dark=True
    )
    played(page, 60)
    page.locator(".ta-pane").click(position={"x": 60, "y": 260})
    page.get_by_role("button", name="Step").click()  # what happened is ringed for a moment
    page.mouse.move(5, 600)
    page.wait_for_timeout(500)
    kept(page, "screen-town-dark")
    page.close()


def compared(browser: Browser, url: str) -> None:
    """Two policies side by side."""
    page = opened(browser, f"{url}/compare?residents=2000&speed=8", 1440, 960)
    played(page, 104)
    kept(page, "screen-compare")
    page.close()


def lesson(browser: Browser, url: str) -> None:
    """What comes of a prediction, in the first lesson."""
    name, first = next(iter(lessons().items()))
    page = opened(browser, f"{url}/lessons?lesson={name}", 1200, 1000)
    page.get_by_role("radio", name=first.predictions[1].text).check()
    page.get_by_role("button", name="Commit, and run").click()
    page.wait_for_selector(".ta-reveal", timeout=300_000)
    page.wait_for_timeout(500)
    kept(page.locator(".ta-reveal"), "screen-lesson")
    page.close()


def studies(browser: Browser, url: str) -> None:
    """A heat map of effects."""
    page = opened(browser, f"{url}/studies?study=publicity", 1280, 900)
    page.wait_for_selector(".ta-heat", timeout=60_000)
    page.wait_for_timeout(4000)
    kept(page, "screen-studies")
    page.close()


def evidence(browser: Browser, url: str) -> None:
    """The scorecard."""
    page = opened(browser, f"{url}/evidence", 1280, 900)
    page.get_by_role("heading", level=2).first.wait_for()
    page.wait_for_timeout(1500)
    kept(page, "screen-evidence")
    page.close()


def replay(browser: Browser, file: Path) -> None:
    """A replay, late in it."""
    page = opened(browser, file.as_uri(), 1520, 860)
    page.wait_for_selector(".ta-map[data-painted]")
    page.locator("input[type=range]").last.evaluate(
        "x => { x.value = 172; x.dispatchEvent(new Event('input'));"
        " x.dispatchEvent(new Event('change')); }"
    )
    page.wait_for_timeout(1000)
    kept(page, "replay")
    page.close()


def command(*words: str) -> None:
    """Run the command line."""
    start = "from trustabm.cli import main; main()"
    subprocess.run([sys.executable, "-c", start, *words], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as p:
        folder = Path(name)
        command("sweep", str(ROOT / "experiments" / "publicity.toml"), "--out", name + "/publicity")
        file = folder / "replay.html"
        arms = ("none", "287g-task-force-2025")
        words = ["--town", "harris-tx", "--weeks", "260", "--replicates", "2"]
        command("compare", *arms, *words, "--residents", "2000", "--replay", str(file))
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        port = free()
        server, _ = started(port, "--studies", name)
        try:
            url = f"http://127.0.0.1:{port}"
            for take in (question, nation, town, compared, lesson, studies, evidence):
                take(browser, url)
            replay(browser, file)
        finally:
            stopped(server)
        browser.close()


if __name__ == "__main__":
    main()
