"""Say which conclusions about policies hold wherever the parameters fit the evidence.

uv run trustabm sweep experiments/posterior.toml --out posterior
uv run python experiments/conclusions.py posterior results/conclusions
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

import trustabm as ta
from trustabm.inputs import catalog
from trustabm.inputs.timeline import Preset
from trustabm.outcomes.estimates import Verdict
from trustabm.outcomes.findings import key
from trustabm.runs.provenance import origin

SETTLED = 0.95
"""Share of the draws that must agree on the sign."""

SMALL = 1.0
"""Percent of the reference's level; a change of less, in nine of ten draws, is hardly any."""


def laid_on(study: ta.OpenStudy) -> dict[str, str]:
    """Return what each arm is set against: the policy it is laid on, else the reference."""
    arms, shipped = study.study.arms, catalog.names("policies")
    on = {
        name: catalog.read("policies", arm.policy, Preset).on
        for name, arm in arms.items()
        if arm.policy in shipped
    }
    return {name: on[name] if on.get(name) in arms else study.study.reference for name in arms}


def against(effects: pd.DataFrame, on: dict[str, str]) -> pd.DataFrame:
    """Return the effects of every arm against the arm that it is laid on, point by point.

    Args:
        effects: Against the reference.
        on: By arm, what it is set against; the reference's own effects are none.
    """
    keys = ["town", "point", "outcome", "group"]
    its = effects[[*keys, "arm", "level", "verdict"]]
    its = its.rename(columns={"arm": "against", "level": "its", "verdict": "its_verdict"})
    out = effects.assign(against=effects["arm"].map(on))
    out = out.merge(its, on=[*keys, "against"], how="left", indicator=True)
    laid = out["_merge"] == "both"  # the reference has no effects of its own
    difference = out["level"] - out["its"]
    out["difference"] = out["difference"].mask(laid, difference)
    percent = 100 * difference / out["its"].replace(0.0, np.nan)
    out["percent"] = out["percent"].mask(laid, percent)
    few = (out["verdict"] == Verdict.TOO_FEW) & (~laid | (out["its_verdict"] == Verdict.TOO_FEW))
    out["few"] = few
    return out


def conclusions(study: ta.OpenStudy) -> pd.DataFrame:
    """Return a row an arm and key outcome: effect in percent over the draws, and what holds."""
    on = laid_on(study)
    effects, shown = against(study.effects(), on), key(study.groups)
    rows = []
    for (arm, outcome, group), of in effects.groupby(["arm", "outcome", "group"], sort=False):
        if (outcome, group) not in shown or of["difference"].isna().any():
            continue
        percent = of["percent"]
        above, below = (of["difference"] > 0).mean(), (of["difference"] < 0).mean()
        low, middle, high = percent.quantile([0.05, 0.5, 0.95])
        if of["few"].all():
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
        rows.append((arm, on[arm], outcome, group, middle, low, high, above, verdict))
    names = ["arm", "against", "outcome", "group", "percent", "low", "high", "above", "verdict"]
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
