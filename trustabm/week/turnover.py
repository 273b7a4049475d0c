"""Phases 9 and 10: who leaves, who takes a place, and who registers."""

from __future__ import annotations

from typing import NamedTuple

from trustabm.rules import codes, crime, demography, enforcement, luck
from trustabm.rules.compiling import inlined
from trustabm.rules.fetching import fetch
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.state.layout import LACKS_STATUS
from trustabm.week import believing
from trustabm.week.custody import federal_release
from trustabm.week.week import (
    blocks_of,
    count_of,
    levers_of,
    lots,
    sought_below,
    sought_of,
    years_here,
)


class Newcomer(NamedTuple):
    """Who takes a place."""

    status: int
    years: int  # in the country
    kind: int  # how they came: BORN, MOVED, ARRIVED
    federal: int  # where they went from federal prison: NOT_FEDERAL, TO_ICE, TO_JAIL


@inlined
def gives_way(w, i):
    """Decide whether place `i` changes hands this week, or an empty one is taken."""
    hazard = demography.turnover_hazard(w.p, w.state.residents[i].custody)
    return uniform(w.seed, w.now, luck.TURNOVER, i) * demography.TURNOVER_BOUND < hazard


@inlined
def newcomer(w, i):
    """Return who takes place `i`, drawn by place and week alone."""
    p = w.p
    status = demography.newcomer_status(w.state.residents[i].status)
    years = demography.newcomer_years(p, status, uniform(w.seed, w.now, luck.NEW_YEARS, i))
    u = uniform(w.seed, w.now, luck.ARRIVAL_KIND, i)
    kind = demography.newcomer_kind(p, status, years, u)
    federal = codes.NOT_FEDERAL
    u = uniform(w.seed, w.now, luck.FEDERAL_RELEASE, i)
    if demography.from_federal_prison(p, status, u):
        to_jail = levers_of(w, i).prison_to_local
        u = uniform(w.seed, w.now, luck.FEDERAL_TO_JAIL, i)
        federal = codes.TO_JAIL if u < to_jail else codes.TO_ICE
    return Newcomer(status, years, kind, federal)


@inlined
def give_past(w, i, federal):
    """Give resident `i`, who is new, a record and offending."""
    r, p = w.state.residents[i], w.p
    r.offending = 0.0
    r.record = codes.RECORD_NONE
    u = uniform(w.seed, w.now, luck.NEW_OFFENDER, i)
    if u >= p.offender_share and not federal:
        return
    r.offending = (
        crime.weight(p, uniform(w.seed, w.now, luck.NEW_OFFENDING, i))
        * demography.offending_by_status(p, r.status)
        / (p.offender_share * crime.mean_weight(p) * w.state.towns[rows.town_of(w.state, i)].factor)
    )
    r.record = demography.first_record(p, federal, uniform(w.seed, w.now, luck.NEW_RECORD, i))


@inlined
def replace(w, i):
    """Give place `i` to a newcomer."""
    s, p = w.state, w.p
    r = s.residents[i]
    new = newcomer(w, i)
    was_undocumented = r.status == codes.UNDOCUMENTED and r.custody != codes.REMOVED
    rows.counted(s, i, -1)
    r.custody = codes.FREE
    r.until = 0
    r.cause = 0
    r.wanted = 0
    r.exposed = rows.NEVER
    r.generation += 1
    r.status = new.status
    r.arrived = w.now - 52 * new.years
    give_past(w, i, new.federal != codes.NOT_FEDERAL)
    rows.regroup(s, i, True)
    believing.begin_anew(s, p, w.seed, w.now, i)
    rows.counted(s, i, 1)
    if new.status == codes.UNDOCUMENTED or was_undocumented:
        rows.ripple(s, i)
    count_of(w, i).arrivals += 1.0
    row = w.tables.arrivals[journal.new_row(w.tables, journal.ARRIVALS)]
    row.week = w.now
    row.resident = i
    row.generation = r.generation
    row.kind = new.kind
    row.federal = new.federal
    row.status = new.status
    if new.federal != codes.NOT_FEDERAL:
        federal_release(w, i, new.federal)


@inlined
def comes_forward(w, i):
    """Decide whether resident `i` comes forward for legalization this week."""
    if not rows.undocumented_at_large(w.state, i):
        return False
    r = w.state.residents[i]
    hazard = enforcement.legal_hazard(
        w.p,
        levers_of(w, i),
        r.record,
        years_here(w, i),
        uniform(w.seed, 0, luck.LEGAL_WILLING, i - r.member),
    )
    return uniform(w.seed, w.now, luck.LEGAL, i) * enforcement.LEGAL_BOUND < hazard


@inlined
def register(w, i):
    """Register resident `i` provisionally: no longer removable for status."""
    s = w.state
    count_of(w, i).legalized += 1.0
    row = w.tables.legalizations[journal.new_row(w.tables, journal.LEGALIZATIONS)]
    row.week = w.now
    row.resident = i
    row.generation = s.residents[i].generation
    row.years = years_here(w, i)
    rows.counted(s, i, -1)
    s.residents[i].status = codes.REGISTERED
    rows.regroup(s, i, False)
    rows.counted(s, i, 1)
    rows.ripple(s, i)


@inlined
def _may_change(w, block, many):
    """Add the places of a block that may change hands to the `many` in `w.sought`."""
    most = max(
        demography.turnover_hazard(w.p, codes.FREE), demography.turnover_hazard(w.p, codes.REMOVED)
    )
    bound = demography.TURNOVER_BOUND
    return sought_below(w, block, luck.TURNOVER_CANDIDATE, bound, luck.TURNOVER, most, 0.0, many)


@inlined
def arrivals(w):
    """Phase 9: people leave and others come; some from federal prison."""
    for lot in range(lots(w)):
        many = 0
        for block in blocks_of(w, lot):
            many = _may_change(w, block, many)
        for c in range(many):
            fetch(w.state.ties, w.sought[c])
        for c in range(many):
            i = w.sought[c]
            if gives_way(w, i):
                replace(w, i)


@inlined
def legalizations(w):
    """Phase 10: eligible undocumented residents come forward, where the law lets them."""
    if w.levers[0].legalization_uptake > 0.0:
        for lot in range(lots(w)):
            many, bound = 0, enforcement.LEGAL_BOUND
            for block in blocks_of(w, lot):
                many = sought_of(w, block, luck.LEGAL_CANDIDATE, bound, LACKS_STATUS, many)
            for c in range(many):
                i = w.sought[c]
                if comes_forward(w, i):
                    register(w, i)
