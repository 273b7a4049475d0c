"""Every number the model uses that is not a lever, declared once, by domain.

A new number comes in with its unit, bounds, kind and source, in the file of its domain.
"""

from __future__ import annotations

from trustabm.inputs.parameters.beliefs import BeliefParameters
from trustabm.inputs.parameters.contact import ContactParameters
from trustabm.inputs.parameters.crime import CrimeParameters
from trustabm.inputs.parameters.demography import DemographyParameters
from trustabm.inputs.parameters.enforcement import EnforcementParameters
from trustabm.inputs.parameters.mechanisms import Mechanisms
from trustabm.inputs.parameters.policing import PolicingParameters
from trustabm.inputs.parameters.reporting import ReportingParameters

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
