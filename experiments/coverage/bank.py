"""Live through many lots of a town, several times each, and keep what every replicate counted.

uv run python experiments/coverage/bank.py BANK

A lot is a draw of the mixture of structures, of its parameters and of the town's figures. What is
kept stays: the command goes on where it was stopped, and several may fill a town each (`--towns`).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from trustabm.runs.arms import TitledArm
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import live

HERE = Path(__file__).parent
TOWNS = {"harris-tx": "harris-tx", "mecklenburg-nc": "mecklenburg-nc", "own": HERE / "own.toml"}
ARMS = ("none", "secure-communities")
SEED = 2_000_000


def experiment(town: str, lots: int, each: int) -> Experiment:
    """Return the experiment whose replicates a bank holds, lot by lot."""
    arms = {name: TitledArm(policy=name) for name in ARMS}
    towns = {"town": str(TOWNS[town]), "replicates": lots * each, "draws": lots}
    return Experiment(arms=arms, seed=SEED, **towns)


def fill(folder: Path, lots: int, each: int, towns: Iterable[str]) -> None:
    """Live through what is not there yet."""
    whole = {town: experiment(town, lots, each) for town in towns}
    for lot in range(lots):
        for town, e in whole.items():
            path = folder / town / f"{lots}-{each}-{lot:04d}.npz"
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            lived = [live(e.at(k), k) for k in range(lot * each, (lot + 1) * each)]
            many = len(e.groups.names)
            sums = np.stack([x.weeks.sum(axis=1)[:, :many] for x in lived])
            town_sums = np.stack([x.town_weeks.sum(axis=1) for x in lived])
            part = path.with_suffix(".tmp.npz")
            np.savez_compressed(part, sums=sums, town_sums=town_sums)
            os.replace(part, path)
        print(f"{lot + 1} of {lots}", flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--lots", type=int, default=150)
    asked.add_argument("--each", type=int, default=36)
    asked.add_argument("--towns", nargs="+", choices=TOWNS, default=list(TOWNS))
    given = asked.parse_args()
    fill(given.folder, given.lots, given.each, given.towns)
