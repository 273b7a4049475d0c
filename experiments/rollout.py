"""Secure Communities reaches every US county in its own month: what an event study makes of it.

    uv run python experiments/rollout.py WORK results/rollout

Every county of the table lives twice with the same luck, from October 2007 to the end of 2012:
under the rules that were in force in it by date, and under the same rules had its jail never shared
fingerprints. So the true effect is known, county by county and quarter by quarter. The panel that a
study would have, reported or not among the victimizations of Latino residents, is then given to two
estimators: two-way fixed effects, and the saturated event study of Sun & Abraham 2021
(doi:10.1016/j.jeconom.2020.09.006), both by pyfixest. Counties reached in January 2013, after the
panel's end, are those never reached; the few whose month is not known take no part.

One resident of a hundred is simulated, at least 2,000 of a county and at most 50,000, with its
figures of 2019; each counts for as many as there are. The whole rollout is lived through once for
each of a few draws of structure and parameters. WORK keeps what is done: the command goes on where
it was stopped.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from trustabm.errors import need
from trustabm.evidence.lab import LivedArm
from trustabm.figures.style import COLORS, blank, save, titled, zero_line
from trustabm.inputs.draws import digest, mixture
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.places.counties import counties
from trustabm.inputs.places.laws import LAST_ACTIVATED
from trustabm.inputs.timeline import timeline, weeks_between
from trustabm.inputs.town import Town, town
from trustabm.rules.luck import seed_of
from trustabm.runs.kept import kept
from trustabm.runs.provenance import origin
from trustabm.week.world import Plan, World

START = dt.date(2006, 10, 1)
BURN_IN = 52
PARTS = dt.date(2007, 10, 1)
QUARTER, QUARTERS = 13, 21  # October 2007 to December 2012
NEVER = 99
FIRST, LAST = -6, 8  # event quarters shown; eight quarters after, as in the study
VINTAGE = 2019
ONE_IN, LEAST, MOST = 100, 2_000, 50_000
DRAWS, SEED = 4, 7_000
COUNTED = ("crimes", "reported", "expected", "crimes_without", "expected_without")
LABEL = "change in the share of crimes against\nLatino residents reported (points)"


class Task(NamedTuple):
    """A county under a draw."""

    draw: int
    number: int
    fips: str
    parameters: Parameters


def activated(place: Town) -> dt.date | None:
    """Return when Secure Communities began in a county; None where that is not known."""
    days = [c.date for c in place.changes if c.key == "secure-communities"]
    unknown = any("month not known" in c.source for c in place.changes if c.date == LAST_ACTIVATED)
    return None if unknown else days[0]


def cohort_of(day: dt.date) -> int:
    """Return the quarter in which a county was reached, from 0; NEVER after the last."""
    quarter = weeks_between(PARTS, day) // QUARTER
    return quarter if quarter < QUARTERS else NEVER


def residents_of(place: Town) -> int:
    """Return how many residents of a county are simulated."""
    people = int(place.population.value)
    return min(people, max(LEAST, min(people // ONE_IN, MOST)))


def lived(task: Task) -> dict[str, Any]:
    """Return what happened in a county by quarter, in both of its worlds."""
    place = town(f"{task.fips}@{VINTAGE}")
    day = activated(place)
    if day is None:
        return {}
    line = timeline("today").in_town(place)
    residents = residents_of(place)
    seed = seed_of(seed_of(SEED, task.draw), task.number)
    plan = Plan([line], START, BURN_IN)
    past = World.synthesize([(place, residents)], task.parameters, plan, seed)
    past.run_for(BURN_IN)
    weeks = QUARTERS * QUARTER
    arms = []
    for rules in (line, line.overlaid({"fingerprint_sharing": 0.0})):
        world = past.branch(Plan([rules], PARTS, weeks, offset=BURN_IN), keep_events=True)
        world.run_for(weeks)
        arms.append(LivedArm(world, BURN_IN))
    here, there = (by_quarter(arm) for arm in arms)
    rows = [*here, there[0], there[2]]
    return {
        "cohort": cohort_of(day),
        "people": place.population.value / residents,
        **{name: row.tolist() for name, row in zip(COUNTED, rows, strict=True)},
    }


def by_quarter(arm: LivedArm) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return crimes against Latino residents by quarter, those reported, and expected to be."""
    crimes = arm.crimes_against("latino")
    quarter = (crimes["week"].astype(np.int64) - arm.first) // QUARTER
    weights = (None, crimes["reported"], crimes["chance"])
    found = [np.bincount(quarter, w, QUARTERS).astype(float) for w in weights]
    return found[0], found[1], found[2]


def panel_of(found: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Return a row a county and quarter."""
    rows: list[dict[str, Any]] = []
    for fips, values in found.items():
        for q in range(QUARTERS if values else 0):
            counts = {name: values[name][q] for name in COUNTED}
            same = {"county": fips, "cohort": values["cohort"], "people": values["people"]}
            rows.append(same | {"quarter": q} | counts)
    return pd.DataFrame(rows)


def truth(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the true effect on the share reported by event quarter, pooled over counties."""
    treated = panel[panel["cohort"] != NEVER]
    counts = treated[list(COUNTED)].mul(treated["people"], axis=0)
    sums = counts.groupby(treated["quarter"] - treated["cohort"]).sum()
    rate = sums["expected"] / sums["crimes"] - sums["expected_without"] / sums["crimes_without"]
    return pd.DataFrame({"effect": rate, "crimes": sums["crimes"]})


def _studied(panel: pd.DataFrame) -> pd.DataFrame:
    data = panel[panel["crimes"] > 0].copy()
    return data.assign(
        rate=data["reported"] / data["crimes"], weight=data["crimes"] * data["people"]
    )


def _names(fit: Any) -> list[str]:
    return [n.split("::")[-1].split("T.")[-1].rstrip("]") for n in fit._coefnames]


HOW: dict[str, Any] = {"vcov": {"CRV1": "county"}, "weights": "weight"}


def saturated(panel: pd.DataFrame) -> pd.DataFrame:
    """Return Sun & Abraham's estimate by event quarter, cohorts weighed by their crimes.

    The row 1000 is of the first nine quarters together.
    """
    import pyfixest as pf

    data = _studied(panel[panel["cohort"] >= 2])
    event = data["quarter"] - data["cohort"]
    plain = (data["cohort"] == NEVER) | (event == -1)
    data["cell"] = [
        "none" if p else f"{c}_{e}" for p, c, e in zip(plain, data["cohort"], event, strict=True)
    ]
    fit = pf.feols("rate ~ i(cell, ref='none') | county + quarter", data, **HOW)
    names = _names(fit)
    beta, vcov = fit._beta_hat, fit._vcov
    weights = data.groupby("cell")["weight"].sum()
    own = [int(n.split("_")[-1]) for n in names]

    def row(event: int, events: Sequence[int]) -> dict[str, float]:
        w = np.array([weights[n] if e in events else 0.0 for n, e in zip(names, own, strict=True)])
        w /= w.sum()
        error = float(np.sqrt(w @ vcov @ w))
        return {"event": event, "effect": float(w @ beta), "error": error}

    rows = [row(e, [e]) for e in range(FIRST, LAST + 1) if e in own]
    rows += [{"event": -1, "effect": 0.0, "error": 0.0}, row(1000, range(LAST + 1))]
    return pd.DataFrame(rows).set_index("event").sort_index()


def two_way(panel: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return two-way fixed effects by event quarter, and as one number."""
    import pyfixest as pf

    data = _studied(panel)
    event = (data["quarter"] - data["cohort"]).clip(FIRST, LAST)
    data["event"] = np.where(data["cohort"] == NEVER, -1, event).astype(int)
    data["after"] = (data["quarter"] >= data["cohort"]).astype(float)
    path = pf.feols("rate ~ i(event, ref=-1) | county + quarter", data, **HOW)
    index = [int(n) for n in _names(path)]
    frame = pd.DataFrame({"effect": path._beta_hat, "error": path._se}, index=index)
    frame.loc[-1] = (0.0, 0.0)
    one = pf.feols("rate ~ after | county + quarter", data, **HOW)
    return frame.sort_index(), {"effect": float(one._beta_hat[0]), "error": float(one._se[0])}


def estimated(panel: pd.DataFrame) -> tuple[dict[str, float], pd.DataFrame]:
    """Return what is true and what is estimated, over all and by event quarter."""
    true, event, (twfe, one) = truth(panel), saturated(panel), two_way(panel)
    after, every = true.loc[0:LAST], true.loc[0:]
    sums = panel[["expected_without", "crimes_without"]].mul(panel["people"], axis=0).sum()
    whole = {
        "counties": panel["county"].nunique(),
        "reported_without": sums["expected_without"] / sums["crimes_without"],
        "true_9_quarters": np.average(after["effect"], weights=after["crimes"]),
        "event_study": event["effect"][1000],
        "event_study_error": event["error"][1000],
        "true_all_quarters": np.average(every["effect"], weights=every["crimes"]),
        "two_way": one["effect"],
        "two_way_error": one["error"],
    }
    index = pd.RangeIndex(FIRST, LAST + 1, name="event")
    path = pd.DataFrame({"true": true["effect"].reindex(index)})
    for name, frame in (("event_study", event), ("two_way", twfe)):
        path[name] = frame["effect"].reindex(index)
        path[f"{name}_error"] = frame["error"].reindex(index)
    return whole, path.reset_index()


def draw(paths: pd.DataFrame, out: Path, provenance: dict[str, Any]) -> None:
    """Draw the estimates over the truth, a panel a draw."""
    each = list(paths.groupby("draw"))
    figure, axes = blank(2, (len(each) + 1) // 2, (10, 6.6), sharex=True, sharey=True)
    for axis, (k, path) in zip(axes.flat, each, strict=False):
        zero_line(axis)
        axis.axvline(-0.5, color="0.8", lw=1, zorder=0)
        axis.plot(path["event"], 100 * path["true"], "k-", lw=2.2, label="true (pairs of worlds)")
        for name, shift, color, mark, label in (
            ("event_study", -0.12, COLORS[0], "o", "event study (Sun & Abraham)"),
            ("two_way", 0.12, COLORS[1], "s", "two-way fixed effects, ends pooled"),
        ):
            bars = 100 * 1.645 * path[f"{name}_error"]
            axis.errorbar(
                *(path["event"] + shift, 100 * path[name], bars),
                fmt=mark,
                **{"color": color, "ms": 4, "capsize": 2, "label": label},
            )
        axis.set_title(f"Draw {k + 1} ({path['structure'].iloc[0]})", fontsize=9.5, loc="left")
    for axis in axes[-1]:
        axis.set_xlabel("quarters since Secure Communities began")
    for axis in axes[:, 0]:
        axis.set_ylabel(LABEL)
    axes.flat[0].legend(frameon=False, fontsize=8.5, loc="lower right")
    title = "Secure Communities in every county at its own month: the true effect and an estimate"
    note = (
        "The same counties under several draws of structure and parameters. Bars: 90% intervals of "
        "the estimators, clustered by county."
    )
    titled(figure, title, note)
    save(figure, out, title=title, provenance=provenance)


def main(work: Path, out: Path, draws: int, only: int | None) -> None:
    """Live through the rollout, estimate, and write."""
    need("did", "the rollout's estimators")
    code, command = origin(), f"python experiments/rollout.py WORK results/rollout --draws {draws}"
    settings = {"rules": code["rules"], "posterior": digest(), "versions": code["versions"]}
    settings |= {"seed": SEED, "residents": [ONE_IN, LEAST, MOST], "vintage": VINTAGE}
    every = counties()[:only]
    wholes, paths = [], []
    began = time.process_time()
    for k, (structure, parameters) in enumerate(mixture(draws)):
        tasks = {c.fips: Task(k, n, c.fips, parameters) for n, c in enumerate(every)}
        found = kept(work / f"draw-{k}", [settings, k], tasks, lived, progress=_told(k))
        whole, path = estimated(panel_of(found))
        wholes.append({"draw": k, "structure": structure, **whole})
        paths.append(path.assign(draw=k, structure=structure))
    seconds = {"cpu_seconds_of_this_sitting": round(time.process_time() - began)}
    provenance = code | settings | seconds | {"command": command}
    out.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(wholes).round(5).to_csv(out / "draws.csv", index=False, lineterminator="\n")
    by_event = pd.concat(paths)
    by_event.round(5).to_csv(out / "quarters.csv", index=False, lineterminator="\n")
    text = json.dumps(provenance, indent=2)
    (out / "provenance.json").write_text(text + "\n", encoding="utf-8")
    draw(by_event, out / "rollout", {"made": code["made"], "command": command})
    print(pd.DataFrame(wholes).round(4).to_string(index=False))


def _told(draw: int) -> Any:
    def tell(done: int, whole: int) -> None:
        if done % 200 == 0 or done == whole:
            print(f"draw {draw + 1}: {done} of {whole} counties", file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("work", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--draws", type=int, default=DRAWS)
    asked.add_argument("--only", type=int, help="the first counties alone, to try it")
    given = asked.parse_args()
    main(given.work, given.out, given.draws, given.only)
