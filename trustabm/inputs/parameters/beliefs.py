"""Beliefs: where trust and perceived risk start, what moves them, how they fade."""

from __future__ import annotations

from trustabm.inputs.catalog import Strict
from trustabm.inputs.declare import constant, uncertainty


class BeliefParameters(Strict):
    """What phases 1, 8 and 9 (news, stories, forgetting) need to know."""

    trust_latino: float = constant(
        0.55,
        unit="trust",
        low=0.0,
        high=1.0,
        sentence="Where Latino residents' trust in local police rests.",
        source="Gallup 2012-14: 59% of Hispanics confident in police; Pew 2014: 45-63% by item",
    )
    trust_other: float = constant(
        0.57,
        unit="trust",
        low=0.0,
        high=1.0,
        sentence="Where other residents' trust in local police rests.",
        source="Gallup 2017 (doi n/a): 57% of all adults confident in police",
    )
    trust_spread: float = uncertainty(
        0.18,
        unit="standard deviation",
        low=0.0,
        high=0.3,
        sentence="How much residents differ in trust at the start.",
    )
    prior_risk: float = uncertainty(
        0.02,
        unit="perceived risk",
        low=0.0,
        high=0.3,
        sentence="The risk residents see in contact with local police where nothing suggests it.",
        source="Pew 2008-2021: 39-57% worry some about deportation under every policy; range ours",
    )
    risk_spread: float = uncertainty(
        0.04,
        unit="standard deviation",
        low=0.0,
        high=0.2,
        sentence="How much residents differ in perceived risk at the start.",
    )
    forgetting: float = uncertainty(
        0.08843,
        unit="share a week",
        low=0.002,
        high=0.1,
        sentence="How fast a personal belief relaxes to what the group believes.",
        source="Desmond et al. 2016 (over a year) against Zoorob 2020 (not shown); range ours",
    )
    prior_pull: float = uncertainty(
        0.4291,
        unit="share of the group's belief",
        low=0.0,
        high=0.8,
        sentence="How far a group's belief is drawn back to where it rests.",
    )
    news_pull: float = uncertainty(
        2.179,
        unit="share of the group's belief",
        low=0.0,
        high=3.0,
        sentence="How far a group's belief is drawn to what the news says the rules in force "
        "mean, at full attention and full stake; at most all the way.",
        source="Ang et al. 2024, NBER 32243 (salience moves calls); range ours",
    )
    news_decay: float = uncertainty(
        0.03,
        unit="share a week",
        low=0.005,
        high=0.2,
        sentence="How fast attention to a change of policy fades.",
    )
    news_floor: float = uncertainty(
        0.2958,
        unit="share of full attention",
        low=0.0,
        high=1.0,
        sentence="Attention that the rules in force keep when nothing changes.",
        source="KFF, Pew: fear stays high between changes; range ours",
    )
    news_trust: float = uncertainty(
        0.4857,
        unit="share of trust",
        low=0.0,
        high=1.0,
        sentence="Trust lost where full risk and full stake are the news.",
        source="Wong et al. 2020, Perspectives on Politics (vignette lowers trust); range ours",
    )
    linked_fate: float = uncertainty(
        0.33,
        unit="share of the ethnic group's stake",
        low=0.0,
        high=1.0,
        sentence="How far trust answers to what is at stake for the ethnic group where less is at "
        "stake for one's own.",
        source="Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810 (native-born Latinos trust less); "
        "Vargas, Sanchez & Valdez 2017, doi:10.1017/rep.2016.24; range ours",
    )
    reassurance: float = uncertainty(
        0.1,
        unit="share of distrust",
        low=0.0,
        high=0.3,
        sentence="Distrust that full risk takes away from those with no stake.",
        source="Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810 (others trust more); range ours",
    )
    outreach_gain: float = uncertainty(
        0.2,
        unit="share of distrust",
        low=0.0,
        high=0.6,
        sentence="Distrust that full outreach takes away where a group's trust rests.",
        source="Mazerolle et al. 2013, doi:10.1007/s11292-013-9175-2 (legitimacy OR 1.58); range "
        "ours",
    )
    contact_gain: float = uncertainty(
        0.03,
        unit="share of the way",
        low=0.0,
        high=0.15,
        sentence="How far one good experience with police moves one's own trust.",
    )
    negativity: float = uncertainty(
        4.0,
        unit="ratio",
        low=1.0,
        high=14.0,
        sentence="How much more a bad experience or story weighs than a good one.",
        source="Skogan 2006, doi:10.1080/10439460600662098: 4-14; Oliveira et al. 2020: symmetric "
        "for fairness",
    )
    asked_risk: float = uncertainty(
        0.04,
        unit="share of the way",
        low=0.0,
        high=0.6,
        sentence="How far being asked about status moves one's own perceived risk.",
    )
    handover_risk: float = uncertainty(
        0.479,
        unit="share of the way",
        low=0.0,
        high=0.95,
        sentence="How far seeing police hand somebody to ICE moves perceived risk.",
    )
    handover_trust: float = uncertainty(
        0.2,
        unit="share of the way",
        low=0.0,
        high=0.8,
        sentence="How far seeing police hand somebody to ICE moves trust down.",
    )
    raid_attribution: float = uncertainty(
        0.3,
        unit="share of a hand-over's weight",
        low=0.0,
        high=1.0,
        sentence="How much of the fear of an at-large arrest goes to police believed uninvolved.",
    )
    removal_story: float = uncertainty(
        0.5,
        unit="share of a hand-over's weight",
        low=0.0,
        high=1.0,
        sentence="How heavily the news of a removal weighs after that of the hand-over.",
    )
    solved_gain: float = uncertainty(
        0.06,
        unit="share of the way",
        low=0.0,
        high=0.3,
        sentence="How far a report that led to an arrest moves one's own trust up.",
    )
    unsolved_loss: float = uncertainty(
        0.003,
        unit="share of the way",
        low=0.0,
        high=0.05,
        sentence="How far a report that led nowhere moves one's own trust down, before negativity.",
    )
    calm_gain: float = uncertainty(
        0.03,
        unit="share of the way",
        low=0.0,
        high=0.3,
        sentence="How far a contact that ended without a hand-over lowers perceived risk.",
    )
    tell_household: float = uncertainty(
        0.6,
        unit="share of one's own experience",
        low=0.0,
        high=1.0,
        sentence="How heavily a story from a household member weighs.",
    )
    acquaintances: float = uncertainty(
        112.9,
        unit="residents",
        low=0.0,
        high=150.0,
        sentence="How many hear, beyond household and friends, that ICE has taken somebody.",
        source="Pew Hispanic Center 2011 (24% of Latino adults know someone); McCormick, Salganik "
        "& Zheng 2010, doi:10.1198/jasa.2009.ap08518: adults know about 600 people; range ours",
    )
    tell_acquaintance: float = uncertainty(
        0.1942,
        unit="share of one's own experience",
        low=0.0,
        high=0.5,
        sentence="How heavily the news that an acquaintance was taken weighs.",
    )
    tell_tie: float = uncertainty(
        0.3,
        unit="share of one's own experience",
        low=0.0,
        high=1.0,
        sentence="How heavily a story from a friend weighs.",
    )
