"""What only a process of its own can tell: memory, compiling, starting, and many runs at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from trustabm.bench.timing import POLICY, preset
from trustabm.inputs import catalog
from trustabm.runs.processes import pool
from trustabm.runs.scenario import Scenario
from trustabm.week.world import Plan

__all__ = ["all_policies", "bytes_per_resident", "compile_and_start", "many_runs"]

SMALL = 500


def bytes_per_resident(residents: int, weeks: int) -> float | None:
    """Return peak memory over residents; None where the system does not tell it."""
    if not Path("/proc/self/status").exists():
        return None
    done = _child(f"from trustabm.bench import children as c; c.print_memory({residents}, {weeks})")
    told: dict[str, int] = json.loads(done)
    return (told["peak"] - told["before"]) / residents


def print_memory(residents: int, weeks: int) -> None:
    """Print bytes held before a town is made and at the peak of making and living through it.

    Before means: everything imported and all compiled code loaded, by a small town.
    """
    preset(SMALL, weeks).world().run_for(1)
    before = _status("VmRSS")
    preset(residents, weeks).world().run_for(weeks)
    print(json.dumps({"before": before, "peak": _status("VmHWM")}))


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise OSError(f"/proc/self/status: expected a line {field}, got none")


def compile_and_start() -> tuple[float, float]:
    """Return CPU seconds of a first small run, code compiled on the way, and of the next one.

    Both are of whole processes, from nothing to the end of a week of a small town.
    """
    code = (
        f"import time; from trustabm.bench.timing import preset; "
        f"preset({SMALL}, 1).world().run_for(1); print(time.process_time())"
    )
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            taken.append(float(_child(code, NUMBA_CACHE_DIR=folder)))
    return taken[0], taken[1]


def _child(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def many_runs(policies: int, seeds: int, residents: int, weeks: int, workers: int = 2) -> float:
    """Return wall seconds of policies × seeds runs, from no process to the last total.

    A seed's town is synthesized once; each policy lives through it from the same state.
    """
    begun = time.perf_counter()
    with pool(workers) as executor:
        work = executor.map(
            all_policies,
            [policies] * seeds,
            range(seeds),
            [residents] * seeds,
            [weeks] * seeds,
            chunksize=max(1, seeds // (16 * workers)),
        )
        runs = sum(len(totals) for totals in work)
    assert runs == policies * seeds
    return time.perf_counter() - begun


def all_policies(policies: int, seed: int, residents: int, weeks: int) -> list[Any]:
    """Return what was counted over all weeks under each policy, for one town."""
    base = preset(residents, weeks).model_copy(update={"seed": seed}).world()
    totals = []
    for plan in _plans(policies, weeks):
        world = base.branch(plan)
        world.run_for(weeks)
        totals.append({name: float(world.tally[name].sum()) for name in ("stops", "removals")})
    return totals


@cache
def _plans(policies: int, weeks: int) -> list[Plan]:
    """Return the plans of the shipped policies, and of one of them at as many publicities more."""
    names = list(islice(catalog.names("policies"), policies))
    more = policies - len(names)
    levels = [(k + 1) / (more + 1) for k in range(more)]
    scenarios = [Scenario(policy=name, weeks=weeks) for name in names]
    scenarios += [Scenario(policy=POLICY, levers={"publicity": x}, weeks=weeks) for x in levels]
    return [scenario.plan() for scenario in scenarios]
