"""What a visitor looks at of a study: read from an address, held against it, written back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from trustabm.analysis.steps import SHOWN
from trustabm.inputs.groups import SHIPPED, Groups
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.definition import Study, measured
from trustabm.study.designs import called
from trustabm_app.shared.asked import STUDY, Asked, quoted

__all__ = [
    "AXIS_MAX",
    "Dimension",
    "Look",
    "Outline",
    "dimensions",
    "in_words",
    "read_look",
    "title_of",
]

AXIS_MAX = 40
"""Values along a side of a heat map."""

FIRST = (("reporting", "latino"), *SHOWN)
"""What is looked at first, if the study keeps it."""


@dataclass(frozen=True)
class Dimension:
    """Something that scenarios of a study differ in: town, arm, a varied name, or the point.

    Args:
        name: Its name.
        values: Its values, in order.
    """

    name: str
    values: tuple[Any, ...]

    @property
    def title(self) -> str:
        """Return what it is called."""
        return title_of(self.name)

    @property
    def words(self) -> tuple[str, ...]:
        """Its values as an address and a table hold them: no longer than tells them apart."""
        each: tuple[str, ...] = ()
        for digits in (3, 6, 9, 17):
            each = tuple(_said(v, digits) for v in self.values)
            if len(set(each)) == len(each):
                break
        return each

    @property
    def is_axis(self) -> bool:
        """Whether it may be a side of a heat map."""
        return self.name != "point" and len(self.values) <= AXIS_MAX


def title_of(name: str) -> str:
    """Return what a varied name is called in a form or a head."""
    title = called(name)
    return title[0].upper() + title[1:]


def _said(value: Any, digits: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def dimensions(study: Study, points: list[dict[str, Any]]) -> tuple[Dimension, ...]:
    """Return what scenarios of a study differ in, the reference apart.

    Where points are a grid, each varied name is one; where they fill a space, the point is.
    """
    found = [Dimension("town", study.towns), Dimension("arm", tuple(study.arms)[1:])]
    varied = [
        Dimension(name, _ordered(point[name] for point in points)) for name in (points[0] or ())
    ]
    cells = 1
    for d in varied:
        cells *= len(d.values)
    sampled = study.design.kind not in ("factorial", "list")
    if sampled or cells > len(points):
        varied = [Dimension("point", tuple(range(len(points))))]
    return tuple(d for d in found + varied if len(d.values) > 1)


def _ordered(values: Iterable[Any]) -> tuple[Any, ...]:
    each = tuple(dict.fromkeys(values))
    numbers = all(isinstance(v, float) for v in each)
    return tuple(sorted(each)) if numbers else each


@dataclass(frozen=True)
class Outline:
    """What a page has to know of an opened study: little, however many runs there are.

    Args:
        study: The study.
        groups: The groups of its towns.
        dims: What its scenarios differ in.
        names: What it varies.
        points: How many points there are.
        in_words: The points in words, where they are few enough to choose one.
        runs: How many runs there are, and of how many where some are missing.
        failed: How many of them failed.
        notices: What a reader has to know first, a sentence each.
        effects: Whether there is an effect.
        why_no_grid: Why there is no heat map; empty where there is one.
        why_no_indices: Why no sensitivity can be worked out; empty where it can.
    """

    study: Study
    groups: Groups
    dims: tuple[Dimension, ...]
    names: tuple[str, ...]
    points: int
    in_words: tuple[str, ...]
    runs: str
    failed: int
    notices: tuple[str, ...]
    effects: bool
    why_no_grid: str
    why_no_indices: str


@dataclass(frozen=True)
class Look:
    """What is shown of a study.

    Args:
        study: Its name on the shelf.
        outcome: The outcome.
        group: The group.
        across: The dimension along a heat map; empty if there is none.
        up: The one down its side; empty if there is none.
        against: The varied name against which a sampled space is drawn; empty for a grid.
        point: The number of the point whose weeks are drawn; empty for all together.
        opens: What a cell opens.
        at: The value of every dimension, in words, for where it is no side.
        groups: The groups of the study's towns.
        notices: What an address asked for and cannot have; no part of a link.
    """

    study: str
    outcome: str
    group: str
    across: str = ""
    up: str = ""
    against: str = ""
    point: str = ""
    opens: str = "town"
    at: dict[str, str] = field(default_factory=dict)
    groups: Groups = field(default=SHIPPED, compare=False)
    notices: tuple[str, ...] = field(default=(), compare=False)

    @property
    def column(self) -> str:
        """The outcome in the group, as runs name it."""
        return f"{self.outcome}__{self.group}"

    def chosen(self, study: Study) -> tuple[str, str]:
        """Return the town and the arm that are looked at where they are no side."""
        town, arms = study.towns[0], list(study.arms)
        return self.at.get("town", town), self.at.get("arm", arms[min(1, len(arms) - 1)])

    def words(self) -> dict[str, str]:
        """Return what an address holds of it."""
        plain = {key: getattr(self, key) for key in STUDY}
        # Below the map one town and one arm are shown, be they sides of it or not.
        free = {self.across, self.up} - {"town", "arm"}
        fixed = {f"at.{k}": v for k, v in self.at.items() if k not in free}
        return {k: v for k, v in (plain | fixed).items() if v and (k, v) != ("opens", "town")}

    def query(self) -> str:
        """Return what stands after the question mark."""
        return urlencode(self.words(), safe="/,@")


def read_look(words: dict[str, str] | str | None, known: Outline) -> Look:
    """Return what an address asks to see of a study; what it does not hold falls back, and is said.

    Args:
        words: The address's query, or its words.
        known: The study.
    """
    asked = Asked(words)
    study, dims, names = known.study, known.dims, known.names
    kept = measured(study.outcomes, known.groups)
    first = next((pair for pair in FIRST if pair in kept), kept[0])
    outcome = asked.one_of("outcome", study.outcomes, first[0])
    groups = [g for o, g in kept if o == outcome]
    group = asked.one_of("group", groups, first[1] if first[1] in groups else groups[0])
    sides = [d.name for d in dims if d.is_axis]
    # What the study varies first; then where, and under which arm.
    order = [n for n in sides if n not in ("town", "arm")] + [n for n in sides if n == "town"]
    order += [n for n in sides if n == "arm"]
    across = asked.one_of("across", order, order[0] if order else "")
    rest = [n for n in order if n != across]
    up = asked.one_of("up", rest, rest[0] if rest else "")
    at = {d.name: asked.one_of(f"at.{d.name}", d.words, d.words[0]) for d in dims}
    for key in asked.words:
        if key.startswith("at.") and key[3:] not in at:
            asked.say(f"{quoted(key)} is left out: scenarios of this study do not differ in it.")
    sampled = any(d.name == "point" for d in dims)
    return Look(
        study=asked.words.get("study", ""),
        outcome=outcome,
        group=group,
        across=across,
        up=up,
        against=asked.one_of("against", names, names[0])
        if sampled
        else asked.one_of("against", (), ""),
        point=asked.one_of("point", [str(k) for k in range(known.points)], "", "all points"),
        opens=asked.one_of("opens", ("town", "compare"), "town"),
        at=at,
        groups=known.groups,
        notices=asked.said,
    )


def in_words(outcome: str) -> str:
    """Return in which unit a difference of an outcome stands in tables."""
    unit = GLOSSARY[outcome].unit
    if unit.startswith("share"):
        return f"percentage points ({unit})"
    return "points on a scale from 0 to 100" if unit == "0 to 1" else unit
