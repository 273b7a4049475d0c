"""Mechanisms off: an effect that a mechanism carries goes when the mechanism goes.

Worlds come in pairs that share their luck. Standard errors are over seeds, of paired differences;
an effect that must be absent is held to three of them and to a margin that would matter.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from worlds import lived, outcome, summed

from trustabm.evidence.lab import Lab
from trustabm.inputs.parameters import Parameters
from trustabm.inputs.timeline import policy as preset

SEEDS = range(12)
SILENT = {"fear": False, "trust": False}
TOWN = {"town": "harris-tx", "residents": 20_000, "weeks": 156}
MEASURED = 104


def paired(name, group, one, two):
    """Return the mean difference, two less one, and its standard error."""
    gaps = []
    for seed in SEEDS:
        a, b = lived(**TOWN, seed=seed, **one), lived(**TOWN, seed=seed, **two)
        gaps.append(outcome([b], name, MEASURED, group) - outcome([a], name, MEASURED, group))
    return float(np.mean(gaps)), float(np.std(gaps, ddof=1) / math.sqrt(len(gaps)))


def begun(name, group, policy, **parameters):
    """Return what a policy changes in the year after it begins, and the standard error of that.

    It begins after two years without: what has always been in force is no news.
    """
    gaps = []
    roles = {"before": preset("none"), "now": preset(policy)}
    for seed in SEEDS:
        lab = Lab("harris-tx", 20_000, Parameters(**parameters), seed, policies=roles)
        arms = [lab.arm(lab.past, role, 52).world for role in roles]
        was, now = (outcome([arm], name, 52, group) for arm in arms)
        gaps.append(now - was)
    return float(np.mean(gaps)), float(np.std(gaps, ddof=1) / math.sqrt(len(gaps)))


ENTANGLED = ("secure-communities", "287g-task-force-2025", "mass-enforcement-2025")


@pytest.mark.parametrize("policy", ENTANGLED)
@pytest.mark.parametrize("group", ["latino", "non-latino"])
def test_entanglement_lowers_no_reporting_where_nobody_fears_and_trust_weighs_nothing(
    policy, group
):
    # Latinos suffer some 3,000 crimes in these years and worlds: the paired difference has a
    # standard error of about half a point; a true fall of two points fails this test.
    gap, error = paired(
        "reporting",
        group,
        {"policy": "none", "parameters": SILENT},
        {"policy": policy, "parameters": SILENT},
    )
    assert gap > -max(3 * error, 1e-12)
    assert abs(gap) < 0.02


@pytest.mark.parametrize("policy", ENTANGLED)
def test_entanglement_lowers_latino_reporting_where_people_fear(policy):
    gap, error = begun("reporting", "latino", policy)
    assert gap < -3 * error
    assert gap < -0.02


def test_no_resident_is_less_likely_to_call_with_both_channels_off():
    """Exact: the chance of a report is then one of its three bases, whatever the policy."""
    world = lived(
        town="harris-tx",
        residents=5000,
        weeks=104,
        seed=4,
        policy="287g-task-force-2025",
        parameters=SILENT | {"report_latino": 0.0},
        keep_events=True,
    )
    crimes = world.tables.crimes[: world.tables.used[1]]
    p = world.parameters
    bases = np.array([p.report_violent, p.report_property, p.report_domestic])
    assert len(crimes) > 100
    assert np.allclose(crimes["chance"], bases[crimes["kind"]], atol=1e-6)


ALONE = {"incapacitation": False, "deterrence": False, "diversion": False}


def forced(**parameters):
    """Return a world in which reporting is forced down: fear weighs as much as it may."""
    return {
        "policy": "secure-communities",
        "parameters": ALONE | {"fear_weight": 15.0} | parameters,
    }


def calm(**parameters):
    """Return its twin in which fear weighs nothing, and all else is the same."""
    return {
        "policy": "secure-communities",
        "parameters": ALONE | {"fear_weight": 0.0} | parameters,
    }


@pytest.mark.parametrize("group", ["latino", "all"])
def test_victimization_does_not_answer_to_reporting_with_the_offender_response_off(group):
    # With incapacitation, deterrence and diversion off too, the same people commit the same
    # crimes in both worlds. Who is free to be a victim still follows who was arrested and handed
    # over, so the difference is small rather than zero.
    gap, error = paired(
        "victimization", group, calm(offender_response=False), forced(offender_response=False)
    )
    assert abs(gap) < max(3 * error, 0.25)


def test_victimization_answers_to_reporting_with_the_offender_response_on():
    gap, error = paired("victimization", "latino", calm(), forced())
    assert gap > 3 * error
    assert gap > 1.0


def test_offenders_answer_to_latino_reporting_among_latinos_first():
    latino, _ = paired("victimization", "latino", calm(), forced())
    others, _ = paired("victimization", "non-latino", calm(), forced())
    assert latino > others


CALM = {
    "fear": False,
    "trust": False,
    "deterrence": False,
    "offender_response": False,
    "diversion": False,
}


def test_removing_offenders_lowers_crime_where_nobody_fears():
    removing = {
        "policy": "mass-enforcement-2025",
        "parameters": CALM,
        "levers": {"ice_capacity": 5.0},
    }
    gap, error = paired("victimization", "all", {"policy": "none", "parameters": CALM}, removing)
    assert gap < -3 * error


def test_removing_offenders_lowers_no_crime_where_incapacitation_is_off():
    off = CALM | {"incapacitation": False}
    gap, error = paired(
        "victimization",
        "current-all",
        {"policy": "none", "parameters": off},
        {"policy": "mass-enforcement-2025", "parameters": off, "levers": {"ice_capacity": 5.0}},
    )
    # Those who are not there cannot be victims either: over the people of the day on which the run
    # began crime falls with them, over the people in place it does not.
    assert abs(gap) < max(3 * error, 0.6)


def test_fewer_stops_where_hours_go_to_immigration_work():
    entangled = {"policy": "287g-task-force-2025", "levers": {"deputized_share": 1.0}}
    on = [lived(**TOWN, seed=s, **entangled) for s in range(3)]
    off = [lived(**TOWN, seed=s, **entangled, parameters={"diversion": False}) for s in range(3)]
    assert summed(on, "stops") < summed(off, "stops")


def test_news_moves_perceived_risk_and_can_be_taken_out():
    loud, error = begun("perceived_risk", "latino", "secure-communities", stories=False)
    gone, _ = begun("perceived_risk", "latino", "secure-communities", stories=False, news=False)
    assert loud > 0.01 + 3 * error
    assert abs(gone) < 0.005  # what is lived: being asked, and going home


def test_stories_spread_what_happened_and_can_be_taken_out():
    told = {"policy": "mass-enforcement-2025", "parameters": {"news": False}}
    untold = {"policy": "mass-enforcement-2025", "parameters": {"news": False, "stories": False}}
    gap, error = paired("perceived_risk", "latino", untold, told)
    assert gap > 3 * error


def test_trust_answers_to_the_ethnic_group_s_stake_by_linked_fate_alone():
    # Latino residents with nobody undocumented close have no stake of their own. Trust is a mean
    # over some 4,000 of them in each of 12 towns; its paired standard error is below 0.001.
    alone = {"news_trust": 0.6, "reassurance": 0.0, "stories": False}
    bound, error = begun("trust", "latino-other", "secure-communities", linked_fate=1.0, **alone)
    free, _ = begun("trust", "latino-other", "secure-communities", linked_fate=0.0, **alone)
    assert bound < -3 * error
    assert bound < free - 0.005


def test_news_of_enforcement_reassures_those_without_a_stake_and_can_be_taken_out():
    gains = {
        reassurance: begun(
            "trust", "non-latino", "secure-communities", reassurance=reassurance, stories=False
        )[0]
        for reassurance in (0.0, 0.1)
    }
    # Some 14,000 such residents in each of 12 towns: the standard error is below 0.0002.
    assert gains[0.1] > gains[0.0] + 0.002
