"""Predictive distributions of published findings, from any forecast of what the model gives.

A forecast of a finding is weighted values, as over draws of the posterior. What is published is
those values, plus their Monte Carlo error, plus what the model misses findings of this kind by
(its discrepancy: Kennedy & O'Hagan 2001, doi:10.1111/1467-9868.00294), plus the error of what was
published. The discrepancy is normal around nothing, with a standard deviation in tolerances of the
finding, which is learned from findings of *other studies* alone: what is scored takes no part in
how it is scored. Standard deviations of kinds are lognormal around a common one, so that a kind of
few studies is told by the others; all of them are integrated over, on a grid.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput
from trustabm.evidence.kinds import KINDS, Kind, kind_of
from trustabm.evidence.moments import Moment
from trustabm.evidence.target import Target
from trustabm.evidence.targets import TARGETS

__all__ = [
    "COLUMNS",
    "Forecast",
    "Forecasts",
    "Spread",
    "number",
    "of_draws",
    "predicted",
    "read",
    "spreads",
    "write",
]

Floats = npt.NDArray[np.float64]

SIZES: Floats = np.geomspace(0.02, 50.0, 121)
"""Discrepancies that are thought of: standard deviations in tolerances."""

ALIKE = 0.5
"""How far kinds differ in discrepancy: standard deviation of its logarithm over kinds (ours)."""

SAMPLES = 4000
"""Points of a predictive distribution."""

COLUMNS = ("study", "target", "draw", "weight", "model", "error")
"""Of a table of forecasts; without `error`, what the model gives has no Monte Carlo error."""


class Forecast(NamedTuple):
    """What is forecast of one finding, apart from what the forecast misses.

    Args:
        values: Values, of shape (draws,).
        weights: What each counts, of shape (draws,), adding up to 1.
        errors: Monte Carlo standard error of each, of shape (draws,).
    """

    values: Floats
    weights: Floats
    errors: Floats

    @property
    def mean(self) -> float:
        """The mean."""
        return float(self.weights @ self.values)

    @property
    def variance(self) -> float:
        """The variance, Monte Carlo error included."""
        return float(self.weights @ ((self.values - self.mean) ** 2 + self.errors**2))


Forecasts = Mapping[str, Forecast]
"""Forecasts by target id."""

Spread = Mapping[Kind, Floats]
"""By kind, how likely each of `SIZES` is as its discrepancy; each adds up to 1."""


def number(value: float) -> Forecast:
    """Return the forecast of one number."""
    return Forecast(np.array([value]), np.ones(1), np.zeros(1))


def of_draws(each: Sequence[Mapping[str, Moment]], targets: Sequence[str]) -> dict[str, Forecast]:
    """Return forecasts of targets from what equally likely draws give."""
    found = {}
    for i in targets:
        values, errors = np.array([m[i] for m in each], dtype=np.float64).T
        found[i] = Forecast(values, np.full(len(each), 1 / len(each)), np.nan_to_num(errors))
    return found


def spreads(forecasts: Forecasts) -> dict[str, Spread]:
    """Return, by study, how likely each discrepancy is by the findings of all other studies.

    Only findings of which a number was published say so. The parts of a row share its weight.

    Args:
        forecasts: Of targets that the forecast was not made with.
    """
    known = [t for t in map(TARGETS.__getitem__, forecasts) if t.numeric]
    parts = Counter(t.row for t in known)
    logs = {t.id: _log_likely(t, forecasts[t.id]) / parts[t.row] for t in known}
    far = (np.log(SIZES)[:, None] - np.log(SIZES)) / ALIKE
    of_kind = np.exp(-0.5 * far**2)  # given the common one, which the rows are
    of_kind /= of_kind.sum(axis=1, keepdims=True)
    # The common one is a priori half-Cauchy with a median of one tolerance (Gelman 2006,
    # doi:10.1214/06-BA117A), on a grid whose steps are of its logarithm.
    prior = SIZES / (1 + SIZES**2)
    found: dict[str, Spread] = {}
    for study in dict.fromkeys(TARGETS[i].study for i in forecasts):
        likely = {
            kind: _scaled([logs[t.id] for t in known if kind_of(t.id) == kind and t.study != study])
            for kind in KINDS
        }
        told = {kind: of_kind @ x for kind, x in likely.items()}  # of the common one, by a kind
        spread = {}
        for kind in KINDS:
            common = prior * np.prod([told[k] for k in KINDS if k != kind], axis=0)
            each = likely[kind] * (common @ of_kind)
            spread[kind] = each / each.sum()
        found[study] = spread
    return found


def _log_likely(t: Target, forecast: Forecast) -> Floats:
    """Return the log likelihood of each of `SIZES`, up to a constant, from one finding."""
    variance = (forecast.variance + t.error**2) / t.tolerance**2 + SIZES**2
    off = (forecast.mean - t.middle) / t.tolerance
    log: Floats = -0.5 * (off**2 / variance + np.log(variance))
    return log


def _scaled(logs: Sequence[Floats]) -> Floats:
    """Return the product of likelihoods, its greatest 1."""
    log = np.sum([np.zeros(len(SIZES)), *logs], axis=0)
    likely: Floats = np.exp(log - log.max())
    return likely


def predicted(target: Target, forecast: Forecast, spread: Spread | None, seed: int = 0) -> Floats:
    """Return equally likely values of what is published, of shape (SAMPLES,).

    Args:
        target: What is forecast.
        forecast: What is forecast of it.
        spread: Of the discrepancy; without it, values have their Monte Carlo error and that of
            what was published alone.
        seed: With the target's id it makes the samples.
    """
    rng = np.random.default_rng([seed, zlib.crc32(target.id.encode())])
    draw = rng.choice(len(forecast.values), SAMPLES, p=forecast.weights)
    size = np.hypot(forecast.errors[draw], target.error)
    if spread is not None:
        far = rng.choice(SIZES, SAMPLES, p=spread[kind_of(target.id)])
        size = np.hypot(size, far * target.tolerance)
    low, high = _limits(target.unit)
    return np.clip(forecast.values[draw] + size * rng.standard_normal(SAMPLES), low, high)


def _limits(unit: str) -> tuple[float, float]:
    """Return between what a number of a unit lies."""
    if unit.startswith("% change"):
        return -100.0, np.inf
    if unit.startswith("% of ") and "fall" not in unit and "gap" not in unit:
        return 0.0, 100.0
    if unit == "correlation":
        return -1.0, 1.0
    positive = unit in ("odds ratio", "times as many") or unit.startswith("per ")
    return (0.0, np.inf) if positive else (-np.inf, np.inf)


def write(forecasts: Forecasts, path: Path) -> None:
    """Write forecasts to a Parquet file with the columns `COLUMNS`, a row a target and draw."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [
        (TARGETS[i].study, i, k, *(float(x) for x in row))
        for i, f in forecasts.items()
        for k, row in enumerate(zip(f.weights, f.values, f.errors, strict=True))
    ]
    pq.write_table(
        pa.table(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))), path
    )


def read(path: Path, fitted: bool) -> dict[str, Forecast]:
    """Return the forecasts of a Parquet file with the columns `COLUMNS`.

    Weights need not add up to 1, and other columns do no harm.

    Args:
        path: The file.
        fitted: Whether targets are wanted that parameters are fitted to, or those never fitted;
            the others are passed over.

    Raises:
        InvalidInput: where it is no such file, or a number in it is none.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as e:
        raise InvalidInput(f"{path}: expected a Parquet file of forecasts: {e}") from e
    lacking = [c for c in COLUMNS[:-1] if c not in table.column_names]
    if lacking:
        raise InvalidInput(f"{path}: expected the columns {', '.join(COLUMNS)}, got no {lacking}")
    columns = {c: table[c].to_numpy() for c in table.column_names if c in COLUMNS}
    found = {}
    for i in dict.fromkeys(columns["target"].tolist()):
        if i not in TARGETS:
            raise InvalidInput(f"{path}: target: expected one that is declared, got {i!r}")
        if TARGETS[i].role not in (("calibration", "baseline") if fitted else ("validation",)):
            continue
        own = columns["target"] == i
        study = set(columns["study"][own].tolist())
        if study != {TARGETS[i].study}:
            raise InvalidInput(
                f"{path}: study: expected {TARGETS[i].study!r} of target {i!r}, got {sorted(study)}"
            )
        weights, values, errors = (
            np.asarray(columns[c][own] if c in columns else np.zeros(own.sum()), np.float64)
            for c in ("weight", "model", "error")
        )
        if not (np.isfinite([weights, values, errors]).all() and min(weights) >= 0 < sum(weights)):
            raise InvalidInput(
                f"{path}: target {i!r}: expected finite values and weights from 0 up"
            )
        found[i] = Forecast(values, weights / weights.sum(), errors)
    if not found:
        wanted = "that parameters are fitted to" if fitted else "that were never fitted"
        raise InvalidInput(f"{path}: target: expected some {wanted}, got none")
    return found
