"""Luck is common: worlds differ by their policies and by nothing else."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import START, born, levers, regions
from worlds import digest, lived, same

from trustabm.inputs.groups import SHIPPED
from trustabm.inputs.timeline import Change, Timeline, weeks_between
from trustabm.outcomes.measures import counts
from trustabm.runs.scenario import Scenario
from trustabm.state import journal, layout, saved
from trustabm.week.world import Plan, World


@given(region=regions(), data=st.data())
def test_two_policies_are_bit_identical_until_the_week_they_differ(region, data):
    day = START + dt.timedelta(days=data.draw(st.integers(14, 200)))
    change = Change(
        date=day,
        sentence="s",
        source="s",
        policy="mass-enforcement-2025",
        levers=data.draw(levers.filter(lambda v: not ({"deputized_share"} & set(v)))),
    )
    other = dict(region)
    kept = region["timelines"][0]
    before = tuple(c for c in kept.changes if c.date < day)
    region["timelines"] = [kept.model_copy(update={"changes": before}), *region["timelines"][1:]]
    other["timelines"] = [
        kept.model_copy(update={"changes": (*before, change)}),
        *region["timelines"][1:],
    ]
    one, two = born(region), born(other)
    week = weeks_between(START, day)
    one.run_for(week)
    two.run_for(week)
    assert same(one, two)


@given(region=regions(), data=st.data())
def test_a_policy_equal_to_the_baseline_changes_nothing(region, data):
    plain = born(region)
    plain.run_for(60)
    # The same levers, enacted again on some later day under another title.
    again = dict(region)
    day = dt.timedelta(days=data.draw(st.integers(1, 400)))
    again["timelines"] = []
    for t in region["timelines"]:
        date = max(c.date for c in t.changes) + day
        whole = t.at(date).model_dump()
        enacted = Change(date=date, sentence="again", source="s", levers=whole)
        again["timelines"].append(
            Timeline(title="the same by another name", changes=(*t.changes, enacted))
        )
    twin = born(again)
    twin.run_for(60)
    assert same(plain, twin)


@given(region=regions(), weeks=st.integers(1, 59))
def test_a_branch_under_the_same_plan_is_the_same_world(region, weeks):
    whole = born(region)
    whole.run_for(weeks)
    branch = whole.branch(whole.plan)
    branch.run_for(60 - weeks)
    whole.run_for(60 - weeks)
    # A branch counts by the groups of its own first day; who is in which group now is the same.
    mine, its = (
        counts(t)[..., len(SHIPPED.names) :, :] for t in (branch.tally, whole.tally[weeks:])
    )
    assert mine == pytest.approx(its, abs=1e-9)
    people = [n for n in whole.state.residents.dtype.names if n != "pair"]
    assert (branch.state.residents[people] == whole.state.residents[people]).all()
    for name in ("heard", "lived_with", "expected_risk", "reached"):
        assert branch.state.towns[name].tobytes() == whole.state.towns[name].tobytes()
    assert branch.state.clock.tobytes() == whole.state.clock.tobytes()


@given(region=regions(), chunks=st.lists(st.integers(1, 25), min_size=1, max_size=6))
def test_running_in_chunks_is_running_in_one_go(region, chunks):
    once, pieces = born(region, 160), born(region, 160)
    once.run_for(sum(chunks))
    for weeks in chunks:
        pieces.run_for(weeks)
    assert same(once, pieces)


@given(region=regions())
def test_keeping_events_changes_nothing(region):
    kept, forgot = born(region, keep_events=True), born(region)
    kept.run_for(60)
    forgot.run_for(60)
    assert same(kept, forgot)


def test_a_saved_world_goes_on_as_if_never_interrupted(tmp_path):
    scenario = Scenario(
        town="harris-tx",
        policy="sc-then-pep",
        start=dt.date(2014, 6, 1),
        weeks=160,
        residents=1500,
        seed=5,
        neighbors=({"town": "king-wa", "residents": 300},),
    )
    whole, first = scenario.world(), scenario.world()
    whole.run_for(160)
    first.run_for(41)
    first.save(tmp_path / "state.npz")
    state = saved.load(tmp_path / "state.npz")
    second = World(state, scenario.parameters, scenario.plan())
    second.run_for(119)
    assert (second.tally == whole.tally[41:]).all()
    for name in layout.State._fields:
        mine, its = getattr(second.state, name), getattr(whole.state, name)
        for column in its.dtype.names or (...,):
            assert (mine[column] == its[column]).all(), name


SAME_BITS = {
    "town": "maricopa-az",
    "policy": "mass-enforcement-2025",
    "residents": 2000,
    "weeks": 80,
    "seed": 2**62 + 3,
}


def test_the_same_seed_gives_the_same_bits_in_another_process():
    here = digest(lived(**SAME_BITS))
    folder = Path(__file__).parents[1]
    code = f"from worlds import digest, lived; print(digest(lived(**{SAME_BITS!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONHASHSEED": "77"},
    )
    assert done.stdout.strip() == here


def test_other_seeds_are_other_worlds():
    assert digest(lived(residents=500, weeks=20, seed=1)) != digest(
        lived(residents=500, weeks=20, seed=2)
    )


def test_the_first_events_after_a_change_share_their_luck():
    """People who do nothing that the policy touches live the same week in both worlds."""
    # Officers are eager, and worried people stay in, from the first week on.
    off = {"incentive": False, "avoidance": False}
    base = lived(
        town="harris-tx", residents=20_000, weeks=104, seed=9, parameters=off, keep_events=True
    )
    new = Timeline.constant("secure-communities")
    plan = Plan([new], START, 1, base.week, base.plan.policies[-1][1])
    same_, other = base.branch(base.plan, keep_events=True), base.branch(plan, keep_events=True)
    same_.run_for(1)
    other.run_for(1)
    stops = [journal.frames(w.tables)["stops"] for w in (same_, other)]
    crimes = [journal.frames(w.tables)["crimes"] for w in (same_, other)]
    assert (stops[0] == stops[1]).all()
    assert np.array_equal(crimes[0]["victim"], crimes[1]["victim"])
