"""The table of what is measured, with what it must and should reach."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from trustabm.bench import (
    children,
    limit,
    others,
    phases,
)
from trustabm.bench.machine import machine, versions
from trustabm.bench.timing import interleaved, lives, preset, seconds
from trustabm.state.layout import column_bytes
from trustabm.week.world import World

__all__ = ["FULL", "QUICK", "TARGETS", "Goal", "Sizes", "bench"]


class Goal(NamedTuple):
    """A number that is measured.

    Args:
        what: What it is, in one line.
        must: What it has to reach.
        aim: What it should reach.
        most: Whether less is better.
    """

    what: str
    must: float
    aim: float
    most: bool = False


TARGETS = {
    "vs_agents": Goal("times faster than our agents driver", 50, 200),
    "vs_mesa_loop": Goal("times faster than a bare Mesa loop, a resident-step", 200, 300),
    "vs_starsim": Goal("times faster than Starsim's SIR, a resident-step", 30, 30),
    "vs_laser": Goal("times faster than LASER's SIR, a resident-step", 2.5, 8),
    "synthesis_us": Goal("processor microseconds to make a resident", 0.9, 0.5, most=True),
    "resident_weeks_per_s": Goal("resident-weeks a second, one core", 200e6, 600e6),
    "vs_limit": Goal("times the limit of draws or memory", 5, 2, most=True),
    "flatness": Goal("dearest over cheapest resident-week, by size of town", 1.4, 1.2, most=True),
    "bytes_per_resident": Goal("bytes a resident at the peak", 116, 100, most=True),
    "runs_10k_s": Goal("seconds for 10,000 runs on two cores", 180, 60, most=True),
    "nation_s": Goal("seconds of the nation 1:1, two policies, 104 weeks", 900, 400, most=True),
    "nation_bytes": Goal("bytes at the peak of that, all processes", 8 << 30, 4 << 30, most=True),
    "compile_s": Goal("processor seconds of a first start, nothing compiled", 15, 5, most=True),
}

NATION = Path(__file__).parents[2] / "results" / "nation" / "whole.json"
"""What the nation's run took, kept with its results: seven minutes are too long to measure here."""


@dataclass(frozen=True)
class Sizes:
    """How much is measured.

    Args:
        repeats: Interleaved repeats that medians are taken of.
        agents: Residents and weeks of the comparison with the agents driver.
        people: Residents of the comparisons with other tools.
        steps: Steps of those.
        idle: Steps of the bare Mesa loop; all of them are alike.
        large: Residents of throughput, limit and profile.
        weeks: Weeks of throughput.
        flat: Sizes of towns whose cost is compared.
        memory: Residents whose memory is measured.
        memory_weeks: Weeks they live through.
        peers: Keys of the other tools that are measured.
        runs: Policies, seeds, residents and weeks of the many runs; None: not measured.
        cold: Whether compiling is measured.
    """

    repeats: int
    agents: tuple[int, int] = (10_000, 104)
    people: int = 100_000
    steps: int = 52
    idle: int = 5
    large: int = 1_000_000
    weeks: int = 520
    flat: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    memory: int = 1_000_000
    memory_weeks: int = 52
    peers: tuple[str, ...] = tuple(others.PEERS)
    runs: tuple[int, int, int, int] | None = None
    cold: bool = False


QUICK = Sizes(repeats=2, weeks=52, memory=300_000)
FULL = Sizes(
    repeats=5,
    idle=20,
    flat=(10_000, 100_000, 1_000_000, 10_000_000),
    runs=(20, 500, 5000, 260),
    cold=True,
)

FLAT_WEEKS = 52


def bench(
    sizes: Sizes = FULL, progress: Callable[[str], object] = lambda what: None
) -> dict[str, Any]:
    """Measure everything and return plain values, the keys of `TARGETS` among them.

    What cannot be measured is None, and `missing` says why.

    Args:
        sizes: How much to measure.
        progress: Called with what is measured next.
    """
    begun = time.perf_counter()
    out: dict[str, Any] = dict.fromkeys([*TARGETS, *others.PEERS])
    missing: dict[str, str] = {}
    detail: dict[str, Any] = {}

    progress("towns")
    worlds = {n: preset(n, sizes.weeks).world() for n in _needed_towns(sizes)}

    progress("agents driver")
    people, weeks = sizes.agents
    others.agents(people, 1)()  # both compile what the other does not
    lives(worlds[people], 1)()
    took = interleaved(
        {"agents": others.agents(people, weeks), "compiled": lives(worlds[people], weeks, times=5)},
        min(sizes.repeats, 3),
        warm=False,
    )
    out["vs_agents"] = took["agents"] / took["compiled"]
    detail["agents"] = {f"{name}_s": s for name, s in took.items()}

    if sizes.peers:
        progress("other tools")
        detail["others"] = _others(worlds[sizes.people], sizes, missing)
        ours = detail["others"]["trustabm"]["ns_per_resident_step"]
        for key in sizes.peers:
            if key in detail["others"]:
                out[key] = detail["others"][key]["ns_per_resident_step"] / ours
    for key in set(others.PEERS) - set(sizes.peers):
        missing[key] = "not asked for"

    progress("throughput and limit")
    large = worlds[sizes.large]
    out["synthesis_us"] = _synthesis(sizes)
    out |= _throughput(large, sizes, detail)

    progress("profile")
    later = large.branch(large.plan)
    later.run_for(26)
    detail["profile"] = phases.profile(later, 26)
    del later

    progress("sizes of towns")
    out["flatness"] = _flatness(worlds, sizes, detail)
    detail["column_bytes"] = {k: round(v, 3) for k, v in column_bytes(large.state).items()}
    worlds.clear()
    del large

    progress("memory")
    out["bytes_per_resident"] = children.bytes_per_resident(sizes.memory, sizes.memory_weeks)
    if out["bytes_per_resident"] is None:
        missing["bytes_per_resident"] = "this system does not tell the peak memory of a process"
    if sizes.cold:
        progress("compiling")
        out["compile_s"], detail["start_s"] = children.compile_and_start()
    else:
        missing["compile_s"] = "left out of a quick benchmark"
    if sizes.runs is not None:
        progress("many runs")
        out["runs_10k_s"] = children.many_runs(*sizes.runs)
    else:
        missing["runs_10k_s"] = "left out of a quick benchmark"
    kept = json.loads(NATION.read_text(encoding="utf-8")) if NATION.exists() else {}
    for key in ("nation_s", "nation_bytes"):
        out[key] = kept.get(key)
        if out[key] is None:
            missing[key] = "not in results/nation/whole.json of a checkout"
    return {
        **out,
        "residents": sizes.large,
        "weeks": sizes.weeks,
        "missing": missing,
        "targets": {
            key: {
                "what": t.what,
                "must": t.must,
                "aim": t.aim,
                "less_is_better": t.most,
            }
            for key, t in TARGETS.items()
        },
        **detail,
        "seconds": time.perf_counter() - begun,
        "machine": machine(),
        "versions": versions(),
    }


def _needed_towns(sizes: Sizes) -> list[int]:
    return sorted({*sizes.flat, sizes.large, sizes.agents[0], sizes.people})


def _others(world: World, sizes: Sizes, missing: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return what a step of ours and of each peer does and takes; tell which are missing, and why.

    What a peer raises is told too: it is not ours to mend, and others are to be measured still.
    """
    rows = limit.needed(world, sizes.steps)["rows"] / sizes.people
    does = {"trustabm": f"{rows:.1%} of residents looked at, and all that happens to them"}
    steps = {"trustabm": sizes.steps}
    tasks = {"trustabm": lives(world, sizes.steps)}
    for key in sizes.peers:
        peer = others.PEERS[key]
        steps[key] = sizes.idle if key == "vs_mesa_loop" else sizes.steps
        try:
            task = peer.task(sizes.people, steps[key], rows)
            task()
        except ImportError as error:
            missing[key] = f"{error}; the extra `bench` brings what is measured against"
        except Exception as error:
            missing[key] = f"{peer.name} failed: {type(error).__name__}: {error}"
        else:
            tasks[key], does[key] = task, f"{peer.name}: {peer.does}"
    took = interleaved(tasks, sizes.repeats, warm=False)
    return {
        key: {"does": does[key], "ns_per_resident_step": s / steps[key] / sizes.people * 1e9}
        for key, s in took.items()
    }


def _synthesis(sizes: Sizes) -> float:
    """Return processor microseconds that making a resident takes; the large town is warm."""
    make = preset(sizes.large, sizes.weeks)
    took = interleaved({"it": lambda: seconds(make.world)}, min(sizes.repeats, 3), warm=False)
    return took["it"] / sizes.large * 1e6


def _throughput(world: World, sizes: Sizes, detail: dict[str, Any]) -> dict[str, float]:
    """Return throughput and its distance from the limit."""
    needed = limit.needed(world, FLAT_WEEKS)
    arrays = [world.state.residents, world.state.ties]
    took = interleaved(
        {
            "ours": lives(world, sizes.weeks),
            "bytes": limit.stream(arrays, needed["bytes"], sizes.weeks),
            "draws": limit.draw_loop(needed["draws"] * sizes.weeks),
            "columns": limit.stream(arrays, needed["columns"], sizes.weeks),
        },
        min(sizes.repeats, 3),
    )
    detail["limit"] = {
        "needed_per_week": needed,
        "seconds_per_week": {name: s / sizes.weeks for name, s in took.items()},
        "vs_columns": took["ours"] / max(took["columns"], took["draws"]),
    }
    return {
        "resident_weeks_per_s": sizes.large * sizes.weeks / took["ours"],
        "vs_limit": took["ours"] / max(took["bytes"], took["draws"]),
    }


def _flatness(worlds: dict[int, World], sizes: Sizes, detail: dict[str, Any]) -> float:
    """Return the dearest resident-week over the cheapest, over sizes of towns."""
    weeks = min(FLAT_WEEKS, sizes.weeks)
    most = max(sizes.flat)
    tasks = {
        str(n): lives(worlds[n], weeks, times=max(1, min(20, most // n // 10))) for n in sizes.flat
    }
    took = interleaved(tasks, min(sizes.repeats, 3))
    cost = {n: s / int(n) / weeks * 1e9 for n, s in took.items()}
    detail["ns_per_resident_week"] = cost
    return max(cost.values()) / min(cost.values())
