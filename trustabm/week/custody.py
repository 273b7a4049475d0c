"""Phases 6 and 7: what follows from an arrest, a request, and the end of a term."""

from __future__ import annotations

import numpy as np

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
from trustabm.week import field_office
from trustabm.week.expecting import (
    at_stake,
    citizens_with,
    expect_removed,
    expect_taken,
    match_chance,
    taken_of_match,
)
from trustabm.week.week import count_of, levers_of, years_here
from trustabm.week.whereabouts import town_at, town_by


@compiled
def identified(w, i, source, town):
    """Return whether the federal government learns from a booking that `i` can be removed.

    Args:
        w: The week.
        i: The resident.
        source: What the booking came from (codes.FROM_…).
        town: Whose jail it is.
    """
    r, p, levers = w.state.residents[i], w.p, w.levers[town]
    if not crime.removable(r.status, r.record):
        return False
    return (
        policing.fingerprints_match(
            p,
            levers,
            uniform(w.seed, w.now, luck.FINGERPRINTS, i, source),
            uniform(w.seed, w.now, luck.IN_RECORDS, i, source),
        )
        or policing.screening_finds(
            p,
            levers,
            r.status,
            uniform(w.seed, w.now, luck.SCREENED, i, source),
            uniform(w.seed, w.now, luck.SCREEN_IDENTIFIED, i, source),
        )
        or policing.question_finds(
            p,
            levers,
            uniform(w.seed, w.now, luck.BOOKING_ASKED, i, source),
            uniform(w.seed, w.now, luck.ARREST_ASKED, i, source),
        )
    )


@compiled
def book(w, i, charge, source, known, town):
    """Book resident `i`: what the federal government learns, conviction, and time inside.

    Args:
        w: The week.
        i: The resident arrested; nothing happens to one who is not free.
        charge: What the arrest is for.
        source: What it came from (codes.FROM_…).
        known: Whether status was established before the booking.
        town: Whose police made the arrest, and whose jail it is.
    """
    r = w.state.residents[i]
    if r.custody != codes.FREE:
        return
    count = count_of(w, i)
    felony = charge >= codes.RECORD_FELONY
    count.arrests += 1.0
    count.arrests_felony += felony
    matched = known or identified(w, i, source, town)
    count.matches += matched
    w.state.towns[town].week_away_hours += w.levers[town].jail_screening * w.p.screening_hours
    u = uniform(w.seed, w.now, luck.CONVICTED, i, source)
    convicted = charge > codes.RECORD_NONE and u < w.p.conviction
    u = uniform(w.seed, w.now, luck.PRISON, i, source)
    prison = felony and convicted and u < w.p.prison_share
    if prison:
        u = uniform(w.seed, w.now, luck.PRISON_WEEKS, i, source)
        weeks = 1 + luck.geometric(u, w.p.prison_weeks)
    else:
        u = uniform(w.seed, w.now, luck.JAIL_WEEKS, i, source)
        weeks = luck.geometric(u, w.p.jail_felony if felony else w.p.jail_minor)
        count.jail_days += 7.0 * weeks + (w.p.booking_days if weeks == 0 else 0.0)
    if at_stake(w, i):
        expect(w, i, charge, known, matched, convicted, prison, town)
    row = new_booking(w, i, source, town)
    row.weeks = weeks
    row.charge = charge
    row.matched = matched
    row.convicted = convicted
    row.prison = prison
    if convicted:
        rows.set_record(w.state, i, charge)
    if weeks > 0:
        inside = codes.PRISON if prison else codes.JAIL
        rows.set_custody(w.state, i, inside, w.now + weeks, source)


@compiled
def expect(w, i, charge, known, matched, convicted, prison, town):
    """Count what is to be expected of the booking of resident `i`, less what came of it.

    Who goes to prison is not expected to be removed for now.
    """
    record, taken = int(w.state.residents[i].record), taken_of_match(w, i, town)
    match = match_chance(w, i, known, town)
    guilty = w.p.conviction if charge > codes.RECORD_NONE else 0.0
    spared = guilty * w.p.prison_share if charge >= codes.RECORD_FELONY else 0.0
    innocent = match * (1.0 - guilty) - (matched and not convicted)
    expect_taken(w, i, innocent * taken, record, codes.FROM_CASE)
    sentenced = match * (guilty - spared) - (matched and convicted and not prison)
    expect_taken(w, i, sentenced * taken, max(record, charge), codes.FROM_CASE)


@compiled
def new_booking(w, i, source, town):
    """Return a row for a booking of resident `i` in a town with the record of before."""
    row = w.tables.bookings[journal.new_row(w.tables, journal.BOOKINGS)]
    row.week = w.now
    row.resident = i
    row.generation = w.state.residents[i].generation
    row.record = w.state.residents[i].record
    row.source = source
    row.town = town
    row.reached = 0
    return row


@compiled
def pass_on(w, i, source, town):
    """Make it known to ICE that resident `i`, a victim or witness in a town, is undocumented."""
    if w.state.residents[i].custody != codes.FREE:
        return
    row = new_booking(w, i, source, town)
    row.weeks = 0
    row.charge = codes.RECORD_NONE
    row.matched = 1
    row.convicted = 0
    row.prison = 0
    count_of(w, i).matches += 1.0


@compiled
def bookings(w):
    """Phase 6: every arrest is booked, and whoever was passed on is known to ICE."""
    tables = w.tables
    for k in range(tables.mark[journal.STOPS], tables.used[journal.STOPS]):
        stop = tables.stops[k]
        if stop.outcome == codes.STOP_ARREST:
            town, known = town_by(w, stop.officer), stop.identified != 0
            book(w, stop.resident, int(stop.charge), codes.FROM_STOP, known, town)
    for k in range(tables.mark[journal.CRIMES], tables.used[journal.CRIMES]):
        case = tables.crimes[k]
        town = town_at(w, case.neighborhood)
        if case.cleared:
            book(w, case.resident, int(case.charge), codes.FROM_CASE, False, town)
        if case.asked == codes.PASSED_ON:
            pass_on(w, case.victim, codes.FROM_VICTIM, town)
        if case.witness_asked == codes.PASSED_ON:
            pass_on(w, case.witness, codes.FROM_WITNESS, town)


@compiled
def take(w, i, source, record, met_with):
    """ICE takes resident `i` into custody, from police or at large.

    Args:
        w: The week.
        i: The resident.
        source: What it came from (codes.FROM_…).
        record: The record with which they were asked for.
        met_with: Whom a collateral arrest was met with; -1: nobody.
    """
    count = count_of(w, i)
    if source == codes.FROM_AT_LARGE:
        count.at_large += 1.0
    elif source == codes.FROM_COLLATERAL:
        count.collateral += 1.0
    elif source < codes.FROM_PRISON:
        count.transfers += 1.0
        count.expected_transfers += 1.0
    row = w.tables.transfers[journal.new_row(w.tables, journal.TRANSFERS)]
    row.week = w.now
    row.resident = i
    row.generation = w.state.residents[i].generation
    row.met_with = met_with
    row.met_with_generation = rows.generation_of(w.state, met_with)
    row.source = source
    row.record = record
    stay = 1 + luck.geometric(uniform(w.seed, w.now, luck.ICE_WEEKS, i), w.p.custody_weeks - 1.0)
    rows.set_wanted(w.state, i, 0)
    rows.set_custody(w.state, i, codes.ICE, w.now + stay, source)


@compiled
def leave_ice(w, i):
    """Custody of ICE ends for resident `i`: removal, or release."""
    r = w.state.residents[i]
    removable = at_stake(w, i)
    if removable:
        expect_removed(w, i, w.p.removal_given_custody, int(r.record), int(r.cause))
    removed = removable and uniform(w.seed, w.now, luck.REMOVED, i) < w.p.removal_given_custody
    years = years_here(w, i)
    separated = citizens_with(w, i) if removed else 0
    row = w.tables.departures[journal.new_row(w.tables, journal.DEPARTURES)]
    row.week = w.now
    row.resident = i
    row.generation = w.state.residents[i].generation
    row.years = years
    row.removed = removed
    row.source = r.cause
    row.record = r.record
    row.separated = separated
    if not removed:
        rows.set_custody(w.state, i, codes.FREE, 0, 0)
        return
    count = count_of(w, i)
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
        count.removals_15_plus_none += r.record == codes.RECORD_NONE
    rows.set_custody(w.state, i, codes.REMOVED, 0, int(r.cause))
    rows.ripple(w.state, i)


@compiled
def term_ends(w, i):
    """End the present custody of resident `i`: to ICE where a request was honoured, or home."""
    r = w.state.residents[i]
    if r.custody == codes.ICE:
        leave_ice(w, i)
    elif r.custody == codes.JAIL_HOLD or r.custody == codes.PRISON_HOLD:
        take(w, i, int(r.cause), int(r.record), -1)
    else:
        rows.set_custody(w.state, i, codes.FREE, 0, 0)


@compiled
def federal_release(w, i, federal):
    """Carry out the agreement in force for a release from federal prison with a local warrant."""
    r, levers = w.state.residents[i], levers_of(w, i)
    count = count_of(w, i)
    count.federal_releases += 1.0
    u = uniform(w.seed, w.now, luck.PRIORITY, i, codes.FROM_PRISON)
    # The gravest come first: ICE is short of hours for them last, and for those of others before.
    chance = levers.priority[r.record] if field_office.may_borrow(w) else 0.0
    wanted_by_ice = u < chance
    if wanted_by_ice:
        field_office.spend(w, w.p.request_hours)
    if federal == codes.TO_ICE:
        expect_taken(w, i, chance - wanted_by_ice, int(r.record), codes.FROM_PRISON)
        if wanted_by_ice:
            field_office.spend(w, w.p.custody_hours)
            take(w, i, codes.FROM_PRISON, int(r.record), -1)
        else:
            w.tables.arrivals[w.tables.used[journal.ARRIVALS] - 1].federal = codes.UNTOLD
        return
    honored = wanted_by_ice and enforcement.jail_honors(
        w.p,
        levers,
        r.record,
        uniform(w.seed, w.now, luck.WARRANT_DEMANDED, i, codes.FROM_PRISON),
        uniform(w.seed, w.now, luck.WARRANT_HELD, i, codes.FROM_PRISON),
        uniform(w.seed, w.now, luck.HONORED, i, codes.FROM_PRISON),
    )
    chance *= enforcement.honors_chance(w.p, levers, r.record)
    expect_taken(w, i, chance - honored, int(r.record), codes.FROM_PRISON)
    weeks = 1 + luck.geometric(uniform(w.seed, w.now, luck.LOCAL_JAIL_WEEKS, i), w.p.jail_felony)
    count.jail_days += 7.0 * weeks
    if honored:
        field_office.spend(w, w.p.custody_hours)
    custody = codes.JAIL_HOLD if honored else codes.JAIL
    rows.set_custody(w.state, i, custody, w.now + weeks, codes.FROM_PRISON)
    if wanted_by_ice and not honored:
        count.priority_releases += 1.0


@compiled
def releases(w):
    """Phase 7: jail terms, prison terms and ICE custody end in their week."""
    s, clock = w.state, w.state.clock[0]
    kept = 0
    for n in range(clock.in_custody):
        i = np.int64(s.in_custody[n])
        if s.residents[i].until <= w.now:
            term_ends(w, i)
        now = s.residents[i].custody
        if now != codes.FREE and now != codes.REMOVED:
            s.in_custody[kept] = i
            kept += 1
    clock.in_custody = kept
