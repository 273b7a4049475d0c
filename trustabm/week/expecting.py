"""What was to be expected: the luck of draws whose chances are known is taken out of tallies.

Beside some counts of what happened stands what was to be expected. Before a draw is made the chance
of the event is added, times what usually follows from it, and where the event happens that is taken
away again. So the luck of the draw goes, and nothing changes on average, whatever is taken to
follow; the better it is known, the less luck is left (control variates whose mean is known,
Lavenberg & Welch 1981, doi:10.1287/mnsc.27.3.322).
"""

from __future__ import annotations

import math

from trustabm.rules import codes, crime, enforcement, policing
from trustabm.rules.compiling import compiled, inlined
from trustabm.state import counts, rows
from trustabm.state.layout import CHANCE, TIES
from trustabm.week import field_office
from trustabm.week.week import count_of


@inlined
def rounded(chance):
    """Return a chance as tallies add it up: to 24 bits, so that no order of adding matters."""
    return math.floor(chance * CHANCE + 0.5) / CHANCE


@inlined
def at_stake(w, i):
    """Return whether ICE could remove resident `i`, so that an arrest may lead to it."""
    r = w.state.residents[i]
    return crime.removable(r.status, r.record)


@inlined
def taken_of_match(w, i, town):
    """Return how many are taken of a match of `i`; none where ICE has no hours to begin with it.

    Args:
        w: The week.
        i: The resident.
        town: Whose jail it would be.
    """
    record, levers = w.state.residents[i].record, w.levers[town]
    if not field_office.has_hours(w):
        return 0.0
    return levers.priority[record] * enforcement.taken_chance(w.p, levers, record)


@inlined
def match_chance(w, i, known, town):
    """Return the chance that a booking lets the federal government know of resident `i`.

    Args:
        w: The week.
        i: The resident.
        known: Whether status is established before.
        town: Whose jail it is.
    """
    if known:
        return 1.0
    return policing.identified_chance(w.p, w.levers[town], w.state.residents[i].status)


@inlined
def expect_bookings(w, i, many, known, town):
    """Count so many more bookings of resident `i`, for a misdemeanor, with all that follows.

    Args:
        w: The week.
        i: The resident.
        many: How many; less than none where some happened.
        known: Whether status is established before the booking.
        town: Whose jail it would be.
    """
    if many == 0.0:
        return
    record = int(w.state.residents[i].record)
    taken = many * match_chance(w, i, known, town) * taken_of_match(w, i, town)
    for convicted in range(2):
        share = w.p.conviction if convicted else 1.0 - w.p.conviction
        expect_taken(w, i, taken * share, max(record, convicted), codes.FROM_STOP)


@inlined
def expect_taken(w, i, many, record, source):
    """Count so many more people like resident `i` whom ICE takes, with all that follows.

    Args:
        w: The week.
        i: The resident.
        many: How many; less than none where some were taken.
        record: The record with which they would be removed.
        source: What it came from (codes.FROM_…).
    """
    if many == 0.0:
        return
    expect_removed(w, i, many * w.p.removal_given_custody, record, source)
    if source < codes.FROM_PRISON:
        count_of(w, i).expected_transfers += rounded(many)
    if source != codes.FROM_PRISON:
        expect_exposed(w, i, many)


@inlined
def expect_removed(w, i, many, record, source):
    """Count so many more removals of people like `i`; arguments as for `expect_taken`."""
    count, removed = count_of(w, i), rounded(many)
    local = removed if source < codes.FROM_PRISON else 0.0
    count.expected_removals += removed
    count.expected_local_removals += local
    if record == codes.RECORD_NONE:
        count.expected_removals_none += removed
        count.expected_local_removals_none += local
    elif record == codes.RECORD_VIOLENT:
        count.expected_removals_violent += removed
        count.expected_local_removals_violent += local
    else:
        count.expected_removals_other += removed
        count.expected_local_removals_other += local
    count.expected_separated += removed * citizens_with(w, i)


@inlined
def citizens_with(w, i):
    """Return how many citizens live in resident `i`'s household, other than the resident."""
    r = w.state.residents[i]
    first, many = i - r.member, 0
    for j in range(first, first + r.household):
        is_citizen = w.state.residents[j].status <= codes.NATURALIZED
        if j != i and is_citizen and rows.in_place(w.state, j):
            many += 1
    return many


@inlined
def expect_exposed(w, i, many):
    """Note how many would know of so many more people like `i` taken; see `spread_exposed`."""
    s, r = w.state, w.state.residents[i]
    others = rows.many_alike(s, s.towns[r.town], rows.ethnicity_of(s, i)) - 1
    know = min(float(others), r.household - 1 + TIES + w.p.acquaintances)
    count_of(w, i).expected_exposed += rounded(many * know)


@compiled
def spread_exposed(w):
    """Count those who would have come to know of somebody taken this week, and of nobody else.

    They are taken to be of the same ethnic group, spread over its outcome groups. What is noted of
    the week is used up: tallies are of all who were to be expected to be exposed within the year.
    """
    s = w.state
    for k in range(len(s.towns)):
        for ethnicity in range(len(s.ethnicities)):
            know, persons, exposed = 0.0, 0, 0
            for pair in range(len(s.pairs)):
                if s.pairs[pair].ethnicity == ethnicity:
                    know += w.tally[k, pair].expected_exposed
                    persons += s.counts[k, pair].persons
                    exposed += s.counts[k, pair].exposed
            if know == 0.0 or persons == 0:
                continue
            each = know * (1.0 - exposed / persons) / persons
            for now in range(s.groups.shape[1]):
                if s.pairs[now].ethnicity == ethnicity:
                    s.groups[k, now].spared += each * counts.persons_of(s, k, now)
