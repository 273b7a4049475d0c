"""Contacts with police: who is asked, arrested and met, and what training and fear change in it."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import lived, outcome, summed

from trustabm.inputs.parameters import Parameters
from trustabm.rules import codes
from trustabm.runs.scenario import Scenario
from trustabm.state import layout
from trustabm.week import survey

TOWN = {"town": "harris-tx", "residents": 20_000, "weeks": 104}


def lives(**scenario):
    """Three towns; some 3,700 stops of Latino residents and 5,800 of others in all."""
    return [lived(**TOWN, seed=s, **scenario) for s in range(3)]


def stops(worlds, name, group="latino"):
    return summed(worlds, name, 0, group)


def test_police_ask_few_of_their_own_accord_and_a_firewall_does_not_bind_patrol():
    without = lives(policy="none")
    share = stops(without, "asked") / stops(without, "stops")
    # Of 3,700 stops, a share of 0.1 has a standard error of 0.005.
    assert share == pytest.approx(Parameters().informal_asking, abs=0.02)
    assert stops(without, "asked", "non-latino") == 0
    promised = lives(policy="none", levers={"firewall": 1.0})
    assert stops(promised, "asked") == pytest.approx(stops(without, "asked"), rel=0.05)


@pytest.fixture(scope="module")
def force():
    """A task force whose officers are all trained, or none."""
    policy = {"policy": "287g-task-force-2025"}
    return [lives(**policy, levers={"officer_training": t}) for t in (0.0, 1.0)]


def test_training_halves_bad_stops_and_makes_them_less_unequal(force):
    for group in ("latino", "non-latino"):
        bad = [stops(w, "bad_stops", group) / stops(w, "stops", group) for w in force]
        # Some 300 bad stops of the fewest: a standard error of the ratio of about 0.04.
        assert bad[1] / bad[0] == pytest.approx(0.52, abs=0.12), group
    share = [stops(w, "stops") / stops(w, "stops", "non-latino") for w in force]
    assert share[1] < 0.95 * share[0]


def test_training_leaves_mean_trust_where_it_was(force):
    untrained, trained = (outcome(w, "trust", 0, "all") for w in force)
    assert trained == pytest.approx(untrained, abs=0.01)


def arrests_at_stops(worlds):
    """Return arrests at stops of Latino and of other residents."""
    found = np.zeros(2)
    for world in worlds:
        rows = world.tables.stops[: world.tables.used[0]]
        arrested = rows["resident"][rows["outcome"] == codes.STOP_ARREST]
        found += np.bincount(layout.ethnicity(world.state)[arrested], minlength=2)
    return found


def test_screening_makes_officers_eager_to_arrest_latino_residents_alone():
    screened = {"policy": "287g-jail", "keep_events": True}
    on = arrests_at_stops(lives(**screened))
    without = lives(**screened, parameters={"incentive": False})
    off = arrests_at_stops(without)
    # Every booking is screened and everybody without a record handed over, so the officer of a
    # stop arrests in place of a citation by screening_incentive times their bias over the mean, at
    # most always. About 2,500 stops of Latino residents end in no arrest; 0.45 of them in a
    # citation, 0.85 of these in an arrest then: 1.73 times as many arrests.
    p, eager = Parameters(), 0.0
    for world in without:
        rows = world.tables.stops[: world.tables.used[0]]
        spared = rows["outcome"] != codes.STOP_ARREST
        spared &= layout.ethnicity(world.state)[rows["resident"]] == 0
        bias = world.state.officers["bias"][rows["officer"][spared]] / p.profiling_bias
        eager += p.citation_share * np.minimum(1.0, p.screening_incentive * bias).sum()
    # By chance 25 of some 930 more or less, a ratio of 0.02; and who is in jail is not stopped.
    assert on[0] / off[0] == pytest.approx(1 + eager / off[0], abs=0.08)
    assert eager > 0.3 * off[0]  # else nothing is shown
    assert on[1] / off[1] == pytest.approx(1.0, abs=0.02)
    refused = {"policy": "no-detainers", "keep_events": True, "levers": {"honor_none": 0.0}}
    on = arrests_at_stops(lives(**refused))
    off = arrests_at_stops(lives(**refused, parameters={"incentive": False}))
    assert on.tolist() == off.tolist()  # an arrest leads nowhere: nothing is different at all


def test_who_avoids_going_out_is_met_less():
    policy = {"policy": "secure-communities"}
    on, off = lives(**policy), lives(**policy, parameters={"avoidance": False})
    # Some 3,800 stops and 6,000 crimes: the paired ratios are known to 0.01.
    assert stops(on, "stops") < 0.985 * stops(off, "stops")
    crimes = [stops(w, "violent") + stops(w, "property") for w in (on, off)]
    assert crimes[0] < 0.98 * crimes[1]
    for name in ("stops", "violent", "property"):
        others = [stops(w, name, "non-latino") for w in (on, off)]
        assert others[0] == pytest.approx(others[1], rel=0.02), name


def test_who_avoids_as_published():
    """Adults in immigrant families, Urban Institute 2018: 17.0%; 33% and 11% by green cards."""
    scenario = Scenario(town="us-average", residents=20_000, weeks=104, policy="secure-communities")
    world = scenario.world()
    world.run_for(104)
    r, out = world.state.residents, np.zeros(20_000)
    survey.avoiding(world.belongings(world.plan.levers[0]), out)
    first = np.arange(len(r)) - r["member"].astype(int)

    def has(who):
        many = np.concatenate([[0], np.cumsum(who)])
        return many[first + r["household"]] > many[first]

    family = has(r["status"] != codes.US_BORN) & (layout.ethnicity(world.state) == 0)
    without = family & has(r["status"] == codes.UNDOCUMENTED)
    # Some 2,000 residents, a third of them with somebody undocumented: standard errors of 1 and 2.
    # The fit asks it in Los Angeles, where more are close to somebody undocumented.
    assert 100 * out[family].mean() == pytest.approx(17, abs=8)
    assert 100 * out[without].mean() == pytest.approx(33, abs=16)
    assert 100 * out[family & ~without].mean() < 12
    assert not out[layout.ethnicity(world.state) == 1].any()


def test_about_half_of_latino_residents_know_somebody_undocumented():
    """Pew 2021: 53%, with a tolerance of ours of 10."""
    world = Scenario(town="us-average", residents=20_000, weeks=1).world()
    r, latino = world.state.residents, layout.ethnicity(world.state) == 0
    # Some 3,800 Latino residents: a standard error below 1.
    assert 100 * (r["concern"][latino] != codes.NOBODY).mean() == pytest.approx(53, abs=10)
