"""Both drivers give the same bits (Axtell et al. 1996): same columns, events and tallies."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustabm.agents.model import TrustModel
from trustabm.agents.people import Resident
from trustabm.errors import InvalidInput
from trustabm.state import journal
from trustabm.state.layout import EXPECTED, State

POLICIES = (
    "none",
    "secure-communities",
    "287g-task-force-2025",
    "mass-enforcement-2025",
    "sanctuary",
    "comprehensive-reform",
    "us-history",
    "sc-then-trust",
)
LEVERS = st.fixed_dictionaries(
    {},
    optional={
        "ask_status": st.sampled_from(["booking", "arrest", "stop"]),
        "ask_victims": st.floats(0, 1),
        "ask_witnesses": st.floats(0, 1),
        "fingerprint_sharing": st.floats(0, 1),
        "jail_screening": st.floats(0, 1),
        "notification_share": st.floats(0, 1),
        "priority_none": st.floats(0, 1),
        "honor_none": st.floats(0, 1),
        "honor_misdemeanor": st.floats(0, 1),
        "judicial_warrant": st.floats(0, 1),
        "ice_capacity": st.floats(0, 5),
        "at_large_share": st.floats(0, 1),
        "collateral": st.floats(0, 1),
        "raids": st.floats(0, 50),
        "announced_reach": st.floats(0, 1),
        "outreach": st.floats(0, 1),
        "license_access": st.floats(0, 1),
        "prison_to_local": st.floats(0, 1),
    },
)
MANY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def differences(a: TrustModel, b: TrustModel) -> list[str]:
    """Return the names of what is not the same, to the bit."""
    found = []
    for name in State._fields:
        x, y = getattr(a.world.state, name), getattr(b.world.state, name)
        if name == "in_custody":  # only the first `clock.in_custody` of them mean anything
            x, y = (
                m[: m_state.clock["in_custody"][0]]
                for m, m_state in ((x, a.world.state), (y, b.world.state))
            )
        if x.tobytes() != y.tobytes():
            found.append(name)
    events = zip(
        journal.frames(a.world.tables).items(),
        journal.frames(b.world.tables).values(),
        strict=True,
    )
    found += [name for (name, x), y in events if x.tobytes() != y.tobytes()]
    if a.world.tally.tobytes() != b.world.tally.tobytes():
        found.append("tally")
    return found


def pair(**values: Any) -> tuple[TrustModel, TrustModel]:
    return TrustModel(driver="compiled", **values), TrustModel(driver="agents", **values)


@MANY
@given(
    town=st.sampled_from(["us-average", "harris-tx", "king-wa"]),
    policy=st.sampled_from(POLICIES),
    levers=LEVERS,
    residents=st.integers(50, 3000),
    weeks=st.integers(1, 60),
    seed=st.integers(0, 2**63 - 1),
    neighbor=st.booleans(),
    forced=st.sampled_from([1.0, 0.9]),
)
def test_drivers_agree(
    town: str,
    policy: str,
    levers: dict[str, Any],
    residents: int,
    weeks: int,
    seed: int,
    neighbor: bool,
    forced: float,
) -> None:
    values: dict[str, Any] = {
        "town": town,
        "policy": policy,
        "levers": levers,
        "residents": residents,
        "weeks": weeks,
        "seed": seed,
        "start": "2014-06-01",
        "parameters": {"latino_reporting": forced},
    }
    if neighbor:
        values["neighbors"] = [{"town": "cook-il", "policy": "no-detainers", "residents": 400}]
    try:
        a, b = pair(**values)
    except InvalidInput:  # the drawn levers contradict the policy's
        return
    a.run_for(weeks)
    b.run_for(weeks)
    assert differences(a, b) == []


def test_a_run_may_switch_drivers_midway() -> None:
    values = {"town": "harris-tx", "policy": "secure-communities", "residents": 1500, "seed": 5}
    a, b = pair(**values)
    a.run_for(45)
    b.run_for(15)
    b.driver = "compiled"
    b.run_for(15)
    b.driver = "agents"
    b.run_for(15)
    assert differences(a, b) == []
    assert a.time == b.time == 45


def test_iteration_order_does_not_matter() -> None:
    values = {"town": "harris-tx", "policy": "mass-enforcement-2025", "residents": 1500, "seed": 6}
    a, b = (TrustModel(driver="agents", **values) for _ in range(2))
    b.agents_driver.order = random.Random(1).shuffle
    a.run_for(40)
    b.run_for(40)
    assert differences(a, b) == []
    assert a.world.tables.used[journal.CRIMES] > 20


def test_agents_see_their_rows() -> None:
    model = TrustModel(residents=300, town="harris-tx", policy="secure-communities", weeks=10)
    model.run_for(10)
    types = {kind.__name__: len(agents) for kind, agents in model.agents_by_type.items()}
    assert types["Resident"] == 300
    assert types["PoliceOfficer"] == len(model.world.state.officers)
    assert types["IceAgent"] == len(model.world.state.agents)
    assert len(model.agents) == sum(types.values())
    someone = model.resident(7)
    assert 0 <= someone.trust <= 1
    assert 0 <= someone.perceived_risk <= 1
    assert all(someone in friend.ties for friend in someone.ties)
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 10
    asked = model.world.tally["surveyed"][-1].sum()
    trust = model.world.tally["trust"][-1].sum() / asked
    assert frame["trust"].iloc[-1] == pytest.approx(trust)


class _Silent(Resident):
    def decides_to_report(self, case: Any) -> bool:
        case["chance"] = 0.0
        return False


def test_a_subclass_changes_behavior() -> None:
    model = TrustModel(residents=1000, driver="agents", resident_class=_Silent, weeks=20)
    model.run_for(20)
    crimes = journal.frames(model.world.tables)["crimes"]
    assert len(crimes) > 10
    assert not np.any(crimes["reported"])
    with pytest.raises(InvalidInput, match="expected 'agents'"):
        model.driver = "compiled"


class Peaceful(Resident):
    """Never looks for a target."""

    def wants_to_offend(self) -> bool:
        """Decide against it."""
        return False


def test_of_a_users_own_classes_is_expected_what_happened() -> None:
    model = TrustModel(
        driver="agents", resident_class=Peaceful, residents=800, seed=4, policy="secure-communities"
    )
    model.run_for(12)
    tally = model.world.tally
    for happened, expected in EXPECTED.items():
        assert (tally[happened] == tally[expected]).all()
    assert tally["expected_violent"].sum() == 0.0
    assert tally["expected_exposed"].sum() > 0.0
