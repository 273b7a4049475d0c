"""Phase 5: officers investigate what was reported, within their hours."""

from __future__ import annotations

from typing import NamedTuple

from trustabm.rules import codes, luck, policing, reporting
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.state.layout import CHANCE
from trustabm.week.expecting import at_stake, expect_bookings
from trustabm.week.week import count_of
from trustabm.week.whereabouts import town_at


class Work(NamedTuple):
    """What came of an investigation."""

    chance: float  # of being cleared
    cleared: bool
    charge: int


@compiled
def detective(w, case):
    """Return the officer of the beat who works a case."""
    place = w.state.neighborhoods[case.neighborhood]
    u = uniform(w.seed, w.now, luck.DETECTIVE, case.resident)
    return place.officer + int(u * place.officers)


@compiled
def work(w, case, who):
    """Officer `who` investigates a reported case within the hours there are.

    What immigration work and outreach leave is shared out by each officer's hours.
    """
    town = w.state.towns[w.state.neighborhoods[case.neighborhood].town]
    own = w.state.officers[who].hours * town.officers / town.hours
    chance = policing.clearance_chance(
        w.p, case.kind, town.free * own, town.case_hours / town.usual_hours, case.came
    )
    u = uniform(w.seed, w.now, luck.CASE_CHARGE, case.resident)
    return Work(
        chance,
        uniform(w.seed, w.now, luck.CLEARED, case.resident) < chance,
        policing.charge(w.p, case.kind, u),
    )


@compiled
def settle(w, case):
    """Count a crime whose story is complete, and let offenders and the department learn of it."""
    count = count_of(w, case.victim)
    town = w.state.towns[w.state.neighborhoods[case.neighborhood].town]
    learned = w.state.learned[case.neighborhood, rows.ethnicity_of(w.state, case.victim)]
    learned.crimes += 1
    # Relative to crimes of its kind: which kinds came up this week teaches offenders nothing.
    told = case.chance / reporting.usual_reporting(w.p, case.kind) * town.reports
    learned.reported += int(told * CHANCE)
    if case.kind == codes.VIOLENT:
        count.violent += 1.0
        count.reported_violent += case.reported
    elif case.kind == codes.PROPERTY:
        count.property += 1.0
        count.reported_property += case.reported
    else:
        count.domestic += 1.0
        count.reported_domestic += case.reported
    if not case.reported:
        return
    town.week_reported += 1
    solved = case.clears / policing.usual_clearance(w.p, case.kind) * town.clears
    town.week_cleared += int(solved * CHANCE)
    town.week_case_hours += policing.case_hours(w.p, case.kind)
    if case.kind == codes.PROPERTY:
        count.cleared_property += case.cleared
    else:
        count.cleared_violent += case.cleared
    if case.witness >= 0:
        seen = count_of(w, case.witness)
        seen.witnesses += 1.0
        seen.witnesses_came += case.came


@compiled
def usual_chance(w, k, kind):
    """Return the chance that town `k` clears a case this week, officers and witnesses averaged."""
    town, seen = w.state.towns[k], reporting.witness_there(w.p, kind) * w.p.witness_report
    return policing.clearance_chance(w.p, kind, town.free, town.case_hours / town.usual_hours, seen)


@compiled
def expect(w):
    """Count the cases that were to be expected to be cleared, and arrests less those there are.

    What more was to be reported is cleared as often as is usual this week.
    """
    for k in range(w.tables.mark[journal.CRIMES], w.tables.used[journal.CRIMES]):
        case = w.tables.crimes[k]
        if not case.reported:
            continue
        count, i = count_of(w, case.victim), case.resident
        if case.kind == codes.PROPERTY:
            count.expected_cleared_property += case.clears
        else:
            count.expected_cleared_violent += case.clears
        if at_stake(w, i):
            counted = case.cleared + policing.usual_clearance(w.p, case.kind)
            town = town_at(w, case.neighborhood)
            expect_bookings(w, i, case.clears - counted, False, town)
    for k in range(len(w.state.towns)):
        violent, domestic = usual_chance(w, k, codes.VIOLENT), usual_chance(w, k, codes.DOMESTIC)
        theft = usual_chance(w, k, codes.PROPERTY)
        for pair in range(len(w.state.pairs)):
            count = w.tally[k, pair]
            more = count.expected_reported_violent - count.reported_violent
            count.expected_cleared_violent += violent * more
            more = count.expected_reported_domestic - count.reported_domestic
            count.expected_cleared_violent += domestic * more
            more = count.expected_reported_property - count.reported_property
            count.expected_cleared_property += theft * more


@compiled
def phase(w):
    """Carry out the phase."""
    for k in range(w.tables.mark[journal.CRIMES], w.tables.used[journal.CRIMES]):
        case = w.tables.crimes[k]
        if case.reported:
            done = work(w, case, detective(w, case))
            case.clears = done.chance
            case.cleared = done.cleared
            case.charge = done.charge
        settle(w, case)
    expect(w)
