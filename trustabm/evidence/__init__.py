"""What the model is held against: published findings, and the experiments that ask it for them.

What comes in is a declared target with its source, or a study that says how it is measured.
"""

from __future__ import annotations

from trustabm.evidence.targets import (
    TARGETS,
    Target,
    baseline_targets,
    calibration_targets,
    loss,
    validation_targets,
)

__all__ = [
    "TARGETS",
    "Target",
    "baseline_targets",
    "calibration_targets",
    "loss",
    "validation_targets",
]
