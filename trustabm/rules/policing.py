"""Phases 5 and 6: hours, clearance, booking, jail."""

from __future__ import annotations

import math

from trustabm.rules.codes import (
    ASK_ARREST,
    ASK_BOOKING,
    DOMESTIC,
    LAWFUL,
    PROPERTY,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    UNDOCUMENTED,
)
from trustabm.rules.compiling import compiled
from trustabm.rules.reporting import witness_there

WORKLOAD_LEAST = 0.1
"""Keeps effort finite where a small sample has had no case for long."""


@compiled
def case_hours(p, kind):
    """Return the officer hours that a reported crime takes."""
    return p.case_hours_property if kind == PROPERTY else p.case_hours_violent


@compiled
def free_share(p, levers, away_hours, hours):
    """Return the share of officers' hours that immigration work and outreach leave.

    Args:
        p: Parameters.
        levers: Levers in force; deputized officers give part of their time, outreach takes some.
        away_hours: Running mean of hours a week on screening, holds and hand-overs.
        hours: Officer hours a week.
    """
    if p.diversion == 0.0:
        return 1.0
    away = levers.deputized_share * p.deputized_time + away_hours / hours
    away += levers.outreach * p.outreach_hours
    return 1.0 - min(p.away_most, away)


@compiled
def usual_clearance(p, kind):
    """Return the share of reported crimes of this kind cleared at the usual workload."""
    if kind == PROPERTY:
        return p.clear_property
    return p.clear_domestic if kind == DOMESTIC else p.clear_violent


@compiled
def clearance_chance(p, kind, free, workload, witnesses):
    """Return the chance that a reported crime is cleared by an arrest.

    Cook et al. 2019 (Criminology & Public Policy 18:525): effort clears cases.

    Args:
        p: Parameters.
        kind: VIOLENT, PROPERTY or DOMESTIC.
        free: Share of officers' hours that immigration work and outreach leave.
        workload: Case hours a week over the usual.
        witnesses: How many speak to the police besides the victim.
    """
    base = usual_clearance(p, kind)
    effort = free / max(workload, WORKLOAD_LEAST)
    effort = min(p.effort_most, max(p.effort_least, effort))
    chance = min(p.clearance_most, base * effort**p.workload_elasticity)
    odds = math.log(chance / (1.0 - chance))
    # The base is an average over cases with and without a witness who comes forward.
    odds -= witness_there(p, kind) * p.witness_report * math.log(p.witness_clearance)
    odds += witnesses * math.log(p.witness_clearance)
    return 1.0 / (1.0 + math.exp(-odds))


@compiled
def charge(p, kind, u):
    """Return what a cleared crime is charged as, from one uniform."""
    if kind == PROPERTY:
        return RECORD_FELONY if u < p.charge_property else RECORD_MISDEMEANOR
    return RECORD_VIOLENT if u < p.charge_violent else RECORD_MISDEMEANOR


@compiled
def stop_charge(p, arrested, conduct, u_arrest, u):
    """Return what an arrest at a stop is charged as.

    Args:
        p: Parameters.
        arrested: Whether there was an offence; a person held for status alone is charged with
            nothing (being present without status is no crime, Arizona v. United States).
        conduct: The chance of an arrest for conduct.
        u_arrest: The draw that decided on the arrest: below `conduct` it was for conduct, else
            for driving without a licence, or in place of a citation.
        u: The draw of the charge.
    """
    if not arrested:
        return RECORD_NONE
    return RECORD_FELONY if u_arrest < conduct and u < p.charge_stop else RECORD_MISDEMEANOR


@compiled
def screened(levers):
    """Return how often the status of somebody booked is looked into, one way or another."""
    asked = 1.0 if levers.ask_status >= ASK_BOOKING else 0.0
    return 1.0 - (1.0 - levers.fingerprint_sharing) * (1.0 - levers.jail_screening) * (1.0 - asked)


@compiled
def fingerprints_match(p, levers, u_sent, u_known):
    """Return whether fingerprints are sent to DHS and lead there (Secure Communities)."""
    return u_sent < levers.fingerprint_sharing and u_known < p.fingerprint_match


@compiled
def screening_finds(p, levers, status, u_held, u_found):
    """Return whether a screening interview in the jail is held and finds status (287(g) jail)."""
    return (
        u_held < levers.jail_screening
        and u_found < p.screening_identifies
        and status in (UNDOCUMENTED, LAWFUL)
    )


@compiled
def identified_chance(p, levers, status):
    """Return the chance that fingerprints, a screening interview or a question finds status."""
    missed = 1.0 - levers.fingerprint_sharing * p.fingerprint_match
    if status in (UNDOCUMENTED, LAWFUL):
        missed *= 1.0 - levers.jail_screening * p.screening_identifies
    if levers.ask_status >= ASK_BOOKING:
        missed *= 1.0 - p.ask_identifies
    if levers.ask_status >= ASK_ARREST:
        missed *= 1.0 - p.ask_identifies
    return 1.0 - missed


@compiled
def question_finds(p, levers, u_booking, u_arrest):
    """Return whether being asked at arrest or booking establishes that status is lacking."""
    at_booking = levers.ask_status >= ASK_BOOKING and u_booking < p.ask_identifies
    at_arrest = levers.ask_status >= ASK_ARREST and u_arrest < p.ask_identifies
    return at_booking or at_arrest
