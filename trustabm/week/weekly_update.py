"""How a week begins and ends: rules in force, news, forgetting, learning, counting."""

from __future__ import annotations

from trustabm.rules import (
    beliefs,
    contact,
    crime,
    enforcement,
    policing,
)
from trustabm.rules.codes import PARTS
from trustabm.rules.compiling import compiled
from trustabm.state import counts, layout
from trustabm.week import field_office


@compiled
def begin_week(w):
    """Phase 1: rules in force, news of them, ICE's hours, exposures older than a year."""
    s, p = w.state, w.p
    clock = s.clock[0]
    at = clock.week % 52
    for k in range(len(s.towns)):
        for pair in range(len(s.pairs)):
            s.counts[k, pair].exposed -= s.expiring[at, k, pair]
            s.expiring[at, k, pair] = 0
        town = s.towns[k]
        town.week_case_hours = 0.0
        town.week_away_hours = 0.0
        town.week_reported = 0
        town.week_cleared = 0
        town.free = policing.free_share(p, w.levers[k], town.away_hours, town.hours)
        town.patrols = contact.patrols(p, town.free)
        risk = enforcement.rules_risk(p, w.levers[k])
        # A change that leaves the risk as it was (training, outreach) is no news of it.
        if w.changed[k] and risk != town.news_risk:
            town.salience = 1.0
        town.news_risk = risk
    hours = field_office.ice_hours(w) * (1.0 - w.levers[0].at_large_share)
    clock.ice_hours = min(clock.ice_hours + hours, p.ice_bank_weeks * hours)


@compiled
def _ethnic_stake(s, town, now):
    """Return the mean stake of the residents of a town who are of an outcome group's ethnicity."""
    first = now - now % len(PARTS)
    stake, persons = 0.0, 0
    for other in range(first, min(first + len(PARTS), s.groups.shape[1])):
        stake += s.groups[town, other].stake
        persons += counts.persons_of(s, town, other)
    return stake / max(1, persons)


@compiled
def _count(s, town, now, tally):
    """Write down who of a town is in a group now, by the group of the day the arms parted."""
    g = s.groups[town, now]
    for pair in range(len(s.pairs)):
        if s.pairs[pair].now != now:
            continue
        c = s.counts[town, pair]
        count = tally[town, pair]
        if pair == now:
            count.base_persons = g.base_persons
            count.base_households = g.base_households / layout.HOUSEHOLD_UNIT
            count.base_undocumented = g.base_undocumented
        count.persons = c.persons
        count.households = c.households / layout.HOUSEHOLD_UNIT
        count.undocumented = c.undocumented
        count.exposed = c.exposed
        if c.persons > 0:
            count.trust = min(1.0, max(0.0, g.trust + c.trust_off / c.persons)) * c.persons
            count.risk = min(1.0, max(0.0, g.risk + c.risk_off / c.persons)) * c.persons
        count.jail = c.jail
        count.ice = c.ice
        count.prison = c.prison
        count.removed = c.removed


@compiled
def _relax(w, k, now):
    """Draw what a group of town `k` believes to the news and to where its beliefs rest."""
    s, p, levers = w.state, w.p, w.levers[k]
    g, town = s.groups[k, now], s.towns[k]
    trust, risk = g.trust, g.risk
    persons = counts.persons_of(s, k, now)
    if persons > 0:
        trust = min(1.0, max(0.0, trust + g.trust_off / persons))
        risk = min(1.0, max(0.0, risk + g.risk_off / persons))
    own = g.stake / max(1, persons)
    ethnic = _ethnic_stake(s, k, now)
    stake = beliefs.felt(p, own, ethnic)
    rest = beliefs.trust_at_rest(p, g.rest, levers.outreach)
    news = beliefs.news_weight(p, levers.publicity, town.salience, ethnic)
    told = beliefs.trust_in_news(p, rest, town.news_risk, stake)
    to_trust = beliefs.drawn(trust, told, news, rest, p.prior_pull)
    to_risk = beliefs.drawn(risk, town.news_risk, news, p.prior_risk, p.prior_pull)
    g.trust += p.forgetting * (to_trust - g.trust)
    g.risk += p.forgetting * (to_risk - g.risk)
    g.trust_off *= 1.0 - p.forgetting
    g.risk_off *= 1.0 - p.forgetting


@compiled
def end_week(w):
    """Phase 11: forgetting, news, what offenders and the department have learned; then count."""
    s, p = w.state, w.p
    counts.settle(s)
    for k in range(len(s.towns)):
        for now in range(s.groups.shape[1]):
            g = s.groups[k, now]
            g.stake = beliefs.sum_of_stakes(p, g.own, g.housed, g.tied)
        for now in range(s.groups.shape[1]):
            _count(s, k, now, w.tally)
            _relax(w, k, now)
        for pair in range(len(s.pairs)):
            s.counts[k, pair].trust_off *= 1.0 - p.forgetting
            s.counts[k, pair].risk_off *= 1.0 - p.forgetting
        town = s.towns[k]
        away = town.week_away_hours
        memory = 1.0 / p.workload_weeks
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
        hours = w.town_tally[k]
        hours.police_hours = town.hours
        hours.immigration_hours = away + town.hours * w.levers[k].deputized_share * p.deputized_time
    for b in range(len(s.learned)):
        for ethnicity in range(len(s.ethnicities)):
            cell_ = s.learned[b, ethnicity]
            cell_.reports = crime.learned(
                p, cell_.reports, cell_.crimes, cell_.reported / layout.CHANCE, cell_.expected
            )
            cell_.crimes = 0
            cell_.reported = 0
    s.clock[0].week += 1
