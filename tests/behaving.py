"""Classes of one's own that worker processes can import."""

from __future__ import annotations

from trustabm.agents import IceAgent, PoliceOfficer, Resident


class NeverAsks(PoliceOfficer):
    """An officer who never asks about immigration status."""

    def asks_status_of(self, resident: Resident) -> bool:
        """Decide not to."""
        return False


class Silent(Resident):
    """A resident who calls nobody."""

    def chance_to_report(self, kind: int, offender: Resident | None = None) -> float:
        """Return none."""
        return 0.0


class Idle(IceAgent):
    """An ICE agent who acts on no match and finds nobody."""

    def reviews(self, booking: object) -> bool:
        """Decide not to."""
        return False

    def finds(self, resident: Resident, operations: float, weights: float) -> bool:
        """Find nobody."""
        return False
