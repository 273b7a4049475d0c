"""One victim's trust and perceived risk through `agents/`, against numbers by hand.

The arithmetic is that of the ODD, 7.4 and 7.8: a story moves trust by a step, and adds cases.
"""

from __future__ import annotations

import math

import pytest

from trustabm import TrustModel
from trustabm.errors import InvalidInput
from trustabm.rules import codes, luck
from trustabm.state import journal
from trustabm.week import crimes, hearsay

# Of no two alike, and none at its default.
VALUES = {
    "contact_good": 0.1,
    "unsolved_loss": 0.025,
    "residue_bad": 0.5,
    "residue_good": 0.25,
    "prior_undocumented": 0.3,
    "firm_undocumented": 10.0,
    "calm_case": 0.2,
    "asked_case": 0.5,
    "case_weight": 2.0,
    "serious_case": 0.25,
    "handover_trust": 0.24,
    "removal_story": 0.5,
    "raid_attribution": 0.2,
    "tell_household": 0.5,
    "tell_tie": 0.25,
    "mood_spread": 0.0,
    "trust_weight": 1.2,
    "trust_nation": 0.56,
    "report_latino": 0.1,
    "fear_weight": 9.0,
    "fear_at": 0.4,
    "fear_power": 2.0,
    "fear_spread": 1.0,
    "report_violent": 0.4,
}


@pytest.fixture
def model():
    return TrustModel(
        town="harris-tx", residents=400, weeks=4, seed=8, driver="agents", parameters=VALUES
    )


def somebody(model, **wanted):
    """Return the first free resident with these columns and a friend."""
    for i in range(400):
        resident = model.resident(i)
        if (
            resident.is_free
            and resident.ties
            and all(resident.columns[name] == value for name, value in wanted.items())
        ):
            return resident
    raise AssertionError(f"expected a free resident with a friend and {wanted}, got none")


def close(value):
    return pytest.approx(value, rel=1e-6)  # columns of beliefs hold 32 bits


def test_a_victim_s_trust_and_risk_from_the_crime_to_a_friend_s_removal(model):
    victim = somebody(model, status=codes.UNDOCUMENTED)
    friend = victim.ties[0]
    victim.trust, victim.perceived_risk = 0.6, 0.1
    friend.trust, friend.perceived_risk = 0.5, 0.2
    assert (victim.trust, victim.perceived_risk) == (close(0.6), close(0.1))

    # Reports with odds(0.4) e^(1.2 (0.6 - 0.56) - 9 s (0.1 / 0.4)²), and e^0.1 if Latino: nobody is
    # asked, the stake is 1; s = e^(z - 0.5) is how heavily risk weighs for this victim.
    z = luck.normal(8, 0, luck.SENSITIVITY, victim.row, 0)
    fear = 9.0 / 16 * math.exp(z - 0.5)
    readiness = 0.1 if victim.group.startswith("latino") else 0.0
    odds = 0.4 / 0.6 * math.exp(1.2 * 0.04 - fear + readiness)
    assert victim.feels_fear(0.0) == close(fear)
    assert victim.chance_to_report(codes.VIOLENT) == close(odds / (1 + odds))

    # Risk stands at 3 cases of 10; 20 calm ones make it 0.1 of 30. A report is not solved: trust
    # falls by 0.025, half of it for good, and 0.2 of a case ended quietly.
    offender, chance = somebody(model, status=codes.US_BORN), odds / (1 + odds)
    crimes.write(model.w, offender.row, victim.row, codes.VIOLENT, chance)
    case = model.world.tables.crimes[model.world.tables.used[journal.CRIMES] - 1]
    case["reported"] = 1
    lasting, calm = float(victim.columns["lasting"]), float(friend.columns["calm"])
    victim.lives_through(hearsay.of_report(model.w, case))
    assert victim.trust == close(0.575)
    assert victim.columns["lasting"] == close(lasting - 0.0125)
    assert victim.perceived_risk == close(3 / 30.2)
    # A friend is told, and it weighs a quarter as much.
    assert friend.trust == close(0.5 - 0.025 / 4)
    assert friend.columns["calm"] == close(calm + 0.05)

    # Another is solved, but this time police ask about status: half a case that is bad.
    case["cleared"], case["asked"] = 1, codes.ASKED
    victim.hears_of(hearsay.of_report(model.w, case))
    assert (victim.trust, victim.perceived_risk) == (close(0.675), close(3.5 / 30.7))

    # Police hand a friend to ICE: a quarter of 0.24 of trust, and of two cases that are bad.
    friend.is_missed(codes.RECORD_NONE, 1.0)
    assert (victim.trust, victim.perceived_risk) == (close(0.615), close(4 / 31.2))
    assert victim.columns["exposed"] == model.world.week

    # ICE itself takes one: of that, 0.2 + 0.8 · risk is put down to police.
    friend.is_missed(codes.RECORD_NONE, hearsay.BY_ICE_ITSELF)
    part = 0.25 * (0.2 + 0.8 * 4 / 31.2)
    trust, bad, every = 0.615 - 0.24 * part, 4 + 2 * part, 31.2 + 2 * part
    assert (victim.trust, victim.perceived_risk) == (close(trust), close(bad / every))

    # The removal is told again with half of its weight, and of a felon with a quarter of that.
    friend.is_missed(codes.RECORD_FELONY, 1.0, model.world.p.removal_story)
    trust, bad, every = trust - 0.0075, bad + 0.0625, every + 0.0625
    assert (victim.trust, victim.perceived_risk) == (close(trust), close(bad / every))


def test_a_belief_outside_0_to_1_is_said(model):
    with pytest.raises(InvalidInput, match=r"Resident\(3\)\.trust: expected 0 to 1, got 1\.5"):
        model.resident(3).trust = 1.5


def test_an_officer_and_an_ice_agent_act_by_their_own_attributes(model):
    resident, officer, agent = model.resident(5), model.officer(0), model.ice_agent(0)
    before = officer.hours
    officer.bias, officer.justice, officer.hours = 0.4, -1.5, 0.0
    agent.discretion, agent.hours = 2.0, 11.0
    state = model.world.state
    row = state.officers[0]
    assert (row["bias"], row["justice"], row["hours"], before > 0) == (0.4, -1.5, 0.0, True)
    assert (state.agents[0]["discretion"], state.agents[0]["hours"]) == (2.0, 11.0)
    # A detective without hours clears at the least effort, effort_least^workload_elasticity.
    crimes.write(model.w, 7, resident.row, codes.PROPERTY, 0.5)
    case = model.world.tables.crimes[model.world.tables.used[journal.CRIMES] - 1]
    officer.solves(case)
    p = model.world.p
    base = p.clear_property * p.effort_least**p.workload_elasticity
    odds = base / (1 - base)
    there = p.witness_share / p.property_witness * p.witness_report
    odds *= p.witness_clearance**-there  # nobody came forward
    assert case["clears"] == close(odds / (1 + odds))
