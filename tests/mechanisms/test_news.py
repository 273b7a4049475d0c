"""What is news: a change of the risk that the rules mean, and no other change."""

from trustabm.inputs.policy import patched
from trustabm.inputs.timeline import Timeline, policy
from trustabm.runs.experiment import Experiment, TitledArm
from trustabm.runs.replicates import past


def test_training_is_no_news_of_the_risk_and_a_repeal_is():
    before = policy("secure-communities")
    policies = {
        "as before": before,
        "trained": patched(before, {"officer_training": 1.0}),
        "repealed": policy("none"),
    }
    arms = {name: TitledArm(line=Timeline.always(what, name)) for name, what in policies.items()}
    experiment = Experiment(town="harris-tx", arms=arms, weeks=4, burn_in=52, residents=500)
    world = past(experiment)
    salience = []
    for k in range(3):
        arm = world.branch(experiment.plan(k))
        arm.run_for(1)
        salience.append(float(arm.state.towns["salience"][0]))
    assert salience[0] == salience[1] < salience[2]
