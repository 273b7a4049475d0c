"""What a folder holds of a study: opened for one driver, checked, mended, and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trustabm.errors import Damaged, InvalidInput, OutputExists
from trustabm.runs.provenance import origin
from trustabm.sealed import read_text
from trustabm.study.definition import Study
from trustabm.study.papers import points_again, read_back, write_down
from trustabm.study.points import numbered
from trustabm.study.store import LOCK, Store
from trustabm.study.work import Work

__all__ = ["Ledger", "opened"]

MAY_CHANGE = (
    "title",
    "sentence",
    "replicates",
    "until",
    "towns",
    "arms",
    "vary",
    "design",
    "folder",
)
"""Fields in which a study may be enlarged; what of them may not change, digests say."""

MATTER = ("numpy", "numba")
"""Packages whose other versions may compute other numbers, beside Python itself."""

KEYS = ["run_id", "town", "arm", "point", "replicate", "error", "sitting"]


class Ledger:
    """Which runs of a study are on record.

    Args:
        work: The runs.
        store: The folder.
        sitting: The number of this sitting, which new runs carry.
    """

    def __init__(self, work: Work, store: Store, sitting: int = 0) -> None:
        self.work = work
        self.store = store
        self.sitting = sitting
        self.done: set[str] = set()
        self.failed: set[str] = set()
        self.sittings: set[int] = set()
        self.foreign = 0
        self.strangers: list[Path] = []
        parts, self.damaged = store.scan("runs", KEYS)
        wanted = work.ids() if parts else set()
        for part in parts:
            rows = part.table.to_pydict()
            ids = rows["run_id"]
            if part.study != work.key or not self.done.isdisjoint(ids):
                # Of another study, or there twice: somebody put it there.
                self.strangers.append(part.path)
                continue
            self.sittings.update(rows["sitting"])
            for k, run in enumerate(ids):
                if run in wanted:
                    self.note(run, rows["error"][k])
                elif work.asks(*(rows[name][k] for name in KEYS[1:5])):
                    self.foreign += 1

    def note(self, run: str, error: str | None) -> None:
        """Record that a run is done, well or not."""
        self.done.add(run)
        if error is not None:
            self.failed.add(run)


@contextmanager
def opened(
    study: Study,
    out: str | Path,
    retry: bool,
    *,
    mixed: bool = False,
    say: Callable[[str], object] = lambda _: None,
) -> Iterator[Ledger]:
    """Yield what a folder holds of a study, no other driver being let in meanwhile.

    What is not as it was written is moved to `damaged/` in the folder, and its runs are to be done.

    Args:
        study: The study.
        out: The folder.
        retry: Whether runs that failed are to be done again.
        mixed: Whether runs may be added that other versions of Python, numpy or numba compute.
        say: Called with what was found wrong, a line each.

    Raises:
        InvalidInput: where the folder is of a study that this one does not enlarge.
        OutputExists: where another sweep is at work in the folder, or it holds something else.
        NotWritten: where it cannot be written.
    """
    folder = Path(out)
    _check_place(folder)
    fresh = Work(study, numbered(study, []))  # checked before anything is written
    store = Store(folder, fresh.key)
    with store.locked():
        found = read_back(folder, fresh.key)
        lost = list(found.lost)
        if found.study is not None:
            _check_same(folder, found.study, fresh)
        if found.where is not None:
            _check_contents(folder, found.where, fresh, mixed)
        known = found.points if found.points is not None else points_again(store, fresh)
        work = Work(study, numbered(study, known))
        ledger = Ledger(work, store)
        if ledger.foreign or (ledger.strangers and not ledger.done and not found.ours):
            raise InvalidInput(
                f"{folder}: expected runs of this study, got runs of another one, or of other "
                "code, towns or policies under the same names; use a new folder"
            )
        lost += ledger.damaged + ledger.strangers
        lost += store.check("weekly") if study.kept is not None else []
        for file in lost:
            say(f"{file}: not as it was written; moved to {folder / 'damaged'}")
        store.set_aside(lost)
        mend = bool(lost) or not _weeks_agree(store, ledger)
        sittings = _sittings(found.where, ledger)
        contents = (found.where or {}).get("contents", {})
        write_down(folder, work, known, contents, sittings)
        if retry:
            _forget_failures(store)
        if mend and study.kept is not None:
            _mend_weeks(store, say)
        if retry or mend:
            ledger = Ledger(work, store)
        ledger.sitting = len(sittings) - 1
        yield ledger


def _check_place(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputExists(f"{folder}: expected a folder to write to, got a file")
    if not folder.exists() or not any(folder.iterdir()) or (folder / LOCK).exists():
        return
    try:
        read_text(folder / "study.toml")
    except Damaged as e:
        raise OutputExists(
            f"{folder}: expected a new folder or one with a sweep, got one that holds "
            "something else; it is left alone"
        ) from e


def _check_same(folder: Path, before: Study, work: Work) -> None:
    now = work.study
    for name in Study.model_fields:
        if name not in MAY_CHANGE and getattr(before, name) != getattr(now, name):
            raise InvalidInput(
                f"{name}: expected {_short(getattr(before, name))} as in {folder}, got "
                f"{_short(getattr(now, name))}; a study may be enlarged in towns, arms, points and "
                "replicates, another needs a new folder"
            )
    if now.doubt and before.replicates != now.replicates:
        raise InvalidInput(
            f"replicates: expected {before.replicates} as in {folder}, got {now.replicates}; what "
            "is drawn where doubt = true hangs on how many there are"
        )
    if now.until is not None and not _goes_further(before, now):
        raise InvalidInput(
            f"until: expected {before.until} as in {folder}, a smaller width or none, got "
            f"{now.until}; more lenient, it would leave out runs that are there"
        )
    shared = [a for a in now.arms if a in before.arms]
    if before.reference != now.reference or shared != [a for a in before.arms if a in now.arms]:
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


def _goes_further(before: Study, now: Study) -> bool:
    """Return whether replicates that stopped under one rule are the first of those of another."""
    if before.until is None or now.until is None:
        return False
    width = min(before.until.width, now.until.width)
    return before.until.model_copy(update={"width": width}) == now.until


def _check_contents(folder: Path, where: dict[str, Any], work: Work, mixed: bool) -> None:
    recorded = where["contents"]
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
    now = _matter(origin())
    for sitting in where["sittings"]:
        then = _matter(sitting)
        for name in now:
            if then[name] != now[name] and None not in (then[name], now[name]) and not mixed:
                raise InvalidInput(
                    f"{folder}: expected {name} {then[name]}, which computed runs of it, got "
                    f"{now[name]}; runs of both may differ in more than they should: install "
                    f"{name} {then[name]}, use a new folder, or say --mixed"
                )


def _matter(made: dict[str, Any]) -> dict[str, str | None]:
    versions = made.get("versions") or {}
    python = versions.get("python")
    return {"python": python and ".".join(python.split(".")[:2])} | {
        name: versions.get(name) for name in MATTER
    }


def _sittings(where: dict[str, Any] | None, ledger: Ledger) -> list[dict[str, Any]]:
    """Return with what every run was made, by the number it carries; this sitting is the last."""
    made = origin()
    now = {k: made[k] for k in ("made", "versions", "rules", "git", "command")}
    before: list[dict[str, Any]] = list(where["sittings"]) if where is not None else []
    # Where it is not known any more, that is what is known.
    before += [{} for _ in range(len(before), max(ledger.sittings, default=-1) + 1)]
    return [*before, now]


def _forget_failures(store: Store) -> None:
    for part in store.parts("runs"):
        table = store.whole_part(part)
        well = pc.is_null(table["error"])
        if not pc.all(well).as_py():
            store.replace(part, table.filter(well))


def _weeks_agree(store: Store, ledger: Ledger) -> bool:
    s, rows = ledger.work.study, 0
    series = s.kept
    if series is None:
        return True
    for part in store.scan("runs", ["error", *(("weeks",) if s.stops else ())])[0]:
        well = part.table.filter(pc.is_null(part.table["error"]))
        lived: list[Any] = well["weeks"].to_pylist() if s.stops else [s.weeks] * len(well)
        rows += sum(series.rows(s.burn_in, weeks) for weeks in lived)
    return store.rows("weekly") == rows


def _mend_weeks(store: Store, say: Callable[[str], object]) -> None:
    """Leave only runs that have their weeks, and weeks that have their run; the rest is run."""
    runs = store.read("runs", ["run_id", "error"])
    well = set(runs.filter(pc.is_null(runs["error"]))["run_id"].to_pylist())
    have: set[str] = set()
    for part in store.scan("weekly", ["run_id"])[0]:
        ids = set(map(str, part.table["run_id"].to_pylist()))
        if not ids <= well:
            table = store.whole_part(part.path)
            store.replace(part.path, table.filter(pc.is_in(table["run_id"], pa.array(well))))
        have |= ids & well
    if have >= well:
        return
    say(f"{len(well - have):,} runs have lost their weeks and are run again")
    keep = pa.array([i for i in runs["run_id"].to_pylist() if i not in well - have], pa.string())
    for part in store.scan("runs", ["run_id"])[0]:
        table = store.whole_part(part.path)
        kept = pc.is_in(table["run_id"], keep)
        if not pc.all(kept).as_py():
            store.replace(part.path, table.filter(kept))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 60 else f"{text[:57]}..."
