"""Candidates are drawn against bounds; a hazard above its bound would be cut in silence.

In towns and policies that ship, no more than 1% of what should happen is lost that way.
"""

from __future__ import annotations

import pytest
from worlds import lived

from trustabm.inputs import catalog
from trustabm.inputs.declare import declarations
from trustabm.inputs.parameters import Parameters
from trustabm.rules import codes, contact, crime, enforcement
from trustabm.week import field_office

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "policy", ["none", "sanctuary", "287g-task-force-2025", "mass-enforcement-2025"]
)
@pytest.mark.parametrize("town", ["harris-tx", "los-angeles-ca", "us-average"])
def test_bounds_are_above_nearly_every_hazard(town, policy):
    world = lived(town=town, policy=policy, residents=5000, weeks=104, seed=3)
    s, p, levers = world.state, world.p, world.plan.levers[0]
    law, here = levers[0], s.towns[0]
    patrols = here["patrols"]
    w = world.belongings(levers)
    operations, weights = field_office.operations(w), field_office.target_weights(w)
    hazards = {"stop": [], "crime": [], "at large": []}
    bounds = {
        "stop": contact.STOP_BOUND,
        "crime": crime.CRIME_BOUND,
        "at large": enforcement.AT_LARGE_BOUND,
    }
    for r in s.residents:
        if r["custody"] != codes.FREE:
            continue
        place = s.neighborhoods[r["neighborhood"]]
        officer = s.officers[place["officer"]]
        trained = contact.trained(law, officer["school"])
        hazards["stop"].append(
            contact.stop_hazard(
                p,
                law,
                place["patrol"],
                patrols,
                r["offending"],
                s.ethnicities["stops"][s.pairs["ethnicity"][r["pair"]]],
                officer["bias"],
                trained,
            )
        )
        hazards["crime"].append(
            crime.ACT_BOUND * crime.offence_hazard(p, here["crime"], r["offending"], False, 0.0)
        )
        if r["status"] == codes.UNDOCUMENTED:
            record, wanted = int(r["record"]), bool(r["wanted"])
            weight = max(
                field_office.target_weight(w, who, 0, record, wanted)
                for who in range(len(s.agents))
            )
            hazards["at large"].append(enforcement.at_large_hazard(operations, weight, weights))
    for what, values in hazards.items():
        cut = sum(max(0.0, h - bounds[what]) for h in values)
        assert cut <= 0.01 * sum(values), f"{what}: {cut / sum(values):.1%} is cut"


@pytest.mark.parametrize("town", catalog.names("towns"))
def test_a_nation_with_less_recorded_crime_leaves_crime_below_its_bound(town):
    lows = {d.name: d.low for d in declarations(Parameters) if d.name.startswith("recorded_")}
    world = lived(town=town, residents=5000, weeks=1, parameters=lows)
    r = world.state.residents
    hazards = crime.ACT_BOUND * world.state.towns[0]["crime"] * r["offending"]
    assert hazards.max() < crime.CRIME_BOUND
