"""Phase 7: priorities, requests, custody, removal, at-large arrests."""

from __future__ import annotations

import math

from trustabm.rules.codes import (
    ASK_ARREST,
    ASK_BOOKING,
    ASK_STOP,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
)
from trustabm.rules.compiling import compiled

AT_LARGE_BOUND = 0.02
"""Weekly chance of being a candidate for an at-large arrest."""

RAID_BOUND = 0.1
"""Weekly chance of being a candidate for an arrest in a raid."""

LEGAL_BOUND = 0.08
"""Weekly chance of being a candidate to come forward for legalization."""


@compiled
def applied_priority(chance, discretion):
    """Return the priority as one ICE agent applies it: log odds moved by discretion."""
    if chance <= 0.0 or chance >= 1.0:
        return chance
    return 1.0 / (1.0 + math.exp(-math.log(chance / (1.0 - chance)) - discretion))


@compiled
def honor(p, levers, record):
    """Return how likely the jail is to do what it is asked for a person with this record.

    Policy decides, and some staff help ICE where it says no (street-level discretion, Lipsky 1980).
    """
    by_policy = levers.honor[record]
    return by_policy + (1.0 - by_policy) * p.jail_discretion


@compiled
def warrant_chance(p, record):
    """Return the chance that ICE holds a judge's warrant for a person with this record."""
    return p.warrant_violent if record == RECORD_VIOLENT else p.warrant_other


@compiled
def warrant_shown(p, levers, record, u_demanded, u_held):
    """Return whether the jail asks for a judge's warrant and ICE has one."""
    return u_demanded < levers.judicial_warrant and u_held < warrant_chance(p, record)


@compiled
def jail_honors(p, levers, record, u_demanded, u_held, u_honored):
    """Return whether the jail does what it is asked: with a warrant where it asks for one.

    Args:
        p: Parameters.
        levers: Levers in force.
        record: The person's record, as the request has it.
        u_demanded: The draw that decides whether a warrant is asked for.
        u_held: The draw that decides whether ICE has one.
        u_honored: The draw that decides on the request.
    """
    if u_demanded < levers.judicial_warrant and u_held >= warrant_chance(p, record):
        return False
    return u_honored < honor(p, levers, record)


@compiled
def honors_chance(p, levers, record):
    """Return the chance that `jail_honors` comes out true."""
    held = 1.0 - levers.judicial_warrant * (1.0 - warrant_chance(p, record))
    return held * honor(p, levers, record)


@compiled
def follow_chance(p, notification):
    """Return the chance that ICE takes custody where the jail did what it was asked.

    TRAC 2016: custody followed fewer than 40% of requests although 2% were recorded as refused.
    """
    return p.custody_follows * (p.notification_pickup if notification else 1.0)


@compiled
def taken_chance(p, levers, record):
    """Return the chance that ICE takes custody of a person it asks a jail for."""
    told = levers.notification_share
    follows = told * follow_chance(p, True) + (1.0 - told) * follow_chance(p, False)
    return honors_chance(p, levers, record) * follows


@compiled
def hold_hours(p, notification, warrant, followed):
    """Return hours held past release without probable cause found by a judge.

    A detainer holds up to the limit of 8 CFR §287.7(d), part of it where ICE comes; a
    notification request or a judge's warrant means no such hold.
    """
    if notification or warrant:
        return 0.0
    return p.hold_limit * (p.hold_followed if followed else 1.0)


@compiled
def operations(p, levers, hours):
    """Return how many at-large arrests hours of ICE allow, with the work on others met there.

    Args:
        p: Parameters.
        levers: Levers in force.
        hours: Hours of all agents, whatever they are for.
    """
    met = levers.collateral * p.collateral_met
    return hours * levers.at_large_share / (p.at_large_hours + met * p.custody_hours)


@compiled
def target_weight(p, chance, wanted):
    """Return how much an agent seeks a person at large.

    Args:
        p: Parameters.
        chance: The priority as this agent applies it.
        wanted: Whether a request for this person was refused.
    """
    return chance * (p.refused_rearrest if wanted else 1.0)


@compiled
def at_large_hazard(operations, weight, weights):
    """Return a person's weekly chance of an at-large arrest: their share of the operations."""
    return 0.0 if weights <= 0.0 else operations * weight / weights


@compiled
def raid_hazard(levers, record, priority):
    """Return the weekly chance that a person at large is arrested in a town's raids.

    Agents sent from elsewhere know nobody there: they seek by the priorities in force alone.

    Args:
        levers: Levers in force.
        record: The person's record.
        priority: The mean priority of the undocumented residents at large in the town.
    """
    if priority <= 0.0:
        return 0.0
    return min(RAID_BOUND, levers.raids / 1000.0 * levers.priority[record] / priority)


@compiled
def collateral_chance(p, levers, near):
    """Return the chance that an undocumented person near an at-large arrest is arrested too.

    Args:
        p: Parameters.
        levers: Levers in force.
        near: How many such people are near; about `collateral_met` of them are met.
    """
    return levers.collateral * min(1.0, p.collateral_met / near) if near > 0 else 0.0


@compiled
def federal_risk(p, levers, visible):
    """Return the risk that the federal government means by itself, as news of it tells it.

    What is announced is believed in part; what is seen, arrests at large, means as much as those
    without a serious record are sought there, the more there are.

    Args:
        p: Parameters.
        levers: Levers in force.
        visible: At-large arrests a week per 1,000 undocumented residents of the town.
    """
    some, none = p.news_misdemeanor, 1.0 - p.news_misdemeanor
    sought = none * levers.priority[RECORD_NONE] + some * levers.priority[RECORD_MISDEMEANOR]
    seen = sought * (1.0 - 0.5 ** (visible / p.visible_half))
    told = levers.announced_reach * p.announced_weight
    return p.federal_news * (1.0 - (1.0 - told) * (1.0 - seen))


@compiled
def legal_hazard(p, levers, record, years, u):
    """Return an undocumented resident's weekly chance of coming forward for legalization.

    Those long enough in the country and without a felony are eligible (IRCA §245A; S.744). A
    share of them ever comes forward, most of that share within the application window. A household
    decides together.

    Args:
        p: Parameters.
        levers: Levers in force.
        record: The resident's record.
        years: Whole years in the country.
        u: The household's draw, for good: willing where below the uptake.
    """
    if (
        u >= levers.legalization_uptake
        or record >= RECORD_FELONY
        or years < levers.legalization_years
    ):
        return 0.0
    return min(LEGAL_BOUND, p.application_rate / p.application_weeks)


@compiled
def rules_risk(p, levers):
    """Return the risk that the rules in force mean, as far as their work is seen.

    The chance that an undocumented resident without a serious record whom local police take in,
    or stop, is handed to ICE: identified, requested and handed over, each way of being identified
    as public as such work is. What is possible, not what is usual: fear does not follow the volume
    of deportations closely.
    """
    asks = 0.0
    if levers.ask_status >= ASK_ARREST:
        asks = p.publicity_street * (1.0 - (1.0 - p.ask_identifies) ** 2)
    elif levers.ask_status == ASK_BOOKING:
        asks = p.publicity_jail * p.ask_identifies
    identified = 1.0 - (
        (1.0 - p.publicity_federal * levers.fingerprint_sharing * p.fingerprint_match)
        * (1.0 - p.publicity_jail * levers.jail_screening * p.screening_identifies)
        * (1.0 - asks)
    )
    some, none = p.news_misdemeanor, 1.0 - p.news_misdemeanor
    requested = none * levers.priority[RECORD_NONE] + some * levers.priority[RECORD_MISDEMEANOR]
    honored = none * levers.honor[RECORD_NONE] + some * levers.honor[RECORD_MISDEMEANOR]
    honored *= 1.0 - levers.judicial_warrant * (1.0 - p.warrant_other)
    honored *= 1.0 - levers.notification_share * (1.0 - p.notification_pickup)
    taken_in = identified * requested * honored
    stopped = 0.0
    if levers.ask_status == ASK_STOP:
        by = levers.deputized_share + (1.0 - levers.deputized_share) * p.referral_arrest
        stopped = p.publicity_street * p.ask_identifies * by * requested * honored
    return 1.0 - (1.0 - taken_in) * (1.0 - stopped)
