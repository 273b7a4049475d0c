"""Paired effects of many points at once, in the same way as a comparison makes them for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from trustabm.outcomes.estimates import NUMBERLESS, Verdict, estimate
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.intervals import changes
from trustabm.study.columns import (
    Columns,
    CostsOf,
    events_of,
    levels_of,
)
from trustabm.study.definition import Study, measured
from trustabm.study.doubt import lot_of

__all__ = ["effects_of", "spread_of"]

Floats = npt.NDArray[np.float64]

NUMBERS = ("difference", "low", "high", "percent", "percent_low", "percent_high")

ROWS = 200_000
"""Runs read at a time."""


def effects_of(
    db: duckdb.DuckDBPyConnection,
    study: Study,
    names: tuple[str, ...],
    columns: Columns,
    view: str = "sums",
) -> pd.DataFrame:
    """Return the effects of every arm but the reference, at every town and point.

    Args:
        db: Where the runs are.
        study: The study.
        names: What is varied.
        columns: The columns kept.
        view: Which view holds them.
    """
    arms = list(study.arms)
    counts = db.sql(f"select point, count(*) from {view} group by point order by point").fetchall()
    frames, first, rows = [], 0, 0
    for k, (point, many) in enumerate(counts):
        rows += many
        if rows >= ROWS or k == len(counts) - 1:
            frames += _chunk(db, study, columns, arms, (first, point), view)
            first, rows = point + 1, 0
    keys = ["town", "point", "arm", "outcome", "group"]
    if not frames:
        return pd.DataFrame(columns=keys)
    frame = pd.concat(frames, ignore_index=True)
    varied = db.sql(f"select distinct point, {_list(names)} from {view}").df() if names else None
    if varied is not None:
        frame = frame.merge(varied, on="point", how="left")
    order = {"town": list(study.towns), "arm": arms}
    order |= {"outcome": list(study.outcomes)}
    for name, values in order.items():
        frame[name] = pd.Categorical(frame[name], values)
    order_of_groups = list(dict.fromkeys(g for _, g in measured(study.outcomes, columns.groups)))
    frame["group"] = pd.Categorical(frame["group"], order_of_groups)
    frame = frame.sort_values(keys, ignore_index=True)
    for name in ("town", "arm", "outcome", "group"):
        frame[name] = frame[name].astype("str")
    shown = ["replicates", "reference", "level", *NUMBERS, "verdict"]
    return frame[["town", "point", *names, "arm", "outcome", "group", *shown]]


def _chunk(
    db: duckdb.DuckDBPyConnection,
    study: Study,
    columns: Columns,
    arms: list[str],
    within: tuple[int, int],
    view: str,
) -> list[pd.DataFrame]:
    """Return the effects of some points, a frame for each number of whole replicates."""
    first, last = within
    costs = [n for n in columns.names if n.startswith("cost_")]
    keys = ["town", "point", "replicate", "arm", *costs]
    data: dict[str, Any] = db.sql(
        f"select {_list([*keys, *columns.sums])} from {view} "
        f"where error is null and point between {first} and {last} "
        f"qualify count(*) over (partition by town, point, replicate) = {len(arms)} "
        f"order by town, point, replicate, {place('arm', arms)}"
    ).fetchnumpy()
    many = len(data["point"]) // len(arms)
    if not many:
        return []
    flat = np.stack([np.asarray(data[c], np.float64) for c in columns.sums], axis=-1)
    flat = flat.reshape(many, len(arms), -1)
    shape = len(columns.groups.names), len(columns.fields)
    edge = shape[0] * shape[1]
    groups = flat[..., :edge].reshape(many, len(arms), *shape)
    town = flat[..., edge:]
    varied = {n: np.asarray(data[n], np.float64)[:: len(arms)] for n in costs}
    towns, points = (np.asarray(data[k])[:: len(arms)] for k in ("town", "point"))
    new = np.flatnonzero((towns[1:] != towns[:-1]) | (points[1:] != points[:-1])) + 1
    starts = np.concatenate([[0], new])
    sizes = np.diff(np.concatenate([starts, [many]]))
    replicates = np.asarray(data["replicate"])[:: len(arms)]
    # Places whose whole replicates live by the same lots; without lots, that have as many.
    alike: dict[tuple[int, ...], list[int]] = {}
    for start, size in zip(starts, sizes, strict=True):
        lots = [
            lot_of(int(k), study.replicates) if study.doubt else 0
            for k in replicates[start : start + size]
        ]
        alike.setdefault(tuple(lots), []).append(start)
    frames = []
    for lots_, those in sorted(alike.items(), key=lambda of: (len(of[0]), of[0])):
        here, size = np.array(those), len(lots_)
        rows = here[:, None] + np.arange(size)
        costs_here = CostsOf.of({n: v[here][:, None] for n, v in varied.items()}, study.parameters)
        table = _estimates(columns, groups[rows], town[rows], costs_here, lots_)
        place_of = {"town": towns[here], "point": points[here], "replicates": size}
        frames += [
            pd.DataFrame(place_of | {"arm": arms[k], "outcome": outcome, "group": group} | numbers)
            for (outcome, group, k), numbers in table.items()
        ]
    return frames


def _estimates(
    columns: Columns, groups: Floats, town: Floats, costs: CostsOf, lots: Sequence[int]
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Return estimates by outcome, group and arm, arrays of shape (places,).

    Args:
        columns: The columns kept.
        groups: Sums of shape (places, replicates, arms, groups, fields).
        town: Sums of shape (places, replicates, arms, town fields).
        costs: Where the costs are, of shape (places, 1) if they vary.
        lots: Which lot each replicate lives by.
    """
    all_groups, all_town = groups.sum(axis=1), town.sum(axis=1)
    whole = levels_of(columns, all_groups, all_town, costs, expected=True)
    # Replicates first, so that costs of shape (places, 1) broadcast in both.
    without = levels_of(
        columns,
        np.moveaxis(all_groups[:, None] - groups, 1, 0),
        np.moveaxis(all_town[:, None] - town, 1, 0),
        costs,
        expected=True,
    )
    counted = events_of(columns, np.moveaxis(groups, 1, 0), np.moveaxis(town, 1, 0))
    table = {}
    for key, level in whole.items():
        top = GLOSSARY[key[0]].top
        for arm in range(1, level.shape[1]):
            pair = [0, arm]
            # Places last: an interval is made for each of them.
            each, many = (np.swapaxes(t[key][..., pair], 1, 2) for t in (without, counted))
            numbers = changes(level[:, pair].T, each, many, top, lots)
            verdicts = zip(level[:, arm], many.sum(axis=(0, 1)), *numbers, strict=True)
            table[*key, arm] = {
                "reference": level[:, 0],
                "level": level[:, arm],
                **{name: getattr(numbers, name) for name in NUMBERS},
                "verdict": [str(estimate(*row).verdict()) for row in verdicts],
            }
    return table


def spread_of(effects: pd.DataFrame) -> pd.DataFrame:
    """Return mean, middle 90% and sign of effects over points.

    Where at every point one thing is said that is no number, as that there are too few events, it
    is the `verdict`; of too few events there are no numbers either.
    """
    keys = ["town", "arm", "outcome", "group"]
    known = effects[effects["difference"].notna()]
    found = known.groupby(keys, sort=False)["difference"]
    frame = found.agg(
        points="size",
        mean="mean",
        low=lambda x: x.quantile(0.05),
        high=lambda x: x.quantile(0.95),
        above=lambda x: (x > 0).mean(),
    )
    said = known.groupby(keys, sort=False)["verdict"].agg(_one)
    frame["verdict"] = said.where(said.isin([str(v) for v in NUMBERLESS]), None)
    frame.loc[said == str(Verdict.TOO_FEW), ["mean", "low", "high", "above"]] = np.nan
    return frame.reset_index()


def _one(words: pd.Series) -> str | None:
    """Return what all of some words are, None where they differ."""
    return str(words.iloc[0]) if words.nunique() == 1 else None


def place(column: str, values: list[str]) -> str:
    """Return SQL for the place of a column's value in a list."""
    words = ", ".join("'" + v.replace("'", "''") + "'" for v in values)
    return f"list_position([{words}], {column})"


def _list(columns: list[str] | tuple[str, ...]) -> str:
    return ", ".join(quoted(c) for c in columns)


def quoted(column: str) -> str:
    """Return a column's name as SQL reads it."""
    return '"' + column.replace('"', '""') + '"'
