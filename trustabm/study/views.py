"""The parts of a study's folder as SQL sees them: whole, each run once, and what is asked alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from trustabm.errors import Damaged, InvalidInput
from trustabm.study.columns import KEYS, Columns
from trustabm.study.definition import Study
from trustabm.study.effects import quoted
from trustabm.study.papers import REMEDY
from trustabm.study.store import Store, schema_of, study_of

__all__ = ["Views"]


class Views:
    """The views `runs`, `sums`, `pairs`, `origins` and, where weeks are kept, `weekly`.

    Args:
        folder: The study's.
        study: The study as it was swept last.
        key: The digest that its parts carry.
        columns: Those of its runs.
        asked: Numbers of the points that it asks for; here they have places in this list.
        leave_out_damaged: Whether what is whole is read where parts are damaged.

    Raises:
        Damaged: where something is not as it was written.
        InvalidInput: where another version of the package keeps other columns.
    """

    def __init__(
        self,
        folder: Path,
        study: Study,
        key: str,
        columns: Columns,
        asked: Sequence[int],
        leave_out_damaged: bool,
    ) -> None:
        self.folder, self.study, self.key, self.columns = folder, study, key, columns
        self.weeks = None if study.kept is None else columns.of_series(study.kept)
        self.weekless = 0
        store = Store(folder)
        self.parts = {kind: store.parts(kind) for kind in ("runs", "weekly")}
        self.damaged = self._check_parts(store)
        if self.damaged and not leave_out_damaged:
            some = ", ".join(str(p.relative_to(folder)) for p in self.damaged[:5])
            more = f" and {len(self.damaged) - 5} more" if len(self.damaged) > 5 else ""
            raise Damaged(
                f"{folder}: expected parts as they were written, got others in {some}{more}; "
                f"{REMEDY} (open_study(..., leave_out_damaged=True) reads the rest)"
            )
        self.db = duckdb.connect(":memory:")
        self.db.execute("set preserve_insertion_order = false")
        self.db.execute("set enable_progress_bar = false")
        # Points that the study no longer asks for have numbers on disk, and none here.
        places = {"point": asked, "place_of_point": range(len(asked))}
        table = pa.table({name: pa.array(n, pa.int32()) for name, n in places.items()})
        self.db.register("asked_points", table)
        self._make()

    def sql(self, query: str) -> pd.DataFrame:
        """Return what a query gives.

        Raises:
            InvalidInput: for what DuckDB does not understand, in its words.
        """
        try:
            frame: pd.DataFrame = self.db.sql(query).df()
        except duckdb.IOException as e:
            raise InvalidInput(
                f"{self.folder}: expected parts that stay, got changes while it was read (a sweep "
                f"is at work in it?); open it again: {str(e).partition(chr(10))[0]}"
            ) from e
        except duckdb.Error as e:
            raise InvalidInput(f"sql: {e}") from e
        except AttributeError as e:  # a statement that gives no rows
            raise InvalidInput(f"sql: expected a query, got {query!r}") from e
        return frame

    def one(self, query: str) -> tuple[int, ...]:
        """Return the one row of whole numbers that a query gives."""
        return tuple(int(x) for x in self.sql(query).iloc[0])

    def _check_parts(self, store: Store) -> list[Path]:
        """Return what is not as it was written, and leave it out."""
        damaged: list[Path] = []
        kinds = {"runs": self.columns, "weekly": self.weeks}
        for kind, columns in kinds.items():
            if columns is None:
                continue
            bad = set(store.check(kind))
            expected = columns.schema().names
            for part in self.parts[kind]:
                if part not in bad and study_of(schema_of(part)) != self.key:
                    bad.add(part)
                elif part not in bad and schema_of(part).names != expected:
                    raise InvalidInput(
                        f"{part}: expected the columns that this version keeps, got others: the "
                        "study was swept by another version, which reads it"
                    )
            self.parts[kind] = [p for p in self.parts[kind] if p not in bad]
            damaged += sorted(bad)
        return damaged

    def _make(self) -> None:
        c = self.columns
        keys = [quoted(k) for k in (*KEYS, *c.names)]
        levels = [quoted(x) for x in c.levels]
        sums = [quoted(x) for x in c.sums]
        self._view("runs", "runs", [*keys, *levels, *c.ends, "error"])
        self._view("sums", "runs", [*keys, *sums, "error"])
        self._view("origins", "runs", ["run_id", "sitting"])
        self._check_once()
        if self.weeks is not None and self.weeks.series is not None:
            length = ["weeks"] if self.weeks.series.every > 1 else []
            of_weeks = [quoted(x) for x in self.weeks.levels]
            columns = [*keys[:6], "week", *length, *keys[6:], *of_weeks]
            self._view("weekly", "weekly", columns)
            self._check_weeks(columns)
        mine = ", ".join(f"a.{k}" for k in keys)
        apart = ", ".join(f"a.{x} - b.{x} as {x}" for x in levels)
        self.db.execute(
            f"create view pairs as select {mine}, {apart} from runs a join runs b "
            "using (town, point, replicate) "
            f"where b.arm = {_word(self.study.reference)} and a.arm <> b.arm "
            "and a.error is null and b.error is null"
        )

    def _view(self, name: str, kind: str, columns: list[str], where: str = "") -> None:
        paths = ", ".join(_word(_as_name(p)) for p in self.parts[kind])
        towns = ", ".join(map(_word, self.study.towns))
        arms = ", ".join(map(_word, self.study.arms))
        rows = f"read_parquet([{paths}], hive_partitioning = false)"
        if not paths:
            of = self.weeks if kind == "weekly" and self.weeks is not None else self.columns
            self.db.register(f"no_{kind}", of.schema().empty_table())
            rows = f"no_{kind}"
        shown = [c if c != quoted("point") else f"place_of_point as {c}" for c in columns]
        self.db.execute(
            f"create or replace view {name} as select {', '.join(shown)} from {rows} "
            f"join asked_points using (point) "
            f"where town in ({towns}) and arm in ({arms}) and replicate < {self.study.replicates} "
            f"{where}"
        )

    def _check_once(self) -> None:
        (twice,) = self.one("select count(*) - count(distinct run_id) from runs")
        if twice:
            raise Damaged(
                f"{self.folder}: expected every run once, got {twice:,} of them twice: a part was "
                f"put there; {REMEDY}"
            )

    def _check_weeks(self, columns: list[str]) -> None:
        """Show only weeks of runs that are seen, each once, and count runs that have none."""
        s, series = self.study, self.study.kept
        assert series is not None
        before, every = series.rows(s.burn_in, 0), series.every
        lived = f"(weeks + {every - 1}) // {every}" if s.stops else str(series.rows(0, s.weeks))
        well, rows = self.one(
            f"select count(*), coalesce(sum({before} + {lived}), 0) from runs where error is null"
        )
        if self.one("select count(*) from weekly") == (rows,):
            return
        where = "and run_id in (select run_id from runs where error is null)"
        self._view("weekly", "weekly", columns, where)
        (have,) = self.one("select count(distinct run_id) from weekly")
        self.weekless = well - have


def _as_name(path: Path) -> str:
    """Return a path as DuckDB reads it where the path's name is a name and not a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", str(path.resolve()))


def _word(text: str) -> str:
    """Return a text as SQL reads it."""
    return "'" + text.replace("'", "''") + "'"
