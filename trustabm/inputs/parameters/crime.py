"""Crime: how much, by whom, against whom, and what offenders learn."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import ASSUMED, constant, uncertainty
from trustabm.inputs.typical import typical


class CrimeParameters(Strict):
    """What phase 3 (crime) needs to know."""

    violent_rate: float = constant(
        22.5,
        unit="victimizations per 1,000 residents a year",
        low=0.0,
        high=100.0,
        sentence="Violent victimization in the average US jurisdiction, domestic included.",
        source="BJS, Criminal Victimization 2023",
    )
    domestic_share: float = constant(
        0.2,
        unit="share of violent victimizations",
        low=0.0,
        high=1.0,
        sentence="Violent victimizations by a household member.",
        source="BJS, Criminal Victimization 2019 (NCJ 255113): domestic violence 4.2 of 21.0 per "
        "1,000",
    )
    property_rate: float = constant(
        101.4,
        unit="victimizations per 1,000 households a year",
        low=0.0,
        high=400.0,
        sentence="Property victimization in the average US jurisdiction.",
        source="BJS, Criminal Victimization 2019 (NCJ 255113)",
    )
    recorded_violent: float = constant(
        386.9,
        unit="recorded crimes per 100,000 residents a year",
        low=350.0,
        high=800.0,
        sentence="Violent crime that police record in the average US jurisdiction; a town's "
        "crime is its ratio to it.",
        source="FBI UCR 2012; bounds ours",
    )
    recorded_property: float = constant(
        2859.2,
        unit="recorded crimes per 100,000 residents a year",
        low=2400.0,
        high=6000.0,
        sentence="Property crime that police record in the average US jurisdiction; a town's "
        "crime is its ratio to it.",
        source="FBI UCR 2012; bounds ours",
    )
    offender_share: float = uncertainty(
        0.2,
        unit="share of residents",
        low=0.1,
        high=0.4,
        sentence="Residents who ever offend; how much each offends falls off exponentially.",
    )
    offending_most: float = constant(
        1.6,
        unit="ratio to the mean",
        low=0.1,
        high=1.6,
        sentence="Where the exponential fall of offending among those who offend ends, over its "
        "mean if it did not end.",
        source=ASSUMED,
    )
    offending_undocumented: float = constant(
        0.45,
        unit="ratio to US-born",
        low=0.0,
        high=2.0,
        sentence="Offending of undocumented residents relative to the US-born.",
        source="Light, He & Robey 2020, doi:10.1073/pnas.2014704117: violent 96 vs 213 per 100,000",
    )
    offending_lawful: float = constant(
        0.75,
        unit="ratio to US-born",
        low=0.0,
        high=2.0,
        sentence="Offending of lawfully present and naturalized immigrants relative to the "
        "US-born.",
        source="Light, He & Robey 2020, doi:10.1073/pnas.2014704117",
    )
    near_crime: float = uncertainty(
        0.7,
        unit="share of crimes",
        low=0.2,
        high=0.95,
        sentence="Crimes committed in the offender's own neighborhood.",
    )
    deterrence_elasticity: float = uncertainty(
        typical("deterrence_elasticity"),
        unit="elasticity",
        low=0.5,
        high=1.2,
        sentence="How much offending falls when offenders think they are likelier to be caught.",
        source="Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305: -0.79; Chalfin & McCrary "
        "2018: -0.34 violent, -0.17 property; range ours",
    )
    response_most: float = constant(
        2.0,
        unit="ratio to the reference",
        low=1.0,
        high=2.0,
        sentence="How far offending rises at most where nobody seems to be caught.",
        source=ASSUMED,
    )
    learning_rate: float = uncertainty(
        typical("learning_rate"),
        unit="share a week",
        low=0.02,
        high=0.2,
        sentence="How fast offenders learn how often crimes here are reported and cleared.",
    )
    learning_most: float = constant(
        0.12,
        unit="share",
        low=0.005,
        high=1.0,
        sentence="Weight of one crime in what offenders believe, at most, where crimes are few.",
        source=ASSUMED,
    )
    removal_deterrence: float = uncertainty(
        0.1,
        unit="share of offending at full perceived risk",
        low=0.0,
        high=0.6,
        sentence="How much a removable offender holds back for fear of being removed.",
        source="Hines & Peri 2019, IZA DP 12413 (none found); the range is ours and includes it",
    )
