"""Plans are made once for all replicates, and anew for whatever has other rules or days."""

from __future__ import annotations

import numpy as np

from trustabm.runs.experiment import Experiment


def asked(**more):
    arms = {"none": {"policy": "none"}, "sc": {"policy": "secure-communities"}}
    plain = {"town": "48453", "arms": arms, "weeks": 8, "burn_in": 4, "replicates": 10}
    return Experiment.make({**plain, "residents": 200, **more}, "test")


def test_replicates_share_plans_and_copies_with_other_rules_or_days_do_not():
    e = asked()
    assert e.at(3).plan(1) is e.at(9).plan(1) is e.plan(1)
    assert e.at(0).first() is e.first()
    assert e.plan(0) is not e.plan(1)
    later = e.model_copy(update={"burn_in": 6})
    assert later.plan(1).weeks.tolist() == [6]
    assert e.plan(1).weeks.tolist() == [4]
    firm = e.varied(e.parameters, [None, {"fingerprint_sharing": 0.0}])
    assert float(np.ravel(firm.plan(1).levers[0]["fingerprint_sharing"])[0]) == 0.0
    assert float(np.ravel(e.plan(1).levers[0]["fingerprint_sharing"])[0]) == 1.0
