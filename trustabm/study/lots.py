"""How many replicates a point takes until its intervals are narrow: what was counted decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import duckdb
import pyarrow as pa

from trustabm.study.columns import Columns
from trustabm.study.definition import Study
from trustabm.study.effects import effects_of, place
from trustabm.study.store import Store
from trustabm.study.work import Work

__all__ = ["needed", "needed_now"]

Place = tuple[str, int]
"""A town and a point."""


def needed(
    db: duckdb.DuckDBPyConnection, study: Study, columns: Columns, points: Iterable[int]
) -> dict[Place, int]:
    """Return how many replicates each town and point takes, as far as is known by now.

    A place takes a lot where the one before was not narrow; whether this one is can be said once
    it is whole. Runs that failed count, and are in no interval.

    Args:
        db: Where the view `sums` is.
        study: The study; it says until what.
        columns: The columns kept.
        points: Numbers of the points.
    """
    until = study.until
    assert until is not None
    columns = replace(columns, outcomes=(until.outcome,))
    numbers = list(points)
    undecided = {(town, point) for town in study.towns for point in numbers}
    found: dict[Place, int] = {}
    for end in until.ends(study.replicates):
        found |= dict.fromkeys(undecided, end)
        counts = db.sql(
            f"select town, point, count(*) from sums where replicate < {end} group by all"
        ).fetchall()
        whole = {(town, point) for town, point, many in counts if many == end * len(study.arms)}
        undecided &= whole
        if not undecided or end == study.replicates:
            break
        towns, places = zip(*sorted(undecided), strict=True)
        db.register("undecided", pa.table({"town": towns, "point": pa.array(places, pa.int32())}))
        db.execute(
            "create or replace temp view lot as select sums.* from sums join undecided "
            f"using (town, point) where replicate < {end}"
        )
        frame = effects_of(db, study, (), columns, "lot")
        frame = frame[frame["group"] == until.group]
        frame["narrow"] = until.narrow(frame["low"].to_numpy(), frame["high"].to_numpy())
        # A place with no whole replicate has no rows, and goes on.
        wide = frame[~frame["narrow"]]
        there = set(zip(frame["town"], frame["point"], strict=True))
        undecided -= there - set(zip(wide["town"], wide["point"], strict=True))
    most = max(found.values())
    return found if until.each else dict.fromkeys(found, most)


def needed_now(work: Work, store: Store) -> dict[Place, int]:
    """Return the same of a folder, whose runs are all written."""
    columns = Columns.of_work(work)
    costs = [name for name in columns.names if name.startswith("cost_")]
    names = ["town", "point", "replicate", "arm", *costs, *columns.sums, "error"]
    with duckdb.connect(":memory:") as db:
        db.register("there", store.read("runs", names))
        towns, arms = place("town", [*work.study.towns]), place("arm", [*work.study.arms])
        points = ", ".join(str(number) for number, _ in work.points)
        db.execute(
            f"create view sums as select * from there where {towns} is not null "
            f"and {arms} is not null and point in ({points})"
        )
        return needed(db, work.study, columns, [number for number, _ in work.points])
