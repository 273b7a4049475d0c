"""How good an explorer is: its answers beside the model's own, in lots that it did not learn from.

For every setting of the test the model is run as `trustabm compare` runs it. How far the middles
lie apart is counted in widths of the model's own interval. An interval must hold the change in nine
of ten lots; a lot's change is measured in a few small towns, and for their luck, as it is seen
between them, the interval is widened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from trustabm.explorer.emulator import Emulator
from trustabm.explorer.lived import OUTCOMES
from trustabm.explorer.settings import Setting
from trustabm.outcomes.intervals import COVERAGE
from trustabm.outcomes.measures import levels
from trustabm.outcomes.quantiles import normal_quantile
from trustabm.runs.counted import Counted

__all__ = ["Held", "held"]


class Held(NamedTuple):
    """How good an explorer's answers on an outcome are; of all of them where it is "all".

    Args:
        outcome: The outcome.
        settings: How many settings it was tested by.
        unknown: The share of which it says that it does not know.
        error: The median distance of the middles, in widths of the model's interval; of what it
            answers, as the others are.
        covered: The share of lots whose change its interval holds.
    """

    outcome: str
    settings: int
    unknown: float
    error: float
    covered: float

    def record(self) -> dict[str, Any]:
        """Return it in plain values, with six digits."""
        return {k: round(x, 6) if isinstance(x, float) else x for k, x in self._asdict().items()}


def held(emulator: Emulator, found: Iterable[tuple[Setting, Counted]]) -> list[Held]:
    """Return how good an emulator is, of all outcomes together first.

    Args:
        emulator: The emulator.
        found: Settings, with what the model counted in each.
    """
    known, errors, covered = [], [], []
    for setting, counted in found:
        said = emulator.answer(setting)
        estimates = counted.estimates(OUTCOMES, {*OUTCOMES.values()})
        arm = list(counted.experiment.arms)[1]
        each = [estimates[outcome, group, arm] for outcome, group in OUTCOMES.items()]
        middle, low, high = (
            np.array([getattr(e, name) for e in each], float)
            for name in ("difference", "low", "high")
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.abs(said.middle - middle) / (high - low)
        known.append(said.known)
        errors.append(error)
        covered.append(_covered(counted, said.middle, said.low, said.high))
    of = np.stack(known), np.stack(errors), np.stack(covered)
    return [
        _held("all", *of),
        *(_held(o, *(x[:, [k]] for x in of)) for k, o in enumerate(OUTCOMES)),
    ]


def _held(outcome: str, known: Any, errors: Any, covered: Any) -> Held:
    seen = known & np.isfinite(errors)
    none = float("nan")
    return Held(
        outcome,
        len(known),
        float(1.0 - known.mean()),
        float(np.median(errors[seen])) if seen.any() else none,
        float(covered[known].mean()) if known.any() else none,
    )


def _covered(counted: Counted, middle: Any, low: Any, high: Any) -> Any:
    """Return the share of lots whose change lies within ends, luck allowed for, by outcome."""
    e = counted.experiment
    of = levels(e.groups, counted.sums, counted.town_sums, e.parameters, OUTCOMES, True)
    changes = np.stack([np.diff(of[key], axis=1)[:, 0] for key in OUTCOMES.items()], axis=-1)
    lots = len(e.lots)
    changes = changes.reshape(lots, -1, changes.shape[-1])
    luck = changes.var(axis=1, ddof=1).mean(axis=0) / changes.shape[1]
    far = normal_quantile(0.5 + COVERAGE / 2) ** 2 * luck
    own = changes.mean(axis=1)
    least = middle - np.sqrt((middle - low) ** 2 + far)
    most = middle + np.sqrt((high - middle) ** 2 + far)
    return ((own >= least) & (own <= most)).mean(axis=0)
