"""Enforcement by hand: ODD 7.1, 7.7 and 7.10."""

from __future__ import annotations

import pytest
from by_hand import e, lv, of_odds, p, wrong

from trustabm.rules import enforcement
from trustabm.rules.codes import (
    ASK_ARREST,
    ASK_BOOKING,
    ASK_STOP,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
)

# What 7.1 is made of, with 37 of 100 arrested having a misdemeanor:
Q = 0.63 * 0.13 + 0.37 * 0.29  # requested, 0.1892
H = (0.63 * 0.11 + 0.37 * 0.37) * (1 - 0.4 * 0.93) * (1 - 0.2 * 0.41)  # handed over
# Not seen to be identified by fingerprints, of which 0.75 is public, or by screening, of which 0.3
UNSEEN = (1 - 0.75 * 0.9 * 0.8) * (1 - 0.3 * 0.7 * 0.73)

ROWS = {
    # log odds moved by discretion; what is certain stays so
    enforcement.applied_priority: [
        ((0.0, 3.0), 0.0),
        ((1.0, -3.0), 1.0),
        ((0.2, 0.0), 0.2),
        ((0.2, 0.4), of_odds(0.25 * e(0.4))),
        ((0.75, -0.4), of_odds(3 * e(-0.4))),
    ],
    # honor + (1 - honor) jail_discretion, whatever victims and witnesses are promised
    enforcement.honor: [
        ((p(), lv(), RECORD_NONE), 0.11 + 0.89 * 0.3),
        ((p(), lv(), RECORD_MISDEMEANOR), 0.37 + 0.63 * 0.3),
        ((p(), lv(), RECORD_FELONY), 0.59 + 0.41 * 0.3),
        ((p(), lv(), RECORD_VIOLENT), 0.83 + 0.17 * 0.3),
        ((p(jail_discretion=0.0), lv(firewall=1.0), RECORD_NONE), 0.11),
        ((p(), lv(firewall=1.0, honor_none=0.0), RECORD_NONE), 0.3),
        ((p(), lv(firewall=0.0, honor_none=0.0), RECORD_NONE), 0.3),
    ],
    enforcement.warrant_chance: [
        ((p(), RECORD_NONE), 0.07),
        ((p(), RECORD_MISDEMEANOR), 0.07),
        ((p(), RECORD_FELONY), 0.07),
        ((p(), RECORD_VIOLENT), 0.62),
    ],
    # asked for below 0.4, and held below 0.62 or 0.07
    enforcement.warrant_shown: [
        ((p(), lv(), RECORD_VIOLENT, 0.39, 0.61), True),
        ((p(), lv(), RECORD_VIOLENT, 0.4, 0.61), False),
        ((p(), lv(), RECORD_VIOLENT, 0.39, 0.62), False),
        ((p(), lv(), RECORD_FELONY, 0.39, 0.06), True),
        ((p(), lv(), RECORD_FELONY, 0.39, 0.07), False),
        ((p(), lv(), RECORD_FELONY, 0.9, 0.9), False),
    ],
    # refused where a warrant is asked for and there is none; else by the chance to honour
    enforcement.jail_honors: [
        ((p(), lv(), RECORD_VIOLENT, 0.39, 0.62, 0.0), False),
        ((p(), lv(), RECORD_VIOLENT, 0.39, 0.61, 0.0), True),
        ((p(), lv(), RECORD_VIOLENT, 0.4, 0.62, 0.88), True),  # 0.881
        ((p(), lv(), RECORD_VIOLENT, 0.4, 0.0, 0.882), False),
        ((p(), lv(), RECORD_NONE, 0.4, 0.9, 0.37), True),  # 0.377
        ((p(), lv(), RECORD_NONE, 0.39, 0.07, 0.37), False),
        # at the chance itself
        ((p(jail_discretion=0.0), lv(), RECORD_FELONY, 0.4, 0.0, 0.59), False),
    ],
    enforcement.honors_chance: [
        # asked for a warrant 0.4 of the time, which ICE then holds 0.62 or 0.07 of the time
        ((p(), lv(), RECORD_VIOLENT), (0.6 + 0.4 * 0.62) * 0.881),
        ((p(), lv(), RECORD_NONE), (0.6 + 0.4 * 0.07) * 0.377),
        ((p(jail_discretion=0.0), lv(), RECORD_FELONY), (0.6 + 0.4 * 0.07) * 0.59),
        ((p(), lv(judicial_warrant=0.0), RECORD_NONE), 0.377),
    ],
    enforcement.taken_chance: [
        ((p(), lv(judicial_warrant=0.0, notification_share=0.0), RECORD_NONE), 0.377 * 0.4),
        ((p(), lv(judicial_warrant=0.0, notification_share=1.0), RECORD_NONE), 0.377 * 0.4 * 0.59),
        (
            (p(), lv(judicial_warrant=0.0, notification_share=0.25), RECORD_NONE),
            0.377 * 0.4 * (0.75 + 0.25 * 0.59),
        ),
    ],
    enforcement.follow_chance: [
        ((p(), False), 0.4),
        ((p(), True), 0.4 * 0.59),
        ((p(notification_pickup=1.0), True), 0.4),
    ],
    enforcement.hold_hours: [
        ((p(), False, False, False), 47.0),
        ((p(), False, False, True), 47 * 0.53),
        ((p(), True, False, False), 0.0),
        ((p(), False, True, False), 0.0),
        ((p(), True, True, True), 0.0),
    ],
    # hours · share / (50 + 0.47 · 2.3 · 11)
    enforcement.operations: [
        ((p(), lv(), 900.0), 225 / (50 + 11.891)),
        ((p(), lv(collateral=0.0), 900.0), 4.5),
        ((p(), lv(at_large_share=0.0), 900.0), 0.0),
    ],
    enforcement.target_weight: [
        ((p(), 0.13, False), 0.13),
        ((p(), 0.13, True), 0.13 * 61),
        ((p(), 0.61, True), 0.61 * 61),
    ],
    # n w / sum of w
    enforcement.at_large_hazard: [
        ((0.5, 3.0, 60.0), 0.025),
        ((2.0, 0.13, 26.0), 0.01),
        ((0.3, 0.2, 0.6), 0.1),
        ((0.5, 3.0, 0.0), 0.0),
        ((0.0, 3.0, 60.0), 0.0),
    ],
    # raids / 1000, by the priority over the mean
    enforcement.raid_hazard: [
        ((lv(), RECORD_NONE, 0.13), 0.005),
        ((lv(), RECORD_FELONY, 0.13), 0.005 * 0.61 / 0.13),
        ((lv(raids=30.0), RECORD_FELONY, 0.13), 0.1),
        ((lv(raids=0.0), RECORD_FELONY, 0.13), 0.0),
        ((lv(), RECORD_NONE, 0.0), 0.0),
    ],
    # collateral min(1, collateral_met / near)
    enforcement.collateral_chance: [
        ((p(), lv(), 0), 0.0),
        ((p(), lv(), 1), 0.47),
        ((p(), lv(), 2), 0.47),
        ((p(), lv(), 5), 0.47 * 0.46),
    ],
    # 0.67 (1 - (1 - 0.45 · 0.33) (1 - q (1 - 2^(-visible / 0.25))))
    enforcement.federal_risk: [
        ((p(), lv(), 0.0), 0.67 * 0.1485),
        ((p(), lv(), 0.25), 0.67 * (1 - 0.8515 * (1 - Q / 2))),
        ((p(), lv(), 0.5), 0.67 * (1 - 0.8515 * (1 - 0.75 * Q))),
        ((p(), lv(announced_reach=0.0), 0.5), 0.67 * 0.75 * Q),
        ((p(), lv(announced_reach=0.0), 0.0), 0.0),
        ((p(), lv(priority_none=0.0, priority_misdemeanor=0.0), 9.0), 0.67 * 0.1485),
        ((p(), lv(announced_reach=1.0, priority_none=1.0, priority_misdemeanor=1.0), 1e9), 0.67),
    ],
    # 2.9 / 53 for the willing and eligible, at most the bound
    enforcement.legal_hazard: [
        ((p(), lv(), RECORD_NONE, 5, 0.74), 2.9 / 53),
        ((p(), lv(), RECORD_MISDEMEANOR, 30, 0.0), 2.9 / 53),
        ((p(), lv(), RECORD_FELONY, 30, 0.0), 0.0),
        ((p(), lv(), RECORD_VIOLENT, 30, 0.0), 0.0),
        ((p(), lv(), RECORD_NONE, 4, 0.0), 0.0),
        ((p(), lv(), RECORD_NONE, 5, 0.75), 0.0),
        ((p(application_weeks=10.0), lv(), RECORD_NONE, 5, 0.0), 0.08),
    ],
    # 1 - (1 - identified q h) (1 - stopped), asked nowhere, at booking (a = 0.45), at arrest
    # (a = 1 - 0.55²), at the stop (besides, 0.45 (0.3 + 0.7 · 0.17) q h)
    enforcement.rules_risk: [
        ((p(), lv()), (1 - UNSEEN) * Q * H),
        ((p(), lv(ask_status=ASK_BOOKING)), (1 - UNSEEN * (1 - 0.3 * 0.45)) * Q * H),
        ((p(), lv(ask_status=ASK_ARREST)), (1 - UNSEEN * (1 - 0.9 * 0.6975)) * Q * H),
        (
            (p(), lv(ask_status=ASK_STOP)),
            1 - (1 - (1 - UNSEEN * (1 - 0.9 * 0.6975)) * Q * H) * (1 - 0.9 * 0.45 * 0.419 * Q * H),
        ),
        ((p(), lv(fingerprint_sharing=0.0, jail_screening=0.0)), 0.0),
        # Everything that can be done is done, but for what nobody can
        (
            (
                p(),
                lv(
                    priority_none=1.0,
                    priority_misdemeanor=1.0,
                    honor_none=1.0,
                    honor_misdemeanor=1.0,
                    judicial_warrant=1.0,
                    notification_share=1.0,
                    jail_screening=0.0,
                ),
            ),
            0.75 * 0.72 * 0.07 * 0.59,
        ),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_enforcement_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []
