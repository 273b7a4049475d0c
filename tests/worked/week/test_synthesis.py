"""Phase 0 by hand: what a town begins with."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from by_hand import e
from hand_made import GROUP_LATINO, GROUP_MIXED, GROUP_OTHER, SEED, Town, draws, plain

from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.town import Town as TownFile
from trustabm.inputs.town import town
from trustabm.rules import beliefs, codes, luck, segregation
from trustabm.rules.codes import (
    FREE,
    JAIL,
    LAWFUL,
    PRISON,
    RECORD_FELONY,
    RECORD_MISDEMEANOR,
    RECORD_NONE,
    RECORD_VIOLENT,
    UNDOCUMENTED,
)
from trustabm.state import layout
from trustabm.week import people, synthesis, ties

__all__ = ["draws", "plain"]


DRAWN = {luck.LASTING_TRUST: 1.0, luck.HOME_TRUST: 0.5, luck.PLACE_TRUST: -0.25}


def figures(**values):
    """A town's figures, as much of it as is asked for."""
    return SimpleNamespace(**{k: SimpleNamespace(value=v) for k, v in values.items()})


@pytest.mark.parametrize(
    ("drawn", "count", "sizes"),
    [
        # 1 + Poisson(1): below e^-1 = 0.368 alone, then 0.736, 0.920, 0.981
        ([0.36, 0.37, 0.73, 0.74, 0.93, 0.99], 15, [1, 2, 2, 3, 4, 3]),
        ([0.36, 0.37, 0.73], 4, [1, 2, 1]),  # the last is cut to what is left
        ([0.36, 0.37, 0.73], 3, [1, 2]),
        ([0.9999999], 8, [8]),
        ([0.9999999], 5, [5]),
    ],
)
def test_sizes_of_households(draws, drawn, count, sizes):
    draws |= {(luck.HOUSEHOLD_SIZE, 100 + k): u for k, u in enumerate(drawn)}
    draws[luck.HOUSEHOLD_SIZE] = 0.0
    assert people._household_sizes(2.0, count, SEED, 100).tolist() == sizes


def test_more_households_are_drawn_where_they_do_not_suffice(draws):
    draws[luck.HOUSEHOLD_SIZE] = 0.0  # all alone, though three were to be expected
    assert people._household_sizes(3.0, 400, SEED, 0).tolist() == [1] * 400


def test_shares_of_neighborhoods():
    shares = segregation.shares((0.3, 0.7), (0.4,), 25)[:, 0]
    assert shares.mean() == pytest.approx(0.3, abs=1e-6)
    index = np.abs(shares / 0.3 - (1 - shares) / 0.7).mean() / 2
    assert index == pytest.approx(0.4, abs=1e-6)
    logit = np.log(shares / (1 - shares))
    from scipy.stats import norm

    score = norm.ppf((np.arange(25) + 0.5) / 25)
    assert np.corrcoef(logit, score)[0, 1] == pytest.approx(1)
    assert (np.diff(shares) > 0).all()
    for share, blocks in ((0.3, 1), (0.0, 4), (1.0, 4)):
        here = segregation.shares((share, 1 - share), (0.4,), blocks)
        assert here[:, 0].tolist() == [share] * blocks


def test_households_of_a_neighborhood_are_latino_by_its_share():
    block = np.array([0, 0, 0, 1, 1, 1, 1])
    chosen = people._spread(np.full((2, 2), 0.5), block, 2, 7)
    # 1.5 of three is 2 (to even), 3.5 of seven 4: two more
    assert chosen.tolist() == [0, 0, 1, 0, 0, 1, 1]


def test_statuses_of_households(draws):
    """Four Latino households of 1, 2, 3 and 4, and one of 4 that is not Latino."""
    sizes = np.array([1, 2, 3, 4, 4])
    ethnic, numbers = np.array([0, 0, 0, 0, 1]), {"latino": 0, "other": 1}
    house_of = np.repeat(np.arange(5), sizes)
    member = np.concatenate([np.arange(s) for s in sizes])
    draws |= {(luck.HOUSEHOLD_STATUS, 50 + k): u for k, u in enumerate((0.4, 0.1, 0.2, 0.9, 0.5))}
    # 0.4 of households are to be mixed, of 0.8 that can: below 0.5
    draws |= {(luck.HOUSEHOLD_MIXED, 50 + k): u for k, u in enumerate((0.0, 0.9, 0.49, 0.51, 0.9))}
    draws |= {(luck.MEMBER_STATUS, 200 + k): (k + 0.5) / 14 for k in range(14)}
    place = figures(
        mixed_status_share=0.4,
        latino_share=10 / 14,
        undocumented_latino=1.0,
        undocumented_share=5 / 14,  # 5 of 10 Latino residents
        foreign_born_latino=0.8,  # 8: 2 naturalized, 5 undocumented, 1 lawful
        naturalized_latino=0.25,
        foreign_born_other=0.5,  # 2 of 4: 1 naturalized, 1 lawful
        naturalized_other=0.5,
    )
    place.groups, place.makeup = {}, lambda: TownFile.makeup(place)
    p = Parameters(mixed_undocumented=0.5)
    whose = (sizes, ethnic, house_of, member)
    status = people._statuses(place, numbers, p, SEED, 200, 50, *whose)
    # By rank: the household of 2 (both), of 3 (mixed: the first 2), of 1; then 5 are reached
    assert (status == UNDOCUMENTED).tolist() == [True, True, True, True, True] + [False] * 9
    # Of the five other Latino residents (draws 0.39 to 0.68) below 2/5 are naturalized, below
    # 3/5 lawful; of the four others (0.75 to 0.96), below 1/4 and 2/4, none
    assert status[5:].tolist() == [1, 2, 2, 0, 0, 0, 0, 0, 0]


def test_pasts(draws):
    r = np.zeros(4, layout.RESIDENT)
    r["status"] = (codes.US_BORN, UNDOCUMENTED, LAWFUL, UNDOCUMENTED)
    draws |= {luck.NEW_YEARS: 0.5, luck.NEW_OFFENDING: 0.5, luck.NEW_RECORD: 0.3}
    draws |= {(luck.NEW_OFFENDER, 10 + k): u for k, u in enumerate((0.24, 0.24, 0.25, 0.25))}
    draws |= {(luck.NEW_CONVICTIONS, 10 + k): u for k, u in enumerate((0.85, 0.85, 0.0, 0.27))}
    draws |= {luck.NEW_STAY: 0.5, luck.FEDERAL_RELEASE: 0.03, luck.FOUND_BEFORE: 0.0}
    bias = np.array([0.5])
    mean = people._pasts(Town().p, SEED, 10, bias, r)
    assert mean == pytest.approx((1 + 0.43 + 0.71 + 0.43) / 4)
    # 13.33 years in town (log 2 / 0.052), after 2 in the country (13 · 0.1 / 0.6); 797.1 weeks
    assert r["arrived"].tolist() == [0, -797, -797, -797]
    usual = math.log(2) / (0.25 * (1 - e(-1.3)) * mean)
    assert r["offending"] == pytest.approx([usual, 0.43 * usual, 0, 0], rel=1e-6)
    # Felonies expected, 0.15 · 0.62 · 0.3 · 13.33 by offending: 2.20 and 0.95; e^-2.20 = 0.110.
    # Offences without a licence, of who offends in nothing else: 0.13 stops a year · 0.7 · (1 +
    # 0.5 · 0.1) · 0.41 · 0.62 · 13.33 years = 0.324; 1 - e^-0.324 = 0.277
    assert r["record"].tolist() == [
        RECORD_FELONY,
        RECORD_MISDEMEANOR,
        RECORD_NONE,
        RECORD_MISDEMEANOR,
    ]
    draws[luck.NEW_CONVICTIONS, 13] = 0.28
    people._pasts(Town().p, SEED, 10, bias, r)
    assert r["record"][3] == RECORD_NONE
    # From federal prison, of whom below 0.33 are violent; ICE had found those below 0.35
    draws |= {(luck.FEDERAL_RELEASE, 11): 0.029, (luck.FOUND_BEFORE, 11): 0.35}
    draws |= {(luck.FEDERAL_RELEASE, 13): 0.029, (luck.FOUND_BEFORE, 13): 0.349}
    people._pasts(Town().p, SEED, 10, bias, r)
    assert r["offending"][3] == pytest.approx(0.43 * usual, rel=1e-6)
    assert r["record"].tolist() == [RECORD_FELONY, RECORD_VIOLENT, RECORD_NONE, RECORD_NONE]


def test_pools_and_orders_of_ties(draws):
    t = Town().place(0, status=UNDOCUMENTED).ready()
    key = np.zeros(40, np.int64)
    draws |= {(luck.TIE_POOL, 0, 6 + k): u for k, u in enumerate((0.69, 0.89, 0.39))}
    draws |= {(luck.TIE_POOL, 30, 6 + k): u for k, u in enumerate((0.7, 0.89, 0.4))}
    draws |= {(luck.TIE_POOL, 31, 6 + k): u for k, u in enumerate((0.69, 0.9, 0.39))}
    draws[luck.TIE_POOL] = 0.99
    draws[luck.TIE_ORDER] = 0.5
    who = layout.ethnicity(t.state)
    ties._orders(SEED, 2, 0.7, 0.5, 0.9, 0.4, 1, 2, t.state.residents, who, 2, key)
    half = 1048576 // 2
    # (neighborhood 0 after one town, Latino, from abroad); (the town, not Latino, whoever born);
    # (neighborhood 1, whoever, born here); (the town, whoever, whoever)
    assert key[0] == ((1 + 0) * 3 + 1) * 3 * 1048576 + 2 * 1048576 + half
    assert key[30] == (0 * 3 + 2) * 3 * 1048576 + half
    assert key[31] == (2 * 3 + 0) * 3 * 1048576 + 1 * 1048576 + half
    assert key[5] == half


def test_people_of_a_pool_are_put_in_order_and_neighbors_tied():
    near, far = 3 * 1048576, 5 * 1048576
    # Pool 3: 9, 5 and 7 of all orders; pool 0: 3; pool 5: orders late and early, two alike
    orders = (near + 5, near + 9, 3, far + 1048575, near + 7, far + 2, far + 2, far + 600000)
    key = np.array(orders)
    starts, held = np.zeros(8, np.int64), np.zeros(8, np.int64)
    ties._by_pool(key, starts, held)
    assert starts[:7].tolist() == [0, 1, 1, 1, 4, 4, 8]
    assert (held & ties.LAST).tolist() == [2, 0, 1, 4, 3, 5, 6, 7]
    assert (held >> ties.NUMBER).tolist() == [3, 5, 9, 7, 1048575, 2, 2, 600000]
    ties._in_order(starts, held, np.zeros(8, np.int32), key)
    assert (key & ties.LAST).tolist() == [2, 0, 4, 1, 5, 6, 7, 3]
    known = np.full((8, layout.TIES), -1, np.int32)
    ties._pair(starts, key, known, 3)
    # 2 is alone in its pool; of three the last has nobody
    assert known[:, 3].tolist() == [4, -1, -1, 7, 0, 6, 5, 3]
    assert (known[:, :3] == -1).all()


def test_agents_of_the_field_office(draws):
    draws |= {(luck.DISCRETION, 0): 0.5, (luck.DISCRETION, 1): -2.0, luck.DISCRETION: 9.0}
    p = Parameters(ice_agents=0.5, discretion_spread=0.4, ice_working_hours=30)
    agents = synthesis._agents(4000, p, SEED)
    assert agents["discretion"].tolist() == [0.2, -0.8]
    assert agents["hours"].tolist() == [60, 60]
    assert len(synthesis._agents(200, p, SEED)) == 1
    assert synthesis._agents(200, p, SEED)["hours"][0] == 6


def test_beliefs_at_the_start(monkeypatch):
    monkeypatch.setattr(beliefs, "normal", lambda seed, week, purpose, *who: DRAWN[purpose])
    t = Town().place(1, status=UNDOCUMENTED).tied(1, 2).household(30, 31)
    synthesis.start(t.w.state)
    synthesis.beliefs_at_start(t.w.state, t.p, SEED)
    r = t.state.residents
    assert r["pair"][[1, 2, 3, 30]].tolist() == [0, GROUP_MIXED, GROUP_LATINO, GROUP_OTHER]
    # 0.2 (√0.75 · 1 + 0.4 · 0.5 - 0.3 · 0.25)
    assert r["lasting"] == pytest.approx(np.full(40, 0.2 * (math.sqrt(0.75) + 0.125)))
    # 0.13 stops a year and two reports a week of forty; told by eight ties, and at home by one more
    quiet = 0.1 * (0.13 / 52 + 0.05) / (1 - 2**-0.02)
    assert r["calm"][[1, 30]] == pytest.approx([quiet * 3.4, quiet * 4.0])
    assert not r["lately"].any()
    assert not r["bad"].any()


def test_who_is_in_prison_at_the_start(draws):
    p = Town(past_arrests=0.05, past_felonies=0.4, prison_weeks=130.0)
    p.place(3, offending=2.0).place(4, offending=2.0).place(5, offending=0.0).ready()
    # A year 0.05 · 0.4 · 0.62 · 0.41, for 2.5 years, times offending: odds of 0.02542
    odds = 0.05 * 0.4 * 0.62 * 0.41 * 2.5 * 2
    chance = odds / (1 + odds)
    draws |= {luck.PRISON: 0.5, (luck.PRISON, 3): chance - 1e-6, (luck.PRISON, 4): chance + 1e-6}
    draws |= {(luck.PRISON, 5): 1e-9, luck.PRISON_WEEKS: 0.5}
    synthesis._prison(p.w.state, p.p)
    custody = p.state.residents["custody"]
    assert (custody[3], custody[4], custody[5]) == (PRISON, FREE, FREE)
    assert p.state.residents["until"][3] == int(130 * math.log(2)) + 1
    assert p.state.clock["in_custody"][0] == 1
    assert p.state.in_custody[0] == 3


def test_crime_at_the_start():
    t = Town().household(0, 1)
    for i, offending in ((0, 8.0), (1, 2.0), (20, 10.0), (21, 20.0)):
        t.place(i, offending=offending)
    t.place(21, custody=JAIL).ready()
    p = Parameters(
        violent_rate=20.8,
        property_rate=104.0,
        recorded_violent=400,
        recorded_property=3000,
        domestic_share=0.25,
        report_violent=0.4,
        report_property=0.36,
        report_domestic=0.5,
        clear_violent=0.45,
        clear_property=0.2,
        clear_domestic=0.6,
        case_hours_violent=16,
        case_hours_property=4,
    )
    place = figures(violent_per_100k=800, property_per_100k=4500, household_size=2.5)
    synthesis._crime(t.state, [(place, 40)], p)
    # A week and resident: violence 0.0008, a fourth domestic; property 0.002 / 2.5 · 1.5
    violent, domestic, stolen = 0.0006, 0.0002, 0.0012
    # Offending of those at large is 0.5 a resident, of those who share a home 0.25: twice as many
    # domestic attempts are needed
    attempts = violent + stolen + 2 * domestic
    here = t.state.towns[0]
    assert here["crime"] == pytest.approx(attempts / 0.5)
    assert here["violent"] == pytest.approx(violent / attempts)
    assert here["domestic"] == pytest.approx(2 * domestic / attempts)
    reported = (0.4 * violent, 0.36 * stolen, 0.5 * domestic)
    cleared = 0.45 * reported[0] + 0.2 * reported[1] + 0.6 * reported[2]
    assert here["reports"] == pytest.approx(sum(reported) / 0.002)
    assert here["clears"] == here["cleared"] == pytest.approx(cleared / sum(reported))
    assert here["expected"] == pytest.approx(sum(reported) * 40)
    hours = 16 * reported[0] + 4 * reported[1] + 16 * reported[2]
    assert here["usual_hours"] == here["case_hours"] == pytest.approx(hours * 40)
    assert t.state.learned["reports"] == pytest.approx(np.full((2, 2), sum(reported) / 0.002))
    assert t.state.learned["expected"] == pytest.approx(0.002 * np.array([[12, 8], [6, 14]]))


def test_officers_share_the_department_s_hours_and_stand_in_even_queues():
    p, place = Parameters(), town("us-average")
    s = synthesis.synthesize([(place, 5000)], p, SEED, SHIPPED)
    # officers_per_1000 counts residents of all ages
    force = place.officers_per_1000.value * 5000 / p.aged_12_plus / 1000
    many = round(force)
    assert len(s.officers) == s.towns[0]["officers"] == many > 5
    assert s.towns[0]["hours"] == pytest.approx(force * p.officer_hours, rel=1e-9)
    assert s.officers["hours"].tolist() == pytest.approx([force * p.officer_hours / many] * many)
    for queue in ("rank", "school"):  # one in each of as many equal parts of 0..1
        assert sorted((s.officers[queue] * many).astype(int)) == list(range(many))
