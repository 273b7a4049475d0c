"""The results of a sweep, opened: frames, paired effects, and SQL."""

from __future__ import annotations

import itertools
import re
import shutil
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from trustabm.errors import (
    Damaged,
    InvalidInput,
    nearest,
    shown,
)
from trustabm.inputs.groups import EthnicGroup, Groups
from trustabm.runs.folders import written
from trustabm.runs.notebook import drawn, page
from trustabm.runs.tables import write_csv
from trustabm.runs.tidy import Leveled
from trustabm.study.columns import Columns
from trustabm.study.effects import (
    effects_of,
    place,
    spread_of,
)
from trustabm.study.lots import needed
from trustabm.study.papers import (
    REMEDY,
    known_key,
    known_points,
    known_where,
)
from trustabm.study.reached import reached_of
from trustabm.study.remote import fetched, is_address
from trustabm.study.store import Store, rows_of
from trustabm.study.views import Views

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from trustabm.study.definition import Study

__all__ = ["OpenStudy", "open_study"]

TABLES = ("runs", "effects", "weekly", "spread", "reached")

SHOWN = 20
"""Rows of effects that a notebook shows."""


def open_study(folder: str | Path, *, leave_out_damaged: bool = False) -> OpenStudy:
    """Open the folder of a sweep, finished or at work.

    Args:
        folder: What `trustabm sweep` wrote to, on object storage too, as `s3://bucket/study`; or
            a copy of it on a web server.
        leave_out_damaged: Whether to read what is whole where parts of it are damaged; sweeping
            again does only their runs.

    Raises:
        InvalidInput: where it holds no study, or no run yet.
        Damaged: where something in it is not as it was written, naming it.
    """
    here = fetched(str(folder)) if is_address(folder) else folder
    return OpenStudy(here, leave_out_damaged=leave_out_damaged)


class OpenStudy:
    """What a sweep has given until now. `trustabm.study` says which columns there are.

    Only runs that the study as it was swept last asks for are seen; `notices` says what else there
    is to know, and every frame carries it as `.attrs["notices"]`.

    Args:
        folder: What `trustabm sweep` wrote to.
        leave_out_damaged: Whether to read what is whole where parts of it are damaged.
    """

    def __init__(self, folder: str | Path, *, leave_out_damaged: bool = False) -> None:
        self.folder = Path(folder)
        self.study: Study
        self.study, self._key = known_key(self.folder)
        known = known_points(self.folder)
        asked = [n for n, wanted in enumerate(known.asked) if wanted]
        self.points: list[dict[str, Any]] = [known.points[n] for n in asked]
        if not Store(self.folder).parts("runs"):
            raise InvalidInput(f"{folder}: expected a sweep with runs, got one without any yet")
        if known.study != self._key:
            raise Damaged(
                f"{folder}: expected points and study of one sweep, got two: points.parquet or "
                f"study.toml was put there; {REMEDY}"
            )
        self.names: tuple[str, ...] = tuple(self.points[0])
        ethnic = [e | {"colors": tuple(e["colors"])} for e in self.provenance["groups"]]
        self.groups = Groups(tuple(EthnicGroup(**e) for e in ethnic))
        self._columns = Columns.of(self.study, self.names, self.groups)
        self._views = Views(
            self.folder, self.study, self._key, self._columns, asked, leave_out_damaged
        )

    def __eq__(self, other: object) -> bool:
        """Whether another asks the same, and as many runs of it gave the same, bit for bit."""
        if not isinstance(other, OpenStudy):
            return False
        mine = (self._key, self.points, self.total) == (other._key, other.points, other.total)
        tables = ("runs", "weekly") if self.study.kept is not None else ("runs",)
        return mine and all(getattr(self, t).equals(getattr(other, t)) for t in tables)

    def __hash__(self) -> int:
        return hash((self._key, self.done))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.study.title}, {self.runs_said}>"

    def _repr_html_(self) -> str:
        """Return the effects on the study's first outcome and group, for a notebook."""
        if self.stopped:
            about = f"{self.runs_said}; when conditions first held"
            return page(self.study.title, about, _as_read(self.reached()), list(self.notices))
        effects = self.effects()
        first = effects[["outcome", "group"]].iloc[:1].to_numpy().tolist()
        effects = (
            effects[(effects[["outcome", "group"]] == first[0]).all(axis=1)] if first else effects
        )
        varied = list(
            effects.columns[effects.columns.get_loc("point") : effects.columns.get_loc("arm")]
        )
        table = effects[
            ["town", *varied, "arm", "reference", "difference", "low", "high", "verdict"]
        ]
        shown = _as_read(table.head(SHOWN))
        about = f"{self.runs_said}; effects on {' of '.join(*first)}" if first else self.runs_said
        left = f"{len(table) - SHOWN:,} rows more: effects()" if len(table) > SHOWN else ""
        return page(self.study.title, about, shown, [*filter(None, [left]), *self.notices])

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Copy the study's folder, all or nothing; `trustabm.load` and `open_study` open the copy.

        Args:
            folder: Where to; made if it does not exist.
            force: Whether a folder that holds an earlier copy is replaced.

        Raises:
            OutputExists: where the folder holds something else, or `force` is not set.
            NotWritten: where it cannot be written.
        """
        with written(folder, force, "study") as root:
            beside = shutil.ignore_patterns(".*", "*.tmp")
            shutil.copytree(self.folder, root, ignore=beside, dirs_exist_ok=True)
        return Path(folder)

    @property
    def total(self) -> int:
        """How many runs the study asks for."""
        s = self.study
        return sum(self.needed.values()) * len(s.arms)

    @cached_property
    def needed(self) -> dict[tuple[str, int], int]:
        """How many replicates each town and point takes: so far, where an interval decides it."""
        s, points = self.study, range(len(self.points))
        if s.until is None:
            return dict.fromkeys(itertools.product(s.towns, points), s.replicates)
        return needed(self._views.db, s, self._columns, points)

    @cached_property
    def done(self) -> int:
        """How many of them are there, failed ones among them."""
        return self._count("runs")

    @property
    def runs_said(self) -> str:
        """How far the study is, as `561 of 1,080 runs`."""
        return f"{self.done:,} of {self.total:,} runs"

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """What a reader has to know, a line each: of the draws, and what is missing or left out."""
        said = [str(line) for line in self.provenance.get("notices", ())]
        if self._views.damaged:
            names = ", ".join(str(p.relative_to(self.folder)) for p in self._views.damaged)
            said.append(f"damaged and left out: {names}; {REMEDY}")
        if self.done < self.total:
            said.append(f"{self.runs_said} are there: the sweep is not finished")
        others = sum(map(rows_of, self._views.parts["runs"])) - self.done
        if others:
            said.append(
                f"{others:,} runs of earlier sweeps are left out: "
                "study.toml no longer asks for them"
            )
        if self.stopped:
            said.append(
                f"{self.stopped:,} of {self.done:,} runs ended before week {self.study.weeks:,}, "
                "by a condition that stops: their levels are of the weeks they have (columns "
                "weeks and stopped)"
            )
        if self._views.weekless:
            said.append(f"{self._views.weekless:,} runs have no weeks yet")
        return tuple(said)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Where the runs come from: versions, code, inputs, and every sitting that added runs.

        Raises:
            Damaged: where the file is not as it was written.
        """
        where, key = known_where(self.folder)
        if key != self._key:
            raise Damaged(
                f"{self.folder / 'provenance.json'}: expected that of this study, got another's; "
                f"{REMEDY}"
            )
        return where

    @cached_property
    def sittings(self) -> pd.DataFrame:
        """One row a sitting that added runs: `sitting`, `runs`, `made` and versions.

        Versions that are not known any more are missing.
        """
        counted = self.sql("select sitting, count(*) as runs from origins group by all order by 1")
        known: list[dict[str, Any]] = self.provenance["sittings"]
        rows = [known[n] if n < len(known) else {} for n in counted["sitting"]]
        versions = pd.DataFrame([r.get("versions") or {} for r in rows], index=counted.index)
        made = pd.DataFrame({k: [r.get(k) for r in rows] for k in ("made", "rules")})
        return pd.concat([counted, made, versions], axis=1)

    def sql(self, query: str) -> pd.DataFrame:
        """Return what a query gives over `runs`, `sums`, `pairs`, `effects` and `weekly`.

        Raises:
            InvalidInput: for what DuckDB does not understand, in its words.

        Example:
            `.sql('select arm, avg("reporting__latino") from runs group by arm')`
        """
        if re.search(r"\bpairs\b", query, re.IGNORECASE):
            self.check_whole("pairs")
        if re.search(r"\beffects\b", query, re.IGNORECASE):
            self._views.db.register("effects", self.effects())
        return self._views.sql(query)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: keys, varied names, levels, error."""
        return self._noted(self.sql(f"select * from runs order by {self._order}"))

    @cached_property
    def sums(self) -> pd.DataFrame:
        """One row a run: keys, varied names, and the sums that levels are made from."""
        return self._noted(self.sql(f"select * from sums order by {self._order}"))

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """One row a run and week, or so many weeks as `series` says; week 0 is where arms part.

        Raises:
            InvalidInput: where the study does not keep weeks.
        """
        if self.study.kept is None:
            raise InvalidInput("weekly: expected a study with weekly = true or a series, got none")
        return self._noted(self.sql(f"select * from weekly order by {self._order}, week"))

    @cached_property
    def failures(self) -> pd.DataFrame:
        """The runs that failed."""
        return self.runs[self.runs["error"].notna()]

    @cached_property
    def stopped(self) -> int:
        """How many runs a condition ended before their last week."""
        if not self.study.stops:
            return 0
        short = f"select count(*) from runs where weeks < {self.study.weeks}"
        return self._views.one(short)[0]

    @cached_property
    def weeks_of_all(self) -> int:
        """How many weeks after the arms part every run has that went well, in whole rows."""
        if not self.stopped:
            return self.study.weeks
        every = 1 if self.study.kept is None else self.study.kept.every
        return self._views.one("select min(weeks) from runs")[0] // every * every

    def check_whole(self, what: str) -> None:
        """Raise where runs ended early: their levels are of other weeks than the others'.

        Args:
            what: What would compare them.

        Raises:
            InvalidInput: saying how many they are, and what tells of them.
        """
        if self.stopped:
            raise InvalidInput(
                f"{what}: expected runs of all {self.study.weeks:,} weeks, got "
                f"{self.stopped:,} of {self.done:,} that a condition ended earlier, whose levels "
                "are of the weeks they have; `reached()` compares how long it took, and `runs` has "
                "the weeks of each"
            )

    @cached_property
    def _effects(self) -> pd.DataFrame:
        self.check_whole("effects")
        return self._noted(effects_of(self._views.db, self.study, self.names, self._columns))

    def effects(self) -> pd.DataFrame:
        """Return how arms differ from the reference at every point, with 90% intervals.

        Levels are pooled over the replicates in which every arm went well; the interval is of the
        paired jackknife, which leaves out one replicate with all its arms at a time.

        Raises:
            InvalidInput: where a condition ended runs before their last week.
        """
        return self._effects.copy()

    def reached(self) -> pd.DataFrame:
        """Return after how many weeks the study's conditions held under each arm.

        Returns:
            A row a town, point, arm and condition (`when`): `reached`, in how many of the
            `replicates` it held; `ended`, how many another condition ended before it did; `median`,
            after how many weeks it held in half of them, if it ever did; `weeks`, the mean, a run
            that never got there counting with all of the study's weeks, its 90% interval, and the
            difference from the reference, paired by replicate, with interval and `verdict`. Where
            runs were ended before, there is no mean.

        Raises:
            InvalidInput: where the study has no conditions.
        """
        if not self.study.when:
            raise InvalidInput("reached: expected a study with conditions (`when`), got none")
        return self._noted(reached_of(self._views.db, self.study, self.names))

    def spread(self) -> pd.DataFrame:
        """Return how effects differ between points: what is unsure, or set otherwise, moves.

        Returns:
            A row a town, arm, outcome and group: `points`, the `mean` difference, `low` and
            `high` between which the middle 90% of points lie, `above`, the share of points at
            which the difference is above zero, and `verdict`, where at every point one thing is
            said that is no number (as "too few events to say"), else none.
        """
        return self._noted(spread_of(self._effects))

    def to_frame(self, weekly: bool = False) -> pd.DataFrame:
        """Return the levels of all runs as one tidy frame.

        Args:
            weekly: Whether of every week, where the study keeps weeks; of all weeks after the arms
                part together if not.

        Returns:
            A row a value: `town`, `point`, `replicate`, `arm`, with weeks `week`, what is varied,
            where a condition may end a run the `weeks` that it has, then `outcome`, `group` and
            `value`, in the outcome's unit, which `.attrs["units"]`
            says; NaN for a run that failed or is missing, or whose denominator was zero.

        Example:
            >>> frame = open_study("my-study").to_frame()
            >>> frame[frame["outcome"] == "trust"].groupby(["arm", "point"])["value"].mean()
        """
        leveled = self._leveled(weekly)
        frame = leveled.frame()
        if self.study.stops and not weekly:
            lived = np.tile(self._lived(leveled).ravel(), len(leveled.table))
            frame.insert(list(frame.columns).index("outcome"), "weeks", lived)
        return frame

    def to_xarray(self, weekly: bool = False) -> xr.Dataset:
        """Return the same as an xarray Dataset: a variable an outcome, with its unit in its attrs.

        Dimensions are `town`, `point`, `replicate`, `arm`, with weeks `week`, and `group`; what is
        varied stands along `point`.

        Args:
            weekly: As in `to_frame`.

        Example:
            >>> open_study("my-study").to_xarray()["trust"].mean("replicate")
        """
        leveled = self._leveled(weekly)
        wide = leveled.dataset()
        if self.study.stops and not weekly:
            wide = wide.assign(weeks=(tuple(leveled.axes), self._lived(leveled)))
        return wide

    def _lived(self, leveled: Leveled) -> npt.NDArray[np.float64]:
        """Return how many weeks every run has, of the shape of some levels."""
        every = pd.MultiIndex.from_product([*leveled.axes.values()], names=[*leveled.axes])
        found = self.runs.set_index(list(leveled.axes))["weeks"].reindex(every)
        weeks: npt.NDArray[np.float64] = found.to_numpy(float)
        return weeks.reshape([len(labels) for labels in leveled.axes.values()])

    def _leveled(self, weekly: bool) -> Leveled:
        s, frame = self.study, self.weekly if weekly else self.runs
        columns = self._views.weeks if weekly and self._views.weeks is not None else self._columns
        axes: dict[str, Any] = {
            "town": list(s.towns),
            "point": list(range(len(self.points))),
            "replicate": list(range(s.replicates)),
            "arm": list(s.arms),
        }
        axes |= {"week": s.kept.starts(s.burn_in, s.weeks)} if weekly and s.kept else {}
        every = pd.MultiIndex.from_product([*axes.values()], names=[*axes])
        found = frame.set_index(list(axes)).reindex(every)
        shape = [len(labels) for labels in axes.values()]
        pairs = [tuple(column.split("__")) for column in columns.levels]
        return Leveled(
            axes,
            {(o, g): found[f"{o}__{g}"].to_numpy(float).reshape(shape) for o, g in pairs},
            {g: self.groups.titles[g] for g in dict.fromkeys(g for _, g in pairs)},
            {"study": s.title, "runs": self.runs_said, "notices": list(self.notices)},
            {name: ("point", [point[name] for point in self.points]) for name in self.names},
        )

    def plot(self, outcome: str = "", group: str = "latino", town: str = "") -> Figure:
        """Draw what the study's design shows best of one outcome in one town.

        Effects along the first thing that is varied, or of the arms; of a sampled space how much of
        the effect hangs on what; of one arm alone its weeks. `trustabm sensitivity --out` and
        `trustabm study plot` draw all there is.

        Args:
            outcome: The outcome; the first that the study keeps if not given.
            group: The group; of an outcome of a whole town it is "all", whatever is said.
            town: The town; the first of the study's if not given.

        Returns:
            A matplotlib figure, which a notebook shows.

        Raises:
            InvalidInput: where nothing can be drawn, saying why.

        Example:
            >>> open_study("my-study").plot("reporting", "latino")
        """
        s = self.study
        of = outcome or s.outcomes[0], group, town or s.towns[0]
        figure: Figure = drawn("of_study", self, *of)
        return figure

    def export(self, path: str | Path, table: str = "runs") -> Path:
        """Write a table as CSV; of files that exist, only an earlier table of its kind is replaced.

        Args:
            path: The file.
            table: `runs`, `effects`, `weekly`, `spread` or `reached`.

        Raises:
            InvalidInput: for a table that does not exist.
            OutputExists: where the file holds something else.
            NotWritten: where it cannot be written.
        """
        write_csv(self.table(table), path)
        return Path(path)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by its name: `runs`, `effects`, `weekly`, `spread` or `reached`.

        Raises:
            InvalidInput: for a table that does not exist, or that the study does not keep.
        """
        if name not in TABLES:
            raise InvalidInput(f"table: no {shown(name)}; {nearest(name, TABLES)}")
        what = getattr(self, name)
        frame: pd.DataFrame = what() if callable(what) else what
        return frame

    def _noted(self, frame: pd.DataFrame) -> pd.DataFrame:
        frame.attrs["runs"] = self.runs_said
        frame.attrs["notices"] = list(self.notices)
        frame.attrs["titles"] = dict(self.groups.titles)
        return frame

    @property
    def _order(self) -> str:
        towns, arms = list(self.study.towns), list(self.study.arms)
        return f"{place('town', towns)}, point, replicate, {place('arm', arms)}"

    def _count(self, view: str) -> int:
        return self._views.one(f"select count(*) from {view}")[0]


def _as_read(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with numbers as they are read in a notebook."""
    return table.map(lambda x: f"{x:.4g}" if isinstance(x, float) else x)
