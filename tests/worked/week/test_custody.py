"""Phases 6 and 7 by hand: bookings, custody and what ends it."""

from __future__ import annotations

import pytest
from hand_made import NOW, Town, candidates, draws, plain

from trustabm.rules import codes, luck
from trustabm.rules.codes import (
    FREE,
    FROM_AT_LARGE,
    FROM_CASE,
    FROM_COLLATERAL,
    FROM_PRISON,
    FROM_STOP,
    FROM_VICTIM,
    FROM_WITNESS,
    ICE,
    JAIL,
    JAIL_HOLD,
    LAWFUL,
    PRISON,
    PRISON_HOLD,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    REMOVED,
    UNDOCUMENTED,
)
from trustabm.state import journal
from trustabm.week import custody

__all__ = ["candidates", "draws", "plain"]

NOTHING_FOUND = {
    luck.FINGERPRINTS: 0.99,
    luck.IN_RECORDS: 0.99,
    luck.SCREENED: 0.99,
    luck.SCREEN_IDENTIFIED: 0.99,
    luck.BOOKING_ASKED: 0.99,
    luck.ARREST_ASKED: 0.99,
}


def a_town(**parameters):
    return Town(**parameters).place(1, status=UNDOCUMENTED, generation=3).ready()


# Bookings


def test_how_a_booking_identifies(draws):
    t = a_town().place(2, status=LAWFUL).place(3, status=LAWFUL, record=RECORD_FELONY).ready()
    t.levers(ask_status=codes.ASK_ARREST)
    draws |= NOTHING_FOUND
    assert not custody.identified(t.w, 1, FROM_STOP, 0)
    for found in (
        {luck.FINGERPRINTS: 0.89, luck.IN_RECORDS: 0.79},
        {luck.SCREENED: 0.69, luck.SCREEN_IDENTIFIED: 0.72},
        {luck.BOOKING_ASKED: 0.44},
        {luck.ARREST_ASKED: 0.44},
    ):
        draws |= NOTHING_FOUND | found
        assert custody.identified(t.w, 1, FROM_STOP, 0)
        assert custody.identified(t.w, 3, FROM_STOP, 0)
        assert not custody.identified(t.w, 2, FROM_STOP, 0)  # lawful, no felony
        assert not custody.identified(t.w, 30, FROM_STOP, 0)
    for purpose in NOTHING_FOUND:  # drawn once a source
        draws[purpose, 1, FROM_CASE] = 0.99
    assert not custody.identified(t.w, 1, FROM_CASE, 0)


JAILED = {
    luck.CONVICTED: 0.99,
    luck.PRISON: 0.99,
    luck.JAIL_WEEKS: 0.8,
    luck.PRISON_WEEKS: 0.3,
}


@pytest.mark.parametrize(
    ("charge", "drawn", "row", "custody_state", "record", "days"),
    [
        # Mean of 1 week: 0.8 is log 0.2 / log 0.5 = 2.3, two weeks; of 3 weeks, 5.6, five
        (RECORD_MISDEMEANOR, {}, (2, 0, 0), JAIL, RECORD_NONE, 14),
        (RECORD_MISDEMEANOR, {luck.CONVICTED: 0.61}, (2, 1, 0), JAIL, RECORD_MISDEMEANOR, 14),
        (RECORD_MISDEMEANOR, {luck.CONVICTED: 0.62}, (2, 0, 0), JAIL, RECORD_NONE, 14),
        (RECORD_FELONY, {luck.CONVICTED: 0.0}, (5, 1, 0), JAIL, RECORD_FELONY, 35),
        (RECORD_FELONY, {luck.PRISON: 0.0}, (5, 0, 0), JAIL, RECORD_NONE, 35),  # not convicted
        # Prison: 1 + log 0.7 / log 0.875 = 1 + 2.67
        (
            RECORD_VIOLENT,
            {luck.CONVICTED: 0.0, luck.PRISON: 0.4},
            (3, 1, 1),
            PRISON,
            RECORD_VIOLENT,
            0,
        ),
        (
            RECORD_FELONY,
            {luck.CONVICTED: 0.0, luck.PRISON: 0.41},
            (5, 1, 0),
            JAIL,
            RECORD_FELONY,
            35,
        ),
        (
            RECORD_MISDEMEANOR,
            {luck.CONVICTED: 0.0, luck.PRISON: 0.0, luck.JAIL_WEEKS: 0.4},
            (0, 1, 0),
            FREE,
            RECORD_MISDEMEANOR,
            1.5,
        ),
        # For status alone: a charge of nothing, and no conviction
        (RECORD_NONE, {luck.CONVICTED: 0.0}, (2, 0, 0), JAIL, RECORD_NONE, 14),
    ],
)
def test_a_booking_by_hand(draws, charge, drawn, row, custody_state, record, days):
    t = a_town()
    draws |= JAILED | drawn
    custody.book(t.w, 1, charge, FROM_CASE, True, 0)
    booked = t.row("bookings")
    assert booked == {
        "week": NOW,
        "resident": 1,
        "generation": 3,
        "weeks": row[0],
        "charge": charge,
        "record": RECORD_NONE,
        "source": FROM_CASE,
        "matched": 1,
        "reached": 0,
        "convicted": row[1],
        "prison": row[2],
        "town": 0,
    }
    after = t.of(1)
    assert (after["custody"], after["record"]) == (custody_state, record)
    if custody_state != FREE:
        assert (after["until"], after["cause"]) == (NOW + row[0], FROM_CASE)
    counted = {"arrests": 1, "matches": 1, "arrests_felony": charge >= RECORD_FELONY}
    counted["jail_days"] = days
    assert t.counted() == {k: v for k, v in counted.items() if v}
    assert t.state.towns["week_away_hours"][0] == pytest.approx(0.7 * 1.3)


def test_a_booking_without_a_match_and_of_one_inside(draws):
    t = a_town()
    draws |= NOTHING_FOUND | JAILED
    custody.book(t.w, 1, RECORD_MISDEMEANOR, FROM_STOP, False, 0)
    assert t.row("bookings")["matched"] == 0
    assert "matches" not in t.counted()
    custody.book(t.w, 1, RECORD_MISDEMEANOR, FROM_STOP, False, 0)  # in jail by now
    assert t.events("bookings") == 1


def test_who_is_passed_on_is_matched_and_not_jailed():
    t = a_town().place(1, record=RECORD_FELONY).place(2, custody=JAIL)
    custody.pass_on(t.w, 1, FROM_WITNESS, 0)
    custody.pass_on(t.w, 2, FROM_WITNESS, 0)
    assert t.events("bookings") == 1
    assert t.row("bookings") == {
        "week": NOW,
        "resident": 1,
        "generation": 3,
        "weeks": 0,
        "charge": RECORD_NONE,
        "record": RECORD_FELONY,
        "source": FROM_WITNESS,
        "matched": 1,
        "reached": 0,
        "convicted": 0,
        "prison": 0,
        "town": 0,
    }
    assert t.counted() == {"matches": 1}
    assert t.of(1)["custody"] == FREE


def test_which_arrests_of_a_week_are_booked(monkeypatch):
    t = a_town()
    for which, many in ((journal.STOPS, 4), (journal.CRIMES, 4)):
        t.tables.used[which] = many
        t.tables.mark[which] = 1  # the first row is of an earlier week
    t.tables.stops["outcome"] = codes.STOP_ARREST
    t.tables.stops["outcome"][2] = codes.STOP_CITATION
    t.tables.stops["resident"][:4] = (5, 6, 7, 8)
    t.tables.stops["charge"][:4] = 1
    t.tables.stops["identified"][3] = 1
    t.tables.crimes["resident"][:4] = (9, 10, 11, 12)
    t.tables.crimes["charge"][:4] = 2
    t.tables.crimes["cleared"][:3] = 1
    t.tables.crimes["victim"], t.tables.crimes["witness"] = 20, 21
    t.tables.crimes["asked"][:4] = (3, 2, 3, 0)
    t.tables.crimes["witness_asked"][:4] = (3, 0, 1, 3)
    done = []
    monkeypatch.setattr(custody, "book", lambda w, *what: done.append(what))
    monkeypatch.setattr(custody, "pass_on", lambda w, *what: done.append(what))
    custody.bookings(t.w)
    assert done == [
        (6, 1, FROM_STOP, False, 0),
        (8, 1, FROM_STOP, True, 0),
        (10, 2, FROM_CASE, False, 0),
        (11, 2, FROM_CASE, False, 0),
        (20, FROM_VICTIM, 0),
        (21, FROM_WITNESS, 0),
    ]


# Custody of ICE


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        (FROM_STOP, {"transfers": 1}),
        (FROM_WITNESS, {"transfers": 1}),
        (FROM_PRISON, {}),
        (FROM_AT_LARGE, {"at_large": 1}),
        (FROM_COLLATERAL, {"collateral": 1}),
    ],
)
def test_ice_takes_a_person(draws, source, counted):
    t = a_town().place(1, wanted=1, record=RECORD_FELONY).place(2, generation=6).ready()
    draws[luck.ICE_WEEKS] = 0.6  # 1 + log 0.4 / log 0.75 = 1 + 3.2
    custody.take(t.w, 1, source, RECORD_MISDEMEANOR, 2)
    assert t.row("transfers") == {
        "week": NOW,
        "resident": 1,
        "generation": 3,
        "met_with": 2,
        "met_with_generation": 6,
        "source": source,
        "record": RECORD_MISDEMEANOR,
    }
    assert t.counted() == counted
    after = t.of(1)
    assert (after["custody"], after["until"], after["cause"]) == (ICE, NOW + 4, source)
    assert after["wanted"] == 0
    custody.take(t.w, 1, source, RECORD_MISDEMEANOR, -1)
    assert t.row("transfers")["met_with_generation"] == -1


def held_by_ice(**values):
    """1 is with ICE; 0 and 2 live with them, 0 a citizen, 2 naturalized, 3 lawful."""
    t = Town().household(0, 1, 2, 3).place(2, status=codes.NATURALIZED).place(3, status=LAWFUL)
    values = {"status": UNDOCUMENTED, "custody": ICE, "until": NOW, "generation": 3} | values
    return t.place(1, **values).ready()


@pytest.mark.parametrize(
    ("record", "cause", "years", "counted"),
    [
        (RECORD_NONE, FROM_STOP, 4, "removals_none local_removals_none removals_under_5"),
        (RECORD_MISDEMEANOR, FROM_WITNESS, 5, "removals_other local_removals_other removals_5_14"),
        (RECORD_FELONY, FROM_CASE, 14, "removals_other local_removals_other removals_5_14"),
        (
            RECORD_VIOLENT,
            FROM_VICTIM,
            15,
            "removals_violent local_removals_violent removals_15_plus",
        ),
        (RECORD_NONE, FROM_PRISON, 14, "removals_none removals_5_14"),
        (RECORD_NONE, FROM_PRISON, 15, "removals_none removals_15_plus removals_15_plus_none"),
        (RECORD_FELONY, FROM_AT_LARGE, 15, "removals_other removals_15_plus"),
        (RECORD_VIOLENT, FROM_COLLATERAL, 15, "removals_violent removals_15_plus"),
    ],
)
def test_a_removal_by_hand(draws, record, cause, years, counted):
    t = held_by_ice(record=record, cause=cause, arrived=NOW - 52 * years)
    draws[luck.REMOVED] = 0.75
    custody.leave_ice(t.w, 1)
    local = cause < FROM_PRISON
    assert t.row("departures") == {
        "week": NOW,
        "resident": 1,
        "generation": 3,
        "years": years,
        "removed": 1,
        "source": cause,
        "record": record,
        "separated": 2,
    }
    expected = {"removals": 1.0, "separated": 2.0} | dict.fromkeys(counted.split(), 1.0)
    got = t.counted()
    assert got == expected | ({"local_removals": 1} if local else {})
    assert t.of(1)["custody"] == REMOVED
    assert t.of(0)["concern"] == codes.NOBODY  # the household sees that they are gone


def test_a_release_by_ice(draws):
    t = held_by_ice(cause=FROM_STOP)
    draws[luck.REMOVED] = 0.76
    custody.leave_ice(t.w, 1)
    row = t.row("departures")
    assert (row["removed"], row["separated"], row["source"]) == (0, 0, FROM_STOP)
    assert (t.of(1)["custody"], t.of(1)["cause"], t.of(1)["until"]) == (FREE, 0, 0)
    assert t.counted() == {}
    draws[luck.REMOVED] = 0.0
    t = held_by_ice(status=LAWFUL, record=RECORD_MISDEMEANOR)
    custody.leave_ice(t.w, 1)
    assert t.row("departures")["removed"] == 0  # the law does not let them be removed


def test_only_citizens_who_live_there_are_separated(draws):
    t = held_by_ice(cause=FROM_STOP).place(0, custody=REMOVED).ready()
    draws[luck.REMOVED] = 0.0
    custody.leave_ice(t.w, 1)
    assert t.row("departures")["separated"] == 1


@pytest.mark.parametrize(
    ("was", "now"),
    [(JAIL, FREE), (PRISON, FREE), (JAIL_HOLD, ICE), (PRISON_HOLD, ICE), (ICE, REMOVED)],
)
def test_a_term_ends(draws, was, now):
    t = held_by_ice(custody=was, cause=FROM_CASE, record=RECORD_FELONY)
    draws |= {luck.REMOVED: 0.0, luck.ICE_WEEKS: 0.0}
    custody.term_ends(t.w, 1)
    assert t.of(1)["custody"] == now
    if now == ICE:
        row = t.row("transfers")
        assert (row["source"], row["record"], row["met_with"]) == (FROM_CASE, RECORD_FELONY, -1)
        assert t.of(1)["until"] == NOW + 1


def test_terms_end_in_their_week_and_the_list_keeps_who_is_inside(draws):
    t = Town()
    for i, (where, until) in {
        3: (JAIL, NOW),
        5: (PRISON, NOW + 1),
        8: (JAIL_HOLD, NOW - 1),
        9: (ICE, NOW),
    }.items():
        t.place(i, custody=where, until=until, status=UNDOCUMENTED)
    t.ready()
    draws |= {luck.REMOVED: 0.0, luck.ICE_WEEKS: 0.0}
    custody.releases(t.w)
    assert [t.of(i)["custody"] for i in (3, 5, 8, 9)] == [FREE, PRISON, ICE, REMOVED]
    inside = t.state.clock["in_custody"][0]
    assert t.state.in_custody[:inside].tolist() == [5, 8]


@pytest.mark.parametrize(
    ("federal", "drawn", "where", "counted", "said"),
    [
        # ICE wants a felony below 0.61
        (codes.TO_ICE, {luck.PRIORITY: 0.6}, ICE, {}, codes.TO_ICE),
        (codes.TO_ICE, {luck.PRIORITY: 0.61}, FREE, {}, codes.UNTOLD),
        # The jail honours with 0.59 + 0.41 · 0.3 = 0.713; 1 + log 0.3 / log 0.75 = 5 weeks
        (codes.TO_JAIL, {luck.HONORED: 0.71}, JAIL_HOLD, {"jail_days": 35}, codes.TO_JAIL),
        (
            codes.TO_JAIL,
            {luck.HONORED: 0.72},
            JAIL,
            {"jail_days": 35, "priority_releases": 1},
            codes.TO_JAIL,
        ),
        (
            codes.TO_JAIL,
            {luck.WARRANT_DEMANDED: 0.39},
            JAIL,
            {"jail_days": 35, "priority_releases": 1},
            codes.TO_JAIL,
        ),
        (
            codes.TO_JAIL,
            {luck.WARRANT_DEMANDED: 0.39, luck.WARRANT_HELD: 0.06},
            JAIL_HOLD,
            {"jail_days": 35},
            codes.TO_JAIL,
        ),
        (codes.TO_JAIL, {luck.PRIORITY: 0.9}, JAIL, {"jail_days": 35}, codes.TO_JAIL),
    ],
)
def test_a_release_from_federal_prison(draws, federal, drawn, where, counted, said):
    t = a_town().place(1, record=RECORD_FELONY).ready()
    t.tables.used[journal.ARRIVALS] = 1
    t.tables.arrivals["federal"][0] = federal
    draws |= {
        luck.PRIORITY: 0.0,
        luck.WARRANT_DEMANDED: 0.99,
        luck.WARRANT_HELD: 0.99,
        luck.HONORED: 0.0,
        luck.LOCAL_JAIL_WEEKS: 0.7,
        luck.ICE_WEEKS: 0.0,
    } | drawn
    custody.federal_release(t.w, 1, federal)
    # 2.9 hours for who is sought, 11 for who is taken
    sought, taken = draws[luck.PRIORITY] < 0.61, where in (ICE, JAIL_HOLD)
    assert t.state.clock["ice_hours"][0] == pytest.approx(25 - 2.9 * sought - 11 * taken)
    assert t.of(1)["custody"] == where
    assert t.counted() == {"federal_releases": 1} | counted
    assert t.tables.arrivals["federal"][0] == said
    if where in (JAIL, JAIL_HOLD):
        assert (t.of(1)["until"], t.of(1)["cause"]) == (NOW + 5, FROM_PRISON)
    elif where == ICE:
        row = t.row("transfers")
        assert (row["source"], row["record"], row["met_with"]) == (FROM_PRISON, RECORD_FELONY, -1)


def test_a_release_from_federal_prison_waits_for_no_hours(draws, monkeypatch):
    draws |= {luck.PRIORITY: 0.0, luck.ICE_WEEKS: 0.0}
    for borrows, where in ((True, ICE), (False, FREE)):
        t = a_town().place(1, record=RECORD_FELONY).ready()
        t.tables.used[journal.ARRIVALS] = 1
        t.state.clock["ice_hours"] = -1.0
        monkeypatch.setattr(custody.field_office, "may_borrow", lambda w, yes=borrows: yes)
        custody.federal_release(t.w, 1, codes.TO_ICE)
        assert t.of(1)["custody"] == where
        left = -1.0 - (2.9 + 11) * borrows
        assert t.state.clock["ice_hours"][0] == pytest.approx(left)
