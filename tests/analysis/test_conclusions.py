"""What is concluded of a policy is against the rules that it is laid on."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from trustabm.outcomes.estimates import Verdict
from trustabm.runs.arms import Arm

FILE = Path(__file__).parents[2] / "experiments" / "conclusions.py"


def script():
    spec = importlib.util.spec_from_file_location("conclusions", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def effects(*levels, few=()):
    """Effects on one outcome at one point, against a reference of level 10."""
    rows = [
        {"town": "t", "point": 0, "arm": arm, "outcome": "o", "group": "all"}
        | {"reference": 10.0, "level": level, "difference": level - 10, "percent": 10 * level - 100}
        | {"verdict": Verdict.TOO_FEW if arm in few else "higher"}
        for arm, level in levels
    ]
    return pd.DataFrame(rows)


def test_a_policy_is_set_against_the_one_that_it_is_laid_on():
    made = script()
    names = ("none", "secure-communities", "sanctuary", "irca-1986", "my.toml")
    arms = {name: Arm.model_construct(policy=name) for name in names}
    on = made.laid_on(SimpleNamespace(study=SimpleNamespace(arms=arms, reference="none")))
    assert on == dict.fromkeys(names, "none") | {"sanctuary": "secure-communities"}
    known = effects(("secure-communities", 5.0), ("sanctuary", 6.0), ("irca-1986", 12.0))
    out = made.against(known, on).set_index("arm")
    assert out["difference"].to_dict() == {
        "secure-communities": -5.0,
        "sanctuary": 1.0,
        "irca-1986": 2.0,
    }
    assert out["percent"].to_dict() == {
        "secure-communities": -50.0,
        "sanctuary": 20.0,
        "irca-1986": 20.0,
    }


def test_nothing_is_a_percentage_of_none_and_few_are_few_on_both_sides():
    made = script()
    on = {"a": "none", "b": "a", "c": "a"}
    levels = (("a", 0.0), ("b", 6.0), ("c", 0.0))
    out = made.against(effects(*levels, few=("b", "c")), on).set_index("arm")
    assert pd.isna(out.at["b", "percent"])
    assert out.at["b", "difference"] == 6.0
    assert not out["few"].any()
    out = made.against(effects(*levels, few=("a", "b", "c")), on).set_index("arm")
    assert out["few"].all()
