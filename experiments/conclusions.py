"""Say which conclusions about policies hold wherever the parameters fit the evidence.

uv run trustabm sweep experiments/posterior.toml --out posterior
uv run python experiments/conclusions.py posterior results/conclusions
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

import trustabm as ta
from trustabm.outcomes.estimates import Verdict
from trustabm.outcomes.findings import key
from trustabm.runs.provenance import origin

SETTLED = 0.95
"""Share of the draws that must agree on the sign."""

SMALL = 1.0
"""Percent of the reference's level; a change of less, in nine of ten draws, is hardly any."""


def conclusions(study: ta.OpenStudy) -> pd.DataFrame:
    """Return a row an arm and key outcome: effect in percent over the draws, and what holds."""
    effects, shown = study.effects(), key(study.groups)
    rows = []
    for (arm, outcome, group), of in effects.groupby(["arm", "outcome", "group"], sort=False):
        if (outcome, group) not in shown or of["difference"].isna().any():
            continue
        percent = of["percent"]
        above, below = (of["difference"] > 0).mean(), (of["difference"] < 0).mean()
        low, middle, high = percent.quantile([0.05, 0.5, 0.95])
        if (of["verdict"] == Verdict.TOO_FEW).all():
            verdict = str(Verdict.TOO_FEW)
        elif (of["difference"] == 0).all():
            verdict = str(Verdict.NO_DIFFERENCE)
        elif max(abs(low), abs(high)) < SMALL:
            verdict = "hardly any"
        elif above >= SETTLED:
            verdict = "higher"
        elif below >= SETTLED:
            verdict = "lower"
        else:
            verdict = "open"
        rows.append((arm, outcome, group, middle, low, high, above, verdict))
    names = ["arm", "outcome", "group", "percent", "low", "high", "above", "verdict"]
    order = {pair: k for k, pair in enumerate(shown)}
    frame = pd.DataFrame(rows, columns=names)
    frame["order"] = [order[o, g] for o, g in zip(frame["outcome"], frame["group"], strict=True)]
    arms = {name: k for k, name in enumerate(frame["arm"].unique())}
    frame["arms"] = frame["arm"].map(arms)
    return frame.sort_values(["arms", "order"]).drop(columns=["arms", "order"])


def main(folder: Path, out: Path) -> None:
    """Write the table and where it comes from."""
    out.mkdir(parents=True, exist_ok=True)
    study = ta.open_study(folder)
    found = conclusions(study)
    found.to_csv(out / "conclusions.csv", index=False, float_format="%.4g")
    said = origin() | {"points": len(study.points), "study": "experiments/posterior.toml"}
    (out / "provenance.json").write_text(json.dumps(said, indent=2, default=str) + "\n", "utf-8")
    print(found.to_string(index=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
