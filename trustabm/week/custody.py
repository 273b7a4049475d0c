"""Phases 6 and 7: what follows from an arrest, a request, and the end of a term."""

from __future__ import annotations

from trustabm.rules import (
    codes,
    crime,
    enforcement,
    luck,
    policing,
)
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.week import event_records


@compiled
def book(s, p, lv, t, tables, tally, i, charge, source, found):
    """Book resident `i`: what the federal government learns, conviction, and time inside.

    Args:
        s: State.
        p: Parameters.
        lv: Levers of every town.
        t: The week of the run, for tallies.
        tables: Event tables.
        tally: Weekly tallies.
        i: The resident arrested.
        charge: What the arrest is for.
        source: What it came from (codes.FROM_…).
        found: Whether status was established before the booking.
    """
    r = s.residents[i]
    if r.custody != codes.FREE:
        return
    seed, week = s.clock[0].seed, s.clock[0].week
    town = s.towns[rows.town_of(s, i)]
    law = event_records.levers_of(s, lv, i)
    count = event_records.cell(tally, t, s, i)
    count.arrests += 1.0
    if charge >= codes.RECORD_FELONY:
        count.arrests_felony += 1.0

    matched = found
    if not matched and crime.removable(r.status, r.record):
        matched = policing.fingerprints_match(
            p,
            law,
            uniform(seed, week, luck.FINGERPRINTS, i, source),
            uniform(seed, week, luck.IN_RECORDS, i, source),
        )
        if not matched:
            matched = policing.screening_finds(
                p,
                law,
                r.status,
                uniform(seed, week, luck.SCREENED, i, source),
                uniform(seed, week, luck.SCREEN_IDENTIFIED, i, source),
            )
        if not matched:
            matched = policing.question_finds(
                p,
                law,
                uniform(seed, week, luck.BOOKING_ASKED, i, source),
                uniform(seed, week, luck.ARREST_ASKED, i, source),
            )
    screening = law.jail_screening * p.screening_hours
    town.week_away_hours += screening

    convicted = (
        charge > codes.RECORD_NONE and uniform(seed, week, luck.CONVICTED, i, source) < p.conviction
    )
    felony = charge >= codes.RECORD_FELONY
    prison = felony and convicted and uniform(seed, week, luck.PRISON, i, source) < p.prison_share
    stay = p.jail_felony if felony else p.jail_minor
    if prison:
        weeks = 1 + luck.geometric(
            uniform(seed, week, luck.PRISON_WEEKS, i, source), p.prison_weeks
        )
    else:
        weeks = luck.geometric(uniform(seed, week, luck.JAIL_WEEKS, i, source), stay)
        count.jail_days += 7.0 * weeks + (p.booking_days if weeks == 0 else 0.0)

    k = journal.new_row(tables, journal.BOOKINGS)
    row = tables.bookings[k]
    row.week = week
    row.resident = i
    row.generation = rows.generation_of(s, i)
    row.weeks = weeks
    row.charge = charge
    row.record = r.record
    row.source = source
    row.matched = matched
    row.convicted = convicted
    row.prison = prison
    if matched:
        count.matches += 1.0
    if convicted:
        rows.set_record(s, i, charge)
    if weeks > 0:
        custody = codes.PRISON if prison else codes.JAIL
        rows.set_custody(s, i, custody, week + weeks, source)


@compiled
def pass_on(s, t, tables, tally, i, source):
    """Make it known to ICE that resident `i`, a victim or witness, is undocumented."""
    r = s.residents[i]
    if r.custody != codes.FREE:
        return
    k = journal.new_row(tables, journal.BOOKINGS)
    row = tables.bookings[k]
    row.week = s.clock[0].week
    row.resident = i
    row.generation = rows.generation_of(s, i)
    row.weeks = 0
    row.charge = codes.RECORD_NONE
    row.record = r.record
    row.source = source
    row.matched = 1
    row.convicted = 0
    row.prison = 0
    event_records.cell(tally, t, s, i).matches += 1.0


@compiled
def walked_in(source):
    """Return whether ICE knows of a person as a victim or witness, who was never jailed."""
    return source == codes.FROM_VICTIM or source == codes.FROM_WITNESS


@compiled
def beyond_request(s, i):
    """Return whether resident `i` is with ICE already, or promised to it."""
    custody = s.residents[i].custody
    return custody != codes.FREE and custody != codes.JAIL and custody != codes.PRISON


@compiled
def request(s, p, t, tables, tally, k, who, notification, warrant, honored, followed):
    """Write ICE's request about booking `k` and what the jail made of it.

    Args:
        s: State.
        p: Parameters.
        t: The week of the run, for tallies.
        tables: Event tables.
        tally: Weekly tallies.
        k: The booking.
        who: The ICE agent.
        notification: Whether it asks to be told rather than to hold.
        warrant: Whether the jail was shown a judge's warrant.
        honored: Whether the jail did what it was asked.
        followed: Whether ICE takes custody.
    """
    booking = tables.bookings[k]
    i = booking.resident
    hours = enforcement.hold_hours(p, notification, warrant, followed) if honored else 0.0
    n = journal.new_row(tables, journal.REQUESTS)
    row = tables.requests[n]
    row.week = s.clock[0].week
    row.resident = i
    row.generation = rows.generation_of(s, i)
    row.agent = who
    row.record = booking.record
    row.source = booking.source
    row.notification = notification
    row.warrant = warrant
    row.honored = honored
    row.followed = followed
    row.hold_hours = hours
    count = event_records.cell(tally, t, s, i)
    if notification:
        count.notifications += 1.0
    else:
        count.detainers += 1.0
    if booking.record == codes.RECORD_NONE:
        count.requests_none += 1.0
    elif booking.record == codes.RECORD_MISDEMEANOR:
        count.requests_misdemeanor += 1.0
    elif booking.record == codes.RECORD_FELONY:
        count.requests_felony += 1.0
    else:
        count.requests_violent += 1.0
    if not honored:
        count.declined += 1.0
        rows.set_wanted(s, i, 1)
        return
    count.honored += 1.0
    count.hold_hours += hours
    count.jail_days += hours / 24.0
    s.towns[rows.town_of(s, i)].week_away_hours += p.hold_hours
    if not followed:
        return
    r = s.residents[i]
    if r.custody == codes.FREE:
        take(s, p, t, tables, tally, i, int(booking.source), int(booking.record), -1)
    elif r.custody == codes.JAIL:
        rows.set_custody(s, i, codes.JAIL_HOLD, int(r.until), int(booking.source))
    elif r.custody == codes.PRISON:
        rows.set_custody(s, i, codes.PRISON_HOLD, int(r.until), int(booking.source))


@compiled
def take(s, p, t, tables, tally, i, source, record, met_with):
    """ICE takes resident `i` into custody, from police or at large."""
    seed, week = s.clock[0].seed, s.clock[0].week
    count = event_records.cell(tally, t, s, i)
    if source == codes.FROM_AT_LARGE:
        count.at_large += 1.0
    elif source == codes.FROM_COLLATERAL:
        count.collateral += 1.0
    elif source < codes.FROM_PRISON:
        count.transfers += 1.0
    k = journal.new_row(tables, journal.TRANSFERS)
    row = tables.transfers[k]
    row.week = week
    row.resident = i
    row.generation = rows.generation_of(s, i)
    row.met_with = met_with
    row.met_with_generation = rows.generation_of(s, met_with)
    row.source = source
    row.record = record
    stay = 1 + luck.geometric(uniform(seed, week, luck.ICE_WEEKS, i), p.custody_weeks - 1.0)
    rows.set_wanted(s, i, 0)
    rows.set_custody(s, i, codes.ICE, week + stay, source)


@compiled
def leave_ice(s, p, t, tables, tally, i):
    """Custody of ICE ends for resident `i`: removal, or release."""
    r = s.residents[i]
    seed, week = s.clock[0].seed, s.clock[0].week
    removed = (
        crime.removable(r.status, r.record)
        and uniform(seed, week, luck.REMOVED, i) < p.removal_given_custody
    )
    years = event_records.years_here(s, i)
    separated = 0
    if removed:
        first = i - r.member
        for j in range(first, first + r.household):
            if j != i and rows.in_place(s, j) and s.residents[j].status <= codes.NATURALIZED:
                separated += 1
    k = journal.new_row(tables, journal.DEPARTURES)
    row = tables.departures[k]
    row.week = week
    row.resident = i
    row.generation = rows.generation_of(s, i)
    row.years = years
    row.removed = removed
    row.source = r.cause
    row.record = r.record
    row.separated = separated
    if not removed:
        rows.set_custody(s, i, codes.FREE, 0, 0)
        return
    count = event_records.cell(tally, t, s, i)
    local = r.cause < codes.FROM_PRISON
    count.removals += 1.0
    count.separated += separated
    if local:
        count.local_removals += 1.0
    if r.record == codes.RECORD_NONE:
        count.removals_none += 1.0
        if local:
            count.local_removals_none += 1.0
    elif r.record == codes.RECORD_VIOLENT:
        count.removals_violent += 1.0
        if local:
            count.local_removals_violent += 1.0
    else:
        count.removals_other += 1.0
        if local:
            count.local_removals_other += 1.0
    if years < 5:
        count.removals_under_5 += 1.0
    elif years < 15:
        count.removals_5_14 += 1.0
    else:
        count.removals_15_plus += 1.0
    rows.set_custody(s, i, codes.REMOVED, 0, int(r.cause))
    rows.ripple(s, i)


@compiled
def term_ends(s, p, t, tables, tally, i):
    """End the present custody of resident `i`: to ICE where a request was honoured, or home."""
    r = s.residents[i]
    if r.custody == codes.ICE:
        leave_ice(s, p, t, tables, tally, i)
    elif r.custody == codes.JAIL_HOLD or r.custody == codes.PRISON_HOLD:
        take(s, p, t, tables, tally, i, int(r.cause), int(r.record), -1)
    else:
        rows.set_custody(s, i, codes.FREE, 0, 0)


@compiled
def federal_release(s, p, law, t, tables, tally, i, federal):
    """Carry out the agreement in force for a release from federal prison with a local warrant."""
    seed, week = s.clock[0].seed, s.clock[0].week
    r = s.residents[i]
    count = event_records.cell(tally, t, s, i)
    count.federal_releases += 1.0
    wanted_by_ice = uniform(seed, week, luck.PRIORITY, i, codes.FROM_PRISON) < (
        enforcement.priority(law, r.record)
    )
    if federal == 1:
        if wanted_by_ice:
            take(s, p, t, tables, tally, i, codes.FROM_PRISON, int(r.record), -1)
        else:
            tables.arrivals[tables.used[journal.ARRIVALS] - 1].federal = 3
        return
    honored = wanted_by_ice and enforcement.jail_honors(
        p,
        law,
        r.record,
        uniform(seed, week, luck.WARRANT_DEMANDED, i, codes.FROM_PRISON),
        uniform(seed, week, luck.WARRANT_HELD, i, codes.FROM_PRISON),
        uniform(seed, week, luck.HONORED, i, codes.FROM_PRISON),
    )
    weeks = 1 + luck.geometric(uniform(seed, week, luck.LOCAL_JAIL_WEEKS, i), p.jail_felony)
    count.jail_days += 7.0 * weeks
    custody = codes.JAIL_HOLD if honored else codes.JAIL
    rows.set_custody(s, i, custody, week + weeks, codes.FROM_PRISON)
    if wanted_by_ice and not honored:
        count.priority_releases += 1.0
