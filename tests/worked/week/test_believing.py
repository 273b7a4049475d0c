"""Beliefs of a week by hand: what residents learned, what is left of it, and what news adds."""

from __future__ import annotations

import math

import pytest
from hand_made import NOW, SEED, Town, believed, plain

from trustabm.rules import beliefs, luck
from trustabm.rules.codes import REMOVED, SELF, UNDOCUMENTED
from trustabm.week import believing

__all__ = ["plain"]

# Trust of Latino residents is 0.55 at rest and of others 0.57. Risk stands at 3 cases of 10 for
# the undocumented, 0.2 of 1 for other Latino residents, 0.05 of 1 for all others. What moved trust
# halves in two weeks, a case in fifty.


def a_town(**parameters):
    """1 is undocumented; 0 lives with them, and 10 is tied to them. 30 is not Latino."""
    t = Town(**parameters).household(0, 1).tied(1, 10).place(1, status=UNDOCUMENTED).ready()
    t.groups["ethnic_stake"][:4] = 0.2
    return t


def near(*values):
    return pytest.approx(values, abs=1e-6)  # beliefs are kept in 32 bits


def test_what_residents_stand_with():
    t = a_town()
    assert believed(t, 1) == near(0.55, 0.3)
    assert believed(t, 0) == believed(t, 10) == believed(t, 5) == near(0.55, 0.2)
    assert believed(t, 30) == near(0.57, 0.05)
    t.place(30, status=UNDOCUMENTED, concern=SELF).ready()
    assert believed(t, 30) == near(0.57, 0.3)


def test_what_was_learned_fades_as_weeks_go_by():
    t = a_town().place(30, lasting=-0.1, lately=0.4, bad=2.0, calm=4.0, touched=NOW)
    assert believed(t, 30) == near(0.87, 2.05 / 7)
    t.place(30, touched=NOW - 4)  # two half-lives, and four weeks of fifty
    left = 2**-0.08
    assert believed(t, 30) == near(0.57, (0.05 + 2 * left) / (1 + 6 * left))
    t.place(30, touched=NOW - 50)
    assert believed(t, 30) == near(0.47 + 0.4 * 2**-25, 1.05 / 4)
    t.place(30, touched=NOW, lasting=0.5)
    assert believing.trust_of(t.w, 30) == 1.0
    t.place(30, touched=NOW, lasting=-1.5)
    assert believing.trust_of(t.w, 30) == 0.0


def test_what_fades_is_looked_up():
    fading = a_town().fading
    assert fading.shape == (2, believing.FADING)
    assert fading[believing.TRUST_MOVED, [0, 2, 3]].tolist() == pytest.approx([1, 0.5, 2**-1.5])
    assert fading[believing.CASES, [0, 50, 75]].tolist() == pytest.approx([1, 0.5, 2**-1.5])
    t = a_town().place(30, touched=NOW - 32000, bad=9.0)
    assert believing.risk_of(t.w, 30) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("heard", "expected", "i", "trust", "risk"),
    [
        # A rise of 0.5: two cases at full stake and publicity 0.4 · 4 · 0.5 = 0.8
        (0.6, 0.1, 1, 0.55 - 0.44 * 0.5, 3.8 / 10.8),
        # At home 0.7 at stake, among ties 0.4
        (0.6, 0.1, 0, 0.55 - 0.5 * (0.308 - 0.015), (0.2 + 0.56) / 1.56),
        (0.6, 0.1, 10, 0.55 - 0.5 * (0.176 - 0.03), (0.2 + 0.32) / 1.32),
        # Linked fate: 0.37 · 0.2 of the group's stake
        (0.6, 0.1, 5, 0.55 - 0.5 * (0.44 * 0.074 - 0.05 * 0.926), (0.2 + 0.0592) / 1.0592),
        # Nothing at stake: risk stays, trust rises
        (0.6, 0.1, 30, 0.57 + 0.025, 0.05),
        # A fall of 0.5 calms by half as much
        (0.1, 0.6, 1, 0.55 + 0.22, 3 / 10.4),
        (0.1, 0.6, 30, 0.57 - 0.025, 0.05),
        # What is expected is no news
        (0.6, 0.6, 1, 0.55, 0.3),
    ],
)
def test_news_is_what_is_heard_over_what_is_expected(heard, expected, i, trust, risk):
    t = a_town()
    t.state.towns["heard"], t.state.towns["expected_risk"] = heard, expected
    assert believed(t, i) == near(trust, risk)
    off = a_town(news=False)
    off.state.towns["heard"], off.state.towns["expected_risk"] = heard, expected
    assert believed(off, i) == believed(a_town(), i)


def test_publicity_is_a_factor_on_what_the_news_counts_for():
    t = a_town().levers(publicity=0.0)
    t.state.towns["heard"] = 0.5
    assert believed(t, 1) == near(0.55 - 0.22, 0.3)  # trust answers to the rules themselves
    t.levers(publicity=2.0)
    assert believed(t, 1) == near(0.33, (3 + 4 * 2 * 0.5) / 14)


def test_outreach_reaches_whom_it_is_for():
    t = a_town()
    t.state.towns["reached"] = 0.5
    for i, trust in ((0, 0.585), (1, 0.585), (10, 0.585), (5, 0.55), (30, 0.57)):
        assert believing.trust_of(t.w, i) == pytest.approx(trust)


def test_what_is_learned_is_added_to_what_is_left():
    t = a_town().place(30, lasting=0.1, lately=0.2, bad=1.0, calm=2.0, touched=NOW - 2)
    believing.learn(t.w, 30, -0.3, -0.05, 0.5, 0.25)
    got, left = t.of(30), 2**-0.04
    assert got["touched"] == NOW
    assert (got["lasting"], got["lately"]) == near(0.05, 0.1 - 0.3)
    assert (got["bad"], got["calm"]) == near(left + 0.5, 2 * left + 0.25)


def test_nothing_is_learned_where_nobody_lives():
    t = a_town().place(31, custody=REMOVED).ready()
    was = t.of(31)
    believing.learn(t.w, 31, -0.3, -0.05, 0.5, 0.25)
    assert t.of(31) == was


@pytest.mark.parametrize("i", [0, 1, 30])
@pytest.mark.parametrize(
    ("trust", "risk"), [(0.2, 0.9), (0.9, 0.01), (0.0, 0.5), (1.0, 0.3), (0.4, 1.0), (0.4, 0.0)]
)
def test_beliefs_can_be_given(i, trust, risk):
    t = a_town().place(i, lasting=0.3, lately=0.4, bad=3.0, calm=1.0, touched=NOW - 3)
    t.state.towns["heard"] = 0.3
    believing.believe(t.w, i, trust, risk)
    assert believed(t, i) == near(trust, risk)
    # What was known is replaced, not added to: no more cases than are needed
    assert min(t.of(i)["bad"], t.of(i)["calm"]) == 0


def test_this_week_s_mood_comes_on_top():
    t = a_town(mood_spread=0.1).place(5, generation=3)
    mood = beliefs.mood(t.p, SEED, NOW, 5, 3)
    assert abs(mood) > 0.001
    assert believing.trust_now(t.w, 5) == pytest.approx(0.55 + mood)
    assert believing.trust_of(t.w, 5) == pytest.approx(0.55)
    t.place(5, lasting=2.0)
    assert believing.trust_now(t.w, 5) == 1.0
    t.place(5, lasting=-2.0)
    assert believing.trust_now(t.w, 5) == 0.0


def test_newcomers_come_with_beliefs_of_their_own(monkeypatch):
    drawn = {(luck.LASTING_TRUST, 1, 4): 2.0, (luck.HOME_TRUST, 0, 0): -1.0}
    drawn[luck.PLACE_TRUST, 0, 0] = 0.5

    def normal(seed, week, purpose, who, index=0):
        assert (seed, week) == (SEED, 0)  # the same whenever they come
        return drawn[purpose, who, index]

    monkeypatch.setattr(beliefs, "normal", normal)
    t = a_town().place(1, generation=4, lasting=9.0, lately=9.0, bad=9.0, calm=9.0)
    believing.begin_anew(t.w.state, t.p, SEED, NOW, 1)
    got = t.of(1)
    lasting = 0.2 * (math.sqrt(0.75) * 2 - 0.4 + 0.15)
    assert (got["lasting"], got["lately"], got["bad"]) == near(lasting, 0, 0)
    # 0.13 stops a year, and two reports a week by forty people; one other at home, and eight ties
    contacts = 0.13 / 52 + 2 / 40
    assert got["calm"] == pytest.approx(0.1 * contacts * (1 + 0.6 + 2.4) / (1 - 2**-0.02))
    assert got["touched"] == NOW


def test_what_counts_as_cases_before_any_was_seen():
    t = a_town()
    assert believing.told_cases(t.w, 1) == near(3, 10)
    t.state.towns["heard"] = 0.5
    assert believing.told_cases(t.w, 1) == near(3.8, 10.8)
    t.state.towns["heard"], t.state.towns["expected_risk"] = 0.0, 0.5
    assert believing.told_cases(t.w, 1) == near(3, 10.4)
    assert believing.attention_of(t.w, 5) == pytest.approx(0.37 * 0.2)


def test_news_of_deportations_speaks_less_to_who_is_not_latino():
    t = a_town().place(30, status=UNDOCUMENTED, concern=SELF)
    t.state.towns["heard"] = 0.5
    # 0.8 bad cases to a Latino resident, a fourth of it here
    assert believing.told_cases(t.w, 30) == near(3.2, 10.2)
    assert believing.attention_of(t.w, 30) == 1.0  # trust hears of it in full
