"""An ethnic group that a town declares beside Latino residents, with its figures."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from trustabm.errors import nearest
from trustabm.inputs import catalog
from trustabm.inputs.declare import declarations, figure
from trustabm.inputs.figure import Figure
from trustabm.inputs.groups import EthnicGroup
from trustabm.inputs.parameters import Parameters

__all__ = ["Key", "TownGroup", "share_of"]


def share_of(sentence: str) -> Any:
    """Declare a figure that is a share."""
    return figure(unit="share", low=0.0, high=1.0, sentence=sentence)


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,19}$")]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Weight = Annotated[float, Field(ge=0.0, le=3.0)]


class TownGroup(catalog.Strict):
    """An ethnic group that a town declares beside Latino and other residents.

    Args:
        title: Its name for people, an adjective.
        colors: Four colours on the screen: of its undocumented residents, of those registered, of
            those with somebody undocumented close, and of the rest; as `#0072b2`.
        trust: Its mean trust in local police, from 0 to 1, or the parameter that says so.
        standing_risk: How far the risk that Latino residents stand with is its own too, 1 wholly.
        readiness: The same of how readily Latino victims report.
        stop_bias: How far officers' bias is held against it in stops, 1 as against Latino
            residents.
        bad_contact_bias: The same of stops that go badly.
        informal_asking: The same of being asked about status where no policy says so.
        dissimilarity: The index between it and each other group over neighborhoods, by the other's
            key, `other` being who is in none; between two such groups in either's table.

    The figures say for themselves what they are.
    """

    title: catalog.Title
    colors: tuple[Color, Color, Color, Color]
    trust: float | str
    standing_risk: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    readiness: Weight = 0.0
    stop_bias: Weight = 0.0
    bad_contact_bias: Weight = 0.0
    informal_asking: Weight = 0.0
    share: Figure = share_of("Residents who are in the group.")
    foreign_born: Figure = share_of("Those of them born abroad.")
    naturalized: Figure = share_of("Foreign-born residents among them who are US citizens.")
    undocumented: Figure = share_of("Undocumented residents who are in the group.")
    dissimilarity: dict[str, Figure]

    @model_validator(mode="after")
    def _trust_is_a_belief(self) -> Self:
        if isinstance(self.trust, str):
            known = [d.name for d in declarations(Parameters) if d.unit == "trust"]
            if self.trust not in known:
                hint = nearest(self.trust, known)
                raise ValueError(
                    f"trust: expected a number or a parameter of trust, got {self.trust!r}; {hint}"
                )
        elif not 0.0 <= self.trust <= 1.0:
            raise ValueError(f"trust: expected from 0 to 1, got {self.trust:g}")
        return self

    def ethnic(self, key: str) -> EthnicGroup:
        """Return what is the same of the group wherever it lives."""
        return EthnicGroup(
            key,
            self.title,
            self.colors,
            self.trust,
            self.standing_risk,
            self.readiness,
            self.stop_bias,
            self.bad_contact_bias,
            self.informal_asking,
        )
