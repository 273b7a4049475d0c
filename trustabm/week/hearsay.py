"""Phase 8: what happened is lived through, and told to household and ties, once."""

from __future__ import annotations

from typing import NamedTuple

from trustabm.rules import beliefs, codes, luck
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.state.layout import TIES

BY_ICE_ITSELF = -1.0
"""In place of police's share in a loss: each listener puts down to police what they believe."""


class Story(NamedTuple):
    """What an event does to the beliefs of whoever lives through it."""

    trust_to: float  # 0 or 1: what trust is moved to
    trust_share: float  # how much of the way
    risk_to: float
    risk_share: float


@compiled
def of_stop(w, stop):
    """A stop goes well or badly; being asked about status raises risk, going home lowers it."""
    trust_to, trust_share = 1.0, w.p.contact_gain
    if stop.bad:
        trust_to, trust_share = 0.0, w.p.contact_gain * w.p.negativity
    risk_to, risk_share = 0.0, w.p.calm_gain
    if stop.asked:
        risk_to, risk_share = 1.0, w.p.asked_risk
    elif stop.outcome == codes.STOP_ARREST:
        risk_share = 0.0
    return Story(trust_to, trust_share, risk_to, risk_share)


@compiled
def of_report(w, case):
    """A solved report builds trust, an unsolved one costs some; a quiet one lowers risk."""
    trust_to, trust_share = 1.0, w.p.solved_gain
    if not case.cleared:
        trust_to, trust_share = 0.0, w.p.unsolved_loss * w.p.negativity
    risk_to, risk_share = 0.0, w.p.calm_gain
    if case.asked:
        risk_to, risk_share = 1.0, w.p.asked_risk
    return Story(trust_to, trust_share, risk_to, risk_share)


@compiled
def of_being_asked(w):
    """A witness who is asked about status sees more risk."""
    return Story(1.0, 0.0, 1.0, w.p.asked_risk)


@compiled
def of_release(w):
    """Somebody whom ICE had taken comes home."""
    return Story(1.0, 0.0, 0.0, w.p.calm_gain)


@compiled
def of_loss(w, listener, told, police_share):
    """ICE has taken or removed somebody whom the listener knows.

    Args:
        w: The week.
        listener: Who is told.
        told: How heavily what this listener is told weighs, 0..1.
        police_share: How much of it was police's doing, 0..1, or BY_ICE_ITSELF.
    """
    share = told * police_share
    if police_share < 0.0:
        share = told * beliefs.attributed(w.p, rows.risk_of(w.state, listener))
    return Story(0.0, share * w.p.handover_trust, 1.0, share * w.p.handover_risk)


@compiled
def hear(w, i, story, told):
    """Move what resident `i` believes; nothing is heard in a place that nobody lives in.

    Args:
        w: The week.
        i: The resident.
        story: What is heard.
        told: How heavily it weighs: 1 for whoever lived through it.
    """
    s = w.state
    if rows.in_place(s, i):
        trust = beliefs.moved(rows.trust_of(s, i), story.trust_to, told * story.trust_share)
        risk = beliefs.moved(rows.risk_of(s, i), story.risk_to, told * story.risk_share)
        rows.believe(s, i, trust, risk)


@compiled
def hear_of_loss(w, i, told, police_share):
    """Resident `i` learns that ICE has taken or removed somebody; arguments as for `of_loss`."""
    if rows.in_place(w.state, i):
        rows.expose(w.state, i)
        if w.p.stories != 0.0:
            hear(w, i, of_loss(w, i, told, police_share), 1.0)


@compiled
def weight(w, i, n):
    """Return how heavily what resident `i` tells weighs for the `n`-th person close to them."""
    return w.p.tell_household if n < w.state.residents[i].household else w.p.tell_tie


@compiled
def tell(w, i, story):
    """Resident `i` tells household and ties what happened, once."""
    if w.p.stories != 0.0:
        for n in range(w.state.residents[i].household + TIES):
            j = rows.close_to(w.state, i, n)
            if j >= 0:
                hear(w, j, story, weight(w, i, n))


@compiled
def tell_of_loss(w, i, police_share):
    """Household and ties of resident `i` learn that ICE has taken or removed them."""
    for n in range(w.state.residents[i].household + TIES):
        j = rows.close_to(w.state, i, n)
        if j >= 0:
            hear_of_loss(w, j, weight(w, i, n), police_share)


@compiled
def acquaintance(w, i, n):
    """Return the `n`-th person who knows resident `i` by more than sight; -1 where it is nobody.

    Drawn from the pools that ties are drawn from, and the same all through a life: the draw is
    keyed by the two of them alone.
    """
    s, p = w.state, w.p
    r = s.residents[i]
    place = s.neighborhoods[r.neighborhood]
    town = s.towns[place.town]
    is_near = uniform(w.seed, r.generation, luck.ACQUAINTANCE, i, 4 * n) < p.tie_neighborhood
    alike = uniform(w.seed, r.generation, luck.ACQUAINTANCE, i, 4 * n + 1) < p.tie_homophily
    u = uniform(w.seed, r.generation, luck.ACQUAINTANCE, i, 4 * n + 2)
    ethnicity = rows.ethnicity_of(s, i)
    if is_near:
        first, end = place.start, place.end
        if alike:
            same = s.stretches[r.neighborhood, ethnicity]
            first, end = same.start, same.end
        j = first + int(u * (end - first))
    elif alike:
        j = rows.one_alike(s, town, ethnicity, u)
    else:
        j = town.start + int(u * (town.end - town.start))
    return -1 if j == i else j


@compiled
def after_stop(w, stop):
    """The person stopped lives through it and tells of it."""
    story = of_stop(w, stop)
    hear(w, stop.resident, story, 1.0)
    tell(w, stop.resident, story)


@compiled
def after_report(w, case):
    """The victim learns what came of the report and tells of it; a witness was asked or not."""
    story = of_report(w, case)
    hear(w, case.victim, story, 1.0)
    tell(w, case.victim, story)
    if case.witness_asked:
        hear(w, case.witness, of_being_asked(w), 1.0)


@compiled
def after_transfer(w, transfer):
    """Those who know somebody learn that ICE has taken them, from police or at large."""
    if transfer.source == codes.FROM_PRISON:
        return
    police_share = 1.0 if transfer.source < codes.FROM_PRISON else BY_ICE_ITSELF
    tell_of_loss(w, transfer.resident, police_share)
    for n in range(int(w.p.acquaintances)):
        j = acquaintance(w, transfer.resident, n)
        if j >= 0:
            hear_of_loss(w, j, w.p.tell_acquaintance, police_share)


@compiled
def after_departure(w, departure):
    """A removal is told again, with part of a hand-over's weight; a release is good news."""
    if not departure.removed:
        tell(w, departure.resident, of_release(w))
    elif departure.source < codes.FROM_PRISON:
        tell_of_loss(w, departure.resident, w.p.removal_story)


@compiled
def phase(w):
    """Carry out the phase."""
    mark, used = w.tables.mark, w.tables.used
    for k in range(mark[journal.STOPS], used[journal.STOPS]):
        after_stop(w, w.tables.stops[k])
    for k in range(mark[journal.CRIMES], used[journal.CRIMES]):
        if w.tables.crimes[k].reported:
            after_report(w, w.tables.crimes[k])
    for k in range(mark[journal.TRANSFERS], used[journal.TRANSFERS]):
        after_transfer(w, w.tables.transfers[k])
    for k in range(mark[journal.DEPARTURES], used[journal.DEPARTURES]):
        after_departure(w, w.tables.departures[k])
