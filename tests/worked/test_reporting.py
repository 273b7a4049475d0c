"""Reports by hand: ODD 7.4."""

from __future__ import annotations

import pytest
from by_hand import e, lv, of_odds, p, wrong

from trustabm.rules import luck, reporting
from trustabm.rules.codes import (
    DOMESTIC,
    HOUSEHOLD,
    LAWFUL,
    NATURALIZED,
    NOBODY,
    PROPERTY,
    REGISTERED,
    SELF,
    TIE,
    UNDOCUMENTED,
    US_BORN,
    VIOLENT,
)

Z = luck.normal(5, 0, luck.SENSITIVITY, 7, 2)  # by hand in test_luck.py

ROWS = {
    # 1 for oneself; else 1 - 0.3^h 0.6^k, for lawful noncitizens at least 0.43
    reporting.stake: [
        ((p(), SELF, 0, UNDOCUMENTED), 1.0),
        ((p(), HOUSEHOLD, 0, US_BORN), 0.7),
        ((p(), HOUSEHOLD, 2, LAWFUL), 1 - 0.3 * 0.36),
        ((p(), TIE, 1, NATURALIZED), 0.4),
        ((p(), TIE, 1, LAWFUL), 0.43),
        ((p(), TIE, 2, LAWFUL), 0.64),
        ((p(), NOBODY, 0, LAWFUL), 0.43),
        ((p(), NOBODY, 0, REGISTERED), 0.0),
        ((p(), NOBODY, 0, US_BORN), 0.0),
    ],
    reporting.stake_in_others: [
        ((p(), False, 0), 0.0),
        ((p(), True, 0), 0.7),
        ((p(), False, 1), 0.4),
        ((p(), True, 3), 1 - 0.3 * 0.216),
    ],
    # exp(s z - s² / 2), of mean 1; s = 1.2
    reporting.sensitivity: [
        ((p(), 5, 7, 2), e(1.2 * Z - 0.72)),
        ((p(fear_spread=0.0), 5, 7, 2), 1.0),
        ((p(fear_spread=2.0), 5, 7, 2), e(2 * Z - 2)),
    ],
    # 9.7 s ((1 - (1 - R) (1 - 0.46 asks)) / 0.5)² (1 - 0.55 firewall) S
    reporting.fear: [
        ((p(), lv(firewall=0.0), 0.3, 1.0, 1.0, 0.0), 38.8 * 0.09),
        ((p(), lv(firewall=0.0), 0.0, 1.0, 1.0, 0.5), 38.8 * 0.23**2),
        ((p(), lv(), 0.3, 0.5, 2.0, 0.5), 38.8 * 2 * (1 - 0.7 * 0.77) ** 2 * (1 - 0.33) * 0.5),
        ((p(), lv(), 0.3, 0.0, 2.0, 0.5), 0.0),
        ((p(fear=False), lv(), 0.3, 0.5, 2.0, 0.5), 0.0),
    ],
    # In full for oneself, in part for a household, else not at all
    reporting.asking_bites: [
        ((p(), SELF), 1.0),
        ((p(), HOUSEHOLD), 0.7),
        ((p(), TIE), 0.0),
        ((p(), NOBODY), 0.0),
    ],
    reporting.domestic_fear: [
        ((p(), 1.5, False), 0.6),
        ((p(), 1.5, True), 1.5),
        ((p(fear_domestic=0.0), 1.5, False), 0.0),
    ],
    # 1.2 (T - 0.6)
    reporting.trust_odds: [
        ((p(), 0.7), 0.12),
        ((p(), 0.5), -0.12),
        ((p(), 0.6), 0.0),
        ((p(trust=False), 0.7), 0.0),
    ],
    # a threshold at 1, if fear is one
    reporting.silenced: [
        ((p(), 1.5), False),
        ((p(by_threshold=1.0), 1.5), True),
        ((p(by_threshold=1.0), 1.0), False),
    ],
    reporting.weighed: [
        ((p(), 1.5), 1.5),
        ((p(), 0.6), 0.6),
        ((p(by_threshold=1.0), 0.6), 0.0),
    ],
    reporting.usual_reporting: [
        ((p(), VIOLENT), 0.42),
        ((p(), PROPERTY), 0.35),
        ((p(), DOMESTIC), 0.48),
    ],
    # odds(base) e^(1.2 (T - 0.6) - F + 0.1 v), e^(0.47 · 0.8) for undocumented victims of violence
    reporting.report_chance: [
        ((p(), lv(), VIOLENT, 0.6, 0.0, US_BORN, 0.0), 0.42),
        ((p(), lv(), VIOLENT, 0.6, 0.0, US_BORN, 1.0), of_odds(42 / 58 * e(0.1))),
        ((p(), lv(), PROPERTY, 0.7, 0.6, US_BORN, 0), of_odds(0.35 / 0.65 * e(0.12 - 0.6))),
        ((p(), lv(), DOMESTIC, 0.5, 0.6, LAWFUL, 0.5), of_odds(0.48 / 0.52 * e(0.05 - 0.72))),
        ((p(), lv(), VIOLENT, 0.6, 0.6, UNDOCUMENTED, 0), of_odds(42 / 58 * e(0.376 - 0.6))),
        ((p(), lv(), DOMESTIC, 0.6, 0.0, UNDOCUMENTED, 0), of_odds(12 / 13 * e(0.376))),
        ((p(), lv(), PROPERTY, 0.6, 0.0, UNDOCUMENTED, 0), 0.35),
        ((p(), lv(), VIOLENT, 0.6, 0.0, REGISTERED, 0), 0.42),
        (
            (p(by_threshold=1.0), lv(), VIOLENT, 0.6, 0.9, UNDOCUMENTED, 0),
            of_odds(42 / 58 * e(0.376)),
        ),
        ((p(by_threshold=1.0), lv(), VIOLENT, 0.6, 1.1, UNDOCUMENTED, 0), 0.0),
    ],
    # min(1, chance latino_reporting) of Latino victims
    reporting.with_experimental_factor: [
        ((p(), 0.4, 0), 0.4),
        ((p(), 0.4, 1), 0.36),
        ((p(latino_reporting=1.5), 0.6, 1), 0.9),
        ((p(latino_reporting=1.5), 0.8, 1), 1.0),
        ((p(latino_reporting=0.0), 0.8, 1), 0.0),
    ],
    reporting.witness_there: [
        ((p(), VIOLENT), 0.52),
        ((p(), PROPERTY), 0.13),
        ((p(), DOMESTIC), 0.0),
    ],
    # odds(0.6) e^(1.2 (T - 0.6) - 1.4 F)
    reporting.come_forward_chance: [
        ((p(), 0.6, 0.0), 0.6),
        ((p(), 0.7, 0.5), of_odds(1.5 * e(0.12 - 0.7))),
        ((p(), 0.5, 1.0), of_odds(1.5 * e(-0.12 - 1.4))),
        # 1.4 · 0.7 is below 1, 1.4 · 0.75 above
        ((p(by_threshold=1.0), 0.7, 0.7), of_odds(1.5 * e(0.12))),
        ((p(by_threshold=1.0), 0.7, 0.75), 0.0),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_reports_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []
