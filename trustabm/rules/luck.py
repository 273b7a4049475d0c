"""Luck: every draw is a pure function of (seed, week, purpose, who).

Philox-4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405): the seed is the key, week, purpose
and person the counter. No draw depends on how many were made before it, so two worlds that share a
seed share their luck person by person, whatever their policies do.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from trustabm.rules.compiling import always_compiled, compiled, inlined

__all__ = [
    "candidates",
    "geometric",
    "normal",
    "normals",
    "philox",
    "seed_of",
    "uniform",
    "uniforms",
]

# What a draw is for. Numbers are part of every result: append, never renumber.
STOP_CANDIDATE = 1
STOP = 2  # and, by the second index, which officer
STOP_GOES_BADLY = 4
STOP_ASKED = 5
STOP_IDENTIFIED = 6
STOP_HELD = 7
STOP_ARREST = 8
STOP_CITATION = 9
STOP_CHARGE = 10
CRIME_CANDIDATE = 11
CRIME = 12  # and, by the second index, of which kind
CRIME_PLACE = 14
CRIME_VICTIM = 15
CRIME_TARGET = 16
REPORT = 17
WITNESS_THERE = 18
WITNESS_WHO = 19
WITNESS_COMES = 20
VICTIM_ASKED = 21
VICTIM_IDENTIFIED = 22
VICTIM_PASSED_ON = 23
WITNESS_ASKED = 24
WITNESS_IDENTIFIED = 25
WITNESS_PASSED_ON = 26
CLEARED = 27
CASE_CHARGE = 28
CONVICTED = 29
JAIL_WEEKS = 30
PRISON = 31
PRISON_WEEKS = 32
FINGERPRINTS = 33
IN_RECORDS = 34
SCREENED = 35
SCREEN_IDENTIFIED = 36
BOOKING_ASKED = 37
ARREST_ASKED = 38
PRIORITY = 39
REQUEST_KIND = 40
WARRANT_DEMANDED = 41
WARRANT_HELD = 42
HONORED = 43
CUSTODY_FOLLOWS = 44
ICE_WEEKS = 45
REMOVED = 46
AT_LARGE_CANDIDATE = 47
AT_LARGE = 48
COLLATERAL = 49
TURNOVER_CANDIDATE = 50
TURNOVER = 51
NEW_YEARS = 53
NEW_OFFENDER = 54
NEW_OFFENDING = 55
NEW_RECORD = 56
LASTING_TRUST = 57
MOOD = 58
FEDERAL_RELEASE = 59
FEDERAL_TO_JAIL = 60
LEGAL_CANDIDATE = 61
LEGAL = 62
SENSITIVITY = 63
LOCAL_JAIL_WEEKS = 64
REVIEWER = 65
ARRIVAL_KIND = 66
LEGAL_WILLING = 67
DETECTIVE = 68
SEEKER = 69
RAID_CANDIDATE = 70
RAID = 71
HOME_TRUST = 72
PLACE_TRUST = 73
NEW_STAY = 74
NEW_CONVICTIONS = 75
FIRST_REVIEWED = 76
FOUND_BEFORE = 77
STAYS_IN = 80
AT_WORK = 81
# Synthesis (week 0 of nobody's life)
HOUSEHOLD = 100
HOUSEHOLD_SIZE = 101
HOUSEHOLD_STATUS = 103
HOUSEHOLD_MIXED = 104
MEMBER_STATUS = 105
HOME_X = 106
HOME_Y = 107
OFFICER_JUSTICE = 108
OFFICER_BIAS = 109
OFFICER_DEPUTIZED = 110
OFFICER_TRAINED = 111
PATROL = 112
DISCRETION = 113
ACQUAINTANCE = 114
ACQUAINTANCE_AGAIN = 115
STATUS_KNOWN = 116
WORK = 117  # whether across the county line and, by the second index, where
ACQUAINTANCE_REGION = 118
TIE_POOL = 200
TIE_REGION = 250
TIE_ORDER = 300


def seed_of(root: int, replicate: int) -> int:
    """Return the seed of a replicate's luck, 0 to 2**63 - 1.

    Replicate 0 is the town of the root seed itself, so that a single run with that seed lives in
    it. The others are BLAKE2b (RFC 7693) of root and number: two roots share no town but by a
    chance of about one in 2**63 a pair.

    Args:
        root: The seed that a comparison, a study or a fit was given.
        replicate: The number of the replicate, from 0.
    """
    if replicate == 0:
        return root
    words = f"{root} {replicate}".encode()
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest(), "big") >> 1


_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53
_TO_UNIT_32 = 1.0 / 4294967296.0  # 2**-32


@always_compiled
def philox(key0, key1, c0, c1, c2, c3):
    """Return Philox-4x32-10 of a 64-bit key and a 128-bit counter, as four 32-bit words.

    Args:
        key0: Low word of the key.
        key1: High word of the key.
        c0: First counter word.
        c1: Second counter word.
        c2: Third counter word.
        c3: Fourth counter word.
    """
    k0, k1 = np.uint32(key0), np.uint32(key1)
    x0, x1, x2, x3 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
    for _ in range(10):
        p0 = _M0 * np.uint64(x0)
        p1 = _M1 * np.uint64(x2)
        y0 = np.uint32(p1 >> _32) ^ x1 ^ k0
        y1 = np.uint32(p1 & _LOW)
        y2 = np.uint32(p0 >> _32) ^ x3 ^ k1
        y3 = np.uint32(p0 & _LOW)
        x0, x1, x2, x3 = y0, y1, y2, y3
        k0 = np.uint32((k0 + _W0) & _LOW)
        k1 = np.uint32((k1 + _W1) & _LOW)
    return np.uint32(x0), np.uint32(x1), np.uint32(x2), np.uint32(x3)


@inlined
def words(seed, week, purpose, who, turn):
    """Return the four random words that belong to (seed, week, purpose, who, turn) alone."""
    s = np.uint64(seed)
    return philox(
        np.uint32(s & _LOW),
        np.uint32(s >> _32),
        np.uint32(who),
        np.uint32(week),
        np.uint32(purpose),
        np.uint32(turn),
    )


@inlined
def unit(a, b):
    """Return 53 bits of two random words as a number in [0, 1)."""
    return float((np.uint64(a) << np.uint64(21)) ^ (np.uint64(b) >> np.uint64(11))) * _TO_UNIT


@inlined
def uniform(seed, week, purpose, who, index=0):
    """Return a number in [0, 1) that belongs to (seed, week, purpose, who, index) alone.

    Args:
        seed: The run's seed, 0 to 2**63 - 1.
        week: Weeks since the world began (synthesis is week 0).
        purpose: One of the numbers above.
        who: The resident, officer, block or neighborhood it is about.
        index: Which of several draws of one purpose in one week.
    """
    a, b, c, d = words(seed, week, purpose, who, index >> 1)
    return unit(c, d) if index & 1 else unit(a, b)


@inlined
def both(seed, week, purpose, who):
    """Return the uniform draws of index 0 and 1, which share the work of one."""
    a, b, c, d = words(seed, week, purpose, who, 0)
    return unit(a, b), unit(c, d)


@compiled
def uniforms(seed, week, purpose, first, index, out):
    """Fill `out` with what `uniform` gives for who = first, first + 1 and so on.

    Made together, so that the processor makes eight or four at once.
    """
    turn, is_second = index >> 1, index & 1 != 0
    for k in range(len(out)):
        a, b, c, d = words(seed, week, purpose, first + k, turn)
        out[k] = unit(c, d) if is_second else unit(a, b)


@compiled
def uniforms_of(seed, week, purpose, people, many, out):
    """Fill `out` with what `uniform` gives for the first so many of these people.

    Eight at a time, so that the processor makes them at once: up to seven more are filled in with
    what is nobody's.
    """
    for k in range((many + 7) // 8 * 8):
        a, b, _, _ = words(seed, week, purpose, people[k], 0)
        out[k] = unit(a, b)


@inlined
def normal(seed, week, purpose, who, index=0):
    """Return a standard normal draw (Box & Muller 1958), keyed like `uniform`."""
    a, b, c, d = words(seed, week, purpose, who, index)
    u, v = unit(a, b), unit(c, d)
    return math.sqrt(-2.0 * math.log(1.0 - u)) * math.cos(2.0 * math.pi * v)


@compiled
def normals(seed, week, purpose, first, out):
    """Fill `out` with what `normal` gives for who = first, first + 1 and so on."""
    for k in range(len(out)):
        out[k] = normal(seed, week, purpose, first + k)


@inlined
def log_of_rest(u):
    """Return log(1 - u): minus a standard exponential draw, from one uniform."""
    return math.log(1.0 - u)


@inlined
def geometric(u, mean):
    """Return a waiting time in whole weeks, 0 or more, with the given mean, from one uniform."""
    if mean <= 0.0:
        return 0
    return int(log_of_rest(u) / math.log(mean / (1.0 + mean)))


BLOCK = 1024
"""Residents that share a sequence of candidates; fixed, or luck would depend on the town's size."""

TURNS = 8
"""How many draws of a sequence of candidates are made together."""

ROOM = BLOCK + 4 * TURNS
"""Length of an array that candidates are written to: the end of it is for words drawn."""

CELLS = 9
"""The first bits of a word, by which the logarithm of it as a number is known within bounds."""

_REST = 32 - CELLS
"""The other bits of a word."""


def _chords() -> np.ndarray[Any, Any]:
    """Return the chord of the logarithm in each cell of words, and how far above it that may be.

    A row a cell: the logarithm where it begins, the slope of the chord over the other bits, and the
    most that the logarithm, which is concave, is above the chord.
    """
    # A word makes a number half above itself, so none is 0.
    ends = [math.log(max(cell / 2.0**CELLS, 2.0**-34)) for cell in range(2**CELLS + 1)]
    above = [ends[1] - ends[0], *(0.125 / cell**2 for cell in range(1, 2**CELLS))]
    begun = zip(ends[:-1], ends[1:], above, strict=True)
    return np.array([(a, (b - a) / 2.0**_REST, most + _ROUNDED) for a, b, most in begun])


_ROUNDED = 1e-9  # more than is rounded on the way
_CHORDS = _chords()


@inlined
def skipped(word, skip):
    """Return how many are no candidates until the next, which one word decides.

    As many as the whole part of log(u) · skip, where u is the word as a number within 0..1. Mostly
    a chord of the logarithm tells it; where it does not the logarithm is worked out.

    Args:
        word: 32 bits.
        skip: 1 / log(1 - chance).
    """
    cell = (word >> _REST) & (2**CELLS - 1)  # no number below 0, the compiler is to know
    chord = _CHORDS[cell, 0] + _CHORDS[cell, 1] * ((word & (2**_REST - 1)) + 0.5)
    least, most = int((chord + _CHORDS[cell, 2]) * skip), int((chord - _ROUNDED) * skip)
    if least == most or least >= BLOCK:
        return least
    return int(math.log((np.float64(word) + 0.5) * _TO_UNIT_32) * skip)


@inlined
def candidates(seed, week, purpose, block, residents, bound, found):
    """Write the residents of one block who are candidates this week; return how many.

    Each resident is a candidate with probability `bound`, independently, whatever the policy: rare
    events are thinned from these (Lewis & Shedler 1979, doi:10.1002/nav.3800260304) by accepting a
    candidate with probability hazard / bound.

    Args:
        seed: The run's seed.
        week: Weeks since the world began.
        purpose: One of the `_CANDIDATE` purposes.
        block: Which block of `BLOCK` consecutive residents.
        residents: Residents in the town, so that the last block ends where the town does.
        bound: Weekly probability, above any hazard; 0 < bound < 1.
        found: Where to write them, `ROOM` long; ascending.
    """
    skip = 1.0 / math.log1p(-bound)
    who = block * BLOCK - 1
    end = min((block + 1) * BLOCK, residents)
    count = 0
    turn = 0
    # A number that is not known to the compiler, or it would not make them together.
    turns = (len(found) - BLOCK) // 4
    while True:
        # 32 bits are enough for a skip: each of the four words of a draw makes one.
        for k in range(turns):
            a, b, c, d = words(seed, week, purpose, block, turn + k)
            found[BLOCK + k] = a
            found[BLOCK + turns + k] = b
            found[BLOCK + 2 * turns + k] = c
            found[BLOCK + 3 * turns + k] = d
        for k in range(turns):
            for part in range(4):
                who += skipped(found[BLOCK + part * turns + k], skip) + 1
                if who >= end:
                    return count
                found[count] = who
                count += 1
        turn += turns
