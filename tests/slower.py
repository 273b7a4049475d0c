"""Say whether a benchmark is slower than the one that is kept, by ratios to each run's own limit.

    uv run python tests/slower.py measured/bench.json results/benchmark/bench.json

Two machines differ, and a busy one is slow: so the cost of a resident is given in keyed draws of
the same run, which an empty loop makes. Fails where a key loses more than 15%.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

MOST = 1.15


def costs(bench: dict[str, Any]) -> dict[str, float]:
    """Return what is compared, the less the better; what was not measured is left out."""
    limit = bench["limit"]
    draw = limit["seconds_per_week"]["draws"] / limit["needed_per_week"]["draws"]
    found = {
        "a resident-week, in draws": 1 / bench["resident_weeks_per_s"] / draw,
        "flatness": bench["flatness"],
    }
    if bench.get("synthesis_us") is not None:
        found["making a resident, in draws"] = bench["synthesis_us"] * 1e-6 / draw
    if bench.get("bytes_per_resident") is not None:
        found["bytes a resident"] = bench["bytes_per_resident"]
    return found


def lost(measured: dict[str, Any], kept: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Return the keys that lose more than 15%, with what they were and are."""
    now, before = costs(measured), costs(kept)
    return {
        key: (before[key], now[key])
        for key in before
        if key in now and now[key] > MOST * before[key]
    }


def main(measured: str, kept: str) -> int:
    """Print all that is compared; return 1 where something is lost."""
    one, other = (json.loads(Path(p).read_text(encoding="utf-8")) for p in (measured, kept))
    before, now = costs(other), costs(one)
    for key, cost in now.items():
        print(
            f"{key}: {cost:.4g}, kept {before[key]:.4g}" if key in before else f"{key}: {cost:.4g}"
        )
    worse = lost(one, other)
    for key, (was, is_) in worse.items():
        print(f"{key}: expected at most {MOST:g} times {was:.4g}, got {is_:.4g}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
