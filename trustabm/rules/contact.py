"""Phase 2: who is stopped, how it goes, how it ends."""

from __future__ import annotations

import math

from trustabm.rules.codes import ASK_STOP, RECORD_NONE, UNDOCUMENTED
from trustabm.rules.compiling import inlined
from trustabm.rules.policing import screened

STOP_BOUND = 0.02
"""Weekly chance of being a candidate for a stop; above any hazard that the bounds allow often."""


@inlined
def deputized(levers, rank):
    """Return whether an officer of this rank in the queue for 287(g) training is deputized."""
    return rank < levers.deputized_share


@inlined
def trained(levers, school):
    """Return whether an officer is trained in procedural justice."""
    return school < levers.officer_training


@inlined
def patrols(p, free_hours):
    """Return stops over the usual where this share of officers' hours is left for patrol."""
    return free_hours**p.patrol_elasticity


@inlined
def cause(p, offending):
    """Return stops over the usual that a resident's conduct gives cause for."""
    return 1.0 - p.stop_offender_weight + p.stop_offender_weight * offending


@inlined
def stop_hazard(p, levers, patrol, patrols, offending, weight, bias, is_trained):
    """Return a resident's weekly chance of being stopped.

    Stops follow patrol intensity and conduct; officers stop an ethnic group more by their bias as
    far as it is held against the group, and more again where they are to ask about status and are
    not trained (Alamance County, MacDonald in United States v. Johnson).

    Args:
        p: Parameters.
        levers: Levers in force.
        patrol: The neighborhood's patrol intensity, 1 on average.
        patrols: Stops over the usual that officers' hours allow.
        offending: Offending relative to the average resident.
        weight: How far the bias is held against the resident's ethnic group: 1 if Latino.
        bias: The officer's excess share of stops of Latino residents.
        is_trained: Whether the officer is trained.
    """
    hazard = p.stop_rate / 52.0 * patrol * cause(p, offending) * patrols
    hazard *= 1.0 + weight * bias
    if levers.ask_status == ASK_STOP and not is_trained:
        hazard *= 1.0 + weight * p.pretext_stops * levers.deputized_share
    return hazard


@inlined
def badly_chance(p, justice, is_trained, weight):
    """Return the chance that a stop is handled badly in the eyes of the person stopped.

    Training multiplies the odds of a good contact (Mazerolle et al. 2013,
    doi:10.1007/s11292-013-9175-2). Of an ethnic group they go badly more often by its weight.
    """
    odds = math.log(p.bad_contact / (1.0 - p.bad_contact)) - justice
    if is_trained:
        odds -= math.log(p.justice_odds)
    odds += weight * p.bad_contact_bias
    return 1.0 / (1.0 + math.exp(-odds))


@inlined
def asked_at_stop(p, levers, weight, is_trained):
    """Return the chance that the officer asks about status at a stop.

    Where policy says so everybody is asked; elsewhere some officers ask Latino residents, and
    others by their ethnic group's weight, of their own accord. Who is trained, and so taught when
    not to ask, does not. A firewall is a promise to victims and witnesses: it does not bind patrol.
    """
    if levers.ask_status == ASK_STOP:
        return 1.0
    return 0.0 if is_trained else weight * p.informal_asking


@inlined
def arrested_for_status(p, levers, is_deputized):
    """Return the chance that a person found undocumented at a stop is arrested for it.

    A deputized officer may (INA §287(g)); another can only call ICE and wait, where policy has
    them ask at all.
    """
    if is_deputized:
        return 1.0
    return p.referral_arrest if levers.ask_status == ASK_STOP else 0.0


@inlined
def conduct_chance(p, offending):
    """Return the chance that a stop ends in an arrest for what the person did."""
    return min(p.conduct_most, p.stop_arrest * offending)


@inlined
def arrests_instead(p, levers, weight, bias, is_trained):
    """Return the share of citations in place of which an officer makes an arrest.

    Where bookings are screened and the jail hands over people without a record, an arrest for a
    trifle is a way to a deportation: once ICE screened the jail of Irving, Texas, round the clock,
    arrests of Hispanic residents for minor offences rose by 150% (Gardner & Kohli 2009). Officers
    differ in it as they do in bias; who is trained makes no such arrests.

    Args:
        p: Parameters.
        levers: Levers in force.
        weight: How far the bias is held against the resident's ethnic group: 1 if Latino.
        bias: The officer's excess share of stops of Latino residents.
        is_trained: Whether the officer is trained.
    """
    if p.incentive == 0.0 or is_trained or weight == 0.0 or p.profiling_bias == 0.0:
        return 0.0
    leads_to_ice = screened(levers) * levers.honor[RECORD_NONE]
    return min(1.0, weight * p.screening_incentive * leads_to_ice * bias / p.profiling_bias)


@inlined
def stop_arrest_chance(p, levers, offending, status):
    """Return the chance that a stop ends in an arrest for an offence.

    Conduct, and for undocumented residents the licence offence where the law lets them have none
    (Capps et al. 2011).
    """
    conduct = conduct_chance(p, offending)
    if status == UNDOCUMENTED:
        return 1.0 - (1.0 - conduct) * (1.0 - p.license_arrest * (1.0 - levers.license_access))
    return conduct
