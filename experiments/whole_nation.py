"""Live through the nation 1:1 under the rules in force and a change, and say what it took.

uv run python experiments/whole_nation.py WORK --out results/nation/whole.json

Ten minutes on two cores; memory is of all processes, what they share counted once, looked at every
second. What counties counted stays in WORK, which `trustabm nation` goes on with.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from trustabm.runs.provenance import origin

CHANGE = ("--change", "287g-task-force-2025", "--from", "2026-01")


def memory(process: psutil.Process) -> int:
    """Return the bytes of a process and its children."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("work", type=Path)
    asked.add_argument("--out", type=Path, required=True)
    given = asked.parse_args()
    fresh, began, peak = not given.work.exists(), time.monotonic(), 0
    command = ["trustabm", "nation", *CHANGE, "--out", str(given.work), "--json"]
    said = given.out.with_suffix(".said")
    with said.open("w", encoding="utf-8") as to, psutil.Popen(command, stdout=to) as running:
        while running.poll() is None:
            with suppress(psutil.Error):
                peak = max(peak, memory(running))
            time.sleep(1)
    if running.returncode:
        raise SystemExit(running.returncode)
    counted = json.loads(said.read_text(encoding="utf-8"))
    said.unlink()
    took = {"nation_s": time.monotonic() - began, "nation_bytes": peak} if fresh else {}
    made = {
        **origin(),
        **took,
        "processors": os.cpu_count(),
        "change": CHANGE[1],
        "residents": counted["residents"],
        "processor_seconds": counted["processor_seconds"],
        "people": {k: v["people"]["all"] for k, v in counted["by_state"].items()},
        "yearly": {k: v["yearly"] for k, v in counted["by_state"].items()},
    }
    given.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
