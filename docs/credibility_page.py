"""Write docs/credibility.md from docs/credibility.toml: TRACE and ASME V&V 40, with what is there.

Every cell names files, headings, tests or results, and none that does not exist.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tables import table

ROOT = Path(__file__).parents[1]
STATED = Path(__file__).parent / "credibility.toml"

NAMES = {1: "low", 2: "middle", 3: "high"}
LEVELS = {
    0: "nothing",
    1: "argued in writing",
    2: "tested or measured by us, and made again by a command",
    3: "the same by others, or against what nobody here had seen",
}
"""How far a factor is carried; ours, as the standard leaves it to whoever applies it."""


def goal(influence: int, consequence: int) -> int:
    """Return the level that a context asks of every factor, from its risk."""
    risk = influence * consequence
    return 1 if risk <= 2 else 2 if risk <= 4 else 3


def missing(at: str, root: Path = ROOT) -> str:
    """Return what is not there of a file, heading, test or entry of a result; nothing if it is.

    Args:
        at: As the file of what is stated explains.
        root: Of the repository.
    """
    name, _, test = at.partition("::")
    name, _, heading = name.partition("#")
    name, _, key = name.partition(":")
    path = root / name
    if not path.exists():
        return f"no {name}"
    if test and not re.search(rf"(?m)^def {re.escape(test)}\(", path.read_text("utf-8")):
        return f"no test {test} in {name}"
    if heading and heading not in headings(path.read_text("utf-8")):
        return f"no heading {heading} in {name}"
    if key and key not in json.loads(path.read_text("utf-8")):
        return f"no {key} in {name}"
    return ""


def headings(text: str) -> list[str]:
    """Return the anchors of a page's headings."""
    titles = re.findall(r"(?m)^#+ (.+)$", text)
    return [re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles]


def cited(at: Sequence[str]) -> str:
    """Return links to what a cell names.

    Raises:
        SystemExit: where something is not there.
    """
    lacking = [said for a in at if (said := missing(a))]
    if lacking:
        raise SystemExit(f"docs/credibility.toml: {'; '.join(lacking)}")
    links = []
    for a in at:
        place = re.split(r"::|:", a)[0]
        place = place.removeprefix("docs/") if place.startswith("docs/") else f"../{place}"
        links.append(f"[`{a}`]({place})")
    return ", ".join(links)


def page(stated: Mapping[str, Any] | None = None) -> str:
    """Return the page.

    Raises:
        SystemExit: where a cell names what is not there.
    """
    said = stated or tomllib.loads(STATED.read_text("utf-8"))
    return "\n".join([*HEAD, *_trace(said), *_risk(said), *_factors(said), *_short(said)])


HEAD = [
    "<!-- Written by docs/make.py from docs/credibility.toml. Change that, then run it again. -->",
    "",
    "# Why it may be believed, and how far",
    "",
    "Two tables that reviewers know. What a cell names exists: `uv run python docs/make.py` writes "
    "nothing otherwise. What is not there is said as a gap.",
    "",
]


def _trace(said: Mapping[str, Any]) -> list[str]:
    return [
        "## TRACE",
        "",
        "The eight elements of Grimm et al. 2014 (doi:10.1016/j.ecolmodel.2014.01.018).",
        "",
        *table(
            ["", "element", "what it asks", "what there is", "where", "gap"],
            (
                [k, t["element"], t["asks"], t["said"], cited(t["at"]), t["gap"] or "none known"]
                for k, t in enumerate(said["trace"], 1)
            ),
        ),
    ]


def _risk(said: Mapping[str, Any]) -> list[str]:
    lines = [
        "## Risk by context of use",
        "",
        "ASME V&V 40-2018 asks as much of a model as is at stake (applied by Morrison et al. 2019, "
        "doi:10.1097/MAT.0000000000000996): *influence* of the model on a decision, times the "
        "*consequence* of a wrong one. The goal is the level that every factor below should have:",
        "",
        *(f"- {level}: {what}" for level, what in LEVELS.items()),
        "",
    ]
    rows = []
    for c in said["context"]:
        both = c["influence"], c["consequence"]
        words = [NAMES[x] for x in both]
        rows.append([c["name"], c["question"], *words, both[0] * both[1], goal(*both), c["why"]])
    head = ["context", "question", "influence", "consequence", "risk, of 9", "goal", "why"]
    return [*lines, *table(head, rows)]


def _factors(said: Mapping[str, Any]) -> list[str]:
    return [
        "## Credibility factors",
        "",
        *table(
            ["activity", "factor", "level", "what there is", "where", "gap"],
            (
                [f["group"], f["name"], f["level"], f["said"], cited(f["at"]), f["gap"] or "–"]
                for f in said["factor"]
            ),
        ),
    ]


def _short(said: Mapping[str, Any]) -> list[str]:
    lines = ["## Where the goal is not reached", ""]
    for c in said["context"]:
        wanted = goal(c["influence"], c["consequence"])
        short = [f"{f['name']} ({f['level']})" for f in said["factor"] if f["level"] < wanted]
        lines.append(
            f"- **{c['name']}** (goal {wanted}): "
            + (
                f"short in {len(short)} of {len(said['factor'])}: {', '.join(short)}."
                if short
                else ""
            )
            + ("" if short else "reached in every factor.")
        )
    return [
        *lines,
        "",
        said["verdict"],
        "",
    ]
