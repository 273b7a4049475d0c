"""Phase 8: what follows from an event for those who lived it and those who are told."""

from __future__ import annotations

from trustabm.rules import beliefs, codes
from trustabm.rules.compiling import compiled
from trustabm.state import rows
from trustabm.state.layout import TIES
from trustabm.week import event_records


@compiled
def hear(s, i, trust_to, trust_share, risk_to, risk_share):
    """Move what resident `i` believes; nothing is heard in a place that nobody lives in."""
    if not rows.in_place(s, i):
        return
    trust = beliefs.moved(rows.trust_of(s, i), trust_to, trust_share)
    risk = beliefs.moved(rows.risk_of(s, i), risk_to, risk_share)
    rows.believe(s, i, trust, risk)


@compiled
def tell(s, p, i, trust_to, trust_share, risk_to, risk_share):
    """Tell household and ties of resident `i` what happened, once."""
    if p.stories == 0.0:
        return
    household = s.residents[i].household
    for n in range(household + TIES):
        j = rows.close_to(s, i, n)
        if j >= 0:
            w = p.tell_household if n < household else p.tell_tie
            hear(s, j, trust_to, w * trust_share, risk_to, w * risk_share)


@compiled
def tell_of_loss(s, p, i, police_share):
    """Tell household and ties of resident `i` that ICE has taken them.

    Args:
        s: State.
        p: Parameters.
        i: The resident taken.
        police_share: 1 where police handed them over; -1 where ICE came itself, and each listener
            puts down to police what they believe their part to be.
    """
    household = s.residents[i].household
    for n in range(household + TIES):
        j = rows.close_to(s, i, n)
        if j < 0 or not rows.in_place(s, j):
            continue
        rows.expose(s, j)
        if p.stories != 0.0:
            w = p.tell_household if n < household else p.tell_tie
            share = w * police_share
            if police_share < 0.0:
                share = w * beliefs.attributed(p, rows.risk_of(s, j))
            hear(s, j, 0.0, share * p.handover_trust, 1.0, share * p.handover_risk)


@compiled
def tell_acquaintances(s, p, i, police_share):
    """Tell those who know resident `i`, but are not close, that ICE has taken them.

    Args:
        s: State.
        p: Parameters.
        i: The resident taken.
        police_share: As for `tell_of_loss`.
    """
    for n in range(int(p.acquaintances)):
        j = event_records.acquaintance(s, p, i, n)
        if j < 0 or not rows.in_place(s, j):
            continue
        rows.expose(s, j)
        if p.stories != 0.0:
            share = p.tell_acquaintance * police_share
            if police_share < 0.0:
                share = p.tell_acquaintance * beliefs.attributed(p, rows.risk_of(s, j))
            hear(s, j, 0.0, share * p.handover_trust, 1.0, share * p.handover_risk)


@compiled
def after_stop(s, p, tables, k):
    """A stop goes well or badly; being asked about status raises risk, going home lowers it."""
    row = tables.stops[k]
    trust_to, share = 1.0, p.contact_gain
    if row.bad:
        trust_to, share = 0.0, p.contact_gain * p.negativity
    risk_to, risk_share = 0.0, p.calm_gain
    if row.asked:
        risk_to, risk_share = 1.0, p.asked_risk
    elif row.outcome == codes.STOP_ARREST:
        risk_share = 0.0
    hear(s, row.resident, trust_to, share, risk_to, risk_share)
    tell(s, p, row.resident, trust_to, share, risk_to, risk_share)


@compiled
def after_report(s, p, tables, k):
    """A solved report builds trust, an unsolved one costs some; a quiet one lowers risk."""
    row = tables.crimes[k]
    trust_to, share = 1.0, p.solved_gain
    if not row.cleared:
        trust_to, share = 0.0, p.unsolved_loss * p.negativity
    risk_to, risk_share = 0.0, p.calm_gain
    if row.asked:
        risk_to, risk_share = 1.0, p.asked_risk
    hear(s, row.victim, trust_to, share, risk_to, risk_share)
    tell(s, p, row.victim, trust_to, share, risk_to, risk_share)
    if row.witness_asked:
        hear(s, row.witness, 1.0, 0.0, 1.0, p.asked_risk)


@compiled
def after_transfer(s, p, tables, k):
    """Those who know somebody learn that ICE has taken them, from police or at large."""
    row = tables.transfers[k]
    if row.source == codes.FROM_PRISON:
        return
    police_share = 1.0 if row.source < codes.FROM_PRISON else -1.0
    tell_of_loss(s, p, row.resident, police_share)
    tell_acquaintances(s, p, row.resident, police_share)


@compiled
def after_departure(s, p, tables, k):
    """A removal is told again, with part of a hand-over's weight; a release is good news."""
    row = tables.departures[k]
    if not row.removed:
        tell(s, p, row.resident, 1.0, 0.0, 0.0, p.calm_gain)
    elif row.source < codes.FROM_PRISON:
        tell_of_loss(s, p, row.resident, p.removal_story)
