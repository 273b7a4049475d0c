"""Beliefs: the trust people bring with them, the risk they stand with, what moves both."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import ASSUMED, constant, uncertainty
from trustabm.inputs.typical import typical

_FAIRNESS = (
    "Oliveira, Jackson, Murphy & Bradford 2021, doi:10.1007/s10940-020-09478-2 (computed from "
    "their data)"
)
_SAO_PAULO = "Oliveira 2022, doi:10.1007/s11292-022-09527-9 (computed from the author's data)"
_PEW_2021 = "Pew Research Center, March 2021: 79, 53, 34 and 28% worry, by status"


class BeliefParameters(Strict):
    """What phases 1 and 8 (news, stories) and the reading of beliefs need to know."""

    # Trust: where it stands
    trust_latino: float = constant(
        0.55,
        unit="trust",
        low=0.0,
        high=1.0,
        sentence="Mean trust of Latino residents in local police.",
        source="Gallup 2012-14: 59% of Hispanics confident in police; Pew 2014: 45-63% by item",
    )
    trust_other: float = constant(
        0.57,
        unit="trust",
        low=0.0,
        high=1.0,
        sentence="Mean trust of other residents in local police.",
        source="Gallup 2017: 57% of all adults confident in police; Bulbulia 2021: .573",
    )
    trust_nation: float = constant(
        0.57,
        unit="trust",
        low=0.0,
        high=1.0,
        sentence="Trust at which a victim reports as the nation's victims do.",
        source="Gallup 2017: 57% of all adults confident in police",
    )
    trust_spread: float = constant(
        0.15,
        unit="standard deviation",
        low=0.0,
        high=0.3,
        sentence="How much residents differ in the trust they keep through the years.",
        source=f"{_SAO_PAULO}: answers a year and two years apart correlate at .5; Bulbulia 2021 "
        "(New Zealand Attitudes and Values Study): SD of answers .21",
    )
    trust_home: float = constant(
        0.25,
        unit="share of the variance",
        low=0.0,
        high=0.5,
        sentence="How much of that difference is between households.",
        source=ASSUMED,
    )
    trust_place: float = constant(
        0.1,
        unit="share of the variance",
        low=0.0,
        high=0.5,
        sentence="How much of that difference is between neighborhoods.",
        source=ASSUMED,
    )
    mood_spread: float = constant(
        0.11,
        unit="standard deviation",
        low=0.0,
        high=0.2,
        sentence="How much one person's trust comes and goes with a life outside this model.",
        source=f"{_SAO_PAULO}: what answers a year apart do not share, reliability .8",
    )
    mood_weeks: float = constant(
        8.0,
        unit="weeks",
        low=1.0,
        high=52.0,
        sentence="Weeks that such a mood lasts.",
        source=ASSUMED,
    )

    # Trust: what moves it
    contact_bad: float = uncertainty(
        0.26,
        unit="trust",
        low=0.1,
        high=0.4,
        sentence="Trust lost by who is treated badly in a stop, in the first days.",
        source=f"{_FAIRNESS}: -.135 (-.185 to -.085) over a year; {_SAO_PAULO}: -.054 (SE .021); "
        "range ours",
    )
    contact_good: float = uncertainty(
        0.1,
        unit="trust",
        low=0.02,
        high=0.12,
        sentence="Trust won by a friendly visit or a report that led to an arrest, in the first "
        "days.",
        source=f"Peyton, Sierra-Arévalo & Rand 2019, doi:10.1073/pnas.1910157116; {_FAIRNESS}: "
        "+.043 (.020 to .066) over a year; range ours",
    )
    unsolved_loss: float = uncertainty(
        0.02,
        unit="trust",
        low=0.0,
        high=0.08,
        sentence="Trust lost by who reported a crime and saw nothing come of it.",
    )
    handover_trust: float = uncertainty(
        0.15,
        unit="trust",
        low=0.0,
        high=0.5,
        sentence="Trust lost by who sees local police hand somebody to ICE.",
        source="Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810 (removals lower trust); range ours",
    )
    trust_half_life: float = uncertainty(
        3.0,
        unit="weeks",
        low=1.5,
        high=8.0,
        sentence="Weeks in which half of what moved trust has faded.",
        source="Peyton, Sierra-Arévalo & Rand 2019, doi:10.1073/pnas.1910157116: .55 of the effect "
        "left 18 days later; Los Angeles Police Department 2018: a gap closed within the year",
    )
    residue_bad: float = uncertainty(
        0.3,
        unit="share",
        low=0.0,
        high=0.6,
        sentence="Part of what a harsh experience at home takes from trust that never fades.",
        source=f"{_SAO_PAULO}: of a gap of .21 after a stop at gunpoint .13 were left two years on",
    )
    residue_good: float = uncertainty(
        0.2,
        unit="share",
        low=0.0,
        high=0.4,
        sentence="Part of what a good experience at home gives to trust that never fades.",
        source=f"{_FAIRNESS}: +.043 over a year after a good contact; range ours",
    )
    news_trust: float = uncertainty(
        typical("news_trust"),
        unit="trust",
        low=0.0,
        high=0.6,
        sentence="Trust lost where certain deportation at full stake is news.",
        source="Wong et al. 2020, Perspectives on Politics (vignette lowers trust); range ours",
    )
    linked_fate: float = uncertainty(
        typical("linked_fate"),
        unit="share of the ethnic group's stake",
        low=0.0,
        high=1.0,
        sentence="How far news is attended to for the ethnic group's stake where less is at stake "
        "for oneself.",
        source="Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810 (native-born Latinos trust less); "
        "Vargas, Sanchez & Valdez 2017, doi:10.1017/rep.2016.24; range ours",
    )
    reassurance: float = uncertainty(
        0.03,
        unit="trust",
        low=0.0,
        high=0.1,
        sentence="Trust that the same news gives those with nothing at stake.",
        source="Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810 (others trust more); range ours",
    )
    outreach_gain: float = uncertainty(
        typical("outreach_gain"),
        unit="trust",
        low=0.0,
        high=0.08,
        sentence="Trust that full outreach gives those it is for, while it lasts.",
        source="Peyton, Sierra-Arévalo & Rand 2019, doi:10.1073/pnas.1910157116: four in ten "
        "reached, and half of the effect gone in three weeks; range ours",
    )

    # Perceived risk: where it stands
    prior_undocumented: float = uncertainty(
        typical("prior_undocumented"),
        unit="perceived risk",
        low=0.28,
        high=0.5,
        sentence="The risk that undocumented residents stand with, whatever the year.",
        source=f"{_PEW_2021}; Asad 2020, doi:10.1073/pnas.1915460117 (high and stable); range ours",
    )
    prior_citizen: float = uncertainty(
        typical("prior_citizen"),
        unit="perceived risk",
        low=0.12,
        high=0.36,
        sentence="The risk that other Latino residents stand with.",
        source=f"{_PEW_2021}; range ours",
    )
    likeness_reference: float = constant(
        0.1,
        unit="ratio to Latino residents'",
        low=0.0,
        high=1.0,
        sentence="How far deportations, in the news or as a standing risk, speak of their own risk "
        "to residents who are not Latino.",
        source="Golash-Boza & Hondagneu-Sotelo 2013, doi:10.1057/lst.2013.14: 97% of people "
        "deported are Latin American (recalled), of undocumented residents 76%: the odds of one "
        "who is not are a tenth",
    )
    firm_undocumented: float = uncertainty(
        typical("firm_undocumented"),
        unit="cases",
        low=8.0,
        high=25.0,
        sentence="How many cases known of the standing risk of undocumented residents weighs.",
        source="Asad 2020, doi:10.1073/pnas.1915460117 (noncitizens' fear does not follow the "
        "flow); range ours",
    )
    firm_citizen: float = uncertainty(
        typical("firm_citizen"),
        unit="cases",
        low=0.5,
        high=5.0,
        sentence="How many cases known of the standing risk of all others weighs.",
        source="Asad 2020, doi:10.1073/pnas.1915460117 (citizens' fear rose after 2016); range "
        "ours",
    )

    # Perceived risk: cases
    case_weight: float = uncertainty(
        typical("case_weight"),
        unit="cases",
        low=0.5,
        high=4.0,
        sentence="How many cases it counts to see somebody handed to ICE.",
    )
    serious_case: float = constant(
        0.17,
        unit="ratio",
        low=0.0,
        high=1.0,
        sentence="How much less the hand-over of somebody with a felony or violent record counts.",
        source="Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810: -.113 against -.761, -.210 "
        "against -1.127 for removals per 1,000 residents",
    )
    asked_case: float = uncertainty(
        0.2,
        unit="cases",
        low=0.0,
        high=0.6,
        sentence="How many cases it counts to be asked about status.",
    )
    calm_case: float = uncertainty(
        0.2,
        unit="cases",
        low=0.0,
        high=0.6,
        sentence="How many cases to the good a contact counts that ended quietly.",
    )
    case_half_life: float = uncertainty(
        typical("case_half_life"),
        unit="weeks",
        low=20.0,
        high=120.0,
        sentence="Weeks in which half the weight of a case is gone.",
    )
    raid_attribution: float = uncertainty(
        0.3,
        unit="share of a hand-over's weight",
        low=0.0,
        high=1.0,
        sentence="How much of an at-large arrest goes to police believed uninvolved.",
    )
    removal_story: float = uncertainty(
        0.5,
        unit="share of a hand-over's weight",
        low=0.0,
        high=1.0,
        sentence="How heavily the news of a removal weighs after that of the hand-over.",
    )

    # Who hears of it
    tell_household: float = uncertainty(
        0.6,
        unit="share of one's own experience",
        low=0.0,
        high=1.0,
        sentence="How heavily a story from a household member weighs.",
    )
    tell_tie: float = uncertainty(
        0.3,
        unit="share of one's own experience",
        low=0.0,
        high=1.0,
        sentence="How heavily a story from a friend weighs.",
    )
    tell_across: float = uncertainty(
        0.5,
        unit="share of the same story's weight at home",
        low=0.0,
        high=1.0,
        sentence="How heavily a story weighs that comes from another county of the region, whose "
        "police are others.",
        source="Ours: no published estimate; from nothing to as much",
    )
    acquaintances: float = uncertainty(
        typical("acquaintances"),
        unit="residents",
        low=0.0,
        high=150.0,
        sentence="How many hear, beyond household and friends, that ICE has taken somebody.",
        source="Pew Hispanic Center 2011 (24% of Latino adults know someone); McCormick, Salganik "
        "& Zheng 2010, doi:10.1198/jasa.2009.ap08518: adults know about 600 people; range ours",
    )
    tell_acquaintance: float = uncertainty(
        typical("tell_acquaintance"),
        unit="share of one's own experience",
        low=0.05,
        high=0.4,
        sentence="How heavily the news that an acquaintance was taken weighs.",
    )

    # Perceived risk: news
    news_weight: float = uncertainty(
        typical("news_weight"),
        unit="cases",
        low=1.0,
        high=6.0,
        sentence="How many cases the news counts that deportation has become certain.",
        source="Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305 (a hump that is gone after "
        "two years); range ours",
    )
    good_news: float = uncertainty(
        typical("good_news"),
        unit="ratio",
        low=0.0,
        high=1.0,
        sentence="How heavily news that the risk has fallen weighs, against news that it rose.",
    )
    news_speed: float = constant(
        0.7,
        unit="share a week",
        low=0.1,
        high=1.0,
        sentence="Share of those who have not heard the news who hear it in a week.",
        source="Los Angeles Times 2025: calls fell 28% in the first two weeks of operations",
    )
    news_half_life: float = uncertainty(
        typical("news_half_life"),
        unit="weeks",
        low=8.0,
        high=40.0,
        sentence="Weeks in which half of what was news has come to be expected.",
        source="Los Angeles Police Department 2018 (closed by year's end); Gonçalves, Jácome & "
        "Weisburst, doi:10.1257/aer.20250305 (the path of two years); range ours",
    )
    publicity_street: float = uncertainty(
        typical("publicity_street"),
        unit="share of residents reached",
        low=0.7,
        high=1.0,
        sentence="How public work is that is done in the street.",
        source="Baumer & Xie 2023, doi:10.1111/1745-9133.12619 (task forces are felt, jails are "
        "not); range ours",
    )
    publicity_jail: float = uncertainty(
        typical("publicity_jail"),
        unit="share of residents reached",
        low=0.0,
        high=0.2,
        sentence="How public work is that a local jail does indoors.",
        source="Baumer & Xie 2023, doi:10.1111/1745-9133.12619 (task forces are felt, jails are "
        "not); range ours",
    )
    publicity_federal: float = uncertainty(
        typical("publicity_federal"),
        unit="share of residents reached",
        low=0.3,
        high=1.0,
        sentence="How public a federal programme is.",
    )
