"""Write docs/evidence.md from the scorecard and the posterior: nothing is typed twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from tables import table

from trustabm.evidence import TARGETS
from trustabm.inputs.groups import SHIPPED
from trustabm.outcomes.glossary import GLOSSARY

HERE = Path(__file__).parent
ROOT = HERE.parent
SCORECARD = ROOT / "trustabm" / "inputs" / "posterior" / "scorecard.json"
CALIBRATION = ROOT / "results" / "calibration"
CONCLUSIONS = ROOT / "results" / "conclusions" / "conclusions.csv"
WELL, HARDLY = 0.5, 0.2
"""Contraction from which a parameter is well identified, and below which hardly."""

ROLES = {
    "calibration": ("Calibration", "Fitted."),
    "baseline": ("Baselines", "What the town must show before any policy; fitted as well."),
    "validation": ("Validation", "Never fitted: a test fails if one of them enters the loss."),
}
NOTE = (
    "<!-- Written by docs/make.py from the scorecard. Change what it reads, then run it again. -->"
)


def whole_rows(records: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return the rows of the contract of which every part is met, and the others."""
    parts: dict[str, list[bool]] = {}
    for r in records:
        if r["role"] == "calibration":
            parts.setdefault(TARGETS[r["id"]].row, []).append(r["pass"])
    met = [k for k, hits in parts.items() if all(hits)]
    return met, [k for k in parts if k not in met]


def page() -> str:
    """Return the page."""
    records: list[dict[str, Any]] = json.loads(SCORECARD.read_text("utf-8"))
    met, missed = whole_rows(records)
    lines = [
        NOTE,
        "",
        "# What the model is held against",
        "",
        "The scorecard over draws of the posterior that ships with the package: the median over "
        "the draws, and the interval that holds nine tenths of them. `trustabm validate` makes it "
        "again. Tolerances are ours, since the published estimates come without usable standard "
        "errors. Each study is a folder of `experiments/studies/`.",
        "",
    ]
    for role, (title, sentence) in ROLES.items():
        some = [r for r in records if r["role"] == role]
        hits = sum(r["pass"] for r in some)
        lines.append(f"- {title}: {hits} of {len(some)} within tolerance. {sentence}")
    lines += [
        "",
        f"Several targets are parts of one row of the contract. Of its {len(met) + len(missed)} "
        f"rows "
        f"for calibration, {len(met)} hold with every part ({', '.join(met)})"
        + (f"; not so {', '.join(missed)}." if missed else "."),
        "",
    ]
    for role, (title, _) in ROLES.items():
        lines += [f"## {title}", ""]
        head = ["id", "what is measured", "published", "model", "90%", "", "source"]
        lines += table(head, (_cells(r) for r in records if r["role"] == role))
    lines += [
        "10b1 holds by construction: the threshold of row 10 is set so that 44% of all Latino "
        "residents are chilled.",
        "",
        *_rollout(),
        *_posterior(),
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
        f"{t.wanted} ± {t.tolerance:g}",
        _said(r["value"]),
        f"{_said(r['low'])} to {_said(r['high'])}",
        verdict,
        f"[{t.source.citation}]({t.source.address})",
    ]


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _rollout() -> list[str]:
    return [
        "## The staggered rollout, in silico",
        "",
        "![Event study of simulated counties beside the truth]"
        "(../experiments/studies/rollout/rollout.png)",
        "",
        "Several hundred simulated counties get Secure Communities at the real distribution of "
        "dates, and an event study estimates its effect as the published one did; the paired "
        "worlds say what is true. What the estimator misses is in "
        "[experiments/studies/rollout](../experiments/studies/rollout).",
        "",
    ]


def _posterior() -> list[str]:
    with (CALIBRATION / "identified.csv").open() as file:
        found = list(csv.DictReader(file))
    with (CALIBRATION / "correlations.csv").open() as file:
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
    with CONCLUSIONS.open() as file:
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
    "the model.",
    "- Anything about people under 12, about crimes without a victim, or about trust in "
    "institutions other than police and ICE.",
]
