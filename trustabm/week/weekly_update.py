"""How a week begins and ends: rules in force, news of them, learning, asking, counting."""

from __future__ import annotations

from trustabm.rules import (
    beliefs,
    contact,
    crime,
    enforcement,
    policing,
)
from trustabm.rules.codes import PARTS
from trustabm.rules.compiling import inlined
from trustabm.state import counts, layout, rows
from trustabm.week import believing, field_office
from trustabm.week.week import count_of

YEAR = 52
"""Weeks for which somebody counts as exposed."""


@inlined
def begin_week(w):
    """Phase 1: rules in force, news of them, ICE's hours, exposures older than a year."""
    s, p = w.state, w.p
    clock = s.clock[0]
    at = clock.week % 52
    weights = field_office.target_weights(w)
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
        reach_people(w, k, weights)
    field_office.receive_hours(w)


@inlined
def risk_in_force(w, k, weights):
    """Return the risk that the rules, and what ICE does in the open, mean in town `k`.

    It means nothing where nobody lives whom it could meet.

    Args:
        w: The week.
        k: The town.
        weights: How much everybody at large in the region is sought, added up.
    """
    persons = 0
    for pair in range(len(w.state.pairs)):
        persons += w.state.counts[k, pair].undocumented
    if persons == 0:
        return 0.0
    by_rules = enforcement.rules_risk(w.p, w.levers[k])
    visible = field_office.visible_arrests(w, k, weights)
    return 1.0 - (1.0 - by_rules) * (1.0 - enforcement.federal_risk(w.p, w.levers[k], visible))


@inlined
def reach_people(w, k, weights):
    """Let news and outreach reach the people of town `k`, and note what is at stake for them.

    Arguments as for `risk_in_force`.
    """
    s, p, town = w.state, w.p, w.state.towns[k]
    for now in range(s.groups.shape[1]):
        g = s.groups[k, now]
        g.spared -= g.spared / YEAR
        g.stake = beliefs.sum_of_stakes(p, g.own, g.housed, g.tied)
    for now in range(s.groups.shape[1]):
        s.groups[k, now].ethnic_stake = _ethnic_stake(s, k, now)
    # By what was so last week, so that news is news in its first week.
    town.expected_risk = beliefs.follows(p, town.expected_risk, town.lived_with)
    town.lived_with = beliefs.follows(p, town.lived_with, town.heard)
    town.heard = beliefs.heard(p, town.heard, risk_in_force(w, k, weights))
    town.reached += (1.0 - beliefs.left(1.0, p.trust_half_life)) * (
        w.levers[k].outreach - town.reached
    )


@inlined
def know_the_rules(w):
    """Let people expect the rules of the first week, as if they had long been in force."""
    weights = field_office.target_weights(w)
    for k in range(len(w.state.towns)):
        town = w.state.towns[k]
        town.heard = town.lived_with = town.expected_risk = risk_in_force(w, k, weights)
        town.reached = w.levers[k].outreach


@inlined
def _ethnic_stake(s, town, now):
    """Return the mean stake of the residents of a town who are of an outcome group's ethnicity."""
    first = now - now % len(PARTS)
    stake, persons = 0.0, 0
    for other in range(first, min(first + len(PARTS), s.groups.shape[1])):
        stake += s.groups[town, other].stake
        persons += counts.persons_of(s, town, other)
    return stake / max(1, persons)


SURVEY = 13
"""Weeks in which everybody of a named ethnic group is asked once what they believe: a quarter."""

ENOUGH = 10_000
"""Residents of a town up to which that is so; of twice as many half are asked in a quarter."""

OTHERS = 4
"""How many times as long it takes to ask all of the reference group, who are the most."""


@inlined
def survey(w):
    """Ask this week's part of the residents what they believe, and add their answers up.

    Who is asked stands for those who are not: an answer counts for as many weeks as it takes.
    """
    s = w.state
    many = len(s.ethnicities)
    for b in range(len(s.neighborhoods)):
        for ethnicity in range(many):
            weeks = SURVEY * OTHERS if ethnicity == many - 1 else SURVEY
            town = s.towns[s.neighborhoods[b].town]
            weeks *= max(1, (town.end - town.start) // ENOUGH)
            here = s.stretches[b, ethnicity]
            first = here.start + (w.now - here.start) % weeks
            for i in range(first, here.end, weeks):
                if rows.in_place(s, i):
                    count = count_of(w, i)
                    count.surveyed += weeks
                    count.trust += weeks * believing.trust_of(w, i)
                    count.risk += weeks * believing.risk_of(w, i)


@inlined
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
        count.exposed = count.expected_exposed = c.exposed
        if pair == now:
            count.expected_exposed += g.spared
        count.jail = c.jail
        count.ice = c.ice
        count.prison = c.prison
        count.removed = c.removed


@inlined
def end_week(w):
    """Phase 11: ask what people believe, learn what offenders and the department do, and count."""
    s, p = w.state, w.p
    survey(w)
    for k in range(len(s.towns)):
        for now in range(s.groups.shape[1]):
            _count(s, k, now, w.tally)
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
