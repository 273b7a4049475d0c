"""Say whether the benchmark is slower than the one that is kept.

    uv run python tests/slower.py results/benchmark/bench.json

How it is kept from failing where nothing is slower:

- Costs are ratios to loops of the same run, never seconds: a slow or busy machine is slow in both.
- There are two such loops, keyed draws (which need the processor) and columns read in order (which
  need memory). Other work on a machine slows one of them more than the other, code that became
  slower is slower by both: a key is lost where both say so.
- Before anything is said to be lost, it is measured again, up to `TURNS` times, and the least of
  all turns counts, for noise only adds. Other tools are not run: what they do is not ours.
- A processor of another kind has other ratios (its vectors, its caches), and another system gives
  out memory in other pages. There a key is lost at `ELSEWHERE` times what is kept, not at `MOST`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

MOST = 1.15
"""On the kind of machine that the kept figures are of: times what is kept."""

ELSEWHERE = 3.0

TURNS = 3

KIND = ("processor", "compiled_for", "cache", "system")
"""What two machines of one kind have in common."""

WEEK, MAKING = "a resident-week", "making a resident"
FLATNESS, BYTES = "flatness", "bytes a resident"


def costs(bench: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return what is compared, by each yardstick, the less the better; what is missing is not."""
    limit = bench["limit"]
    one = {
        "draws": limit["seconds_per_week"]["draws"] / limit["needed_per_week"]["draws"],
        "bytes read": limit["seconds_per_week"]["columns"] / limit["needed_per_week"]["columns"],
    }
    seconds = {WEEK: 1 / bench["resident_weeks_per_s"]}
    if bench.get("synthesis_us") is not None:
        seconds[MAKING] = bench["synthesis_us"] * 1e-6
    found = {key: {by: s / unit for by, unit in one.items()} for key, s in seconds.items()}
    by_size = bench["ns_per_resident_week"]
    found[FLATNESS] = {"sizes": max(by_size.values()) / min(by_size.values())}
    if bench.get("bytes_per_resident") is not None:
        found[BYTES] = {"bytes": bench["bytes_per_resident"]}
    return found


def least(turns: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return the least of several turns, key by key and yardstick by yardstick."""
    return {
        key: {by: min(turn[key][by] for turn in turns) for by in turns[0][key]} for key in turns[0]
    }


def lost(
    now: dict[str, dict[str, float]], kept: dict[str, dict[str, float]], most: float
) -> list[str]:
    """Return the keys that cost more than `most` times what is kept, by every yardstick."""
    return [
        key
        for key in now
        if key in kept and all(now[key][by] > most * kept[key][by] for by in now[key])
    ]


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether a benchmark is of the kind of machine that a kept one says it is of."""
    return all(one["machine"].get(k) == v for k, v in other["machine"].items() if k in KIND)


def measured() -> dict[str, Any]:
    """Return a quick benchmark without other tools."""
    from trustabm.bench import QUICK, bench

    return bench(replace(QUICK, agents=(1000, 4), peers=()))


def main(kept: str, measure: Callable[[], dict[str, Any]] = measured) -> int:
    """Measure until nothing is lost, at most `TURNS` times; return 1 where something still is."""
    other = json.loads(Path(kept).read_text(encoding="utf-8"))
    before, turns = costs(other), []
    worse: list[str] = []
    for turn in range(TURNS):
        one = measure()
        most = MOST if alike(one, other) else ELSEWHERE
        if not turn and most != MOST:
            print(f"another kind of machine than {kept} is of: judged at {most:g} times")
        turns.append(costs(one))
        now = least(turns)
        for key, by in now.items():
            told = [f"{x:.4g} in {unit}" for unit, x in by.items()]
            was = [f"{x:.4g}" for x in before.get(key, {}).values()]
            print(f"{key}: {', '.join(told)} (kept: {', '.join(was) or 'none'})")
        worse = lost(now, before, most)
        if not worse:
            return 0
        print(f"lost so far: {', '.join(worse)}")
    for key in worse:
        was = {by: f"{x:.4g}" for by, x in before[key].items()}
        got = {by: f"{x:.4g}" for by, x in now[key].items()}
        print(f"{key}: expected at most {most:g} times {was}, got {got}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
