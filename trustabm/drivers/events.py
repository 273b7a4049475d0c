"""What both drivers do with one event: no choices here, only what follows from them.

Rules decide; these write the consequence into rows, tables and tallies. Whether a person or a loop
carries the week out, an arrest is booked in one way.
"""

from __future__ import annotations

from trustabm.compiling import compiled
from trustabm.rules import beliefs, crime, enforcement, luck, policing
from trustabm.rules.luck import uniform
from trustabm.state import codes, journal, layout, rows
from trustabm.state.layout import TIES, G


@compiled
def levers_of(s, lv, i):  # type: ignore[no-untyped-def]
    """Return the levers in force where resident `i` lives."""
    return lv[s.residents[i].cell // G]


@compiled
def cell(tally, week, s, i):  # type: ignore[no-untyped-def]
    """Return this week's tally of resident `i`'s town and group."""
    c = s.residents[i].cell
    return tally[week, c // G, c % G]


@compiled
def years_here(s, i):  # type: ignore[no-untyped-def]
    """Return whole years since resident `i` came to the country."""
    return (s.clock[0].week - s.residents[i].arrived) // 52


@compiled
def hear(s, i, trust_to, trust_share, risk_to, risk_share):  # type: ignore[no-untyped-def]
    """Move what resident `i` believes; nothing is heard in a place that nobody lives in."""
    if not rows.in_place(s, i):
        return
    trust = beliefs.moved(rows.trust_of(s, i), trust_to, trust_share)
    risk = beliefs.moved(rows.risk_of(s, i), risk_to, risk_share)
    rows.believe(s, i, trust, risk)


@compiled
def tell(s, p, i, trust_to, trust_share, risk_to, risk_share):  # type: ignore[no-untyped-def]
    """Tell household and ties of resident `i` what happened, once."""
    if p.stories == 0.0:
        return
    r = s.residents[i]
    first = i - r.member
    for j in range(first, first + r.household):
        if j != i:
            w = p.tell_household
            hear(s, j, trust_to, w * trust_share, risk_to, w * risk_share)
    for k in range(TIES):
        j = s.ties[i, k]
        if j >= 0:
            hear(s, j, trust_to, p.tell_tie * trust_share, risk_to, p.tell_tie * risk_share)


@compiled
def tell_of_loss(s, p, i, police_share):  # type: ignore[no-untyped-def]
    """Tell household and ties of resident `i` that ICE has taken them.

    Args:
        s: State.
        p: Parameters.
        i: The resident taken.
        police_share: 1 where police handed them over; -1 where ICE came itself, and each listener
            puts down to police what they believe their part to be.
    """
    r = s.residents[i]
    first = i - r.member
    for n in range(r.household + TIES):
        if n < r.household:
            j, w = first + n, p.tell_household
        else:
            j, w = s.ties[i, n - r.household], p.tell_tie
        if j < 0 or j == i or not rows.in_place(s, j):
            continue
        rows.expose(s, j)
        if p.stories != 0.0:
            share = w * police_share
            if police_share < 0.0:
                share = w * beliefs.attributed(p, rows.risk_of(s, j))
            hear(s, j, 0.0, share * p.handover_trust, 1.0, share * p.handover_risk)


@compiled
def book(s, p, lv, t, tables, tally, i, charge, source, found):  # type: ignore[no-untyped-def]
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
    town = s.towns[r.cell // G]
    law = lv[r.cell // G]
    count = cell(tally, t, s, i)
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
        charge > codes.RECORD_NONE
        and uniform(seed, week, luck.CONVICTED, i, source) < p.conviction
    )
    felony = charge >= codes.RECORD_FELONY
    prison = (
        felony and convicted and uniform(seed, week, luck.PRISON, i, source) < p.prison_share
    )
    stay = p.jail_felony if felony else p.jail_minor
    if prison:
        weeks = 1 + luck.geometric(uniform(seed, week, luck.PRISON_WEEKS, i, source), p.prison_weeks)
    else:
        weeks = luck.geometric(uniform(seed, week, luck.JAIL_WEEKS, i, source), stay)
        count.jail_days += 7.0 * weeks + (1.0 if weeks == 0 else 0.0)

    k = journal.new_row(tables, journal.BOOKINGS)
    row = tables.bookings[k]
    row.week = week
    row.resident = i
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
def take(s, p, t, tables, tally, i, source, record, met_with):  # type: ignore[no-untyped-def]
    """ICE takes resident `i` into custody, from police or at large."""
    seed, week = s.clock[0].seed, s.clock[0].week
    count = cell(tally, t, s, i)
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
    row.met_with = met_with
    row.source = source
    row.record = record
    stay = 1 + luck.geometric(uniform(seed, week, luck.ICE_WEEKS, i), p.custody_weeks - 1.0)
    rows.set_wanted(s, i, 0)
    rows.set_custody(s, i, codes.ICE, week + stay, source)


@compiled
def leave_ice(s, p, t, tables, tally, i):  # type: ignore[no-untyped-def]
    """Custody of ICE ends for resident `i`: removal, or release."""
    r = s.residents[i]
    seed, week = s.clock[0].seed, s.clock[0].week
    removed = (
        crime.removable(r.status, r.record)
        and uniform(seed, week, luck.REMOVED, i) < p.removal_given_custody
    )
    years = years_here(s, i)
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
    row.years = years
    row.removed = removed
    row.source = r.cause
    row.record = r.record
    row.separated = separated
    if not removed:
        rows.set_custody(s, i, codes.FREE, 0, 0)
        return
    count = cell(tally, t, s, i)
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
def spend(s, hours):  # type: ignore[no-untyped-def]
    """Take hours from what ICE has for requests; return whether any were left.

    The last piece of work is finished, on hours of the weeks to come: a small sample of a town
    has less than a whole piece of work's hours in a week, and must not wait for ever.
    """
    clock = s.clock[0]
    if clock.ice_hours <= 0.0:
        return False
    clock.ice_hours -= hours
    return True


@compiled
def settle_case(s, p, t, tables, tally, k):  # type: ignore[no-untyped-def]
    """Count a crime whose story is complete, and let offenders and the department learn of it."""
    row = tables.crimes[k]
    count = cell(tally, t, s, row.victim)
    town = s.towns[s.neighborhoods[row.neighborhood].town]
    learned = s.learned[row.neighborhood, s.residents[row.victim].latino]
    learned.crimes += 1
    learned.reported += int(row.chance * layout.CHANCE)
    if row.kind == codes.VIOLENT:
        count.violent += 1.0
        count.reported_violent += row.reported
    elif row.kind == codes.PROPERTY:
        count.property += 1.0
        count.reported_property += row.reported
    else:
        count.domestic += 1.0
        count.reported_domestic += row.reported
    if row.reported:
        town.week_reported += 1
        town.week_cleared += int(row.clears * layout.CHANCE)
        town.week_case_hours += policing.case_hours(p, row.kind)
        if row.kind == codes.PROPERTY:
            count.cleared_property += row.cleared
        else:
            count.cleared_violent += row.cleared
        if row.witness >= 0:
            seen = cell(tally, t, s, row.witness)
            seen.witnesses += 1.0
            seen.witnesses_came += row.came


@compiled
def begin_week(s, p, lv, changed):  # type: ignore[no-untyped-def]
    """Phase 1: rules in force, news of them, ICE's hours, exposures older than a year."""
    clock = s.clock[0]
    at = clock.week % 52
    for g in range(len(s.groups)):
        s.groups[g].exposed -= s.expiring[at, g]
        s.expiring[at, g] = 0
    for k in range(len(s.towns)):
        town = s.towns[k]
        town.week_case_hours = 0.0
        town.week_away_hours = 0.0
        town.week_reported = 0
        town.week_cleared = 0
        town.news_risk = enforcement.rules_risk(p, lv[k])
        if changed[k]:
            town.salience = 1.0
    hours = ice_hours(s, lv) * (1.0 - lv[0].at_large_share)
    clock.ice_hours = min(clock.ice_hours + hours, enforcement.ICE_BANK_WEEKS * hours)


@compiled
def ice_hours(s, lv):  # type: ignore[no-untyped-def]
    """Return the hours that all agents of the field office have this week."""
    total = 0.0
    for a in range(len(s.agents)):
        total += s.agents[a].hours
    return total * lv[0].ice_capacity


@compiled
def end_week(s, p, lv, t, tally, town_tally):  # type: ignore[no-untyped-def]
    """Phase 9: forgetting, news, what offenders and the department have learned; then count."""
    for k in range(len(s.groups)):
        g = s.groups[k]
        town = s.towns[k // G]
        law = lv[k // G]
        g.trust_off += g.trust_add / layout.FIXED
        g.risk_off += g.risk_add / layout.FIXED
        g.trust_add = 0
        g.risk_add = 0
        trust, risk = g.trust, g.risk
        if g.persons > 0:
            trust = min(1.0, max(0.0, trust + g.trust_off / g.persons))
            risk = min(1.0, max(0.0, risk + g.risk_off / g.persons))
        count = tally[t, k // G, k % G]
        count.persons = g.persons
        count.households = g.households / layout.HOUSEHOLD_UNIT
        count.undocumented = g.undocumented
        count.exposed = g.exposed
        count.trust = trust * g.persons
        count.risk = risk * g.persons
        count.jail = g.jail
        count.ice = g.ice
        count.prison = g.prison
        count.removed = g.removed
        stake = beliefs.mean_stake(p, g.own, g.housed, g.tied, g.persons)
        rest = beliefs.trust_at_rest(p, g.rest, law.outreach)
        news = beliefs.news_weight(p, law.publicity, town.salience)
        told = beliefs.trust_in_news(p, rest, town.news_risk, stake)
        to_trust = beliefs.drawn(trust, told, news, rest, p.prior_pull)
        to_risk = beliefs.drawn(risk, town.news_risk, news, p.prior_risk, p.prior_pull)
        g.trust += p.forgetting * (to_trust - g.trust)
        g.risk += p.forgetting * (to_risk - g.risk)
        g.trust_off *= 1.0 - p.forgetting
        g.risk_off *= 1.0 - p.forgetting
    for k in range(len(s.towns)):
        town = s.towns[k]
        away = town.week_away_hours
        memory = policing.HOURS_MEMORY
        town.case_hours += memory * (town.week_case_hours - town.case_hours)
        town.away_hours += memory * (away - town.away_hours)
        town.cleared = crime.learned(
            p,
            town.cleared,
            town.week_reported,
            town.week_cleared / layout.CHANCE,
            town.expected,
        )
        town.salience = beliefs.faded(p, town.salience)
        hours = town_tally[t, k]
        hours.police_hours = town.hours
        hours.immigration_hours = away + town.hours * lv[k].deputized_share * p.deputized_time
        hours.news_risk = town.news_risk
    for b in range(len(s.learned)):
        for kind in range(2):
            cell_ = s.learned[b, kind]
            cell_.reports = crime.learned(
                p, cell_.reports, cell_.crimes, cell_.reported / layout.CHANCE, cell_.expected
            )
            cell_.crimes = 0
            cell_.reported = 0
    s.clock[0].week += 1


@compiled
def replace(s, p, t, tables, tally, i, kind, federal, years, status):  # type: ignore[no-untyped-def]
    """Give resident `i`'s place to a newcomer, drawn by place and week alone."""
    r = s.residents[i]
    seed, week = s.clock[0].seed, s.clock[0].week
    was_undocumented = r.status == codes.UNDOCUMENTED and r.custody != codes.REMOVED
    rows.taken_out(s, i)
    r.custody = codes.FREE
    r.until = 0
    r.cause = 0
    r.wanted = 0
    r.exposed = rows.NEVER
    r.generation = (r.generation + 1) % 256
    r.status = status
    r.arrived = week - 52 * years
    u = uniform(seed, week, luck.NEW_OFFENDER, i)
    r.offending = 0.0
    r.record = codes.RECORD_NONE
    offends = u < p.offender_share or federal > 0
    if offends:
        weight = -luck.log_of_rest(uniform(seed, week, luck.NEW_OFFENDING, i))
        factor = 1.0
        if status == codes.UNDOCUMENTED:
            factor = p.offending_undocumented
        elif status != codes.US_BORN:
            factor = p.offending_lawful
        r.offending = min(weight, crime.CAP) * factor / (
            p.offender_share * crime.CAPPED * s.towns[r.cell // G].factor
        )
        v = uniform(seed, week, luck.NEW_RECORD, i)
        if federal > 0:
            r.record = codes.RECORD_VIOLENT if v < 0.3 else codes.RECORD_FELONY
        elif v < p.record_violent:
            r.record = codes.RECORD_VIOLENT
        elif v < p.record_violent + p.record_felony:
            r.record = codes.RECORD_FELONY
        elif v < p.record_violent + p.record_felony + p.record_misdemeanor:
            r.record = codes.RECORD_MISDEMEANOR
    rows.regroup(s, i)
    g = s.groups[r.cell]
    trust, risk = g.trust, g.risk
    if g.persons > 0:
        trust += g.trust_off / g.persons
        risk += g.risk_off / g.persons
    trust += p.trust_spread * luck.normal(seed, week, luck.NEW_TRUST, i)
    risk += p.risk_spread * luck.normal(seed, week, luck.NEW_RISK, i)
    rows.put_back(s, i, min(1.0, max(0.0, trust)), min(1.0, max(0.0, risk)))
    if (status == codes.UNDOCUMENTED) != was_undocumented:
        rows.ripple(s, i)
    cell(tally, t, s, i).arrivals += 1.0
    k = journal.new_row(tables, journal.ARRIVALS)
    row = tables.arrivals[k]
    row.week = week
    row.resident = i
    row.kind = kind
    row.federal = federal
    row.status = status


@compiled
def count_stop(s, t, tables, tally, k):  # type: ignore[no-untyped-def]
    """Count a stop."""
    row = tables.stops[k]
    count = cell(tally, t, s, row.resident)
    count.stops += 1.0
    count.bad_stops += row.bad
    count.asked += row.asked
    if row.outcome == codes.STOP_CITATION:
        count.citations += 1.0


@compiled
def met(s, p, kind, i):  # type: ignore[no-untyped-def]
    """Return whom offender `i` meets: somebody of the household, or of a neighborhood.

    Returns `i` where there is nobody else.
    """
    seed, week = s.clock[0].seed, s.clock[0].week
    r = s.residents[i]
    u = uniform(seed, week, luck.CRIME_VICTIM, i)
    if kind == codes.DOMESTIC:
        if r.household < 2:
            return i
        first = i - r.member
        other = first + int(u * (r.household - 1))
        return other + 1 if other >= i else other
    place = s.neighborhoods[r.neighborhood]
    far = uniform(seed, week, luck.CRIME_PLACE, i)
    if far >= p.near_crime:
        town = s.towns[place.town]
        pick = (far - p.near_crime) / (1.0 - p.near_crime)
        place = s.neighborhoods[town.first + int(pick * (town.last - town.first))]
    return place.start + int(u * (place.end - place.start))


@compiled
def write_crime(s, tables, k, kind, i, victim):  # type: ignore[no-untyped-def]
    """Write a crime that nobody has reported yet."""
    row = tables.crimes[k]
    row.week = s.clock[0].week
    row.resident = i
    row.victim = victim
    row.witness = -1
    row.neighborhood = s.residents[victim].neighborhood
    row.kind = kind
    row.reported = 0
    row.came = 0
    row.cleared = 0
    row.charge = 0
    row.asked = 0
    row.witness_asked = 0
    row.chance = 0.0
    row.clears = 0.0


@compiled
def pass_on(s, t, tables, tally, i, source):  # type: ignore[no-untyped-def]
    """Make it known to ICE that resident `i`, a victim or witness, is undocumented."""
    r = s.residents[i]
    if r.custody != codes.FREE:
        return
    k = journal.new_row(tables, journal.BOOKINGS)
    row = tables.bookings[k]
    row.week = s.clock[0].week
    row.resident = i
    row.weeks = 0
    row.charge = codes.RECORD_NONE
    row.record = r.record
    row.source = source
    row.matched = 1
    row.convicted = 0
    row.prison = 0
    cell(tally, t, s, i).matches += 1.0


@compiled
def request(s, p, t, tables, tally, k, who, notification, warrant, honored, followed):  # type: ignore[no-untyped-def]
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
    row.agent = who
    row.record = booking.record
    row.source = booking.source
    row.notification = notification
    row.warrant = warrant
    row.honored = honored
    row.followed = followed
    row.hold_hours = hours
    count = cell(tally, t, s, i)
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
    s.towns[s.residents[i].cell // G].week_away_hours += p.hold_hours
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
def term_ends(s, p, t, tables, tally, i):  # type: ignore[no-untyped-def]
    """End the present custody of resident `i`: to ICE where a request was honoured, or home."""
    r = s.residents[i]
    if r.custody == codes.ICE:
        leave_ice(s, p, t, tables, tally, i)
    elif r.custody == codes.JAIL_HOLD or r.custody == codes.PRISON_HOLD:
        take(s, p, t, tables, tally, i, int(r.cause), int(r.record), -1)
    else:
        rows.set_custody(s, i, codes.FREE, 0, 0)


@compiled
def operations(s, p, lv):  # type: ignore[no-untyped-def]
    """Return how many at-large arrests ICE's hours allow this week."""
    return ice_hours(s, lv) * lv[0].at_large_share / p.at_large_hours


@compiled
def target_weights(s, p, lv):  # type: ignore[no-untyped-def]
    """Return the sum of how much everybody at large in the region is sought."""
    total = 0.0
    for k in range(len(s.towns)):
        for record in range(4):
            total += s.pool[k].free[record] * enforcement.target_weight(p, lv[k], record, 0)
            total += s.pool[k].wanted[record] * enforcement.target_weight(p, lv[k], record, 1)
    return total


@compiled
def close_to(s, i, n):  # type: ignore[no-untyped-def]
    """Return the `n`-th person close to resident `i`, household first; -1 where there is none."""
    r = s.residents[i]
    j = i - r.member + n if n < r.household else s.ties[i, n - r.household]
    return -1 if j == i else j


@compiled
def near(s, i):  # type: ignore[no-untyped-def]
    """Return how many undocumented people at large are close to resident `i`."""
    total = 0
    for n in range(s.residents[i].household + TIES):
        j = close_to(s, i, n)
        if (
            j >= 0
            and s.residents[j].status == codes.UNDOCUMENTED
            and s.residents[j].custody == codes.FREE
        ):
            total += 1
    return total


@compiled
def after_stop(s, p, tables, k):  # type: ignore[no-untyped-def]
    """A stop goes well or badly; being asked about status raises risk, going home lowers it."""
    row = tables.stops[k]
    trust_to, share = 1.0, p.contact_gain
    if row.bad:
        trust_to, share = 0.0, p.contact_gain * p.negativity
    risk_to, risk_share = 0.0, p.calm_gain
    if row.asked:
        risk_to, risk_share = 1.0, p.asked_risk
    elif row.outcome == codes.STOP_ARREST:
        risk_share = 0.0
    hear(s, row.resident, trust_to, share, risk_to, risk_share)
    tell(s, p, row.resident, trust_to, share, risk_to, risk_share)


@compiled
def after_report(s, p, tables, k):  # type: ignore[no-untyped-def]
    """A solved report builds trust, an unsolved one costs some; a quiet one lowers risk."""
    row = tables.crimes[k]
    trust_to, share = 1.0, p.solved_gain
    if not row.cleared:
        trust_to, share = 0.0, p.unsolved_loss * p.negativity
    risk_to, risk_share = 0.0, p.calm_gain
    if row.asked:
        risk_to, risk_share = 1.0, p.asked_risk
    hear(s, row.victim, trust_to, share, risk_to, risk_share)
    tell(s, p, row.victim, trust_to, share, risk_to, risk_share)
    if row.witness_asked:
        hear(s, row.witness, 1.0, 0.0, 1.0, p.asked_risk)


@compiled
def after_transfer(s, p, tables, k):  # type: ignore[no-untyped-def]
    """Household and ties learn that ICE has taken somebody, from police or at large."""
    row = tables.transfers[k]
    if row.source < codes.FROM_PRISON:
        tell_of_loss(s, p, row.resident, 1.0)
    elif row.source > codes.FROM_PRISON:
        tell_of_loss(s, p, row.resident, -1.0)


@compiled
def after_departure(s, p, tables, k):  # type: ignore[no-untyped-def]
    """A removal is told again, with part of a hand-over's weight; a release is good news."""
    row = tables.departures[k]
    if not row.removed:
        tell(s, p, row.resident, 1.0, 0.0, 0.0, p.calm_gain)
    elif row.source < codes.FROM_PRISON:
        tell_of_loss(s, p, row.resident, p.removal_story)


@compiled
def federal_release(s, p, law, t, tables, tally, i, federal):  # type: ignore[no-untyped-def]
    """Carry out the agreement in force for a release from federal prison with a local warrant."""
    seed, week = s.clock[0].seed, s.clock[0].week
    r = s.residents[i]
    count = cell(tally, t, s, i)
    count.federal_releases += 1.0
    wanted_by_ice = uniform(seed, week, luck.PRIORITY, i, codes.FROM_PRISON) < (
        enforcement.priority(law, r.record)
    )
    if federal == 1:
        if wanted_by_ice:
            take(s, p, t, tables, tally, i, codes.FROM_PRISON, int(r.record), -1)
        else:
            tables.arrivals[tables.count[journal.ARRIVALS] - 1].federal = 3
        return
    warrant = uniform(seed, week, luck.WARRANT_HELD, i, codes.FROM_PRISON) < (
        enforcement.warrant_chance(p, r.record)
    )
    demanded = uniform(seed, week, luck.WARRANT_DEMANDED, i, codes.FROM_PRISON) < (
        law.judicial_warrant
    )
    honored = (
        wanted_by_ice
        and (warrant or not demanded)
        and uniform(seed, week, luck.HONORED, i, codes.FROM_PRISON)
        < enforcement.honor(law, r.record)
    )
    weeks = 1 + luck.geometric(uniform(seed, week, luck.LOCAL_JAIL_WEEKS, i), p.jail_felony)
    count.jail_days += 7.0 * weeks
    custody = codes.JAIL_HOLD if honored else codes.JAIL
    rows.set_custody(s, i, custody, week + weeks, codes.FROM_PRISON)
    if wanted_by_ice and not honored:
        count.priority_releases += 1.0


@compiled
def walked_in(source):  # type: ignore[no-untyped-def]
    """Return whether ICE knows of a person as a victim or witness, who was never jailed."""
    return source == codes.FROM_VICTIM or source == codes.FROM_WITNESS


@compiled
def beyond_request(s, i):  # type: ignore[no-untyped-def]
    """Return whether resident `i` is with ICE already, or promised to it."""
    custody = s.residents[i].custody
    return custody != codes.FREE and custody != codes.JAIL and custody != codes.PRISON


@compiled
def register(s, t, tables, tally, i):  # type: ignore[no-untyped-def]
    """Register resident `i` provisionally: no longer removable for status."""
    r = s.residents[i]
    cell(tally, t, s, i).legalized += 1.0
    k = journal.new_row(tables, journal.LEGALIZATIONS)
    row = tables.legalizations[k]
    row.week = s.clock[0].week
    row.resident = i
    row.years = years_here(s, i)
    trust, risk = rows.taken_out(s, i)
    r.status = codes.REGISTERED
    rows.regroup(s, i)
    rows.put_back(s, i, trust, risk)
    rows.ripple(s, i)
