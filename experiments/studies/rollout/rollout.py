"""Secure Communities reaches simulated counties one by one: what an event study makes of it.

uv run python experiments/studies/rollout/rollout.py [counties]

Every county lives twice with the same luck, with the program from its date on and without it for
ever, so the true effect is known, county by county and quarter by quarter. The panel that a study
would have, reported or not among the victimizations of Latino residents, is then given to two
estimators: two-way fixed effects, and the saturated event study of Sun & Abraham 2021
(doi:10.1016/j.jeconom.2020.09.006), both by pyfixest. Writes panel.parquet, result.json and
rollout.png beside this file.
"""

from __future__ import annotations

import datetime as dt
import inspect
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from counties import County, counties

from trustabm.errors import need
from trustabm.evidence.lab import LivedArm
from trustabm.evidence.scorecard import posterior
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.timeline import Change, Timeline
from trustabm.rules.luck import seed_of
from trustabm.week.world import Plan, World

HERE = Path(__file__).parent
START = dt.date(2006, 10, 1)
BURN_IN = 52
QUARTER = 13
QUARTERS = 20  # October 2007 to September 2012: one county in nine is still without
NEVER = 99
FIRST, LAST = -6, 8  # event quarters shown; eight quarters after, as in the study


def lived(county: County, parameters: Parameters) -> Iterator[dict[str, float]]:
    """Yield a county's quarters, in both of its worlds."""
    activated = Timeline(
        title="program",
        changes=(
            Change(
                date=county.activated,
                sentence="Secure Communities begins.",
                source="simulated",
                policy="secure-communities",
            ),
        ),
    )
    weeks = QUARTERS * QUARTER
    past = World.synthesize(
        [(county.place, county.residents)],
        parameters,
        Plan([Timeline.constant("none")], START, BURN_IN),
        seed=seed_of(7000, county.number),
    )
    past.run_for(BURN_IN)
    start = START + dt.timedelta(weeks=BURN_IN)
    arms = []
    for line in (activated, Timeline.constant("none")):
        world = past.branch(Plan([line], start, weeks, offset=BURN_IN), keep_events=True)
        world.run_for(weeks)
        arms.append(LivedArm(world, BURN_IN))
    cohort = (county.activated - start).days // (7 * QUARTER)
    for q in range(QUARTERS):
        with_, without = (a.crimes_against("latino", q * QUARTER, (q + 1) * QUARTER) for a in arms)
        yield {
            "county": county.number,
            "quarter": q,
            "cohort": cohort if cohort < QUARTERS else NEVER,
            "crimes": len(with_),
            "reported": int(with_["reported"].sum()),
            "expected": float(with_["chance"].sum(dtype=float)),
            "crimes_without": len(without),
            "expected_without": float(without["chance"].sum(dtype=float)),
        }


def truth(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the true effect on the share reported by event quarter, pooled over counties."""
    treated = panel[panel["cohort"] != NEVER]
    sums = treated.groupby(treated["quarter"] - treated["cohort"]).sum()
    rate = sums["expected"] / sums["crimes"] - sums["expected_without"] / sums["crimes_without"]
    return pd.DataFrame({"effect": rate, "crimes": sums["crimes"]})


def saturated(panel: pd.DataFrame) -> pd.DataFrame:
    """Return Sun & Abraham's estimate by event quarter, cohorts weighed by their crimes."""
    import pyfixest as pf

    data = panel[(panel["crimes"] > 0) & (panel["cohort"] >= 2)].copy()
    data["rate"] = data["reported"] / data["crimes"]
    event = data["quarter"] - data["cohort"]
    plain = (data["cohort"] == NEVER) | (event == -1)
    data["cell"] = [
        "none" if p else f"{c}_{e}" for p, c, e in zip(plain, data["cohort"], event, strict=True)
    ]
    fit = pf.feols(
        "rate ~ i(cell, ref='none') | county + quarter",
        data,
        vcov={"CRV1": "county"},
        weights="crimes",
    )
    names = [n.split("::")[-1].split("T.")[-1].rstrip("]") for n in fit._coefnames]
    beta, vcov = fit._beta_hat, fit._vcov
    weights = data.groupby("cell")["crimes"].sum()
    rows = []
    for e in range(FIRST, LAST + 1):
        own = np.array([n.split("_")[-1] == str(e) for n in names])
        if not own.any():
            continue
        w = np.array([weights[n] if o else 0.0 for n, o in zip(names, own, strict=True)])
        w /= w.sum()
        rows.append({"event": e, "effect": w @ beta, "error": float(np.sqrt(w @ vcov @ w))})
    rows.append({"event": -1, "effect": 0.0, "error": 0.0})
    after = [n for n in names if 0 <= int(n.split("_")[-1]) <= LAST]
    w = np.array([weights[n] if n in after else 0.0 for n in names])
    w /= w.sum()
    rows.append({"event": 1000, "effect": w @ beta, "error": float(np.sqrt(w @ vcov @ w))})
    return pd.DataFrame(rows).set_index("event").sort_index()


def two_way(panel: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return two-way fixed effects by event quarter, and as one number."""
    import pyfixest as pf

    data = panel[panel["crimes"] > 0].copy()
    data["rate"] = data["reported"] / data["crimes"]
    event = (data["quarter"] - data["cohort"]).clip(FIRST, LAST)
    data["event"] = np.where(data["cohort"] == NEVER, -1, event).astype(int)
    data["after"] = (data["quarter"] >= data["cohort"]).astype(float)
    how = {"vcov": {"CRV1": "county"}, "weights": "crimes"}
    path = pf.feols("rate ~ i(event, ref=-1) | county + quarter", data, **how)
    names = [int(n.split("::")[-1].split("T.")[-1].rstrip("]")) for n in path._coefnames]
    frame = pd.DataFrame({"effect": path._beta_hat, "error": path._se}, index=names)
    frame.loc[-1] = (0.0, 0.0)
    one = pf.feols("rate ~ after | county + quarter", data, **how)
    return frame.sort_index(), {"effect": float(one._beta_hat[0]), "error": float(one._se[0])}


def draw(true: pd.DataFrame, event: pd.DataFrame, twfe: pd.DataFrame) -> None:
    """Draw the estimates over the truth."""
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(8, 4.5), layout="constrained")
    shown = true.loc[FIRST:LAST]
    axis.plot(shown.index, 100 * shown["effect"], "k-", lw=2.5, label="true (paired worlds)")
    for frame, shift, color, mark, label in (
        (event, -0.1, "#1f6f8b", "o", "event study (Sun & Abraham)"),
        (twfe, 0.1, "#c1440e", "s", "two-way fixed effects, ends pooled"),
    ):
        f = frame.loc[FIRST:LAST]
        axis.errorbar(
            f.index + shift,
            100 * f["effect"],
            yerr=165 * f["error"],
            fmt=mark,
            color=color,
            ms=4,
            capsize=2,
            label=label,
        )
    axis.axhline(0, color="0.8", lw=1, zorder=0)
    axis.axvline(-0.5, color="0.8", lw=1, zorder=0)
    axis.set_xlabel("quarters since Secure Communities began")
    axis.set_ylabel("change in the share of crimes against\nLatino residents reported (points)")
    axis.legend(frameon=False)
    figure.savefig(HERE / "rollout.png", dpi=130, metadata={"Software": None})


def readme(r: dict[str, Any]) -> str:
    """Return the README, from what result.json holds."""
    event, one = r["event_study_8_quarters"], r["two_way_fixed_effects"]

    def points(x: float) -> str:
        return f"{100 * x:.1f}"

    return f"""<!-- Written by rollout.py. Run it again to change this. -->
# The staggered rollout, in silico

{inspect.cleandoc(__doc__ or "")}

{r["counties"]} simulated counties of 2,000 to 5,000 residents; none is a real one. How many had the
program by which date follows published counts, between which we interpolate; sources in
`counties.py`. Places of many Latino residents tend to come first. Parameters: {r["parameters"]}.

| change in the share of crimes against Latino residents reported, points | true | estimated (SE) |
|---|---|---|
| event study, first nine quarters | {points(r["true_effect_8_quarters"])} | \
{points(event["effect"])} ({points(event["error"])}) |
| two-way fixed effects, all quarters | {points(r["true_effect_all_quarters"])} | \
{points(one["effect"])} ({points(one["error"])}) |

Without the program {100 * r["share_reported_without"]:.1f}% are reported.

![Estimates over the truth](rollout.png)

**What the estimators miss.** This is one panel, one draw of luck: differences within two standard
errors say nothing. Two-way fixed effects take counties reached earlier as controls for those
reached later, so where the effect grows over time part of it can pass for trend; how much of the
difference above is that, and how much luck, is not taken apart here. The event study avoids it, but
at long horizons few counties are left to compare with, and its intervals widen. Neither sees what
reaches all counties at once; here nothing crosses county lines, so the rollout says nothing of it.
"""


def main(number: int) -> None:
    """Live through the rollout, estimate, and write."""
    need("did", "the rollout's estimators")
    draws = posterior(1)
    parameters = draws[0] if draws else Parameters()
    began, rows = time.process_time(), []
    for k, county in enumerate(counties(number)):
        rows += lived(county, parameters)
        if k % 25 == 24:
            print(f"{k + 1} of {number} counties", file=sys.stderr, flush=True)
    panel = pd.DataFrame(rows)
    panel.to_parquet(HERE / "panel.parquet", index=False)
    true, event, (twfe, one) = truth(panel), saturated(panel), two_way(panel)
    after = true.loc[0:LAST]
    base = panel["expected_without"].sum() / panel["crimes_without"].sum()
    every = true.loc[0:]
    result = {
        "counties": number,
        "parameters": "a draw from the posterior" if draws else "defaults",
        "cpu_seconds": round(time.process_time() - began, 1),
        "share_reported_without": round(float(base), 4),
        "true_effect_8_quarters": float(np.average(after["effect"], weights=after["crimes"])),
        "event_study_8_quarters": event.loc[1000].to_dict(),
        "true_effect_all_quarters": float(np.average(every["effect"], weights=every["crimes"])),
        "two_way_fixed_effects": one,
        "by_quarter": [
            {
                "event": int(e),
                "true": float(true["effect"].get(e, np.nan)),
                "event_study": event["effect"].get(e, None),
                "error": event["error"].get(e, None),
                "two_way": twfe["effect"].get(e, None),
            }
            for e in range(FIRST, LAST + 1)
        ],
    }
    (HERE / "result.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (HERE / "README.md").write_text(readme(result), encoding="utf-8")
    draw(true, event, twfe)
    print(json.dumps({k: v for k, v in result.items() if k != "by_quarter"}, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
