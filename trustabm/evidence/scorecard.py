"""The scorecard: every target beside what the model gives over the posterior."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from trustabm.errors import InvalidInput, nearest
from trustabm.evidence.moments import (
    DEFAULT_SIZES,
    Moment,
    Sizes,
    moments,
)
from trustabm.evidence.predictive import Forecast, of_draws
from trustabm.evidence.studies import STUDIES
from trustabm.evidence.target import NORMAL_90
from trustabm.evidence.targets import TARGETS, Target, validation_targets
from trustabm.inputs.draws import in_use, mixture, most, stale
from trustabm.inputs.parameters import Parameters
from trustabm.runs.processes import how_many, pool

__all__ = [
    "ASKED",
    "covers",
    "interval",
    "measured",
    "posterior",
    "records",
    "scorecard",
    "unfitted",
]

ASKED = tuple(name for name in STUDIES if any(t.study == name for t in TARGETS.values()))
"""The studies that a published finding is asked of."""


def posterior(limit: int) -> tuple[Parameters, ...]:
    """Return at most so many draws of the posterior in use, of structures by their weights."""
    many = min(limit, most(of=in_use()))
    return tuple(parameters for _, parameters in mixture(many, of=in_use()))


def scorecard(
    draws: Sequence[Parameters],
    studies: Sequence[str] = ASKED,
    sizes: Sizes = DEFAULT_SIZES,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[dict[str, Any]]:
    """Return one record a target of the studies asked for; arguments as `measured`.

    Raises:
        InvalidInput: for a study that does not exist.
    """
    each = measured(draws, studies, sizes, seed, workers, progress)
    return records(each, [t for t in TARGETS.values() if t.study in studies])


def measured(
    draws: Sequence[Parameters],
    studies: Sequence[str] = ASKED,
    sizes: Sizes = DEFAULT_SIZES,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> list[dict[str, Moment]]:
    """Return what the studies asked for give, by parameter set.

    Args:
        draws: Parameter sets; the default parameters alone where there are none.
        studies: Names of studies.
        sizes: Worlds of each kind.
        seed: The root of the replicates' seeds, the same for all draws.
        workers: Processes; as many as there are processors if not given.
        progress: Called with parameter sets done and in all.

    Raises:
        InvalidInput: for a study that does not exist.
    """
    for name in studies:
        if name not in STUDIES:
            raise InvalidInput(f"study: no {name!r}; {nearest(name, tuple(STUDIES))}")
    sets = list(draws) or [Parameters()]
    give = partial(moments, seed=seed, studies=tuple(studies), sizes=sizes)
    each = []
    for found in _evaluated(give, sets, workers):
        each.append(found)
        if progress is not None:
            progress(len(each), len(sets))
    return each


def unfitted(
    limit: int,
    sizes: Sizes = DEFAULT_SIZES,
    seed: int = 0,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, Forecast]:
    """Return what the posterior forecasts of targets that took no part in the fit.

    Args:
        limit: Draws, at most.
        sizes: As in `measured`, and so are the others.
        seed: The root of the replicates' seeds.
        workers: Processes.
        progress: Called with parameter sets done and in all.
    """
    targets = validation_targets()
    studies = tuple(dict.fromkeys(t.study for t in targets.values()))
    each = measured(posterior(limit), studies, sizes, seed, workers, progress)
    return of_draws(each, tuple(targets))


def _evaluated(
    give: Callable[[Parameters], dict[str, Moment]], sets: list[Parameters], workers: int | None
) -> Iterator[dict[str, Moment]]:
    many = how_many(workers, len(sets))
    if many <= 1:
        yield from map(give, sets)
        return
    with pool(many) as executor:
        yield from executor.map(give, sets)


def records(each: Sequence[dict[str, Moment]], targets: Sequence[Target]) -> list[dict[str, Any]]:
    """Return `{id, role, published, tolerance, value, low, high, pass, note}` a target.

    Value and interval are those of `interval`. A pass is a value within tolerance.
    """
    out = []
    for t in targets:
        value, low, high = interval(each, t.id)
        hit = t.passes(value)
        out.append(
            {
                "id": t.id,
                "role": t.role,
                "published": t.published,
                "tolerance": t.tolerance,
                "value": _plain(value),
                "low": _plain(low),
                "high": _plain(high),
                "pass": hit,
                "note": "" if hit else t.note or "not yet explained",
            }
        )
    return out


def interval(each: Sequence[dict[str, Moment]], name: str) -> tuple[float, float, float]:
    """Return the median of a number over parameter sets, and where nine tenths of them lie.

    Of a single set the interval is the Monte Carlo error's.
    """
    values = np.array([m[name].value for m in each])
    value = float(np.median(values))
    if len(each) > 1:
        low, high = (float(q) for q in np.quantile(values, (0.05, 0.95)))
        return value, low, high
    half = NORMAL_90 * each[0][name].error
    return value, value - half, value + half


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def covers(draws: int) -> str:
    """Return what the values stand for."""
    if draws == 0:
        return (
            "At the default parameters: the package ships no posterior. Intervals are Monte Carlo "
            "error alone (90%)."
        )
    return (
        f"Medians and 90% intervals over {draws} draws from the posterior. Tolerances are ours "
        "where the source gives no error; validation targets took no part in the fit."
        + "".join(f" {line}" for line in stale(in_use()))
    )
