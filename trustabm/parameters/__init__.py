"""Every number the model uses that is not a lever, declared once, by domain.

A new number comes in with its unit, bounds, kind and source, in the file of its domain.
"""

from __future__ import annotations

from trustabm.parameters.beliefs import BeliefParameters
from trustabm.parameters.contact import ContactParameters
from trustabm.parameters.crime import CrimeParameters
from trustabm.parameters.demography import DemographyParameters
from trustabm.parameters.enforcement import EnforcementParameters
from trustabm.parameters.mechanisms import Mechanisms
from trustabm.parameters.policing import PolicingParameters
from trustabm.parameters.reporting import ReportingParameters

__all__ = ["Parameters"]


class Parameters(
    Mechanisms,
    DemographyParameters,
    BeliefParameters,
    EnforcementParameters,
    PolicingParameters,
    ReportingParameters,
    CrimeParameters,
    ContactParameters,
):
    """All parameters of a run: uncertainties, constants and mechanism switches.

    Raises:
        pydantic.ValidationError: for an unknown name or a value out of its bounds.
    """
