"""A figure: one number about a place, with where it comes from and how sure it is."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from trustabm.errors import shown
from trustabm.inputs import catalog

__all__ = ["Figure", "Kind"]

Kind = Literal["direct", "worked out", "modelled", "stands in"]


class Figure(catalog.Strict):
    """One number about a town, with where it comes from.

    Args:
        value: The number.
        year: The year, or the last year of a period, that it describes.
        source: Its original producer and table.
        imputed: Whether it was estimated rather than counted.
        kind: How near it is to a count: `direct` is read from a public table, `worked out` made of
            tables of that place, `modelled` has data of the place in a fit over places, `stands in`
            is a figure of the state or nation. All but the first are imputed.
        low: The lower end of its plausible range, where it was imputed.
        high: The upper end.
    """

    value: float
    year: int = Field(ge=1790, le=2100)
    source: catalog.Prose
    imputed: bool = False
    kind: Kind | None = None
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if self.kind is not None and self.imputed != (self.kind != "direct"):
            raise ValueError(
                f"imputed: expected {str(not self.imputed).lower()} of a figure whose kind is "
                f"{shown(self.kind)}, got {str(self.imputed).lower()}"
            )
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
