"""Reporting: who calls the police, and whose deportation is at stake when they do."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import (
    ASSUMED,
    constant,
    experiment,
    uncertainty,
)
from trustabm.inputs.typical import typical


class ReportingParameters(Strict):
    """What phase 4 (reporting) needs to know."""

    report_violent: float = uncertainty(
        typical("report_violent"),
        unit="share of victimizations",
        low=0.36,
        high=0.46,
        sentence="Violent victimizations (not domestic) reported by a victim without fear and "
        "with average trust.",
        source="BJS, Criminal Victimization 2016: 42% of violence, 49% of domestic violence",
    )
    report_property: float = uncertainty(
        typical("report_property"),
        unit="share of victimizations",
        low=0.32,
        high=0.4,
        sentence="Property victimizations reported by a victim without fear and with average "
        "trust.",
        source="Pew 2017 from BJS, Criminal Victimization 2015: 35%",
    )
    report_domestic: float = constant(
        0.49,
        unit="share of victimizations",
        low=0.01,
        high=0.99,
        sentence="Domestic violence reported by a victim without fear and with average trust.",
        source="BJS, Criminal Victimization 2016: 49%",
    )
    report_latino: float = uncertainty(
        typical("report_latino"),
        unit="log odds",
        low=-0.1,
        high=0.5,
        sentence="How much more readily Latino victims would report if there were no fear.",
        source="BJS, Criminal Victimization 2019: Latino victims report no less than others, fear "
        "and all; range ours",
    )
    trust_weight: float = uncertainty(
        typical("trust_weight"),
        unit="log odds per unit of trust",
        low=0.0,
        high=1.5,
        sentence="How much trust in local police moves the decision to report.",
        source="Sunshine & Tyler 2003 against Fustos 2022 (41 studies do not agree): 0 to .3 log "
        "odds a standard deviation; range ours",
    )
    fear_weight: float = uncertainty(
        typical("fear_weight"),
        unit="log odds at full stake and the risk of reference",
        low=0.0,
        high=16.0,
        sentence="How much the perceived risk of a deportation moves the decision to report.",
        source="Comino, Mastrobuoni & Nicolò 2020 (17% to about 37% on legalization); range ours",
    )
    fear_at: float = constant(
        0.4,
        unit="perceived risk",
        low=0.1,
        high=1.0,
        sentence="The risk of reference, at which the weight of fear is stated.",
        source="Near what undocumented residents stand with; the form alone hangs on it",
    )
    fear_power: float = uncertainty(
        typical("fear_power"),
        unit="power",
        low=1.5,
        high=6.0,
        sentence="How much more than in proportion a higher perceived risk weighs.",
    )
    fear_spread: float = uncertainty(
        typical("fear_spread"),
        unit="spread",
        low=1.0,
        high=2.4,
        sentence="How much residents differ in how heavily the same risk weighs.",
        source="Theodore 2013: 70% of undocumented Latinos less likely to call, not all; range "
        "ours",
    )
    fear_domestic: float = uncertainty(
        typical("fear_domestic"),
        unit="share of fear",
        low=0.0,
        high=0.6,
        sentence="How heavily fear weighs in the decision to report domestic violence, where the "
        "offender is not undocumented.",
        source="Los Angeles Times: calls in June 2025 fell by 28%, about domestic violence by 7%, "
        "family disputes by 16%; range ours",
    )
    stake_household: float = uncertainty(
        typical("stake_household"),
        unit="share of one's own deportation",
        low=0.4,
        high=0.95,
        sentence="How heavily the deportation of a household member weighs.",
        source="Alsan & Yang 2022 (spillovers concentrate in mixed-status households); range ours",
    )
    stake_tie: float = uncertainty(
        typical("stake_tie"),
        unit="share of one's own deportation",
        low=0.1,
        high=0.5,
        sentence="How heavily the deportation of a friend weighs; every friend adds.",
        source="Theodore 2013: 28% of US-born Latinos less likely to call; range ours",
    )
    stake_lawful: float = uncertainty(
        typical("stake_lawful"),
        unit="share of an undocumented person's",
        low=0.0,
        high=0.5,
        sentence="How heavily their own deportation weighs for lawfully present noncitizens.",
        source="KFF/NYT 2025: 75% undocumented, 50% lawful afraid; range ours",
    )
    witness_share: float = uncertainty(
        0.5,
        unit="share of crimes",
        low=0.1,
        high=0.9,
        sentence="Violent crimes that somebody from the neighborhood saw.",
    )
    property_witness: float = constant(
        3.0,
        unit="ratio",
        low=1.0,
        high=20.0,
        sentence="How much rarer it is that somebody from the neighborhood saw a property crime.",
        source=ASSUMED,
    )
    witness_report: float = uncertainty(
        0.5,
        unit="probability",
        low=0.1,
        high=0.9,
        sentence="Chance that a witness without fear and with average trust comes forward.",
    )
    witness_fear: float = uncertainty(
        1.4,
        unit="ratio to a victim's",
        low=0.5,
        high=3.0,
        sentence="How much more the same risk keeps a witness away than a victim.",
        source="Wong et al. 2019, USIPC WP 1: 60.8% vs 42.9% less likely; range ours",
    )
    asking_fear: float = uncertainty(
        0.5,
        unit="risk added",
        low=0.0,
        high=1.0,
        sentence="Risk that a victim or witness sees in being asked about status for certain.",
        source="Theodore 2013 (the item names being asked); range ours",
    )
    firewall_credibility: float = uncertainty(
        typical("firewall_credibility"),
        unit="share of fear removed",
        low=0.0,
        high=0.6,
        sentence="How far residents believe a firewall that is kept.",
    )
    u_visa_weight: float = uncertainty(
        typical("u_visa_weight"),
        unit="log odds",
        low=0.0,
        high=2.0,
        sentence="How much a sure U visa certification moves an undocumented victim of violence.",
        source="Amuedo-Dorantes & Arenas-Arroyo (VAWA self-petitions +2.24% under sanctuary); "
        "range ours",
    )
    latino_reporting: float = experiment(
        1.0,
        unit="ratio to what the model gives",
        low=0.0,
        high=1.5,
        sentence="By how much the chance that a Latino victim reports is forced up or down.",
        source="Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305: what a fall in reporting "
        "alone does to offending",
    )
    by_threshold: float = experiment(
        0.0,
        unit="0 or 1",
        low=0.0,
        high=1.0,
        sentence="Whether fear is not weighed, but silences whoever has more of it than they bear, "
        "and nobody else.",
        source="Granovetter 1978, Threshold Models of Collective Behavior, doi:10.1086/226707",
    )
