"""Phases 1, 8 and 9: news, stories, forgetting."""

from __future__ import annotations

from trustabm.rules.compiling import compiled
from trustabm.rules.reporting import stake_in_others


@compiled
def moved(belief, toward, share):
    """Return a belief moved a share of the way toward 0 or 1; it stays within [0, 1]."""
    return belief + min(share, 1.0) * (toward - belief)


@compiled
def news_weight(p, publicity, salience, stake):
    """Return how far a group's belief is drawn to the news this week, at most all the way.

    People attend to news in proportion to what is at stake for them (issue publics: Bolsen &
    Leeper 2013, doi:10.1080/10584609.2012.737428).

    Args:
        p: Parameters.
        publicity: How public the rules in force are.
        salience: Attention to them, 1 when they have just changed.
        stake: Mean stake of the residents of the group's ethnicity in the town.
    """
    return min(1.0, p.news_pull * publicity * salience * stake) if p.news != 0.0 else 0.0


@compiled
def faded(p, salience):
    """Return attention to the rules in force a week later; it fades to a floor."""
    return salience + p.news_decay * (p.news_floor - salience)


@compiled
def drawn(belief, news, weight, rest, pull):
    """Return what everyone in a group relaxes to this week, within [0, 1].

    The group's own mean, drawn to the news, then to where the belief rests.
    """
    told = belief + weight * (news - belief)
    return told + pull * (rest - told)


@compiled
def trust_in_news(p, rest, risk, stake):
    """Return the trust that the news leaves: less to a group with a stake, more to one without.

    Wong et al. 2020 (Perspectives on Politics): told that police work with ICE, undocumented
    people trust them less. Rocha, Knoll & Wrinkle 2015, doi:10.1086/681810: where Secure
    Communities removed more people, foreign- and native-born Latino residents trusted less, and
    other residents more.
    """
    lost = p.news_trust * risk * stake * rest
    return rest - lost + p.reassurance * risk * (1.0 - stake) * (1.0 - rest)


@compiled
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


@compiled
def felt(p, own, ethnic):
    """Return a group's stake as its trust feels it: its own, or part of its ethnic group's.

    Linked fate, which grows where laws are punitive (Vargas, Sanchez & Valdez 2017,
    doi:10.1017/rep.2016.24). It moves trust alone; fear needs somebody close.

    Args:
        p: Parameters.
        own: The group's mean stake.
        ethnic: That of all residents of its ethnicity in the town.
    """
    return own + p.linked_fate * max(0.0, ethnic - own)


@compiled
def trust_at_rest(p, rest, outreach):
    """Return where a group's trust rests, outreach counted in."""
    return rest + p.outreach_gain * outreach * (1.0 - rest)


@compiled
def attributed(p, risk):
    """Return the part of an at-large arrest that a resident puts down to local police.

    The more entangled they are believed to be, the more of it.
    """
    return p.raid_attribution + (1.0 - p.raid_attribution) * risk
