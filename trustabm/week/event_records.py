"""What both drivers look up and write down about one event; no choices are made here."""

from __future__ import annotations

from trustabm.rules import codes, luck, policing, reporting
from trustabm.rules.compiling import compiled
from trustabm.rules.luck import uniform
from trustabm.state import layout, rows
from trustabm.state.layout import TIES, K


@compiled
def levers_of(s, lv, i):
    """Return the levers in force where resident `i` lives."""
    return lv[rows.town_of(s, i)]


@compiled
def cell(tally, week, s, i):
    """Return this week's tally of resident `i`'s town and pair of groups."""
    c = s.residents[i].cell
    return tally[week, c // K, c % K]


@compiled
def years_here(s, i):
    """Return whole years since resident `i` came to the country."""
    return (s.clock[0].week - s.residents[i].arrived) // 52


@compiled
def acquaintance(s, p, i, n):
    """Return the `n`-th person who knows resident `i` by more than sight; -1 where it is nobody.

    Drawn from the pools that ties are drawn from, and the same all through a life: the draw is
    keyed by the two of them alone.
    """
    r = s.residents[i]
    seed = s.clock[0].seed
    place = s.neighborhoods[r.neighborhood]
    town = s.towns[place.town]
    is_near = uniform(seed, r.generation, luck.ACQUAINTANCE, i, 4 * n) < p.tie_neighborhood
    alike = uniform(seed, r.generation, luck.ACQUAINTANCE, i, 4 * n + 1) < p.tie_homophily
    u = uniform(seed, r.generation, luck.ACQUAINTANCE, i, 4 * n + 2)
    if is_near:
        first, end = place.start, place.end
        if alike and r.latino:
            end = place.start + place.latinos
        elif alike:
            first = place.start + place.latinos
        j = first + int(u * (end - first))
    elif alike:
        j = rows.one_alike(s, town, r.latino, u)
    else:
        j = town.start + int(u * (town.end - town.start))
    return -1 if j == i else j


@compiled
def fear_of(s, p, law, i, asks):
    """Return the log odds that fear takes from resident `i`'s decision to call, this week."""
    r = s.residents[i]
    return reporting.fear(
        p,
        law,
        rows.risk_of(s, i),
        reporting.stake(p, r.concern, r.tied, r.status),
        reporting.sensitivity(p, s.clock[0].seed, i, r.generation),
        asks,
    )


@compiled
def chance_to_report(s, p, law, i, kind):
    """Return resident `i`'s chance of reporting a crime of this kind against them, this week."""
    r = s.residents[i]
    feared = fear_of(s, p, law, i, law.ask_victims)
    chance = reporting.report_chance(
        p, law, kind, rows.trust_of(s, i), s.groups[rows.group_row(s, i)].rest, feared, r.status
    )
    return reporting.with_experimental_factor(p, chance, r.latino)


@compiled
def near(s, i):
    """Return how many undocumented people at large are close to resident `i`."""
    total = 0
    for n in range(s.residents[i].household + TIES):
        j = rows.close_to(s, i, n)
        if j >= 0 and rows.undocumented_at_large(s, j):
            total += 1
    return total


@compiled
def count_stop(s, t, tables, tally, k):
    """Count a stop."""
    row = tables.stops[k]
    count = cell(tally, t, s, row.resident)
    count.stops += 1.0
    count.bad_stops += row.bad
    count.asked += row.asked
    if row.outcome == codes.STOP_CITATION:
        count.citations += 1.0


@compiled
def met(s, p, kind, i):
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
def write_crime(s, tables, k, kind, i, victim):
    """Write a crime that nobody has reported yet."""
    row = tables.crimes[k]
    row.week = s.clock[0].week
    row.resident = i
    row.generation = s.residents[i].generation
    row.victim = victim
    row.victim_generation = s.residents[victim].generation
    row.witness = -1
    row.witness_generation = -1
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
def settle_case(s, p, t, tables, tally, k):
    """Count a crime whose story is complete, and let offenders and the department learn of it."""
    row = tables.crimes[k]
    count = cell(tally, t, s, row.victim)
    town = s.towns[s.neighborhoods[row.neighborhood].town]
    learned = s.learned[row.neighborhood, s.residents[row.victim].latino]
    learned.crimes += 1
    # Relative to crimes of its kind: which kinds came up this week teaches offenders nothing.
    told = row.chance / reporting.usual_reporting(p, row.kind) * town.reports
    learned.reported += int(told * layout.CHANCE)
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
        solved = row.clears / policing.usual_clearance(p, row.kind) * town.clears
        town.week_cleared += int(solved * layout.CHANCE)
        town.week_case_hours += policing.case_hours(p, row.kind)
        if row.kind == codes.PROPERTY:
            count.cleared_property += row.cleared
        else:
            count.cleared_violent += row.cleared
        if row.witness >= 0:
            seen = cell(tally, t, s, row.witness)
            seen.witnesses += 1.0
            seen.witnesses_came += row.came
