"""Targets of one's own, and their likelihood: what tests of inference know the answer to."""

from __future__ import annotations

from typing import Any

import numpy as np

from trustabm.analysis.emulator import Emulator
from trustabm.analysis.slopes import Slopes
from trustabm.evidence.calibration.likelihood import Likelihood
from trustabm.evidence.kinds import KINDS
from trustabm.evidence.target import Source, Target

SOURCE = Source("made up", "none")
TOLERANCE = 0.08
HALF = dict.fromkeys(KINDS, 0.5)
"""Beyond tolerance lies a noise of half of it."""


def target(id_: str, value: float, tolerance: float = TOLERANCE, **more: Any) -> Target:
    return Target(id_, "calibration", value, tolerance, "", "", "s", SOURCE, **more)


def likelihood(emulator: Emulator, targets: list[Target], off=HALF) -> Likelihood:
    many = len(targets)
    surfaces = Slopes([(emulator, k, k) for k in range(many)], many)
    return Likelihood(surfaces, targets, np.zeros(many), np.ones(many), off)
