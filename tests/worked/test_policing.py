"""Police work by hand: ODD 7.2 (charges), 7.5 and 7.6."""

from __future__ import annotations

import math

import pytest
from by_hand import lv, of_odds, p, wrong

from trustabm.rules import policing
from trustabm.rules.codes import (
    ASK_ARREST,
    ASK_BOOKING,
    ASK_NOBODY,
    ASK_STOP,
    DOMESTIC,
    LAWFUL,
    NATURALIZED,
    PROPERTY,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    REGISTERED,
    UNDOCUMENTED,
    US_BORN,
    VIOLENT,
)

SQRT2 = math.sqrt(2)
# A witness comes forward in 0.52 · 0.6 of violent cases, in a fourth of that in property cases
VIOLENT_CAME, PROPERTY_CAME = 0.312, 0.078


def ways(prints, interviews, asks):
    """Levers by which a jail lets status be known."""
    return lv(fingerprint_sharing=prints, jail_screening=interviews, ask_status=asks)


ROWS = {
    policing.case_hours: [
        ((p(), VIOLENT), 16.1),
        ((p(), PROPERTY), 4.3),
        ((p(), DOMESTIC), 16.1),
    ],
    # 1 - min(away_most, deputized_share deputized_time + away / hours + outreach outreach_hours)
    policing.free_share: [
        ((p(), lv(), 0.0, 200.0), 1 - 0.063 - 0.015),
        ((p(), lv(), 50.0, 200.0), 1 - 0.063 - 0.25 - 0.015),
        ((p(), lv(deputized_share=0.0), 50.0, 200.0), 0.735),
        ((p(), lv(deputized_share=0.0, outreach=1.0), 0.0, 200.0), 0.97),
        ((p(), lv(), 180.0, 200.0), 0.13),  # 0.963 is cut to 0.87
        ((p(diversion=False), lv(), 50.0, 200.0), 1.0),
    ],
    policing.usual_clearance: [
        ((p(), VIOLENT), 0.41),
        ((p(), PROPERTY), 0.16),
        ((p(), DOMESTIC), 0.5),
    ],
    # odds(min(clearance_most, base sqrt(effort))) 1.6^(came - E[came])
    policing.clearance_chance: [
        ((p(), DOMESTIC, 1.0, 1.0, False), 0.5),
        ((p(), DOMESTIC, 1.0, 1.0, True), of_odds(1.6)),
        ((p(), DOMESTIC, 0.5, 1.0, False), 0.5 / SQRT2),
        ((p(), DOMESTIC, 0.64, 1.0, False), 0.4),
        ((p(), DOMESTIC, 1.0, 2.0, False), 0.5 / SQRT2),
        ((p(), DOMESTIC, 1.0, 16.0, False), 0.25),  # effort cut to 0.25
        ((p(), PROPERTY, 1.0, 0.01, True), of_odds(0.24 / 0.76 * 1.6 ** (1 - PROPERTY_CAME))),
        ((p(), DOMESTIC, 1.0, 0.5, False), 0.6),  # 0.5 · 1.414 cut to 0.6
        ((p(), VIOLENT, 1.0, 1.0, False), of_odds(0.41 / 0.59 * 1.6**-VIOLENT_CAME)),
        ((p(), VIOLENT, 1.0, 1.0, True), of_odds(0.41 / 0.59 * 1.6 ** (1 - VIOLENT_CAME))),
        ((p(), PROPERTY, 0.8, 0.8, False), of_odds(0.16 / 0.84 * 1.6**-PROPERTY_CAME)),
        # Of a workload near none, a tenth is taken: 0.1 / 0.1
        ((p(), DOMESTIC, 0.1, 0.0, False), 0.5),
        ((p(), DOMESTIC, 0.1, 0.1, False), 0.5),
    ],
    policing.charge: [
        ((p(), VIOLENT, 0.5), RECORD_VIOLENT),
        ((p(), VIOLENT, 0.51), RECORD_MISDEMEANOR),
        ((p(), DOMESTIC, 0.5), RECORD_VIOLENT),
        ((p(), PROPERTY, 0.33), RECORD_FELONY),
        ((p(), PROPERTY, 0.34), RECORD_MISDEMEANOR),
    ],
    policing.stop_charge: [
        ((p(), False, 0.2, 0.1, 0.0), RECORD_NONE),
        ((p(), True, 0.2, 0.1, 0.11), RECORD_FELONY),
        ((p(), True, 0.2, 0.1, 0.12), RECORD_MISDEMEANOR),
        ((p(), True, 0.2, 0.2, 0.0), RECORD_MISDEMEANOR),  # for the licence
    ],
    # 1 - (1 - fingerprints) (1 - interviews), or all where people are asked at booking
    policing.screened: [
        ((lv(),), 1 - 0.1 * 0.3),
        ((lv(jail_screening=0.0),), 0.9),
        ((lv(fingerprint_sharing=0.0),), 0.7),
        ((lv(fingerprint_sharing=0.0, jail_screening=0.0),), 0.0),
        ((lv(ask_status=ASK_BOOKING),), 1.0),
    ],
    policing.fingerprints_match: [
        ((p(), lv(), 0.89, 0.79), True),
        ((p(), lv(), 0.9, 0.79), False),
        ((p(), lv(), 0.89, 0.8), False),
    ],
    policing.screening_finds: [
        ((p(), lv(), UNDOCUMENTED, 0.69, 0.72), True),
        ((p(), lv(), LAWFUL, 0.69, 0.72), True),
        ((p(), lv(), REGISTERED, 0.0, 0.0), False),
        ((p(), lv(), NATURALIZED, 0.0, 0.0), False),
        ((p(), lv(), US_BORN, 0.0, 0.0), False),
        ((p(), lv(), UNDOCUMENTED, 0.7, 0.0), False),
        ((p(), lv(), UNDOCUMENTED, 0.0, 0.73), False),
    ],
    # at booking, and from "at arrest" on also at arrest, each with 0.45
    # 0.8 of prints sent, 0.73 of interviews, 0.45 of each question
    policing.identified_chance: [
        ((p(), ways(1.0, 0.0, ASK_NOBODY), UNDOCUMENTED), 0.8),
        ((p(), ways(0.5, 0.5, ASK_NOBODY), UNDOCUMENTED), 1 - 0.6 * 0.635),
        ((p(), ways(0.5, 0.5, ASK_NOBODY), LAWFUL), 1 - 0.6 * 0.635),
        ((p(), ways(0.5, 0.5, ASK_NOBODY), REGISTERED), 0.4),
        ((p(), ways(0.0, 0.0, ASK_BOOKING), UNDOCUMENTED), 0.45),
        ((p(), ways(0.0, 0.0, ASK_ARREST), UNDOCUMENTED), 1 - 0.55**2),
        ((p(), ways(0.0, 0.0, ASK_NOBODY), UNDOCUMENTED), 0.0),
    ],
    policing.question_finds: [
        ((p(), lv(ask_status=ASK_NOBODY), 0.0, 0.0), False),
        ((p(), lv(ask_status=ASK_BOOKING), 0.44, 0.9), True),
        ((p(), lv(ask_status=ASK_BOOKING), 0.45, 0.0), False),
        ((p(), lv(ask_status=ASK_ARREST), 0.9, 0.44), True),
        ((p(), lv(ask_status=ASK_ARREST), 0.45, 0.45), False),
        ((p(), lv(ask_status=ASK_STOP), 0.9, 0.0), True),
        ((p(), lv(ask_status=ASK_STOP), 0.0, 0.9), True),
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_police_work_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []
