"""Turnover by hand: ODD 5 (years, records) and 7.9."""

from __future__ import annotations

import pytest
from by_hand import p, wrong

from trustabm.rules import demography
from trustabm.rules.codes import (
    ARRIVED,
    BORN,
    FREE,
    ICE,
    JAIL,
    LAWFUL,
    MOVED,
    NATURALIZED,
    PRISON_HOLD,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    REGISTERED,
    REMOVED,
    UNDOCUMENTED,
    US_BORN,
)

ROWS = {
    demography.turnover_hazard: [
        ((p(), FREE), 0.001),  # 0.052 / 52
        ((p(), REMOVED), 0.01),  # 0.52 / 52
        ((p(), JAIL), 0.0),
        ((p(), ICE), 0.0),
        ((p(), PRISON_HOLD), 0.0),
    ],
    demography.offending_by_status: [
        ((p(), US_BORN), 1.0),
        ((p(), NATURALIZED), 0.71),
        ((p(), LAWFUL), 0.71),
        ((p(), REGISTERED), 0.71),
        ((p(), UNDOCUMENTED), 0.43),
    ],
    # violent below 0.11, felony below 0.28, misdemeanor below 0.51
    demography.first_record: [
        ((p(), 0.0), RECORD_VIOLENT),
        ((p(), 0.109), RECORD_VIOLENT),
        ((p(), 0.11), RECORD_FELONY),
        ((p(), 0.279), RECORD_FELONY),
        ((p(), 0.281), RECORD_MISDEMEANOR),
        ((p(), 0.509), RECORD_MISDEMEANOR),
        ((p(), 0.511), RECORD_NONE),
        ((p(record_violent=0.25, record_felony=0.25), 0.5), RECORD_MISDEMEANOR),
        ((p(record_violent=0.25, record_felony=0.25, record_misdemeanor=0.25), 0.75), RECORD_NONE),
    ],
    # Undocumented: 15 to 30 years below 0.35, 10 to 14 below 0.63, 5 to 9 below 0.85, 0 to 4
    demography.first_years: [
        ((p(), US_BORN, 0.9), 0),
        ((p(), LAWFUL, 0.0), 1),
        ((p(), NATURALIZED, 0.5), 21),  # 1 + whole part of 41 · 0.5
        ((p(), LAWFUL, 0.999), 41),
        ((p(), UNDOCUMENTED, 0.0), 15),
        ((p(), UNDOCUMENTED, 0.175), 23),  # half way: 15 + 16 / 2
        ((p(), UNDOCUMENTED, 0.349), 30),  # 15 + whole part of 15.95
        ((p(), UNDOCUMENTED, 0.35), 10),
        ((p(), UNDOCUMENTED, 0.35 + 0.28 * 0.5), 12),
        ((p(), UNDOCUMENTED, 0.629), 14),
        ((p(), UNDOCUMENTED, 0.631), 5),
        ((p(), UNDOCUMENTED, 0.63 + 0.22 * 0.7), 8),
        ((p(), UNDOCUMENTED, 0.849), 9),
        ((p(), UNDOCUMENTED, 0.851), 0),
        ((p(), UNDOCUMENTED, 0.85 + 0.15 * 0.7), 3),
        ((p(), UNDOCUMENTED, 0.999), 4),
        # The last of the last class, and nobody in it
        ((p(years_15_plus=0.5, years_10_14=0.25, years_5_9=0.125), UNDOCUMENTED, 1.0), 4),
        ((p(years_15_plus=0.5, years_10_14=0.25, years_5_9=0.25), UNDOCUMENTED, 1.0), 0),
        ((p(years_15_plus=0.0, years_10_14=0.5, years_5_9=0.25), UNDOCUMENTED, 0.25), 12),
    ],
    demography.newcomer_status: [
        ((US_BORN,), US_BORN),
        ((NATURALIZED,), NATURALIZED),
        ((LAWFUL,), LAWFUL),
        ((UNDOCUMENTED,), UNDOCUMENTED),
        ((REGISTERED,), LAWFUL),
    ],
    # 0 below just_arrived, then whole parts of 13 (u - 0.4) / 0.6
    demography.newcomer_years: [
        ((p(), US_BORN, 0.9), 0),
        ((p(), UNDOCUMENTED, 0.39), 0),
        ((p(), UNDOCUMENTED, 0.4), 0),
        ((p(), UNDOCUMENTED, 0.7), 6),  # 6.5
        ((p(), LAWFUL, 0.999), 12),  # 12.98
        ((p(just_arrived=0.0), LAWFUL, 0.5), 6),
        ((p(just_arrived=1.0), LAWFUL, 0.99), 0),
    ],
    demography.newcomer_kind: [
        ((p(), US_BORN, 0, 0.15), BORN),
        ((p(), US_BORN, 0, 0.16), MOVED),
        ((p(), UNDOCUMENTED, 0, 0.15), ARRIVED),
        ((p(), LAWFUL, 0, 0.9), ARRIVED),
        ((p(), UNDOCUMENTED, 1, 0.15), MOVED),
    ],
    demography.from_federal_prison: [
        ((p(), UNDOCUMENTED, 0.029), True),
        ((p(), UNDOCUMENTED, 0.03), False),
        ((p(), LAWFUL, 0.0), False),
        ((p(), REGISTERED, 0.0), False),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_turnover_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []
