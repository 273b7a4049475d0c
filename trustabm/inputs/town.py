"""Towns: real jurisdictions, each figure with its year and source.

A run simulates a sample of a town's residents; every rate is per person, so the size of the sample
changes the noise and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

import numpy as np
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs import catalog, library
from trustabm.inputs.declare import declarations, figure
from trustabm.inputs.figure import Figure
from trustabm.inputs.groups import LATINO, OTHER, EthnicGroup, Groups
from trustabm.inputs.places import counties, laws
from trustabm.inputs.timeline import Change
from trustabm.inputs.town_group import Key, TownGroup, share_of
from trustabm.rules import segregation

__all__ = ["Makeup", "Town", "TownName", "groups_of", "town", "town_file"]

GROUPS_MAX = 8
"""Ethnic groups that a town may declare beside those that ship."""

NEIGHBORHOODS = 100
"""For how many neighborhoods a town's indices of dissimilarity are checked to be possible."""

Fips = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]

APART = 0.02
"""How far from them the nearest that neighborhoods can have may be."""


class Makeup(NamedTuple):
    """How many of a town are of an ethnic group, and where they come from.

    Args:
        key: The group.
        title: Its name for people.
        share: Of all residents.
        undocumented: Of all undocumented residents.
        born: Its members born abroad.
        naturalized: Those of them who are US citizens.
    """

    key: str
    title: str
    share: float
    undocumented: float
    born: Figure
    naturalized: Figure


class Town(catalog.File):
    """A jurisdiction as the model needs it. Shares are of residents aged 12 and over.

    Args:
        title: Its name.
        sentence: What is particular about it.
        fips: The county's five digits, for the state laws that hold in it; None where it is none.
        groups: Ethnic groups beside Latino residents; who is in none of them is among the others.
        changes: The town's own dated policies.

    A file that names a shipped town or a county as `base` has what it does not say from there.
    The figures say for themselves what they are.
    """

    title: catalog.Title
    sentence: catalog.Prose
    fips: Fips | None = None
    population: Figure = figure(
        unit="residents", low=20, high=1e9, sentence="Residents aged 12 and over."
    )
    latino_share: Figure = share_of("Residents who are Latino.")
    foreign_born_latino: Figure = share_of("Latino residents born abroad.")
    foreign_born_other: Figure = share_of("Other residents born abroad.")
    naturalized_latino: Figure = share_of("Foreign-born Latino residents who are US citizens.")
    naturalized_other: Figure = share_of("Other foreign-born residents who are US citizens.")
    undocumented_share: Figure = share_of("Residents who are undocumented.")
    undocumented_latino: Figure = share_of("Undocumented residents who are Latino.")
    household_size: Figure = figure(
        unit="residents aged 12 and over",
        low=1.0,
        high=4.0,
        sentence="Mean size of a household; none is simulated with more than 8.",
    )
    mixed_status_share: Figure = share_of(
        "Households with an undocumented member in which somebody is a citizen or lawfully present."
    )
    dissimilarity: Figure = figure(
        unit="0 to 1",
        low=0.0,
        high=1.0,
        sentence="Index of dissimilarity, over neighborhoods of a census tract's size, between "
        "Latino residents and all others, whatever their race (published indices mostly compare "
        "with non-Hispanic White residents alone, and are higher).",
    )
    officers_per_1000: Figure = figure(
        unit="officers per 1,000 residents of all ages",
        low=0.1,
        high=20.0,
        sentence="Sworn officers.",
    )
    violent_per_100k: Figure = figure(
        unit="crimes per 100,000 residents a year",
        low=0.0,
        high=10_000.0,
        sentence="Violent crimes that the police record.",
    )
    property_per_100k: Figure = figure(
        unit="crimes per 100,000 residents a year",
        low=1.0,
        high=50_000.0,
        sentence="Property crimes that the police record.",
    )
    groups: dict[Key, TownGroup] = Field(default={}, max_length=GROUPS_MAX)
    changes: tuple[Change, ...] = ()

    model_config = ConfigDict(json_schema_extra=lambda schema: _with_base(schema))

    @model_validator(mode="before")
    @classmethod
    def _laid_on_base(cls, values: Any) -> Any:
        """Lay what a file says on the town that it names as `base`, if it names one."""
        if not isinstance(values, dict) or "base" not in values:
            return values
        base = values["base"]
        if not isinstance(base, str) or catalog.is_file(base):
            raise ValueError(f"base: expected a town that ships or a county, got {shown(base)}")
        try:
            below = dict(_known(base))
        except InvalidInput as e:
            raise ValueError(f"base: {str(e).removeprefix('towns: ')}") from e
        return below | {key: value for key, value in values.items() if key != "base"}

    @classmethod
    def words(cls) -> list[str]:
        """Return every key that may stand in it, to hint at the one that was meant."""
        return [*cls.model_fields, *TownGroup.model_fields, "base"]

    @model_validator(mode="after")
    def _figures_are_possible(self) -> Self:
        bounds = {d.name: d for d in (*declarations(Town), *declarations(TownGroup))}
        for name, f in self.figures().items():
            d = bounds[next(part for part in reversed(name.split(".")) if part in bounds)]
            for end in ("value", "low", "high"):
                number = getattr(f, end)
                if number is not None and not d.low <= number <= d.high:
                    raise ValueError(
                        f"{name}.{end}: expected from {d.low:g} to {d.high:g} ({d.unit}), "
                        f"got {number:g}"
                    )
        if self.groups:
            self._groups_are_possible()
        self._undocumented_are_noncitizens()
        return self

    def _groups_are_possible(self) -> None:
        titles = {LATINO.title.casefold(), OTHER.title.casefold(), "everyone"}
        for key, group in self.groups.items():
            if key in (LATINO.key, OTHER.key, "all", "current", "non"):
                raise ValueError(f"groups.{key}: expected a name of its own, got a reserved one")
            if group.title.casefold() in titles:
                raise ValueError(
                    f"groups.{key}.title: expected one that no other group has, got "
                    f"{shown(group.title)}"
                )
            titles.add(group.title.casefold())
        makeup = self.makeup()
        for what, key in (("share", "share"), ("undocumented", "undocumented")):
            rest = getattr(makeup[-1], key)
            if rest < -1e-9:
                raise ValueError(
                    f"groups: expected a {what} of every group, Latino residents among them, that "
                    f"add up to at most 1, got {1 - rest:g}"
                )
        wanted = self.dissimilarities()
        of_blocks = segregation.shares(tuple(m.share for m in makeup), wanted, NEIGHBORHOODS)
        here = [m for m in makeup if m.share > 0.0]
        got = segregation.indices(of_blocks[:, [m.share > 0.0 for m in makeup]])
        if np.abs(got - wanted).max() > APART:
            pairs = [f"{a.key}-{b.key}" for k, a in enumerate(here) for b in here[k + 1 :]]
            nearest_, asked = (
                ", ".join(f"{pair} {x:.2f}" for pair, x in zip(pairs, values, strict=True))
                for values in (got, wanted)
            )
            raise ValueError(
                "groups: expected indices of dissimilarity that neighborhoods can have at once, of "
                f"which the nearest are {nearest_}; got {asked}"
            )

    def makeup(self) -> list[Makeup]:
        """Return every ethnic group's part of the town, those in none of them last."""
        named = [
            Makeup(
                LATINO.key,
                LATINO.title,
                self.latino_share.value,
                self.undocumented_latino.value,
                self.foreign_born_latino,
                self.naturalized_latino,
            ),
            *(
                Makeup(
                    key, g.title, g.share.value, g.undocumented.value, g.foreign_born, g.naturalized
                )
                for key, g in self.groups.items()
            ),
        ]
        rest = Makeup(
            OTHER.key,
            "other",
            1 - sum(m.share for m in named),
            1 - sum(m.undocumented for m in named),
            self.foreign_born_other,
            self.naturalized_other,
        )
        return [*named, rest]

    def dissimilarities(self) -> tuple[float, ...]:
        """Return the index of each two of the groups that anybody is in, in the order of `makeup`.

        Raises:
            ValueError: where two groups have none, or two.
        """
        here = [m.key for m in self.makeup() if m.share > 0.0]
        found = {frozenset((LATINO.key, OTHER.key)): [self.dissimilarity.value]}
        for key, group in self.groups.items():
            for other, index in group.dissimilarity.items():
                if other == key or other not in (LATINO.key, OTHER.key, *self.groups):
                    raise ValueError(
                        f"groups.{key}.dissimilarity.{other}: expected another group's key; "
                        + nearest(other, {LATINO.key, OTHER.key, *self.groups} - {key})
                    )
                found.setdefault(frozenset((key, other)), []).append(index.value)
        for k, one in enumerate(here):
            for other in here[k + 1 :]:
                given = found.get(frozenset((one, other)), [])
                if len(given) != 1:
                    raise ValueError(
                        f"groups.{other if other in self.groups else one}.dissimilarity: expected "
                        f"one index between {one} and {other}, got {len(given)}"
                    )
        pairs = [(one, other) for k, one in enumerate(here) for other in here[k + 1 :]]
        return tuple(found[frozenset(pair)][0] for pair in pairs)

    def _undocumented_are_noncitizens(self) -> None:
        """Raise where there are more undocumented residents than noncitizens could be.

        Estimates of the two come from different sources. So the undocumented residents are held
        against as many noncitizens as the ranges of the other figures leave plausible; a town is
        then simulated with more foreign-born residents than its middle figures say.
        """
        highs = [self.latino_share.span[1], *(g.share.span[1] for g in self.groups.values())]
        lows = [self.latino_share.span[0], *(g.share.span[0] for g in self.groups.values())]
        for m, share in zip(self.makeup(), (*highs, 1 - sum(lows)), strict=True):
            here = self.undocumented_share.value * m.undocumented
            noncitizens = share * m.born.span[1] * (1 - m.naturalized.span[0])
            if here > noncitizens + 1e-9:
                raise ValueError(
                    f"undocumented_share: expected at most the noncitizens among {m.title} "
                    f"residents that the other figures leave plausible, {noncitizens:.4f} of all "
                    f"residents, got {here:.4f}"
                )

    def figures(self) -> dict[str, Figure]:
        """Return every figure by name, those of its groups as `groups.key.name`."""
        return dict(_figures(self))


def _figures(table: Any, before: str = "") -> Iterator[tuple[str, Figure]]:
    """Yield the figures of a table, and those of the tables in it, by name."""
    for name, value in table:
        if isinstance(value, Figure):
            yield before + name, value
        elif isinstance(value, dict):
            yield from _figures(value.items(), f"{before}{name}.")
        elif isinstance(value, TownGroup):
            yield from _figures(value, f"{before}{name}.")


def groups_of(places: Sequence[Town]) -> Groups:
    """Return the ethnic groups of a region: those of its towns.

    Raises:
        InvalidInput: where two towns declare a group otherwise; only its figures may differ.
    """
    found: dict[str, EthnicGroup] = {}
    for place in places:
        for key, group in place.groups.items():
            here = group.ethnic(key)
            there = found.setdefault(key, here)
            for name in EthnicGroup.__slots__:
                mine, its = getattr(here, name), getattr(there, name)
                if mine != its:
                    raise InvalidInput(
                        f"{place.title}: groups.{key}.{name}: expected what the other town of the "
                        f"region says, {shown(its)}, got {shown(mine)}"
                    )
    return Groups((LATINO, *found.values(), OTHER))


def town(name: str | Path) -> Town:
    """Return a town by name, or one read from the path of a TOML file.

    A name is that of a town that ships, or of any US county: its FIPS code, `travis-tx`, `Travis
    County, TX`. A county that ships as a town of its own is that town; `@2019` or `@2023` behind
    its name takes the figures of that year from the table of counties, which all others have of
    2023.

    Raises:
        InvalidInput: where there is no such town, or more than one, or a file says something else.
    """
    text = town_file(catalog.word(name, "towns"))
    return catalog.read("towns", text, Town) if catalog.is_file(text) else _known(text)


def town_file(name: str) -> str:
    """Return the path of a library's town where a name is one's or of its county, else the name."""
    path = library.found("towns", name)
    if path != name or catalog.is_file(name) or not library.files("towns"):
        return path
    try:
        county, vintage = counties.find(name)
    except InvalidInput:
        return name
    return name if vintage is not None else str(library.files("towns").get(county.slug, name))


TownName = Annotated[catalog.Reference, AfterValidator(town_file)]
"""A town that ships, a county or a file; a library's by its path, whatever is there later."""


def _known(name: str) -> Town:
    """Return a town that ships, or a county of the table."""
    if name in catalog.shipped("towns"):
        return catalog.read_shipped("towns", name, Town)
    county, vintage = counties.find(name)
    if vintage is None and county.slug in catalog.shipped("towns"):
        return catalog.read_shipped("towns", county.slug, Town)
    return _county(county, vintage or counties.NEWEST)


@cache
def _county(county: counties.County, vintage: int) -> Town:
    if county.slug in catalog.shipped("towns"):  # its rules are better known
        changes = _known(county.slug).changes
    else:
        changes = laws.changes(county.fips, county.state)
    own = {"fips": county.fips, "changes": changes}
    return Town.make(counties.values(county, vintage) | own, county.title)


def _with_base(schema: dict[str, Any]) -> None:
    """Say in the JSON Schema that with a `base` nothing else is required."""
    sentence = "A shipped town or a county from which the file has what it does not say."
    schema["properties"]["base"] = {"type": "string", "description": sentence}
    schema["anyOf"] = [{"required": schema.pop("required")}, {"required": ["base"]}]
