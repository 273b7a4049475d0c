"""Phases 1 and 8: what residents believe of local police, from what they lived, heard and read.

Perceived risk is a share of cases: those a resident stands with by status, those that ended badly
or well among people known, and what the news counts for. Trust is a lasting part, a part that
fades, and what the news takes.
"""

from __future__ import annotations

import math

from trustabm.rules.codes import (
    NATURALIZED,
    NOBODY,
    RECORD_FELONY,
    UNDOCUMENTED,
    US_BORN,
)
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import (
    HOME_TRUST,
    LASTING_TRUST,
    MOOD,
    PLACE_TRUST,
    normal,
)
from trustabm.rules.reporting import stake_in_others


@inlined
def left(age, half_life):
    """Return how much is left after `age` weeks of what fades with a half-life, in weeks."""
    return math.exp(-math.log(2.0) / half_life * age)


@inlined
def own_trust(seed, resident, generation):
    """Return how a resident differs in trust from others alike, in standard deviations."""
    return normal(seed, 0, LASTING_TRUST, resident, generation)


@inlined
def home_trust(seed, home):
    """Return how the household whose first place this is differs, in standard deviations."""
    return normal(seed, 0, HOME_TRUST, home)


@inlined
def place_trust(seed, neighborhood):
    """Return how a neighborhood differs, in standard deviations."""
    return normal(seed, 0, PLACE_TRUST, neighborhood)


@inlined
def lasting_trust(p, own, home, place):
    """Return how a resident's lasting trust departs from the group's mean when they come.

    Part of the difference is between neighborhoods, part between households, most between persons.

    Args:
        p: Parameters.
        own: How the resident differs, in standard deviations.
        home: How the household does.
        place: How the neighborhood does.
    """
    alone = max(0.0, 1.0 - p.trust_home - p.trust_place)
    return p.trust_spread * (
        math.sqrt(alone) * own + math.sqrt(p.trust_home) * home + math.sqrt(p.trust_place) * place
    )


@inlined
def mood(p, seed, week, resident, generation):
    """Return how a resident's trust departs this week for reasons outside the model.

    A mood lasts for `mood_weeks`; whose turns in which week goes by their place.
    """
    stretch = int((week + resident % 52) // p.mood_weeks)
    return p.mood_spread * normal(seed, stretch, MOOD, resident, generation)


@inlined
def attention(p, own, ethnic):
    """Return how far news of deportations is attended to, 0..1: by own stake, or the group's.

    Issue publics (Bolsen & Leeper 2013, doi:10.1080/10584609.2012.737428) and linked fate (Vargas,
    Sanchez & Valdez 2017, doi:10.1017/rep.2016.24).

    Args:
        p: Parameters.
        own: The resident's own stake.
        ethnic: Mean stake of the residents of the same ethnicity in the town.
    """
    return own + p.linked_fate * max(0.0, ethnic - own)


@inlined
def trust(p, mean, lasting, lately, news, attends, reached):
    """Return trust in local police, before it is cut to 0..1.

    Args:
        p: Parameters.
        mean: Mean trust of the ethnic group.
        lasting: What lasts of how this resident departs from it.
        lately: What is left of what moved it lately.
        news: Surprise in the rules in force, -1..1: what is heard over what is expected.
        attends: How far this resident attends to it.
        reached: How far outreach reaches this resident.
    """
    told = p.news_trust * attends - p.reassurance * (1.0 - attends)
    return mean + lasting + lately - told * news + p.outreach_gain * reached


@inlined
def is_reached(status, concern):
    """Return whether outreach to immigrant communities is for this resident."""
    return concern != NOBODY or (status != US_BORN and status != NATURALIZED)


@inlined
def standing_risk(p, status, weight):
    """Return the risk a resident stands with, and how many cases it weighs.

    Perceived risk is the share of cases known that ended in a deportation: a Beta prior, updated
    by counts in closed form (`believing.risk_of`).

    Args:
        p: Parameters.
        status: The resident's status.
        weight: How far what holds of Latino residents holds of the ethnic group, 0..1.
    """
    if status == UNDOCUMENTED:
        return p.prior_undocumented, p.firm_undocumented
    return p.prior_citizen * likeness(p, weight), p.firm_citizen


@inlined
def likeness(p, weight):
    """Return how far deportations speak to an ethnic group of their own risk, 0..1; 1 if Latino.

    Args:
        p: Parameters.
        weight: As in `standing_risk`.
    """
    return p.likeness_reference + (1.0 - p.likeness_reference) * weight


@inlined
def news(p, publicity, surprise):
    """Return how many cases the news counts: above 0 if bad ones, below if it calms.

    Args:
        p: Parameters.
        publicity: The lever: how public the policy is beside others that work like it.
        surprise: The risk heard of over what was expected.
    """
    return p.news_weight * publicity * surprise * (p.good_news if surprise < 0.0 else 1.0)


@inlined
def heard(p, before, rules):
    """Return what people have heard of the risk that is in the rules, a week later."""
    return before + p.news_speed * (rules - before)


HALF_AFTER = 1.6783469900166605
"""When two equal stages have let half through, in means of a stage: (1 + x) e^-x = 1/2."""


@inlined
def follows(p, before, what):
    """Return one of the two stages by which what is heard comes to be expected, a week later.

    What is heard is lived with first, and what has been lived with is expected then: news stays
    news for months and is soon none after that, where a single stage would let it fade from the
    first week on and never end.

    Args:
        p: Parameters.
        before: The stage, last week.
        what: What it follows: what is heard, or what is lived with.
    """
    return before + (1.0 - math.exp(-HALF_AFTER / p.news_half_life)) * (what - before)


@inlined
def weight_of_record(p, record):
    """Return how heavily the hand-over of a person with this record weighs, 1 without one."""
    return p.serious_case if record >= RECORD_FELONY else 1.0


@inlined
def attributed(p, risk):
    """Return the part of an at-large arrest that a resident puts down to local police.

    The more entangled they are believed to be, the more of it.
    """
    return p.raid_attribution + (1.0 - p.raid_attribution) * risk


@inlined
def usual_calm(p, contacts, household, ties):
    """Return the cases to the good that a resident knows of where nothing ever changes.

    What contacts a week bring, lived through and heard, over the rate at which it fades.

    Args:
        p: Parameters.
        contacts: Contacts with police a resident has in a week.
        household: Members of the household.
        ties: Friends.
    """
    if p.cases == 0.0:
        return 0.0
    told = p.tell_household * (household - 1.0) + p.tell_tie * ties if p.stories != 0.0 else 0.0
    return contacts * p.calm_case * (1.0 + told) / (1.0 - left(1.0, p.case_half_life))


@inlined
def sum_of_stakes(p, own, housed, tied):
    """Return a group's stakes added up.

    What lawfully present noncitizens have at stake for themselves is left out: the news that
    moves trust is of people who are undocumented.

    Args:
        p: Parameters.
        own: Undocumented residents.
        housed: Residents with one in the household, by how many more are among their ties.
        tied: Other residents, by how many are among their ties.
    """
    total = float(own)
    for n in range(len(tied)):
        total += housed[n] * stake_in_others(p, True, n)
        total += tied[n] * stake_in_others(p, False, n)
    return total
