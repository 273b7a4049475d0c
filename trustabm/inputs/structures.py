"""Whole alternatives of the model: what nobody knows about how it should be built, as switches.

A structure holds some parameters, mechanism switches among them, at a value; the others are fitted
to the published studies with it. `inputs.draws` says how much weight each has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["STRUCTURES", "Structure"]


@dataclass(frozen=True, slots=True)
class Structure:
    """One way to build the model.

    Args:
        name: Its name in tables and on the command line.
        title: Its name for people.
        sentence: What it says, in plain words.
        source: Who holds that it is so.
        fixed: Parameters that it holds at a value, switches among them as True or False.
    """

    name: str
    title: str
    sentence: str
    source: str
    fixed: Mapping[str, float] = field(default_factory=dict)


STRUCTURES: dict[str, Structure] = {
    s.name: s
    for s in (
        Structure(
            "full",
            "All mechanisms",
            "Every mechanism of the model is at work, as strongly as the studies leave open.",
            "The model as its description has it (docs/odd.md).",
        ),
    )
}
"""All structures by name."""
