"""Beliefs by hand: ODD 7.8 and 7.11."""

from __future__ import annotations

import math

import numpy as np
import pytest
from by_hand import p, wrong

from trustabm.rules import beliefs, luck
from trustabm.rules.codes import (
    HOUSEHOLD,
    LAWFUL,
    NATURALIZED,
    NOBODY,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    REGISTERED,
    SELF,
    TIE,
    UNDOCUMENTED,
    US_BORN,
)

NO_ONE = np.zeros(9, np.int64)
HOUSED = np.array([2, 0, 1, 0, 0, 0, 0, 0, 0])  # two with no tie of that kind, one with two
TIED = np.array([5, 3, 0, 0, 0, 0, 0, 0, 1])

# Draws of one person in two lives, of a household and of a neighborhood
OWN, AGAIN = (luck.normal(5, 0, luck.LASTING_TRUST, 17, life) for life in (0, 3))
HOME, PLACE = luck.normal(5, 0, luck.HOME_TRUST, 15), luck.normal(5, 0, luck.PLACE_TRUST, 2)
MOODS = [luck.normal(5, stretch, luck.MOOD, 17, 3) for stretch in range(11)]

ROWS = {
    # 2^(-age / half-life)
    beliefs.left: [
        ((0, 7.0), 1.0),
        ((7, 7.0), 0.5),
        ((21, 7.0), 0.125),
        ((1, 2.0), math.sqrt(0.5)),
    ],
    # 0.2 (√0.75 own + √0.16 the household's + √0.09 the neighborhood's)
    beliefs.own_trust: [
        ((5, 17, 0), OWN),
        ((5, 17, 3), AGAIN),
        ((5, 18, 3), luck.normal(5, 0, luck.LASTING_TRUST, 18, 3)),
    ],
    beliefs.home_trust: [
        ((seed, home), luck.normal(seed, 0, luck.HOME_TRUST, home))
        for seed, home in ((5, 15), (5, 16), (6, 15))
    ],
    beliefs.place_trust: [
        ((seed, place), luck.normal(seed, 0, luck.PLACE_TRUST, place))
        for seed, place in ((5, 2), (5, 3), (6, 2))
    ],
    beliefs.lasting_trust: [
        ((p(), OWN, HOME, PLACE), 0.2 * (math.sqrt(0.75) * OWN + 0.4 * HOME + 0.3 * PLACE)),
        ((p(), AGAIN, HOME, PLACE), 0.2 * (math.sqrt(0.75) * AGAIN + 0.4 * HOME + 0.3 * PLACE)),
        ((p(trust_home=0.0, trust_place=0.0), OWN, HOME, PLACE), 0.2 * OWN),
        (
            (p(trust_home=0.5, trust_place=0.5), OWN, HOME, PLACE),
            0.1414213562373095 * (HOME + PLACE),
        ),
        ((p(trust_spread=0.0), OWN, HOME, PLACE), 0.0),
    ],
    # Stretches of eight weeks, whose turns are 17 weeks early at place 17 (and at place 69)
    beliefs.mood: [
        ((p(mood_spread=0.1), 5, 16, 17, 3), 0.1 * MOODS[4]),  # 33 / 8
        ((p(mood_spread=0.1), 5, 14, 17, 3), 0.1 * MOODS[3]),
        ((p(mood_spread=0.1), 5, 15, 17, 3), 0.1 * MOODS[4]),
        ((p(mood_spread=0.1), 5, 15, 69, 3), 0.1 * luck.normal(5, 4, luck.MOOD, 69, 3)),
        ((p(mood_spread=0.1, mood_weeks=2.0), 5, 3, 17, 3), 0.1 * MOODS[10]),
        ((p(), 5, 16, 17, 3), 0.0),
    ],
    # own + linked_fate max(0, ethnic - own)
    beliefs.attention: [
        ((p(), 0.1, 0.4), 0.1 + 0.37 * 0.3),
        ((p(), 0.4, 0.1), 0.4),
        ((p(), 0.3, 0.3), 0.3),
        ((p(), 0.0, 0.5), 0.185),
    ],
    # mean + lasting + lately - (0.44 a - 0.05 (1 - a)) news + 0.07 reached
    beliefs.trust: [
        ((p(), 0.5, 0.2, -0.1, 0.0, 1.0, 0.0), 0.6),
        ((p(), 0.5, -0.2, 0.1, 0.5, 1.0, 0.0), 0.4 - 0.22),
        ((p(), 0.5, 0.0, 0.0, -0.5, 1.0, 0.0), 0.72),  # what is milder than expected
        ((p(), 0.5, 0.0, 0.0, 0.5, 0.0, 0.0), 0.525),  # nothing at stake
        ((p(), 0.5, 0.0, 0.0, 0.4, 0.5, 0.6), 0.5 - 0.4 * (0.22 - 0.025) + 0.042),
        ((p(), 0.9, 0.3, 0.2, 0.0, 0.0, 0.0), 1.4),  # cut where it is read
    ],
    beliefs.is_reached: [
        ((UNDOCUMENTED, SELF), True),
        ((REGISTERED, NOBODY), True),
        ((LAWFUL, NOBODY), True),
        ((NATURALIZED, NOBODY), False),
        ((US_BORN, NOBODY), False),
        ((US_BORN, TIE), True),
        ((NATURALIZED, HOUSEHOLD), True),
    ],
    # Undocumented, whoever they are; else 0.2 of Latino residents, a fourth of it of no group
    beliefs.standing_risk: [
        ((p(), UNDOCUMENTED, 1.0), (0.3, 10.0)),
        ((p(), UNDOCUMENTED, 0.0), (0.3, 10.0)),
        ((p(), US_BORN, 1.0), (0.2, 1.0)),
        ((p(), LAWFUL, 0.0), (0.05, 1.0)),
        ((p(), REGISTERED, 0.5), (0.125, 1.0)),
        ((p(firm_citizen=0.5), NATURALIZED, 1.0), (0.2, 0.5)),
    ],
    # 0.25 where nothing of it holds, and the rest by how much does
    beliefs.likeness: [
        ((p(), 1.0), 1.0),
        ((p(), 0.0), 0.25),
        ((p(), 0.5), 0.625),
    ],
    # 4 publicity surprise, half of it where it calms
    beliefs.news: [
        ((p(), 1.0, 0.2), 0.8),
        ((p(), 0.5, 0.2), 0.4),
        ((p(), 1.0, -0.2), -0.4),
        ((p(), 2.0, -0.2), -0.8),
        ((p(), 1.0, 0.0), 0.0),
        ((p(), 0.0, 0.3), 0.0),
    ],
    # h + 0.6 (rules - h)
    beliefs.heard: [((p(), 0.1, 0.6), 0.4), ((p(), 0.6, 0.1), 0.3), ((p(), 0.2, 0.2), 0.2)],
    # Half of the way in ten weeks, so 1 - 2^-0.1 of it in one
    # A week of ten to the half: 1 - e^(-0.16783), of a stage
    beliefs.follows: [
        ((p(), 0.1, 0.5), 0.1 + 0.4 * (1 - math.exp(-0.16783469900166605))),
        ((p(), 0.5, 0.1), 0.5 - 0.4 * (1 - math.exp(-0.16783469900166605))),
        ((p(news_half_life=1.6783469900166605), 0.1, 0.5), 0.1 + 0.4 * (1 - math.exp(-1))),
    ],
    beliefs.weight_of_record: [
        ((p(), RECORD_NONE), 1.0),
        ((p(), RECORD_MISDEMEANOR), 1.0),
        ((p(), RECORD_FELONY), 0.2),
        ((p(), RECORD_VIOLENT), 0.2),
    ],
    # raid_attribution + (1 - raid_attribution) R
    beliefs.attributed: [
        ((p(), 0.0), 0.29),
        ((p(), 1.0), 1.0),
        ((p(), 0.4), 0.29 + 0.71 * 0.4),
    ],
    # 0.1 a contact, 0.6 of it for others at home and 0.3 for ties, over what fades in a week
    beliefs.usual_calm: [
        ((p(), 0.02, 1, 0), 0.002 / (1 - 2**-0.02)),
        ((p(), 0.02, 3, 8), 0.002 * (1 + 1.2 + 2.4) / (1 - 2**-0.02)),
        ((p(stories=False), 0.02, 3, 8), 0.002 / (1 - 2**-0.02)),
        ((p(cases=False), 0.02, 3, 8), 0.0),
    ],
    # own: 1 each; at home: 1 - 0.3 · 0.6^k; among ties: 1 - 0.6^k
    beliefs.sum_of_stakes: [
        ((p(), 3, NO_ONE, NO_ONE), 3.0),
        ((p(), 0, HOUSED, NO_ONE), 2 * 0.7 + (1 - 0.3 * 0.36)),
        ((p(), 0, NO_ONE, TIED), 3 * 0.4 + (1 - 0.6**8)),
        ((p(), 2, HOUSED, TIED), 2 + 1.4 + 0.892 + 1.2 + (1 - 0.6**8)),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_beliefs_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []


def test_what_was_heard_comes_to_be_expected():
    """News of a rise, then of a fall to where it was: surprise has a sign, and goes away."""
    has_heard, lived_with, expects = 0.0, 0.0, 0.0
    surprises = []
    for week in range(400):
        rules = 0.5 if week < 200 else 0.0
        expects = beliefs.follows(p(), expects, lived_with)
        lived_with = beliefs.follows(p(), lived_with, has_heard)
        has_heard = beliefs.heard(p(), has_heard, rules)
        surprises.append(has_heard - expects)
    assert surprises[0] == pytest.approx(0.3)  # 0.6 of it in the first week, nothing expected yet
    assert max(surprises) == surprises[3] > 0.45
    assert surprises[11] == pytest.approx(0.25, abs=0.05)  # ten weeks after it was heard
    assert abs(surprises[199]) < 1e-6
    assert min(surprises) == surprises[203] < -0.45
    assert abs(surprises[399]) < 1e-6
