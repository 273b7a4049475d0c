"""Stops: who is stopped, how it goes, how it ends."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import ASSUMED, constant, uncertainty
from trustabm.inputs.typical import typical


class ContactParameters(Strict):
    """What phase 2 (contact) needs to know."""

    stop_rate: float = constant(
        0.08,
        unit="stops per resident a year",
        low=0.0,
        high=0.3,
        sentence="Police-initiated contacts per resident a year, repeated ones counted.",
        source="BJS, Contacts Between Police and the Public 2022 (NCJ 308847): 7.5% of residents "
        "had one; the rate that gives that share here",
    )
    stop_offender_weight: float = uncertainty(
        0.3,
        unit="stops per unit of relative offending",
        low=0.0,
        high=1.0,
        sentence="How much more often residents who offend are stopped.",
    )
    patrol_spread: float = uncertainty(
        0.3,
        unit="standard deviation of log intensity",
        low=0.0,
        high=0.8,
        sentence="How unevenly patrols are spread over neighborhoods.",
    )
    profiling_bias: float = uncertainty(
        0.1,
        unit="excess share of stops",
        low=0.0,
        high=1.0,
        sentence="How much more often the average officer stops a Latino resident, all else equal.",
        source="Theodore 2013 (62% see stops without good reason); MacDonald in US v. Johnson: "
        "arrest odds 1.52 in Alamance; the range is ours",
    )
    pretext_stops: float = uncertainty(
        1.0,
        unit="excess share of stops",
        low=0.0,
        high=4.0,
        sentence="Extra stops of Latino residents by untrained officers who are to ask about "
        "status.",
        source="INDY Week analysis of NC DOJ stops: 18.7% vs 4.5% of stopped drivers arrested, "
        "Alamance 2012; the range is ours",
    )
    screening_incentive: float = uncertainty(
        typical("screening_incentive"),
        unit="share of citations",
        low=0.0,
        high=1.5,
        sentence="Citations of Latino residents in place of which the average untrained officer "
        "makes an arrest, where every booking is screened and the jail hands everybody over.",
        source="Gardner & Kohli 2009: +150% arrests of Hispanic residents for minor offences, "
        "Irving 2006-2007, the most reported; other groups' rose too (Irving police); range ours",
    )
    avoid_at: float = uncertainty(
        0.3,
        unit="worry",
        low=0.05,
        high=2.0,
        sentence="Worry (perceived risk times stake, as heavily as it weighs for a resident) above "
        "which people go out less.",
        source="Urban Institute, Well-Being and Basic Needs Survey, December 2018: 17.0% of adults "
        "in immigrant families avoided something, 33% with a member without a green card; range "
        "ours",
    )
    avoided: float = uncertainty(
        0.2,
        unit="share of weeks",
        low=0.0,
        high=0.5,
        sentence="Weeks in which who goes out less is met by nobody outside the home: no officer, "
        "offender or crime.",
        source="Ours; bounded by who avoided public places (7.8%) and driving (9.9%) among the "
        "17.0% (Urban Institute 2018), and by school days missed after raids (Dee 2025: +22%)",
    )
    bad_contact: float = constant(
        0.11,
        unit="share of stops",
        low=0.0,
        high=1.0,
        sentence="Stops that the person stopped would call badly handled.",
        source="BJS, Contacts Between Police and the Public 2015 (NCJ 251145): 88-90% said police "
        "behaved properly",
    )
    bad_contact_bias: float = uncertainty(
        0.3,
        unit="log odds",
        low=0.0,
        high=1.5,
        sentence="How much more often a stop of a Latino resident goes badly.",
        source="Pew 2014: 46% of Hispanics trust police to treat Hispanics equally; range ours",
    )
    officer_spread: float = uncertainty(
        0.5,
        unit="standard deviation of log odds",
        low=0.0,
        high=1.5,
        sentence="How much officers differ in procedural justice.",
    )
    justice_odds: float = constant(
        2.15,
        unit="odds ratio",
        low=1.0,
        high=3.0,
        sentence="How much better contacts go with an officer trained in procedural justice: bad "
        "ones halve.",
        source="Weisburd et al. 2022, PNAS 119(14): disrespect d = -0.507, an odds ratio of 2.5 if "
        "logistic; Mazerolle et al. 2013, doi:10.1007/s11292-013-9175-2, has 1.75 for how it is "
        "seen",
    )
    citation_share: float = constant(
        0.45,
        unit="share of stops",
        low=0.0,
        high=1.0,
        sentence="Stops that end in a citation.",
        source="BJS, Contacts Between Police and the Public 2015 (NCJ 251145): about half of "
        "traffic stops end in a ticket",
    )
    stop_arrest: float = constant(
        0.137,
        unit="probability per unit of relative offending",
        low=0.0,
        high=1.0,
        sentence="Chance that a stop ends in an arrest for a minor offence.",
        source="Vera Arrest Trends: 3.2 arrests per 100 residents in 2016; what cleared cases "
        "leave to be explained",
    )
    conduct_most: float = constant(
        0.9,
        unit="probability",
        low=0.0,
        high=1.0,
        sentence="Chance that a stop ends in an arrest for conduct, at most, however much the "
        "person offends.",
        source=ASSUMED,
    )
    license_arrest: float = uncertainty(
        typical("license_arrest"),
        unit="probability",
        low=0.0,
        high=0.5,
        sentence="Chance that the stop of an undocumented resident ends in an arrest for driving "
        "without a licence, where the law gives none.",
        source="Capps et al. 2011 (about half of 287(g) detainers: misdemeanor or traffic); range "
        "ours",
    )
    informal_asking: float = uncertainty(
        0.1,
        unit="share of stops of Latino residents",
        low=0.0,
        high=0.3,
        sentence="Stops in which an untrained officer asks about status although no policy says "
        "so.",
        source="Ours: the 9% of Pew Hispanic Center 2008 (stopped and asked in a "
        "year, by police or other authorities) bound it from above; Theodore 2013",
    )
    ask_identifies: float = uncertainty(
        0.5,
        unit="probability",
        low=0.1,
        high=0.95,
        sentence="Chance that asking an undocumented person establishes status.",
    )
    referral_arrest: float = uncertainty(
        0.15,
        unit="probability",
        low=0.0,
        high=0.8,
        sentence="Chance that an officer who is not deputized holds a person found undocumented.",
    )
