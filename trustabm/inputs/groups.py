"""Ethnic groups: the two that ship, those that a town declares, and the outcome groups they make.

Everything that is said of a group stands in its declaration: what it is called, its colours, its
mean trust, and how far what the parameters say of contact with Latino residents holds for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from trustabm.rules import codes

__all__ = ["CURRENT", "LATINO", "OTHER", "SHIPPED", "EthnicGroup", "Groups"]

CURRENT = "current-"
"""What stands before the name of a group that is the group now, not that of the day."""


@dataclass(frozen=True, slots=True)
class EthnicGroup:
    """An ethnic group as the model needs it, wherever it lives.

    Args:
        key: Its name in columns and files.
        title: Its name for people, an adjective.
        colors: Of its outcome groups on the screen, in their order (`codes.PARTS`); of the
            reference group one.
        trust: Its mean trust in local police, or the parameter that says so.
        standing_risk: How far the risk that Latino residents stand with is its own too.
        readiness: How far Latino victims' readiness to report is its own too.
        stop_bias: How far officers' bias in stops is held against it; against Latino residents 1.
        bad_contact_bias: The same of stops that go badly.
        informal_asking: The same of being asked about status where no policy says so.
        experimental: Whether an experiment on Latino residents' reporting is on it.
    """

    key: str
    title: str
    colors: tuple[str, ...]
    trust: float | str
    standing_risk: float = 0.0
    readiness: float = 0.0
    stop_bias: float = 0.0
    bad_contact_bias: float = 0.0
    informal_asking: float = 0.0
    experimental: bool = False


# Okabe and Ito's colours, told apart by colour-blind people too.
LATINO = EthnicGroup(
    key="latino",
    title="Latino",
    colors=("#d55e00", "#e69f00", "#cc79a7", "#009e73"),
    trust="trust_latino",
    standing_risk=1.0,
    readiness=1.0,
    stop_bias=1.0,
    bad_contact_bias=1.0,
    informal_asking=1.0,
    experimental=True,
)
OTHER = EthnicGroup(key="other", title="Other", colors=("#0072b2",), trust="trust_other")
"""The reference group: everyone who is in no other, of any status."""

PART_TITLES = (
    "{}, undocumented",
    "{}, provisionally registered",
    "{}, citizen or lawful, someone undocumented close",
    "Other {}",
)


@dataclass(frozen=True)
class Groups:
    """The ethnic groups of a region, and the outcome groups they make.

    Args:
        ethnic: The ethnic groups, Latino first and the reference group last.
    """

    ethnic: tuple[EthnicGroup, ...]

    @cached_property
    def reference(self) -> str:
        """The name of the outcome group that is everyone in no ethnic group that is named."""
        return "non-latino" if len(self.ethnic) == 2 else OTHER.key

    @cached_property
    def of_ethnic(self) -> dict[str, tuple[str, ...]]:
        """The outcome groups of every ethnic group but the reference, by its name."""
        return {e.key: tuple(f"{e.key}-{part}" for part in codes.PARTS) for e in self.ethnic[:-1]}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The outcome groups by their numbers; they partition residents."""
        return (*(name for names in self.of_ethnic.values() for name in names), self.reference)

    def places(self, some: Groups) -> list[int]:
        """Return the numbers that the outcome groups of some of these ethnic groups have here."""
        numbers = {e.key: len(codes.PARTS) * k for k, e in enumerate(self.ethnic)}
        parts = range(len(codes.PARTS))
        places = [numbers[e.key] + part for e in some.ethnic for part in parts]
        return places[: len(some.names)]

    @cached_property
    def aggregates(self) -> dict[str, tuple[str, ...]]:
        """The outcome groups that make up each ethnic group but the reference, and everyone."""
        return self.of_ethnic | {"all": self.names}

    @cached_property
    def every(self) -> tuple[str, ...]:
        """Every group for which outcomes are given, the disjoint ones first."""
        return (*self.names, *self.aggregates)

    @cached_property
    def current(self) -> tuple[str, ...]:
        """The same groups as of each week: who is in them now, over how many are in them now."""
        return tuple(CURRENT + name for name in self.every)

    @cached_property
    def none(self) -> str:
        """What somebody of the reference group is, in a sentence."""
        named = [e.title for e in self.ethnic[:-1]]
        return f"not {named[0]}" if len(named) == 1 else f"neither {' nor '.join(named)}"

    @cached_property
    def titles(self) -> dict[str, str]:
        """What groups are called."""
        named = [e.title for e in self.ethnic[:-1]]
        parts = [part.format(title) for title in named for part in PART_TITLES]
        titles = (*parts, self.none[0].upper() + self.none[1:], *named, "Everyone")
        return dict(zip(self.every, titles, strict=True))

    @cached_property
    def colors(self) -> dict[str, str]:
        """The colours of the outcome groups."""
        return dict(zip(self.names, (c for e in self.ethnic for c in e.colors), strict=True))


SHIPPED = Groups((LATINO, OTHER))
"""The groups of a town that declares none of its own."""
