"""Say what the default comparison costs in a process that has done one before.

uv run python experiments/default_comparison.py --out results/default-comparison.json

A hundred towns of two years after two in common, structures, parameters, figures and readings of
rules drawn, in one process: seconds of one processor until the first numbers, and until the whole.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from trustabm.runs.arms import parting
from trustabm.runs.compare import compare_arms
from trustabm.runs.experiment import Experiment
from trustabm.runs.provenance import origin

TOWNS = ("mecklenburg-nc", "harris-tx", "travis-tx", "us-average")
CHANGE = "287g-task-force-2025"


def experiment(town: str, seed: int, **sizes: Any) -> Experiment:
    """Return the comparison of a change with the rules in force in a town."""
    arms = parting((), [CHANGE], "2026-01", None)
    return Experiment.make({"town": town, **arms, "seed": seed, **sizes}, "comparison")


def timed(town: str, seed: int) -> tuple[float, float]:
    """Return seconds of the processor until the first numbers, and until the whole."""
    first: list[float] = []
    began = time.process_time()

    def sofar(counted: Any) -> None:
        if not first:
            counted.estimates({"reporting"}, {"latino"})
            first.append(time.process_time() - began)

    whole = compare_arms(experiment(town, seed), workers=1, sofar=sofar)
    assert whole.estimates
    return first[0], time.process_time() - began


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--out", type=Path, required=True)
    given = asked.parse_args()
    compare_arms(experiment(TOWNS[0], 0, replicates=4, weeks=8, residents=500), workers=1)
    found = {town: [timed(town, seed) for seed in (1, 2, 3)] for town in TOWNS}
    seconds = {
        town: dict(zip(("first_s", "whole_s"), map(sorted, zip(*runs, strict=True)), strict=True))
        for town, runs in found.items()
    }
    made = {**origin(), "seconds_of_processor": seconds}
    given.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    for town, of in seconds.items():
        print(f"{town}: first numbers {of['first_s'][1]:.2f} s, whole {of['whole_s'][1]:.2f} s")
