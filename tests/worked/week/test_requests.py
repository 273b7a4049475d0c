"""Phase 7 by hand: hours of ICE, requests and their answers, arrests at large."""

from __future__ import annotations

from functools import partial

import pytest
from by_hand import e, of_odds
from hand_made import NOW, Town, candidates, draws, edge, opened, plain

from trustabm.rules import luck
from trustabm.rules.codes import (
    FREE,
    FROM_AT_LARGE,
    FROM_CASE,
    FROM_COLLATERAL,
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
    UNDOCUMENTED,
)
from trustabm.state import journal
from trustabm.week import at_large, field_office, requests

__all__ = ["candidates", "draws", "plain"]


def a_town(**parameters):
    return Town(**parameters).place(1, status=UNDOCUMENTED, generation=3).ready()


# The field office


def test_hours_of_ice():
    t = a_town()
    assert field_office.ice_hours(t.w) == 15.0  # (10 + 20) · 0.5
    assert field_office.operations(t.w) == pytest.approx(15 * 0.25 / (50 + 0.47 * 2.3 * 11))
    assert field_office.hours_for_jails(t.w) == pytest.approx(15 * 0.75 * 0.6)
    for hours, any_left in ((0.5, True), (0.0, False), (-0.5, False)):
        t.state.clock["ice_hours"] = hours
        assert bool(field_office.has_hours(t.w)) is any_left
        field_office.spend(t.w, 1.0)
        assert t.state.clock["ice_hours"][0] == hours - 1.0


def test_hours_are_saved_and_owed():
    # 6.75 a week, of which four weeks' worth are less than three people's at 11 hours
    t = a_town()
    for had, has in ((0.0, 6.75), (-9.0, -2.25), (30.0, 33.0)):
        t.state.clock["ice_hours"] = had
        field_office.receive_hours(t.w)
        assert t.state.clock["ice_hours"][0] == pytest.approx(has)
    for had, borrows in ((-32.9, True), (-33.0, False)):
        t.state.clock["ice_hours"] = had
        assert bool(field_office.may_borrow(t.w)) is borrows
    t.levers(ice_capacity=1.0)  # 13.5 a week, and 54 in four
    t.state.clock["ice_hours"] = 50.0
    field_office.receive_hours(t.w)
    assert t.state.clock["ice_hours"][0] == 54.0
    t.levers(ice_capacity=0.0)
    field_office.receive_hours(t.w)
    assert t.state.clock["ice_hours"][0] == 0.0
    assert not field_office.may_borrow(t.w)


def test_how_much_everybody_at_large_is_sought():
    t = Town()
    for i, (record, wanted) in enumerate(((0, 0), (0, 0), (1, 0), (2, 1), (3, 0), (3, 1))):
        t.place(i, status=UNDOCUMENTED, record=record, wanted=wanted)
    t.place(6, status=UNDOCUMENTED, custody=JAIL).place(7, status=LAWFUL).ready()
    # Agents with 10 and 20 hours, and discretion of 0.4 and -0.4 in log odds
    by_hand = 0.0
    for own, moved in ((10, 0.4), (20, -0.4)):
        none, minor, felony, violent = (
            of_odds(chance / (1 - chance) * e(moved)) for chance in (0.13, 0.29, 0.61, 0.97)
        )
        by_hand += own / 2 * (2 * none + minor + 61 * felony + violent + 61 * violent)
    assert field_office.target_weights(t.w) == pytest.approx(by_hand)


def seen(t):
    return field_office.visible_arrests(t.w, 0, field_office.target_weights(t.w))


def test_arrests_that_are_seen(monkeypatch):
    t = a_town().place(2, status=UNDOCUMENTED, wanted=1).place(3, status=UNDOCUMENTED).ready()
    assert field_office.target_weights_in(t.w, 0) == field_office.target_weights(t.w)
    # 3.75 hours at 61.891 an arrest, among three, by 1,000; 5 in raids; 0.47 · 2.3 others met
    own = 1000 * 3.75 / 61.891 / 3
    assert seen(t) == pytest.approx((own + 5) * (1 + 0.47 * 2.3))
    # of which the town has its part of all who are sought
    monkeypatch.setattr(field_office, "target_weights", lambda w: 4 * weight)
    weight = field_office.target_weights_in(t.w, 0)
    assert seen(t) == pytest.approx((own / 4 + 5) * (1 + 0.47 * 2.3))
    t.levers(at_large_share=0.0, collateral=0.0)
    assert seen(t) == 5.0
    nobody_sought = dict.fromkeys(
        ("priority_none", "priority_misdemeanor", "priority_felony", "priority_violent"), 0.0
    )
    t.levers(raids=0.0, **nobody_sought)
    weight = 0.0
    assert seen(t) == 0.0
    assert seen(Town().ready()) == 0.0


# Requests


def booking(t, i, source=FROM_STOP, record=RECORD_NONE, matched=1):
    k = journal.new_row(t.tables, journal.BOOKINGS)
    row = t.tables.bookings[k]
    row["resident"], row["source"], row["record"], row["matched"] = i, source, record, matched
    return t.w.tables.bookings[k : k + 1]


def test_which_matches_are_reviewed():
    t = a_town()
    row = opened(booking(t, 1, record=RECORD_FELONY))
    assert requests.is_due(t.w, row, RECORD_FELONY)
    assert not requests.is_due(t.w, row, RECORD_VIOLENT)
    for where, due in enumerate((True, True, False, False, True, False, False)):
        t.place(1, custody=where)
        assert bool(requests.is_due(t.w, row, RECORD_FELONY)) is due
    t.place(1, custody=FREE)
    row = opened(booking(t, 1, record=RECORD_FELONY, matched=0))
    assert not requests.is_due(t.w, row, RECORD_FELONY)


def test_an_agent_reviews_and_acts(draws):
    t = a_town()
    row = opened(booking(t, 1, FROM_CASE))
    for u, agent in ((0.49, 0), (0.5, 1), (0.99, 1)):
        draws[luck.REVIEWER] = u
        assert requests.reviewer(t.w, row) == agent
    # 0.13 moved by 0.4 in log odds
    for agent, moved in ((0, 0.4), (1, -0.4)):
        chance = of_odds(0.13 / 0.87 * e(moved))
        acts = partial(requests.acts_on, t.w, row, agent)
        assert edge(acts, draws, luck.PRIORITY, chance)
    assert t.state.clock["ice_hours"][0] == 25.0


def test_a_match_is_reached_while_there_are_hours():
    t = a_town()
    for hours, reached in ((0.1, True), (0.0, False)):
        t.state.clock["ice_hours"] = hours
        assert bool(requests.reaches(t.w, opened(booking(t, 1)))) is reached
        assert t.row("bookings")["reached"] == reached


ASKED = {
    luck.REQUEST_KIND: 0.2,  # a detainer
    luck.WARRANT_DEMANDED: 0.4,  # no warrant asked for
    luck.WARRANT_HELD: 0.99,
    luck.HONORED: 0.0,
    luck.CUSTODY_FOLLOWS: 0.39,
    luck.ICE_WEEKS: 0.0,
}
PROMISED = {"honored": 1, "jail_days": 47 * 0.53 / 24, "hold_hours": 47 * 0.53}


@pytest.mark.parametrize(
    ("source", "record", "drawn", "row", "counted"),
    [
        # kind, warrant, honoured, followed, hours
        (
            FROM_STOP,
            0,
            {},
            (0, 0, 1, 1, 47 * 0.53),
            {"detainers": 1, "requests_none": 1} | PROMISED,
        ),
        (
            FROM_STOP,
            1,
            {luck.CUSTODY_FOLLOWS: 0.4},
            (0, 0, 1, 0, 47),
            {
                "detainers": 1,
                "requests_misdemeanor": 1,
                "honored": 1,
                "hold_hours": 47,
                "jail_days": 47 / 24,
            },
        ),
        (
            FROM_STOP,
            2,
            {luck.REQUEST_KIND: 0.19, luck.CUSTODY_FOLLOWS: 0.235},  # 0.4 · 0.59 = 0.236
            (1, 0, 1, 1, 0),
            {"notifications": 1, "requests_felony": 1, "honored": 1, "transfers": 1},
        ),
        (
            FROM_CASE,
            3,
            {luck.WARRANT_DEMANDED: 0.39, luck.WARRANT_HELD: 0.61},
            (0, 1, 1, 1, 0),
            {"detainers": 1, "requests_violent": 1, "honored": 1},
        ),
        (
            FROM_CASE,
            3,
            {luck.WARRANT_DEMANDED: 0.39, luck.WARRANT_HELD: 0.62},
            (0, 0, 0, 0, 0),
            {"detainers": 1, "requests_violent": 1, "declined": 1},
        ),
        (
            FROM_STOP,
            0,
            {luck.HONORED: 0.3771},  # 0.11 + 0.89 · 0.3 = 0.377
            (0, 0, 0, 0, 0),
            {"detainers": 1, "requests_none": 1, "declined": 1},
        ),
        # Whoever was passed on is in no jail: ICE is told
        (
            FROM_VICTIM,
            0,
            {luck.HONORED: 0.99, luck.REQUEST_KIND: 0.99, luck.CUSTODY_FOLLOWS: 0.235},
            (1, 0, 1, 1, 0),
            {"notifications": 1, "requests_none": 1, "honored": 1, "transfers": 1},
        ),
        (
            FROM_WITNESS,
            0,
            {luck.HONORED: 0.99, luck.REQUEST_KIND: 0.99, luck.CUSTODY_FOLLOWS: 0.24},
            (1, 0, 1, 0, 0),
            {"notifications": 1, "requests_none": 1, "honored": 1},
        ),
    ],
)
def test_a_request_is_answered(draws, source, record, drawn, row, counted):
    t = a_town()
    inside = source == FROM_CASE
    if inside:
        t.place(1, custody=JAIL, until=NOW + 9).ready()
    draws |= ASKED | drawn
    if row[:4] == (0, 0, 1, 1) and not inside:
        counted = counted | {"transfers": 1}
    requests.answer(t.w, opened(booking(t, 1, source, record)), 1)
    written = t.row("requests")
    assert written.pop("hold_hours") == pytest.approx(row[4])
    assert written == {
        "week": NOW,
        "resident": 1,
        "generation": 3,
        "agent": 1,
        "record": record,
        "source": source,
        "notification": row[0],
        "warrant": row[1],
        "honored": row[2],
        "followed": row[3],
    }
    assert t.counted() == pytest.approx(counted)
    assert t.of(1)["wanted"] == (not row[2])
    assert t.state.towns["week_away_hours"][0] == pytest.approx(3.1 * row[2])
    assert t.state.clock["ice_hours"][0] == pytest.approx(25 - 2.9 - 11 * row[3])
    if inside:
        assert t.of(1)["custody"] == (JAIL_HOLD if row[3] else JAIL)
    else:
        assert t.of(1)["custody"] == (ICE if row[3] else FREE)


@pytest.mark.parametrize(("was", "now"), [(FREE, ICE), (JAIL, JAIL_HOLD), (PRISON, PRISON_HOLD)])
def test_a_promise_is_kept_now_or_when_the_term_ends(draws, was, now):
    t = a_town().place(1, custody=was, until=NOW + 9).ready()
    draws[luck.ICE_WEEKS] = 0.0
    requests.promise(t.w, 1, FROM_CASE, RECORD_MISDEMEANOR)
    assert t.of(1)["custody"] == now
    assert t.of(1)["cause"] == FROM_CASE
    assert t.of(1)["until"] == (NOW + 1 if now == ICE else NOW + 9)
    if now == ICE:
        assert t.row("transfers")["record"] == RECORD_MISDEMEANOR


def test_matches_are_reviewed_gravest_first(draws, monkeypatch):
    t = Town()
    for i in range(6):
        t.place(i, status=UNDOCUMENTED)
    t.ready()
    for i, record in enumerate((0, 3, 1, 2, 3)):
        booking(t, i, record=record)
    t.tables.mark[journal.BOOKINGS] = 1  # the first is of an earlier week
    done = []
    draws[luck.FIRST_REVIEWED] = 0.0
    monkeypatch.setattr(requests, "reviewer", lambda w, b: 1)
    monkeypatch.setattr(requests, "acts_on", lambda w, b, who: b.resident != 4)
    monkeypatch.setattr(requests, "answer", lambda w, b, who: done.append((b.resident, who)))
    requests.phase(t.w)
    assert done == [(1, 1), (3, 1), (2, 1)]
    t.state.clock["ice_hours"] = 0.0
    requests.phase(t.w)
    assert len(done) == 3


def test_who_of_a_week_is_first_in_turn_is_drawn(draws):
    t = a_town()
    for _ in range(5):
        booking(t, 1)
    t.tables.mark[journal.BOOKINGS] = 1  # the first is of an earlier week
    for u, turns in ((0.0, [1, 2, 3, 4]), (0.74, [3, 4, 1, 2]), (0.99, [4, 1, 2, 3])):
        draws[luck.FIRST_REVIEWED] = u
        assert [requests.in_turn(t.w, n) for n in range(4)] == turns


# At large


def test_who_is_found_at_large(draws):
    t = a_town().place(1, record=RECORD_FELONY, wanted=1).place(2, status=UNDOCUMENTED).ready()
    for u, agent in ((0.49, 0), (0.5, 1)):
        draws[luck.SEEKER] = u
        assert at_large.seeker(t.w, 1) == agent
    # 0.1 arrests over 750 of weight: 0.61 · 61 for who is wanted, 0.13, by an agent with 10 or 20
    # hours and 0.4 or -0.4 of discretion; of candidates at 0.02
    for agent, own, moved in ((0, 10, 0.4), (1, 20, -0.4)):
        felony, none = own * of_odds(61 / 39 * e(moved)), own * of_odds(13 / 87 * e(moved))
        hazard = at_large.hazard(t.w, 1, agent, 0.01, 750.0)
        assert hazard == pytest.approx(0.01 / 750 * felony * 61)
        assert at_large.hazard(t.w, 2, agent, 0.1, 750.0) == pytest.approx(0.1 / 750 * none)
        wanted = partial(at_large.finds, t.w, 1, hazard)
        assert edge(wanted, draws, luck.AT_LARGE, hazard / 0.02)
    assert at_large.hazard(t.w, 3, 0, 0.1, 50.0) == 0.0
    t.place(2, custody=JAIL)
    assert at_large.hazard(t.w, 2, 0, 0.1, 50.0) == 0.0


def test_an_arrest_at_large_meets_those_who_are_near(draws):
    t = Town().household(0, 1, 2, 3).tied(1, 10, 11)
    for i in (0, 1, 2, 10, 11):
        t.place(i, status=UNDOCUMENTED, record=i % 2)
    t.place(11, custody=JAIL).place(1, generation=3).ready()
    # Three are near: each is arrested with 0.47 · 2.3 / 3 = 0.3603
    draws |= {
        luck.ICE_WEEKS: 0.0,
        (luck.COLLATERAL, 0, 0): 0.36,
        (luck.COLLATERAL, 2, 2): 0.361,
        (luck.COLLATERAL, 10, 4): 0.1,
    }
    at_large.arrest(t.w, 1)
    assert t.counted() == {"at_large": 1, "collateral": 2}
    seen = [t.row("transfers", k) for k in range(3)]
    assert [(x["resident"], x["source"], x["record"], x["met_with"]) for x in seen] == [
        (1, FROM_AT_LARGE, 1, -1),
        (0, FROM_COLLATERAL, 0, 1),
        (10, FROM_COLLATERAL, 0, 1),
    ]
    assert seen[1]["met_with_generation"] == 3
    # One was found of none that the draw of a candidate is for here; of the three who are near
    # 1.081 were to be met, and two were. Of what is too many 0.76 would be removed.
    removed = {"none": 3 * 0.36033 - 2, "other": -1.0}
    assert t.expected()["removals_none"] == pytest.approx(0.76 * removed["none"], abs=1e-4)
    assert t.expected()["removals_other"] == pytest.approx(-0.76, abs=1e-4)
    assert t.expected()["removals"] == pytest.approx(0.76 * (3 * 0.36033 - 3), abs=1e-4)
    assert "transfers" not in t.expected()


def test_raids_seek_by_priority_alone(draws):
    t = Town()
    for i, record in ((1, RECORD_NONE), (2, RECORD_NONE), (3, RECORD_FELONY)):
        t.place(i, status=UNDOCUMENTED, record=record, wanted=i == 2)
    t.place(4, status=UNDOCUMENTED, custody=JAIL).ready()
    # Priorities of 0.13, 0.13 and 0.61, 0.29 on average; of candidates at 0.1
    for i, own in ((1, 0.13), (2, 0.13), (3, 0.61)):
        hazard = at_large.raid_hazard(t.w, i)
        assert hazard == pytest.approx(0.005 * own / 0.29)
        assert edge(partial(at_large.raided, t.w, i, hazard), draws, luck.RAID, hazard / 0.1)
    assert at_large.raid_hazard(t.w, 4) == 0.0
    assert at_large.raid_hazard(t.w, 5) == 0.0


def test_raids_reach_candidates_of_their_own(draws, candidates, monkeypatch):
    t = a_town().place(2, status=UNDOCUMENTED).ready()
    t.levers(at_large_share=0.0, raids=50.0)
    seen, taken = candidates(1, 2, 3), []
    monkeypatch.setattr(at_large, "arrest", lambda w, i: taken.append(i))
    draws |= {(luck.RAID, 1): 0.499, (luck.RAID, 2): 0.501}
    at_large.phase(t.w)
    assert (seen, taken) == ([(luck.RAID_CANDIDATE, 0.1)], [1])
    t.levers(at_large_share=0.0, raids=0.0)
    at_large.phase(t.w)
    assert len(seen) == 1


def test_operations_reach_candidates(draws, candidates, monkeypatch):
    t = a_town().place(2, status=UNDOCUMENTED).ready()
    seen, taken = candidates(1, 2, 3), []
    monkeypatch.setattr(at_large, "arrest", lambda w, i: taken.append(i))
    # 0.0606 arrests a week, of two alike, by the second agent with half of what the two agents
    # weigh (4/3 · 0.091 of 2/3 · 0.182 + 4/3 · 0.091): 0.0303 each, over the bound of 0.02
    draws[luck.SEEKER] = 0.9
    draws |= {(luck.AT_LARGE, 1): 0.999, (luck.AT_LARGE, 2): 0.999}
    t.levers(raids=0.0)
    at_large.phase(t.w)
    assert (seen, taken) == ([(luck.AT_LARGE_CANDIDATE, 0.02)], [1, 2])
    t.levers(at_large_share=0.0, raids=0.0)
    at_large.phase(t.w)
    assert len(seen) == 1
    nobody = Town().ready().levers(raids=0.0)
    at_large.phase(nobody.w)
    assert len(seen) == 1
