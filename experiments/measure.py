"""Measure the screen: frames a second, server time a frame, memory and threads of visitors.

    uv run python experiments/measure.py [--visitors 20] [--residents 10000] [--out FILE]

Needs chromium; starts servers of its own. Numbers go to standard output as JSON, or to a file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """Return seconds of processor time of a process."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICKS


def status(pid: int, name: str) -> int:
    """Return a number of /proc/pid/status."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(x for x in text.splitlines() if x.startswith(name)).split()[1])


def opened(context: Any, url: str, first: str = ".ta-map[data-painted]") -> Page:
    """Open a page and wait for what it shows first."""
    page: Page = context.new_page()
    page.goto(url)
    page.wait_for_selector(first, timeout=60_000)
    return page


def playing(page: Page, pid: int, seconds: float) -> dict[str, float]:
    """Play for a while; return frames and weeks a second, and server time a frame."""
    page.evaluate(
        """() => {
          window.painted = 0;
          const seen = {attributes: true, attributeFilter: ['data-painted']};
          new MutationObserver(() => window.painted++)
            .observe(document.querySelector('.ta-map'), seen);
        }"""
    )
    page.get_by_role("button", name="Play", exact=True).click()
    time.sleep(2)
    begun, frames, used = time.perf_counter(), page.evaluate("window.painted"), cpu(pid)
    week = int(page.locator(".ta-week").text_content() or 0)
    time.sleep(seconds)
    took = time.perf_counter() - begun
    frames = page.evaluate("window.painted") - frames
    used = cpu(pid) - used
    weeks = int(page.locator(".ta-week").text_content() or 0) - week
    paused = page.evaluate(
        """async () => {
          const b = document.querySelector('[data-do=play]'), t = performance.now();
          b.click();
          while (!b.textContent.includes('Play')) await new Promise(r => setTimeout(r, 2));
          return performance.now() - t;
        }"""
    )
    return {
        "frames a second": round(frames / took, 1),
        "weeks a second": round(weeks / took, 1),
        "server ms a frame": round(1000 * used / max(1, frames), 1),
        "pause ms": round(paused),
    }


def started(port: int, *options: str) -> tuple[subprocess.Popen[bytes], float]:
    """Start a server; return it and the seconds until it answered."""
    begun = time.perf_counter()
    start = "from trustabm.cli import main; main()"
    words = [sys.executable, "-c", start, "app", "--port", str(port), *options]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1)
            return server, time.perf_counter() - begun
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server ended before it answered")


def stopped(server: subprocess.Popen[bytes]) -> None:
    """End a server."""
    server.terminate()
    server.wait(15)


def free() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
    return port


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser()
    words.add_argument("--visitors", type=int, default=20)
    words.add_argument("--residents", type=int, default=10_000)
    words.add_argument("--out", type=Path)
    given = words.parse_args()
    found: dict[str, Any] = {"load before": os.getloadavg()[0]}
    took = []
    for _ in range(5):
        server, seconds = started(free())
        took.append(round(seconds, 2))
        stopped(server)
    found["answers after s, five starts"] = sorted(took)
    port = free()
    server, _ = started(port)
    url = f"http://127.0.0.1:{port}"
    try:
        with sync_playwright() as p:
            browser = p.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(viewport={"width": 1440, "height": 950})
            opened(context, url + "/town?residents=500").close()
            begun = time.perf_counter()
            page = opened(context, url + "/", ".ta-sentence")
            found["first picture after s"] = round(time.perf_counter() - begun, 2)
            page.close()
            for path, name in (("/town", "one town"), ("/compare", "two towns")):
                search = f"?residents={given.residents}&weeks=1040&speed="
                page = opened(context, url + path + search + "30")
                found[name] = playing(page, server.pid, 10)
                page.close()
            time.sleep(3)
            pid = server.pid
            memory, threads = status(pid, "VmRSS"), status(pid, "Threads")
            pages = [opened(context, url + "/compare") for _ in range(given.visitors)]
            time.sleep(2)
            many = status(pid, "VmRSS"), status(pid, "Threads")
            found["MB a visitor"] = round((many[0] - memory) / 1024 / given.visitors, 1)
            for page in pages:
                page.close()
            time.sleep(8)
            found["threads before, with, after"] = [threads, many[1], status(pid, "Threads")]
            found["MB before, with, after"] = [
                round(x / 1024) for x in (memory, many[0], status(pid, "VmRSS"))
            ]
            browser.close()
    finally:
        stopped(server)
    found["load after"] = os.getloadavg()[0]
    text = json.dumps(found, indent=2)
    if given.out is None:
        print(text)
    else:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
