"""The week over the columns, in compiled loops: its cost follows what happens in it.

Rare events are thinned from candidates drawn against a bound that no policy moves, so two worlds
look at the same people in the same week; what each world then does with them is its own.
"""

from __future__ import annotations

import numpy as np

from trustabm.rules import (
    codes,
    contact,
    crime,
    demography,
    enforcement,
    luck,
    policing,
    reporting,
)
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import (
    BLOCK,
    both,
    candidates,
    uniform,
)
from trustabm.state import journal, rows
from trustabm.state.layout import TIES
from trustabm.week import (
    custody,
    event_records,
    field_office,
    hearsay,
    turnover,
    weekly_update,
)

__all__ = ["run"]


@compiled
def run(s, tables, p, plan_weeks, plan, is_news, weeks, first, keep, tally, town_tally):
    """Carry out weeks until `weeks` are done or the tables are full; return how many were done.

    Args:
        s: State, changed in place.
        tables: Event tables, written to.
        p: Parameters, a record.
        plan_weeks: Weeks of the world in which the rules change, ascending; the first is past.
        plan: Levers from then on, by change and town.
        is_news: Whether that changes anything, by change and town.
        weeks: Weeks to carry out.
        first: Where in the tallies the first of them goes.
        keep: Whether tables keep earlier weeks.
        tally: Weekly tallies by town and group.
        town_tally: Weekly tallies by town.
    """
    found = np.empty(BLOCK, np.int64)
    changed = np.zeros(len(s.towns), np.bool_)
    done = 0
    while done < weeks:
        if keep and not journal.roomy(tables, len(s.residents)):
            break
        journal.rewound(tables, keep)
        week = s.clock[0].week
        at = 0
        while at + 1 < len(plan_weeks) and plan_weeks[at + 1] <= week:
            at += 1
        lv = plan[at]
        for k in range(len(s.towns)):
            changed[k] = plan_weeks[at] == week and is_news[at, k]
        t = first + done
        weekly_update.begin_week(s, p, lv, changed)
        stops(s, p, lv, t, tables, tally, found)
        crimes(s, p, lv, tables, found)
        reports(s, p, lv, t, tables, tally)
        cases(s, p, lv, t, tables, tally)
        bookings(s, p, lv, t, tables, tally)
        matches(s, p, lv, t, tables, tally)
        releases(s, p, t, tables, tally)
        at_large(s, p, lv, t, tables, tally, found)
        told(s, p, tables)
        turn_over(s, p, lv, t, tables, tally, found)
        legalizations(s, p, lv, t, tables, tally, found)
        weekly_update.end_week(s, p, lv, t, tally, town_tally)
        done += 1
    return done


@compiled
def sought(s, purpose, block, bound, found):
    """Find the candidates of a block, and have their rows at hand; return how many they are.

    Rows lie apart, and reading them one by one waits for memory each time; read in a loop that does
    nothing else, the processor waits for many of them at once.
    """
    clock = s.clock[0]
    many = candidates(clock.seed, clock.week, purpose, block, len(s.residents), bound, found)
    seen = 0
    for c in range(many):
        r = s.residents[found[c]]
        seen += r.touched + r.custody
    # Always many: the sum is used, so that the compiler does not leave the reading out.
    return many if seen > -(1 << 40) else 0


@compiled
def blocks(s):
    """Return how many blocks of residents there are."""
    return (len(s.residents) + BLOCK - 1) // BLOCK


@compiled
def stops(s, p, lv, t, tables, tally, found):
    """Phase 2: officers stop residents on their beat."""
    seed, week = s.clock[0].seed, s.clock[0].week
    for block in range(blocks(s)):
        many = sought(s, luck.STOP_CANDIDATE, block, contact.STOP_BOUND, found)
        for c in range(many):
            i = found[c]
            r = s.residents[i]
            if r.custody != codes.FREE:
                continue
            place = s.neighborhoods[r.neighborhood]
            town = s.towns[place.town]
            law = lv[place.town]
            u, which = both(seed, week, luck.STOP, i)
            who = place.officer + int(which * place.officers)
            officer = s.officers[who]
            is_trained = contact.trained(law, officer.school)
            hazard = contact.stop_hazard(
                p,
                law,
                place.patrol,
                town.patrols,
                r.offending,
                r.latino,
                officer.bias,
                is_trained,
            )
            if u * contact.STOP_BOUND >= hazard:
                continue
            is_deputized = contact.deputized(law, officer.rank)
            bad = uniform(seed, week, luck.STOP_GOES_BADLY, i) < contact.badly_chance(
                p, officer.justice, is_trained, r.latino
            )
            asked = uniform(seed, week, luck.STOP_ASKED, i) < contact.asked_at_stop(
                p, law, r.latino
            )
            held = (
                asked
                and r.status == codes.UNDOCUMENTED
                and uniform(seed, week, luck.STOP_IDENTIFIED, i) < p.ask_identifies
                and uniform(seed, week, luck.STOP_HELD, i)
                < contact.arrested_for_status(p, law, is_deputized)
            )
            outcome = codes.STOP_NOTHING
            u_arrest = uniform(seed, week, luck.STOP_ARREST, i)
            arrested = u_arrest < contact.stop_arrest_chance(p, law, r.offending, r.status)
            if held or arrested:
                outcome = codes.STOP_ARREST
            elif uniform(seed, week, luck.STOP_CITATION, i) < p.citation_share:
                outcome = codes.STOP_CITATION
            k = journal.new_row(tables, journal.STOPS)
            row = tables.stops[k]
            row.week = week
            row.resident = i
            row.generation = r.generation
            row.officer = who
            row.bad = bad
            row.asked = asked
            row.identified = held
            row.outcome = outcome
            row.charge = policing.stop_charge(
                p,
                arrested,
                contact.conduct_chance(p, r.offending),
                u_arrest,
                uniform(seed, week, luck.STOP_CHARGE, i),
            )
            event_records.count_stop(s, t, tables, tally, k)


@compiled
def crimes(s, p, lv, tables, found):
    """Phase 3: offenders meet residents and act, or let it be."""
    seed, week = s.clock[0].seed, s.clock[0].week
    bound = crime.CRIME_BOUND
    for block in range(blocks(s)):
        many = sought(s, luck.CRIME_CANDIDATE, block, bound, found)
        for c in range(many):
            i = found[c]
            r = s.residents[i]
            if r.offending == 0.0 or not crime.at_liberty(p, r.custody):
                continue
            town = s.towns[s.neighborhoods[r.neighborhood].town]
            hazard = crime.offence_hazard(
                p,
                town.crime,
                r.offending,
                crime.removable(r.status, r.record),
                rows.risk_of(s, i),
            )
            acts, u = both(seed, week, luck.CRIME, i)
            if acts * bound >= crime.ACT_BOUND * hazard:
                continue
            kind = codes.PROPERTY
            if u < town.violent:
                kind = codes.VIOLENT
            elif u < town.violent + town.domestic:
                kind = codes.DOMESTIC
            victim = event_records.met(s, p, kind, i)
            if victim == i or s.residents[victim].custody != codes.FREE:
                continue
            v = s.residents[victim]
            act = crime.target_chance(
                p,
                s.learned[v.neighborhood, v.latino].reports,
                town.cleared,
                town.reports,
                town.clears,
            )
            if uniform(seed, week, luck.CRIME_TARGET, i) * crime.ACT_BOUND >= act:
                continue
            k = journal.new_row(tables, journal.CRIMES)
            event_records.write_crime(s, tables, k, kind, i, victim)


@compiled
def reports(s, p, lv, t, tables, tally):
    """Phase 4: victims decide whether to call, witnesses whether to come forward."""
    seed, week = s.clock[0].seed, s.clock[0].week
    for k in range(tables.mark[journal.CRIMES], tables.used[journal.CRIMES]):
        row = tables.crimes[k]
        i, by = row.victim, row.resident
        r = s.residents[i]
        law = event_records.levers_of(s, lv, i)
        chance = event_records.chance_to_report(s, p, law, i, row.kind)
        row.chance = chance
        row.reported = uniform(seed, week, luck.REPORT, by) < chance
        if not row.reported:
            continue
        if uniform(seed, week, luck.VICTIM_ASKED, by) < law.ask_victims:
            row.asked = 1
            if (
                r.status == codes.UNDOCUMENTED
                and uniform(seed, week, luck.VICTIM_IDENTIFIED, by) < p.ask_identifies
            ):
                row.asked = 2
                if uniform(seed, week, luck.VICTIM_PASSED_ON, by) < p.ask_hand_over:
                    row.asked = 3
        if uniform(seed, week, luck.WITNESS_THERE, by) >= reporting.witness_there(p, row.kind):
            continue
        place = s.neighborhoods[row.neighborhood]
        w = place.start + int(uniform(seed, week, luck.WITNESS_WHO, by) * (place.end - place.start))
        if w in (i, by) or s.residents[w].custody != codes.FREE:
            continue
        seen = s.residents[w]
        row.witness = w
        row.witness_generation = seen.generation
        feared = event_records.fear_of(s, p, law, w, law.ask_witnesses)
        chance = reporting.come_forward_chance(
            p, rows.trust_of(s, w), s.groups[rows.group_row(s, w)].rest, feared
        )
        row.came = uniform(seed, week, luck.WITNESS_COMES, by) < chance
        if row.came and uniform(seed, week, luck.WITNESS_ASKED, by) < law.ask_witnesses:
            row.witness_asked = 1
            if (
                seen.status == codes.UNDOCUMENTED
                and uniform(seed, week, luck.WITNESS_IDENTIFIED, by) < p.ask_identifies
            ):
                row.witness_asked = 2
                if uniform(seed, week, luck.WITNESS_PASSED_ON, by) < p.ask_hand_over:
                    row.witness_asked = 3


@compiled
def cases(s, p, lv, t, tables, tally):
    """Phase 5: officers investigate what was reported, within their hours."""
    seed, week = s.clock[0].seed, s.clock[0].week
    for k in range(tables.mark[journal.CRIMES], tables.used[journal.CRIMES]):
        row = tables.crimes[k]
        if row.reported:
            number = s.neighborhoods[row.neighborhood].town
            town = s.towns[number]
            chance = policing.clearance_chance(
                p,
                row.kind,
                town.free,
                town.case_hours / town.usual_hours,
                row.came,
            )
            row.clears = chance
            row.cleared = uniform(seed, week, luck.CLEARED, row.resident) < chance
            row.charge = policing.charge(
                p, row.kind, uniform(seed, week, luck.CASE_CHARGE, row.resident)
            )
        event_records.settle_case(s, p, t, tables, tally, k)


@compiled
def bookings(s, p, lv, t, tables, tally):
    """Phase 6: every arrest is booked, and whoever was passed on is known to ICE."""
    for k in range(tables.mark[journal.STOPS], tables.used[journal.STOPS]):
        row = tables.stops[k]
        if row.outcome == codes.STOP_ARREST:
            custody.book(
                s,
                p,
                lv,
                t,
                tables,
                tally,
                row.resident,
                int(row.charge),
                codes.FROM_STOP,
                row.identified != 0,
            )
    for k in range(tables.mark[journal.CRIMES], tables.used[journal.CRIMES]):
        row = tables.crimes[k]
        if row.cleared:
            custody.book(
                s, p, lv, t, tables, tally, row.resident, int(row.charge), codes.FROM_CASE, False
            )
        if row.asked == 3:
            custody.pass_on(s, t, tables, tally, row.victim, codes.FROM_VICTIM)
        if row.witness_asked == 3:
            custody.pass_on(s, t, tables, tally, row.witness, codes.FROM_WITNESS)


@compiled
def matches(s, p, lv, t, tables, tally):
    """Phase 7: ICE reviews matches, gravest first, and the jail honours its requests or not."""
    seed, week = s.clock[0].seed, s.clock[0].week
    for step in range(4):
        record = codes.RECORD_VIOLENT - step
        for k in range(tables.mark[journal.BOOKINGS], tables.used[journal.BOOKINGS]):
            booking = tables.bookings[k]
            if not booking.matched or booking.record != record:
                continue
            i, source = booking.resident, booking.source
            if custody.beyond_request(s, i):
                continue
            law = event_records.levers_of(s, lv, i)
            who = int(uniform(seed, week, luck.REVIEWER, i) * len(s.agents))
            chance = enforcement.applied_priority(
                enforcement.priority(law, record), s.agents[who].discretion
            )
            if uniform(seed, week, luck.PRIORITY, i, source) >= chance:
                continue
            if not field_office.spend(s, p.request_hours):
                continue
            aware = custody.walked_in(source)  # never jailed: ICE is told, and comes or not
            notification = aware or (
                uniform(seed, week, luck.REQUEST_KIND, i, source) < law.notification_share
            )
            demanded = uniform(seed, week, luck.WARRANT_DEMANDED, i, source)
            held = uniform(seed, week, luck.WARRANT_HELD, i, source)
            honored = aware or enforcement.jail_honors(
                p, law, record, demanded, held, uniform(seed, week, luck.HONORED, i, source)
            )
            followed = (
                honored
                and uniform(seed, week, luck.CUSTODY_FOLLOWS, i, source)
                < enforcement.follow_chance(p, notification)
                and field_office.spend(s, p.custody_hours)
            )
            custody.request(
                s,
                p,
                t,
                tables,
                tally,
                k,
                who,
                notification,
                enforcement.warrant_shown(p, law, record, demanded, held),
                honored,
                followed,
            )


@compiled
def releases(s, p, t, tables, tally):
    """Phase 7: jail terms, prison terms and ICE custody end in their week."""
    clock = s.clock[0]
    kept = 0
    held = clock.in_custody
    for n in range(held):
        i = np.int64(s.in_custody[n])
        if s.residents[i].until <= clock.week:
            custody.term_ends(s, p, t, tables, tally, i)
        now = s.residents[i].custody
        if now != codes.FREE and now != codes.REMOVED:
            s.in_custody[kept] = i
            kept += 1
    clock.in_custody = kept


@compiled
def at_large(s, p, lv, t, tables, tally, found):
    """Phase 7: ICE arrests at large, those it seeks and those it meets."""
    seed, week = s.clock[0].seed, s.clock[0].week
    operations = field_office.operations(s, p, lv)
    weights = field_office.target_weights(s, p, lv)
    if operations <= 0.0 or weights <= 0.0:
        return
    bound = enforcement.AT_LARGE_BOUND
    for block in range(blocks(s)):
        many = sought(s, luck.AT_LARGE_CANDIDATE, block, bound, found)
        for c in range(many):
            i = found[c]
            r = s.residents[i]
            if not rows.undocumented_at_large(s, i):
                continue
            law = event_records.levers_of(s, lv, i)
            hazard = enforcement.at_large_hazard(
                operations, enforcement.target_weight(p, law, r.record, r.wanted), weights
            )
            if uniform(seed, week, luck.AT_LARGE, i) * bound >= hazard:
                continue
            custody.take(s, p, t, tables, tally, i, codes.FROM_AT_LARGE, int(r.record), -1)
            near = event_records.near(s, i)
            chance = enforcement.collateral_chance(p, law, near)
            if chance <= 0.0:
                continue
            for n in range(r.household + TIES):
                j = rows.close_to(s, i, n)
                if (
                    j >= 0
                    and rows.undocumented_at_large(s, j)
                    and uniform(seed, week, luck.COLLATERAL, j, n) < chance
                ):
                    custody.take(
                        s,
                        p,
                        t,
                        tables,
                        tally,
                        j,
                        codes.FROM_COLLATERAL,
                        int(s.residents[j].record),
                        i,
                    )


@compiled
def told(s, p, tables):
    """Phase 8: what happened is lived through, and told to household and ties, once."""
    for k in range(tables.mark[journal.STOPS], tables.used[journal.STOPS]):
        hearsay.after_stop(s, p, tables, k)
    for k in range(tables.mark[journal.CRIMES], tables.used[journal.CRIMES]):
        if tables.crimes[k].reported:
            hearsay.after_report(s, p, tables, k)
    for k in range(tables.mark[journal.TRANSFERS], tables.used[journal.TRANSFERS]):
        hearsay.after_transfer(s, p, tables, k)
    for k in range(tables.mark[journal.DEPARTURES], tables.used[journal.DEPARTURES]):
        hearsay.after_departure(s, p, tables, k)


@compiled
def turn_over(s, p, lv, t, tables, tally, found):
    """Phase 9: people leave and others come; some from federal prison."""
    seed, week = s.clock[0].seed, s.clock[0].week
    bound = demography.TURNOVER_BOUND
    for block in range(blocks(s)):
        many = sought(s, luck.TURNOVER_CANDIDATE, block, bound, found)
        for c in range(many):
            i = found[c]
            r = s.residents[i]
            hazard = demography.turnover_hazard(p, r.custody)
            if uniform(seed, week, luck.TURNOVER, i) * bound >= hazard:
                continue
            status = demography.newcomer_status(r.status)
            years = demography.newcomer_years(p, status, uniform(seed, week, luck.NEW_YEARS, i))
            kind = demography.newcomer_kind(
                p, status, years, uniform(seed, week, luck.ARRIVAL_KIND, i)
            )
            law = event_records.levers_of(s, lv, i)
            federal = 0
            if demography.from_federal_prison(
                p, status, uniform(seed, week, luck.FEDERAL_RELEASE, i)
            ):
                to_jail = uniform(seed, week, luck.FEDERAL_TO_JAIL, i) < law.prison_to_local
                federal = 2 if to_jail else 1
            turnover.replace(s, p, t, tables, tally, i, kind, federal, years, status)
            if federal > 0:
                custody.federal_release(s, p, law, t, tables, tally, i, federal)


@compiled
def legalizations(s, p, lv, t, tables, tally, found):
    """Phase 10: eligible undocumented residents come forward, where the law lets them."""
    seed, week = s.clock[0].seed, s.clock[0].week
    if lv[0].legalization_uptake <= 0.0:
        return
    bound = enforcement.LEGAL_BOUND
    for block in range(blocks(s)):
        many = sought(s, luck.LEGAL_CANDIDATE, block, bound, found)
        for c in range(many):
            i = found[c]
            r = s.residents[i]
            if not rows.undocumented_at_large(s, i):
                continue
            hazard = enforcement.legal_hazard(
                p,
                event_records.levers_of(s, lv, i),
                r.record,
                event_records.years_here(s, i),
                uniform(seed, 0, luck.LEGAL_WILLING, i - r.member),
            )
            if uniform(seed, week, luck.LEGAL, i) * bound < hazard:
                turnover.register(s, t, tables, tally, i)
