"""Beliefs by hand: ODD 7.8 and 7.11."""

from __future__ import annotations

import numpy as np
import pytest
from by_hand import p, wrong

from trustabm.rules import beliefs

NO_ONE = np.zeros(9, np.int64)
HOUSED = np.array([2, 0, 1, 0, 0, 0, 0, 0, 0])  # two with no tie of that kind, one with two
TIED = np.array([5, 3, 0, 0, 0, 0, 0, 0, 1])

ROWS = {
    # b + share (target - b), the share at most 1
    beliefs.moved: [
        ((0.4, 1.0, 0.25), 0.4 + 0.25 * 0.6),
        ((0.4, 0.0, 0.25), 0.4 - 0.25 * 0.4),
        ((0.4, 1.0, 1.0), 1.0),
        ((0.4, 0.0, 3.0), 0.0),
        ((0.4, 1.0, 0.0), 0.4),
    ],
    # min(1, news_pull publicity salience stake); 0 with news off
    beliefs.news_weight: [
        ((p(), 0.5, 0.6, 0.7), 2.3 * 0.5 * 0.6 * 0.7),
        ((p(), 0.9, 0.8, 0.7), 1.0),  # 1.1592 is cut
        ((p(news_pull=1.25), 0.8, 0.5, 0.25), 0.125),
        ((p(news=False), 0.5, 0.6, 0.7), 0.0),
    ],
    # salience + news_decay (news_floor - salience)
    beliefs.faded: [
        ((p(), 1.0), 1 - 0.07 * 0.69),
        ((p(), 0.31), 0.31),
        ((p(), 0.1), 0.1 + 0.07 * 0.21),
    ],
    # m + w (news - m), then prior_pull of the way to rest
    beliefs.drawn: [
        ((0.5, 0.1, 0.25, 0.6, 0.0), 0.4),
        ((0.5, 0.1, 0.25, 0.6, 0.5), 0.5),  # half way from 0.4 to 0.6
        ((0.5, 0.9, 0.0, 0.6, 0.3), 0.53),
        ((0.2, 0.7, 1.0, 0.1, 0.25), 0.55),  # 0.7, then a quarter of the way to 0.1
    ],
    # rest (1 - news_trust risk stake) + reassurance risk (1 - stake) (1 - rest)
    beliefs.trust_in_news: [
        ((p(), 0.6, 0.5, 1.0), 0.6 - 0.44 * 0.5 * 0.6),
        ((p(), 0.6, 0.5, 0.0), 0.6 + 0.11 * 0.5 * 0.4),
        ((p(), 0.7, 0.5, 0.25), 0.7 - 0.44 * 0.5 * 0.25 * 0.7 + 0.11 * 0.5 * 0.75 * 0.3),
        ((p(), 0.7, 0.0, 0.25), 0.7),
    ],
    # own: 1 each; at home: 1 - 0.3 · 0.6^k; among ties: 1 - 0.6^k
    beliefs.sum_of_stakes: [
        ((p(), 3, NO_ONE, NO_ONE), 3.0),
        ((p(), 0, HOUSED, NO_ONE), 2 * 0.7 + (1 - 0.3 * 0.36)),
        ((p(), 0, NO_ONE, TIED), 3 * 0.4 + (1 - 0.6**8)),
        ((p(), 2, HOUSED, TIED), 2 + 1.4 + 0.892 + 1.2 + (1 - 0.6**8)),
    ],
    # S1 + linked_fate max(0, S2 - S1)
    beliefs.felt: [
        ((p(), 0.1, 0.4), 0.1 + 0.37 * 0.3),
        ((p(), 0.4, 0.1), 0.4),
        ((p(), 0.3, 0.3), 0.3),
        ((p(), 0.0, 0.5), 0.185),
    ],
    # rest + outreach_gain outreach (1 - rest)
    beliefs.trust_at_rest: [
        ((p(), 0.6, 0.5), 0.6 + 0.19 * 0.5 * 0.4),
        ((p(), 0.6, 0.0), 0.6),
        ((p(), 0.2, 1.0), 0.2 + 0.19 * 0.8),
    ],
    # raid_attribution + (1 - raid_attribution) R
    beliefs.attributed: [
        ((p(), 0.0), 0.29),
        ((p(), 1.0), 1.0),
        ((p(), 0.4), 0.29 + 0.71 * 0.4),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_beliefs_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []
