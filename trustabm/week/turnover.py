"""Phases 9 and 10: who takes a place, and who registers."""

from __future__ import annotations

from trustabm.rules import codes, crime, demography, luck
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform
from trustabm.state import journal, rows
from trustabm.week import event_records


@compiled
def replace(s, p, t, tables, tally, i, kind, federal, years, status):
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
    r.generation += 1
    r.status = status
    r.arrived = week - 52 * years
    u = uniform(seed, week, luck.NEW_OFFENDER, i)
    r.offending = 0.0
    r.record = codes.RECORD_NONE
    offends = u < p.offender_share or federal > 0
    if offends:
        r.offending = (
            crime.weight(p, uniform(seed, week, luck.NEW_OFFENDING, i))
            * demography.offending_by_status(p, status)
            / (p.offender_share * crime.mean_weight(p) * s.towns[rows.town_of(s, i)].factor)
        )
        v = uniform(seed, week, luck.NEW_RECORD, i)
        if federal > 0:
            r.record = codes.RECORD_VIOLENT if v < p.federal_violent else codes.RECORD_FELONY
        else:
            r.record = demography.first_record(p, v)
    rows.regroup(s, i, True)
    at = rows.group_row(s, i)
    g = s.groups[at]
    trust, risk = g.trust, g.risk
    persons = rows.persons_of(s, at)
    if persons > 0:
        trust += g.trust_off / persons
        risk += g.risk_off / persons
    trust += p.trust_spread * luck.normal(seed, week, luck.NEW_TRUST, i)
    risk += p.risk_spread * luck.normal(seed, week, luck.NEW_RISK, i)
    rows.put_back(s, i, min(1.0, max(0.0, trust)), min(1.0, max(0.0, risk)))
    if (status == codes.UNDOCUMENTED) != was_undocumented:
        rows.ripple(s, i)
    event_records.cell(tally, t, s, i).arrivals += 1.0
    k = journal.new_row(tables, journal.ARRIVALS)
    row = tables.arrivals[k]
    row.week = week
    row.resident = i
    row.generation = r.generation
    row.kind = kind
    row.federal = federal
    row.status = status


@compiled
def register(s, t, tables, tally, i):
    """Register resident `i` provisionally: no longer removable for status."""
    r = s.residents[i]
    event_records.cell(tally, t, s, i).legalized += 1.0
    k = journal.new_row(tables, journal.LEGALIZATIONS)
    row = tables.legalizations[k]
    row.week = s.clock[0].week
    row.resident = i
    row.generation = r.generation
    row.years = event_records.years_here(s, i)
    trust, risk = rows.taken_out(s, i)
    r.status = codes.REGISTERED
    rows.regroup(s, i, False)
    rows.put_back(s, i, trust, risk)
    rows.ripple(s, i)
