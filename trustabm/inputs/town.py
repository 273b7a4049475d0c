"""Towns: real jurisdictions, each figure with its year and source.

A run simulates a sample of a town's residents; every rate is per person, so the size of the sample
changes the noise and nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from trustabm.inputs import catalog
from trustabm.inputs.declare import declarations, figure
from trustabm.inputs.timeline import Change

__all__ = ["Figure", "Town", "town"]


class Figure(catalog.Strict):
    """One number about a town, with where it comes from.

    Args:
        value: The number.
        year: The year, or the last year of a period, that it describes.
        source: Its original producer and table.
        imputed: Whether it was estimated rather than counted.
        low: The lower end of its plausible range, where it was imputed.
        high: The upper end.
    """

    value: float
    year: int = Field(ge=1790, le=2100)
    source: catalog.Prose
    imputed: bool = False
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if self.imputed and (self.low is None or self.high is None):
            raise ValueError("low, high: expected a range for an imputed figure, got none")
        low, high = self.span
        if not low <= self.value <= high:
            raise ValueError(
                f"value: expected between low = {low} and high = {high}, got {self.value}"
            )
        return self

    @property
    def span(self) -> tuple[float, float]:
        """The plausible range; an end that is not given is the value."""
        low, high = self.low, self.high
        return self.value if low is None else low, self.value if high is None else high


def _share(sentence: str) -> Any:
    return figure(unit="share", low=0.0, high=1.0, sentence=sentence)


class Town(catalog.File):
    """A jurisdiction as the model needs it. Shares are of residents aged 12 and over.

    Args:
        title: Its name.
        sentence: What is particular about it.
        changes: The town's own dated policies.

    The figures say for themselves what they are.
    """

    title: catalog.Title
    sentence: catalog.Prose
    population: Figure = figure(
        unit="residents", low=20, high=1e9, sentence="Residents aged 12 and over."
    )
    latino_share: Figure = _share("Residents who are Latino.")
    foreign_born_latino: Figure = _share("Latino residents born abroad.")
    foreign_born_other: Figure = _share("Other residents born abroad.")
    naturalized_latino: Figure = _share("Foreign-born Latino residents who are US citizens.")
    naturalized_other: Figure = _share("Other foreign-born residents who are US citizens.")
    undocumented_share: Figure = _share("Residents who are undocumented.")
    undocumented_latino: Figure = _share("Undocumented residents who are Latino.")
    household_size: Figure = figure(
        unit="residents aged 12 and over",
        low=1.0,
        high=4.0,
        sentence="Mean size of a household; none is simulated with more than 8.",
    )
    mixed_status_share: Figure = _share(
        "Households with an undocumented member in which somebody is a citizen or lawfully present."
    )
    dissimilarity: Figure = figure(
        unit="0 to 1",
        low=0.0,
        high=1.0,
        sentence="Index of dissimilarity between Latino and other residents over neighborhoods.",
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
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _figures_are_possible(self) -> Self:
        for d in declarations(Town):
            for end in ("value", "low", "high"):
                number = getattr(getattr(self, d.name), end)
                if number is not None and not d.low <= number <= d.high:
                    raise ValueError(
                        f"{d.name}.{end}: expected from {d.low:g} to {d.high:g} ({d.unit}), "
                        f"got {number:g}"
                    )
        self._undocumented_are_noncitizens()
        return self

    def _undocumented_are_noncitizens(self) -> None:
        """Raise where there are more undocumented residents than noncitizens could be.

        Estimates of the two come from different sources. So the undocumented residents are held
        against as many noncitizens as the ranges of the other figures leave plausible; a town is
        then simulated with more foreign-born residents than its middle figures say.
        """
        part = self.undocumented_latino.value
        low, high = self.latino_share.span
        for who, share, of_all, born, naturalized in (
            ("Latino", high, part, self.foreign_born_latino, self.naturalized_latino),
            ("other", 1 - low, 1 - part, self.foreign_born_other, self.naturalized_other),
        ):
            here = self.undocumented_share.value * of_all
            noncitizens = share * born.span[1] * (1 - naturalized.span[0])
            if here > noncitizens + 1e-9:
                raise ValueError(
                    f"undocumented_share: expected at most the noncitizens among {who} residents "
                    f"that the other figures leave plausible, {noncitizens:.4f} of all residents, "
                    f"got {here:.4f}"
                )

    def figures(self) -> dict[str, Figure]:
        """Return every figure by name."""
        return {n: v for n, v in self if isinstance(v, Figure)}


def town(name: str | Path) -> Town:
    """Return a town by name, or one read from the path of a TOML file."""
    return catalog.read("towns", name, Town)
