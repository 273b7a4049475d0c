"""Phase 3: offenders meet residents and act, or let it be."""

from __future__ import annotations

from trustabm.rules import codes, crime, luck
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.week import believing, worry
from trustabm.week.week import blocks, sought


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
    r = w.state.residents[i]
    u = uniform(w.seed, w.now, luck.CRIME_VICTIM, i)
    if kind == codes.DOMESTIC:
        if r.household < 2:
            return -1
        first = i - r.member
        other = first + int(u * (r.household - 1))
        other += 1 if other >= i else 0
    else:
        place = w.state.neighborhoods[r.neighborhood]
        far = uniform(w.seed, w.now, luck.CRIME_PLACE, i)
        if far >= w.p.near_crime:
            town = w.state.towns[place.town]
            pick = (far - w.p.near_crime) / (1.0 - w.p.near_crime)
            place = w.state.neighborhoods[town.first + int(pick * (town.last - town.first))]
        other = place.start + int(u * (place.end - place.start))
    if other == i or w.state.residents[other].custody != codes.FREE:
        return -1
    return -1 if kind != codes.DOMESTIC and worry.stays_in(w, other) else other


@inlined
def dares(w, i, victim):
    """Decide whether offender `i` acts: how likely is it to be caught with this victim here?"""
    s, v = w.state, w.state.residents[victim]
    town = s.towns[rows.town_of(s, i)]
    act = crime.target_chance(
        w.p,
        s.learned[v.neighborhood, rows.ethnicity_of(s, victim)].reports,
        town.cleared,
        town.reports,
        town.clears,
    )
    return uniform(w.seed, w.now, luck.CRIME_TARGET, i) * crime.ACT_BOUND < act


@inlined
def write(w, i, victim, kind):
    """Write down a crime that nobody has reported yet."""
    v = w.state.residents[victim]
    row = w.tables.crimes[journal.new_row(w.tables, journal.CRIMES)]
    row.week = w.now
    row.resident = i
    row.generation = w.state.residents[i].generation
    row.victim = victim
    row.victim_generation = v.generation
    row.witness = -1
    row.witness_generation = -1
    row.neighborhood = v.neighborhood
    row.kind = kind
    row.reported = 0
    row.came = 0
    row.cleared = 0
    row.charge = 0
    row.asked = codes.NOT_ASKED
    row.witness_asked = codes.NOT_ASKED
    row.chance = 0.0
    row.clears = 0.0


@inlined
def phase(w):
    """Carry out the phase."""
    for block in range(blocks(w)):
        for c in range(sought(w, block, luck.CRIME_CANDIDATE, crime.CRIME_BOUND)):
            i = w.found[c]
            if wants_to_offend(w, i):
                kind = kind_of_crime(w, i)
                victim = met(w, i, kind)
                if victim >= 0 and dares(w, i, victim):
                    write(w, i, victim, kind)
