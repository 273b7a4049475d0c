"""Phases 1, 8 and 9: news, stories, forgetting."""

from __future__ import annotations

from trustabm.compiling import compiled


@compiled
def moved(belief, toward, share):
    """Return a belief moved a share of the way toward 0 or 1; it stays within [0, 1]."""
    return belief + min(share, 1.0) * (toward - belief)


@compiled
def news_weight(p, publicity, salience):
    """Return how far a group's belief is drawn to the news this week."""
    return p.news_pull * publicity * salience if p.news != 0.0 else 0.0


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
    """Return the trust that the news leaves: less where the risk and the group's stake are high.

    Wong et al. 2020 (Perspectives on Politics): told that police work with ICE, people trust them
    less.
    """
    return rest * (1.0 - p.news_trust * risk * stake)


@compiled
def mean_stake(p, own, housed, tied, persons):
    """Return a group's mean stake from how many have it for themselves, at home, or in a friend.

    What lawfully present noncitizens have at stake for themselves is left out: the news that
    moves trust is of people who are undocumented.
    """
    if persons == 0:
        return 0.0
    return (own + p.stake_household * housed + p.stake_tie * tied) / persons


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
