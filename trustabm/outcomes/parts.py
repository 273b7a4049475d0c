"""Parts of an effect: what goes away of it without a mechanism, in numbers and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trustabm.inputs.declare import declarations
from trustabm.inputs.groups import LATINO, Groups
from trustabm.inputs.parameters import Parameters
from trustabm.outcomes.estimates import SMALL, Estimate
from trustabm.outcomes.findings import label
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import DASH, listed, said

__all__ = [
    "ASKED",
    "LEVERS",
    "MECHANISMS",
    "NOT_A_SUM",
    "NUMBERS",
    "OF_WHOM",
    "REST",
    "Part",
    "named",
    "of_whom",
    "parts_told",
    "percent",
    "shares",
]

ASKED = ("reporting", "victimization")
"""The outcomes whose effects are taken apart where none are asked for."""

OF_WHOM = (LATINO.key, "all")
"""The groups of which that is shown where none are asked for."""

MECHANISMS = {d.name: d.title for d in declarations(Parameters) if d.kind == "mechanism"}
"""What every mechanism is called."""

LEVERS = {"publicity": "with no news of it", "ice_capacity": "with nobody handed over"}
"""Levers that are also taken to 0, under the policy alone, and what is then said."""

REST = "rest"
"""What the parts of all mechanisms leave of an effect, as if it were one more."""

NOT_A_SUM = (
    "In brackets are 90% intervals. Parts need not add up to the effect: mechanisms work "
    "through one another, so that the same piece may go away with either of two, or only with "
    "both. The rest is the effect less all parts, of the opposite sign where they overlap."
)


WORDS = ("arm", "outcome", "group", "mechanism")

NUMBERS = (
    *("effect", "effect_low", "effect_high"),
    *("without", "without_low", "without_high"),
    *("part", "low", "high", "share"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """What goes away of an effect without one mechanism, in the outcome's unit.

    Args:
        arm: The name of the arm whose effect it is.
        outcome: The outcome.
        group: The group.
        mechanism: The mechanism that is off, the lever that is at 0, or `REST`.
        effect: The arm beside the reference with all on.
        without: The same without it; None for the rest.
        part: The one less the other; of the rest, the effect less the parts of all mechanisms.
        low: The lower end of the interval of the part; None where that cannot be said.
        high: The upper end.
    """

    arm: str
    outcome: str
    group: str
    mechanism: str
    effect: Estimate
    without: Estimate | None
    part: float | None
    low: float | None
    high: float | None

    def record(self) -> dict[str, Any]:
        """Return it in plain values, as `Comparison.why` names them; None where there is none."""
        left = self.without
        numbers = (
            (self.effect.difference, self.effect.low, self.effect.high)
            + ((left.difference, left.low, left.high) if left else (None, None, None))
            + (self.part, self.low, self.high, self.share)
        )
        words = (self.arm, self.outcome, self.group, self.mechanism)
        named = dict(zip(WORDS, words, strict=True))
        return named | dict(zip(NUMBERS, numbers, strict=True))

    @property
    def share(self) -> float | None:
        """The part as a share of the effect; None where the effect cannot be told from none."""
        return self._shared(self.part)

    @property
    def share_ends(self) -> tuple[float, float] | None:
        """The interval's ends as shares of the effect that was found, in ascending order."""
        ends = self._shared(self.low), self._shared(self.high)
        if ends[0] is None or ends[1] is None:
            return None
        return min(ends[0], ends[1]), max(ends[0], ends[1])

    @property
    def told_apart(self) -> bool:
        """Whether the interval of the part leaves out zero."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high

    def _shared(self, value: float | None) -> float | None:
        whole = self.effect.difference
        if value is None or not whole or not self.effect.told_apart:
            return None
        return value / whole + 0.0  # none is 0, not -0


def named(mechanism: str) -> str:
    """Return what a row is called: "without news", "with no news of it", "the rest"."""
    if mechanism == REST:
        return "the rest"
    return LEVERS.get(mechanism) or f"without {MECHANISMS[mechanism]}"


def parts_told(parts: Sequence[Part], arms: dict[str, str], groups: Groups) -> list[str]:
    """Say what carries every effect, a sentence or two each, shares with their intervals.

    Args:
        parts: Of any arms, outcomes and groups.
        arms: Name and name for people of each arm.
        groups: The groups of these towns.
    """
    effects: dict[tuple[str, str, str], list[Part]] = {}
    for part in parts:
        effects.setdefault((part.arm, part.outcome, part.group), []).append(part)
    return [
        f"{of_whom(outcome, group, groups)}, under {arms[arm]}: {_told(of)}"
        for (arm, outcome, group), of in effects.items()
    ]


def of_whom(outcome: str, group: str, groups: Groups) -> str:
    """Return what an effect is called; everyone is named where others could be meant."""
    everyone = ", everyone" if group == "all" and GLOSSARY[outcome].by_group else ""
    return label(outcome, group, groups) + everyone


def _told(parts: Sequence[Part]) -> str:
    effect = parts[0].effect
    if not effect.told_apart:
        return f"{effect.verdict()}, so that there is nothing to take apart."
    of = [p for p in parts if p.mechanism in MECHANISMS]
    clear = sorted((p for p in of if _matters(p)), key=lambda p: -(p.share or 0.0))
    gone = [(shares(p), named(p.mechanism)) for p in clear if (p.share or 0.0) > 0]
    more = [
        f"{shares(p, turned=True)} larger {named(p.mechanism)}"
        for p in reversed(clear)
        if (p.share or 0.0) < 0
    ]
    dim = [MECHANISMS[p.mechanism] for p in of if p not in clear]
    left = [f"{shares(p, left=True)} {LEVERS[p.mechanism]}" for p in parts if p.mechanism in LEVERS]
    verbs = [" goes away", *[""] * len(gone)]
    pieces = [f"{part}{verb} {how}" for (part, how), verb in zip(gone, verbs, strict=False)]
    clauses = [f"of the effect {listed(pieces)}"] if gone else []
    clauses += [f"it would be {listed(more)}"] if more else []
    said = ["; ".join(clauses)] if clauses else []
    if dim:
        without = f"without {listed(dim, 'or')}"
        said.append(f"{without}, nothing of it goes away that can be told from luck")
    said.append(f"left of it would be {listed(left)}")
    first, *others = said
    return ". ".join([first, *(x[:1].upper() + x[1:] for x in others)]) + "."


def _matters(part: Part) -> bool:
    """Return whether a part can be told from luck, and is not surely less than a little."""
    ends = part.share_ends
    return part.told_apart and ends is not None and max(map(abs, ends)) > SMALL / 100


def shares(part: Part, *, left: bool = False, turned: bool = False) -> str:
    """Return a part in percent of the effect, its interval in brackets; a dash where it has none.

    Args:
        part: The part.
        left: Whether to say what is left, not what goes away.
        turned: Whether more is said as a positive number.
    """
    if part.share is None:
        return DASH
    numbers = [part.share, *(part.share_ends or ())]
    if left:
        numbers = [1 - x for x in numbers]
    elif turned:
        numbers = [-x for x in numbers]
    share, *ends = map(percent, numbers)
    if not ends:
        return share
    if left or turned:
        ends.reverse()
    return f"{share} ({ends[0]} to {ends[1]})"


def percent(share: float) -> str:
    """Return a share in percent, whole where it is 1% or more."""
    return f"{said(100 * share, 0)}%"
