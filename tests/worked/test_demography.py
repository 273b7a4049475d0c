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


def licence(**others):
    """Return parameters by which licence offences are easily counted."""
    return p(
        stop_rate=0.1,
        stop_offender_weight=0.3,
        profiling_bias=0.2,
        license_arrest=0.5,
        conviction=0.5,
        **others,
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
        ((p(), False, 0.0), RECORD_VIOLENT),
        ((p(), False, 0.109), RECORD_VIOLENT),
        ((p(), False, 0.11), RECORD_FELONY),
        ((p(), False, 0.279), RECORD_FELONY),
        ((p(), False, 0.281), RECORD_MISDEMEANOR),
        ((p(), False, 0.509), RECORD_MISDEMEANOR),
        ((p(), False, 0.511), RECORD_NONE),
        ((p(record_violent=0.25, record_felony=0.25), False, 0.5), RECORD_MISDEMEANOR),
        (
            (p(record_violent=0.25, record_felony=0.25, record_misdemeanor=0.25), False, 0.75),
            RECORD_NONE,
        ),
        ((p(), True, 0.329), RECORD_VIOLENT),
        ((p(), True, 0.331), RECORD_FELONY),
        ((p(), True, 0.99), RECORD_FELONY),
    ],
    # -log(1 - u) / 0.052 years, at most 60
    demography.first_stay: [
        ((p(), 0.0), 0),
        ((p(), 0.5), 13.3297534723),  # log(2) / 0.052
        ((p(), 0.9), 44.2804825576),  # log(10) / 0.052
        ((p(), 0.99), 60.0),  # 88.6
        ((p(turnover=0.0), 0.5), 30.0),  # nobody ever leaves: evenly
    ],
    # Convictions expected: 0.5 arrests a year, 0.6 convicted, offending 2, 5 years: 3; of them
    # 0.1 violent and 0.3 felonies, so 1 - exp(-0.3) = 0.2592, exp(-0.9): 0.5934, exp(-3): 0.9502
    demography.record_at_start: [
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_NONE, 2.0, US_BORN, 0.0, 5.0, 0.259),
            RECORD_VIOLENT,
        ),
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_NONE, 2.0, US_BORN, 0.0, 5.0, 0.26),
            RECORD_FELONY,
        ),
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_NONE, 2.0, US_BORN, 0.0, 5.0, 0.593),
            RECORD_FELONY,
        ),
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_NONE, 2.0, US_BORN, 0.0, 5.0, 0.594),
            RECORD_MISDEMEANOR,
        ),
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_NONE, 2.0, US_BORN, 0.0, 5.0, 0.95),
            RECORD_MISDEMEANOR,
        ),
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_NONE, 2.0, US_BORN, 0.0, 5.0, 0.951),
            RECORD_NONE,
        ),
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_VIOLENT, 2.0, US_BORN, 0.0, 5.0, 0.6),
            RECORD_VIOLENT,
        ),  # it stays
        (
            (p(conviction=0.6, past_arrests=0.5), RECORD_FELONY, 2.0, US_BORN, 0.0, 0.0, 0.0),
            RECORD_FELONY,
        ),  # no time for any
        # Licence offences alone: 0.1 stops a year, 0.7 as many of who offends in nothing else,
        # 0.5 arrested and 0.5 of them convicted, 40 years: 0.7 expected, 1 - exp(-0.7) = 0.5034;
        # Latino, with a bias of 0.2: 0.84 expected, 0.5683
        ((licence(), RECORD_NONE, 0.0, UNDOCUMENTED, 0.0, 40.0, 0.503), RECORD_MISDEMEANOR),
        ((licence(), RECORD_NONE, 0.0, UNDOCUMENTED, 0.0, 40.0, 0.504), RECORD_NONE),
        ((licence(), RECORD_NONE, 0.0, UNDOCUMENTED, 1.0, 40.0, 0.568), RECORD_MISDEMEANOR),
        ((licence(), RECORD_NONE, 0.0, UNDOCUMENTED, 1.0, 40.0, 0.569), RECORD_NONE),
        ((licence(), RECORD_NONE, 0.0, LAWFUL, 1.0, 40.0, 0.0), RECORD_NONE),
    ],
    demography.found_before: [
        ((p(), UNDOCUMENTED, RECORD_FELONY, 0.349), True),
        ((p(), UNDOCUMENTED, RECORD_VIOLENT, 0.349), True),
        ((p(), UNDOCUMENTED, RECORD_VIOLENT, 0.35), False),
        ((p(), UNDOCUMENTED, RECORD_MISDEMEANOR, 0.0), False),
        ((p(), LAWFUL, RECORD_VIOLENT, 0.0), False),
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
