"""Write docs/scores.md from results/scores: what was forecast of findings that took no part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tables import table

from trustabm.evidence import TARGETS
from trustabm.evidence.kinds import TITLES, kind_of
from trustabm.evidence.naive import NAIVE
from trustabm.evidence.scores import ALL, MODEL, SETS

ROOT = Path(__file__).parents[1]
SCORES = ROOT / "results" / "scores" / "scores.json"

INTRODUCTION = """
# How well it forecasts what it was not fitted to

Findings that took no part in a fit are forecast, and the forecasts scored. A forecast is the
draws of the posterior, their Monte Carlo error, what the model misses findings of that kind by,
and the error of what was published, where its source gives one. What the model misses is learned
from findings of *other studies* alone (`trustabm/evidence/predictive.py`). The score is the
continuous ranked probability score in tolerances (Gneiting & Raftery 2007,
doi:10.1198/016214506000001437); of a sign or a bound it is Brier's. *Skill* is one less the ratio
to the score of a naive forecast: 0 is as good as it, 1 is perfect, below 0 is worse. Naive
forecasts get what *they* miss added in the same way:

- **no change**: a policy or an event does nothing, groups do not differ;
- **last value**: what was known before of the same thing; where nothing was, no change;
- **average effect**: the mean effect that other studies of the same kind published, also those
  that the model was not fitted to.

Published nulls are taken as exactly zero, which *no change* forecasts to the digit; that a study
found no effect is not that there is none. Which is why skill is given by kind, and findings that
a naive forecast is better at are named. Few studies stand behind each number: the intervals (90%)
draw studies anew with replacement.
"""


def page() -> str:
    """Return the page."""
    lines = [
        "<!-- Written by docs/make.py from results/scores. Run its command, then docs/make.py. -->",
        INTRODUCTION,
    ]
    if not SCORES.exists():
        return "\n".join([*lines, "Nothing was scored yet.", ""])
    found = json.loads(SCORES.read_text("utf-8"))
    for of_set, sentence in SETS.items():
        some = [s for s in found["summary"] if s["set"] == of_set]
        lines += [f"## {of_set.capitalize()}", "", sentence, ""]
        if not some:
            lines += ["None was scored yet.", ""]
        for signs in (False, True):
            lines += _summary([s for s in some if s["signs"] == signs], signs)
        lines += _worse(some)
    lines += _where(found["not_above"])
    lines += _findings(found["findings"])
    return "\n".join(lines).rstrip() + "\n"


def _summary(some: list[dict[str, Any]], signs: bool) -> list[str]:
    if not some:
        return []
    if signs:
        said = ["chance given to it"]
    else:
        said = ["in the 50% interval", "in the 90%", "in 90% of draws alone"]
    what = "Of a sign or a bound that was published:" if signs else "Of a number:"
    head = ["", "findings", "studies", *said, *(f"skill over {n}" for n in NAIVE)]
    return [what, "", *table(head, ([*_cells(s, signs)] for s in some))]


def _cells(s: dict[str, Any], signs: bool) -> list[str]:
    n = s["findings"]
    if signs:
        held = [f"{s['chance']:.0%}"]
    else:
        held = [f"{k} ({k / n:.0%})" for k in (s["held"]["50"], s["held"]["90"], s["alone"]["90"])]
    title = "**all**" if s["kind"] == ALL else TITLES[s["kind"]]
    return [title, str(n), str(s["studies"]), *held, *(_skill(s["skill"].get(k)) for k in NAIVE)]


def _skill(skill: dict[str, Any] | None) -> str:
    if skill is None:
        return "none to give"
    said = f"{skill['skill']:+.2f}"
    if skill["low"] is not None:
        said += f" ({skill['low']:+.2f} to {skill['high']:+.2f})"
    return said if skill["skill"] > 0 else f"**{said}**"


def _worse(some: list[dict[str, Any]]) -> list[str]:
    lines = []
    for name in NAIVE:
        ids = [
            i
            for s in some
            if s["kind"] == ALL and name in s["skill"]
            for i in s["skill"][name]["worse"]
        ]
        lines.append(f"- Better forecast by *{name}*: {', '.join(ids) or 'none'}.")
    return [*lines, ""] if some else []


def _where(lines: list[str]) -> list[str]:
    return [
        "## Where it is no better than naive",
        "",
        *([f"- {line}." for line in lines] or ["Nowhere by kind."]),
        "",
    ]


def _findings(found: list[dict[str, Any]]) -> list[str]:
    scores = {(s["id"], s["forecast"]): s["score"] for s in found}
    rows = []
    for s in found:
        if s["forecast"] != MODEL:
            continue
        t = TARGETS[s["id"]]
        hit = f"{s['chance']:.0%}" if s["chance"] is not None else _hit(s["held"])
        each = (scores.get((t.id, name)) for name in (MODEL, *NAIVE))
        rows.append(
            [
                t.id,
                t.sentence,
                kind_of(t.id),
                t.goal,
                f"{s['low']:.3g} to {s['high']:.3g}",
                hit,
                *("–" if x is None else f"{x:.2f}" for x in each),
            ]
        )
    head = ["id", "what", "kind", "published", "90% forecast", "held", "score", *NAIVE]
    return [
        "## Finding by finding",
        "",
        "*Held*: by the 50% interval, the 90% interval alone, or neither; of a sign or a bound the "
        "chance that was given to it. *Score*: the model's, then the naive forecasts'; less is "
        "better.",
        "",
        *table(head, rows),
    ]


def _hit(held: dict[str, bool]) -> str:
    return "50%" if held["50"] else "90%" if held["90"] else "**no**"
