"""The results of a sweep, opened: frames, paired effects, and SQL."""

from __future__ import annotations

import json
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from trustabm.errors import InvalidInput, nearest
from trustabm.study.columns import KEYS, Columns
from trustabm.study.effects import effects_of, place, quoted, spread_of
from trustabm.study.ledger import known_points, known_study
from trustabm.study.store import Store
from trustabm.study.worker import kept
from trustabm.tables import write_csv

if TYPE_CHECKING:
    from trustabm.study.definition import Study

__all__ = ["OpenStudy", "open_study"]

TABLES = ("runs", "effects", "weekly", "spread")


def open_study(folder: str | Path) -> OpenStudy:
    """Open the folder of a sweep, finished or at work.

    Args:
        folder: What `trustabm sweep` wrote to.

    Raises:
        InvalidInput: where it holds no study, or no run yet.
    """
    return OpenStudy(folder)


class OpenStudy:
    """What a sweep has given until now. `trustabm.study` says which columns there are.

    Args:
        folder: What `trustabm sweep` wrote to.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.study: Study = known_study(self.folder)
        self.points: list[dict[str, Any]] = known_points(self.folder)
        self._store = Store(self.folder)
        if not self._store.parts("runs"):
            raise InvalidInput(f"{folder}: expected a sweep with runs, got one without any yet")
        self.names: tuple[str, ...] = tuple(self.points[0])
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("set preserve_insertion_order = false")
        self._connection.execute("set enable_progress_bar = false")
        self._make_views()

    @property
    def total(self) -> int:
        """How many runs the study asks for."""
        s = self.study
        return len(s.towns) * len(self.points) * s.replicates * len(s.arms)

    @cached_property
    def done(self) -> int:
        """How many of them are there, failed ones among them."""
        return int(self.sql("select count(*) as n from runs")["n"].iloc[0])

    @property
    def runs_said(self) -> str:
        """How far the study is, as `561 of 1,080 runs`."""
        return f"{self.done:,} of {self.total:,} runs"

    @property
    def notices(self) -> list[str]:
        """What a reader has to know, a line each: that runs are missing."""
        if self.done >= self.total:
            return []
        return [f"{self.folder}: {self.runs_said} are there: the sweep is not finished"]

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Where the runs come from."""
        made: dict[str, Any] = json.loads((self.folder / "provenance.json").read_text("utf-8"))
        return made

    def sql(self, query: str) -> pd.DataFrame:
        """Return what a query gives over `runs`, `sums`, `pairs`, `effects` and `weekly`.

        Raises:
            InvalidInput: for what DuckDB does not understand, in its words.

        Example:
            `.sql('select arm, avg("reporting__latino") from runs group by arm')`
        """
        if re.search(r"\beffects\b", query, re.IGNORECASE):
            self._connection.register("effects", self.effects())
        try:
            frame: pd.DataFrame = self._connection.sql(query).df()
            return frame
        except duckdb.Error as e:
            raise InvalidInput(f"sql: {e}") from e
        except AttributeError as e:  # a statement that gives no rows
            raise InvalidInput(f"sql: expected a query, got {query!r}") from e

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: keys, varied names, levels, error."""
        return self.sql(f"select * from runs order by {self._order}")

    @cached_property
    def sums(self) -> pd.DataFrame:
        """One row a run: keys, varied names, and the sums that levels are made from."""
        return self.sql(f"select * from sums order by {self._order}")

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """One row a run and week; week 0 is where arms part.

        Raises:
            InvalidInput: where the study does not keep weeks.
        """
        if not self.study.weekly:
            raise InvalidInput("weekly: expected a study with weekly = true, got false")
        return self.sql(f"select * from weekly order by {self._order}, week")

    @cached_property
    def failures(self) -> pd.DataFrame:
        """The runs that failed."""
        return self.runs[self.runs["error"].notna()]

    @cached_property
    def _effects(self) -> pd.DataFrame:
        return effects_of(self._connection, self.study, self.names, self._columns)

    def effects(self) -> pd.DataFrame:
        """Return how arms differ from the reference at every point, with 90% intervals.

        Levels are pooled over the replicates in which every arm went well; the interval is of the
        paired jackknife, which leaves out one replicate with all its arms at a time.
        """
        return self._effects.copy()

    def spread(self) -> pd.DataFrame:
        """Return how effects differ between points: what is unsure, or set otherwise, moves.

        Returns:
            A row a town, arm, outcome and group: `points`, the `mean` difference, `low` and
            `high` between which the middle 90% of points lie, and `above`, the share of points at
            which the difference is above zero.
        """
        return spread_of(self._effects)

    def export(self, path: str | Path, table: str = "runs") -> Path:
        """Write a table as CSV.

        Args:
            path: The file.
            table: `runs`, `effects`, `weekly` or `spread`.

        Raises:
            InvalidInput: for a table that does not exist.
        """
        if table not in TABLES:
            raise InvalidInput(f"table: no {table!r}; {nearest(table, TABLES)}")
        what = getattr(self, table)
        frame = what() if callable(what) else what
        write_csv(frame, path)
        return Path(path)

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self.names, self.study.outcomes, *kept(self.study.outcomes))

    @property
    def _order(self) -> str:
        towns, arms = list(self.study.towns), list(self.study.arms)
        return f"{place('town', towns)}, point, replicate, {place('arm', arms)}"

    def _make_views(self) -> None:
        c = self._columns
        keys = [quoted(k) for k in (*KEYS, *self.names)]
        levels = [quoted(x) for x in c.levels]
        sums = [quoted(x) for x in c.sums]
        self._view("runs", "runs", [*keys, *levels, "error"])
        self._view("sums", "runs", [*keys, *sums, "error"])
        if self._store.parts("weekly"):
            self._view("weekly", "weekly", [*keys[:6], "week", *keys[6:], *levels])
        mine = ", ".join(f"a.{k}" for k in keys)
        apart = ", ".join(f"a.{x} - b.{x} as {x}" for x in levels)
        reference = "'" + self.study.reference.replace("'", "''") + "'"
        self._connection.execute(
            f"create view pairs as select {mine}, {apart} from runs a join runs b "
            "using (town, point, replicate) "
            f"where b.arm = {reference} and a.arm <> b.arm "
            "and a.error is null and b.error is null"
        )

    def _view(self, name: str, kind: str, columns: list[str]) -> None:
        paths = ", ".join("'" + str(p).replace("'", "''") + "'" for p in self._store.parts(kind))
        self._connection.execute(
            f"create view {name} as select {', '.join(columns)} from read_parquet([{paths}])"
        )
