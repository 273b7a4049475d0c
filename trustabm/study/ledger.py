"""What a folder holds of a study: opened for one driver, checked, and read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import tomli_w

from trustabm.errors import InvalidInput, OutputExists
from trustabm.provenance import provenance
from trustabm.scenario import Scenario
from trustabm.study.definition import Study
from trustabm.study.points import Point, numbered
from trustabm.study.store import LOCK, Store, whole
from trustabm.study.work import Work

__all__ = ["Ledger", "known_points", "known_study", "opened"]

MAY_CHANGE = ("title", "sentence", "replicates", "towns", "arms", "vary", "design")
"""Fields in which a study may be enlarged; what of them may not change, digests say."""


class Ledger:
    """Which runs of a study are on record.

    Args:
        work: The runs.
        store: The folder.
    """

    def __init__(self, work: Work, store: Store) -> None:
        self.work = work
        self.store = store
        table = store.read("runs", ["run_id", "error"])
        ids = [str(i) for i in table["run_id"].to_pylist()]
        wrong = pc.is_valid(table["error"]).to_pylist()
        wanted = _ids(work) if ids else set()
        self.done: set[str] = {i for i in ids if i in wanted}
        self.failed: set[str] = {i for i, w in zip(ids, wrong, strict=True) if w} & self.done

    def note(self, run: str, error: str | None) -> None:
        """Record that a run is done, well or not."""
        self.done.add(run)
        if error is not None:
            self.failed.add(run)


def _ids(work: Work) -> set[str]:
    return {work.id(job, arm) for job in work.jobs(frozenset()) for arm in job.arms}


@contextmanager
def opened(study: Study, out: str | Path, retry: bool) -> Iterator[Ledger]:
    """Yield what a folder holds of a study, no other driver being let in meanwhile.

    Raises:
        InvalidInput: where the folder is of a study that this one does not enlarge.
        OutputExists: where another sweep is at work in the folder, or it holds something else.
    """
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise OutputExists(f"{folder}: expected a folder to write to, got a file")
    if folder.exists() and any(folder.iterdir()) and not (folder / LOCK).exists():
        raise OutputExists(
            f"{folder}: expected a new folder or one with a sweep, got one that holds "
            "something else; it is left alone"
        )
    Work(study, numbered(study, []))  # checked before anything is written
    store = Store(folder)
    with store.locked():
        known = known_points(folder)
        work = Work(study, numbered(study, known))
        if (folder / "study.toml").exists():
            _check_same(folder, work)
        _write_down(folder, work, known)
        if retry:
            _forget_failures(store)
        yield Ledger(work, store)


def known_points(folder: Path) -> list[Point]:
    """Return the points that have numbers in a folder."""
    path = folder / "points.parquet"
    return pq.read_table(path).drop_columns(["point"]).to_pylist() if path.exists() else []


def known_study(folder: Path) -> Study:
    """Return the study a folder was last swept for.

    Raises:
        InvalidInput: where it holds none.
    """
    path = folder / "study.toml"
    if not path.is_file():
        raise InvalidInput(f"{folder}: expected a folder that `trustabm sweep` wrote, got no study")
    return Study.read(path)


def _check_same(folder: Path, work: Work) -> None:
    before, now = known_study(folder), work.study
    for name in Study.model_fields:
        if name not in MAY_CHANGE and getattr(before, name) != getattr(now, name):
            raise InvalidInput(
                f"{name}: expected {_short(getattr(before, name))} as in {folder}, got "
                f"{_short(getattr(now, name))}; a study may be enlarged in towns, arms, points and "
                "replicates, another needs a new folder"
            )
    if tuple(before.arms) != tuple(now.arms)[: len(before.arms)]:
        raise InvalidInput(
            f"arms: expected {list(before.arms)} as in {folder}, and new ones after them, "
            f"got {list(now.arms)}"
        )
    if before.design.kind != now.design.kind or tuple(before.vary) != tuple(now.vary):
        raise InvalidInput(
            f"design, vary: expected {before.design.kind} over {list(before.vary)} as in "
            f"{folder}, got {now.design.kind} over {list(now.vary)}"
        )
    if now.design.kind in ("sobol", "latin-hypercube") and before.vary != now.vary:
        raise InvalidInput(f"vary: expected the space as in {folder}, got another")
    recorded = json.loads((folder / "provenance.json").read_text("utf-8"))["contents"]
    for what, digests in work.contents().items():
        if what == "code" and digests != recorded[what]:
            raise InvalidInput(
                f"{folder}: expected the code that computed it ({recorded[what]}), got other code "
                f"({digests}); its runs cannot be mixed with new ones: use a new folder"
            )
        for name, digest in digests.items() if what != "code" else ():
            if recorded[what].get(name, digest) != digest:
                raise InvalidInput(
                    f"{what}: expected {name!r} as it was in {folder}, got other content under "
                    "the same name: use another name or a new folder"
                )


def _write_down(folder: Path, work: Work, known: list[Point]) -> None:
    numbers = dict(enumerate(known)) | dict(work.points)
    rows = [{"point": n, **numbers[n]} for n in sorted(numbers)]
    table = pa.Table.from_pylist(rows)
    s = work.study
    shared = Scenario(
        town=s.towns[0],
        start=s.start,
        weeks=s.weeks,
        residents=s.residents,
        seed=s.seed,
        local_policies=s.local_policies,
        levers=s.levers,
        parameters=s.parameters,
    )
    files = [*s.towns, *(arm.policy for arm in s.arms.values())]
    where = provenance(shared, contents=work.contents(), runs=work.total, files=files)
    text = json.dumps(where, indent=2, default=str) + "\n"
    plain = tomli_w.dumps(s.model_dump(mode="json", exclude_none=True))
    # The points first: a folder that has a study has them.
    whole(folder / "points.parquet", lambda half: pq.write_table(table, half))
    whole(folder / "provenance.json", lambda half: _text(half, text))
    whole(folder / "study.toml", lambda half: _text(half, plain))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _forget_failures(store: Store) -> None:
    for part in store.parts("runs"):
        table = pq.read_table(part)
        well = pc.is_null(table["error"])
        if not pc.all(well).as_py():
            store.replace(part, table.filter(well))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 60 else f"{text[:57]}..."
