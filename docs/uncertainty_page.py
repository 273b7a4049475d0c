"""Fill the tables of docs/uncertainty.md from results; its text is written by hand."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median
from typing import cast

from tables import table

from trustabm.evidence.kinds import TITLES, Kind
from trustabm.evidence.scores import ALL, SETS

PAGE = Path(__file__).parent / "uncertainty.md"
RESULTS = Path(__file__).parents[1] / "results"
SAID = {
    "reference": "reference's level",
    "level": "arm's level",
    "difference": "difference",
    "percent": "percentage",
}
"""What intervals are of, by column of the coverage."""

ENOUGH = 50
"""Towns from which on all that are outside are named."""

LOWEST, HIGHEST = 0.84, 0.97
NEAR = 0.2
"""Of the width: how far apart ends of different seeds may lie."""

NONE = "*Not measured yet.*"


def page() -> str:
    """Return the page, every `<!-- fill: name -->` followed by its table."""

    def filled(found: re.Match[str]) -> str:
        lines = "\n".join(FILL[found[1]]()).strip() or NONE
        return f"<!-- fill: {found[1]} -->\n\n{lines}\n\n<!-- end -->"

    return re.sub(r"(?s)<!-- fill: (\w+) -->.*?<!-- end -->", filled, PAGE.read_text("utf-8"))


def _rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV among results; none where it does not exist."""
    file = RESULTS / name
    if not file.exists():
        return []
    with file.open(encoding="utf-8-sig") as opened:
        return list(csv.DictReader(opened))


def _structures() -> list[str]:
    rows = [
        [
            f"{r['title']} (`{r['structure']}`)",
            f"{float(r['weight']):.2f}",
            f"{float(r['log density left out']):.1f}",
            f"{float(r['row 1']):.3g}",
            f"{float(r['row 2']):.3g}",
            f"{float(r['targets within tolerance']):.1f} of {r['of']}",
            f"{float(r['worst r hat']):.2f}",
            f"{float(r['least effective draws']):.0f} of {r['draws']}",
        ]
        for r in _rows("calibration/structures.csv")
    ]
    head = ["structure", "weight", "log density, left out", "row 1", "row 2", "within tolerance"]
    return table([*head, "worst R-hat", "least effective draws"], rows)


def _discrepancy() -> list[str]:
    rows = [
        [TITLES[cast("Kind", r["kind"])], r["targets"], r["discrepancy in tolerances"]]
        for r in _rows("calibration/discrepancy.csv")
    ]
    return table(["kind", "fitted findings", "discrepancy in tolerances"], rows)


def _scores() -> list[str]:
    file = RESULTS / "scores" / "scores.json"
    if not file.exists():
        return []
    found = json.loads(file.read_text("utf-8"))["summary"]
    rows = []
    for of_set in SETS:
        for s in found:
            if s["set"] == of_set and not s["signs"]:
                n = s["findings"]
                shares = (s["held"]["50"], s["held"]["90"], s["alone"]["90"])
                title = "all" if s["kind"] == ALL else TITLES[s["kind"]].partition(":")[0].lower()
                rows.append([of_set, title, n, *(f"{k} ({k / n:.0%})" for k in shares)])
    head = ["findings", "kind", "numbers", "in 50%", "in 90%", "in 90% of the posterior alone"]
    return table(head, rows)


def _coverage() -> list[str]:
    cells: dict[tuple[str, int], dict[str, list[tuple[float, str]]]] = {}
    for r in _rows("coverage/coverage.csv"):
        found = cells.setdefault((r["town"], int(r["towns"])), {})
        for what in SAID:
            if r.get(what):
                found.setdefault(what, []).append((float(r[what]), f"{r['outcome']} {r['group']}"))
    rows = [
        [
            town,
            towns,
            *(_held([share for share, _ in found.get(what, [])]) for what in SAID),
            f"{sum(map(len, map(_off, found.values())))} of {sum(map(len, found.values()))}",
        ]
        for (town, towns), found in cells.items()
    ]
    lines = table(["town", "towns", *SAID.values(), "outside 84 to 97%"], rows)
    for (town, towns), found in cells.items():
        off = [f"{SAID[what]}: {', '.join(x)}" for what, some in found.items() if (x := _off(some))]
        if off and towns >= ENOUGH:
            lines.append(f"- Outside in {town}, {towns} towns: {'; '.join(off)}.")
    return lines


def _seeds() -> list[str]:
    cells: dict[tuple[str, str], dict[str, list[float]]] = {}
    for r in _rows("coverage/seeds.csv"):
        found = cells.setdefault((r["town"], r["towns"]), {})
        found.setdefault(r["interval"], []).append(max(float(r["low"]), float(r["high"])))
    said = ("level", "difference", "percent")
    rows = [
        [town, towns, *(_apart(found.get(what, [])) for what in said)]
        for (town, towns), found in cells.items()
    ]
    return table(["town", "towns", *(SAID[what] for what in said)], rows)


def _apart(parts: list[float]) -> str:
    if not parts:
        return "–"
    return f"{median(parts):.0%} ({fmean(x <= NEAR for x in parts):.0%})"


def _held(shares: list[float]) -> str:
    if not shares:
        return "–"
    return f"{fmean(shares):.0%} ({min(shares):.0%} to {max(shares):.0%})"


def _off(some: list[tuple[float, str]]) -> list[str]:
    """Return the outcomes that are held too seldom or too often, with how often."""
    return [f"{name} {x:.1%}" for x, name in some if not LOWEST <= x <= HIGHEST]


FILL: dict[str, Callable[[], list[str]]] = {
    "coverage": _coverage,
    "discrepancy": _discrepancy,
    "scores": _scores,
    "seeds": _seeds,
    "structures": _structures,
}
