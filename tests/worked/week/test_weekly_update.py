"""Phases 1 and 11 by hand: rules in force, news, learning, asking, counting; all in order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hand_made import (
    NOW,
    Town,
    draws,
    plain,
)

from trustabm.rules import codes
from trustabm.rules.codes import (
    UNDOCUMENTED,
)
from trustabm.state import layout
from trustabm.state.layout import CHANCE, HOUSEHOLD_UNIT
from trustabm.week import field_office, phases, weekly_update

__all__ = ["draws", "plain"]

# The risk that the levers of `by_hand` mean, as test_enforcement.py works it out
SOUGHT = 0.63 * 0.13 + 0.37 * 0.29
RISK = (
    (1 - (1 - 0.75 * 0.9 * 0.8) * (1 - 0.3 * 0.7 * 0.73))
    * SOUGHT
    * (0.63 * 0.11 + 0.37 * 0.37)
    * (1 - 0.4 * 0.93)
    * (1 - 0.2 * 0.41)
)


def a_town():
    """1 is undocumented; 0 lives with them, and 10 is tied to them."""
    return Town().household(0, 1).tied(1, 10).place(1, status=UNDOCUMENTED).ready()


# Phase 1


def begun(t):
    weekly_update.begin_week(t.w)
    return t.state.towns[0]


def test_a_week_begins_with_hours():
    t = a_town()
    for name in ("week_case_hours", "week_away_hours", "week_reported", "week_cleared"):
        t.state.towns[name] = 7
    place = begun(t)
    free = 1 - 0.3 * 0.21 - 9 / 90 - 0.5 * 0.03
    assert place["free"] == pytest.approx(free)
    assert place["patrols"] == pytest.approx(math.sqrt(free))
    for name in ("week_case_hours", "week_away_hours", "week_reported", "week_cleared"):
        assert place[name] == 0
    # ICE: 30 · 0.5 hours, 0.6 of the three fourths that are not at large for jails
    assert t.state.clock["ice_hours"][0] == pytest.approx(25 + 6.75)


def in_force(t):
    return weekly_update.risk_in_force(t.w, 0, field_office.target_weights(t.w))


def test_the_risk_in_force_is_of_the_rules_and_of_ice_in_the_open():
    t = Town(visible_half=100.0).place(1, status=UNDOCUMENTED).ready()
    # One person at large: a raid's 0.005 and the operations of 15 · 0.25 hours, 50 each and 11 for
    # each of 0.47 · 2.3 others
    others = 0.47 * 2.3
    visible = 1000 * (0.005 + 3.75 / (50 + 11 * others)) * (1 + others)
    seen = SOUGHT * (1 - 2 ** (-visible / 100))
    federal = 0.67 * (1 - (1 - 0.45 * 0.33) * (1 - seen))
    by_hand = 1 - (1 - RISK) * (1 - federal)
    assert in_force(t) == pytest.approx(by_hand)
    t.levers(raids=0.0, announced_reach=0.0, at_large_share=0.0)
    assert in_force(t) == pytest.approx(RISK)
    t.levers(fingerprint_sharing=0.0, jail_screening=0.0)
    assert in_force(t) == pytest.approx(federal)
    t.place(1, custody=codes.JAIL).ready()  # nobody is at large to be seen taken
    told = 0.67 * 0.45 * 0.33
    assert in_force(t) == pytest.approx(told)
    t.place(1, custody=codes.REMOVED).ready()
    assert in_force(t) == 0  # there is nobody whom it could meet


def test_news_is_heard_and_comes_to_be_expected(monkeypatch):
    risks = iter((0.5, 0.5, 0.1))
    monkeypatch.setattr(weekly_update, "risk_in_force", lambda *_: next(risks))
    t = a_town()
    place = begun(t)
    assert (place["heard"], place["expected_risk"]) == pytest.approx((0.3, 0))
    place = begun(t)
    follows = 1 - math.exp(-0.16783469900166605)  # half of two such stages in ten weeks
    assert (place["heard"], place["lived_with"]) == pytest.approx((0.42, 0.3 * follows))
    assert place["expected_risk"] == 0  # nothing has been lived with by the week before
    place = begun(t)
    lived_with = 0.3 * follows + follows * (0.42 - 0.3 * follows)
    assert (place["heard"], place["lived_with"]) == pytest.approx((0.228, lived_with))
    assert place["expected_risk"] == pytest.approx(0.3 * follows**2)


def test_outreach_is_reached_as_trust_fades():
    t = a_town()
    place = begun(t)
    follows = 1 - math.sqrt(0.5)
    assert place["reached"] == pytest.approx(0.5 * follows)
    place = begun(t.levers(outreach=0.0))
    assert place["reached"] == pytest.approx(0.5 * follows * math.sqrt(0.5))


def test_the_rules_of_the_first_week_are_no_news():
    t = a_town()
    weekly_update.know_the_rules(t.w)
    place = t.state.towns[0]
    assert place["heard"] == place["expected_risk"] == in_force(t) > 0.1
    assert place["reached"] == 0.5
    before = float(place["heard"])
    place = begun(t)
    assert (place["heard"], place["expected_risk"]) == pytest.approx((before, before))
    assert place["reached"] == 0.5


def test_what_is_at_stake_is_noted():
    t = a_town().place(31, status=UNDOCUMENTED).tied(31, 32).ready()
    begun(t)
    # One for oneself, 0.7 for the household, 0.4 for a tie, of 18 Latino residents
    assert t.groups["stake"].tolist() == pytest.approx([1, 0, 1.1, 0, 1.4])
    assert t.groups["ethnic_stake"].tolist() == pytest.approx([2.1 / 18] * 4 + [1.4 / 22])
    t.place(2, custody=codes.REMOVED).ready()
    begun(t)
    assert t.groups["ethnic_stake"][0] == pytest.approx(2.1 / 17)


def test_exposures_end_after_a_year():
    t = a_town().place(5, exposed=NOW - 51).place(6, exposed=NOW - 20).ready()
    assert t.counts["exposed"].sum() == 2
    t.state.clock["week"] = NOW + 1
    begun(t)
    assert t.counts["exposed"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert t.expiring[(NOW - 51) % 52].sum() == 0
    assert t.expiring[(NOW - 20) % 52].sum() == 1


# Phase 11


def test_a_part_of_the_residents_is_asked_each_week_and_stands_for_all():
    t = a_town().place(9, lasting=0.2, touched=NOW).place(35, bad=1.0, touched=NOW)
    weekly_update.survey(t.w)
    # 61 = 9 + 4 · 13: Latino residents 9 and 22 = 9 + 13; of others, in 52 weeks, 9 is not one
    tally = t.tally[0]
    assert tally["surveyed"].tolist() == [0, 0, 0, 26, 0, 0, 0, 0]
    assert tally["trust"][3] == pytest.approx(13 * (0.75 + 0.55))
    assert tally["risk"][3] == pytest.approx(13 * 0.4)
    weekly_update.survey(t.w._replace(now=NOW + 26))  # 87 = 35 + 52
    assert tally["surveyed"].tolist() == [0, 0, 0, 52, 52, 0, 0, 0]
    left = 2**-0.52
    assert tally["trust"][4] == pytest.approx(52 * 0.57)
    assert tally["risk"][4] == pytest.approx(52 * (0.05 + left) / (1 + left))
    assert t.counted().keys() == {"surveyed", "trust", "risk"}


def test_everybody_is_asked_once_in_a_quarter_and_the_reference_group_in_a_year():
    t = a_town().place(30, custody=codes.REMOVED).ready()
    for week in range(NOW, NOW + 52):
        weekly_update.survey(t.w._replace(now=week))
    # Four answers for 13 weeks, or one for 52, of all but who is gone
    persons = np.array([1, 0, 2, 15, 21, 0, 0, 0])
    assert t.tally["surveyed"][0].tolist() == (52 * persons).tolist()
    rest = np.array([0.55, 0.55, 0.55, 0.55, 0.57, 0, 0, 0])
    assert t.tally["trust"][0] == pytest.approx(52 * persons * rest)


def test_what_the_town_learns():
    t = a_town()
    for name, value in {
        "week_case_hours": 36.0,
        "week_away_hours": 17.0,
        "week_reported": 2,
        "week_cleared": int(0.7 * CHANCE),
    }.items():
        t.state.towns[name] = value
    t.state.learned["crimes"][0, 0] = 3
    t.state.learned["reported"][0, 0] = int(1.2 * CHANCE)
    weekly_update.end_week(t.w)
    place = t.state.towns[0]
    assert place["case_hours"] == 20 + (36 - 20) / 8
    assert place["away_hours"] == 9 + (17 - 9) / 8
    assert place["cleared"] == pytest.approx(0.25 + 2 * 0.025 * (0.35 - 0.25))
    hours = t.town_tally[0]
    assert hours["police_hours"] == 90
    assert hours["immigration_hours"] == pytest.approx(17 + 90 * 0.3 * 0.21)
    learned = t.state.learned
    assert learned["reports"][0, 0] == pytest.approx(0.3 + 3 * 0.05 * (0.4 - 0.3))
    assert learned["reports"][0, 1] == 0.5
    assert not learned["crimes"].any()
    assert not learned["reported"].any()
    assert t.state.clock["week"][0] == NOW + 1


def test_what_is_counted_at_the_end_of_a_week():
    t = a_town()
    for i, where in (
        (20, codes.JAIL),
        (21, codes.ICE),
        (22, codes.PRISON_HOLD),
        (31, codes.REMOVED),
    ):
        t.place(i, custody=where)
    t.place(5, exposed=NOW).ready()
    t.groups["base_persons"] = (2, 0, 3, 14, 23)
    t.groups["base_households"] = np.array([1, 0, 1.5, 14, 23]) * HOUSEHOLD_UNIT
    t.groups["base_undocumented"] = (2, 0, 0, 0, 1)
    weekly_update.end_week(t.w)
    tally = t.tally[0]
    assert tally["persons"].tolist() == [1, 0, 2, 15, 21, 0, 0, 0]
    assert tally["households"].tolist() == [0.5, 0, 1.5, 15, 21, 0, 0, 0]
    assert tally["undocumented"].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert tally["exposed"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert tally["jail"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert tally["ice"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert tally["prison"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert tally["removed"].tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert tally["base_persons"].tolist() == [2, 0, 3, 14, 23, 0, 0, 0]
    assert tally["base_households"].tolist() == [1, 0, 1.5, 14, 23, 0, 0, 0]
    assert tally["base_undocumented"].tolist() == [2, 0, 0, 0, 1, 0, 0, 0]


# The week


PHASES = (
    "weekly_update.begin_week",
    "stops.phase",
    "crimes.phase",
    "reports.phase",
    "cases.phase",
    "custody.bookings",
    "requests.phase",
    "custody.releases",
    "at_large.phase",
    "hearsay.phase",
    "turnover.arrivals",
    "turnover.legalizations",
    "weekly_update.end_week",
)


@pytest.fixture
def carried_out(monkeypatch):
    """What is done in a week, in order, in place of doing it; and the weeks themselves."""
    done, weeks = [], []
    for name in PHASES:
        module, _, function = name.partition(".")

        def note(w, name=name):
            done.append(name)
            if name == PHASES[0]:
                w.tally["stops"][0, 0] = w.now
                weeks.append((w.now, w.levers[0].firewall))

        monkeypatch.setattr(getattr(phases, module), function, note)
    return done, weeks


def a_plan(t, *firewalls, weeks):
    """The week, with a plan of levers and tallies of some weeks."""
    plan = np.concatenate([t.levers(firewall=f).in_force for f in firewalls])[:, None]
    tally, town_tally = t.tally.repeat(weeks, axis=0)[:, None], t.town_tally.repeat(weeks)[:, None]
    return t.w._replace(levers=plan, tally=tally, town_tally=town_tally)


def test_phases_are_carried_out_in_their_order(carried_out):
    w = a_plan(a_town(), 0.1, weeks=2)
    assert phases.run(w, np.array([0]), False) == 2
    assert carried_out[0] == [*PHASES, *PHASES]


def test_each_week_has_the_rules_of_its_date(carried_out):
    t = a_town()
    t.tables = layout.new_tables(2000)
    t.tables.used[:] = 5
    w = a_plan(t, 0.1, 0.2, 0.3, weeks=4)
    assert phases.run(w, np.array([NOW - 9, NOW + 1, NOW + 2]), True) == 4
    _, weeks = carried_out
    assert weeks == [
        (NOW, 0.1),
        (NOW + 1, 0.2),
        (NOW + 2, 0.3),
        (NOW + 3, 0.3),
    ]
    assert w.tally["stops"][:, 0, 0].tolist() == [NOW, NOW + 1, NOW + 2, NOW + 3]
    assert (t.tables.mark == 5).all()  # earlier weeks are kept
    phases.run(w, np.array([NOW, NOW + 99, NOW + 100]), False)
    assert weeks[4:6] == [(NOW, 0.1), (NOW + 1, 0.1)]
    assert (t.tables.used == 0).all()


def test_a_run_stops_where_tables_are_full(carried_out):
    w = a_plan(a_town(), 0.1, weeks=1)
    # 60 rows are not the 1,027 that a week of 40 residents may take
    assert phases.run(w, np.array([0]), True) == 0
    assert phases.run(w, np.array([0]), False) == 1
