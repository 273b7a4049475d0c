"""Towns: real jurisdictions, each figure with its year and source.

A run simulates a sample of a town's residents; every rate is per person, so the size of the sample
changes the noise and nothing else.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from trustabm import catalog
from trustabm.timeline import Change

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
    year: int
    source: str
    imputed: bool = False
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if self.imputed and (self.low is None or self.high is None):
            raise ValueError("low, high: expected a range for an imputed figure, got none")
        if self.low is not None and self.high is not None:
            if not self.low <= self.value <= self.high:
                raise ValueError(
                    f"value: expected between low = {self.low} and high = {self.high}, "
                    f"got {self.value}"
                )
        return self


class Town(catalog.File):
    """A jurisdiction as the model needs it. Shares are of residents aged 12 and over.

    Args:
        title: Its name.
        sentence: What is particular about it.
        population: Residents aged 12 and over.
        latino_share: Share of residents who are Latino.
        foreign_born_latino: Share of Latino residents born abroad.
        foreign_born_other: Share of other residents born abroad.
        naturalized_latino: Share of foreign-born Latino residents who are US citizens.
        naturalized_other: Share of other foreign-born residents who are US citizens.
        undocumented_share: Share of residents who are undocumented.
        undocumented_latino: Share of undocumented residents who are Latino.
        household_size: Mean residents aged 12 and over in a household.
        mixed_status_share: Share of households with an undocumented member in which somebody
            is a citizen or lawfully present.
        dissimilarity: Index of dissimilarity between Latino and other residents.
        officers_per_1000: Sworn officers per 1,000 residents of all ages.
        violent_per_100k: Police-recorded violent crimes per 100,000 residents a year.
        property_per_100k: Police-recorded property crimes per 100,000 residents a year.
        changes: The town's own dated policies.
    """

    title: str
    sentence: str
    population: Figure
    latino_share: Figure
    foreign_born_latino: Figure
    foreign_born_other: Figure
    naturalized_latino: Figure
    naturalized_other: Figure
    undocumented_share: Figure
    undocumented_latino: Figure
    household_size: Figure
    mixed_status_share: Figure
    dissimilarity: Figure
    officers_per_1000: Figure
    violent_per_100k: Figure
    property_per_100k: Figure
    changes: tuple[Change, ...] = ()

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        for name, figure in self.figures().items():
            if figure.value < 0 or (name not in _NOT_SHARES and figure.value > 1):
                raise ValueError(f"{name}: expected a share from 0 to 1, got {figure.value}")
        latino, undocumented = self.latino_share.value, self.undocumented_share.value
        for who, share, born, naturalized, of_undocumented in (
            ("latino", latino, self.foreign_born_latino, self.naturalized_latino, 1.0),
            ("other", 1 - latino, self.foreign_born_other, self.naturalized_other, 0.0),
        ):
            part = self.undocumented_latino.value
            here = undocumented * (part if of_undocumented else 1 - part)
            noncitizens = share * born.value * (1 - naturalized.value)
            if here > noncitizens + 1e-9:
                raise ValueError(
                    f"undocumented_share: expected at most the noncitizens among {who} residents, "
                    f"{noncitizens:.4f}, got {here:.4f}"
                )
        if self.household_size.value < 1:
            raise ValueError(f"household_size: expected at least 1, got {self.household_size}")
        return self

    def figures(self) -> dict[str, Figure]:
        """Return every figure by name."""
        return {n: v for n, v in self if isinstance(v, Figure)}


_NOT_SHARES = {
    "population",
    "household_size",
    "officers_per_1000",
    "violent_per_100k",
    "property_per_100k",
}


def town(name: str) -> Town:
    """Return a town by name, or one read from the path of a TOML file."""
    return catalog.read("towns", name, Town)
