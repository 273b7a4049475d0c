"""Crime by hand: ODD 5 (offending) and 7.3."""

from __future__ import annotations

import math

import pytest
from by_hand import e, p, wrong

from trustabm.rules import codes, crime
from trustabm.rules.codes import (
    FREE,
    JAIL,
    LAWFUL,
    NATURALIZED,
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
    # -log(1 - u), at most offending_most
    crime.weight: [
        ((p(), 0.0), 0.0),
        ((p(), 0.5), math.log(2)),
        ((p(), 0.72), math.log(1 / 0.28)),  # 1.273
        ((p(), 0.73), 1.3),
    ],
    # the integral of 1 - F up to the cut: 1 - exp(-cut)
    crime.mean_weight: [
        ((p(),), 1 - e(-1.3)),
        ((p(offending_most=0.1),), 1 - e(-0.1)),
        ((p(offending_most=math.log(2)),), 0.5),
    ],
    crime.removable: [
        ((UNDOCUMENTED, RECORD_NONE), True),
        ((LAWFUL, RECORD_MISDEMEANOR), False),
        ((LAWFUL, RECORD_FELONY), True),
        ((LAWFUL, RECORD_VIOLENT), True),
        ((REGISTERED, RECORD_VIOLENT), False),
        ((NATURALIZED, RECORD_VIOLENT), False),
        ((US_BORN, RECORD_VIOLENT), False),
    ],
    crime.at_liberty: [
        ((p(), FREE), True),
        ((p(), JAIL), False),
        ((p(), REMOVED), False),
        ((p(incapacitation=False), JAIL), True),
        ((p(incapacitation=False), FREE), True),
    ],
    # c o, times 1 - removal_deterrence R if removable
    crime.offence_hazard: [
        ((p(), 0.002, 3.0, False, 0.5), 0.006),
        ((p(), 0.002, 3.0, True, 0.5), 0.006 * (1 - 0.23 * 0.5)),
        ((p(), 0.002, 3.0, True, 0.0), 0.006),
        ((p(deterrence=False), 0.002, 3.0, True, 0.5), 0.006),
        ((p(), 0.002, 0.0, True, 0.5), 0.0),
    ],
    # clip(1 - 1.1 (r k / (r0 k0) - 1), 0, 1.7); r0 k0 = 0.1
    crime.target_chance: [
        ((p(), 0.4, 0.25, 0.5, 0.2), 1.0),
        ((p(), 0.3, 0.25, 0.5, 0.2), 1 + 1.1 * 0.25),
        ((p(), 0.6, 0.25, 0.5, 0.2), 1 - 1.1 * 0.5),
        ((p(), 0.8, 0.25, 0.5, 0.2), 0.0),  # 1 - 1.1 is cut
        ((p(), 0.1, 0.25, 0.5, 0.2), 1.7),  # 1 + 1.1 · 0.75 is cut
        ((p(offender_response=False), 0.8, 0.25, 0.5, 0.2), 1.0),
    ],
    # belief moved by min(1, n min(learning_most, learning_rate / expected)) to the mean chance
    crime.learned: [
        ((p(), 0.4, 0, 0.0, 1.0), 0.4),
        ((p(), 0.4, 2, 1.2, 0.5), 0.4 + 2 * 0.1 * (0.6 - 0.4)),
        ((p(), 0.4, 1, 0.1, 2.0), 0.4 - 0.025 * 0.3),
        ((p(), 0.4, 3, 0.6, 0.25), 0.4 - 3 * 0.12 * 0.2),  # 0.05 / 0.25 is cut to 0.12
        ((p(), 0.4, 9, 1.8, 0.0), 0.2),  # 9 · 0.12 is cut to 1
    ],
}


@pytest.mark.parametrize("rule", ROWS, ids=lambda rule: rule.__name__)
def test_crime_by_hand(rule):
    assert wrong(rule, ROWS[rule]) == []


def test_everyone_in_custody_is_kept_from_crime():
    kept = [crime.at_liberty(p(), custody) for custody in range(len(codes.CUSTODY))]
    assert kept == [True, False, False, False, False, False, False]
