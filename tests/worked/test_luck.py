"""Luck by hand: ODD 4, stochasticity. From the answers published with Random123."""

from __future__ import annotations

import math

import numpy as np
import pytest
from by_hand import wrong

from trustabm.rules import luck

ALL = 2**32 - 1

# philox4x32-10 of zeros, of ones, and of the digits of pi (Salmon et al. 2011)
ZEROS = (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
ONES = (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
PI = (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)
SEED = 0x299F31D0_A4093822
WHO, WEEK, PURPOSE, TURN = 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344


def unit(a: int, b: int) -> float:
    """The first 32 of 53 bits are a's, the others the first 21 of b's."""
    return (a * 2**21 + b // 2**11) / 2**53


def box_muller(words):
    return math.sqrt(-2 * math.log(1 - unit(*words[:2]))) * math.cos(2 * math.pi * unit(*words[2:]))


def drawn(bound, residents, block=0):
    found = np.full(luck.ROOM, -1, np.int64)
    many = luck.candidates(0, 0, 0, block, residents, bound, found)
    assert (found[many : luck.BLOCK] == -1).all()
    return found[:many].tolist()


def filled(seed, week, purpose, first, index):
    out = np.zeros(3)
    luck.uniforms(seed, week, purpose, first, index, out)
    return out.tolist()


def filled_of(seed, week, purpose, *people):
    out, who = np.zeros(8), np.zeros(8, np.int64)
    who[: len(people)] = people
    luck.uniforms_of(seed, week, purpose, who, len(people), out)
    return out[: len(people)].tolist()


def filled_normal(seed, week, purpose, first):
    out = np.zeros(3)
    luck.normals(seed, week, purpose, first, out)
    return out.tolist()


def each(rule, seed, week, purpose, people, *index):
    return [rule(seed, week, purpose, who, *index) for who in people]


ROWS = {
    luck.philox: [
        ((0, 0, 0, 0, 0, 0), ZEROS),
        ((ALL,) * 6, ONES),
        ((0xA4093822, 0x299F31D0, WHO, WEEK, PURPOSE, TURN), PI),
    ],
    luck.words: [
        ((0, 0, 0, 0, 0), ZEROS),
        ((np.uint64(2**64 - 1), ALL, ALL, ALL, ALL), ONES),
        ((SEED, WEEK, PURPOSE, WHO, TURN), PI),
    ],
    luck.unit: [
        ((0, 0), 0.0),
        ((2**31, 0), 0.5),
        ((1, 0), 2**-32),
        ((0, 2**11), 2**-53),
        ((0, 2**11 - 1), 0.0),
        ((ALL, ALL), 1 - 2**-53),
    ],
    # Of four words, an even index takes the first two, an odd one the others
    luck.uniform: [
        ((0, 0, 0, 0), unit(*ZEROS[:2])),
        ((0, 0, 0, 0, 1), unit(*ZEROS[2:])),
        ((SEED, WEEK, PURPOSE, WHO, 2 * TURN), unit(*PI[:2])),
        ((SEED, WEEK, PURPOSE, WHO, 2 * TURN + 1), unit(*PI[2:])),
    ],
    # As one by one
    filled: [
        ((SEED, WEEK, PURPOSE, 5, index), each(luck.uniform, SEED, WEEK, PURPOSE, (5, 6, 7), index))
        for index in (0, 1, 6, 7)
    ],
    filled_of: [
        ((SEED, 9, luck.STOP, *who), each(luck.uniform, SEED, 9, luck.STOP, who))
        for who in ((3,), (WHO, 0, 17), (4, 5, 6, 7, 8, 9, 10, 2**31 - 1))
    ],
    filled_normal: [
        ((seed, 2, luck.MOOD, 40), each(luck.normal, seed, 2, luck.MOOD, (40, 41, 42)))
        for seed in (0, 7, SEED)
    ],
    # The whole part of log((word + 1/2) / 2**32) over log(1 - chance), or past the block
    luck.skipped: [
        ((ALL, 1 / math.log(0.98)), 0),
        ((2**31, 1 / math.log(0.98)), 34),  # 34.3
        ((0x62000000, 1 / math.log(0.98)), 47),  # 0.3828: 47.53
        ((2**30, 1 / math.log(0.5)), 1),  # 1.9999: a cell begins there
        ((2**30 - 1, 1 / math.log(0.5)), 2),
        ((0, 1 / math.log(0.9)), 217),  # 33 halvings
    ],
    luck.both: [
        ((0, 0, 0, 0), (unit(*ZEROS[:2]), unit(*ZEROS[2:]))),
        *(
            (
                (seed, week, purpose, who),
                tuple(luck.uniform(seed, week, purpose, who, n) for n in (0, 1)),
            )
            for seed, week, purpose, who in ((SEED, 3, luck.STOP, 5), (7, WEEK, luck.CRIME, WHO))
        ),
    ],
    # sqrt(-2 log(1 - u)) cos(2 pi v)
    luck.normal: [
        ((0, 0, 0, 0), box_muller(ZEROS)),
        ((np.uint64(2**64 - 1), ALL, ALL, ALL, ALL), box_muller(ONES)),
        ((SEED, WEEK, PURPOSE, WHO, TURN), box_muller(PI)),
    ],
    luck.log_of_rest: [
        ((0.0,), 0.0),
        ((0.5,), -math.log(2)),
        ((0.9,), -math.log(10)),
    ],
    # whole part of log(1 - u) / log(mean / (1 + mean))
    luck.geometric: [
        ((0.0, 1.0), 0),
        ((0.49, 1.0), 0),
        ((0.5, 1.0), 1),
        ((0.76, 1.0), 2),  # log2(1 / 0.24) = 2.06
        ((0.6, 3.0), 3),  # log 0.4 / log 0.75 = 3.19
        ((0.999, 0.0), 0),
        ((0.999, -1.0), 0),
    ],
    # The words as numbers are 0.399, 0.881, 0.736, 0.605; log2 of them -1.33, -0.18, -0.44, -0.72
    drawn: [
        ((0.5, 5), [1, 2, 3, 4]),
        ((0.5, 4), [1, 2, 3]),
        ((0.5, 2), [1]),
        ((0.5, 1), []),
        # log 0.399 / log(1 - 0.001) = 918.3, log 0.881 / ... = 127.2: the second is past the block
        ((0.001, 5000), [918]),
        ((0.001, 918), []),
        ((0.0009, 5000), [1020]),  # 1020.4
        ((0.0008, 5000), []),  # 1148.0
        # 917.8, as none counts from the block's first
        ((0.0010005, 919), [917]),
    ],
    # `printf '0 1' | b2sum -l 64`, as a number, halved
    luck.seed_of: [
        ((0, 0), 0),
        ((2**63 - 1, 0), 2**63 - 1),
        ((0, 1), 0x7A871B123B94BC44 // 2),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_luck_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []


def test_candidates_of_other_blocks_and_further_words_by_hand():
    # Which words are drawn is held by the rows above; here what is made of them.
    for block, residents in ((0, 1024), (1, 2048), (2, 2500)):
        first, last = block * 1024, min(block * 1024 + 1024, residents)
        at, expected, turn = first - 1, [], 0
        while at < last:
            for word in luck.words(0, 0, 0, block, turn):
                at += 1 + int(math.log((int(word) + 0.5) / 2**32) / math.log(1 - 0.02))
                if at < last:
                    expected.append(at)
                else:
                    break
            turn += 1
        assert drawn(0.02, residents, block) == expected


# Numbers are part of every result: to be appended to, never renumbered.
PURPOSES = """
1 stop_candidate stop - stop_goes_badly stop_asked stop_identified stop_held stop_arrest
9 stop_citation stop_charge crime_candidate crime - crime_place crime_victim crime_target
17 report witness_there witness_who witness_comes victim_asked victim_identified
23 victim_passed_on witness_asked witness_identified witness_passed_on cleared case_charge
29 convicted jail_weeks prison prison_weeks fingerprints in_records screened screen_identified
37 booking_asked arrest_asked priority request_kind warrant_demanded warrant_held honored
44 custody_follows ice_weeks removed at_large_candidate at_large collateral turnover_candidate
51 turnover - new_years new_offender new_offending new_record lasting_trust mood
59 federal_release federal_to_jail legal_candidate legal sensitivity local_jail_weeks reviewer
66 arrival_kind legal_willing detective seeker raid_candidate raid home_trust
73 place_trust new_stay new_convictions first_reviewed found_before
80 stays_in at_work
100 household household_size - household_status household_mixed member_status home_x home_y
108 officer_justice officer_bias officer_deputized officer_trained patrol discretion acquaintance
115 acquaintance_again status_known work acquaintance_region
200 tie_pool
250 tie_region
300 tie_order
1024 block
1056 room
8 turns
9 cells
"""


def test_purposes_keep_their_numbers():
    expected = {}
    for line in PURPOSES.split("\n"):
        first, *names = line.split() or ["0"]
        expected |= {n.upper(): int(first) + k for k, n in enumerate(names) if n != "-"}
    public = {n: v for n, v in vars(luck).items() if n.isupper() and n[0] != "_"}
    assert public == expected
