"""Say how far the ends of intervals lie apart between seeds of the same comparison.

uv run python experiments/coverage/seeds.py results/coverage   (three minutes)

Luck, draws of structures and parameters, figures and readings of rules are each seed's own.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from bank import ARMS, TOWNS

from trustabm.outcomes.findings import key
from trustabm.runs.compare import compare

SEEDS = (11, 12, 13)
SIZES = (100, 400)
ALLOWED = 0.2
"""Of the width: how far apart ends may lie."""


def apart(town: str, towns: int) -> pd.DataFrame:
    """Return how far apart the ends of key outcomes' intervals lie, in parts of their width."""
    every = {"town": TOWNS[town], "replicates": towns, "workers": 1}
    runs = [compare(ARMS, seed=seed, **every) for seed in SEEDS]
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
                of = {
                    "town": town,
                    "towns": towns,
                    "outcome": outcome,
                    "group": group,
                    "interval": name,
                }
                rows.append(of | {end: x / width for end, x in parts.items()})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("out", type=Path)
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    given = asked.parse_args()
    table = pd.concat([apart(town, towns) for town in TOWNS for towns in given.sizes])
    given.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(given.out / "seeds.csv", index=False, float_format="%.3g")
    for (town, towns, interval), of in table.groupby(["town", "towns", "interval"], sort=False):
        worst = of[["low", "high"]].max(axis=1)
        print(
            f"{town}, {towns} towns, {interval}: median {worst.median():.2f}, "
            f"largest {worst.max():.2f}, "
            f"{(worst <= ALLOWED).mean():.0%} of {len(of)} within {ALLOWED:.0%}"
        )
