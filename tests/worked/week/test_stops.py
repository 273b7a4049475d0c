"""Phase 2 by hand: one resident, one officer, these draws."""

from __future__ import annotations

import pytest
from by_hand import e, of_odds
from hand_made import (
    GROUP_LATINO,
    GROUP_OTHER,
    GROUP_UNDOCUMENTED,
    NOW,
    Town,
    candidates,
    draws,
    edge,
    plain,
)

from trustabm.rules import codes, luck
from trustabm.state import layout
from trustabm.week import stops, week

__all__ = ["candidates", "draws", "plain"]

STOP = stops.Stop(1, True, True, False, True, False, codes.RECORD_FELONY)


def a_town():
    return Town().place(1, status=codes.UNDOCUMENTED).place(15, offending=2.0).ready()


def test_officers_are_met_on_their_beat(draws):
    t = a_town()
    for i, u, officer in ((0, 0.49, 0), (0, 0.5, 1), (19, 0.99, 1), (20, 0.99, 2)):
        draws[luck.STOP, i, 1] = u
        assert stops.officer_met(t.w, i) == officer


@pytest.mark.parametrize(
    ("i", "who", "asks", "hazard"),
    [
        # 0.0025 · patrol · (0.7 + 0.3 o) · 0.9 of hours; then for Latino residents 1 + bias
        (12, 0, codes.ASK_NOBODY, 0.0025 * 0.7 * 0.9),
        (15, 0, codes.ASK_NOBODY, 0.0025 * 1.3 * 0.9),
        (30, 2, codes.ASK_NOBODY, 0.0025 * 1.5 * 0.7 * 0.9),
        (0, 1, codes.ASK_NOBODY, 0.0025 * 0.7 * 0.9 * 1.1),
        (0, 0, codes.ASK_NOBODY, 0.0025 * 0.7 * 0.9 * 1.2),
        (0, 0, codes.ASK_STOP, 0.0025 * 0.7 * 0.9 * 1.2 * 1.51),
        (0, 1, codes.ASK_STOP, 0.0025 * 0.7 * 0.9 * 1.1),  # trained: school 0.5 below 0.6
    ],
)
def test_who_is_stopped(draws, i, who, asks, hazard):
    t = a_town().levers(ask_status=asks)
    draws[luck.STAYS_IN] = 0.25
    assert edge(lambda: stops.stops(t.w, i, who), draws, (luck.STOP, i, 0), hazard / 0.02)


@pytest.mark.parametrize(
    ("i", "who", "chance"),
    [
        (12, 0, of_odds(0.25 * e(-0.5))),
        (12, 1, of_odds(0.125 * e(0.5))),  # trained: school 0.5 below 0.6
        (0, 0, of_odds(0.25 * e(0.31 - 0.5))),  # Latino
        (30, 2, 1 / 9),
    ],
)
def test_which_stops_go_badly(draws, i, who, chance):
    t = a_town()
    assert edge(
        lambda: stops.treats_badly(t.w, i, who), draws, (luck.STOP_GOES_BADLY, i, 0), chance
    )


def test_who_is_asked(draws):
    t = a_town()
    assert edge(lambda: stops.asks_status(t.w, 0, 0), draws, (luck.STOP_ASKED, 0, 0), 0.28)
    draws[luck.STOP_ASKED] = 0.0
    assert not stops.asks_status(t.w, 12, 0)
    draws[luck.STOP_ASKED, 0, 0] = 0.0
    assert not stops.asks_status(t.w, 0, 1)  # trained: school 0.5 below 0.6
    t.levers(ask_status=codes.ASK_STOP)
    draws[luck.STOP_ASKED] = 0.999
    assert stops.asks_status(t.w, 12, 1)


def test_who_is_arrested_for_status(draws):
    t = a_town().levers(ask_status=codes.ASK_STOP)
    draws |= {luck.STOP_IDENTIFIED: 0.44, luck.STOP_HELD: 0.999}
    assert stops.arrests_for_status(t.w, 1, 0)  # deputized: rank 0.1 below 0.3
    assert not stops.arrests_for_status(t.w, 1, 1)
    assert not stops.arrests_for_status(t.w, 0, 0)  # a citizen
    assert edge(lambda: stops.arrests_for_status(t.w, 1, 1), draws, (luck.STOP_HELD, 1, 0), 0.17)
    draws[luck.STOP_HELD, 1, 0] = 0.0
    assert edge(
        lambda: stops.arrests_for_status(t.w, 1, 0), draws, (luck.STOP_IDENTIFIED, 1, 0), 0.45
    )
    t.levers(ask_status=codes.ASK_NOBODY)
    draws[luck.STOP_IDENTIFIED, 1, 0] = 0.0
    assert not stops.arrests_for_status(t.w, 1, 1)


def test_who_is_arrested_for_an_offence(draws):
    t = a_town()
    draws[luck.STOP_CITATION] = 0.1
    assert edge(lambda: stops.arrests(t.w, 15, 0), draws, (luck.STOP_ARREST, 15, 0), 0.274)
    # Without a licence: 0.41 · 0.65, and nothing for conduct; a trained officer
    assert edge(lambda: stops.arrests(t.w, 1, 1), draws, (luck.STOP_ARREST, 1, 0), 0.2665)
    # In place of 0.44 citations: bias is twice the average, the jail screens 0.97, hands over 0.11
    instead = 0.44 * 0.6 * 0.97 * 0.11 * 2
    draws[luck.STOP_ARREST] = 0.9
    assert edge(lambda: stops.arrests(t.w, 2, 0), draws, (luck.STOP_CITATION, 2, 0), instead)
    draws[luck.STOP_CITATION] = 0.0
    assert not stops.arrests(t.w, 2, 1)  # trained
    assert not stops.arrests(t.w, 12, 0)


def test_what_an_arrest_is_for(draws):
    t = a_town()
    draws |= {luck.STOP_ARREST: 0.273, luck.STOP_CHARGE: 0.119}
    assert stops.charges(t.w, 15, True) == codes.RECORD_FELONY
    assert stops.charges(t.w, 15, False) == codes.RECORD_NONE
    assert stops.charges(t.w, 1, True) == codes.RECORD_MISDEMEANOR  # 0.273 is past conduct, 0
    draws[luck.STOP_CHARGE] = 0.12
    assert stops.charges(t.w, 15, True) == codes.RECORD_MISDEMEANOR


def test_who_is_cited(draws):
    t = a_town()
    assert edge(lambda: stops.cites(t.w, 4), draws, (luck.STOP_CITATION, 4, 0), 0.44)


@pytest.mark.parametrize(
    ("stop", "outcome", "counted"),
    [
        (STOP, codes.STOP_ARREST, {"stops": 1, "bad_stops": 1, "asked": 1}),
        (
            STOP._replace(arrested=False, for_status=True),
            codes.STOP_ARREST,
            {"stops": 1, "bad_stops": 1, "asked": 1},
        ),
        (
            STOP._replace(arrested=False, cited=True, asked=False),
            codes.STOP_CITATION,
            {"stops": 1, "bad_stops": 1, "citations": 1},
        ),
        (STOP._replace(cited=True, badly=False), codes.STOP_ARREST, {"stops": 1, "asked": 1}),
        (
            STOP._replace(arrested=False, asked=False, badly=False),
            codes.STOP_NOTHING,
            {"stops": 1},
        ),
    ],
)
def test_a_stop_is_written_down_and_counted(stop, outcome, counted):
    t = a_town().place(2, generation=4)
    stops.write(t.w, 2, stop)
    assert t.row("stops") == {
        "week": NOW,
        "resident": 2,
        "generation": 4,
        "officer": 1,
        "bad": stop.badly,
        "asked": stop.asked,
        "identified": stop.for_status,
        "outcome": outcome,
        "charge": codes.RECORD_FELONY,
    }
    assert t.counted() == counted
    assert t.tally["stops"][0, GROUP_LATINO] == 1


def test_one_stop_from_draws_to_row(draws, candidates):
    t = a_town().levers(ask_status=codes.ASK_STOP).place(3, custody=codes.JAIL).ready()
    draws |= {
        (luck.STOP, 1, 1): 0.1,  # officer 0
        (luck.STOP, 1, 0): 0.1,
        (luck.STOP, 3, 1): 0.1,
        (luck.STOP, 3, 0): 0.1,
        (luck.STOP, 12, 1): 0.9,
        (luck.STOP, 12, 0): 0.9,  # not stopped
        luck.STAYS_IN: 0.9,
        luck.STOP_GOES_BADLY: 0.9,
        luck.STOP_ASKED: 0.9,
        luck.STOP_IDENTIFIED: 0.1,
        luck.STOP_HELD: 0.9,
        luck.STOP_ARREST: 0.9,
        luck.STOP_CITATION: 0.1,
        luck.STOP_CHARGE: 0.1,
    }
    seen = candidates(1, 3, 12)
    stops.phase(t.w)
    assert seen == [(luck.STOP_CANDIDATE, 0.02)]
    assert t.events("stops") == 1
    row = t.row("stops")
    assert (row["resident"], row["officer"], row["outcome"]) == (1, 0, codes.STOP_ARREST)
    assert (row["bad"], row["asked"], row["identified"], row["charge"]) == (0, 1, 1, 0)
    assert t.counted() == {"stops": 1, "asked": 1}


# What every phase goes by


def test_levers_counts_and_years_of_a_resident():
    t = a_town().place(5, arrived=NOW - 103).place(6, arrived=NOW - 104)
    assert week.levers_of(t.w, 7).honor_none == 0.11
    week.count_of(t.w, 1).stops += 3
    assert t.tally["stops"][0, GROUP_UNDOCUMENTED] == 3
    week.count_of(t.w, 39).stops += 2
    assert t.tally["stops"][0, GROUP_OTHER] == 2
    assert (week.years_here(t.w, 5), week.years_here(t.w, 6)) == (1, 2)


def test_nobody_who_offends_as_usual_is_stopped_more_than_the_most():
    t = a_town()
    assert stops.heaviest(t.w) == 1.0
    # 0.0025 · 0.9 · patrol of 1 · (1 + 0.2) by the first officer, 1.5 · 1 by the third
    assert stops.most_hazard(t.w, 0, 1.0) == pytest.approx(0.0025 * 0.9 * 1.5)
    t.levers(ask_status=codes.ASK_STOP)  # of the first, who is not trained, 1.51 times as many
    assert stops.most_hazard(t.w, 0, 1.0) == pytest.approx(0.0025 * 0.9 * 1.2 * 1.51)
    assert stops.most_hazard(t.w, 0, 0.5) == pytest.approx(0.0025 * 0.9 * 1.5)
    t.place(39, neighborhood=0).place(20, neighborhood=0)  # nobody here lives in the second
    assert stops.most_hazard(t.w, 0, 0.5) == pytest.approx(0.0025 * 0.9 * 1.1 * 1.255)


def test_only_those_to_whom_something_may_happen_are_looked_at(draws, candidates):
    t = a_town()
    draws |= {(luck.STOP, i): u for i, u in ((1, 0.0499), (2, 0.0501), (15, 0.1499), (16, 0.1499))}
    candidates(1, 2, 15, 16)  # 15 offends twice as much as usual
    w, below = t.w, (luck.STOP_CANDIDATE, 0.02, luck.STOP, 0.001)
    assert week.sought_below(w, 0, *below, 0.001, 0) == 2
    assert week.sought_below(w, 0, *below, 0.0009, 2) == 3
    assert week.sought_of(w, 0, luck.AT_LARGE_CANDIDATE, 0.02, layout.LACKS_STATUS, 3) == 4
    assert week.sought(w, 0, luck.STOP_CANDIDATE, 0.02, 4) == 8
    assert w.sought[:8].tolist() == [1, 15, 1, 1, 1, 2, 15, 16]


def test_of_who_offends_more_may_be_stopped(draws, candidates):
    t = a_town()
    candidates(15, 16)
    # 0.9 of hours, 1.5 of the third officer; 0.7 + 0.3 times offending, which of 15 is 2
    for i, conduct in ((15, 1.3), (16, 0.7)):
        most = 0.0025 * 0.9 * 1.5 * conduct / 0.02
        draws |= {(luck.STOP, 15): 0.9, (luck.STOP, 16): 0.9, (luck.STOP, i): most - 1e-6}
        assert stops._may_be_stopped(t.w, 0, 1.0, 0.0, 5) == 6
        draws[luck.STOP, i] = most + 1e-6
        assert stops._may_be_stopped(t.w, 0, 1.0, 0.0, 5) == 5


def test_candidates_are_looked_for_block_by_block(draws, monkeypatch):
    t = a_town()
    asked, met = [], []
    draws[luck.STOP] = 0.01

    def candidates(seed, now, purpose, block, residents, bound, found):
        asked.append((seed, now, purpose, block, residents, bound))
        found[:2] = (block * 1024 + 3, block * 1024 + 7)
        return 2 if block < 2 else 1

    monkeypatch.setattr(week, "candidates", candidates)
    monkeypatch.setattr(stops, "officer_met", lambda w, i: met.append(i) or 0)
    monkeypatch.setattr(stops, "stops", lambda w, i, who: False)
    people, marks = t.state.residents, t.state.marks
    many = t.state._replace(residents=people.repeat(60), marks=marks.repeat(60))
    stops.phase(t.w._replace(state=many))
    assert met == [3, 7, 1027, 1031, 2051]
    assert asked == [(7, NOW, luck.STOP_CANDIDATE, k, 2400, 0.02) for k in range(3)]
    asked.clear()
    one = t.state._replace(residents=people.repeat(26)[:1024], marks=marks.repeat(26)[:1024])
    stops.phase(t.w._replace(state=one))
    assert len(asked) == 1
