"""Phase 4: who calls the police, and whose deportation is at stake when they do."""

from __future__ import annotations

import math

from trustabm.rules.codes import (
    DOMESTIC,
    HOUSEHOLD,
    LAWFUL,
    PROPERTY,
    SELF,
    UNDOCUMENTED,
)
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import SENSITIVITY, normal


@inlined
def stake(p, concern, tied, status):
    """Return whose deportation it would be, 0..1: 1 for oneself, less for others.

    A household member counts once, and every undocumented friend adds to it.

    Args:
        p: Parameters.
        concern: The nearest undocumented person: SELF, HOUSEHOLD, TIE or NOBODY.
        tied: Undocumented people among the ties.
        status: The resident's own status; a lawfully present noncitizen has a little at stake.
    """
    if concern == SELF:
        return 1.0
    value = stake_in_others(p, concern == HOUSEHOLD, tied)
    return max(value, p.stake_lawful) if status == LAWFUL else value


@inlined
def stake_in_others(p, housed, tied):
    """Return the stake in undocumented household members and friends.

    Args:
        p: Parameters.
        housed: Whether one lives in the household.
        tied: How many are among the ties.
    """
    spared = 1.0 - p.stake_household if housed else 1.0
    for _ in range(tied):
        spared *= 1.0 - p.stake_tie
    return 1.0 - spared


@inlined
def sensitivity(p, seed, resident, generation):
    """Return how heavily risk weighs for this resident: log-normal, 1 on average, for life."""
    s = p.fear_spread
    return math.exp(s * normal(seed, 0, SENSITIVITY, resident, generation) - 0.5 * s * s)


@inlined
def fear(p, levers, risk, at_stake, sense, asks):
    """Return the log odds that fear takes from the decision to call.

    Perceived risk, raised to a power, times stake; being asked for certain adds to the risk, and
    a firewall that is believed takes from the fear.

    Args:
        p: Parameters.
        levers: Levers in force.
        risk: Perceived risk, 0..1.
        at_stake: Stake, 0..1.
        sense: How heavily risk weighs for this resident, 1 on average.
        asks: How often people in this position are asked about status.
    """
    if p.fear == 0.0:
        return 0.0
    seen = 1.0 - (1.0 - risk) * (1.0 - p.asking_fear * asks)
    kept = 1.0 - p.firewall_credibility * levers.firewall
    return p.fear_weight * kept * sense * at_stake * (seen / p.fear_at) ** p.fear_power


@inlined
def asking_bites(p, concern):
    """Return how far being asked about one's own status adds to the risk that is seen, 0..1.

    In full for those who lack it, in part for their households; others have nothing to hide.

    Args:
        p: Parameters.
        concern: The nearest undocumented person: SELF, HOUSEHOLD, TIE or NOBODY.
    """
    if concern == SELF:
        return 1.0
    return p.stake_household if concern == HOUSEHOLD else 0.0


@inlined
def domestic_fear(p, feared, by_undocumented):
    """Return the log odds that fear takes from the decision to report domestic violence.

    Fear keeps fewer from calling where they live with the danger: when raids began in Los Angeles
    in 2025, calls about domestic violence fell by a quarter of what all calls did. But where the
    offender is undocumented the call may end in a deportation in the household, and it weighs in
    full: that the victim and the offender live together is in the stake already.

    Args:
        p: Parameters.
        feared: What fear takes from the decision to report any other crime.
        by_undocumented: Whether the offender is undocumented.
    """
    return feared if by_undocumented else p.fear_domestic * feared


@inlined
def trust_odds(p, trust):
    """Return the log odds that trust adds to cooperation, 0 at the nation's mean.

    Sunshine & Tyler 2003 (legitimacy predicts cooperation) against Fustos 2022 (41 studies do not
    agree): the slope may be 0.
    """
    return 0.0 if p.trust == 0.0 else p.trust_weight * (trust - p.trust_nation)


@inlined
def silenced(p, feared):
    """Return whether fear is beyond what somebody bears, where it is no weight but a threshold.

    A threshold model (Granovetter 1978, doi:10.1086/226707): people differ in how much risk they
    bear, for life, by one over how heavily it weighs for them. So the threshold is at 1 for all.

    Args:
        p: Parameters.
        feared: Fear; were it weighed, in log odds.
    """
    return p.by_threshold != 0.0 and feared > 1.0


@inlined
def weighed(p, feared):
    """Return what fear takes from the log odds of whoever it does not silence."""
    return feared if p.by_threshold == 0.0 else 0.0


@inlined
def usual_reporting(p, kind):
    """Return how often a crime of this kind is reported without fear and with average trust."""
    if kind == PROPERTY:
        return p.report_property
    return p.report_domestic if kind == DOMESTIC else p.report_violent


@inlined
def report_chance(p, levers, kind, trust, feared, status, readiness):
    """Return the chance that a victim reports a crime to the police: a logit, or 0 if silenced.

    Args:
        p: Parameters.
        levers: Levers in force.
        kind: VIOLENT, PROPERTY or DOMESTIC.
        trust: Trust in local police, 0..1.
        feared: What fear takes, in log odds.
        status: The victim's status; a U visa is open to undocumented victims of violence.
        readiness: How far Latino victims' readiness is the ethnic group's: 1 if Latino.
    """
    if silenced(p, feared):
        return 0.0
    base = usual_reporting(p, kind)
    odds = math.log(base / (1.0 - base)) + trust_odds(p, trust) - weighed(p, feared)
    odds += readiness * p.report_latino
    if status == UNDOCUMENTED and kind != PROPERTY:
        odds += p.u_visa_weight * levers.u_visa
    return 1.0 / (1.0 + math.exp(-odds))


@inlined
def with_experimental_factor(p, chance, is_subject):
    """Return a victim's chance to report times an experiment's factor, which is 1 by default.

    Args:
        p: Parameters.
        chance: The chance that the model gives.
        is_subject: Whether the victim is of the group that the experiment is on: Latino residents.
    """
    return min(1.0, chance * p.latino_reporting) if is_subject else chance


@inlined
def witness_there(p, kind):
    """Return the chance that somebody from the neighborhood saw the crime."""
    if kind == DOMESTIC:
        return 0.0
    return p.witness_share / p.property_witness if kind == PROPERTY else p.witness_share


@inlined
def come_forward_chance(p, trust, feared):
    """Return the chance that a witness comes forward: as a victim's, with more fear in it.

    Wong et al. 2019: 60.8% of undocumented respondents less likely as a witness, 42.9% as a
    victim.
    """
    more = p.witness_fear * feared
    if silenced(p, more):
        return 0.0
    base = p.witness_report
    odds = math.log(base / (1.0 - base)) + trust_odds(p, trust) - weighed(p, more)
    return 1.0 / (1.0 + math.exp(-odds))
