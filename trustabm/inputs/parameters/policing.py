"""Police work: hours, clearance, booking, jail."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import ASSUMED, constant, uncertainty
from trustabm.inputs.typical import typical


class PolicingParameters(Strict):
    """What phases 5 and 6 (police work, booking) need to know."""

    officer_hours: float = constant(
        34.0,
        unit="hours a week",
        low=1.0,
        high=80.0,
        sentence="Hours an officer works in an average week, leave and training taken off.",
        source="BJS, LEMAS 2016; 2,080 paid hours a year less about 15% absence",
    )
    case_hours_violent: float = uncertainty(
        16.0,
        unit="hours",
        low=2.0,
        high=60.0,
        sentence="Officer hours that a reported violent crime takes.",
    )
    case_hours_property: float = uncertainty(
        4.0,
        unit="hours",
        low=0.5,
        high=20.0,
        sentence="Officer hours that a reported property crime takes.",
    )
    clear_violent: float = constant(
        0.41,
        unit="share of reported crimes",
        low=0.0,
        high=1.0,
        sentence="Reported violent crimes (not domestic) cleared at the usual workload.",
        source="FBI UCR 2015-2023: 41-46% of violent crime; domestic cases are cleared more often",
    )
    clear_property: float = constant(
        0.175,
        unit="share of reported crimes",
        low=0.0,
        high=1.0,
        sentence="Reported property crimes cleared at the usual workload.",
        source="FBI UCR 2015-2019: 17-19%",
    )
    clear_domestic: float = constant(
        0.50,
        unit="share of reported crimes",
        low=0.0,
        high=1.0,
        sentence="Reported domestic violence cleared at the usual workload.",
        source="BJS, Criminal Victimization 2016 with FBI UCR 2019 (aggravated assault 52% "
        "cleared): a known offender",
    )
    witness_clearance: float = uncertainty(
        1.6,
        unit="odds ratio",
        low=1.0,
        high=4.0,
        sentence="How much a witness who comes forward helps to clear a case.",
        source="Cook et al. 2019, Criminology & Public Policy 18:525 (effort clears cases); range "
        "ours",
    )
    workload_elasticity: float = uncertainty(
        typical("workload_elasticity"),
        unit="elasticity",
        low=0.1,
        high=0.5,
        sentence="How much clearance falls when hours per case fall.",
        source="Cook et al. 2019, Criminology & Public Policy 18:525 (43% vs 19%); range ours",
    )
    effort_least: float = constant(
        0.2,
        unit="ratio to the usual",
        low=0.01,
        high=1.0,
        sentence="Hours per case below which clearance falls no further.",
        source=ASSUMED,
    )
    effort_most: float = constant(
        2.0,
        unit="ratio to the usual",
        low=1.0,
        high=5.0,
        sentence="Hours per case above which clearance rises no further.",
        source=ASSUMED,
    )
    clearance_most: float = constant(
        0.95,
        unit="share of reported crimes",
        low=0.5,
        high=0.99,
        sentence="Clearance at most, whatever the hours, before witnesses count.",
        source=ASSUMED,
    )
    workload_weeks: float = constant(
        8.0,
        unit="weeks",
        low=1.0,
        high=52.0,
        sentence="Over how long workload and hours on immigration work are felt, as the weight "
        "of past weeks fades.",
        source=ASSUMED,
    )
    patrol_elasticity: float = uncertainty(
        1.0,
        unit="elasticity",
        low=0.0,
        high=1.5,
        sentence="How much stops fall when officers' free hours fall.",
    )
    screening_hours: float = uncertainty(
        1.0,
        unit="hours",
        low=0.1,
        high=4.0,
        sentence="Hours a screening interview in the jail takes.",
        source="Capps et al. 2011 (staff of 287(g) jail programmes); range ours",
    )
    hold_hours: float = uncertainty(
        3.0,
        unit="hours",
        low=0.5,
        high=12.0,
        sentence="Local hours that an honoured request takes, paper work and hand-over.",
    )
    deputized_time: float = uncertainty(
        0.2,
        unit="share of hours",
        low=0.0,
        high=0.8,
        sentence="Share of a deputized officer's hours that goes to immigration work.",
    )
    outreach_hours: float = uncertainty(
        0.02,
        unit="share of hours",
        low=0.0,
        high=0.05,
        sentence="Share of officers' hours that full outreach takes.",
        source="Ours: about the liaison officers and meetings of a department",
    )
    away_most: float = constant(
        0.9,
        unit="share of hours",
        low=0.0,
        high=1.0,
        sentence="Officers' hours that immigration work and outreach take at most.",
        source=ASSUMED,
    )
    charge_violent: float = constant(
        0.5,
        unit="share of arrests for violent crime",
        low=0.0,
        high=1.0,
        sentence="Arrests for violence (NCVS counts simple assault) that are charged as felonies.",
        source="BJS, Criminal Victimization 2019: serious violence about 35% of violence and "
        "likelier to be cleared",
    )
    charge_property: float = constant(
        0.35,
        unit="share of arrests for property crime",
        low=0.0,
        high=1.0,
        sentence="Arrests for property crime that are charged as felonies.",
        source="FBI UCR 2019, arrests: burglary and motor-vehicle theft against larceny",
    )
    charge_stop: float = constant(
        0.12,
        unit="share of arrests at stops",
        low=0.0,
        high=1.0,
        sentence="Arrests at stops that are charged as felonies.",
        source="Vera Arrest Trends 2016: most arrests are for drugs, alcohol, order, warrants",
    )
    conviction: float = constant(
        0.6,
        unit="probability",
        low=0.0,
        high=1.0,
        sentence="Chance that a booking ends in a conviction.",
        source="BJS, Felony Defendants in Large Urban Counties 2009 (NCJ 243777): 66% convicted",
    )
    jail_minor: float = constant(
        0.5,
        unit="weeks",
        low=0.0,
        high=20.0,
        sentence="Mean jail stay for a misdemeanor.",
        source="Vera 2015, Incarceration's Front Door; BJS Jail Inmates (mean stay 25 days over "
        "all)",
    )
    booking_days: float = constant(
        1.0,
        unit="days",
        low=0.0,
        high=7.0,
        sentence="Jail days that a booking counts where the stay ends within the week.",
        source=ASSUMED,
    )
    jail_felony: float = constant(
        6.0,
        unit="weeks",
        low=0.0,
        high=100.0,
        sentence="Mean jail stay for a felony that does not end in prison.",
        source="BJS, Felony Defendants in Large Urban Counties 2009 (NCJ 243777)",
    )
    prison_share: float = constant(
        0.4,
        unit="share of felony convictions",
        low=0.0,
        high=1.0,
        sentence="Felony convictions that end in prison.",
        source="BJS, Felony Sentences in State Courts 2006 (NCJ 226846): 41%",
    )
    prison_weeks: float = constant(
        110.0,
        unit="weeks",
        low=1.0,
        high=1000.0,
        sentence="Mean prison stay.",
        source="BJS, Time Served in State Prison 2018 (NCJ 255662): mean 2.7 years, median 1.3",
    )
    past_arrests: float = constant(
        0.032,
        unit="arrests per resident a year",
        low=0.0,
        high=0.2,
        sentence="Arrests before the start, from which follows who is in prison then.",
        source="Vera Arrest Trends: 3.2 arrests per 100 residents in 2016",
    )
    past_violence: float = constant(
        0.12,
        unit="share of arrests",
        low=0.0,
        high=1.0,
        sentence="Arrests before the start that were for a violent felony.",
        source="What the model's own arrests come to; FBI UCR 2019: 5% of arrests were for violent "
        "crime (recalled, not read)",
    )
    past_felonies: float = constant(
        0.25,
        unit="share of arrests",
        low=0.0,
        high=1.0,
        sentence="Arrests before the start that were for a felony.",
        source=ASSUMED,
    )
    past_removals: float = constant(
        0.42,
        unit="share",
        low=0.0,
        high=1.0,
        sentence="Undocumented residents with a felony or violent record whom ICE found before the "
        "start, so that others have their places.",
        source="What the model's own ICE comes to where nothing else is in force",
    )
