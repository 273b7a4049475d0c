"""The readable model: residents, officers, ICE agents as Mesa agents, and their model.

The only room that knows Mesa.
"""

from __future__ import annotations

from trustabm.agents.people import IceAgent, PoliceOfficer, Resident

__all__ = ["IceAgent", "PoliceOfficer", "Resident"]
