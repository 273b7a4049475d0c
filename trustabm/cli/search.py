"""The command line of searches: which settings of levers no other beats, and how sure that is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trustabm.cli.shared import Flag, Whole, say_notices
from trustabm.cli.studies import sweep_progress

if TYPE_CHECKING:
    from trustabm.analysis.search import Searched
    from trustabm.study.definition import Study

__all__ = ["search"]


def search(
    file: Path,
    /,
    *,
    out: Path,
    workers: Whole | None = None,
    dask: str | None = None,
    json: Flag = False,
) -> None:
    """Search levers for settings that no other beats in several objectives at once.

    Goes on after any interruption. The settings that may be on the front are lived through again by
    replicates that took no part in the search; `front.csv` in the folder has what these say.

    Parameters
    ----------
    file
        A study file whose design is a search.
    out
        Folder for the runs.
    workers
        Processes; as many as there are processors if not given.
    dask
        Address of a Dask scheduler whose workers run it instead.
    json
        Print JSON records.
    """
    from trustabm.analysis.search import search as seek
    from trustabm.errors import need
    from trustabm.study.definition import Study
    from trustabm.study.notes import notices

    need("search", "a search")
    study = Study.read(file)
    say_notices(notices(study))
    with sweep_progress(False) as progress:
        found = seek(
            study,
            out,
            workers=workers,
            dask=dask,
            progress=progress,
            say=lambda line: say_notices([line]),
        )
    if found.signal:
        print("Stopped; the same command goes on.", file=sys.stderr)
        sys.exit(128 + found.signal)
    found.save(out / "front.csv")
    if json:
        print(found.frame.to_json(orient="records", indent=2))
    else:
        _print_front(study, found)


def _print_front(study: Study, found: Searched) -> None:
    from rich.table import Table

    from trustabm.study.designs import Search
    from trustabm.telling.terminal import console

    assert isinstance(study.design, Search)
    table = Table(title=f"{study.title}: settings that may be on the front")
    objectives = [f"{o.outcome}__{o.group}" for o in study.design.objectives]
    for head in (*study.vary, *objectives, "On the front"):
        table.add_column(head, justify="right")
    for row in found.frame.to_dict("records"):
        levers = [f"{row[n]:.3g}" if isinstance(row[n], float) else str(row[n]) for n in study.vary]
        ends = [
            f"{row[o]:.3g} ({row[f'{o}_low']:.3g} to {row[f'{o}_high']:.3g})" for o in objectives
        ]
        table.add_row(*levers, *ends, f"{row['probability']:.0%}")
    out = console()
    out.print(table)
    out.print(
        f"{found.tried:,} settings were tried. Of those that may be on the front, "
        f"{study.replicates} replicates that took no part in the search give the difference from "
        f"{study.reference} with its 90% interval, and how likely no other beats it."
    )
