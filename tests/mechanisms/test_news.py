"""What is news: a change of the risk that the rules mean, and no other change."""

import datetime as dt

from trustabm.inputs.parameters import Parameters
from trustabm.inputs.policy import patched
from trustabm.inputs.timeline import policy
from trustabm.inputs.town import town
from trustabm.runs.replicates import Design, held, past


def test_training_is_no_news_of_the_risk_and_a_repeal_is():
    before = policy("secure-communities")
    arms = (
        held(before, "as before"),
        held(patched(before, {"officer_training": 1.0}), "trained"),
        held(policy("none"), "repealed"),
    )
    design = Design(town("harris-tx"), arms, dt.date(2010, 1, 1), 4, 52, 500, 0, Parameters())
    world = past(design, 0)
    salience = []
    for k in range(3):
        arm = world.branch(design.plan(k))
        arm.run_for(1)
        salience.append(float(arm.state.towns["salience"][0]))
    assert salience[0] == salience[1] < salience[2]
