"""The only functions that write residents' rows: they keep every running count and sum true.

A change of status, custody, concern or place is bracketed: `taken_out` removes a resident from all
running counts and returns what they believe; the row is changed; `put_back` counts them again.
Sums of beliefs are integers, so the order in which rows are written cannot matter.
"""

from __future__ import annotations

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
from trustabm.rules.compiling import compiled
from trustabm.state.layout import (
    FIXED,
    HOUSEHOLD_UNIT,
    TIES,
)

NEVER = -30000
"""The week of an exposure that never was."""


@compiled
def group_now(s, i):
    """Return the outcome group that resident `i` is in now, by its number."""
    return s.pairs[s.residents[i].pair].now


@compiled
def group(s, i):
    """Return the row of `groups` that resident `i` is in now."""
    return s.groups[s.residents[i].town, group_now(s, i)]


@compiled
def counts_of(s, i):
    """Return the row of `counts` that resident `i` is in, by the groups then and now."""
    r = s.residents[i]
    return s.counts[r.town, r.pair]


@compiled
def ethnicity_of(s, i):
    """Return the ethnic group of resident `i`, by its number."""
    return s.pairs[s.residents[i].pair].ethnicity


@compiled
def weights_of(s, i):
    """Return how far what the parameters say of Latino residents holds for resident `i`."""
    return s.ethnicities[ethnicity_of(s, i)]


@compiled
def town_of(s, i):
    """Return the town that resident `i` lives in."""
    return s.residents[i].town


@compiled
def decayed(s, i):
    """Return how much of resident `i`'s deviations is left this week."""
    age = s.clock[0].week - s.residents[i].touched
    return s.decay[min(age, len(s.decay) - 1)]


@compiled
def trust_of(s, i):
    """Return resident `i`'s trust in local police, 0..1."""
    r = s.residents[i]
    return min(1.0, max(0.0, group(s, i).trust + r.trust * decayed(s, i)))


@compiled
def risk_of(s, i):
    """Return the risk resident `i` sees in contact with local police, 0..1."""
    r = s.residents[i]
    return min(1.0, max(0.0, group(s, i).risk + r.risk * decayed(s, i)))


@compiled
def in_place(s, i):
    """Return whether somebody lives there: not removed, or the place taken again."""
    return s.residents[i].custody != REMOVED


@compiled
def generation_of(s, i):
    """Return which of its occupants lives in place `i`; -1 where `i` is nobody."""
    return s.residents[i].generation if i >= 0 else -1


@compiled
def undocumented_at_large(s, i):
    """Return whether resident `i` is undocumented and free."""
    r = s.residents[i]
    return r.status == UNDOCUMENTED and r.custody == FREE


@compiled
def close_to(s, i, n):
    """Return the `n`-th person close to resident `i`, household first; -1 where there is none."""
    r = s.residents[i]
    j = i - r.member + n if n < r.household else s.ties[i, n - r.household]
    return -1 if j == i else j


@compiled
def one_alike(s, town, ethnicity, u):
    """Return one of a town's residents of an ethnic group, from one uniform.

    Args:
        s: State.
        town: The town; it has a resident of the group.
        ethnicity: Which group.
        u: The draw.
    """
    low, high = town.first, town.last - 1
    last = s.stretches[high, ethnicity]
    rank = int(u * (last.before + last.end - last.start))
    while low < high:  # the last neighborhood with at most `rank` of the group before it
        middle = (low + high + 1) // 2
        if s.stretches[middle, ethnicity].before <= rank:
            low = middle
        else:
            high = middle - 1
    here = s.stretches[low, ethnicity]
    return here.start + rank - here.before


@compiled
def fixed(change):
    """Return a change of a sum of beliefs as an integer."""
    return round(change * FIXED)


@compiled
def believe(s, i, trust, risk):
    """Write what resident `i` believes from now on, and add the change to the sums."""
    r = s.residents[i]
    g = group(s, i)
    c = counts_of(s, i)
    left = decayed(s, i)
    trust_was = r.trust * left
    risk_was = r.risk * left
    r.trust = trust - g.trust
    r.risk = risk - g.risk
    r.touched = s.clock[0].week
    c.trust_add += fixed(r.trust - trust_was)
    c.risk_add += fixed(r.risk - risk_was)


@compiled
def counted(s, i, sign):
    """Add resident `i` to every running count, or take them from it (`sign` -1)."""
    r = s.residents[i]
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


@compiled
def taken_out(s, i):
    """Take resident `i` out of every running count; return their trust and perceived risk."""
    r = s.residents[i]
    trust, risk = trust_of(s, i), risk_of(s, i)
    if r.custody != REMOVED:
        c = counts_of(s, i)
        left = decayed(s, i)
        c.trust_add -= fixed(r.trust * left)
        c.risk_add -= fixed(r.risk * left)
    counted(s, i, -1)
    return trust, risk


@compiled
def put_back(s, i, trust, risk):
    """Count resident `i` again, as the row now says, believing this."""
    r = s.residents[i]
    counted(s, i, 1)
    r.touched = s.clock[0].week
    if r.custody == REMOVED:
        r.trust = 0.0
        r.risk = 0.0
        return
    g = group(s, i)
    c = counts_of(s, i)
    r.trust = trust - g.trust
    r.risk = risk - g.risk
    c.trust_add += fixed(r.trust)
    c.risk_add += fixed(r.risk)


@compiled
def concern_of(s, i):
    """Return the nearest undocumented person, and how many are among `i`'s ties."""
    r = s.residents[i]
    housed = False
    tied = 0
    for n in range(r.household + TIES):
        j = close_to(s, i, n)
        if j >= 0 and s.residents[j].status == UNDOCUMENTED and in_place(s, j):
            if n < r.household:
                housed = True
            else:
                tied += 1
    if r.status == UNDOCUMENTED:
        return SELF, tied
    if housed:
        return HOUSEHOLD, tied
    return TIE if tied > 0 else NOBODY, tied


@compiled
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


@compiled
def regroup(s, i, anew):
    """Set concern and group of a resident who is taken out of the counts.

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


@compiled
def ripple(s, i):
    """Let household and ties of resident `i` see who is at stake now."""
    for n in range(s.residents[i].household + TIES):
        j = close_to(s, i, n)
        if j < 0 or not in_place(s, j):
            continue
        concern, tied = concern_of(s, j)
        if concern != s.residents[j].concern or tied != s.residents[j].tied:
            trust, risk = taken_out(s, j)
            regroup(s, j, False)
            put_back(s, j, trust, risk)


@compiled
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


@compiled
def set_custody(s, i, custody, until, cause):
    """Move resident `i` to a custody state until a week, and list them as in custody."""
    r = s.residents[i]
    was = r.custody
    trust, risk = taken_out(s, i)
    r.custody = custody
    r.until = min(until, 32000)
    r.cause = cause
    put_back(s, i, trust, risk)
    if was == FREE and custody != FREE and custody != REMOVED:
        clock = s.clock[0]
        s.in_custody[clock.in_custody] = i
        clock.in_custody += 1


@compiled
def set_record(s, i, record):
    """Raise resident `i`'s record to at least this class."""
    r = s.residents[i]
    if record > r.record:
        trust, risk = taken_out(s, i)
        r.record = record
        put_back(s, i, trust, risk)


@compiled
def set_wanted(s, i, wanted):
    """Note whether a request for resident `i` was refused."""
    r = s.residents[i]
    if r.wanted != wanted:
        trust, risk = taken_out(s, i)
        r.wanted = wanted
        put_back(s, i, trust, risk)
