"""Phase 3: who offends, against whom, and what offenders learn."""

from __future__ import annotations

import math

from trustabm.rules.codes import (
    FREE,
    LAWFUL,
    RECORD_FELONY,
    UNDOCUMENTED,
)
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import log_of_rest

CRIME_BOUND = 0.06
"""Weekly chance of being a candidate offender; above any hazard that the bounds allow often."""

ACT_BOUND = 2.0
"""Attempts drawn for every attempt at the reference, to be thinned by `target_chance`.

The highest `response_most` allowed, and not that number itself, so that offenders meet the same
people whatever it is.
"""


@inlined
def weight(p, u):
    """Return how much one who offends does, over the mean of an uncut exponential."""
    return min(-log_of_rest(u), p.offending_most)


@inlined
def mean_weight(p):
    """Return the mean of `weight`: of an exponential of mean 1 cut at `offending_most`."""
    return 1.0 - math.exp(-p.offending_most)


@inlined
def removable(status, record):
    """Return whether immigration law lets a person be removed.

    Undocumented residents are; lawfully present noncitizens are with a felony (8 U.S.C. §1227).
    """
    return status == UNDOCUMENTED or (status == LAWFUL and record >= RECORD_FELONY)


@inlined
def at_liberty(p, custody):
    """Return whether a resident can offend here: free, or incapacitation is switched off."""
    return custody == FREE or p.incapacitation == 0.0


@inlined
def offence_hazard(p, attempts, offending, can_be_removed, risk):
    """Return a resident's weekly chance of attempting a crime.

    Removable offenders may hold back for fear of removal; Hines & Peri 2019 find no sign of it,
    so the weight is small and its range includes zero.

    Args:
        p: Parameters.
        attempts: Attempts a week by a resident of offending 1 in this town.
        offending: Offending relative to the average resident.
        can_be_removed: Whether the law lets this resident be removed.
        risk: The resident's perceived risk, 0..1.
    """
    hazard = attempts * offending
    if can_be_removed and p.deterrence != 0.0:
        hazard *= 1.0 - p.removal_deterrence * risk
    return hazard


@inlined
def target_chance(p, reports, cleared, usual_reports, usual_cleared):
    """Return how far offenders act on an opportunity, 1 at the reference.

    What deters is the chance of being caught as offenders believe it for this kind of victim
    here: how often such victims call, times how often police solve what they are called to. The
    response is linear with the elasticity at the reference, so that noise in what they believe
    does not raise crime (Gonçalves, Jácome & Weisburst, doi:10.1257/aer.20250305).
    """
    if p.offender_response == 0.0:
        return 1.0
    caught = (reports * cleared) / (usual_reports * usual_cleared)
    return min(p.response_most, max(0.0, 1.0 - p.deterrence_elasticity * (caught - 1.0)))


@inlined
def learned(p, belief, seen, happened, expected):
    """Return what offenders believe after a week of crimes.

    They learn from how likely each crime was to be reported (or cleared), not from whether it
    was: the residents simulated stand for many more, of whom offenders hear too. Learning from
    the few crimes of a sample would make them shun what went badly by chance (the hot-stove
    effect, Denrell & March 2001, doi:10.1287/orsc.12.5.523.10092) and make crime depend on the
    size of the sample.

    Args:
        p: Parameters.
        belief: Share they believed.
        seen: Crimes this week.
        happened: Sum of their chances of being reported (or cleared).
        expected: Crimes in a usual week; one crime weighs learning_rate / expected, at
            most `learning_most`.
    """
    each = min(p.learning_most, p.learning_rate / max(expected, 1e-9))
    total = min(1.0, each * seen)
    return belief if seen == 0 else belief + total * (happened / seen - belief)
