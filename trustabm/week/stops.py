"""Phase 2: officers stop residents on their beat."""

from __future__ import annotations

from typing import NamedTuple

from trustabm.rules import codes, contact, luck, policing
from trustabm.rules.compiling import compiled, inlined
from trustabm.rules.luck import BLOCK, uniform
from trustabm.state import journal, rows
from trustabm.week import worry
from trustabm.week.expecting import at_stake, expect_bookings
from trustabm.week.week import blocks, blocks_of, count_of, lots, sought_below
from trustabm.week.whereabouts import met_at, town_by


class Stop(NamedTuple):
    """What was decided in a stop."""

    officer: int
    badly: bool  # it went badly in the eyes of the person stopped
    asked: bool  # about immigration status
    for_status: bool  # an arrest for lack of it
    arrested: bool  # for an offence
    cited: bool
    charge: int  # of an arrest


@inlined
def levers_by(w, who):
    """Return the levers in force where officer `who` serves."""
    return w.levers[town_by(w, who)]


@inlined
def is_trained(w, who):
    """Return whether officer `who` is trained in procedural justice."""
    return contact.trained(levers_by(w, who), w.state.officers[who].school)


@inlined
def is_deputized(w, who):
    """Return whether officer `who` acts as an immigration officer."""
    return contact.deputized(levers_by(w, who), w.state.officers[who].rank)


@inlined
def officer_met(w, i):
    """Return the officer whom resident `i` may meet this week."""
    place = w.state.neighborhoods[met_at(w, i)]
    return place.officer + int(uniform(w.seed, w.now, luck.STOP, i, 1) * place.officers)


@inlined
def stops(w, i, who):
    """Decide whether officer `who` stops resident `i`, who is not to be met when staying in."""
    r, officer = w.state.residents[i], w.state.officers[who]
    place = w.state.neighborhoods[met_at(w, i)]
    levers = w.levers[place.town]
    hazard = contact.stop_hazard(
        w.p,
        levers,
        place.patrol,
        w.state.towns[place.town].patrols,
        r.offending,
        rows.weights_of(w.state, i).stops,
        officer.bias,
        contact.trained(levers, officer.school),
    )
    u = uniform(w.seed, w.now, luck.STOP, i)
    return u * contact.STOP_BOUND < hazard and not worry.stays_in(w, i)


@inlined
def treats_badly(w, i, who):
    """Return whether the stop goes badly in the eyes of resident `i`."""
    officer = w.state.officers[who]
    is_trained = contact.trained(levers_by(w, who), officer.school)
    weight = rows.weights_of(w.state, i).badly
    chance = contact.badly_chance(w.p, officer.justice, is_trained, weight)
    return uniform(w.seed, w.now, luck.STOP_GOES_BADLY, i) < chance


@inlined
def asking_chance(w, i, who):
    """Return the chance that officer `who` asks resident `i` about immigration status."""
    levers = levers_by(w, who)
    is_trained = contact.trained(levers, w.state.officers[who].school)
    return contact.asked_at_stop(w.p, levers, rows.weights_of(w.state, i).asked, is_trained)


@inlined
def asks_status(w, i, who):
    """Decide whether officer `who` asks resident `i` about immigration status."""
    return uniform(w.seed, w.now, luck.STOP_ASKED, i) < asking_chance(w, i, who)


@inlined
def status_chance(w, i, who):
    """Return the chance that officer `who` arrests resident `i`, found out, for lack of status."""
    levers = levers_by(w, who)
    if w.state.residents[i].status != codes.UNDOCUMENTED:
        return 0.0
    is_deputized = contact.deputized(levers, w.state.officers[who].rank)
    return contact.arrested_for_status(w.p, levers, is_deputized)


@inlined
def arrests_for_status(w, i, who):
    """Decide whether officer `who` arrests resident `i`, who was asked, for lack of status."""
    chance = status_chance(w, i, who)
    return (
        chance > 0.0
        and uniform(w.seed, w.now, luck.STOP_IDENTIFIED, i) < w.p.ask_identifies
        and uniform(w.seed, w.now, luck.STOP_HELD, i) < chance
    )


@inlined
def arrest_chances(w, i, who):
    """Return the chances of an arrest for an offence, and of one in place of a citation."""
    r, officer, levers = w.state.residents[i], w.state.officers[who], levers_by(w, who)
    weight = rows.weights_of(w.state, i).stops
    is_trained = contact.trained(levers, officer.school)
    # Where nobody undocumented lives there is nobody to be found by arrests.
    instead = 0.0
    if w.state.towns[town_by(w, who)].undocumented > 0:
        instead = contact.arrests_instead(w.p, levers, weight, officer.bias, is_trained)
    offence = contact.stop_arrest_chance(w.p, levers, r.offending, r.status)
    return offence, w.p.citation_share * instead


@inlined
def arrests(w, i, who):
    """Decide whether the stop by officer `who` ends in an arrest for an offence."""
    offence, instead = arrest_chances(w, i, who)
    return (
        uniform(w.seed, w.now, luck.STOP_ARREST, i) < offence
        or uniform(w.seed, w.now, luck.STOP_CITATION, i) < instead
    )


@inlined
def charges(w, i, arrested):
    """Return what an arrest is charged as; nothing where it is for status alone."""
    return policing.stop_charge(
        w.p,
        arrested,
        contact.conduct_chance(w.p, w.state.residents[i].offending),
        uniform(w.seed, w.now, luck.STOP_ARREST, i),
        uniform(w.seed, w.now, luck.STOP_CHARGE, i),
    )


@inlined
def cites(w, i):
    """Decide whether a stop without an arrest ends in a citation."""
    return uniform(w.seed, w.now, luck.STOP_CITATION, i) < w.p.citation_share


@inlined
def write(w, i, stop):
    """Write down a stop of resident `i`, and count it."""
    k = journal.new_row(w.tables, journal.STOPS)
    row = w.tables.stops[k]
    row.week = w.now
    row.resident = i
    row.generation = w.state.residents[i].generation
    row.officer = stop.officer
    row.bad = stop.badly
    row.asked = stop.asked
    row.identified = stop.for_status
    row.charge = stop.charge
    row.outcome = codes.STOP_NOTHING
    count = count_of(w, i)
    count.stops += 1.0
    count.bad_stops += stop.badly
    count.asked += stop.asked
    if stop.for_status or stop.arrested:
        row.outcome = codes.STOP_ARREST
    elif stop.cited:
        row.outcome = codes.STOP_CITATION
        count.citations += 1.0


@compiled
def expect(w):
    """Count the arrests that were to be expected of this week's stops, less those there are."""
    for k in range(w.tables.mark[journal.STOPS], w.tables.used[journal.STOPS]):
        stop = w.tables.stops[k]
        i, who = stop.resident, stop.officer
        if not at_stake(w, i):
            continue
        offence, instead = arrest_chances(w, i, who)
        held = asking_chance(w, i, who) * w.p.ask_identifies * status_chance(w, i, who)
        booked = (1.0 - held) * (1.0 - (1.0 - offence) * (1.0 - instead))
        is_booked = stop.outcome == codes.STOP_ARREST and not stop.identified
        for known in range(2):
            many = held - stop.identified if known else booked - is_booked
            expect_bookings(w, i, many, known != 0, town_by(w, who))


SPARE = 1.0 + 1e-9
"""For what is rounded where a hazard is worked out another way."""


@inlined
def heaviest(w):
    """Return the most that officers' bias is held against any ethnic group."""
    most = 0.0
    for ethnicity in range(len(w.state.ethnicities)):
        most = max(most, w.state.ethnicities[ethnicity].stops)
    return most


@inlined
def most_hazard(w, block, weight):
    """Return the weekly chance of a stop that nobody in a block who offends as usual has more of.

    Args:
        w: The week.
        block: The block.
        weight: The most that bias is held against anybody.
    """
    residents = w.state.residents
    end = min((block + 1) * BLOCK, len(residents))
    most = 0.0
    for b in range(residents[block * BLOCK].neighborhood, residents[end - 1].neighborhood + 1):
        place = w.state.neighborhoods[b]
        levers = w.levers[place.town]
        for who in range(place.officer, place.officer + place.officers):
            officer = w.state.officers[who]
            hazard = contact.stop_hazard(
                w.p,
                levers,
                place.patrol,
                w.state.towns[place.town].patrols,
                1.0,
                weight,
                officer.bias,
                contact.trained(levers, officer.school),
            )
            most = max(most, hazard)
    return most


@inlined
def most_anywhere(w, weight):
    """Return the same of all blocks where some work in another county and are stopped there."""
    most = 0.0
    if len(w.state.workers) > 0:
        for block in range(blocks(w)):
            most = max(most, most_hazard(w, block, weight))
    return most


@inlined
def _may_be_stopped(w, block, weight, anywhere, many):
    """Add those of a block who may be stopped to the `many` in `w.sought`."""
    usual = SPARE * max(anywhere, most_hazard(w, block, weight))
    most = usual * contact.cause(w.p, 0.0)
    more, bound = usual * contact.cause(w.p, 1.0) - most, contact.STOP_BOUND
    return sought_below(w, block, luck.STOP_CANDIDATE, bound, luck.STOP, most, more, many)


@inlined
def phase(w):
    """Carry out the phase."""
    weight = heaviest(w)
    anywhere = most_anywhere(w, weight)
    for lot in range(lots(w)):
        many = 0
        for block in blocks_of(w, lot):
            many = _may_be_stopped(w, block, weight, anywhere, many)
        for c in range(many):
            i = w.sought[c]
            who = officer_met(w, i)
            if w.state.residents[i].custody != codes.FREE or not stops(w, i, who):
                continue
            asked = asks_status(w, i, who)
            arrested = arrests(w, i, who)
            stop = Stop(
                who,
                treats_badly(w, i, who),
                asked,
                asked and arrests_for_status(w, i, who),
                arrested,
                cites(w, i),
                charges(w, i, arrested),
            )
            write(w, i, stop)
    expect(w)
