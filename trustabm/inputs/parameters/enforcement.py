"""Immigration enforcement: matches, requests, custody, removal, at-large arrests."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import ASSUMED, constant, uncertainty
from trustabm.inputs.typical import typical


class EnforcementParameters(Strict):
    """What phase 7 (enforcement) needs to know."""

    fingerprint_match: float = uncertainty(
        typical("fingerprint_match"),
        unit="probability",
        low=0.4,
        high=0.95,
        sentence="Chance that an undocumented person's fingerprints are in DHS records or lead "
        "to an interview.",
        source="GAO-12-708: no match where DHS never met the person; range ours",
    )
    screening_identifies: float = uncertainty(
        0.75,
        unit="probability",
        low=0.3,
        high=1.0,
        sentence="Chance that a screening interview establishes that a person is undocumented.",
        source="Capps et al. 2011; range ours",
    )
    custody_follows: float = uncertainty(
        typical("custody_follows"),
        unit="probability",
        low=0.3,
        high=0.55,
        sentence="Chance that ICE takes custody where the jail does what it was asked.",
        source="TRAC 2016: ICE took custody after under 40% of requests, refusals recorded 2%",
    )
    notification_pickup: float = uncertainty(
        0.6,
        unit="ratio to a hold",
        low=0.1,
        high=1.0,
        sentence="How much less often ICE takes custody when it is only told of the release.",
    )
    warrant_violent: float = uncertainty(
        0.6,
        unit="probability",
        low=0.0,
        high=1.0,
        sentence="Chance that ICE gets a judge's warrant for someone with a violent offence.",
    )
    warrant_other: float = uncertainty(
        0.05,
        unit="probability",
        low=0.0,
        high=0.5,
        sentence="Chance that ICE gets a judge's warrant for anyone else.",
    )
    jail_discretion: float = uncertainty(
        typical("jail_discretion"),
        unit="chance",
        low=0.0,
        high=0.6,
        sentence="Staff who help ICE with a person whom local policy would have them release.",
        source="Lipsky 1980, Street-Level Bureaucracy; Hausman 2020, doi:10.1073/pnas.2014673117: "
        "sanctuary halves removals without conviction, it does not end them; range ours",
    )
    refused_rearrest: float = uncertainty(
        60.0,
        unit="ratio to another target's hazard",
        low=1.0,
        high=300.0,
        sentence="How much likelier a person whom the jail kept from ICE is to be sought at large.",
        source="Hausman 2020, doi:10.1073/pnas.2014673117 (violent: no change); range ours",
    )
    ice_agents: float = constant(
        0.55,
        unit="officers per 1,000 undocumented residents",
        low=0.01,
        high=5.0,
        sentence="ICE officers who review matches, who differ in discretion; their hours "
        "together follow from ice_capacity.",
        source="PolitiFact 2019: 5,800 deportation officers in FY2016; Pew: 10.7 million",
    )
    jail_hours: float = constant(
        0.5,
        unit="share",
        low=0.05,
        high=1.0,
        sentence="Of the ICE hours that are not spent at large, those for people in local jails "
        "and released from federal prison; the rest is for people whom the model does not hold, "
        "from other prisons and met at the border.",
        source="TRAC 2018: of ICE's arrests 41% and 6% came out of local jails and 287(g), 22% out "
        "of prisons, which is 0.68; less work on people met at the border by us",
    )
    ice_bank_weeks: float = constant(
        13.0,
        unit="weeks",
        low=1.0,
        high=52.0,
        sentence="Weeks' worth of ICE hours for people in local jails that can be saved.",
        source=ASSUMED,
    )
    request_hours: float = constant(
        3.0,
        unit="hours",
        low=0.1,
        high=40.0,
        sentence="ICE hours to act on a match and send a request.",
        source="ICE budget justifications FY2013: screening workload of the Criminal Alien Program",
    )
    custody_hours: float = uncertainty(
        25.0,
        unit="hours",
        low=10.0,
        high=50.0,
        sentence="ICE hours for a person from a jail, or met at an arrest: to fetch, process, "
        "hold and remove.",
        source="ICE, Cato: 21 interior removals a year per 1,000 undocumented residents in 2009, "
        "28 arrests at 0.75 removals an arrest, by 0.52 officers: 33 hours an arrest, all work "
        "counted; fewer out of a jail than at large; range ours",
    )
    at_large_hours: float = constant(
        70.0,
        unit="hours",
        low=5.0,
        high=400.0,
        sentence="ICE hours for one at-large arrest, with what follows from it.",
        source="TRAC 2018: 25% of arrests at large; 5,800 officers, about 37,000 such arrests a "
        "year",
    )
    collateral_met: float = uncertainty(
        2.0,
        unit="persons per arrest",
        low=0.0,
        high=8.0,
        sentence="Undocumented people met at an at-large arrest, from the household and the ties.",
        source="Blair & Hausman 2026, Deportation Data Project; range ours",
    )
    removal_given_custody: float = constant(
        0.75,
        unit="probability",
        low=0.0,
        high=1.0,
        sentence="Chance that ICE custody ends in removal rather than release.",
        source="ICE ERO annual reports FY2012-2019; TRAC: the rest are released on bond or relief",
    )
    custody_weeks: float = constant(
        6.0,
        unit="weeks",
        low=1.0,
        high=100.0,
        sentence="Mean stay in ICE custody.",
        source="ICE ERO annual report FY2019: average stay 34 days; longer for contested cases",
    )
    hold_limit: float = constant(
        48.0,
        unit="hours",
        low=0.0,
        high=96.0,
        sentence="How long a jail holds a person past release for ICE.",
        source="8 CFR §287.7(d)",
    )
    hold_followed: float = constant(
        0.5,
        unit="share of the limit",
        low=0.0,
        high=1.0,
        sentence="How much of the limit a hold lasts on average where ICE comes.",
        source=ASSUMED,
    )
    news_misdemeanor: float = constant(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        sentence="Of those without a serious record, on whom the rules in the news are tried, "
        "those with a misdemeanor.",
        source=ASSUMED,
    )
    federal_news: float = uncertainty(
        0.7,
        unit="share",
        low=0.2,
        high=1.0,
        sentence="How far what the federal government announces, and does in the open, is taken "
        "for a risk of one's own.",
    )
    announced_weight: float = uncertainty(
        typical("announced_weight"),
        unit="share",
        low=0.05,
        high=0.5,
        sentence="How much of the risk is believed on a federal announcement alone that everybody "
        "will be sought.",
    )
    visible_half: float = uncertainty(
        0.2,
        unit="arrests a week per 1,000 undocumented residents",
        low=0.05,
        high=2.0,
        sentence="At-large arrests in a town at which half of all that they can mean is felt.",
    )
    ask_hand_over: float = uncertainty(
        0.5,
        unit="probability",
        low=0.0,
        high=1.0,
        sentence="Chance that a victim or witness found to be undocumented is passed on to ICE.",
    )
    ice_working_hours: float = constant(
        34.0,
        unit="hours a week",
        low=1.0,
        high=80.0,
        sentence="Hours an ICE officer works in an average week.",
        source="2,080 paid hours a year less about 15% absence",
    )
    discretion_spread: float = uncertainty(
        0.2,
        unit="standard deviation of log odds",
        low=0.0,
        high=1.0,
        sentence="How much ICE agents differ in how they apply the priorities in force.",
    )
    federal_releases: float = uncertainty(
        0.02,
        unit="share of undocumented arrivals",
        low=0.0,
        high=0.2,
        sentence="Undocumented arrivals who come from federal prison with a local warrant "
        "outstanding.",
    )
    federal_violent: float = constant(
        0.3,
        unit="share of federal releases",
        low=0.0,
        high=1.0,
        sentence="Arrivals from federal prison with a violent record; the others have a felony.",
        source=ASSUMED,
    )
    application_weeks: float = constant(
        52.0,
        unit="weeks",
        low=40.0,
        high=520.0,
        sentence="The window within which eligible residents come forward.",
        source="IRCA 1986 §245A: a 12-month application period",
    )
    application_rate: float = constant(
        3.0,
        unit="registrations per willing resident in the window",
        low=0.1,
        high=3.2,
        sentence="How fast willing residents come forward; at 3, 95% do within the window.",
        source=ASSUMED,
    )
