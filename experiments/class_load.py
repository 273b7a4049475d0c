"""Measure a class: how soon phones are answered, and how much memory it takes.

    uv run python experiments/class_load.py [--phones 40] [--rounds 10] [--out FILE]

Needs chromium; starts a server of its own. The phones are clients that speak the page's protocol,
four more are browsers. In every round a tenth of them load the page anew and a tenth are away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright
from websockets.asyncio.client import connect

from trustabm.classroom.lesson import lessons

THINK = 4.0  # seconds in which all of a class answer


def memory(root: int) -> float:
    """Return the MB that a process and its children hold, pages they share counted once."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(
                path.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]
            )
        except OSError:
            continue
    family, total = {root}, 0
    while more := {p for p, of in parents.items() if of in family} - family:
        family |= more
    for pid in family:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        except OSError:
            continue
        total += int(re.search(r"^Pss: +(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


class Phone:
    """One client, as the page is."""

    def __init__(self, address: str, code: str, luck: random.Random) -> None:
        self.address, self.code, self.luck, self.token = address, code, luck, ""
        self.came: list[float] = []
        self.heard: list[float] = []
        self.lost = 0

    async def come(self) -> None:
        """Open the page, or open it again."""
        begun = time.perf_counter()
        self.socket = await connect(self.address)
        await self.socket.send(json.dumps({"code": self.code, "token": self.token}))
        answer = json.loads(await self.socket.recv())
        self.came.append(time.perf_counter() - begun)
        self.lost += bool(self.token) and self.token != answer["token"]
        self.token = answer["token"]

    async def round(self, k: int) -> None:
        """Answer a question, perhaps after a reload, perhaps not at all."""
        fate = self.luck.random()
        if fate < 0.2:
            await self.socket.close()
            if fate < 0.1:
                await asyncio.sleep(THINK)
            await self.come()
            if fate < 0.1:
                return
        await asyncio.sleep(self.luck.random() * THINK)
        begun = time.perf_counter()
        await self.socket.send(json.dumps({"round": k, "choice": self.luck.randrange(3)}))
        while json.loads(await self.socket.recv()).get("heard") != k:
            pass
        self.heard.append(time.perf_counter() - begun)


async def until(page: Any, pattern: str) -> str:
    """Return what a page shows once it shows something."""
    while True:
        html = json.loads(await page.recv()).get("html", "")
        if re.search(pattern, html):
            return str(html)


def told(times: list[float]) -> dict[str, float]:
    """Return how long answers took, in ms."""
    times = sorted(times)
    at = {"median": 0.5, "p95": 0.95, "worst": 1.0}
    found = {
        k: round(1000 * times[min(len(times) - 1, int(q * len(times)))], 1) for k, q in at.items()
    }
    return {"number": len(times)} | found


async def measured(server: subprocess.Popen[str], many: int, rounds: int) -> dict[str, Any]:
    """Let a class go through its rounds; return what was measured."""
    teacher = str(server.stdout and server.stdout.readline()).strip().replace("http", "ws")
    board = await connect(f"{teacher}/ws", max_size=None)
    html = await until(board, 'class="address"')
    page = re.search(r"http://[^<]+/", html)[0]  # type: ignore[index]
    code = re.search(r'class="code">(\w+)', html)[1]  # type: ignore[index]
    phones = [Phone(page.replace("http", "ws") + "ws", code, random.Random(k)) for k in range(many)]
    peak, seen, shown = [memory(server.pid)], [], []

    async def watch() -> None:
        while True:
            peak.append(await asyncio.to_thread(memory, server.pid))
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    async with async_playwright() as p:
        browser = await p.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        tabs = [await (await browser.new_context()).new_page() for _ in range(4)]
        await asyncio.gather(*(x.come() for x in phones), *(t.goto(f"{page}#{code}") for t in tabs))

        async def tab(t: Any, k: int) -> None:
            if k % 4 == tabs.index(t):
                await t.reload()
            await t.locator(f"[data-round='{k}'] input").nth(k % 3).check(timeout=60_000)
            begun = time.perf_counter()
            await t.get_by_role("button", name="Commit").click()
            await t.get_by_text("You committed to").wait_for()
            seen.append(time.perf_counter() - begun)

        for k in range(rounds):
            await asyncio.gather(*(x.round(k) for x in phones), *(tab(t, k) for t in tabs))
            steps = {"Close": "counts", "Reveal": "said", "Next": f'data-round="{k + 1}"'}
            for name in list(steps)[: 2 if k + 1 == rounds else 3]:
                await until(board, f'<button[^>]*data-do="next"[^>]*>{name}')
                begun = time.perf_counter()
                await board.send(json.dumps({"do": "next"}))
                await asyncio.gather(*(until(x.socket, steps[name]) for x in phones))
                shown.append(time.perf_counter() - begun)
        await asyncio.gather(*(t.locator(".said").wait_for() for t in tabs))
        await browser.close()
    watching.cancel()
    return {
        "phones": many,
        "browsers": len(tabs),
        "rounds": rounds,
        "answers_ms": told([x for p in phones for x in p.heard]),
        "page_loaded_or_reloaded_ms": told([x for p in phones for x in p.came]),
        "browsers_ms": told(seen),
        "all_phones_turn_the_page_ms": told(shown),
        "pupils_lost_by_a_reload": sum(p.lost for p in phones),
        "memory_mb": {"before": round(peak[0]), "most": round(max(peak))},
        "load_average": os.getloadavg()[0],
        "cores": os.cpu_count(),
    }


def main() -> None:
    """Measure, and print or write."""
    words = argparse.ArgumentParser()
    words.add_argument("--phones", type=int, default=40)
    words.add_argument("--rounds", type=int, default=10)
    words.add_argument("--out", type=Path)
    given = words.parse_args()
    names = [next(iter(lessons()))] * given.rounds  # one run, that all its rounds share
    start = [sys.executable, "-c", "from trustabm.cli import main; main()", "class", "--port", "0"]
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [*start, "--room-port", "0", *names[: given.rounds]],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"SOLARA_HOME": home},
        )
        try:
            text = json.dumps(asyncio.run(measured(server, given.phones, given.rounds)), indent=2)
        finally:
            server.terminate()
            server.wait()
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
