"""Phases 1 and 11 by hand: rules in force, forgetting, news, learning, counting; all in order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hand_made import (
    GROUP_LATINO,
    GROUP_MIXED,
    GROUP_OTHER,
    GROUP_REGISTERED,
    GROUP_UNDOCUMENTED,
    NOW,
    Town,
    draws,
    plain,
)

from trustabm.rules import codes
from trustabm.rules.codes import (
    UNDOCUMENTED,
)
from trustabm.state import layout, rows
from trustabm.state.layout import CHANCE, HOUSEHOLD_UNIT
from trustabm.week import phases, weekly_update

__all__ = ["draws", "plain"]

# The risk that the levers of `by_hand` mean, as test_enforcement.py works it out
RISK = (
    (1 - (1 - 0.9 * 0.8) * (1 - 0.7 * 0.73))
    * (0.63 * 0.13 + 0.37 * 0.29)
    * (0.63 * 0.11 + 0.37 * 0.37)
    * (1 - 0.4 * 0.93)
    * (1 - 0.2 * 0.41)
)


def a_town():
    """1 is undocumented; 0 lives with them, and 10 is tied to them."""
    return Town().household(0, 1).tied(1, 10).place(1, status=UNDOCUMENTED).ready()


# Phase 1


def begun(t, changed=False):
    w = t.w._replace(changed=np.array([changed]))
    weekly_update.begin_week(w)
    return t.state.towns[0]


def test_a_week_begins_with_hours_and_risk():
    t = a_town()
    for name in ("week_case_hours", "week_away_hours", "week_reported", "week_cleared"):
        t.state.towns[name] = 7
    place = begun(t)
    free = 1 - 0.3 * 0.21 - 9 / 90
    assert place["free"] == pytest.approx(free)
    assert place["patrols"] == pytest.approx(math.sqrt(free))
    assert place["news_risk"] == pytest.approx(RISK)
    assert place["salience"] == 0.5  # nothing has changed
    for name in ("week_case_hours", "week_away_hours", "week_reported", "week_cleared"):
        assert place[name] == 0
    # ICE: 30 · 0.5 hours, 0.6 of the three fourths that are not at large for jails
    assert t.state.clock["ice_hours"][0] == pytest.approx(25 + 6.75)


def test_a_change_is_news_where_it_changes_the_risk():
    assert begun(a_town(), changed=True)["salience"] == 1.0
    t = a_town()
    begun(t)
    assert begun(t, changed=True)["salience"] == 0.5  # the risk is what it was
    t.levers(outreach=1.0)
    assert begun(t, changed=True)["salience"] == 0.5
    t.levers(fingerprint_sharing=0.0)
    assert begun(t)["salience"] == 0.5
    assert begun(t.levers(), changed=True)["salience"] == 1.0


def test_exposures_end_after_a_year():
    t = a_town().place(5, exposed=NOW - 51).place(6, exposed=NOW - 20).ready()
    assert t.counts["exposed"].sum() == 2
    t.state.clock["week"] = NOW + 1
    begun(t)
    assert t.counts["exposed"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]
    assert t.expiring[(NOW - 51) % 52].sum() == 0
    assert t.expiring[(NOW - 20) % 52].sum() == 1


# Phase 11


def drawn(mean, news, weight, rest):
    """The mean, drawn to the news, then 0.4 of the way to rest; a tenth of it is followed."""
    told = mean + weight * (news - mean)
    return told + 0.4 * (rest - told)


def ended():
    """The town after a week in which 30, not Latino, has come to trust by 0.22 more."""
    t = a_town()
    rows.believe(t.w.state, 30, 0.82, 0.16)
    t.state.towns["news_risk"] = 0.2
    return t


def test_beliefs_of_groups_without_a_stake():
    t = ended()
    weekly_update.end_week(t.w)
    g = t.groups[GROUP_OTHER]
    # The mean of 22 is 0.6 + 0.22 / 22; news is not attended to by those with no stake
    rest = 0.57 + 0.19 * 0.5 * 0.43
    assert g["trust"] == pytest.approx(0.6 + 0.1 * (drawn(0.61, 0, 0, rest) - 0.6), abs=1e-8)
    assert g["risk"] == pytest.approx(0.05 + 0.1 * (drawn(0.055, 0, 0, 0.03) - 0.05), abs=1e-8)
    assert g["trust_off"] == pytest.approx(0.22 * 0.9, abs=1e-7)
    assert g["risk_off"] == pytest.approx(0.11 * 0.9, abs=1e-7)
    c = t.counts[GROUP_OTHER]
    assert (c["trust_off"], c["risk_off"]) == pytest.approx((0.198, 0.099), abs=1e-7)
    assert g["stake"] == 0
    # One for oneself, 0.7 for the household, 0.4 for a tie, of 18 Latino residents
    assert t.groups["stake"][:4] == pytest.approx([1, 0, 1.1, 0])


@pytest.mark.parametrize(
    ("group", "trust", "risk", "stake"),
    [
        (GROUP_UNDOCUMENTED, 0.4, 0.3, 1.0),
        (GROUP_MIXED, 0.5, 0.25, 0.55),  # (0.7 + 0.4) / 2
        (GROUP_LATINO, 0.55, 0.1, 0.37 * 2.1 / 18),  # linked fate alone
    ],
)
def test_beliefs_of_groups_with_a_stake(group, trust, risk, stake):
    t = ended()
    weekly_update.end_week(t.w)
    g = t.groups[group]
    weight = 2.3 * 0.4 * 0.5 * 2.1 / 18
    rest = 0.55 + 0.19 * 0.5 * 0.45
    news = rest - 0.44 * 0.2 * stake * rest + 0.11 * 0.2 * (1 - stake) * (1 - rest)
    assert g["trust"] == pytest.approx(trust + 0.1 * (drawn(trust, news, weight, rest) - trust))
    assert g["risk"] == pytest.approx(risk + 0.1 * (drawn(risk, 0.2, weight, 0.03) - risk))


def test_an_empty_group_relaxes_too():
    t = ended()
    weekly_update.end_week(t.w)
    weight, rest = 2.3 * 0.4 * 0.5 * 2.1 / 18, 0.55 + 0.19 * 0.5 * 0.45
    fate = 0.37 * 2.1 / 18
    news = rest - 0.44 * 0.2 * fate * rest + 0.11 * 0.2 * (1 - fate) * (1 - rest)
    by_hand = 0.45 + 0.1 * (drawn(0.45, news, weight, rest) - 0.45)
    assert t.groups["trust"][GROUP_REGISTERED] == pytest.approx(by_hand)


def test_what_the_town_learns():
    t = ended()
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
    assert place["salience"] == pytest.approx(0.5 - 0.07 * 0.19)
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
    t = ended()
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
    # Sums of trust: means as they were before the week's forgetting
    assert tally["trust"][:4] == pytest.approx([0.4, 0, 1.0, 15 * 0.55])
    assert tally["trust"][4] == pytest.approx(21 * 0.6 + 0.22, abs=1e-6)
    assert tally["risk"][4] == pytest.approx(21 * 0.05 + 0.11, abs=1e-6)


def test_means_are_kept_between_nothing_and_all():
    t = ended()
    t.counts["trust_off"][GROUP_OTHER] = t.groups["trust_off"][GROUP_OTHER] = 99.0
    t.counts["risk_off"][GROUP_OTHER] = t.groups["risk_off"][GROUP_OTHER] = -99.0
    weekly_update.end_week(t.w)
    assert t.tally["trust"][0, GROUP_OTHER] == 22
    assert t.tally["risk"][0, GROUP_OTHER] == 0
    rest = 0.57 + 0.19 * 0.5 * 0.43
    assert t.groups["trust"][GROUP_OTHER] == pytest.approx(
        0.6 + 0.1 * (drawn(1.0, 0, 0, rest) - 0.6)
    )


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
                weeks.append((w.now, w.levers[0].firewall, bool(w.changed[0])))

        monkeypatch.setattr(getattr(phases, module), function, note)
    return done, weeks


def a_plan(t, *firewalls, weeks):
    """The week, with a plan of levers and tallies of some weeks."""
    plan = np.concatenate([t.levers(firewall=f).in_force for f in firewalls])[:, None]
    tally, town_tally = t.tally.repeat(weeks, axis=0)[:, None], t.town_tally.repeat(weeks)[:, None]
    return t.w._replace(levers=plan, tally=tally, town_tally=town_tally)


def test_phases_are_carried_out_in_their_order(carried_out):
    w = a_plan(a_town(), 0.1, weeks=2)
    assert phases.run(w, np.array([0]), np.array([[False]]), False) == 2
    assert carried_out[0] == [*PHASES, *PHASES]


def test_each_week_has_the_rules_of_its_date(carried_out):
    t = a_town()
    t.tables = layout.new_tables(2000)
    t.tables.used[:] = 5
    w = a_plan(t, 0.1, 0.2, 0.3, weeks=4)
    news = np.array([[False], [True], [False]])
    assert phases.run(w, np.array([NOW - 9, NOW + 1, NOW + 2]), news, True) == 4
    _, weeks = carried_out
    assert weeks == [
        (NOW, 0.1, False),
        (NOW + 1, 0.2, True),
        (NOW + 2, 0.3, False),
        (NOW + 3, 0.3, False),
    ]
    assert w.tally["stops"][:, 0, 0].tolist() == [NOW, NOW + 1, NOW + 2, NOW + 3]
    assert (t.tables.mark == 5).all()  # earlier weeks are kept
    phases.run(w, np.array([NOW, NOW + 99, NOW + 100]), np.array([[True]] * 3), False)
    assert weeks[4:6] == [(NOW, 0.1, True), (NOW + 1, 0.1, False)]
    assert (t.tables.used == 0).all()


def test_a_run_stops_where_tables_are_full(carried_out):
    w = a_plan(a_town(), 0.1, weeks=1)
    # 60 rows are not the 1,027 that a week of 40 residents may take
    assert phases.run(w, np.array([0]), np.array([[False]]), True) == 0
    assert phases.run(w, np.array([0]), np.array([[False]]), False) == 1
