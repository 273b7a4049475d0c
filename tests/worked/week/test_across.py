"""Across a county line by hand: two counties of one neighborhood each, ties and work between them.

0 to 19 live in the first county, 20 to 39 in the second. Resident 1, undocumented, lives in the
first and works in the second; 13 of the first is a friend of 15 there and of 30 in the second.
"""

from __future__ import annotations

import by_hand
import numpy as np
import pytest
from hand_made import GROUP_UNDOCUMENTED, PAIR, Town, draws, edge, opened, plain

from trustabm.rules import codes, luck
from trustabm.state import journal, layout
from trustabm.week import crimes, custody, hearsay, reports, requests, stops, whereabouts

__all__ = ["draws", "plain"]

HOME = {"ask_status": codes.ASK_NOBODY, "deputized_share": 0.0, "jail_screening": 0.0}
HOME |= {"honor_none": 0.0, "ask_victims": 0.0, "judicial_warrant": 0.0}
WORK = {"ask_status": codes.ASK_STOP, "deputized_share": 1.0, "jail_screening": 1.0}
WORK |= {"honor_none": 1.0, "ask_victims": 1.0, "judicial_warrant": 0.0}
AT_WORK = (luck.AT_WORK, 1)


def two_counties() -> Town:
    """Return the town of forty as two counties, before anybody is counted."""
    t = Town(work_contacts=0.3, tell_across=0.5)
    towns = np.concatenate([t.state.towns, t.state.towns])
    towns["start"], towns["end"] = (0, 20), (20, 40)
    towns["first"], towns["last"] = (0, 1), (1, 2)
    towns["officers"], towns["patrols"] = (2, 1), (0.9, 0.8)
    work = np.full(40, -1, np.int32)
    work[1] = 1
    t.state = t.state._replace(
        towns=towns,
        work=work,
        workers=np.array([1], np.int32),
        visits=np.array([0, 0, 1], np.int32),
        groups=np.zeros((2, 5), layout.GROUP),
        counts=np.zeros((2, 8), layout.COUNT),
        pool=np.zeros(2, layout.POOL),
        expiring=np.zeros((52, 2, 8), np.int32),
    )
    t.state.neighborhoods["town"] = (0, 1)
    t.state.stretches["before"] = 0
    t.state.residents["town"][20:] = 1
    t.tally, t.town_tally = np.zeros((2, 8), layout.TALLY), np.zeros(2, layout.TOWN_TALLY)
    rules = [by_hand.lv(**HOME), by_hand.lv(**WORK)]
    t.in_force = np.array(rules, rules[0].dtype)
    return t.place(1, status=codes.UNDOCUMENTED).tied(13, 15, 30).ready()


def test_who_works_across_the_line_is_met_there_three_weeks_in_ten(draws):
    t = two_counties()
    assert edge(lambda: whereabouts.is_away(t.w, 1), draws, AT_WORK, 0.3)
    assert not whereabouts.is_away(t.w, 2)  # and nothing is drawn
    draws[luck.STOP, 1, 1] = 0.5
    for u, officer, block in ((0.29, 2, 1), (0.31, 1, 0)):
        draws[AT_WORK] = u
        assert stops.officer_met(t.w, 1) == officer
        assert whereabouts.met_at(t.w, 1) == block


def test_a_commuter_is_stopped_by_the_neighbors_police_under_its_rules(draws):
    t = two_counties()
    draws |= {AT_WORK: 0.29, luck.STAYS_IN: 0.25}
    # Patrol 1.5 of that neighborhood, hours 0.8 of that county, an officer without bias, trained
    hazard = 0.0025 * 1.5 * 0.7 * 0.8
    assert edge(lambda: stops.stops(t.w, 1, 2), draws, (luck.STOP, 1, 0), hazard / 0.02)
    assert (stops.asking_chance(t.w, 1, 2), stops.status_chance(t.w, 1, 2)) == (1.0, 1.0)
    # At home the first officer asks of his own accord, and may not arrest for status.
    assert stops.asking_chance(t.w, 1, 0) == pytest.approx(by_hand.p().informal_asking)
    assert stops.status_chance(t.w, 1, 0) == 0.0
    draws[AT_WORK] = 0.31  # at home: patrol 1, hours 0.9, bias 0.2
    hazard = 0.0025 * 0.7 * 0.9 * 1.2
    assert edge(lambda: stops.stops(t.w, 1, 0), draws, (luck.STOP, 1, 0), hazard / 0.02)


def test_a_commuter_is_booked_and_handed_over_by_the_neighbors_jail(draws):
    t = two_counties()
    draws[AT_WORK] = 0.29
    stops.write(t.w, 1, stops.Stop(2, False, True, True, False, False, codes.RECORD_NONE))
    draws |= {luck.CONVICTED: 0.99, luck.PRISON: 0.99, luck.JAIL_WEEKS: 0.0}
    custody.bookings(t.w)
    booked = t.row("bookings")
    assert (booked["resident"], booked["town"], booked["matched"]) == (1, 1, 1)
    assert t.state.towns["week_away_hours"].tolist() == [0.0, 1.3]  # one screening, there
    draws |= {luck.REQUEST_KIND: 0.99, luck.WARRANT_DEMANDED: 0.99, luck.WARRANT_HELD: 0.99}
    draws |= {luck.HONORED: 0.5, luck.CUSTODY_FOLLOWS: 0.0, luck.ICE_WEEKS: 0.0}
    requests.answer(t.w, opened(t.tables.bookings[:1]), 0)
    assert t.row("requests")["honored"] == 1
    assert t.state.towns["week_away_hours"].tolist() == [0.0, pytest.approx(1.3 + 3.1)]
    # Residents are counted with the county they live in.
    mine = t.tally[0, PAIR[GROUP_UNDOCUMENTED, GROUP_UNDOCUMENTED]]
    assert (mine["stops"], mine["arrests"], mine["honored"], mine["transfers"]) == (1, 1, 1, 1)
    assert not t.tally[1].tobytes().strip(b"\0")
    # The same match in the jail at home, which hands over nobody without a record
    t.tables.bookings["town"][0] = 0
    requests.answer(t.w, opened(t.tables.bookings[:1]), 0)
    assert t.row("requests")["honored"] == 0


def test_offenders_meet_who_comes_to_work_and_not_who_is_away(draws):
    t = two_counties()
    # 0.97 of 20 who live there and one guest: 20.4, the guest; else 0.588 of 21 is 12.3, so 32.
    # 0.06 of 20 at home: 1.2, resident 1; else 0.678 of 20 is 13.6.
    for u, there, here in ((0.29, 1, 13), (0.31, 32, 1)):
        draws[AT_WORK] = u
        assert whereabouts.one_there(t.w, 1, 0.97) == there
        assert whereabouts.one_there(t.w, 0, 0.06) == here
    draws |= {AT_WORK: 0.29, luck.CRIME_VICTIM: 0.97, luck.CRIME_PLACE: 0.0, luck.STAYS_IN: 0.25}
    assert crimes.met(t.w, 25, codes.VIOLENT) == 1
    # So does resident 1 offend there: 0.3 of 21 is 6.3, so 26.
    draws[luck.CRIME_VICTIM] = 0.3
    assert crimes.met(t.w, 1, codes.VIOLENT) == 26


def test_a_crime_at_work_is_the_neighbors_case(draws):
    t = two_counties()
    draws[AT_WORK] = 0.29
    crimes.write(t.w, 25, 1, codes.VIOLENT, 0.5)
    assert t.row("crimes")["neighborhood"] == 1
    draws |= {luck.VICTIM_ASKED: 0.5, luck.VICTIM_IDENTIFIED: 0.99}
    assert reports.victim_asked(t.w, opened(t.tables.crimes[:1])) == codes.ASKED
    # Offenders there go by what they know of Latino victims there: caught 0.4 for the usual 0.4
    t.state.learned["reports"][1, 0] = 0.4
    elasticity = by_hand.p().deterrence_elasticity
    assert crimes.chance_to_act(t.w, 25, 1) == pytest.approx(1 / 2)
    t.state.towns["cleared"][1] = 0.3  # instead of 0.25, as police there solve more
    less = 1 - elasticity * (0.3 / 0.25 - 1)
    assert crimes.chance_to_act(t.w, 25, 1) == pytest.approx(less / 2)
    draws[AT_WORK] = 0.31  # met at home, where nobody asks
    crimes.write(t.w, 5, 1, codes.VIOLENT, 0.5)
    assert t.row("crimes")["neighborhood"] == 0
    assert reports.victim_asked(t.w, opened(t.tables.crimes[1:2])) == codes.NOT_ASKED


def test_a_tie_across_the_line_carries_a_story_with_part_of_its_weight(draws):
    t = two_counties()
    hearsay.tell(t.w, 13, hearsay.Story(-0.3, 0.4, 0.0))
    for i, told in ((15, 0.3), (30, 0.3 * 0.5)):
        assert t.of(i)["lately"] == pytest.approx(-0.3 * told, rel=1e-6)
        assert t.of(i)["bad"] == pytest.approx(0.4 * told, rel=1e-6)
    assert t.of(14)["lately"] == 0.0
    # Who is undocumented across the line is at stake for a friend here.
    t = two_counties()
    draws[luck.STATUS_KNOWN] = 0.0
    t.place(30, status=codes.UNDOCUMENTED).ready()
    assert t.of(13)["concern"] == codes.TIE


def test_acquaintances_are_of_all_the_region_where_they_are_looked_for_there(draws):
    t = two_counties()
    pool = luck.ACQUAINTANCE
    draws |= {(pool, 2, 4): 0.99, (pool, 2, 5): 0.0, (pool, 2, 6): 0.9, (pool, 2, 7): 0.99}
    # Latino: 12 in the first county, 6 in the second. 0.9 of 18 is 16.2: the fifth there, 24;
    # 0.9 of 12 at home is 10.8.
    assert edge(
        lambda: hearsay.acquaintance(t.w, 2, 1) == 24,
        draws,
        luck.ACQUAINTANCE_REGION,
        by_hand.p().tie_region,
    )
    assert hearsay.acquaintance(t.w, 2, 1) == 10
    draws |= {(pool, 2, 5): 0.99, luck.ACQUAINTANCE_REGION: 0.0}  # of whatever group: 36
    assert hearsay.acquaintance(t.w, 2, 1) == 36


def test_a_week_with_a_case_in_each_county_goes_to_the_police_of_each(draws):
    t = two_counties()
    draws[AT_WORK] = 0.29
    crimes.write(t.w, 25, 1, codes.VIOLENT, 0.5)
    crimes.write(t.w, 5, 7, codes.VIOLENT, 0.5)
    t.tables.crimes["cleared"][:2] = 1
    t.tables.crimes["charge"][:2] = codes.RECORD_MISDEMEANOR
    draws |= {luck.CONVICTED: 0.99, luck.PRISON: 0.99, luck.JAIL_WEEKS: 0.0}
    custody.bookings(t.w)
    towns = [t.row("bookings", k)["town"] for k in range(t.tables.used[journal.BOOKINGS])]
    assert towns == [1, 0]
