"""No column wraps: at the edges of what they hold, values are kept or refused in words."""

from __future__ import annotations

import numpy as np
import pytest

import trustabm as ta
from trustabm.errors import InvalidInput
from trustabm.inputs.declare import declarations
from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.town import town
from trustabm.rules import codes
from trustabm.runs.scenario import Scenario
from trustabm.state import counts, layout, rows
from trustabm.state.layout import (
    RESIDENT,
    WEEKS_MAX,
)
from trustabm.study.definition import Study
from trustabm.week.synthesis import synthesize
from trustabm.week.world import World


def far(state: layout.State, place: int) -> layout.State:
    """Return the state of one town as town number `place` of a region, the others empty."""
    many = place + 1
    state = layout.copied(state)
    state.residents["town"] = place
    state.neighborhoods["town"] = place
    towns = np.zeros(many, layout.TOWN)
    groups = np.zeros((many, state.groups.shape[1]), layout.GROUP)
    towns[place], groups[place] = state.towns[0], state.groups[0]
    return state._replace(
        towns=towns,
        groups=groups,
        counts=np.zeros((many, len(state.pairs)), layout.COUNT),
        pool=np.zeros(many, layout.POOL),
        expiring=np.zeros((52, many, len(state.pairs)), np.int32),
    )


def test_a_region_of_many_towns_counts_each_in_its_own():
    # 13,108 towns of 5 rows each were too many for 16 bits: the last rows of one became 0 to 3.
    alone = Scenario(residents=400, town="harris-tx").world().state
    counts.recount(alone)
    for place in (13_106, 13_107, 20_000):
        state = far(alone, place)
        counts.recount(state)
        for name in ("own", "housed", "tied"):
            assert state.groups[name][place:].tolist() == alone.groups[name].tolist(), place
            assert not state.groups[name][:place].any()
        assert state.counts["persons"][place:].tolist() == alone.counts["persons"].tolist()
        assert not state.counts["persons"][:place].any()
        who = int(np.flatnonzero(state.residents["status"] == codes.UNDOCUMENTED)[0])
        rows.counted(state, who, -1)
        rows.regroup(state, who, False)
        rows.counted(state, who, 1)
        assert state.residents[who]["town"] == place
        assert rows.group_now(state, who) == codes.UNDOCUMENTED_PART


def test_more_neighborhoods_than_16_bits_can_number():
    # Neighborhoods of three, which no input may ask for, or the town would have to have millions.
    p = Parameters().model_copy(update={"neighborhood_residents": 3.0})
    people = 200_000
    state = synthesize([(town("us-average"), people)], p, 1, SHIPPED)
    blocks, r = state.neighborhoods, state.residents
    assert len(blocks) == round(people / 3) > 2**16
    own = blocks[r["neighborhood"]]
    who = np.arange(people)
    assert ((own["start"] <= who) & (who < own["end"])).all()
    # Most ties are kept in a neighborhood where it has somebody else to be tied to; beside
    # neighborhoods that shared a number, none would be.
    near = (r["neighborhood"][state.ties] == r["neighborhood"][:, None])[state.ties >= 0]
    assert 0.3 < near.mean() < 0.95


def test_a_place_changes_hands_once_a_week_at_most_so_its_count_never_wraps():
    assert np.iinfo(RESIDENT["generation"]).max > WEEKS_MAX


def test_weeks_fit_their_columns_to_the_last_and_no_further():
    world = Scenario(residents=200, town="harris-tx", weeks=WEEKS_MAX).world()
    s = world.state
    # As far back as anybody can have come, by the parameters' bounds, in 16 bits.
    high = {d.name: d.high for d in declarations(Parameters)}
    years = high["longest_stay"] + high["newcomer_years"]
    assert -52 * (1 + years) > np.iinfo(RESIDENT["arrived"]).min
    s.clock["week"] = WEEKS_MAX - 30
    s.residents["touched"] = s.clock["week"][0]
    s.residents["exposed"] = rows.NEVER
    s.residents["until"] = np.where(s.residents["custody"] > 0, WEEKS_MAX, 0)
    world.run_for(30)
    assert world.week == WEEKS_MAX
    for name in ("touched", "until"):
        assert s.residents[name].min() >= 0, name
        assert s.residents[name].max() >= WEEKS_MAX - 30, name
    assert world.tally["persons"][-1].sum() + world.tally["removed"][-1].sum() == 200
    with pytest.raises(InvalidInput, match=r"expected at most 30,000, got 30,001"):
        world.run_for(1)


def test_weeks_before_and_after_count_together():
    with pytest.raises(InvalidInput, match=r"together: expected at most 30,000, got 30,001"):
        ta.compare(["none", "sanctuary"], weeks=1, burn_in=WEEKS_MAX, residents=20)
    values = {"title": "long", "arms": ["none"], "weeks": 20_000, "burn_in": 20_000}
    with pytest.raises(InvalidInput, match=r"together: expected at most 30,000, got 40,000"):
        Study.make(values)


def test_more_residents_than_ties_can_number_are_refused():
    with pytest.raises(InvalidInput, match=r"region: expected at most 2,147,483,647, got 2,2"):
        synthesize([(town("us-average"), 20_000_000)] * 110, Parameters(), 0, SHIPPED)


def test_a_world_near_its_end_is_branched_no_further():
    world = Scenario(residents=20, weeks=5).world()
    world.state.clock["week"] = WEEKS_MAX
    other: World = world.branch(world.plan)
    with pytest.raises(InvalidInput, match="expected at most 30,000"):
        other.run_for(1)
