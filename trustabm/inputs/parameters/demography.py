"""Who lives here: households, ties, years, records, turnover, and what crime and jail cost."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import ASSUMED, constant, uncertainty
from trustabm.inputs.typical import typical

REGIONAL = "Ours: no published estimate by pair of counties is read; the range is wide for that"


class DemographyParameters(Strict):
    """What the synthesis of a town and phase 10 (turnover) need to know."""

    neighborhood_residents: float = constant(
        500.0,
        unit="residents",
        low=50.0,
        high=5000.0,
        sentence="Residents of a neighborhood, about a census block group.",
        source="US Census Bureau: block groups hold 600 to 3,000 people",
    )
    aged_12_plus: float = constant(
        0.85,
        unit="share of residents of all ages",
        low=0.5,
        high=1.0,
        sentence="Residents who are 12 or older, by which officers per 1,000 residents of all "
        "ages become officers per resident here.",
        source="Ours; about 0.851 in the average US jurisdiction (recalled, not read)",
    )
    mixed_undocumented: float = constant(
        0.5,
        unit="share of members",
        low=0.1,
        high=0.9,
        sentence="Members of a mixed-status household who are undocumented, rounded up.",
        source=ASSUMED,
    )
    tie_neighborhood: float = uncertainty(
        0.7,
        unit="share of ties",
        low=0.0,
        high=1.0,
        sentence="Ties kept within the neighborhood.",
        source="McPherson, Smith-Lovin & Cook 2001, doi:10.1146/annurev.soc.27.1.415; range ours",
    )
    tie_region: float = uncertainty(
        0.2,
        unit="share of ties beyond the neighborhood",
        low=0.0,
        high=0.6,
        sentence="Ties that are looked for in all counties of the region as in one, where several "
        "are simulated.",
        source=REGIONAL,
    )
    work_region: float = uncertainty(
        0.2,
        unit="share of residents",
        low=0.0,
        high=0.6,
        sentence="Residents whose place of work lies anywhere in the region, as its residents do, "
        "where several counties are simulated; the others work in their own, or do not work.",
        source=f"{REGIONAL}; McKenzie 2013, US Census Bureau: 27.4% of workers worked outside "
        "their county in 2006-10, and somewhat more than half of those aged 12 and over work",
    )
    work_contacts: float = uncertainty(
        0.3,
        unit="share of weeks",
        low=0.0,
        high=0.6,
        sentence="How often who works in another county is met there, by police and offenders, "
        "and not at home.",
        source=f"{REGIONAL}; a work week of 40 hours is 0.36 of some 112 hours awake",
    )
    tie_homophily: float = uncertainty(
        0.92,
        unit="share of ties",
        low=0.0,
        high=1.0,
        sentence="Ties kept within the ethnic group.",
        source="McPherson, Smith-Lovin & Cook 2001, doi:10.1146/annurev.soc.27.1.415; range ours",
    )
    tie_nativity: float = uncertainty(
        0.3692,
        unit="share of ties",
        low=0.3,
        high=0.95,
        sentence="Ties kept among those born abroad, or among the US-born.",
        source="Pew 2021: 53% of Latino adults know someone undocumented; range ours",
    )
    status_known: float = uncertainty(
        0.4,
        unit="share of ties",
        low=0.0,
        high=1.0,
        sentence="Friends of one's own ethnic group who know whether a person is undocumented.",
        source="Ours, with Pew 2021: 53% of Latino adults know someone undocumented",
    )
    status_known_others: float = uncertainty(
        0.1,
        unit="share of ties",
        low=0.0,
        high=1.0,
        sentence="Friends of another ethnic group who know whether a person is undocumented.",
    )
    record_misdemeanor: float = uncertainty(
        typical("record_misdemeanor"),
        unit="share of those who offend",
        low=0.0,
        high=0.4,
        sentence="Newcomers who offend whose worst record is a misdemeanor.",
        source="TRAC 330: 47.7% of detainer subjects had no conviction; Shannon et al. 2017, "
        "doi:10.1007/s13524-017-0611-1 for felonies",
    )
    record_felony: float = constant(
        0.17,
        unit="share of those who offend",
        low=0.0,
        high=1.0,
        sentence="Newcomers who offend with a felony record that is not violent.",
        source="Shannon et al. 2017, doi:10.1007/s13524-017-0611-1: 8% of adults in 2010",
    )
    record_violent: float = constant(
        0.1,
        unit="share of those who offend",
        low=0.0,
        high=1.0,
        sentence="Newcomers who offend with a violent record.",
        source="Shannon et al. 2017, doi:10.1007/s13524-017-0611-1; TRAC 2016: 25% Level 1",
    )
    turnover: float = constant(
        0.07,
        unit="share a year",
        low=0.0,
        high=0.5,
        sentence="Residents replaced in a year by births into the age range, deaths and moves.",
        source="US Census Bureau, CPS 2019 geographic mobility: about 4% leave a county, 1% die, "
        "1% turn 12; and one more, so that 35% of undocumented residents have been here for 15 "
        "years (Pew Hispanic Center 2011) in every year",
    )
    birth_share: float = constant(
        1.0 / 7.0,
        unit="share of US-born newcomers",
        low=0.0,
        high=1.0,
        sentence="US-born newcomers who are children of the house that turn 12, rather than "
        "people who move in.",
        source="US Census Bureau, as for turnover: 1% of residents turn 12 in a year, of 7% "
        "replaced",
    )
    just_arrived: float = constant(
        0.95,
        unit="share of newcomers born abroad",
        low=0.0,
        high=1.0,
        sentence="Newcomers born abroad who have just arrived in the country, rather than moved "
        "within it.",
        source=ASSUMED,
    )
    newcomer_years: float = constant(
        15.0,
        unit="years",
        low=1.0,
        high=60.0,
        sentence="Longest stay in the country of the other newcomers born abroad; they are "
        "spread evenly up to it.",
        source=ASSUMED,
    )
    longest_stay: float = constant(
        60.0,
        unit="years",
        low=20.0,
        high=100.0,
        sentence="Longest stay in town of residents at the start.",
        source=ASSUMED,
    )
    refill: float = uncertainty(
        0.5,
        unit="share a year",
        low=0.0,
        high=0.6,
        sentence="How fast the place of a removed resident is taken by a newcomer.",
    )
    cost_violent: float = constant(
        38000.0,
        unit="2008 US dollars",
        low=0.0,
        high=1e6,
        sentence="Social cost of a violent victimization.",
        source="McCollister, French & Fang 2010, doi:10.1016/j.drugalcdep.2009.12.002, by the mix "
        "of BJS Criminal Victimization 2016 (simple assault at a tenth of aggravated)",
    )
    cost_property: float = constant(
        4500.0,
        unit="2008 US dollars",
        low=0.0,
        high=1e6,
        sentence="Social cost of a property victimization.",
        source="McCollister, French & Fang 2010, doi:10.1016/j.drugalcdep.2009.12.002: burglary "
        "6,462, motor-vehicle theft 10,772, larceny 3,532",
    )
    cost_jail_day: float = constant(
        82.0,
        unit="2011 US dollars",
        low=0.0,
        high=1000.0,
        sentence="Cost of a day in jail.",
        source="Vera 2015, The Price of Jails: $22.2 billion in 2011 over about 0.74 million "
        "inmates",
    )
