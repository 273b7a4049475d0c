"""Phase 3: offenders meet residents and act, or let it be."""

from __future__ import annotations

from typing import NamedTuple

from trustabm.rules import codes, crime, luck, policing
from trustabm.rules.compiling import inlined
from trustabm.rules.fetching import fetch
from trustabm.rules.luck import BLOCK, uniform
from trustabm.state import journal, rows
from trustabm.week import believing, reports, worry
from trustabm.week.expecting import at_stake, expect_bookings, rounded
from trustabm.week.week import blocks_of, count_of, lots, sought_below
from trustabm.week.whereabouts import met_at, one_there, scene, town_at

MEETINGS = 2
"""Over how many of those whom an offender could meet what is to be expected is averaged."""


class Opportunity(NamedTuple):
    """Whom an offender meets, and what is likely then."""

    victim: int  # -1: nobody
    act: float  # chance that the offender acts
    report: float  # chance that the victim then reports it


@inlined
def wants_to_offend(w, i):
    """Decide whether resident `i` looks for a target this week."""
    r = w.state.residents[i]
    if r.offending == 0.0 or not crime.at_liberty(w.p, r.custody):
        return False
    can_be_removed = crime.removable(r.status, r.record)
    hazard = crime.offence_hazard(
        w.p,
        w.state.towns[rows.town_of(w.state, i)].crime,
        r.offending,
        can_be_removed,
        believing.risk_of(w, i) if can_be_removed else 0.0,
    )
    return uniform(w.seed, w.now, luck.CRIME, i) * crime.CRIME_BOUND < crime.ACT_BOUND * hazard


@inlined
def kind_of_crime(w, i):
    """Return VIOLENT, PROPERTY or DOMESTIC."""
    town = w.state.towns[rows.town_of(w.state, i)]
    u = uniform(w.seed, w.now, luck.CRIME, i, 1)
    if u < town.violent:
        return codes.VIOLENT
    return codes.DOMESTIC if u < town.violent + town.domestic else codes.PROPERTY


@inlined
def met(w, i, kind):
    """Return whom offender `i` meets, of the household or of a neighborhood; -1: nobody.

    Who is in custody is met by nobody, and who stays in only at home.
    """
    return one_met(w, i, kind, uniform(w.seed, w.now, luck.CRIME_VICTIM, i))


@inlined
def one_met(w, i, kind, u):
    """Return whom offender `i` meets, as `met` does, where the draw of whom is `u`."""
    other = whom_drawn(w, i, kind, u)
    if other < 0 or other == i or w.state.residents[other].custody != codes.FREE:
        return -1
    return -1 if kind != codes.DOMESTIC and worry.stays_in(w, other) else other


@inlined
def whom_drawn(w, i, kind, u):
    """Return who lives where the draw of whom offender `i` meets falls; -1: lives alone."""
    r = w.state.residents[i]
    if kind == codes.DOMESTIC:
        if r.household < 2:
            return -1
        first = i - r.member
        other = first + int(u * (r.household - 1))
        return other + 1 if other >= i else other
    block = met_at(w, i)
    far = uniform(w.seed, w.now, luck.CRIME_PLACE, i)
    if far >= w.p.near_crime:
        town = w.state.towns[town_at(w, block)]
        pick = (far - w.p.near_crime) / (1.0 - w.p.near_crime)
        block = town.first + int(pick * (town.last - town.first))
    return one_there(w, block, u)


@inlined
def chance_to_act(w, i, victim):
    """Return the chance that offender `i` acts: how likely is it to be caught with this victim?"""
    s, block = w.state, scene(w, victim, i)
    town = s.towns[town_at(w, block)]
    act = crime.target_chance(
        w.p,
        s.learned[block, rows.ethnicity_of(s, victim)].reports,
        town.cleared,
        town.reports,
        town.clears,
    )
    return act / crime.ACT_BOUND


@inlined
def acts(w, i, chance):
    """Decide whether offender `i`, who does so with this chance, acts on an opportunity."""
    return uniform(w.seed, w.now, luck.CRIME_TARGET, i) < chance


@inlined
def expect(w, i, kind):
    """Count what is to be expected of an opportunity, and return what offender `i` finds.

    As well as whom the offender does meet, others could be met: they are taken evenly from those
    who lie in order of ethnic group and household, so that little luck is left in who it is.
    """
    u = uniform(w.seed, w.now, luck.CRIME_VICTIM, i)
    found = Opportunity(-1, 0.0, 0.0)
    for other in range(MEETINGS - 1, -1, -1):  # the one who is met is the last
        found = opportunity(w, i, kind, also(u, other))
        if found.victim >= 0:
            count_expected(w, i, kind, found)
    return found


@inlined
def also(u, other):
    """Return the draw of whom an offender meets, turned on for one of those who could be met."""
    turned = u + other / MEETINGS
    return turned - 1.0 if turned >= 1.0 else turned


@inlined
def opportunity(w, i, kind, u):
    """Return whom offender `i` meets where the draw of whom is `u`, and what is likely then."""
    victim = one_met(w, i, kind, u)
    if victim < 0:
        return Opportunity(-1, 0.0, 0.0)
    act = chance_to_act(w, i, victim)
    return Opportunity(victim, act, reports.chance_to_report(w, victim, kind, i))


@inlined
def count_expected(w, i, kind, found):
    """Count a crime by offender `i`, and its report, as far as they are to be expected."""
    count, act = count_of(w, found.victim), found.act / MEETINGS
    crimes, reported = rounded(act), rounded(act * found.report)
    if kind == codes.VIOLENT:
        count.expected_violent += crimes
        count.expected_reported_violent += reported
    elif kind == codes.PROPERTY:
        count.expected_property += crimes
        count.expected_reported_property += reported
    else:
        count.expected_domestic += crimes
        count.expected_reported_domestic += reported
    if at_stake(w, i):
        many = reported * policing.usual_clearance(w.p, kind)
        expect_bookings(w, i, many, False, town_at(w, scene(w, found.victim, i)))


@inlined
def write(w, i, victim, kind, chance):
    """Write down a crime that nobody has reported yet, and the victim's chance to."""
    v = w.state.residents[victim]
    row = w.tables.crimes[journal.new_row(w.tables, journal.CRIMES)]
    row.week = w.now
    row.resident = i
    row.generation = w.state.residents[i].generation
    row.victim = victim
    row.victim_generation = v.generation
    row.witness = -1
    row.witness_generation = -1
    row.neighborhood = scene(w, victim, i)
    row.kind = kind
    row.reported = 0
    row.came = 0
    row.cleared = 0
    row.charge = 0
    row.asked = codes.NOT_ASKED
    row.witness_asked = codes.NOT_ASKED
    row.chance = chance
    row.clears = 0.0


@inlined
def _may_offend(w, block, many):
    """Add those of a block who may look for a target to the `many` in `w.sought`."""
    residents = w.state.residents
    first, last = residents[block * BLOCK], residents[min((block + 1) * BLOCK, len(residents)) - 1]
    most = 0.0
    for k in range(first.town, last.town + 1):
        most = max(most, crime.ACT_BOUND * w.state.towns[k].crime)
    bound = crime.CRIME_BOUND
    return sought_below(w, block, luck.CRIME_CANDIDATE, bound, luck.CRIME, 0.0, most, many)


@inlined
def _want_to_offend(w, lot):
    """Put those of a lot who look for a target into `w.sought`; return how many."""
    found = many = 0
    for block in blocks_of(w, lot):
        found = _may_offend(w, block, found)
    for c in range(found):
        i = w.sought[c]
        if wants_to_offend(w, i):
            w.sought[many] = i
            many += 1
    return many


@inlined
def _fetch_met(w, i):
    """Ask for the rows of those whom resident `i` could meet."""
    kind, u = kind_of_crime(w, i), uniform(w.seed, w.now, luck.CRIME_VICTIM, i)
    for other in range(MEETINGS):
        fetch(w.state.residents, whom_drawn(w, i, kind, also(u, other)))


@inlined
def phase(w):
    """Carry out the phase."""
    for lot in range(lots(w)):
        many = _want_to_offend(w, lot)
        for c in range(many):
            _fetch_met(w, w.sought[c])
        for c in range(many):
            i = w.sought[c]
            kind = kind_of_crime(w, i)
            found = expect(w, i, kind)
            if found.victim >= 0 and acts(w, i, found.act):
                write(w, i, found.victim, kind, found.report)
