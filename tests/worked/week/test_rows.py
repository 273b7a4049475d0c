"""Residents' rows by hand: beliefs that fade, counts that follow, who is close to whom."""

from __future__ import annotations

import numpy as np
import pytest
from hand_made import (
    GROUP_LATINO,
    GROUP_MIXED,
    GROUP_OTHER,
    GROUP_REGISTERED,
    GROUP_UNDOCUMENTED,
    NOW,
    PAIR,
    Town,
    plain,
)

from trustabm.rules import codes, luck
from trustabm.rules.codes import (
    FREE,
    HOUSEHOLD,
    ICE,
    JAIL,
    JAIL_HOLD,
    LAWFUL,
    NOBODY,
    PRISON,
    PRISON_HOLD,
    REGISTERED,
    REMOVED,
    SELF,
    TIE,
    UNDOCUMENTED,
    US_BORN,
)
from trustabm.state import counts, journal, layout, rows
from trustabm.state.layout import HOUSEHOLD_UNIT

__all__ = ["plain"]


def a_town():
    """0, 1 and 2 live together, 1 is undocumented and tied to 10; 30 is not Latino."""
    return Town().household(0, 1, 2).tied(1, 10).place(1, status=UNDOCUMENTED).ready()


def near(*values):
    return pytest.approx(values, abs=1e-6)


def test_small_questions_about_residents():
    t = a_town().place(5, generation=4).place(6, custody=REMOVED, status=UNDOCUMENTED)
    s = t.w.state
    assert rows.town_of(s, 30) == 0
    assert [rows.group_now(s, i) for i in (1, 0, 10, 5, 30)] == [0, 2, 2, 3, 4]
    assert (rows.generation_of(s, 5), rows.generation_of(s, -1)) == (4, -1)
    assert (rows.generation_of(s, 0), rows.in_place(s, 5), rows.in_place(s, 6)) == (0, True, False)
    assert rows.undocumented_at_large(s, 1)
    assert not rows.undocumented_at_large(s, 0)
    assert not rows.undocumented_at_large(s, 6)
    assert counts.persons_of(s, 0, GROUP_MIXED) == 3
    t.counts["persons"][PAIR[GROUP_LATINO, GROUP_MIXED]] = 5
    assert counts.persons_of(s, 0, GROUP_MIXED) == 8


def test_who_is_close():
    t = a_town().tied(1, 30)
    s = t.w.state
    assert [rows.close_to(s, 1, n) for n in range(11)] == [0, -1, 2, 10, 30, *[-1] * 6]
    assert [rows.close_to(s, 10, n) for n in range(3)] == [-1, 1, -1]
    assert rows.concern_of(s, 1) == (SELF, 0)
    assert rows.concern_of(s, 0) == (HOUSEHOLD, 0)
    assert rows.concern_of(s, 10) == (TIE, 1)
    assert rows.concern_of(s, 5) == (NOBODY, 0)
    t.tied(0, 20).place(20, status=UNDOCUMENTED)
    assert rows.concern_of(s, 0) == (HOUSEHOLD, 1)
    t.place(1, custody=REMOVED)
    assert rows.concern_of(s, 0) == (TIE, 1)
    assert rows.concern_of(s, 10) == (NOBODY, 0)


def test_a_friend_s_status_is_known_to_some_and_a_household_member_s_always(monkeypatch):
    t = a_town().tied(10, 30).place(10, generation=3).place(30, generation=2)
    t.state.ethnicities["known"], t.state.ethnicities["known_others"] = 0.6, 0.35
    drawn = {}

    def uniform(seed, lives, purpose, one, index):
        assert (seed, purpose) == (7, luck.STATUS_KNOWN)
        return drawn[lives, one, index]

    monkeypatch.setattr(rows, "uniform", uniform)
    s = t.w.state
    # 1 and 10 are Latino, 30 is not; lives are both generations, 16 bits each
    for u, concern in ((0.59, (TIE, 1)), (0.6, (NOBODY, 0))):
        drawn[3, 1, 20] = u
        assert rows.concern_of(s, 10) == concern
        assert rows.knows_status(s, 1, 10) == rows.knows_status(s, 10, 1) == (u < 0.6)
    for u in (0.34, 0.35):
        drawn[3 * 65536 + 2, 10, 60] = u
        assert rows.knows_status(s, 10, 30) == rows.knows_status(s, 30, 10) == (u < 0.35)
    assert rows.concern_of(s, 0) == (HOUSEHOLD, 0)


@pytest.mark.parametrize(
    ("latino", "status", "concern", "group"),
    [
        (0, UNDOCUMENTED, SELF, GROUP_OTHER),
        (1, UNDOCUMENTED, SELF, GROUP_UNDOCUMENTED),
        (1, REGISTERED, HOUSEHOLD, GROUP_REGISTERED),
        (1, US_BORN, HOUSEHOLD, GROUP_MIXED),
        (1, LAWFUL, TIE, GROUP_MIXED),
        (1, US_BORN, NOBODY, GROUP_LATINO),
    ],
)
def test_outcome_groups(latino, status, concern, group):
    assert rows.group_of(a_town().w.state, 1 - latino, status, concern) == group


def test_one_alike_is_even_over_the_town():
    t = a_town()
    s, place = t.w.state, t.w.state.towns[0]
    latinos = [rows.one_alike(s, place, 0, (k + 0.5) / 18) for k in range(18)]
    assert latinos == [*range(12), *range(20, 26)]
    others = [rows.one_alike(s, place, 1, (k + 0.5) / 22) for k in range(22)]
    assert others == [*range(12, 20), *range(26, 40)]


def counts_of(t):
    """What is counted, by pair of groups, nothing left out but zeros."""
    names = ("persons", "households", "undocumented", "exposed", "jail", "ice", "prison", "removed")
    return {
        (name, k): int(t.counts[name][k]) for name in names for k in range(8) if t.counts[name][k]
    }


def test_a_recount_counts_everybody_where_they_are():
    t = a_town()
    whole = HOUSEHOLD_UNIT
    by_hand = {
        ("persons", GROUP_UNDOCUMENTED): 1,
        ("persons", GROUP_MIXED): 3,
        ("persons", GROUP_LATINO): 14,
        ("persons", GROUP_OTHER): 22,
        ("households", GROUP_UNDOCUMENTED): whole // 3,
        ("households", GROUP_MIXED): 2 * (whole // 3) + whole,
        ("households", GROUP_LATINO): 14 * whole,
        ("households", GROUP_OTHER): 22 * whole,
        ("undocumented", GROUP_UNDOCUMENTED): 1,
    }
    assert counts_of(t) == by_hand
    g = t.groups
    assert g["own"].tolist() == [1, 0, 0, 0, 0]
    assert g["housed"][GROUP_MIXED].tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 0]
    assert g["tied"][GROUP_MIXED].tolist() == [0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert g["tied"][GROUP_LATINO, 0] == 14
    t.place(31, custody=REMOVED)
    counts.recount(t.w.state)
    counts.recount(t.w.state)  # twice is once
    assert t.counts["removed"][GROUP_OTHER] == 1
    assert t.counts["persons"][GROUP_OTHER] == 21


def test_marks_tell_status_and_offending_in_steps_of_an_eighth():
    t = Town().place(1, status=UNDOCUMENTED, offending=0.25)
    t.place(2, offending=0.26).place(3, offending=1e-6).place(4, offending=15.8)
    assert t.state.marks[:5].tolist() == [0, 1 + 2 * 2, 3 * 2, 1 * 2, 127 * 2]
    assert layout.OFFENDING_MOST[[0, 2, 3, 126]].tolist() == [0.0, 0.25, 0.375, 15.75]
    assert layout.OFFENDING_MOST[127] > 1e100


def test_pools_of_those_who_may_be_sought():
    t = Town()
    for i, values in enumerate(
        (
            {"record": 0},
            {"record": 2, "wanted": 1},
            {"record": 2},
            {"record": 3, "custody": JAIL},
            {"record": 1, "status": LAWFUL},
        )
    ):
        t.place(i, **{"status": UNDOCUMENTED} | values)
    t.ready()
    assert t.state.pool["free"][0].tolist() == [1, 0, 1, 0]
    assert t.state.pool["wanted"][0].tolist() == [0, 0, 1, 0]
    rows.set_wanted(t.w.state, 0, 1)
    assert t.state.pool["free"][0].tolist() == [0, 0, 1, 0]
    assert t.state.pool["wanted"][0].tolist() == [1, 0, 1, 0]
    rows.set_record(t.w.state, 0, 3)
    rows.set_record(t.w.state, 2, 1)  # records only rise
    assert t.state.pool["wanted"][0].tolist() == [0, 0, 1, 1]
    assert t.of(2)["record"] == 2
    rows.set_custody(t.w.state, 0, JAIL, NOW + 3, 0)
    assert t.state.pool["wanted"][0].tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("custody", "counted"),
    [
        (JAIL, "jail"),
        (JAIL_HOLD, "jail"),
        (ICE, "ice"),
        (PRISON, "prison"),
        (PRISON_HOLD, "prison"),
        (REMOVED, "removed"),
    ],
)
def test_custody_is_counted_and_listed(custody, counted):
    t = a_town()
    counts.recount(t.w.state)
    rows.set_custody(t.w.state, 30, custody, 40_000, codes.FROM_CASE)
    after = t.of(30)
    assert (after["custody"], after["until"], after["cause"]) == (custody, 32_000, codes.FROM_CASE)
    assert {
        n: k for (n, _), k in counts_of(t).items() if n in ("jail", "ice", "prison", "removed")
    } == {counted: 1}
    inside = custody != REMOVED
    assert t.state.clock["in_custody"][0] == inside
    assert t.counts["persons"][GROUP_OTHER] == 21 + inside
    if inside:
        assert t.state.in_custody[0] == 30
        rows.set_custody(t.w.state, 30, FREE, 0, 0)
        assert t.state.clock["in_custody"][0] == 1  # taken off the list where terms end


def test_who_is_not_counted_meanwhile_is_counted_again():
    t = a_town()
    before = counts_of(t)
    rows.counted(t.w.state, 30, -1)
    assert counts_of(t)["persons", GROUP_OTHER] == 21
    rows.counted(t.w.state, 30, 1)
    assert counts_of(t) == before


def test_groups_of_now_change_and_of_then_stay():
    t = a_town()
    s = t.w.state
    rows.counted(s, 1, -1)
    t.place(1, status=REGISTERED)
    rows.regroup(s, 1, False)
    rows.counted(s, 1, 1)
    assert t.of(1)["pair"] == PAIR[GROUP_UNDOCUMENTED, GROUP_REGISTERED]
    assert t.of(0)["concern"] == HOUSEHOLD
    rows.ripple(s, 1)
    assert [t.of(i)["concern"] for i in (0, 2, 10)] == [NOBODY] * 3
    assert t.of(10)["pair"] == PAIR[GROUP_MIXED, GROUP_LATINO]
    rows.counted(s, 1, -1)
    rows.regroup(s, 1, True)  # somebody new
    assert t.of(1)["pair"] == GROUP_REGISTERED


def test_ripples_reach_those_in_place_alone():
    t = a_town().place(2, custody=REMOVED)
    counts.recount(t.w.state)
    t.place(1, status=US_BORN)
    rows.ripple(t.w.state, 1)
    assert t.of(0)["concern"] == NOBODY
    assert t.of(2)["concern"] == HOUSEHOLD  # gone, and sees nothing


def test_exposure_lasts_a_year():
    t = a_town()
    for week, exposed in ((NOW, 1), (NOW + 3, 1)):
        t.state.clock["week"] = week
        rows.expose(t.w.state, 30)
        assert t.counts["exposed"][GROUP_OTHER] == exposed
        assert np.argwhere(t.expiring).tolist() == [[week % 52, GROUP_OTHER]]
        assert t.of(30)["exposed"] == week
    t.state.clock["week"] = NOW + 55
    rows.expose(t.w.state, 30)  # a year later, once more
    assert t.counts["exposed"][GROUP_OTHER] == 2
    t.place(31, exposed=NOW + 55 - 51).place(32, exposed=NOW + 55 - 52)
    counts.recount(t.w.state)
    assert t.counts["exposed"][GROUP_OTHER] == 2


def test_arms_part_with_everybody_in_the_group_of_now():
    t = a_town()
    pair = int(PAIR[GROUP_UNDOCUMENTED, GROUP_REGISTERED])
    t.place(1, status=REGISTERED, pair=pair)
    counts.recount(t.w.state)
    t.counts["exposed"][pair] = 3
    t.expiring[5, pair] = 3
    counts.part(t.state)
    assert t.of(1)["pair"] == GROUP_REGISTERED
    assert t.counts["persons"][[GROUP_REGISTERED, pair]].tolist() == [1, 0]
    assert t.expiring[5, [GROUP_REGISTERED, pair]].tolist() == [3, 0]
    assert t.groups["base_persons"].tolist() == [0, 1, 3, 14, 22]
    assert t.groups["base_households"][GROUP_REGISTERED] == HOUSEHOLD_UNIT // 3


# The journal


def test_rows_of_tables():
    tables = layout.new_tables(1100)
    assert [journal.new_row(tables, journal.CRIMES) for _ in range(3)] == [0, 1, 2]
    assert tables.used.tolist() == [0, 3, 0, 0, 0, 0, 0, 0]
    assert journal.room(120) == 1034
    assert journal.roomy(tables, 120)  # 1,100 less 3
    assert not journal.roomy(tables, 12 * 75)
    assert journal.roomy(tables, 12 * 73)
    tables.crimes["victim"][:3] = (4, 5, 6)
    assert journal.frames(tables)["crimes"]["victim"].tolist() == [4, 5, 6]
    journal.rewound(tables, True)
    assert (tables.used[1], tables.mark[1]) == (3, 3)
    more = journal.grown(tables, 120)
    assert len(more.crimes) == len(more.legalizations) == 2 * 1100 + 1034
    assert more.crimes["victim"][:4].tolist() == [4, 5, 6, 0]
    journal.rewound(tables, False)
    assert (tables.used[1], tables.mark[1]) == (0, 0)
