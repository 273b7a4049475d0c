"""Phase 9: who leaves, who comes."""

from __future__ import annotations

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
from trustabm.rules.compiling import compiled

TURNOVER_BOUND = 0.012
"""Weekly chance of being a candidate for turnover; above any hazard that the bounds allow."""


@compiled
def turnover_hazard(p, custody):
    """Return the weekly chance that a place changes hands, or that an empty one is taken."""
    if custody == FREE:
        return p.turnover / 52.0
    return p.refill / 52.0 if custody == REMOVED else 0.0


@compiled
def offending_by_status(p, status):
    """Return offending by status, relative to the US-born.

    Light, He & Robey 2020, doi:10.1073/pnas.2014704117.
    """
    if status == UNDOCUMENTED:
        return p.offending_undocumented
    return 1.0 if status == US_BORN else p.offending_lawful


@compiled
def first_record(p, u):
    """Return the record with which a resident who offends comes into the model."""
    if u < p.record_violent:
        return RECORD_VIOLENT
    if u < p.record_violent + p.record_felony:
        return RECORD_FELONY
    if u < p.record_violent + p.record_felony + p.record_misdemeanor:
        return RECORD_MISDEMEANOR
    return RECORD_NONE


@compiled
def first_years(p, status, u):
    """Return whole years in the country at the start; 0 for the US-born.

    Undocumented residents by the shares of Pew Hispanic Center 2011, evenly within each class and
    up to `undocumented_years`; others evenly from 1 to `immigrant_years`.
    """
    if status == US_BORN:
        return 0
    if status != UNDOCUMENTED:
        return 1 + int(p.immigrant_years * u)
    first = 15
    # The lower edges of the classes, 15, 10 and 5 years, are the survey's.
    longest = p.undocumented_years - 15.0
    for share, years in ((p.years_15_plus, longest), (p.years_10_14, 5.0), (p.years_5_9, 5.0)):
        if u < share:
            return first + int(years * u / share)
        u -= share
        first -= 5
    rest = max(1.0 - p.years_15_plus - p.years_10_14 - p.years_5_9, 1e-9)
    return min(4, int(5.0 * u / rest))


@compiled
def newcomer_status(status):
    """Return the status of who takes a place: the same, so that groups keep near their sizes."""
    return LAWFUL if status == REGISTERED else status


@compiled
def newcomer_years(p, status, u):
    """Return a newcomer's years in the country: 0, or evenly up to `newcomer_years`."""
    if status == US_BORN or u < p.just_arrived:
        return 0
    return int((u - p.just_arrived) / (1.0 - p.just_arrived) * p.newcomer_years)


@compiled
def newcomer_kind(p, status, years, u):
    """Return how a newcomer came: turned 12, moved in, or arrived from abroad."""
    if status == US_BORN:
        return BORN if u < p.birth_share else MOVED
    return ARRIVED if years == 0 else MOVED


@compiled
def from_federal_prison(p, status, u):
    """Return whether an undocumented newcomer comes from federal prison, a warrant outstanding."""
    return status == UNDOCUMENTED and u < p.federal_releases
