"""Phase 7: ICE reviews matches, gravest first, and the jail honours its requests or not."""

from __future__ import annotations

from trustabm.rules import codes, enforcement, luck
from trustabm.rules.compiling import compiled, inlined
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.week.custody import take
from trustabm.week.expecting import at_stake, expect_taken
from trustabm.week.field_office import applied_priority, has_hours, spend
from trustabm.week.week import count_of


@compiled
def in_turn(w, n):
    """Return the row of the booking that has its turn after `n` others, of this week's.

    Which is first is drawn, so that hours that run out are not always short of the same people.
    """
    first = w.tables.mark[journal.BOOKINGS]
    many = w.tables.used[journal.BOOKINGS] - first
    start = int(uniform(w.seed, w.now, luck.FIRST_REVIEWED, 0) * many)
    return first + (start + n) % many


@compiled
def is_due(w, booking, record):
    """Return whether a booking is of this record, matched, and its person not ICE's already."""
    if not booking.matched or booking.record != record:
        return False
    custody = w.state.residents[booking.resident].custody
    return custody == codes.FREE or custody == codes.JAIL or custody == codes.PRISON


@compiled
def reaches(w, booking):
    """Return whether ICE has hours for a match, and note it there."""
    booking.reached = has_hours(w)
    return booking.reached


@compiled
def reviewer(w, booking):
    """Return the ICE agent who reviews a match."""
    return int(uniform(w.seed, w.now, luck.REVIEWER, booking.resident) * len(w.state.agents))


@compiled
def acts_on(w, booking, who):
    """Decide whether agent `who`, who has hours for it, acts on a match: by priority."""
    i = booking.resident
    chance = applied_priority(w, who, booking.town, booking.record)
    return uniform(w.seed, w.now, luck.PRIORITY, i, int(booking.source)) < chance


@compiled
def expect(w, booking, who):
    """Count what is to be expected of a match that agent `who` reviews."""
    i, record, source = booking.resident, int(booking.record), int(booking.source)
    priority = applied_priority(w, who, booking.town, record)
    if is_told(source):
        expect_handed(w, i, priority * enforcement.follow_chance(w.p, True), source)
    else:
        chance = enforcement.taken_chance(w.p, w.levers[booking.town], record)
        expect_handed(w, i, priority * chance, source)


@compiled
def expect_handed(w, i, many, source):
    """Count so many more people like resident `i` whom police hand to ICE.

    Who is in prison is not expected to be removed for now.
    """
    r = w.state.residents[i]
    if at_stake(w, i) and r.custody != codes.PRISON:
        expect_taken(w, i, many, int(r.record), source)


@inlined
def is_told(source):
    """Return whether ICE is told of a victim or witness: never jailed, so it comes or not."""
    return source == codes.FROM_VICTIM or source == codes.FROM_WITNESS


@compiled
def answer(w, booking, who):
    """Send agent `who`'s request; the jail honours it or not, and ICE comes or not."""
    i, source, record = booking.resident, int(booking.source), int(booking.record)
    p, levers = w.p, w.levers[booking.town]
    told = is_told(source)
    notification = told or (
        uniform(w.seed, w.now, luck.REQUEST_KIND, i, source) < levers.notification_share
    )
    demanded = uniform(w.seed, w.now, luck.WARRANT_DEMANDED, i, source)
    has_one = uniform(w.seed, w.now, luck.WARRANT_HELD, i, source)
    warrant = enforcement.warrant_shown(p, levers, record, demanded, has_one)
    u = uniform(w.seed, w.now, luck.HONORED, i, source)
    honored = told or enforcement.jail_honors(p, levers, record, demanded, has_one, u)
    followed = honored and uniform(
        w.seed, w.now, luck.CUSTODY_FOLLOWS, i, source
    ) < enforcement.follow_chance(p, notification)
    spend(w, p.request_hours + followed * p.custody_hours)
    row = w.tables.requests[journal.new_row(w.tables, journal.REQUESTS)]
    row.week = w.now
    row.resident = i
    row.generation = w.state.residents[i].generation
    row.agent = who
    row.record = record
    row.source = source
    row.notification = notification
    row.warrant = warrant
    row.honored = honored
    row.followed = followed
    row.hold_hours = 0.0
    count = count_of(w, i)
    count.notifications += notification
    count.detainers += not notification
    if record == codes.RECORD_NONE:
        count.requests_none += 1.0
    elif record == codes.RECORD_MISDEMEANOR:
        count.requests_misdemeanor += 1.0
    elif record == codes.RECORD_FELONY:
        count.requests_felony += 1.0
    else:
        count.requests_violent += 1.0
    expect_handed(w, i, -1.0 * followed, source)
    if not honored:
        count.declined += 1.0
        rows.set_wanted(w.state, i, 1)
        return
    hours = enforcement.hold_hours(p, notification, warrant, followed)
    row.hold_hours = hours
    count.honored += 1.0
    count.hold_hours += hours
    count.jail_days += hours / 24.0
    w.state.towns[booking.town].week_away_hours += p.hold_hours
    if followed:
        promise(w, i, source, record)


@compiled
def promise(w, i, source, record):
    """Hand resident `i` to ICE, now or at the end of the term that is being served."""
    r = w.state.residents[i]
    if r.custody == codes.FREE:
        take(w, i, source, record, -1)
    else:
        until_then = codes.JAIL_HOLD if r.custody == codes.JAIL else codes.PRISON_HOLD
        rows.set_custody(w.state, i, until_then, int(r.until), source)


@compiled
def phase(w):
    """Carry out the phase."""
    for less in range(len(codes.RECORDS)):
        for n in range(w.tables.used[journal.BOOKINGS] - w.tables.mark[journal.BOOKINGS]):
            booking = w.tables.bookings[in_turn(w, n)]
            if is_due(w, booking, len(codes.RECORDS) - 1 - less) and reaches(w, booking):
                who = reviewer(w, booking)
                expect(w, booking, who)
                if acts_on(w, booking, who):
                    answer(w, booking, who)
