"""Worry by hand: who goes out less, and is met by whom."""

from __future__ import annotations

import numpy as np
import pytest
from by_hand import e
from hand_made import Town, candidates, draws, edge, opened, plain

from trustabm.rules import codes, luck
from trustabm.rules.codes import DOMESTIC, PROPERTY, UNDOCUMENTED, VIOLENT
from trustabm.state.layout import TABLES
from trustabm.week import crimes, reports, stops, survey, worry

__all__ = ["candidates", "draws", "plain"]

AT = 1.0000001  # above 1 the worry of 0.3 e^(1.2 z - 0.72) is over a limit of 0.3 e^0.48


def a_town(**parameters):
    """1 is undocumented and lives with 2; 12, not Latino, is undocumented and lives with 13."""
    t = Town(avoid_at=0.3 * e(0.48), **parameters).household(1, 2).household(12, 13)
    return t.place(1, status=UNDOCUMENTED).place(12, status=UNDOCUMENTED).ready()


def test_worry_is_risk_times_stake_as_it_weighs(draws):
    t = a_town()
    draws[luck.SENSITIVITY] = 1.6  # e^(1.2 · 1.6 - 0.72)
    assert worry.worry_of(t.w, 1) == pytest.approx(0.3 * e(1.2))
    assert worry.worry_of(t.w, 2) == pytest.approx(0.2 * 0.7 * e(1.2))
    draws.clear()
    assert worry.worry_of(t.w, 5) == 0.0  # nothing at stake, and nothing drawn


def test_who_worries_more_than_a_limit_goes_out_less(draws):
    t = a_town()
    draws[luck.SENSITIVITY] = AT
    assert worry.avoids(t.w, 1)
    assert not worry.avoids(t.w, 2)
    assert not worry.avoids(t.w, 5)
    draws[luck.SENSITIVITY] = 2.0 - AT
    assert not worry.avoids(t.w, 1)
    draws[luck.SENSITIVITY] = 9.0
    assert worry.avoids(t.w, 2)
    assert not worry.avoids(t.w, 12)  # of the reference group nobody is kept in
    assert not worry.avoids(t.w, 13)
    assert not worry.avoids(a_town(avoidance=False).w, 1)


def test_who_goes_out_less_stays_in_some_weeks(draws):
    t = a_town()
    draws[luck.SENSITIVITY] = AT
    assert edge(lambda: worry.stays_in(t.w, 1), draws, (luck.STAYS_IN, 1, 0), 0.25)
    draws[luck.STAYS_IN] = 0.0
    assert not worry.stays_in(t.w, 2)
    draws.asked.clear()
    draws[luck.STAYS_IN] = 0.25
    assert not worry.stays_in(t.w, 1)
    assert [purpose for _, purpose, _ in draws.asked] == [
        luck.STAYS_IN
    ]  # nothing else is looked at


def test_who_stays_in_is_met_by_nobody_outside_the_home(draws):
    t = a_town()
    draws |= {luck.SENSITIVITY: AT, luck.STOP: 0.0, luck.CRIME_PLACE: 0.0, luck.CRIME_VICTIM: 0.06}
    draws |= {luck.WITNESS_THERE: 0.0, luck.WITNESS_WHO: 0.06}
    case = np.zeros(1, TABLES["crimes"])
    case["resident"], case["victim"] = 9, 8
    for u, stays in ((0.25, False), (0.24, True)):
        draws[luck.STAYS_IN, 1, 0] = u
        assert stops.stops(t.w, 1, 0) != stays
        assert [crimes.met(t.w, 9, kind) for kind in (VIOLENT, PROPERTY)] == [
            -1 if stays else 1
        ] * 2
        assert reports.witness_of(t.w, opened(case)) == (-1 if stays else 1)
        assert crimes.met(t.w, 2, DOMESTIC) == 1


def test_a_survey_finds_who_avoids_going_out(draws):
    t = a_town().place(3, status=UNDOCUMENTED, custody=codes.REMOVED)
    draws[luck.SENSITIVITY] = AT
    out = np.ones(40)
    survey.avoiding(t.w, out)
    assert np.flatnonzero(out).tolist() == [1]
    assert out[1] == 1.0
