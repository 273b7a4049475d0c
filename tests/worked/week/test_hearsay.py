"""Phase 8 by hand: who hears what, and by how much it moves them."""

from __future__ import annotations

import numpy as np
import pytest
from hand_made import NOW, Town, believed, draws, opened, plain

from trustabm.rules import codes, luck
from trustabm.rules.codes import (
    FROM_AT_LARGE,
    FROM_CASE,
    FROM_COLLATERAL,
    FROM_PRISON,
    FROM_STOP,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    REMOVED,
    UNDOCUMENTED,
)
from trustabm.state import journal, rows
from trustabm.state.layout import TABLES
from trustabm.week import hearsay

__all__ = ["draws", "plain"]

# Nobody of those looked at is Latino: trust is 0.57 at rest, and risk stands at 0.05 of one case.
REST = 0.57, 0.05


def a_town(**parameters):
    """12, 13 and 14 live together, none of them Latino; 13 is tied to 15 and 30."""
    return Town(**parameters).household(12, 13, 14).tied(13, 15, 30).ready()


def event(table, **values):
    row = np.zeros(1, TABLES[table])
    for name, value in values.items():
        row[name] = value
    return opened(row)


def near(trust, risk):
    return pytest.approx((trust, risk), abs=1e-6)  # beliefs are kept in 32 bits


def risk(bad, calm=0.0):
    """Perceived risk by cases known."""
    return (0.05 + bad) / (1 + bad + calm)


@pytest.mark.parametrize(
    ("values", "story"),
    [
        ({}, (0, 0, 0.1)),
        ({"bad": 1}, (-0.3, 0, 0.1)),
        ({"asked": 1}, (0, 0.4, 0)),
        ({"outcome": codes.STOP_ARREST}, (0, 0, 0)),
        ({"outcome": codes.STOP_CITATION}, (0, 0, 0.1)),
        ({"bad": 1, "asked": 1, "outcome": codes.STOP_ARREST}, (-0.3, 0.4, 0)),
    ],
)
def test_what_a_stop_tells(values, story):
    assert hearsay.of_stop(a_town().w, event("stops", **values)) == pytest.approx(story)


@pytest.mark.parametrize(
    ("values", "story"),
    [
        ({"cleared": 1}, (0.1, 0, 0.1)),
        ({}, (-0.01, 0, 0.1)),
        ({"asked": codes.ASKED}, (-0.01, 0.4, 0)),
        ({"cleared": 1, "asked": codes.PASSED_ON}, (0.1, 0.4, 0)),
    ],
)
def test_what_a_report_tells(values, story):
    assert hearsay.of_report(a_town().w, event("crimes", **values)) == pytest.approx(story)


def test_what_being_asked_and_a_release_tell():
    t = a_town()
    assert hearsay.of_being_asked(t.w) == pytest.approx((0, 0.4, 0))
    assert hearsay.of_release(t.w) == pytest.approx((0, 0, 0.1))


@pytest.mark.parametrize(
    ("record", "weighs"),
    [(RECORD_NONE, 1), (RECORD_MISDEMEANOR, 1), (RECORD_FELONY, 0.2), (RECORD_VIOLENT, 0.2)],
)
def test_what_a_loss_tells(record, weighs):
    t = a_town().place(1, status=UNDOCUMENTED).ready()
    assert hearsay.of_loss(t.w, 1, record, 1.0) == pytest.approx((-0.25 * weighs, 1.5 * weighs, 0))
    # Of what ICE did itself 0.29 + 0.71 · 0.3 is put down to police by one who sees a risk of 0.3
    own = hearsay.of_loss(t.w, 1, record, hearsay.BY_ICE_ITSELF)
    share = 0.503 * weighs
    assert own == pytest.approx((-share * 0.25, share * 1.5, 0))


def test_a_story_moves_whoever_hears_it():
    t = a_town()
    hearsay.hear(t.w, 30, hearsay.Story(-0.2, 1.0, 0.5), 0.5, False)
    assert believed(t, 30) == near(0.47, risk(0.5, 0.25))
    hearsay.hear(t.w, 30, hearsay.Story(0.1, 0.0, 1.0), 1.0, False)
    assert believed(t, 30) == near(0.57, risk(0.5, 1.25))
    assert t.of(30)["lasting"] == 0
    t.place(31, custody=REMOVED).ready()
    was = t.of(31)
    hearsay.hear(t.w, 31, hearsay.Story(-0.2, 1.0, 0.1), 1.0, True)
    assert t.of(31) == was


def test_what_happens_at_home_is_never_wholly_forgotten():
    t = a_town()
    hearsay.hear(t.w, 30, hearsay.Story(-0.2, 0.0, 0.0), 0.5, True)
    assert (t.of(30)["lasting"], t.of(30)["lately"]) == near(-0.04, -0.06)  # 0.4 of it stays
    hearsay.hear(t.w, 30, hearsay.Story(0.2, 0.0, 0.0), 1.0, True)
    assert (t.of(30)["lasting"], t.of(30)["lately"]) == near(0.01, 0.09)  # a fourth


def test_cases_can_be_switched_off():
    t = a_town(cases=False)
    hearsay.hear(t.w, 30, hearsay.Story(-0.2, 1.0, 0.5), 0.5, False)
    assert believed(t, 30) == near(0.47, 0.05)


def test_a_loss_is_heard_of():
    t = a_town().place(31, custody=REMOVED).ready()
    hearsay.hear_of_loss(t.w, 30, 0.3, RECORD_NONE, 1.0, False)
    assert believed(t, 30) == near(0.57 - 0.075, risk(0.45))
    assert (t.of(30)["lasting"], t.of(30)["exposed"]) == (0, NOW)
    hearsay.hear_of_loss(t.w, 12, 0.6, RECORD_VIOLENT, 1.0, True)
    assert believed(t, 12) == near(0.57 - 0.03, risk(0.18))
    assert t.of(12)["lasting"] == pytest.approx(-0.012)
    hearsay.hear_of_loss(t.w, 31, 0.3, RECORD_NONE, 1.0, False)
    assert t.of(31)["exposed"] == rows.NEVER
    quiet = a_town(stories=False)
    hearsay.hear_of_loss(quiet.w, 30, 0.3, RECORD_NONE, 1.0, False)
    assert believed(quiet, 30) == near(*REST)
    assert quiet.of(30)["exposed"] == NOW


def test_households_hear_more_than_ties():
    t = a_town()
    assert [hearsay.weight(t.w, 13, n) for n in (0, 2, 3, 5)] == [0.6, 0.6, 0.3, 0.3]
    assert [hearsay.is_home(t.w, 13, n) for n in (0, 2, 3, 5)] == [True, True, False, False]
    hearsay.tell(t.w, 13, hearsay.Story(-0.2, 1.0, 0.5))
    for i in (12, 14):
        assert believed(t, i) == near(0.45, risk(0.6, 0.3))
        assert t.of(i)["lasting"] == pytest.approx(-0.048)
    for i in (15, 30):
        assert believed(t, i) == near(0.51, risk(0.3, 0.15))
        assert t.of(i)["lasting"] == 0
    for i in (13, 16, 31):
        assert believed(t, i) == near(*REST)
    quiet = a_town(stories=False)
    hearsay.tell(quiet.w, 13, hearsay.Story(-0.2, 1.0, 0.5))
    assert believed(quiet, 12) == near(*REST)


def test_households_and_ties_hear_of_a_loss():
    t = a_town()
    hearsay.tell_of_loss(t.w, 13, 0.5, RECORD_NONE, 1.0)
    assert believed(t, 12) == near(0.57 - 0.3 * 0.25, risk(0.45))
    assert t.of(12)["lasting"] == pytest.approx(-0.4 * 0.075)
    assert believed(t, 30) == near(0.57 - 0.15 * 0.25, risk(0.225))
    assert t.of(30)["lasting"] == 0
    exposed = [i for i in range(40) if t.of(i)["exposed"] == NOW]
    assert exposed == [12, 14, 15, 30]


@pytest.mark.parametrize(
    ("i", "is_near", "alike", "u", "whom"),
    [
        (1, 0.69, 0.89, 0.5, 6),  # of the 12 Latino residents of the neighborhood
        (15, 0.69, 0.89, 0.5, 16),  # of the 8 others
        (1, 0.69, 0.9, 0.5, 10),  # of all 20
        (30, 0.0, 0.0, 0.5, 33),  # the 14 others of the second: 26 + 7
        (1, 0.7, 0.89, 0.5, 9),  # of the 18 Latino residents of the town
        (1, 0.7, 0.89, 0.7, 20),  # the 12th, and the first of the second neighborhood
        (15, 0.7, 0.89, 0.5, 29),  # the 11th of the 22 others: 26 + 3
        (1, 0.7, 0.9, 0.51, 20),  # of all 40
        (1, 0.69, 0.89, 0.1, -1),  # oneself
    ],
)
def test_acquaintances_are_of_the_pools_of_ties(draws, i, is_near, alike, u, whom):
    t = Town().place(i, generation=3).ready()
    draws |= {(luck.ACQUAINTANCE, i, k): x for k, x in ((8, is_near), (9, alike), (10, u))}
    draws[luck.ACQUAINTANCE, i, 11] = 0.4  # whoever born
    assert hearsay.acquaintance(t.w, i, 2) == whom
    assert {week for week, _, _ in draws.asked} == {3}  # for as long as this life lasts


def test_acquaintances_of_one_nativity_are_looked_for_a_few_times(draws):
    t = Town().place(1, status=UNDOCUMENTED).place(7, status=codes.NATURALIZED).ready()
    draws |= {(luck.ACQUAINTANCE, 1, 8): 0.0, (luck.ACQUAINTANCE, 1, 9): 0.0}
    draws |= {(luck.ACQUAINTANCE, 1, 10): 0.5, (luck.ACQUAINTANCE, 1, 11): 0.39}
    draws[luck.ACQUAINTANCE_AGAIN] = 0.1  # oneself
    draws |= {(luck.ACQUAINTANCE_AGAIN, 1, 17): 0.4, (luck.ACQUAINTANCE_AGAIN, 1, 18): 0.6}
    assert hearsay.acquaintance(t.w, 1, 2) == 7  # 6 and 4 were born here
    draws[luck.ACQUAINTANCE, 1, 11] = 0.4
    assert hearsay.acquaintance(t.w, 1, 2) == 6
    draws |= {(luck.ACQUAINTANCE, 1, 11): 0.39, luck.ACQUAINTANCE_AGAIN: 0.4}
    draws[luck.ACQUAINTANCE_AGAIN, 1, 18] = 0.4
    draws.asked.clear()
    assert hearsay.acquaintance(t.w, 1, 2) == 4  # nobody is found, so whoever came last
    again = [who for _, purpose, who in draws.asked if purpose == luck.ACQUAINTANCE_AGAIN]
    assert again == [1] * 7
    draws |= {(luck.ACQUAINTANCE, 2, k): 0.0 for k in (8, 9, 11)}
    draws |= {(luck.ACQUAINTANCE, 2, 10): 0.5}
    assert hearsay.acquaintance(t.w, 2, 2) == 6  # born here, as 2 is: found at once


def test_after_a_stop():
    t = a_town()
    hearsay.after_stop(t.w, event("stops", resident=13, bad=1))
    assert believed(t, 13) == near(0.27, risk(0, 0.1))
    assert t.of(13)["lasting"] == pytest.approx(-0.12)
    assert believed(t, 12) == near(0.57 - 0.18, risk(0, 0.06))
    alone = a_town(stories=False)
    hearsay.after_stop(alone.w, event("stops", resident=13, bad=1))
    assert believed(alone, 13) == near(0.27, risk(0, 0.1))
    assert believed(alone, 12) == near(*REST)


def test_after_a_report():
    t = a_town()
    hearsay.after_report(t.w, event("crimes", victim=13, witness=31, cleared=1))
    assert believed(t, 13) == near(0.67, risk(0, 0.1))
    assert t.of(13)["lasting"] == pytest.approx(0.025)
    assert believed(t, 30) == near(0.6, risk(0, 0.03))
    assert believed(t, 31) == near(*REST)
    hearsay.after_report(t.w, event("crimes", victim=16, witness=31, witness_asked=1))
    assert believed(t, 31) == near(0.57, risk(0.4))


def test_after_a_transfer(monkeypatch):
    whom = {0: 31, 1: -1}
    monkeypatch.setattr(hearsay, "acquaintance", lambda w, i, n: whom[n])
    t = a_town()
    hearsay.after_transfer(t.w, event("transfers", resident=13, source=FROM_PRISON))
    assert believed(t, 12) == near(*REST)
    hearsay.after_transfer(t.w, event("transfers", resident=13, source=FROM_CASE))
    assert believed(t, 12) == near(0.57 - 0.15, risk(0.9))
    assert believed(t, 31) == near(0.57 - 0.05, risk(0.3))
    assert (t.of(31)["exposed"], t.of(31)["lasting"]) == (NOW, 0)
    for source in (FROM_AT_LARGE, FROM_COLLATERAL):
        t = a_town()
        taken = event("transfers", resident=13, source=source, record=RECORD_FELONY)
        hearsay.after_transfer(t.w, taken)
        g = 0.29 + 0.71 * 0.05
        assert believed(t, 12) == near(0.57 - 0.03 * g, risk(0.18 * g))
        assert believed(t, 31) == near(0.57 - 0.01 * g, risk(0.06 * g))


def test_after_a_departure():
    t = a_town()
    hearsay.after_departure(t.w, event("departures", resident=13, source=FROM_STOP))
    assert believed(t, 12) == near(0.57, risk(0, 0.06))
    assert t.of(12)["exposed"] == rows.NEVER
    for record, weighs in ((RECORD_MISDEMEANOR, 1), (RECORD_VIOLENT, 0.2)):
        t = a_town()
        gone = event("departures", resident=13, removed=1, source=FROM_STOP, record=record)
        hearsay.after_departure(t.w, gone)
        share = 0.6 * 0.45 * weighs
        assert believed(t, 12) == near(0.57 - share * 0.25, risk(share * 1.5))
        assert t.of(12)["exposed"] == NOW
    t = a_town()
    for source in (FROM_PRISON, FROM_AT_LARGE):
        hearsay.after_departure(t.w, event("departures", resident=13, removed=1, source=source))
    assert believed(t, 12) == near(*REST)
    assert t.of(12)["exposed"] == rows.NEVER


def test_stories_are_of_this_week_and_in_order(monkeypatch):
    t = a_town()
    for which in (journal.STOPS, journal.CRIMES, journal.TRANSFERS, journal.DEPARTURES):
        t.tables.mark[which], t.tables.used[which] = 1, 3
    t.tables.crimes["reported"][:3] = (1, 0, 1)
    for table in ("stops", "transfers", "departures"):
        getattr(t.tables, table)["resident"][:3] = (1, 2, 3)
    t.tables.crimes["victim"][:3] = (1, 2, 3)
    told = []
    for what, who in (
        ("stop", "resident"),
        ("report", "victim"),
        ("transfer", "resident"),
        ("departure", "resident"),
    ):

        def note(w, row, what=what, who=who):
            told.append((what, row[who]))

        monkeypatch.setattr(hearsay, f"after_{what}", note)
    hearsay.phase(t.w)
    assert told == [
        ("stop", 2),
        ("stop", 3),
        ("report", 3),
        ("transfer", 2),
        ("transfer", 3),
        ("departure", 2),
        ("departure", 3),
    ]
