"""trustabm: community trust and crime reporting under immigration-enforcement entanglement.

Names are loaded when they are first used, so that `import trustabm` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trustabm.comparison import Comparison, compare
    from trustabm.model import TrustModel
    from trustabm.parameters import Parameters
    from trustabm.policy import Policy
    from trustabm.results import Result
    from trustabm.runs import run
    from trustabm.scenario import Scenario
    from trustabm.story import story
    from trustabm.study.opening import OpenStudy, open_study
    from trustabm.timeline import Timeline, policy, timeline
    from trustabm.town import town

    __version__: str

__all__ = [
    "Comparison",
    "OpenStudy",
    "Parameters",
    "Policy",
    "Result",
    "Scenario",
    "Timeline",
    "TrustModel",
    "__version__",
    "compare",
    "open_study",
    "policy",
    "run",
    "story",
    "timeline",
    "town",
]

_HOME = {
    "Comparison": "comparison",
    "OpenStudy": "study.opening",
    "Parameters": "parameters",
    "Policy": "policy",
    "Result": "results",
    "Scenario": "scenario",
    "Timeline": "timeline",
    "TrustModel": "model",
    "compare": "comparison",
    "open_study": "study.opening",
    "policy": "timeline",
    "run": "runs",
    "story": "story",
    "timeline": "timeline",
    "town": "town",
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


class _Package(ModuleType):
    """`policy`, `story`, `timeline` and `town` name a function and the module beside it.

    Importing a submodule sets it on its package, which would hide the function. The module is
    still what `from trustabm.town import Town` reads.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
