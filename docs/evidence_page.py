"""Write docs/evidence.md from the scorecard and the posterior: nothing is typed twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from tables import table

from trustabm.evidence import TARGETS
from trustabm.evidence.not_asked import NOT_ASKED
from trustabm.evidence.rows import GROUPS, PARTS_NEEDED, group_of, summary
from trustabm.evidence.studies.what_carries_it import ARMS
from trustabm.inputs.groups import SHIPPED
from trustabm.outcomes.glossary import GLOSSARY

HERE = Path(__file__).parent
ROOT = HERE.parent
SCORECARD = ROOT / "trustabm" / "inputs" / "posterior" / "scorecard.json"
CALIBRATION = ROOT / "results" / "calibration"
CONCLUSIONS = ROOT / "results" / "conclusions" / "conclusions.csv"
WELL, HARDLY = 0.5, 0.2
"""Contraction from which a parameter is well identified, and below which hardly."""

ROLLOUT = ROOT / "results" / "rollout"
CARRIES = ROOT / "experiments" / "studies" / "what-carries-it" / "result.json"
TENSIONS = CALIBRATION / "tensions.csv"
BEFORE: dict[str, Any] = json.loads((HERE / "scores-before.json").read_text("utf-8"))

NOTE = (
    "<!-- Written by docs/make.py from the scorecard. Change what it reads, then run it again. -->"
)


def page() -> str:
    """Return the page."""
    records: list[dict[str, Any]] = json.loads(SCORECARD.read_text("utf-8"))
    lines = [
        NOTE,
        "",
        "# What the model is held against",
        "",
        "The scorecard over draws of the posterior that ships with the package: the median over "
        "the draws, and the interval that holds nine tenths of them. `trustabm validate` makes it "
        "again. A tolerance is the source's own error (half of a 90% interval, marked *) where it "
        "gives one that can be used, and ours otherwise. Each study is a folder of "
        f"`experiments/studies/`. *Before* is what {BEFORE['what']} gave, marked † where the "
        "question was put otherwise then. [scores.md](scores.md) scores what was never fitted as "
        "forecasts.",
        "",
        *(f"- {line}" for line in summary(records)),
        "",
        "Several targets are parts of one row. A row holds when all its parts are within "
        "tolerance, "
        + "; ".join(f"row {r} when {share:.0%} of them are" for r, share in PARTS_NEEDED.items())
        + ".",
        "",
    ]
    for name, group in GROUPS.items():
        some = [r for r in records if group_of(TARGETS[r["id"]]) == name]
        if some:
            lines += [f"## {group.title}", "", group.sentence, ""]
            head = ["id", "what is measured", "published", "model", "90%", "before", "", "source"]
            lines += table(head, (_cells(r) for r in some))
    lines += [
        "10b1 holds by construction: the threshold of row 10 is set so that 44% of all Latino "
        "residents are chilled.",
        "",
        *_not_asked(),
        *_rollout(),
        *_carries(),
        *_posterior(),
        *_apart(records),
        *_conclusions(),
        *CANNOT,
    ]
    return "\n".join(lines).rstrip() + "\n"


def _cells(r: dict[str, Any]) -> list[str]:
    t = TARGETS[r["id"]]
    verdict = "within" if r["pass"] else f"**outside**: {r['note']}"
    return [
        t.id,
        f"{t.sentence} ({t.unit})",
        t.goal + ("" if t.whose == "ours" else "*"),
        _said(r["value"]),
        f"{_said(r['low'])} to {_said(r['high'])}",
        _before(t.id),
        verdict if GROUPS[group_of(t)].counts else "not counted",
        f"[{t.source.citation}]({t.source.address})",
    ]


def _before(name: str) -> str:
    if name not in BEFORE["scores"]:
        return "not asked"
    return _said(BEFORE["scores"][name]["value"]) + ("†" if name in BEFORE["otherwise"] else "")


def _not_asked() -> list[str]:
    return [
        "## Not asked, and why",
        "",
        "Findings of the evidence for which the model has no quantity. None has a stand-in.",
        "",
        *table(["ids", "published", "why not"], ([*row] for row in NOT_ASKED)),
    ]


def _carries() -> list[str]:
    if not CARRIES.exists():
        return []
    found: dict[str, dict[str, float]] = json.loads(CARRIES.read_text("utf-8"))
    lines = [
        "## What carries the effect of Secure Communities",
        "",
        "Latino residents against no entanglement, in percent, over two years and in their last "
        "half-year. What is left where ICE takes nobody is news alone; what is left where nobody "
        "is told is what people see for themselves.",
        "",
    ]
    head = ["", "reporting", "last half-year", "victimization", "last half-year"]

    def cell(arm: str, what: str, when: str) -> str:
        r = found[f"{arm}, {what}, {when}"]
        return f"{r['value']:+.3g} ({r['low']:+.3g} to {r['high']:+.3g})"

    rows = (
        [
            title,
            *(cell(arm, w, t) for w in ("reporting", "victimization") for t in ("all", "end")),
        ]
        for arm, title in ARMS.items()
    )
    return lines + table(head, rows)


def _apart(records: list[dict[str, Any]]) -> list[str]:
    missed = [
        r["id"]
        for r in records
        if not r["pass"] and TARGETS[r["id"]].role in ("calibration", "baseline")
    ]
    lines = [
        "## What cannot be had",
        "",
        "Fitted targets that the posterior does not meet: "
        + (", ".join(missed) if missed else "none")
        + ".",
        "",
    ]
    if not TENSIONS.exists():
        return lines
    with TENSIONS.open(encoding="utf-8-sig") as file:
        pairs = list(csv.DictReader(file))
    if not pairs:
        return [*lines, "No two of those that are off pull against each other over the draws.", ""]
    lines += [
        "Pairs that pull against each other: both are off in the middle of the draws, and where "
        "one comes nearer the other goes farther. *Off* is in tolerances, with its sign.",
        "",
    ]
    head = ["target", "off", "against", "off", "correlation"]
    rows = (
        [
            p["target"],
            f"{float(p['off']):+.2f}",
            p["against"],
            f"{float(p['off against']):+.2f}",
            f"{float(p['correlation']):+.2f}",
        ]
        for p in pairs
    )
    return lines + table(head, rows)


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _rollout() -> list[str]:
    with (ROLLOUT / "draws.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))

    def points(row: dict[str, str], name: str) -> str:
        return f"{100 * float(row[name]):.1f}"

    head = ["draw", "true", "event study (SE)", "true", "two-way fixed effects (SE)"]
    rows = (
        [
            f"{int(r['draw']) + 1} ({r['structure']})",
            points(r, "true_9_quarters"),
            f"{points(r, 'event_study')} ({points(r, 'event_study_error')})",
            points(r, "true_all_quarters"),
            f"{points(r, 'two_way')} ({points(r, 'two_way_error')})",
        ]
        for r in found
    )
    without = [100 * float(r["reported_without"]) for r in found]
    off = [100 * (float(r["event_study"]) - float(r["true_9_quarters"])) for r in found]
    times = [float(r["two_way"]) / float(r["true_all_quarters"]) for r in found]
    return [
        "## The staggered rollout, county by county",
        "",
        "![Event studies of all counties beside the truth](../results/rollout/rollout.png)",
        "",
        f"{int(found[0]['counties']):,} counties get Secure Communities in the month in which "
        "their jail began to share fingerprints, under the other rules in force there by date. "
        "Each lives twice with the same luck, with it and without, which says what is true; an "
        "event study of the panel estimates it as the published one did. Change in the share of "
        "crimes against Latino residents that is reported, in points, over the first nine "
        f"quarters and over all; without it {min(without):.0f} to {max(without):.0f}% are "
        "reported (`experiments/rollout.py`).",
        "",
        *table(head, rows),
        "**What the estimators miss.** Each draw is one panel, of one resident in a hundred: "
        "differences within two standard errors say nothing. The event study follows what is "
        f"true; its mean over nine quarters is off by {min(off):+.1f} to {max(off):+.1f} points, "
        "most where few counties are left that were not reached. The one number of two-way fixed "
        f"effects is {min(times):.1f} to {max(times):.1f} times the truth: the effect fades, so "
        "that counties which recover stand as controls for those newly reached. Neither sees "
        "what reaches all counties at once; nothing crosses county lines in these worlds.",
        "",
    ]


def _posterior() -> list[str]:
    with (CALIBRATION / "identified.csv").open(encoding="utf-8-sig") as file:
        found = list(csv.DictReader(file))
    with (CALIBRATION / "correlations.csv").open(encoding="utf-8-sig") as file:
        pairs = list(csv.DictReader(file))
    by = {r["parameter"]: float(r["contraction"]) for r in found}
    well = [f"`{n}`" for n, c in by.items() if c >= WELL]
    hardly = [f"`{n}`" for n, c in by.items() if c < HARDLY]
    lines = [
        "## What the studies say about the parameters",
        "",
        "![Posterior over the prior](../results/calibration/posterior.png)",
        "",
        f"Well identified (posterior variance below {1 - WELL:.0%} of the prior's): "
        f"{', '.join(well)}. Hardly or not at all (above {1 - HARDLY:.0%}): "
        f"{', '.join(hardly) or 'none'}; there the prior is what there is, and a conclusion that "
        "hangs on it is not supported by the studies.",
        "",
    ]
    rows = []
    for r in found:
        prior = f"{float(r['prior_low']):g} to {float(r['prior_high']):g}"
        ends = f"{float(r['low']):.3g} to {float(r['high']):.3g}"
        median, contraction = float(r["median"]), float(r["contraction"])
        rows.append([f"`{r['parameter']}`", prior, f"{median:.3g}", ends, f"{contraction:.2f}"])
    lines += table(["parameter", "prior", "posterior median", "90%", "contraction"], rows)
    if pairs:
        listed = "; ".join(
            f"`{p['parameter']}` and `{p['with']}` {float(p['correlation']):+.2f}"
            for p in pairs[:8]
        )
        lines += [f"What the studies tell only together (correlations): {listed}.", ""]
    return lines


def _conclusions() -> list[str]:
    if not CONCLUSIONS.exists():
        return []
    with CONCLUSIONS.open(encoding="utf-8-sig") as file:
        found = list(csv.DictReader(file))
    lines = [
        "## Which conclusions hold over the posterior",
        "",
        "Harris County, two years, 100 draws (`experiments/posterior.toml`). A policy is set "
        "against the one that it is laid on ([policies.md](policies.md)), if the study has it. "
        "*Higher* or *lower*: the sign is the same in at least 95% of the draws. *Hardly any*: "
        "less than 1% in nine of ten. *Open*: the draws, all of which fit the studies, do not "
        "agree; here the model has no answer.",
        "",
    ]
    rows = []
    for r in found:
        name = f"{GLOSSARY[r['outcome']].title}, {SHIPPED.titles[r['group']]}"
        # Nothing is a percentage of none.
        middle, ends = "from none", "–"
        if r["percent"]:
            middle = f"{float(r['percent']):+.3g}"
            ends = f"{float(r['low']):+.3g} to {float(r['high']):+.3g}"
        rows.append([r["arm"], r.get("against", "none"), name, middle, ends, r["verdict"]])
    return lines + table(["policy", "against", "outcome", "change in %", "90%", "holds"], rows)


CANNOT = [
    "## What the model cannot say",
    "",
    "- That residents outside the Latino groups are unaffected: in the model their reporting "
    "falls too (4a), because some are undocumented themselves or close to somebody who is; the "
    "published estimate is none.",
    "- Whether validation row 4a holds by itself: that the model missed it led to a rule (people "
    "attend to the news that concerns them), though the row took no part in the fit.",
    "- What lies beyond the ranges we gave: some posteriors lie against a bound (the table above).",
    "- How high crime was in the years of Secure Communities: towns are set to later surveys.",
    "- What a mechanism that is not in it would do. The posterior covers the parameters, not "
    "the model ([uncertainty.md](uncertainty.md)).",
    "- Anything about people under 12, about crimes without a victim, or about trust in "
    "institutions other than police and ICE.",
]
