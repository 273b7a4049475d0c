"""trustabm: community trust and crime reporting under immigration-enforcement entanglement.

Names are loaded when they are first used, so that `import trustabm` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trustabm.agents.model import TrustModel
    from trustabm.evidence.own.calibrate import calibrate
    from trustabm.evidence.own.result import Calibrated
    from trustabm.inputs.draws import use_posterior
    from trustabm.inputs.lever import lever
    from trustabm.inputs.library import use_library
    from trustabm.inputs.parameters import Parameters
    from trustabm.inputs.policy import Policy
    from trustabm.inputs.rule import Rule, rule
    from trustabm.inputs.timeline import Timeline, policy, timeline
    from trustabm.inputs.today import today
    from trustabm.inputs.town import Town, town
    from trustabm.outcomes.own import outcome
    from trustabm.records.again import reproduce
    from trustabm.records.opened import load
    from trustabm.runs.arms import Arm
    from trustabm.runs.compare import compare
    from trustabm.runs.comparison import Comparison
    from trustabm.runs.results import Result
    from trustabm.runs.run import run
    from trustabm.runs.scenario import Scenario
    from trustabm.study.definition import Study
    from trustabm.study.opening import OpenStudy, open_study
    from trustabm.study.sweep import sweep
    from trustabm.telling.story import story

    __version__: str

__all__ = [
    "Arm",
    "Calibrated",
    "Comparison",
    "OpenStudy",
    "Parameters",
    "Policy",
    "Result",
    "Rule",
    "Scenario",
    "Study",
    "Timeline",
    "Town",
    "TrustModel",
    "__version__",
    "calibrate",
    "compare",
    "lever",
    "load",
    "open_study",
    "outcome",
    "policy",
    "reproduce",
    "rule",
    "run",
    "story",
    "sweep",
    "timeline",
    "today",
    "town",
    "use_library",
    "use_posterior",
]

_HOME = {
    "Arm": "runs.arms",
    "Calibrated": "evidence.own.result",
    "Comparison": "runs.comparison",
    "OpenStudy": "study.opening",
    "Parameters": "inputs.parameters",
    "Policy": "inputs.policy",
    "Result": "runs.results",
    "Rule": "inputs.rule",
    "Scenario": "runs.scenario",
    "Study": "study.definition",
    "Timeline": "inputs.timeline",
    "Town": "inputs.town",
    "TrustModel": "agents.model",
    "calibrate": "evidence.own.calibrate",
    "compare": "runs.compare",
    "lever": "inputs.lever",
    "load": "records.opened",
    "open_study": "study.opening",
    "outcome": "outcomes.own",
    "policy": "inputs.timeline",
    "reproduce": "records.again",
    "rule": "inputs.rule",
    "run": "runs.run",
    "story": "telling.story",
    "sweep": "study.sweep",
    "timeline": "inputs.timeline",
    "today": "inputs.today",
    "town": "inputs.town",
    "use_library": "inputs.library",
    "use_posterior": "inputs.draws",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("trustabm")
    if name in _HOME:
        return getattr(import_module(f"trustabm.{_HOME[name]}"), name)
    raise AttributeError(f"module 'trustabm' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
