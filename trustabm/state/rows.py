"""The only functions that write residents' rows: they keep every running count true.

A change of status, custody, concern, offending or place is bracketed: `counted` takes a resident
from all running counts, the row is changed, and `counted` adds them again, and marks them anew.
"""

from __future__ import annotations

import math

from trustabm.rules import luck
from trustabm.rules.codes import (
    FREE,
    HOUSEHOLD,
    ICE,
    JAIL,
    JAIL_HOLD,
    MIXED_PART,
    NOBODY,
    OTHER_PART,
    PARTS,
    PRISON,
    PRISON_HOLD,
    REGISTERED,
    REGISTERED_PART,
    REMOVED,
    SELF,
    TIE,
    UNDOCUMENTED,
    UNDOCUMENTED_PART,
)
from trustabm.rules.compiling import inlined
from trustabm.rules.luck import uniform
from trustabm.state.layout import (
    GRADE,
    GRADE_MOST,
    GRADE_STEP,
    HOUSEHOLD_UNIT,
    LACKS_STATUS,
    TIES,
)

NEVER = -30000
"""The week of an exposure that never was."""


@inlined
def mark(s, i):
    """Mark what is asked of many: a mark is a byte, and their rows lie far apart in memory."""
    r = s.residents[i]
    grade = min(GRADE_MOST, math.ceil(r.offending / GRADE_STEP))
    s.marks[i] = grade * GRADE + (r.status == UNDOCUMENTED) * LACKS_STATUS


@inlined
def group_now(s, i):
    """Return the outcome group that resident `i` is in now, by its number."""
    return s.pairs[s.residents[i].pair].now


@inlined
def group(s, i):
    """Return the row of `groups` that resident `i` is in now."""
    return s.groups[s.residents[i].town, group_now(s, i)]


@inlined
def counts_of(s, i):
    """Return the row of `counts` that resident `i` is in, by the groups then and now."""
    r = s.residents[i]
    return s.counts[r.town, r.pair]


@inlined
def ethnicity_of(s, i):
    """Return the ethnic group of resident `i`, by its number."""
    return s.pairs[s.residents[i].pair].ethnicity


@inlined
def weights_of(s, i):
    """Return how far what the parameters say of Latino residents holds for resident `i`."""
    return s.ethnicities[ethnicity_of(s, i)]


@inlined
def town_of(s, i):
    """Return the town that resident `i` lives in."""
    return s.residents[i].town


@inlined
def live_together(s, i, j):
    """Return whether two residents are of one household."""
    return i - s.residents[i].member == j - s.residents[j].member


@inlined
def in_place(s, i):
    """Return whether somebody lives there: not removed, or the place taken again."""
    return s.residents[i].custody != REMOVED


@inlined
def generation_of(s, i):
    """Return which of its occupants lives in place `i`; -1 where `i` is nobody."""
    return s.residents[i].generation if i >= 0 else -1


@inlined
def undocumented_at_large(s, i):
    """Return whether resident `i` is undocumented and free."""
    r = s.residents[i]
    return r.status == UNDOCUMENTED and r.custody == FREE


@inlined
def close_to(s, i, n):
    """Return the `n`-th person close to resident `i`, household first; -1 where there is none."""
    r = s.residents[i]
    j = i - r.member + n if n < r.household else s.ties[i, n - r.household]
    return -1 if j == i else j


@inlined
def many_alike(s, town, ethnicity):
    """Return how many places of a town are an ethnic group's."""
    last = s.stretches[town.last - 1, ethnicity]
    return last.before + last.end - last.start


@inlined
def one_alike(s, town, ethnicity, u):
    """Return one of a town's residents of an ethnic group, from one uniform.

    Args:
        s: State.
        town: The town; it has a resident of the group.
        ethnicity: Which group.
        u: The draw.
    """
    low, high = town.first, town.last - 1
    rank = int(u * many_alike(s, town, ethnicity))
    while low < high:  # the last neighborhood with at most `rank` of the group before it
        middle = (low + high + 1) // 2
        if s.stretches[middle, ethnicity].before <= rank:
            low = middle
        else:
            high = middle - 1
    here = s.stretches[low, ethnicity]
    return here.start + rank - here.before


@inlined
def one_alike_anywhere(s, ethnicity, u):
    """Return one of all towns' residents of an ethnic group, from one uniform; as `one_alike`."""
    every = 0
    for k in range(len(s.towns)):
        every += many_alike(s, s.towns[k], ethnicity)
    rank, k = int(u * every), 0
    while rank >= many_alike(s, s.towns[k], ethnicity):
        rank -= many_alike(s, s.towns[k], ethnicity)
        k += 1
    town = s.towns[k]
    return one_alike(s, town, ethnicity, (rank + 0.5) / many_alike(s, town, ethnicity))


@inlined
def counted(s, i, sign):
    """Add resident `i` to every running count, or take them from it (`sign` -1)."""
    r = s.residents[i]
    mark(s, i)
    g = group(s, i)
    c = counts_of(s, i)
    if r.custody == REMOVED:
        c.removed += sign
        return
    c.persons += sign
    c.households += sign * (HOUSEHOLD_UNIT // r.household)
    if r.concern == SELF:
        g.own += sign
    elif r.concern == HOUSEHOLD:
        g.housed[r.tied] += sign
    else:
        g.tied[r.tied] += sign
    if r.custody == JAIL or r.custody == JAIL_HOLD:
        c.jail += sign
    elif r.custody == ICE:
        c.ice += sign
    elif r.custody == PRISON or r.custody == PRISON_HOLD:
        c.prison += sign
    if r.status == UNDOCUMENTED:
        c.undocumented += sign
        if r.custody == FREE:
            town = s.pool[r.town]
            if r.wanted:
                town.wanted[r.record] += sign
            else:
                town.free[r.record] += sign
    if s.clock[0].week - r.exposed < 52:
        c.exposed += sign
        s.expiring[r.exposed % 52, r.town, r.pair] += sign


@inlined
def knows_status(s, i, j):
    """Return whether two friends know each other's status: so it is for as long as both live here.

    Of friends it is known only to some (ours); the luck is that of the two, in whichever order.
    """
    one, other = min(i, j), max(i, j)
    lives = int(s.residents[one].generation) * 65536 + int(s.residents[other].generation)
    weights = weights_of(s, i)
    alike = ethnicity_of(s, i) == ethnicity_of(s, j)
    chance = weights.known if alike else weights.known_others
    return uniform(s.clock[0].seed, lives, luck.STATUS_KNOWN, one, 2 * other) < chance


@inlined
def concern_of(s, i):
    """Return the nearest person known to be undocumented, and how many are among `i`'s ties."""
    r = s.residents[i]
    housed = False
    tied = 0
    for n in range(r.household + TIES):
        j = close_to(s, i, n)
        if j >= 0 and s.marks[j] & LACKS_STATUS and in_place(s, j):
            if n < r.household:
                housed = True
            elif knows_status(s, i, j):
                tied += 1
    if r.status == UNDOCUMENTED:
        return SELF, tied
    if housed:
        return HOUSEHOLD, tied
    return TIE if tied > 0 else NOBODY, tied


@inlined
def group_of(s, ethnicity, status, concern):
    """Return the outcome group that ethnicity, status and concern make."""
    first = len(PARTS) * ethnicity
    if ethnicity == len(s.ethnicities) - 1:
        return first
    if status == UNDOCUMENTED:
        return first + UNDOCUMENTED_PART
    if status == REGISTERED:
        return first + REGISTERED_PART
    return first + (OTHER_PART if concern == NOBODY else MIXED_PART)


@inlined
def regroup(s, i, anew):
    """Set concern and group of a resident who is not counted meanwhile.

    Args:
        s: State.
        i: The resident.
        anew: Whether this is somebody new, whose group then is the group now.
    """
    r = s.residents[i]
    r.concern, r.tied = concern_of(s, i)
    now = group_of(s, ethnicity_of(s, i), r.status, r.concern)
    then = now if anew else s.pairs[r.pair].then
    pair = now  # that of who has not moved; those of who has come after it
    while s.pairs[pair].then != then or s.pairs[pair].now != now:
        pair += 1
    r.pair = pair


@inlined
def ripple(s, i):
    """Let household and ties of resident `i` see who is at stake now."""
    for n in range(s.residents[i].household + TIES):
        j = close_to(s, i, n)
        if j < 0 or not in_place(s, j):
            continue
        concern, tied = concern_of(s, j)
        if concern != s.residents[j].concern or tied != s.residents[j].tied:
            counted(s, j, -1)
            regroup(s, j, False)
            counted(s, j, 1)


@inlined
def expose(s, i):
    """Note that somebody close to resident `i` was detained or removed this week."""
    r = s.residents[i]
    week = s.clock[0].week
    if week - r.exposed < 52:
        s.expiring[r.exposed % 52, r.town, r.pair] -= 1
    else:
        counts_of(s, i).exposed += 1
    r.exposed = week
    s.expiring[week % 52, r.town, r.pair] += 1


@inlined
def set_custody(s, i, custody, until, cause):
    """Move resident `i` to a custody state until a week, and list them as in custody."""
    r = s.residents[i]
    was = r.custody
    counted(s, i, -1)
    r.custody = custody
    r.until = min(until, 32000)
    r.cause = cause
    counted(s, i, 1)
    if was == FREE and custody != FREE and custody != REMOVED:
        clock = s.clock[0]
        s.in_custody[clock.in_custody] = i
        clock.in_custody += 1


@inlined
def set_record(s, i, record):
    """Raise resident `i`'s record to at least this class."""
    r = s.residents[i]
    if record > r.record:
        counted(s, i, -1)
        r.record = record
        counted(s, i, 1)


@inlined
def set_wanted(s, i, wanted):
    """Note whether a request for resident `i` was refused."""
    r = s.residents[i]
    if r.wanted != wanted:
        counted(s, i, -1)
        r.wanted = wanted
        counted(s, i, 1)
