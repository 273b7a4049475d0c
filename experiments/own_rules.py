"""What a rule of one's own costs: CPU seconds to compile it, and weeks by it over the shipped ones.

uv run python experiments/own_rules.py results/own-rules.json

Each rule is the shipped one's own text, so that both live through the same weeks, bit for bit.
They are lived through in turn, in one process, and compiled where nothing is kept.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RULES = (
    "report_chance",
    "fear",
    "stop_hazard",
    "offence_hazard",
    "trust",
    "honor",
    "turnover_hazard",
)
RESIDENTS, WEEKS, TURNS = 20_000, 260, 15


def main(out: Path) -> None:
    """Measure, and write the numbers."""
    import trustabm as ta
    from trustabm.rules.own import replaceable
    from trustabm.runs.provenance import origin

    def lived(rules: Any, residents: int = RESIDENTS, weeks: int = WEEKS) -> tuple[Any, float]:
        scenario = ta.Scenario(
            town="harris-tx",
            policy="secure-communities",
            residents=residents,
            weeks=weeks,
            rules=rules,
        )
        world = scenario.world()
        began = time.process_time()
        world.run_for(weeks)
        return world, time.process_time() - began

    shipped = compiling(lambda: lived([], 300, 1))
    lived([])
    found = {}
    for name in RULES:
        rule = ta.rule(name)(replaceable()[name].python)
        seconds = compiling(lambda rule=rule: lived([rule], 300, 1))  # type: ignore[misc]
        ratios = []
        for _ in range(TURNS):
            (one, own), (other, usual) = lived([rule]), lived([])
            assert one.tally.tobytes() == other.tally.tobytes()
            ratios.append(own / usual)
        low, middle, high = statistics.quantiles(ratios, n=4)
        found[name] = {
            "compiling_cpu_seconds": round(seconds, 1),
            "weeks_over_shipped": round(middle, 3),
            "quarter_to_three_quarters": [round(low, 3), round(high, 3)],
        }
        print(name, found[name], flush=True)
    whole = {
        "compiling_all_cpu_seconds": round(shipped, 1),
        "rules": found,
        "residents": RESIDENTS,
        "weeks": WEEKS,
        "turns": TURNS,
        "made": origin(),
    }
    out.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


def compiling(call: Any) -> float:
    """Return the CPU seconds of a call."""
    began = time.process_time()
    call()
    return time.process_time() - began


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        main(Path(sys.argv[1]))
