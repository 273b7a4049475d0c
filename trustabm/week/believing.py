"""What a resident believes this week: trust in local police, and the risk of contact with them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.inputs.parameters import Parameters
from trustabm.rules import beliefs, reporting
from trustabm.rules.compiling import inlined
from trustabm.state import rows
from trustabm.state.layout import TIES

Array = npt.NDArray[Any]


FADING = 4096
"""Weeks after which what fades has gone, at any half-life allowed: a millionth is left."""

TRUST_MOVED = 0
CASES = 1


def fading(parameters: Parameters) -> Array:
    """Return what is left of what moved trust, and of a case, by age in weeks: (2, FADING).

    Looked up, since it is asked for of everybody who hears or is asked something.
    """
    return _fading(parameters.trust_half_life, parameters.case_half_life)


@cache
def _fading(*lives: float) -> Array:
    # Kept, because every branch of a world asks for it anew, and it takes as long as years of one.
    return np.array([[beliefs.left(age, life) for age in range(FADING)] for life in lives])


@inlined
def left_of(w, i, what):
    """Return how much is left of what resident `i` learned until it was last touched.

    Args:
        w: The week.
        i: The resident.
        what: TRUST_MOVED or CASES.
    """
    return w.fading[what, min(w.now - w.state.residents[i].touched, FADING - 1)]


@inlined
def stake_of(w, i):
    """Return resident `i`'s stake: whose deportation it would be, 0..1."""
    r = w.state.residents[i]
    return reporting.stake(w.p, r.concern, r.tied, r.status)


@inlined
def attention_of(w, i):
    """Return how far resident `i` attends to news of deportations, 0..1."""
    return beliefs.attention(w.p, stake_of(w, i), rows.group(w.state, i).ethnic_stake)


@inlined
def surprise_of(w, i):
    """Return how far the risk heard of where resident `i` lives is above what was expected."""
    if w.p.news == 0.0:
        return 0.0
    town = w.state.towns[rows.town_of(w.state, i)]
    return town.heard - town.expected_risk


@inlined
def trust_of(w, i):
    """Return resident `i`'s trust in local police, 0..1, without the mood of a single week."""
    return min(1.0, max(0.0, uncut_trust(w, i)))


@inlined
def trust_now(w, i):
    """Return resident `i`'s trust as it decides things this week, 0..1: in the week's mood."""
    mood = beliefs.mood(w.p, w.seed, w.now, i, w.state.residents[i].generation)
    return min(1.0, max(0.0, uncut_trust(w, i) + mood))


@inlined
def uncut_trust(w, i):
    """Return resident `i`'s trust before it is cut to 0..1."""
    r = w.state.residents[i]
    lately = r.lately * left_of(w, i, TRUST_MOVED)
    surprise = surprise_of(w, i)
    attends = attention_of(w, i) if surprise != 0.0 else 0.0
    reached = w.state.towns[r.town].reached if beliefs.is_reached(r.status, r.concern) else 0.0
    mean = rows.weights_of(w.state, i).trust
    return beliefs.trust(w.p, mean, r.lasting, lately, surprise, attends, reached)


@inlined
def told_cases(w, i):
    """Return how many bad cases, and how many in all, standing risk and news count for `i`."""
    r = w.state.residents[i]
    weight = rows.weights_of(w.state, i).standing
    standing, firm = beliefs.standing_risk(w.p, r.status, weight)
    bad, every = firm * standing, firm
    surprise = surprise_of(w, i)
    if surprise != 0.0:
        attends = attention_of(w, i) * beliefs.likeness(w.p, weight)
        cases = attends * beliefs.news(w.p, w.levers[r.town].publicity, surprise)
        bad += max(0.0, cases)
        every += abs(cases)
    return bad, every


@inlined
def risk_of(w, i):
    """Return the risk resident `i` sees in contact with local police, 0..1."""
    r = w.state.residents[i]
    left = left_of(w, i, CASES)
    bad, every = told_cases(w, i)
    # Each by itself: columns of 32 bits added to each other would be rounded, where compiled.
    known_bad, known_calm = r.bad * left, r.calm * left
    return (bad + known_bad) / (every + known_bad + known_calm)


@inlined
def learn(w, i, fades, stays, bad, calm):
    """Move what resident `i` believes; nothing is learned in a place that nobody lives in.

    Args:
        w: The week.
        i: The resident.
        fades: What trust is moved by that fades.
        stays: What it is moved by for good.
        bad: Cases that ended in a deportation.
        calm: Cases that ended quietly.
    """
    if not rows.in_place(w.state, i):
        return
    r = w.state.residents[i]
    left = left_of(w, i, CASES)
    r.lately = r.lately * left_of(w, i, TRUST_MOVED) + fades
    r.lasting += stays
    r.bad = r.bad * left + bad
    r.calm = r.calm * left + calm
    r.touched = w.now


@inlined
def believe(w, i, trust, risk):
    """Make trust and perceived risk of resident `i` what is given, 0..1, by cases and for good.

    A certain risk, or none, would take cases without number: it comes as near as columns hold.
    """
    learn(w, i, 0.0, 0.0, 0.0, 0.0)
    r = w.state.residents[i]
    r.lasting += trust - uncut_trust(w, i)
    bad, every = told_cases(w, i)
    r.bad = max(0.0, (risk * every - bad) / max(1e-9, 1.0 - risk))
    r.calm = max(0.0, bad / max(1e-9, risk) - every)


@inlined
def begin_anew(s, p, seed, week, i):
    """Give resident `i`, who is new, the beliefs that such people come with."""
    r = s.residents[i]
    own = beliefs.own_trust(seed, i, r.generation)
    home, place = beliefs.home_trust(seed, i - r.member), beliefs.place_trust(seed, r.neighborhood)
    begin_with(s, p, week, i, beliefs.lasting_trust(p, own, home, place))


@inlined
def begin_with(s, p, week, i, lasting):
    """Give resident `i`, who is new, beliefs with this lasting part of trust."""
    r = s.residents[i]
    town = s.towns[r.town]
    r.lasting = lasting
    r.lately = 0.0
    r.bad = 0.0
    contacts = p.stop_rate / 52.0 + town.expected / (town.end - town.start)
    r.calm = beliefs.usual_calm(p, contacts, r.household, TIES)
    r.touched = week
