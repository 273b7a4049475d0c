"""What is news: a change of the risk that the rules mean, with its direction, and no other."""

import pytest

from trustabm.inputs.policy import patched
from trustabm.inputs.timeline import Timeline, policy
from trustabm.runs.arms import TitledArm
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import past

WEEKS = 13


def surprises(policies, weeks=WEEKS, **settings):
    """Return by how much what is heard is above what is expected, by policy, at each week's end."""
    arms = {name: TitledArm(line=Timeline.always(what, name)) for name, what in policies.items()}
    experiment = Experiment(
        town="harris-tx", arms=arms, weeks=weeks, burn_in=4, residents=500, **settings
    )
    world, found = past(experiment), {}
    for k, name in enumerate(policies):
        arm, found[name] = world.branch(experiment.plan(k)), []
        for _ in range(weeks):
            arm.run_for(1)
            town = arm.state.towns[0]
            found[name].append(float(town["heard"] - town["expected_risk"]))
    return found


def test_news_has_the_sign_of_the_change_and_training_is_none():
    before = policy("secure-communities")
    news = surprises(
        {
            "as before": before,
            "trained": patched(before, {"officer_training": 1.0}),
            "repealed": policy("none"),
            "street": policy("287g-task-force-2025"),
        }
    )
    assert news["as before"] == pytest.approx([0.0] * WEEKS, abs=1e-3)
    assert news["trained"] == news["as before"]
    assert max(news["repealed"]) < -0.01
    assert min(news["street"]) > 0.01


def test_news_arrives_within_weeks_and_is_expected_in_the_end():
    line = {"before": policy("none"), "after": policy("secure-communities")}
    news = surprises(line, 260)["after"]
    top = max(news)
    assert news.index(top) <= 4
    assert news[0] > 0.5 * top
    assert 0.0 < news[-1] < 0.05 * top


def test_raids_are_news_where_no_rule_has_changed_and_only_while_they_last():
    wanted = {"priority_none": 0.9, "priority_misdemeanor": 0.9}
    refuses = patched(policy("none"), wanted)
    raided = patched(refuses, {"raids": 10.0})
    news = surprises({"refuses": refuses, "raided": raided})
    assert news["refuses"] == pytest.approx([0.0] * WEEKS, abs=1e-3)
    assert min(news["raided"]) > 0.01
