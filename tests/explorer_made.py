"""An explorer of made-up lots whose answers are known: square roots that are linear in features."""

from __future__ import annotations

import numpy as np

from trustabm.explorer.emulator import fitted
from trustabm.explorer.features import features
from trustabm.explorer.lived import OUTCOMES, Asked, Learned
from trustabm.explorer.settings import NAMES, drawn, point

ASKED = Asked(town="travis-tx", since="2027-01", lots=12, lives=2, settings=160, held=4, tested=1)
RULES = ASKED.rules.lines[0].at(ASKED.day)


def made(noise: float = 0.0, unseen: float = 0.0):
    """Return an emulator and what it should say: every lot's rules, roots and coefficients.

    Args:
        noise: The standard deviation of the luck of a life, on the scale of roots.
        unseen: How much every lot departs by products of levers, in standard deviations.
    """
    rng = np.random.default_rng(7)
    size = features(np.zeros(len(NAMES))).size
    shared = rng.normal(size=(size, len(OUTCOMES))) / 20
    base = rng.uniform(3.0, 5.0, (ASKED.lots, len(OUTCOMES)))
    more = rng.uniform(-0.3, 0.3, ASKED.lots)
    here = point({}, RULES)
    rules = np.clip(here + rng.uniform(-0.05, 0.05, (ASKED.lots, len(NAMES))), 0.0, 1.0)
    lots = np.repeat(np.arange(ASKED.lots), ASKED.lives)
    points = np.stack(
        [[point(drawn(f"{lot} {k} made"), RULES) for k in range(ASKED.settings)] for lot in lots]
    )
    moved = features(points) - features(rules[lots])[:, None]
    moved[..., -1] = 1.0
    up = (1 + more[lots])[:, None, None] * (moved @ shared)
    up += rng.normal(size=up.shape) * noise
    pairs = (points[..., ::2] - points[..., 1::2]) * points[..., ::2]
    of_lots = rng.normal(size=(ASKED.lots, pairs.shape[-1], len(OUTCOMES))) * unseen
    up += np.einsum("ksf,kfo->kso", pairs, of_lots[lots])
    roots = np.concatenate([np.zeros_like(up[:, :1]), up], axis=1) + base[lots][:, None]
    emulator = fitted(Learned(lots, rules[lots], points, roots**2), here)
    return emulator, rules, base, shared, more
