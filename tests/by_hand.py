"""What the worked examples share: parameters and levers of which no two are alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import ASK, Policy
from trustabm.inputs.records import as_record
from trustabm.rules import codes


def named(**values: float) -> Parameters:
    """Return parameters with these values, each of which there is."""
    unknown = set(values) - set(Parameters.model_fields)
    assert not unknown, unknown
    return Parameters().model_copy(update=values)


# Not within bounds, which follow the evidence: what is worked out by hand is of any values.
PARAMETERS = named(
    # Contact
    stop_rate=0.13,
    stop_offender_weight=0.3,
    patrol_elasticity=0.5,
    pretext_stops=1.7,
    profiling_bias=0.1,
    screening_incentive=0.6,
    avoid_at=0.3,
    avoided=0.25,
    bad_contact=0.2,
    bad_contact_bias=0.31,
    justice_odds=2.0,
    stop_arrest=0.137,
    conduct_most=0.83,
    license_arrest=0.41,
    informal_asking=0.28,
    ask_identifies=0.45,
    referral_arrest=0.17,
    # Crime
    offending_most=1.3,
    removal_deterrence=0.23,
    response_most=1.7,
    deterrence_elasticity=1.1,
    learning_rate=0.05,
    learning_most=0.12,
    # Reporting
    report_violent=0.42,
    report_property=0.35,
    report_domestic=0.48,
    trust_weight=1.2,
    trust_nation=0.6,
    report_latino=0.1,
    fear_weight=9.7,
    fear_at=0.5,
    fear_power=2.0,
    fear_domestic=0.4,
    fear_spread=1.2,
    stake_household=0.7,
    stake_tie=0.4,
    stake_lawful=0.43,
    witness_share=0.52,
    property_witness=4.0,
    witness_report=0.6,
    witness_fear=1.4,
    asking_fear=0.46,
    firewall_credibility=0.55,
    u_visa_weight=0.47,
    latino_reporting=0.9,
    # Police work
    case_hours_violent=16.1,
    case_hours_property=4.3,
    clear_violent=0.41,
    clear_property=0.16,
    clear_domestic=0.5,
    witness_clearance=1.6,
    workload_elasticity=0.5,
    effort_least=0.25,
    effort_most=2.25,
    clearance_most=0.6,
    deputized_time=0.21,
    outreach_hours=0.03,
    away_most=0.87,
    charge_violent=0.51,
    charge_property=0.34,
    charge_stop=0.12,
    # Enforcement
    fingerprint_match=0.8,
    screening_identifies=0.73,
    custody_follows=0.4,
    notification_pickup=0.59,
    warrant_violent=0.62,
    warrant_other=0.07,
    jail_discretion=0.3,
    refused_rearrest=61.0,
    collateral_met=2.3,
    hold_limit=47.0,
    hold_followed=0.53,
    news_misdemeanor=0.37,
    federal_news=0.67,
    announced_weight=0.33,
    visible_half=0.25,
    application_weeks=53.0,
    application_rate=2.9,
    # Beliefs
    mood_spread=0.0,
    prior_undocumented=0.3,
    prior_citizen=0.2,
    news_trust=0.44,
    linked_fate=0.37,
    reassurance=0.05,
    outreach_gain=0.07,
    raid_attribution=0.29,
    trust_home=0.16,
    trust_place=0.09,
    contact_bad=0.3,
    contact_good=0.1,
    trust_half_life=2.0,
    residue_bad=0.4,
    residue_good=0.25,
    likeness_reference=0.25,
    firm_undocumented=10.0,
    firm_citizen=1.0,
    case_weight=1.5,
    serious_case=0.2,
    asked_case=0.4,
    calm_case=0.1,
    case_half_life=50.0,
    news_weight=4.0,
    good_news=0.5,
    news_speed=0.6,
    news_half_life=10.0,
    publicity_street=0.9,
    publicity_jail=0.3,
    publicity_federal=0.75,
    # Turnover
    offending_undocumented=0.43,
    offending_lawful=0.71,
    record_violent=0.11,
    record_felony=0.17,
    record_misdemeanor=0.23,
    longest_stay=60.0,
    past_arrests=0.15,
    past_removals=0.35,
    past_violence=0.1,
    past_felonies=0.3,
    turnover=0.052,
    refill=0.52,
    birth_share=0.16,
    just_arrived=0.4,
    newcomer_years=13.0,
    federal_releases=0.03,
    offender_share=0.25,
    federal_violent=0.33,
    # What a week does
    citation_share=0.44,
    near_crime=0.6,
    ask_hand_over=0.52,
    conviction=0.62,
    prison_share=0.41,
    prison_weeks=7.0,
    jail_minor=1.0,
    jail_felony=3.0,
    booking_days=1.5,
    screening_hours=1.3,
    hold_hours=3.1,
    request_hours=2.9,
    custody_hours=11.0,
    custody_weeks=4.0,
    removal_given_custody=0.76,
    ice_bank_weeks=4.0,
    jail_hours=0.6,
    at_large_hours=50.0,
    workload_weeks=8.0,
    # What is told
    unsolved_loss=0.01,
    handover_trust=0.25,
    removal_story=0.45,
    tell_household=0.6,
    tell_tie=0.3,
    tell_acquaintance=0.2,
    acquaintances=2.0,
    tie_neighborhood=0.7,
    tie_homophily=0.9,
    tie_nativity=0.4,
    trust_spread=0.2,
)

LEVERS = {
    "ask_status": codes.ASK_NOBODY,
    "deputized_share": 0.3,
    "officer_training": 0.6,
    "fingerprint_sharing": 0.9,
    "jail_screening": 0.7,
    "notification_share": 0.2,
    "priority_none": 0.13,
    "priority_misdemeanor": 0.29,
    "priority_felony": 0.61,
    "priority_violent": 0.97,
    "honor_none": 0.11,
    "honor_misdemeanor": 0.37,
    "honor_felony": 0.59,
    "honor_violent": 0.83,
    "judicial_warrant": 0.4,
    "collateral": 0.47,
    "raids": 5.0,
    "announced_reach": 0.45,
    "firewall": 0.6,
    "u_visa": 0.8,
    "license_access": 0.35,
    "legalization_uptake": 0.75,
    "legalization_years": 5,
    "prison_to_local": 0.21,
    "ice_capacity": 0.5,
    "at_large_share": 0.25,
    "outreach": 0.5,
    "publicity": 0.4,
}


def p(**values: Any) -> Any:
    """Return the parameters above as rules read them, some of them set anew."""
    assert values.keys() <= Parameters.model_fields.keys(), values
    return as_record(PARAMETERS.model_copy(update=values))[0]


def lv(**values: Any) -> Any:
    """Return the levers above as rules read them, some set anew, alone: no two need to agree."""
    settings = LEVERS | values
    settings["ask_status"] = ASK[settings["ask_status"]]
    return as_record(Policy().model_copy(update=settings))[0]


def of_odds(odds: float) -> float:
    """Return the chance that odds mean."""
    return odds / (1 + odds)


Row = tuple[tuple[Any, ...], Any]
"""Arguments, and the value by hand."""


def wrong(rule: Callable[..., Any], rows: Iterable[Row]) -> list[str]:
    """Return what differs between a rule and its worked examples, a line each."""
    lines = []
    for number, (arguments, value) in enumerate(rows, 1):
        got = rule(*arguments)
        if got != pytest.approx(value, rel=1e-12, abs=1e-15):
            plain = [a for a in arguments if not isinstance(a, np.void)]
            lines.append(f"row {number}, {plain}: by hand {value}, got {got}")
    return lines


def e(x: float) -> float:
    """Return e to the power of x."""
    return math.exp(x)
