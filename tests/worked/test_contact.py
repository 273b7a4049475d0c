"""Stops by hand: ODD 7.2."""

from __future__ import annotations

import pytest
from by_hand import e, lv, of_odds, p, wrong

from trustabm.rules import contact
from trustabm.rules.codes import (
    ASK_ARREST,
    ASK_STOP,
    LAWFUL,
    REGISTERED,
    UNDOCUMENTED,
    US_BORN,
)

ASKS = lv(ask_status=ASK_STOP)

ROWS = {
    contact.deputized: [
        ((lv(), 0.29), True),
        ((lv(), 0.3), False),
        ((lv(), 0.31), False),
        ((lv(deputized_share=0), 0.0), False),
    ],
    contact.trained: [((lv(), 0.59), True), ((lv(), 0.6), False), ((lv(), 0.61), False)],
    # free^patrol_elasticity
    contact.patrols: [
        ((p(), 0.64), 0.8),
        ((p(patrol_elasticity=1.5), 0.25), 0.125),
        ((p(patrol_elasticity=0.0), 0.4), 1.0),
    ],
    # 0.7 whoever it is, 0.3 by offending
    contact.cause: [((p(), 0.0), 0.7), ((p(), 1.0), 1.0), ((p(), 3.0), 1.6)],
    # stop_rate / 52 is 0.0025; cause 0.7 + 0.3 o; of Latino residents 1 + bias, and where officers
    # ask at stops and this one is not trained, times 1 + 1.7 · 0.3
    contact.stop_hazard: [
        ((p(), lv(), 1.0, 1.0, 1.0, 0, 0.2, False), 0.0025),
        ((p(), lv(), 1.2, 0.8, 3.0, 0, 0.2, False), 0.0025 * 1.2 * 1.6 * 0.8),
        ((p(), ASKS, 1.2, 0.8, 0.0, 0, 0.2, False), 0.0025 * 1.2 * 0.7 * 0.8),
        ((p(), lv(), 1.2, 0.8, 3.0, 1, 0.2, False), 0.0025 * 1.2 * 1.6 * 0.8 * 1.2),
        ((p(), lv(ask_status=ASK_ARREST), 1.0, 1.0, 1.0, 1, 0.2, False), 0.003),
        ((p(), ASKS, 1.2, 0.8, 3.0, 1, 0.2, False), 0.0025 * 1.2 * 1.6 * 0.8 * 1.2 * 1.51),
        ((p(), ASKS, 1.0, 1.0, 1.0, 1, 0.2, True), 0.003),
        # A weight of 0.5: half the bias, and half of what asking adds
        ((p(), ASKS, 1.0, 1.0, 1.0, 0.5, 0.2, False), 0.0025 * 1.1 * 1.255),
    ],
    # logit(0.2) is log(1/4); justice and training take from it, being Latino adds to it
    contact.badly_chance: [
        ((p(), 0.0, False, 0), 0.2),
        ((p(), 0.5, False, 0), of_odds(0.25 * e(-0.5))),
        ((p(), -0.5, False, 1), of_odds(0.25 * e(0.5) * e(0.31))),
        ((p(), 0.0, True, 0), 1 / 9),  # odds 1/4 / 2
        ((p(), 0.7, True, 1), of_odds(0.125 * e(0.31 - 0.7))),
        ((p(), 0.0, False, 0.5), of_odds(0.25 * e(0.155))),
    ],
    contact.asked_at_stop: [
        ((p(), ASKS, 0, False), 1.0),
        ((p(), ASKS, 1, True), 1.0),
        ((p(), lv(ask_status=ASK_ARREST), 1, False), 0.28),
        ((p(), lv(firewall=1.0), 1, False), 0.28),  # patrol has promised nothing
        ((p(), lv(), 0.25, False), 0.07),
        ((p(), lv(), 0, False), 0.0),
        ((p(), lv(), 1, True), 0.0),
    ],
    contact.arrested_for_status: [
        ((p(), ASKS, True), 1.0),
        ((p(), lv(), True), 1.0),
        ((p(), ASKS, False), 0.17),
        ((p(), lv(ask_status=ASK_ARREST), False), 0.0),
    ],
    # min(conduct_most, stop_arrest o)
    contact.conduct_chance: [
        ((p(), 0.0), 0.0),
        ((p(), 1.0), 0.137),
        ((p(), 6.0), 0.822),
        ((p(), 7.0), 0.83),
    ],
    # v 0.6 screened honor_none bias / 0.1, at most 1; screened is 1 - 0.1 · 0.3, honor_none 0.11
    contact.arrests_instead: [
        ((p(), lv(), 1, 0.1, False), 0.6 * 0.97 * 0.11),
        ((p(), lv(), 1, 0.15, False), 0.6 * 0.97 * 0.11 * 1.5),
        ((p(), lv(), 0.5, 0.1, False), 0.3 * 0.97 * 0.11),
        ((p(), ASKS, 1, 0.2, False), 1.2 * 0.11),
        ((p(), lv(honor_none=1.0), 1, 0.1, False), 0.6 * 0.97),
        ((p(), lv(honor_none=1.0), 1, 0.2, False), 1.0),
        ((p(), lv(honor_none=0.0), 1, 0.1, False), 0.0),
        ((p(), lv(fingerprint_sharing=0.0, jail_screening=0.0), 1, 0.1, False), 0.0),
        ((p(), lv(), 1, 0.1, True), 0.0),
        ((p(), lv(), 0, 0.1, False), 0.0),
        ((p(), lv(), 1, 0.0, False), 0.0),
        ((p(profiling_bias=0.0), lv(), 1, 0.0, False), 0.0),
        ((p(incentive=False), lv(), 1, 0.1, False), 0.0),
    ],
    # conduct, and for the undocumented the licence besides: 0.41 · 0.65 = 0.2665
    contact.stop_arrest_chance: [
        ((p(), lv(), 2.0, US_BORN), 0.274),
        ((p(), lv(), 2.0, LAWFUL), 0.274),
        ((p(), lv(), 2.0, REGISTERED), 0.274),
        ((p(), lv(), 0.0, UNDOCUMENTED), 0.2665),
        ((p(), lv(), 2.0, UNDOCUMENTED), 1 - 0.726 * 0.7335),
        ((p(), lv(license_access=1.0), 2.0, UNDOCUMENTED), 0.274),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_stops_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []
