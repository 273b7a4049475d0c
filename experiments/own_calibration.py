"""How often a calibration of one's own finds truths that the model itself lived through.

uv run python experiments/own_calibration.py WORK results/own-calibration.json

The targets of `examples/my-targets.toml`, in larger towns, at 120 draws of what ships.
Each run in turn is the truth: its numbers, with the targets' errors and another town's luck drawn
in, are the targets; an emulator of the other runs weighs all other draws. So, other than `--check`,
this counts in what the emulator gets wrong. WORK keeps the runs.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import numpy as np

from trustabm.evidence.calibration.order import resampled
from trustabm.evidence.own.before import before
from trustabm.evidence.own.calibrate import Runs, first_points
from trustabm.evidence.own.check import SHARES, evenness, rank_of
from trustabm.evidence.own.problem import Problem
from trustabm.evidence.own.waves import learned
from trustabm.evidence.own.weigh import Goal, log_likelihood, weighed
from trustabm.runs.provenance import origin
from trustabm.sealed import whole

FILE = Path(__file__).parents[1] / "examples" / "my-targets.toml"
LARGER = {"residents": 2000, "replicates": 4, "points": 120}
DRAWS = 400


def main(work: Path, out: Path) -> None:
    """Run the model, fit to each run, and write how its truth ranks."""
    asked = tomllib.loads(FILE.read_text("utf-8")) | LARGER
    asked.pop("priors")  # truths are drawn from the posterior as it ships
    problem = Problem.make(asked, FILE.name)
    known = before(problem)
    runs = Runs(problem, known, work, None, lambda done, total: print(done, "of", total))
    first = first_points(known, problem.points)
    runs.add(known.points[first], known.which[first], len(first))
    features = known.features(runs.points, runs.which)
    everywhere = known.features(known.points, known.which)
    rng, ranks, sizes = np.random.default_rng(0), [], []
    for k, draw in enumerate(first):
        others = np.arange(len(first)) != k
        of = learned(features[others], runs.values[others])
        aim = runs.goal()
        sides = (aim.below + aim.above) / 2
        wide = np.hypot(sides, aim.luck)
        value = runs.values[k] + wide * rng.standard_normal(len(wide))
        goal = Goal(value, sides, sides, aim.luck)
        mean, variance = of.at(everywhere)
        log = known.log + log_likelihood(goal, mean, variance)
        found = weighed(np.where(np.arange(len(log)) != draw, log, -np.inf))
        some = resampled(found.weights, DRAWS, rng)
        sizes.append(found.size)
        ranks.append(
            [
                rank_of(x, y, rng)
                for x, y in zip(
                    (*known.points[draw], *runs.values[k]),
                    np.hstack([known.points[some], mean[some]]).T,
                    strict=True,
                )
            ]
        )
    table = np.array(ranks)
    inside = [float((np.abs(table - 0.5) <= s / 2).mean()) for s in SHARES]
    of_targets = table[:, len(known.names) :]
    said = origin() | {
        "truths": len(table),
        "coverage": dict(zip(map(str, SHARES), inside, strict=True)),
        "coverage_of_targets": {
            str(s): [float(x) for x in (np.abs(of_targets - 0.5) <= s / 2).mean(axis=0)]
            for s in SHARES
        },
        "least_p": float(evenness(table).min()),
        "names": table.shape[1],
        "effective_size": {"median": float(np.median(sizes)), "least": float(np.min(sizes))},
        "r2": [float(x) for x in runs.learned().r2],
    }
    text = json.dumps(said, indent=2, default=str) + "\n"
    whole(out, lambda half: half.write_text(text, encoding="utf-8"))
    print(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
