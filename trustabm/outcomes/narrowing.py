"""What intervals are made of, in words, and what would narrow them most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from trustabm.inputs.groups import Groups
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.findings import key, label
from trustabm.outcomes.numbers import listed

__all__ = [
    "FIGURES",
    "KINDS",
    "figure_named",
    "in_percent",
    "made_of",
    "narrowed",
    "narrows",
    "shares",
]

KINDS = {
    "luck": "luck",
    "sampling": "the counties drawn",
    "parameters": "parameters",
    "figures": "the town's figures",
    "rules": "readings of rules",
    "structure": "structure",
}
"""The kinds of doubt, as they are called."""

FIGURES = "the town's own figures"

RULES = "knowing what the rules in force say"

NARROWS = {
    "luck": "more simulated towns",
    "sampling": "more counties",
    "parameters": "studies of its parameters",
    "structure": "studies of its structure",
}
"""What would narrow an interval that a kind of doubt makes most of."""

MOST = 0.5
"""From which part of all figures' share on a single one is named."""


DECIDES = 0.1
"""From which share on a reading of a rule is named, whatever else makes more."""


def shares(e: Estimate) -> dict[str, float] | None:
    """Return how much of an interval, squared, each kind of doubt makes; they add up to 1.

    Kinds that are not in it are left out. None where there is no interval, or where draws are too
    few to tell one kind from another.
    """
    found = {kind: getattr(e, f"by_{kind}") for kind in KINDS}
    if any(x is None for x in found.values()):
        return None
    return {kind: x for kind, x in found.items() if x > 0 or kind == "luck"}


def made_of(e: Estimate) -> str | None:
    """Return the shares in words, the largest first; None where there are none."""
    found = shares(e)
    if found is None:
        return None
    whole = in_percent(found)
    order = sorted(whole, key=lambda kind: -whole[kind])
    return ", ".join(f"{KINDS[kind]} {whole[kind]}%" for kind in order)


def narrows(e: Estimate) -> tuple[str, float] | None:
    """Return what would narrow an interval most, and the share that it would take away."""
    found = shares(e)
    if found is None:
        return None
    kind = max(found, key=lambda kind: found[kind])
    if kind in NARROWS:
        return NARROWS[kind], found[kind]
    one = {"figures": (e.figure, e.by_figure), "rules": (e.rule, e.by_rule)}[kind]
    name, share = one
    if name is None or share is None or share < MOST * found[kind]:
        return FIGURES if kind == "figures" else RULES, found[kind]
    return f"knowing {name}" if kind == "rules" else f"the town's {figure_named(name)}", share


def narrowed(
    estimates: Mapping[tuple[str, str, str], Estimate],
    arm: str,
    groups: Groups,
    rows: Sequence[tuple[str, str]] | None = None,
) -> list[str]:
    """Return what intervals are made of in the median outcome, and what would narrow which most.

    Nothing where there are no shares.

    Args:
        estimates: By outcome, group and arm.
        arm: The arm's name.
        groups: The groups of these towns.
        rows: Outcomes and groups; the key ones if not given.
    """
    of = {row: estimates[*row, arm] for row in (key(groups) if rows is None else rows)}
    made = [s for e in of.values() if (s := shares(e)) is not None]
    if not made:
        return []
    middle = {kind: median(s.get(kind, 0.0) for s in made) for kind in KINDS}
    parts = [f"{KINDS[kind]} {100 * x:.0f}%" for kind, x in middle.items() if x > 0]
    said = [f"Of the square of an interval's width, in the median outcome: {', '.join(parts)}."]
    which: dict[str, list[str]] = {}
    for row, e in of.items():
        if (found := narrows(e)) is not None:
            name = label(*row, groups)
            which.setdefault(found[0], []).append(
                f"{name[0].lower()}{name[1:]} ({_rounded(found[1])}%)"
            )
    for what, outcomes in sorted(which.items(), key=lambda item: -len(item[1])):
        said.append(f"Narrowed most by {what}: {listed(outcomes)}.")
    return said + _read(of, groups)


def _read(of: Mapping[tuple[str, str], Estimate], groups: Groups) -> list[str]:
    """Return which readings of a rule decide outcomes, and how far."""
    which: dict[str, list[str]] = {}
    for row, e in of.items():
        if e.rule is not None and e.by_rule is not None and e.by_rule >= DECIDES:
            name = label(*row, groups)
            share = f"{name[0].lower()}{name[1:]} ({_rounded(e.by_rule)}%)"
            which.setdefault(e.rule, []).append(share)
    return [
        f"It is not known {rule}. Drawn as doubt, that makes so much of the square of the width: "
        f"{listed(outcomes)}."
        for rule, outcomes in which.items()
    ]


def figure_named(name: str) -> str:
    """Return a figure's key as words, as "undocumented share"."""
    words = name.replace("groups.", "").replace("_", " ").replace(".", " ")
    return words.replace("latino", "Latino")


def _rounded(share: float) -> int:
    return round(100 * share)


def in_percent(found: Mapping[str, float]) -> dict[str, int]:
    """Return shares in whole percent that add up to 100 (by largest remainders)."""
    exact = {kind: 100 * x for kind, x in found.items()}
    whole = {kind: int(x) for kind, x in exact.items()}
    order = sorted(exact, key=lambda kind: whole[kind] - exact[kind])
    for kind in order[: 100 - sum(whole.values())]:
        whole[kind] += 1
    return whole
