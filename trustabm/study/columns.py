"""The columns of runs: keys, varied names, levels of outcomes, and sums that levels come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trustabm.inputs.groups import Groups
from trustabm.inputs.parameters import Parameters
from trustabm.outcomes.measures import events, levels
from trustabm.rules.luck import seed_of
from trustabm.state.layout import TALLY, TOWN_TALLY
from trustabm.study.definition import Study, measured
from trustabm.study.designs import VARIABLE
from trustabm.study.series import Series
from trustabm.study.when import ended
from trustabm.study.work import Work
from trustabm.study.worker import Ran, kept

__all__ = ["KEYS", "Columns", "CostsOf", "events_of", "levels_of"]

Floats = npt.NDArray[np.float64]

KEYS = ("run_id", "town", "point", "replicate", "seed", "arm")


@dataclass(frozen=True)
class CostsOf:
    """What crimes and days in jail cost in many runs."""

    cost_violent: float | Floats
    cost_property: float | Floats
    cost_jail_day: float | Floats

    @classmethod
    def of(cls, varied: dict[str, Floats], parameters: Parameters) -> CostsOf:
        """Return the costs of runs: varied, or the same in all of them."""
        names = ("cost_violent", "cost_property", "cost_jail_day")
        return cls(*(varied.get(n, getattr(parameters, n)) for n in names))


@dataclass(frozen=True)
class Columns:
    """Names and order of columns.

    Args:
        names: What is varied.
        outcomes: The outcomes kept.
        fields: The group tallies kept.
        town_fields: The town tallies kept.
        groups: The groups that are counted.
        when: The conditions whose first week is noted.
        stops: Whether one of them may end a run.
        series: What they are of, where they are of weeks.
    """

    names: tuple[str, ...]
    outcomes: tuple[str, ...]
    fields: tuple[str, ...]
    town_fields: tuple[str, ...]
    groups: Groups
    when: tuple[str, ...] = ()
    stops: bool = False
    series: Series | None = None

    @classmethod
    def of(cls, study: Study, names: tuple[str, ...], groups: Groups) -> Columns:
        """Return the columns of a study's runs.

        Args:
            study: The study.
            names: What is varied.
            groups: The groups of its towns.
        """
        of = study.outcomes, *kept(study.outcomes), groups
        return cls(names, *of, tuple(study.when), study.stops)

    @classmethod
    def of_work(cls, work: Work) -> Columns:
        """Return the columns of the runs of some work."""
        return cls.of(work.study, work.names, work.task.groups)

    def of_series(self, series: Series) -> Columns:
        """Return the columns of what is kept of the weeks of these runs."""
        of = series.outcomes, *kept(series.outcomes)
        return Columns(self.names, *of, self.groups, series=series)

    @property
    def ends(self) -> list[str]:
        """Columns that say which weeks a run has, and when conditions first held in it."""
        return [*(("weeks", "stopped") if self.stops else ()), *(f"until_{n}" for n in self.when)]

    @property
    def sums(self) -> list[str]:
        """Columns of sums: by group, then of the town."""
        groups = [f"sum__{f}__{g}" for g in self.groups.names for f in self.fields]
        return groups + [f"sum__{f}__town" for f in self.town_fields]

    @property
    def levels(self) -> list[str]:
        """Columns of levels."""
        return [f"{outcome}__{group}" for outcome, group in measured(self.outcomes, self.groups)]

    def schema(self) -> pa.Schema:
        """Return the schema of a part; of weeks, with the week and without errors."""
        types: dict[str, pa.DataType] = {
            "point": pa.int32(),
            "replicate": pa.int32(),
            "seed": pa.int64(),
        }
        fields: list[tuple[str, pa.DataType]] = [(k, types.get(k, pa.string())) for k in KEYS]
        if self.series is not None:
            fields += [("week", pa.int32())]
            fields += [("weeks", pa.int32())] if self.series.every > 1 else []
        fields += [(name, _type(name)) for name in self.names]
        fields += [(name, pa.float64()) for name in self.levels + self.sums]
        if self.series is None:
            types = {"stopped": pa.string()}
            fields += [(name, types.get(name, pa.int32())) for name in self.ends]
            fields += [("error", pa.string()), ("sitting", pa.int32())]
        return pa.schema(fields)

    def runs(self, work: Work, runs: Sequence[Ran], sitting: int = 0) -> pa.Table:
        """Return runs as a table.

        Args:
            work: The study's runs.
            runs: Some of them.
            sitting: The number of the sitting that made them; provenance says with what.
        """
        groups = np.full((len(runs), len(self.groups.names), len(self.fields)), np.nan)
        town = np.full((len(runs), len(self.town_fields)), np.nan)
        for k, run in enumerate(runs):
            if run.groups is not None and run.town is not None:
                groups[k], town[k] = run.groups, run.town
        more = self._ends(work.study, runs)
        more |= {"error": [run.error for run in runs], "sitting": [sitting] * len(runs)}
        return self._table(work, runs, groups, town, more)

    def _ends(self, study: Study, runs: Sequence[Ran]) -> dict[str, Any]:
        """Return what is noted of the weeks of runs, by column; nothing of those that failed."""
        found: dict[str, Any] = {
            f"until_{n}": [(r.until or {}).get(n) for r in runs] for n in self.when
        }
        if self.stops:
            found["weeks"] = [None if r.groups is None else r.lived for r in runs]
            found["stopped"] = [ended(study.when, r.until or {}) for r in runs]
        return found

    def weeks(self, work: Work, runs: Sequence[Ran]) -> pa.Table:
        """Return the weeks of runs that went well as a table; week 0 is where arms part."""
        well = [(r, *r.series) for r in runs if r.series is not None]
        if not well or self.series is None:
            return self.schema().empty_table()
        burn_in, series = work.study.burn_in, self.series
        groups, town = (np.concatenate(x) for x in zip(*((g, t) for _, g, t in well), strict=True))
        more = {
            "week": [w for r, *_ in well for w in series.starts(burn_in, r.lived)],
            "weeks": [w for r, *_ in well for w in series.lengths(burn_in, r.lived)],
        }
        rows = [r for r, of, _ in well for _ in range(len(of))]
        return self._table(work, rows, groups, town, more)

    def _table(
        self,
        work: Work,
        runs: Sequence[Ran],
        groups: Floats,
        town: Floats,
        more: dict[str, Any],
    ) -> pa.Table:
        schema = self.schema()
        jobs = [r.job for r in runs]
        columns: dict[str, Any] = {
            "run_id": [work.id(r.job, r.arm) for r in runs],
            "town": [j.town for j in jobs],
            "point": [j.point for j in jobs],
            "replicate": [j.replicate for j in jobs],
            "seed": [seed_of(work.study.seed, j.replicate) for j in jobs],
            "arm": [r.arm for r in runs],
        }
        columns |= {name: [j.values[name] for j in jobs] for name in self.names} | more
        varied = {n: np.array(columns[n]) for n in self.names if n.startswith("cost_")}
        levels = levels_of(self, groups, town, CostsOf.of(varied, work.study.parameters))
        columns |= {f"{o}__{g}": levels[o, g] for o, g in measured(self.outcomes, self.groups)}
        flat = np.concatenate([groups.reshape(len(runs), -1), town], axis=1)
        columns |= dict(zip(self.sums, flat.T, strict=True))
        arrays = [
            # A level with nothing to count it over is missing, not a number that SQL would average.
            pa.array(columns[field.name], field.type, from_pandas=True)
            for field in schema
        ]
        return pa.Table.from_arrays(arrays, schema=schema)


def levels_of(
    columns: Columns, groups: Floats, town: Floats, costs: CostsOf, expected: bool = False
) -> dict[tuple[str, str], Floats]:
    """Return levels from sums of the tallies that are kept.

    Args:
        columns: Which are kept.
        groups: Sums of shape (..., groups, fields).
        town: Sums of shape (..., town fields).
        costs: Where the costs are; arrays must broadcast against shape (...).
        expected: Whether they are of what was to be expected, as in a comparison.
    """
    sums = _whole(columns, groups, town)
    return levels(columns.groups, *sums, costs, columns.outcomes, expected)


def events_of(columns: Columns, groups: Floats, town: Floats) -> dict[tuple[str, str], Floats]:
    """Return how many events outcomes rest on, from sums of the tallies that are kept.

    Args:
        columns: Which are kept.
        groups: Sums of shape (..., groups, fields).
        town: Sums of shape (..., town fields).
    """
    return events(columns.groups, *_whole(columns, groups, town), columns.outcomes)


def _whole(columns: Columns, groups: Floats, town: Floats) -> tuple[Floats, Floats]:
    """Return sums of all tallies, NaN where one is not kept."""
    names, town_names = TALLY.names or (), TOWN_TALLY.names or ()
    whole = np.full((*groups.shape[:-1], len(names)), np.nan)
    whole[..., [names.index(f) for f in columns.fields]] = groups
    town_whole = np.full((*town.shape[:-1], len(town_names)), np.nan)
    town_whole[..., [town_names.index(f) for f in columns.town_fields]] = town
    return whole, town_whole


def _type(name: str) -> pa.DataType:
    default = VARIABLE[name].default
    if isinstance(default, bool):
        return pa.bool_()
    return pa.string() if isinstance(default, str) else pa.float64()
