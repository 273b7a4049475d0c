"""Say how often intervals hold the truth, where the truth is a fresh draw of all that is unsure.

uv run python experiments/coverage/score.py BANK results/coverage   (a minute)

The world is what a bank holds (`bank.py`): its lots are all there are, equally likely, and a lot's
truth is what all of its replicates counted together. A comparison takes lots at random and two
replicates of each, all with replacement, and one more lot, taken in the same way, is the truth.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from bank import ARMS, TOWNS, experiment

from trustabm.outcomes.estimates import Verdict, estimate
from trustabm.outcomes.findings import key
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.intervals import FEW_EVENTS, changes
from trustabm.outcomes.measures import events, levels
from trustabm.runs.provenance import origin

SIZES = (10, 50, 200)
BLOCK = 25
"""Comparisons counted at a time."""


class Bank(NamedTuple):
    """What replicates counted, lot by lot."""

    town: str
    sums: np.ndarray  # (lots, each, arms, groups, fields)
    town_sums: np.ndarray

    @classmethod
    def read(cls, folder: Path, town: str) -> Bank:
        """Read the lots that are there."""
        files = [
            np.load(path) for path in sorted((folder / town).glob("*-[0-9][0-9][0-9][0-9].npz"))
        ]
        return cls(town, *(np.stack([f[n] for f in files]) for n in ("sums", "town_sums")))


def score(bank: Bank, towns: int, comparisons: int, seed: int) -> pd.DataFrame:
    """Return how often intervals hold the truth, a row an outcome and quantity.

    Args:
        bank: The world.
        towns: Replicates of each comparison.
        comparisons: How many, each with a truth of its own.
        seed: Of the lots that are taken.
    """
    e = experiment(bank.town, 40, 1)
    names, p = e.groups, e.parameters
    wanted = key(names)
    outcomes = {o for o, _ in wanted}
    rng = np.random.default_rng([seed, towns])
    lots, each = bank.sums.shape[:2]
    draws = max(towns // 2, 1)
    labels = np.arange(towns) * draws // towns

    def table(of: dict[tuple[str, str], np.ndarray]) -> np.ndarray:
        return np.stack([of[k] for k in wanted])

    truths = table(levels(names, bank.sums.sum(axis=1), bank.town_sums.sum(axis=1), p, outcomes))
    expected = table(events(names, bank.sums, bank.town_sums, outcomes)).mean(axis=(1, 2, 3))
    rows: list[dict[str, Any]] = []
    tops = np.array([GLOSSARY[o].top for o, _ in wanted])
    for first in range(0, comparisons, BLOCK):
        many = min(BLOCK, comparisons - first)
        true = rng.integers(lots, size=many)
        taken = rng.integers(lots, size=(many, draws))[:, labels]
        which = rng.integers(each, size=(many, towns))
        sums, town_sums = bank.sums[taken, which], bank.town_sums[taken, which]
        of = names, sums.sum(axis=1), town_sums.sum(axis=1), p, outcomes
        whole = table(levels(*of))  # (outcomes, comparisons, arms)
        but = sums.sum(axis=1, keepdims=True) - sums
        town_but = town_sums.sum(axis=1, keepdims=True) - town_sums
        without = table(levels(names, but, town_but, p, outcomes))
        counted = table(events(names, sums, town_sums, outcomes))

        def flat(x: np.ndarray, last: int) -> np.ndarray:
            """(outcomes, comparisons, ..., arms) to (..., arms, outcomes * comparisons)."""
            moved = np.moveaxis(x, (0, 1), (last, last + 1))
            return moved.reshape(*moved.shape[:last], -1)

        top = np.repeat(tops, many)
        found = changes(
            flat(whole, 1), flat(without, 2), flat(counted, 2), top, labels if draws > 1 else ()
        )
        truth = flat(truths[:, true], 1)
        total = flat(counted, 2).sum(axis=(0, 1))
        for k in range(truth.shape[1]):
            outcome, group = wanted[k // many]
            numbers = [float(getattr(found, f)[k]) for f in found._fields]
            told = estimate(float(flat(whole, 1)[1, k]), float(total[k]), *numbers)
            verdict = told.verdict()
            row = {"outcome": outcome, "group": group, "verdict": str(verdict)}
            row |= {"expected": expected[k // many] * 2 * towns}
            difference = truth[1, k] - truth[0, k]
            row |= _held("difference", difference, found.low[k], found.high[k])
            if truth[0, k] > 0:
                percent = 100 * difference / truth[0, k]
                row |= _held("percent", percent, found.percent_low[k], found.percent_high[k])
            for arm, name in enumerate(("reference", "level")):
                low = getattr(found, f"{name}_low")
                if truths[k // many, :, arm].any():  # none where nothing ever happens
                    row |= _held(name, truth[arm, k], low[k], getattr(found, f"{name}_high")[k])
            few = verdict is Verdict.TOO_FEW and row["expected"] >= FEW_EVENTS
            row |= {"too_few": float(few), "differs": float(told.told_apart)}
            rows.append(row)
    frame = pd.DataFrame(rows)
    numbers = [c for c in frame.columns if c not in ("outcome", "group", "verdict")]
    by = frame.groupby(["outcome", "group"], sort=False)[numbers].mean().reset_index()
    by.insert(0, "towns", towns)
    by.insert(0, "town", bank.town)
    return by


def _held(name: str, truth: float, low: float, high: float) -> dict[str, float]:
    """Return whether an interval holds a truth and how wide it is; nothing where there is none."""
    if not np.isfinite(low) or not np.isfinite(high) or not np.isfinite(truth):
        return {}
    slack = 1e-9 * max(abs(truth), abs(low), abs(high))
    return {name: float(low - slack <= truth <= high + slack), f"{name}_width": high - low}


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("bank", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--comparisons", type=int, default=500)
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    tables, lots = [], {}
    for town in TOWNS:
        bank = Bank.read(given.bank, town)
        lots[town] = bank.sums.shape[:2]
        for towns in given.sizes:
            tables.append(score(bank, towns, given.comparisons, given.seed))
            print(tables[-1].round(3).to_string(), flush=True)
    given.out.mkdir(parents=True, exist_ok=True)
    pd.concat(tables).to_csv(given.out / "coverage.csv", index=False, float_format="%.4g")
    made = origin() | {"arms": ARMS, "lots": lots, "comparisons": given.comparisons}
    (given.out / "provenance.json").write_text(json.dumps(made, indent=2) + "\n", "utf-8")
