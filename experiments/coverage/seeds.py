"""Say how far the ends of intervals lie apart between seeds of the same comparison.

uv run python experiments/coverage/seeds.py results/coverage
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from bank import ARMS, TOWNS

from trustabm.outcomes.findings import key
from trustabm.runs.compare import compare

SEEDS = (11, 12, 13)
ALLOWED = 0.2
"""Of the width: how far apart ends may lie."""


def apart(town: str) -> pd.DataFrame:
    """Return how far apart the ends of key outcomes' intervals lie, in parts of their width."""
    runs = [compare(ARMS, town=TOWNS[town], seed=seed, workers=1) for seed in SEEDS]
    rows = []
    for outcome, group in key(runs[0].experiment.groups):
        found = [c.estimates[outcome, group, ARMS[1]] for c in runs]
        for name, low, high in (
            ("difference", "low", "high"),
            ("percent", "percent_low", "percent_high"),
            ("level", "level_low", "level_high"),
        ):
            lows, highs = ([getattr(e, end) for e in found] for end in (low, high))
            if None in lows or None in highs:
                continue
            width = sum(b - a for a, b in zip(lows, highs, strict=True)) / len(found)
            parts = {"low": max(lows) - min(lows), "high": max(highs) - min(highs)}
            if width > 0:
                of = {"town": town, "outcome": outcome, "group": group, "interval": name}
                rows.append(of | {end: x / width for end, x in parts.items()})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("out", type=Path)
    given = asked.parse_args()
    table = pd.concat([apart(town) for town in TOWNS])
    given.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(given.out / "seeds.csv", index=False, float_format="%.3g")
    for (town, interval), of in table.groupby(["town", "interval"], sort=False):
        worst = of[["low", "high"]].max(axis=1)
        print(
            f"{town}, {interval}: median {worst.median():.2f}, largest {worst.max():.2f}, "
            f"{(worst <= ALLOWED).mean():.0%} of {len(of)} within {ALLOWED:.0%}"
        )
