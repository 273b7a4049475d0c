"""Whole rows: a row holds when its parts do, and rows are counted by what they were for.

Fitted rows, baselines and three kinds of validation are counted apart, because they say different
things: that the model can be made to agree, that it agrees without having been made to, and that it
agrees where its design had seen the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from trustabm.evidence.target import Target
from trustabm.evidence.targets import TARGETS

__all__ = [
    "GROUPS",
    "PARTS_NEEDED",
    "Group",
    "Tally",
    "group_of",
    "summary",
    "tallies",
    "whole_rows",
]

PARTS_NEEDED: dict[str, float] = {"12": 0.8}
"""Share of a row's parts that must be within tolerance; of rows not named here, all."""


class Group(NamedTuple):
    """Rows that were for the same thing.

    Args:
        title: What they are called.
        sentence: What they were used for.
        holds: Whether a target is one of theirs.
        counts: Whether they count as a test or a fit; those that do not are told of alone.
    """

    title: str
    sentence: str
    holds: Callable[[Target], bool]
    counts: bool = True


def _later(t: Target) -> bool:
    return t.id[0] in "AB"


def _of_beliefs(t: Target) -> bool:
    return t.id[0] == "T"


GROUPS: dict[str, Group] = {
    "calibration": Group(
        "Calibration",
        "Fitted: the model's contract.",
        lambda t: t.role == "calibration" and not _of_beliefs(t),
    ),
    "calibration-beliefs": Group(
        "Calibration of trust and fear",
        "Fitted as well: findings on what people believe, and what follows.",
        lambda t: t.role == "calibration" and _of_beliefs(t),
    ),
    "baseline": Group(
        "Baselines",
        "Fitted as well: what the town must show before any policy.",
        lambda t: t.role == "baseline",
    ),
    "validation": Group(
        "Validation",
        "Never fitted: a test fails if one of them enters the loss.",
        lambda t: t.role == "validation" and not _later(t) and not _of_beliefs(t),
    ),
    "validation-beliefs": Group(
        "Validation of trust and fear",
        "Never fitted; known when the rules were made.",
        lambda t: t.role == "validation" and _of_beliefs(t),
    ),
    "released": Group(
        "Validation, seen",
        "Never fitted, but not unseen: held back from the first round of the model and scored "
        "then, they have shaped its present design.",
        lambda t: t.role == "validation" and _later(t),
    ),
    "reported": Group(
        "Told of",
        "No tests: neither fitted nor counted.",
        lambda t: t.role == "reported",
        counts=False,
    ),
}
"""What rows were for; every target is of one group."""


class Tally(NamedTuple):
    """What of a group holds.

    Args:
        met: Rows that hold.
        missed: Rows that do not.
        hits: Targets, which are parts of rows, within tolerance.
        targets: All of them.
    """

    met: tuple[str, ...]
    missed: tuple[str, ...]
    hits: int
    targets: int


def group_of(target: Target) -> str:
    """Return the group that a target is of."""
    return next(name for name, group in GROUPS.items() if group.holds(target))


def whole_rows(passed: Mapping[str, bool]) -> dict[str, bool]:
    """Return by row whether it holds: enough of its parts are within tolerance.

    Args:
        passed: Whether each target is within tolerance, by id, of one group.
    """
    parts: dict[str, list[bool]] = {}
    for i, hit in passed.items():
        parts.setdefault(TARGETS[i].row, []).append(hit)
    return {
        row: sum(hits) >= math.ceil(PARTS_NEEDED.get(row, 1.0) * len(hits))
        for row, hits in parts.items()
    }


def tallies(records: Sequence[Mapping[str, Any]]) -> dict[str, Tally]:
    """Return what holds, by group; groups without a record are left out.

    Args:
        records: A scorecard's, as `scorecard.records` gives them.
    """
    out = {}
    for name in GROUPS:
        passed = {r["id"]: bool(r["pass"]) for r in records if group_of(TARGETS[r["id"]]) == name}
        if passed:
            rows = whole_rows(passed)
            met = tuple(row for row, whole in rows.items() if whole)
            missed = tuple(row for row, whole in rows.items() if not whole)
            out[name] = Tally(met, missed, sum(passed.values()), len(passed))
    return out


def summary(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line a group, and one on all that was never fitted."""
    found = tallies(records)
    lines = []
    for name, tally in found.items():
        whole, rows = len(tally.met), len(tally.met) + len(tally.missed)
        not_so = f" (not so {', '.join(tally.missed)})" if tally.missed else ""
        group = GROUPS[name]
        if group.counts:
            lines.append(
                f"{group.title}: {whole} of {rows} rows whole{not_so}; {tally.hits} of "
                f"{tally.targets} targets within tolerance. {group.sentence}"
            )
        else:
            lines.append(f"{group.title}: {tally.targets} targets. {group.sentence}")
    never = [t for n, t in found.items() if n in ("validation", "validation-beliefs", "released")]
    if never:
        hits, targets = sum(t.hits for t in never), sum(t.targets for t in never)
        lines.append(
            f"Of all that was never fitted {hits} of {targets} targets are within tolerance "
            f"({hits / targets:.0%})."
        )
    return lines
