"""How long runs took until conditions held, and how many never got there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from trustabm.outcomes.estimates import estimates
from trustabm.study.definition import Study
from trustabm.study.doubt import lot_of
from trustabm.study.effects import place

__all__ = ["reached_of"]

Floats = npt.NDArray[np.float64]

NUMBERS = ["weeks", "weeks_low", "weeks_high", "difference", "low", "high"]
NUMBERS += ["percent", "percent_low", "percent_high"]
OF = {"weeks": "level", "weeks_low": "level_low", "weeks_high": "level_high"}
"""What an estimate calls them."""

UNKNOWN = "not known: another condition ended runs before"


def reached_of(db: duckdb.DuckDBPyConnection, study: Study, names: tuple[str, ...]) -> pd.DataFrame:
    """Return after how many weeks conditions held: a row a town, point, arm and condition.

    A run in which one never held within the study's weeks counts with all of these weeks, which is
    known of it: `weeks` is the mean of that, the restricted mean (Royston & Parmar 2013,
    doi:10.1186/1471-2288-13-152), its differences from the reference paired by replicate. Of a run
    that another condition ended before, nobody knows; then there is no mean.

    Args:
        db: Where the view `runs` is.
        study: The study.
        names: What is varied.
    """
    arms = list(study.arms)
    conditions = list(study.when)
    columns = ", ".join([*(f"until_{n}" for n in conditions), *(("weeks",) if study.stops else ())])
    data = db.sql(
        f"select town, point, replicate, {columns} from runs where error is null "
        f"qualify count(*) over (partition by town, point, replicate) = {len(arms)} "
        f"order by {place('town', [*study.towns])}, point, replicate, {place('arm', arms)}"
    ).df()
    rows: list[dict[str, Any]] = []
    for (town, point), frame in data.groupby(["town", "point"], sort=False):
        many = len(frame) // len(arms)
        shape = many, len(arms), len(conditions)
        until = frame[[f"until_{n}" for n in conditions]].to_numpy(float).reshape(shape)
        lived = np.full(shape[:2], float(study.weeks))
        if study.stops:
            lived = frame["weeks"].to_numpy(float).reshape(shape[:2])
        here = {"town": town, "point": point}
        numbers = frame["replicate"].iloc[:: len(arms)]
        lots = [lot_of(k, study.replicates) if study.doubt else 0 for k in numbers]
        rows += [here | row for row in _rows(study, until, lived, lots)]
    head = ["town", "point", "arm", "when", "replicates", "reached", "ended", "median"]
    found = pd.DataFrame(rows, columns=[*head, *NUMBERS, "verdict"])
    if names:
        listed = ", ".join(f'"{n}"' for n in names)
        varied = db.sql(f"select distinct point, {listed} from runs").df()
        found = found.merge(varied, on="point", how="left")
    return found[["town", "point", *names, *head[2:], *NUMBERS, "verdict"]]


def _rows(
    study: Study, until: Floats, lived: Floats, lots: Sequence[int] = ()
) -> Iterator[dict[str, Any]]:
    """Yield a row an arm and condition at one place.

    Args:
        study: The study.
        until: Weeks until each condition, of shape (replicates, arms, conditions); NaN for never.
        lived: Weeks of each run, of shape (replicates, arms).
        lots: Which lot each replicate lives by; one for all if not given.
    """
    got = np.isfinite(until)
    unknown = ~got & (lived < study.weeks)[..., None]
    value = np.where(got, until, np.where(unknown, np.nan, float(study.weeks)))
    many = len(value)
    with np.errstate(invalid="ignore"):
        without = (value.sum(axis=0) - value) / (many - 1) if many > 1 else value + np.nan
    tops = [float(study.weeks)] * until.shape[-1]
    of_arms = estimates(value.mean(axis=0), without, got.astype(float), tops, draws=lots)
    places = itertools.product(enumerate(study.arms), enumerate(study.when))
    for (arm, name), (k, condition) in places:
        e = of_arms[arm][k]
        numbers = {n: getattr(e, OF.get(n, n)) for n in NUMBERS}
        verdict = "" if arm == 0 else str(e.verdict())
        if unknown[:, [0, arm], k].any():
            verdict = UNKNOWN
        yield {
            "arm": name,
            "when": condition,
            "replicates": many,
            "reached": int(got[:, arm, k].sum()),
            "ended": int(unknown[:, arm, k].sum()),
            "median": _median(until[:, arm, k], bool(unknown[:, arm, k].any())),
            **{n: math.nan if x is None else x for n, x in numbers.items()},
            "verdict": verdict,
        }


def _median(until: Floats, unknown: bool) -> float:
    """Return after how many weeks half of the runs were there; NaN where fewer ever were."""
    found = np.sort(np.where(np.isfinite(until), until, np.inf))[(len(until) - 1) // 2]
    return math.nan if unknown or math.isinf(found) else float(found)
