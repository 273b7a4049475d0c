"""Phases 9 and 10 by hand: who leaves, who comes, who registers."""

from __future__ import annotations

import math

import pytest
from by_hand import e
from hand_made import (
    GROUP_REGISTERED,
    GROUP_UNDOCUMENTED,
    NOW,
    PAIR,
    Town,
    believed,
    candidates,
    draws,
    edge,
    plain,
)

from trustabm.rules import beliefs, codes, luck
from trustabm.rules.codes import (
    ARRIVED,
    BORN,
    FREE,
    HOUSEHOLD,
    JAIL,
    LAWFUL,
    MOVED,
    NOBODY,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    REGISTERED,
    REMOVED,
    UNDOCUMENTED,
    US_BORN,
)
from trustabm.state import rows
from trustabm.week import turnover

__all__ = ["candidates", "draws", "plain"]

# Nobody special comes: here for six years, without a record
PLAIN = {
    luck.NEW_YEARS: 0.7,
    luck.ARRIVAL_KIND: 0.5,
    luck.FEDERAL_RELEASE: 0.5,
    luck.FEDERAL_TO_JAIL: 0.5,
    luck.NEW_OFFENDER: 0.5,
    luck.NEW_OFFENDING: 0.5,
    luck.NEW_RECORD: 0.9,
    luck.LASTING_TRUST: 0.0,
    luck.HOME_TRUST: 0.0,
    luck.PLACE_TRUST: 0.0,
}


@pytest.fixture(autouse=True)
def drawn_trust(draws, monkeypatch):
    """Set what trust lasts by hand, too."""
    monkeypatch.setattr(beliefs, "normal", draws.normal)


def a_town():
    """0 and 1 live together; 1 is undocumented."""
    return Town().household(0, 1).place(1, status=UNDOCUMENTED, generation=3).ready()


def test_which_places_change_hands(draws):
    t = a_town()
    assert edge(lambda: turnover.gives_way(t.w, 1), draws, luck.TURNOVER, 0.001 / 0.012)
    t.place(1, custody=REMOVED)
    assert edge(lambda: turnover.gives_way(t.w, 1), draws, luck.TURNOVER, 0.01 / 0.012)
    t.place(1, custody=JAIL)
    draws[luck.TURNOVER] = 0.0
    assert not turnover.gives_way(t.w, 1)


@pytest.mark.parametrize(
    ("was", "drawn", "who"),
    [
        (US_BORN, {luck.ARRIVAL_KIND: 0.15}, (US_BORN, 0, BORN, codes.NOT_FEDERAL)),
        (US_BORN, {}, (US_BORN, 0, MOVED, codes.NOT_FEDERAL)),
        (REGISTERED, {}, (LAWFUL, 6, MOVED, codes.NOT_FEDERAL)),
        (UNDOCUMENTED, {luck.NEW_YEARS: 0.3}, (UNDOCUMENTED, 0, ARRIVED, codes.NOT_FEDERAL)),
        (UNDOCUMENTED, {luck.FEDERAL_RELEASE: 0.029}, (UNDOCUMENTED, 6, MOVED, codes.TO_ICE)),
        (
            UNDOCUMENTED,
            {luck.FEDERAL_RELEASE: 0.029, luck.FEDERAL_TO_JAIL: 0.2},
            (UNDOCUMENTED, 6, MOVED, codes.TO_JAIL),
        ),
        (
            UNDOCUMENTED,
            {luck.FEDERAL_RELEASE: 0.029, luck.FEDERAL_TO_JAIL: 0.21},
            (UNDOCUMENTED, 6, MOVED, codes.TO_ICE),
        ),
        (LAWFUL, {luck.FEDERAL_RELEASE: 0.0}, (LAWFUL, 6, MOVED, codes.NOT_FEDERAL)),
    ],
)
def test_who_takes_a_place(draws, was, drawn, who):
    t = a_town().place(5, status=was)
    draws |= PLAIN | drawn
    assert turnover.newcomer(t.w, 5) == who


# -log(1 - 0.5) of a mean of 1 - e^-1.3, of a fourth of residents, times 0.75 on average
OFFENDING = math.log(2) / (0.25 * (1 - e(-1.3)) * 0.75)


@pytest.mark.parametrize(
    ("status", "federal", "drawn", "record", "offending"),
    [
        (US_BORN, False, {luck.NEW_OFFENDER: 0.25}, RECORD_NONE, 0),
        (US_BORN, False, {luck.NEW_OFFENDER: 0.249}, RECORD_NONE, OFFENDING),
        (
            LAWFUL,
            False,
            {luck.NEW_OFFENDER: 0.2, luck.NEW_RECORD: 0.3},
            RECORD_MISDEMEANOR,
            0.71 * OFFENDING,
        ),
        (
            UNDOCUMENTED,
            False,
            {luck.NEW_OFFENDER: 0.2, luck.NEW_RECORD: 0.1},
            RECORD_VIOLENT,
            0.43 * OFFENDING,
        ),
        (UNDOCUMENTED, True, {luck.NEW_RECORD: 0.329}, RECORD_VIOLENT, 0.43 * OFFENDING),
        (UNDOCUMENTED, True, {luck.NEW_RECORD: 0.33}, RECORD_FELONY, 0.43 * OFFENDING),
    ],
)
def test_what_past_a_newcomer_has(draws, status, federal, drawn, record, offending):
    t = a_town().place(5, status=status, record=RECORD_FELONY, offending=9.0)
    draws |= PLAIN | drawn
    turnover.give_past(t.w, 5, federal)
    assert t.of(5)["record"] == record
    assert t.of(5)["offending"] == pytest.approx(offending, rel=1e-6)


def test_a_place_changes_hands(draws):
    t = a_town().place(1, custody=REMOVED, wanted=1, cause=2, until=9, exposed=NOW - 3).ready()
    t.place(1, lasting=0.3, lately=0.4, bad=5.0, touched=NOW - 1)
    assert t.of(0)["concern"] == NOBODY
    draws |= PLAIN | {luck.HOME_TRUST: 1.5, (luck.LASTING_TRUST, 1): 0.5}
    turnover.replace(t.w, 1)
    after = t.of(1)
    assert (after["custody"], after["wanted"], after["cause"], after["until"]) == (FREE, 0, 0, 0)
    assert (after["generation"], after["exposed"]) == (4, rows.NEVER)
    assert (after["status"], after["arrived"]) == (UNDOCUMENTED, NOW - 52 * 6)
    assert after["concern"] == codes.SELF
    # Trust of their own and the household's; nothing is known but the usual quiet contacts
    lasting = 0.2 * (math.sqrt(0.75) * 0.5 + 0.4 * 1.5)
    quiet = 0.1 * (0.13 / 52 + 2 / 40) * (1 + 0.6 + 8 * 0.3) / (1 - 2**-0.02)
    assert believed(t, 1) == pytest.approx((0.55 + lasting, 3 / (10 + quiet)), abs=1e-6)
    assert (after["lately"], after["bad"], after["touched"]) == (0, 0, NOW)
    assert t.of(0)["concern"] == HOUSEHOLD  # who lives there sees it
    assert t.counted() == {"arrivals": 1}
    assert t.row("arrivals") == {
        "week": NOW,
        "resident": 1,
        "generation": 4,
        "kind": MOVED,
        "federal": 0,
        "status": UNDOCUMENTED,
    }


def test_who_leaves_a_household_is_no_concern_any_more(draws):
    t = Town().household(0, 1).place(1, status=REGISTERED).ready()
    t.place(1, status=UNDOCUMENTED).ready()
    assert t.of(0)["concern"] == HOUSEHOLD
    t.place(1, status=REGISTERED)  # since registered, and now leaves
    draws |= PLAIN
    turnover.replace(t.w, 1)
    assert t.of(1)["status"] == LAWFUL


def test_a_newcomer_from_federal_prison_is_dealt_with(draws, monkeypatch):
    t = a_town()
    done = []
    monkeypatch.setattr(turnover, "federal_release", lambda w, *what: done.append(what))
    draws |= PLAIN | {luck.FEDERAL_RELEASE: 0.0, luck.FEDERAL_TO_JAIL: 0.0, luck.NEW_RECORD: 0.1}
    turnover.replace(t.w, 1)
    assert done == [(1, codes.TO_JAIL)]
    assert t.row("arrivals")["federal"] == codes.TO_JAIL
    assert t.of(1)["record"] == RECORD_VIOLENT


def test_who_comes_forward(draws):
    t = a_town().place(1, arrived=NOW - 52 * 5)
    draws[luck.LEGAL_WILLING, 0] = 0.74  # the household's draw, by its first member
    chance = 2.9 / 53 / 0.08
    assert edge(lambda: turnover.comes_forward(t.w, 1), draws, luck.LEGAL, chance)
    assert {(week, who) for week, p, who in draws.asked if p == luck.LEGAL_WILLING} == {(0, 0)}
    draws[luck.LEGAL] = 0.0
    for values in (
        {"arrived": NOW - 52 * 5 + 1},
        {"custody": JAIL},
        {"status": LAWFUL},
        {"record": RECORD_FELONY},
    ):
        t = a_town().place(1, **{"arrived": NOW - 52 * 5} | values)
        assert not turnover.comes_forward(t.w, 1)
    draws[luck.LEGAL_WILLING, 0] = 0.75
    assert not turnover.comes_forward(a_town().w, 1)


def test_registration(draws):
    t = a_town().place(1, arrived=NOW - 52 * 7).ready()
    assert t.of(0)["concern"] == HOUSEHOLD
    t.place(1, bad=4.0, lately=0.1, touched=NOW)
    assert believed(t, 1) == pytest.approx((0.65, 7 / 14))
    turnover.register(t.w, 1)
    assert t.row("legalizations") == {"week": NOW, "resident": 1, "generation": 3, "years": 7}
    assert t.counted() == {"legalized": 1}
    assert t.tally["legalized"][0, GROUP_UNDOCUMENTED] == 1  # as who they were
    after = t.of(1)
    assert after["status"] == REGISTERED
    pair = PAIR[GROUP_UNDOCUMENTED, GROUP_REGISTERED]
    assert after["pair"] == pair
    # What was learned stays; risk stands where it does for all who have a status
    assert believed(t, 1) == pytest.approx((0.65, 4.2 / 5), abs=1e-6)
    assert t.of(0)["concern"] == NOBODY


def test_the_phases_go_through_candidates(draws, candidates, monkeypatch):
    t = a_town().place(2, status=UNDOCUMENTED).ready()
    seen, done = candidates(1, 2, 3, 4), []
    draws[luck.TURNOVER] = 0.0
    draws[luck.TURNOVER, 4] = 0.99  # below 0.012 · 0.99 a place never changes hands
    monkeypatch.setattr(turnover, "gives_way", lambda w, i: i != 2)
    monkeypatch.setattr(turnover, "comes_forward", lambda w, i: i == 2)
    monkeypatch.setattr(turnover, "replace", lambda w, i: done.append(("replace", i)))
    monkeypatch.setattr(turnover, "register", lambda w, i: done.append(("register", i)))
    turnover.arrivals(t.w)
    turnover.legalizations(t.w)
    assert done == [("replace", 1), ("replace", 3), ("register", 2)]
    assert seen == [(luck.TURNOVER_CANDIDATE, 0.012), (luck.LEGAL_CANDIDATE, 0.08)]
    t.levers(legalization_uptake=0.0)
    turnover.legalizations(t.w)
    assert len(seen) == 2
