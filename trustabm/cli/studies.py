"""The command line of studies: sweep them, check what they take, show and export what they give."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cyclopts import App

from trustabm.cli.shared import (
    Flag,
    Keeper,
    Whole,
    print_json,
    say_notices,
)

if TYPE_CHECKING:
    from trustabm.study.opening import OpenStudy
    from trustabm.study.sweep import Progress

__all__ = ["app", "sweep"]


app = App(name="study", help="Check, show, search and export studies.", help_format="plaintext")

FAILED = 1


def sweep(
    file: Path,
    /,
    *,
    out: str,
    workers: Whole | None = None,
    dask: str | None = None,
    retry: Flag = False,
    mixed: Flag = False,
    json_progress: Flag = False,
) -> None:
    """Run what a study asks for; the same command goes on after any interruption.

    Leaves with 0 if all runs went well, 1 if some failed or the disk is full, 130 after Ctrl-C.

    Parameters
    ----------
    file
        A study file; `trustabm schema study` says what it may hold.
    out
        Folder for the runs, or an address as s3://bucket/study; one with an earlier sweep of the
        study is gone on with.
    workers
        Processes; as many as there are processors if not given.
    dask
        Address of a Dask scheduler whose workers run it instead, as tcp://127.0.0.1:8786.
    retry
        Run again what failed.
    mixed
        Add to runs that other versions of Python, numpy or numba computed.
    json_progress
        Tell progress as JSON lines on standard output, not as a bar.
    """
    from trustabm.errors import need

    if dask is not None:
        need("dask", "--dask")

    from trustabm.study.definition import Study
    from trustabm.study.notes import notices
    from trustabm.study.store import NoSpaceLeft
    from trustabm.study.sweep import EngineLost
    from trustabm.study.sweep import sweep as drive

    study = Study.read(file)
    say_notices(notices(study))
    try:
        with sweep_progress(json_progress) as progress:
            swept = drive(
                study,
                out,
                workers=workers,
                dask=dask,
                retry=retry,
                mixed=mixed,
                say=lambda line: say_notices([line]),
                progress=progress,
            )
    except (NoSpaceLeft, EngineLost) as e:
        print(f"trustabm: {e}", file=sys.stderr)
        sys.exit(FAILED)
    saved = f"{swept.done:,} of {swept.total:,} runs are in {out}"
    if swept.signal:
        print(f"Stopped: {saved}; the same command goes on.", file=sys.stderr)
        sys.exit(128 + swept.signal)
    if swept.failed:
        print(
            f"trustabm: {swept.failed:,} runs failed; {saved}. The column `error` says why; "
            "--retry runs them again.",
            file=sys.stderr,
        )
        sys.exit(FAILED)
    print(f"{saved[0].upper()}{saved[1:]}.", file=sys.stderr)


@app.command
def check(
    file: Path, /, *, out: Path | None = None, workers: Whole | None = None, json: Flag = False
) -> None:
    """Say how many runs a study has, how long they take and how much disk they fill.

    Parameters
    ----------
    file
        A study file.
    out
        Folder of an earlier sweep, whose runs are not counted again.
    workers
        Processes; as many as there are processors if not given.
    json
        Print one JSON object.
    """
    from trustabm.runs.processes import how_many
    from trustabm.study.definition import Study
    from trustabm.study.estimate import takes
    from trustabm.study.notes import notices

    study = Study.read(file)
    say_notices(notices(study))
    many = how_many(workers)
    found = takes(study, out, many)
    if json:
        print_json(
            {
                "points": found.points,
                "runs": found.runs,
                "lived": found.lived,
                "done": found.done,
                "workers": many,
                "seconds": found.seconds / many,
                "bytes": found.bytes,
            }
        )
        return
    print(study.title)
    print(
        f"{found.runs:,} runs: {len(study.towns)} towns x {found.points:,} points x "
        f"{study.replicates} replicates x {len(study.arms)} arms"
    )
    if study.until is not None:
        print("at most: an interval decides how many replicates there are")
    if study.stops:
        print("at most: a condition may end a run before its last week")
    if found.lived < found.runs:
        print(f"{found.lived:,} of them are lived through: what does not vary is, once a seed")
    if found.done:
        print(f"{found.done:,} of them are done")
    print(f"about {_duration(found.seconds / many)} on {many} workers")
    print(f"about {found.bytes / 1e6:,.1f} MB of disk")


@app.command
def show(
    folder: str,
    /,
    *,
    point: Whole | None = None,
    all: Flag = False,
    json: Flag = False,
) -> None:
    """Print paired effects by arm, with 90% intervals.

    Where a study has many points, their mean effect is shown, and where the middle 90% of points
    lie; --point shows one of them with the interval of its replicates. Of a study's conditions it
    is shown after how many weeks they held, and that alone where they ended runs early.

    Parameters
    ----------
    folder
        What `trustabm sweep` wrote to.
    point
        Show one point.
    all
        Show every outcome and group.
    json
        Print JSON records.
    """
    from trustabm.errors import InvalidInput
    from trustabm.study.opening import open_study

    opened = open_study(folder)
    say_notices(opened.notices)
    if point is not None and point not in range(len(opened.points)):
        raise InvalidInput(f"point: expected 0 to {len(opened.points) - 1}, got {point}")
    many = point is None and len(opened.points) > 1
    if opened.stopped:
        frame = opened.reached()
        frame = frame if point is None else frame[frame["point"] == point]
        if json:
            print(frame.to_json(orient="records", indent=2))
        else:
            _print_reached(opened, point)
        return
    frame = opened.spread() if many else opened.effects()
    if not many:
        frame = frame[frame["point"] == (point or 0)]
    if json:
        print(frame.to_json(orient="records", indent=2))
        return
    _print_effects(opened, frame, many, all)
    if opened.study.when:
        _print_reached(opened, point)


@app.command
def export(
    folder: str,
    /,
    *,
    out: Path,
    table: Literal["runs", "effects", "weekly", "spread", "reached"] = "runs",
) -> None:
    """Write a table of a study as CSV.

    Parameters
    ----------
    folder
        What `trustabm sweep` wrote to.
    out
        The CSV file.
    table
        Which table.
    """
    from trustabm.study.opening import open_study

    opened = open_study(folder)
    say_notices(opened.notices)
    opened.table(table)  # what the study does not have is said as such
    keeper = Keeper()
    keeper.keep(out, lambda place: opened.export(place, table))
    keeper.leave(out)


def _print_reached(opened: OpenStudy, point: int | None) -> None:
    from rich.table import Table
    from rich.text import Text

    from trustabm.outcomes.estimates import NUMBERLESS
    from trustabm.telling.terminal import console

    study, out, frame = opened.study, console(), opened.reached()
    frame = frame if point is None else frame[frame["point"] == point]
    for (town, name), rows in frame.groupby(["town", "when"], sort=False):
        table = Table(title=Text(f"{town}: weeks until {study.when[str(name)].said}"))
        for head in ("Point", "Arm", "Runs in which it held", "Weeks", "Difference, 90% interval"):
            table.add_column(head, justify="left" if head == "Arm" else "right")
        for row in rows.to_dict("records"):
            said = row["verdict"]
            if row["low"] == row["low"] and said not in NUMBERLESS:
                said = f"{row['difference']:+.1f} ({row['low']:+.1f} to {row['high']:+.1f})"
            held = f"{row['reached']} of {row['replicates']}"
            weeks = f"{row['weeks']:.1f}" if row["weeks"] == row["weeks"] else ""
            table.add_row(str(row["point"]), Text(row["arm"]), held, weeks, said)
        out.print(table)
    out.print(
        f"Weeks are means in which a run where it never held counts {study.weeks:,}, all it had."
    )


def _print_effects(opened: OpenStudy, frame: Any, many: bool, everything: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from trustabm.outcomes.estimates import NUMBERLESS
    from trustabm.outcomes.findings import key, label
    from trustabm.outcomes.glossary import GLOSSARY
    from trustabm.telling.terminal import console, shown

    study, out, known = opened.study, console(), key(opened.groups)
    out.print(study.title, markup=False, style="bold")
    for (town, arm), rows in frame.groupby(["town", "arm"], sort=False):
        table = Table(title=f"{town}: {arm}, less {study.reference}")
        columns = (
            ("Outcome", "Mean", "90% of points", "Above 0")
            if many
            else ("Outcome", study.reference, "Difference", "90% interval")
        )
        for head in columns:
            table.add_column(head, justify="left" if head == "Outcome" else "right")
        for row in rows.to_dict("records"):
            if not everything and (row["outcome"], row["group"]) not in known:
                continue
            unit = GLOSSARY[row["outcome"]].unit
            ends = " to ".join(shown(row[end], unit, end=True) for end in ("low", "high"))
            if row["low"] != row["low"] or row["verdict"] in NUMBERLESS:
                ends = row["verdict"]
            middle = shown(row["mean" if many else "difference"], unit, signed=True)
            first = [middle] if many else [shown(row["reference"], unit), middle]
            last = [shown(row["above"], "share")] if many else []
            name = Text(label(row["outcome"], row["group"], opened.groups))
            table.add_row(name, *first, ends, *last)
        out.print(table)
    failed = len(opened.failures)
    if failed:
        out.print(f"{failed:,} runs failed and are left out, with the others of their replicate.")
    if many:
        out.print(
            f"Over {len(opened.points):,} points: how far the effect moves with what is varied. "
            "`--point N` shows one point with the interval of its luck."
        )
    else:
        out.print(
            f"Each interval covers the luck of up to {study.replicates} towns"
            + (", their figures and readings of their rules" if study.doubt else "")
            + ", not what is unsure about parameters or the model. Each stands alone: about one in "
            "ten misses."
        )


@contextmanager
def sweep_progress(lines: bool) -> Iterator[Callable[[Progress], None]]:
    """Yield what tells progress: a bar on standard error, or JSON lines on standard output."""
    if lines:
        yield _tell_line
        return
    from tqdm import tqdm

    with tqdm(unit="run", disable=None, smoothing=0.05, dynamic_ncols=True) as bar:

        def tell(at: Progress) -> None:
            if bar.total is None:
                bar.total, bar.initial, bar.n = at.total, at.done, at.done
            bar.update(at.done - bar.n)
            if at.failed:
                bar.set_postfix(failed=at.failed)

        yield tell


def _tell_line(at: Progress) -> None:
    line = {
        "done": at.done,
        "total": at.total,
        "failed": at.failed,
        "runs_per_second": round(at.rate, 3),
        "seconds_left": None if at.left is None else round(at.left, 1),
    }
    print(json.dumps(line), flush=True)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
