"""Phase 9: who leaves, who comes."""

from __future__ import annotations

import math

from trustabm.rules.codes import (
    ARRIVED,
    BORN,
    FREE,
    LAWFUL,
    MOVED,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    REGISTERED,
    REMOVED,
    UNDOCUMENTED,
    US_BORN,
)
from trustabm.rules.compiling import inlined
from trustabm.rules.contact import cause
from trustabm.rules.luck import log_of_rest

TURNOVER_BOUND = 0.012
"""Weekly chance of being a candidate for turnover; above any hazard that the bounds allow."""


@inlined
def turnover_hazard(p, custody):
    """Return the weekly chance that a place changes hands, or that an empty one is taken."""
    if custody == FREE:
        return p.turnover / 52.0
    return p.refill / 52.0 if custody == REMOVED else 0.0


@inlined
def offending_by_status(p, status):
    """Return offending by status, relative to the US-born.

    Light, He & Robey 2020, doi:10.1073/pnas.2014704117.
    """
    if status == UNDOCUMENTED:
        return p.offending_undocumented
    return 1.0 if status == US_BORN else p.offending_lawful


@inlined
def first_record(p, federal, u):
    """Return the record with which a newcomer who offends comes, from federal prison or not."""
    if federal:
        return RECORD_VIOLENT if u < p.federal_violent else RECORD_FELONY
    if u < p.record_violent:
        return RECORD_VIOLENT
    if u < p.record_violent + p.record_felony:
        return RECORD_FELONY
    if u < p.record_violent + p.record_felony + p.record_misdemeanor:
        return RECORD_MISDEMEANOR
    return RECORD_NONE


@inlined
def first_stay(p, u):
    """Return years that a resident of the start has lived in town, from one uniform.

    The law that turnover keeps: places change hands at one rate, so stays are exponential.
    """
    if p.turnover <= 0.0:
        return u * p.longest_stay
    return min(p.longest_stay, -log_of_rest(u) / p.turnover)


@inlined
def record_at_start(p, came_with, offending, status, weight, stay, u):
    """Return the record of a resident of the start: what they came with, and convictions since.

    The law that arrests keep, so that records do not pile up from a start without a past.

    Args:
        p: Parameters.
        came_with: The record they came with.
        offending: Offending relative to the average resident.
        status: The resident's status; who is undocumented could have no licence in those years.
        weight: How far officers' bias is held against the resident's ethnic group: 1 if Latino.
        stay: Years in town.
        u: One uniform.
    """
    convictions = p.past_arrests * p.conviction * offending * stay
    minor = 0.0
    if status == UNDOCUMENTED:
        stops = p.stop_rate * cause(p, offending) * (1.0 + weight * p.profiling_bias)
        minor = stops * p.license_arrest * p.conviction * stay
    if u < 1.0 - math.exp(-convictions * p.past_violence):
        return RECORD_VIOLENT
    if u < 1.0 - math.exp(-convictions * p.past_felonies):
        return max(came_with, RECORD_FELONY)
    if u < 1.0 - math.exp(-convictions - minor):
        return max(came_with, RECORD_MISDEMEANOR)
    return came_with


@inlined
def found_before(p, status, record, u):
    """Return whether ICE found a resident of the start long ago, and somebody else has the place.

    Where nothing but its own search is in force it is for people with felonies, so that fewer of
    them are undocumented in the long run.
    """
    return status == UNDOCUMENTED and record >= RECORD_FELONY and u < p.past_removals


@inlined
def newcomer_status(status):
    """Return the status of who takes a place: the same, so that groups keep near their sizes."""
    return LAWFUL if status == REGISTERED else status


@inlined
def newcomer_years(p, status, u):
    """Return a newcomer's years in the country: 0, or evenly up to `newcomer_years`."""
    if status == US_BORN or u < p.just_arrived:
        return 0
    return int((u - p.just_arrived) / (1.0 - p.just_arrived) * p.newcomer_years)


@inlined
def newcomer_kind(p, status, years, u):
    """Return how a newcomer came: turned 12, moved in, or arrived from abroad."""
    if status == US_BORN:
        return BORN if u < p.birth_share else MOVED
    return ARRIVED if years == 0 else MOVED


@inlined
def from_federal_prison(p, status, u):
    """Return whether an undocumented newcomer comes from federal prison, a warrant outstanding."""
    return status == UNDOCUMENTED and u < p.federal_releases
