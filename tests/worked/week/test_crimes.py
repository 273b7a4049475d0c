"""Phases 3 to 5 by hand: one crime, its report, its case."""

from __future__ import annotations

import math

import numpy as np
import pytest
from by_hand import e, of_odds
from hand_made import GROUP_LATINO, GROUP_OTHER, NOW, Town, candidates, draws, edge, opened, plain

from trustabm.rules import codes, luck
from trustabm.rules.codes import DOMESTIC, PROPERTY, UNDOCUMENTED, VIOLENT
from trustabm.state.layout import CHANCE
from trustabm.week import cases, crimes, reports, survey

__all__ = ["candidates", "draws", "plain"]


def a_town(**parameters):
    """Residents 4, 5, 6 live together; 1 is undocumented; 13 and 1 offend."""
    t = Town(**parameters).household(4, 5, 6).place(1, status=UNDOCUMENTED, offending=3.0)
    return t.place(13, offending=3.0, generation=2).place(2, generation=5).ready()


def a_case(t, kind=VIOLENT, victim=2, by=13, **values):
    """A crime by 13 against resident 2, as written down; its columns set anew."""
    crimes.write(t.w, by, victim, kind, 0.0)
    row = t.w.tables.crimes[t.events("crimes") - 1 : t.events("crimes")]
    for name, value in values.items():
        row[name] = value
    return row


# Phase 3


def test_who_looks_for_a_target(draws):
    t = a_town()
    # 0.004 · 3 a week, twice over for those who will let it be, of candidates at 0.06
    assert edge(lambda: crimes.wants_to_offend(t.w, 13), draws, luck.CRIME, 0.4)
    # removable, with a perceived risk of 0.3: 1 - 0.23 · 0.3
    assert edge(lambda: crimes.wants_to_offend(t.w, 1), draws, luck.CRIME, 0.4 * 0.931)
    draws[luck.CRIME] = 0.0
    assert not crimes.wants_to_offend(t.w, 0)
    t.place(13, custody=codes.PRISON)
    assert not crimes.wants_to_offend(t.w, 13)
    out = a_town(incapacitation=False).place(13, custody=codes.PRISON)
    assert crimes.wants_to_offend(out.w, 13)


def test_whom_this_weeks_draw_keeps_from_offending_is_not_looked_at(draws, candidates):
    w = a_town().w
    candidates(0, 1, 13, 14)
    # As above, whether removable or not; 14 never offends
    draws |= {(luck.CRIME, i): u for i, u in ((0, 0.0), (1, 0.3999), (13, 0.4001), (14, 0.0))}
    assert crimes._may_offend(w, 0, 0) == 1
    assert w.sought[0] == 1


def test_kinds_of_crime(draws):
    t = a_town()
    for u, kind in ((0.29, VIOLENT), (0.3, DOMESTIC), (0.39, DOMESTIC), (0.41, PROPERTY)):
        draws[luck.CRIME, 13, 1] = u
        assert crimes.kind_of_crime(t.w, 13) == kind


@pytest.mark.parametrize(
    ("i", "kind", "far", "u", "victim"),
    [
        (5, DOMESTIC, 0.0, 0.4, 4),
        (5, DOMESTIC, 0.0, 0.6, 6),
        (4, DOMESTIC, 0.0, 0.4, 5),
        (6, DOMESTIC, 0.0, 0.6, 5),
        (13, DOMESTIC, 0.0, 0.6, -1),  # lives alone
        (13, VIOLENT, 0.59, 0.0, 0),
        (13, PROPERTY, 0.59, 0.49, 9),
        (33, VIOLENT, 0.59, 0.49, 29),
        (33, VIOLENT, 0.79, 0.49, 9),  # (0.79 - 0.6) / 0.4 is in the first neighborhood
        (13, VIOLENT, 0.81, 0.999, 39),
        (13, VIOLENT, 0.0, 0.65, -1),  # oneself
        (13, VIOLENT, 0.0, 0.4, -1),  # in jail
    ],
)
def test_whom_an_offender_meets(draws, i, kind, far, u, victim):
    t = a_town().place(8, custody=codes.JAIL)
    draws |= {luck.CRIME_PLACE: far, luck.CRIME_VICTIM: u, luck.STAYS_IN: 0.25}
    assert crimes.met(t.w, i, kind) == victim


def test_whom_an_offender_dares(draws):
    t = a_town()
    # 0.3 · 0.25 over 0.4 · 0.25: 1 + 1.1 · 0.25, of two opportunities drawn
    assert crimes.chance_to_act(t.w, 13, 0) == pytest.approx(1.275 / 2)
    assert crimes.chance_to_act(t.w, 13, 30) == pytest.approx(0.8625 / 2)
    t.state.towns["cleared"] = 0.3
    assert crimes.chance_to_act(t.w, 13, 0) == pytest.approx(1.11 / 2)
    assert edge(lambda: crimes.acts(t.w, 13, 0.3), draws, luck.CRIME_TARGET, 0.3)


def test_a_crime_from_draws_to_row(draws, candidates):
    t = a_town()
    draws |= {
        (luck.CRIME, 13, 0): 0.1,
        (luck.CRIME, 13, 1): 0.9,
        (luck.CRIME, 1, 0): 0.1,
        (luck.CRIME, 1, 1): 0.35,  # domestic, and lives alone
        (luck.CRIME, 0, 0): 0.1,
        luck.STAYS_IN: 0.9,
        luck.CRIME_PLACE: 0.1,
        luck.CRIME_VICTIM: 0.11,
        luck.CRIME_TARGET: 0.1,
    }
    seen = candidates(0, 1, 13)
    crimes.phase(t.w)
    assert seen == [(luck.CRIME_CANDIDATE, 0.06)]
    assert t.events("crimes") == 1
    assert t.row("crimes") == {
        "week": NOW,
        "resident": 13,
        "generation": 2,
        "victim": 2,
        "victim_generation": 5,
        "witness": -1,
        "witness_generation": -1,
        "neighborhood": 0,
        "kind": PROPERTY,
        "reported": 0,
        "came": 0,
        "cleared": 0,
        "charge": 0,
        "asked": 0,
        "witness_asked": 0,
        "chance": pytest.approx(reports.chance_to_report(t.w, 2, PROPERTY, 13), rel=1e-6),
        "clears": 0.0,
    }
    draws[luck.CRIME_TARGET] = 0.9
    crimes.phase(t.w)
    assert t.events("crimes") == 1


# Phase 4


# Of 1, asked half the time, heaviness 1: without status, and as a friend; risk 0.3 or 0.2
FEAR = 38.8 * (1 - 0.7 * (1 - 0.46 * 0.5)) ** 2 * 0.67


def test_fear_by_hand(draws):
    t = a_town()
    draws[luck.SENSITIVITY] = 0.6  # e^(1.2 · 0.6 - 0.72) = 1
    assert reports.fear_of(t.w, 1, 0.5, 0) == pytest.approx(FEAR)
    draws[luck.SENSITIVITY] = 1.6
    assert reports.fear_of(t.w, 1, 0.5, 0) == pytest.approx(FEAR * e(1.2))
    assert reports.fear_of(t.w, 12, 0.5, 0) == 0
    assert {(w, who) for w, p, who in draws.asked if p == luck.SENSITIVITY} == {(0, 1)}


def test_being_asked_frightens_those_without_status_and_their_households(draws):
    t = Town().household(1, 2).tied(1, 3).place(1, status=UNDOCUMENTED).ready()
    draws[luck.SENSITIVITY] = 0.6
    # A household member: stake 0.7, and asked half the time counts 0.7 of that; a friend: 0.4
    at_home = 38.8 * 0.67 * 0.7 * (1 - 0.8 * (1 - 0.46 * 0.35)) ** 2
    assert reports.fear_of(t.w, 2, 0.5, 0) == pytest.approx(at_home)
    friend = 38.8 * 0.67 * 0.4 * 0.2**2
    assert reports.fear_of(t.w, 3, 0.5, 0) == pytest.approx(friend)
    assert reports.fear_of(t.w, 3, 0.0, 0) == pytest.approx(friend)


LATINO = 1.2 * (0.55 - 0.6) + 0.1
REFERENCE = 1.2 * (0.57 - 0.6)


def test_chances_to_report_by_hand(draws):
    t = a_town().levers(ask_victims=0.5, firewall=0.6)
    draws[luck.SENSITIVITY] = 0.6
    # An undocumented victim of violence: trust 0.55 of 0.6, U visa 0.47 · 0.8; Latino 0.1, · 0.9
    odds = 42 / 58 * e(LATINO - FEAR + 0.376)
    assert reports.chance_to_report(t.w, 1, VIOLENT, 13) == pytest.approx(0.9 * of_odds(odds))
    odds = 0.35 / 0.65 * e(REFERENCE)
    assert reports.chance_to_report(t.w, 30, PROPERTY, 13) == pytest.approx(of_odds(odds))


def test_domestic_violence_is_feared_in_full_where_the_offender_may_be_deported(draws):
    t = Town().household(1, 2, 3).place(1, status=UNDOCUMENTED).ready()
    t.levers(ask_victims=0.0, firewall=0.0, u_visa=0.0)
    draws[luck.SENSITIVITY] = 0.6
    fear = 38.8 * 0.7 * 0.2**2  # of 2, born here, who lives with 1
    for by, share in ((1, 1.0), (3, 0.4), (-1, 0.4)):
        odds = 0.48 / 0.52 * e(LATINO - share * fear)
        chance = reports.chance_to_report(t.w, 2, DOMESTIC, by)
        assert chance == pytest.approx(0.9 * of_odds(odds))
        odds = 0.35 / 0.65 * e(LATINO - fear)
        chance = reports.chance_to_report(t.w, 2, PROPERTY, by)
        assert chance == pytest.approx(0.9 * of_odds(odds))


def test_a_survey_mixes_the_kinds(draws):
    t = a_town()
    draws[luck.SENSITIVITY] = 0.6
    out = np.zeros(40)
    survey.chances(t.w, np.array([0.5, 0.25, 0.25]), np.ones(len(out), bool), out)
    by_kind = [of_odds(x / (1 - x) * e(REFERENCE)) for x in (0.42, 0.35, 0.48)]
    by_hand = 0.5 * by_kind[0] + 0.25 * by_kind[1] + 0.25 * by_kind[2]
    assert out[30] == out[39] == pytest.approx(by_hand)


def test_a_victim_calls_by_their_chance(draws):
    t = a_town()
    case = opened(a_case(t, PROPERTY, victim=30, chance=0.25))
    assert edge(lambda: reports.calls(t.w, case), draws, luck.REPORT, 0.25)
    assert draws.asked[-1] == (NOW, luck.REPORT, 13)


def test_how_far_police_come_who_may_ask(draws):
    t = a_town().levers(ask_victims=0.3, ask_witnesses=0.2, firewall=0.1)
    case = opened(a_case(t, victim=1, witness=1))
    steps = {
        (0.3, 0.0, 0.0): codes.NOT_ASKED,
        (0.29, 0.45, 0.0): codes.ASKED,
        (0.29, 0.44, 0.52): codes.IDENTIFIED,
        (0.29, 0.44, 0.51): codes.PASSED_ON,
    }
    for (asked, found, passed), step in steps.items():
        draws |= {luck.VICTIM_ASKED: asked, luck.VICTIM_IDENTIFIED: found}
        draws[luck.VICTIM_PASSED_ON] = passed
        assert reports.victim_asked(t.w, case) == step
    draws |= {luck.WITNESS_ASKED: 0.19, luck.WITNESS_IDENTIFIED: 0.0, luck.WITNESS_PASSED_ON: 0.0}
    assert reports.witness_asked(t.w, case) == codes.PASSED_ON
    draws[luck.WITNESS_ASKED] = 0.2
    assert reports.witness_asked(t.w, case) == codes.NOT_ASKED
    draws[luck.VICTIM_ASKED] = 0.29
    assert reports.victim_asked(t.w, opened(a_case(t, victim=2))) == codes.ASKED
    assert {who for _, _, who in draws.asked} == {13}


def test_who_saw_it(draws):
    t = a_town().place(7, custody=codes.ICE)
    draws |= {luck.WITNESS_THERE: 0.519, luck.WITNESS_WHO: 0.46, luck.STAYS_IN: 0.25}
    assert reports.witness_of(t.w, opened(a_case(t))) == 9
    draws[luck.WITNESS_THERE] = 0.52
    assert reports.witness_of(t.w, opened(a_case(t))) == -1
    draws[luck.WITNESS_THERE] = 0.0
    for u in (0.11, 0.66, 0.36):  # the victim, the offender, somebody with ICE
        draws[luck.WITNESS_WHO] = u
        assert reports.witness_of(t.w, opened(a_case(t))) == -1
    draws |= {luck.WITNESS_THERE: 0.129, luck.WITNESS_WHO: 0.99}
    assert reports.witness_of(t.w, opened(a_case(t, PROPERTY, victim=30))) == 39
    assert reports.witness_of(t.w, opened(a_case(t, DOMESTIC))) == -1


def test_a_witness_comes_forward_by_their_chance(draws):
    t = a_town().levers(ask_witnesses=0.5, ask_victims=0.0, firewall=0.6)
    draws[luck.SENSITIVITY] = 0.6
    case = opened(a_case(t, witness=1))
    chance = of_odds(1.5 * e(1.2 * (0.55 - 0.6) - 1.4 * FEAR))
    assert edge(lambda: reports.comes_forward(t.w, case), draws, luck.WITNESS_COMES, chance)
    case = opened(a_case(t, witness=30))
    chance = of_odds(1.5 * e(REFERENCE))
    assert edge(lambda: reports.comes_forward(t.w, case), draws, luck.WITNESS_COMES, chance)


def test_a_report_from_draws_to_row(draws):
    t = a_town().place(0, generation=6)
    t.levers(ask_victims=0.3, ask_witnesses=0.3, firewall=0.1)
    draws[luck.SENSITIVITY] = 0.6
    for victim, by in ((2, 13), (30, 33)):
        a_case(t, victim=victim, by=by, chance=reports.chance_to_report(t.w, victim, VIOLENT, by))
    draws |= {
        (luck.REPORT, 13): 0.1,
        (luck.REPORT, 33): 0.9,
        luck.VICTIM_ASKED: 0.1,
        luck.STAYS_IN: 0.9,
        luck.WITNESS_THERE: 0.1,
        luck.WITNESS_WHO: 0.01,
        luck.WITNESS_COMES: 0.1,
        luck.WITNESS_ASKED: 0.9,
    }
    reports.phase(t.w)
    first, second = t.row("crimes", 0), t.row("crimes", 1)
    assert (first["reported"], first["asked"], first["witness"], first["came"]) == (1, 1, 0, 1)
    assert (first["witness_asked"], first["witness_generation"]) == (0, 6)
    assert (second["reported"], second["asked"], second["witness"]) == (0, 0, -1)
    assert second["chance"] == pytest.approx(of_odds(42 / 58 * e(REFERENCE)), rel=1e-6)


# Phase 5


def test_a_case_is_solved_by_its_chance(draws):
    t = a_town()
    # effort is 0.8 of hours at the usual load; domestic cases have no witness
    case = opened(a_case(t, DOMESTIC))
    chance = 0.5 * math.sqrt(0.8)
    draws[luck.CASE_CHARGE] = 0.5
    assert edge(lambda: cases.work(t.w, case, 1).cleared, draws, luck.CLEARED, chance)
    assert cases.work(t.w, case, 1) == pytest.approx((chance, False, codes.RECORD_VIOLENT))
    t.state.officers["hours"][1] = 22.5  # three quarters of the average officer's 30
    assert cases.work(t.w, case, 1).chance == pytest.approx(0.5 * math.sqrt(0.6))
    t.state.officers["hours"][1] = 30.0
    t.state.towns["case_hours"] = 10.0
    case = opened(a_case(t, DOMESTIC, came=1))
    chance = of_odds(0.6 / 0.4 * 1.6)  # 0.5 · sqrt(1.6), at most 0.6; and a witness
    assert edge(lambda: cases.work(t.w, case, 1).cleared, draws, luck.CLEARED, chance)
    draws[luck.CASE_CHARGE] = 0.9
    assert cases.work(t.w, case, 1) == pytest.approx((chance, False, codes.RECORD_MISDEMEANOR))


@pytest.mark.parametrize(
    ("kind", "values", "counted", "hours"),
    [
        (VIOLENT, {}, {"violent": 1}, 0),
        (
            VIOLENT,
            {"reported": 1, "cleared": 1},
            {"violent": 1, "reported_violent": 1, "cleared_violent": 1},
            16.1,
        ),
        (DOMESTIC, {"reported": 1}, {"domestic": 1, "reported_domestic": 1}, 16.1),
        (
            DOMESTIC,
            {"reported": 1, "cleared": 1},
            {"domestic": 1, "reported_domestic": 1, "cleared_violent": 1},
            16.1,
        ),
        (
            PROPERTY,
            {"reported": 1, "cleared": 1, "witness": 30},
            {"property": 1, "reported_property": 1, "cleared_property": 1, "witnesses": 1},
            4.3,
        ),
        (
            PROPERTY,
            {"reported": 1, "witness": 0, "came": 1},
            {"property": 1, "reported_property": 1, "witnesses": 1, "witnesses_came": 1},
            4.3,
        ),
    ],
)
def test_a_case_is_counted(kind, values, counted, hours):
    t = a_town()
    case = a_case(t, kind, chance=0.21, clears=0.2, **values)
    cases.settle(t.w, opened(case))
    assert t.counted() == counted
    assert t.state.towns["week_case_hours"][0] == pytest.approx(hours)
    assert t.state.towns["week_reported"][0] == (hours > 0)
    learned = t.state.learned[0, 0]  # the victim, 2, is Latino and of the first neighborhood
    assert learned["crimes"] == 1
    usual = {VIOLENT: 0.42, PROPERTY: 0.35, DOMESTIC: 0.48}[kind]
    assert learned["reported"] / CHANCE == pytest.approx(0.21 / usual * 0.4, abs=1e-6)
    clear = {VIOLENT: 0.41, PROPERTY: 0.16, DOMESTIC: 0.5}[kind]
    solved = 0.2 / clear * 0.25 if hours else 0
    assert t.state.towns["week_cleared"][0] / CHANCE == pytest.approx(solved, abs=1e-6)
    assert t.state.learned["crimes"].sum() == 1


def test_a_witness_counts_in_their_own_group():
    t = a_town()
    case = a_case(t, PROPERTY, reported=1, witness=30, came=1)
    cases.settle(t.w, opened(case))
    assert t.tally["witnesses_came"][0, GROUP_OTHER] == 1
    assert t.tally["property"][0, GROUP_LATINO] == 1


def test_cases_from_draws_to_row(draws):
    t = a_town()
    a_case(t, DOMESTIC, reported=1, chance=0.5)
    a_case(t, DOMESTIC, reported=0, chance=0.5)
    draws |= {luck.CLEARED: 0.1, luck.CASE_CHARGE: 0.1, luck.DETECTIVE: 0.6}
    cases.phase(t.w)
    first, second = t.row("crimes", 0), t.row("crimes", 1)
    assert (first["cleared"], first["charge"]) == (1, codes.RECORD_VIOLENT)
    assert first["clears"] == pytest.approx(0.5 * math.sqrt(0.8), rel=1e-6)
    assert (second["cleared"], second["charge"], second["clears"]) == (0, 0, 0)
    assert t.counted() == {"domestic": 2, "reported_domestic": 1, "cleared_violent": 1}
