"""`trustabm forecast`: make a batch of forecasts, list, fill in, score and check batches."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from pathlib import Path

from cyclopts import App

from trustabm.cli.shared import Flag, Whole, print_json, say_if_compiling

__all__ = ["app"]

app = App(
    name="forecast",
    help="Make, list, fill in, score and check forecasts of what is not yet published.",
    help_format="plaintext",
)

FOLDER = Path("forecasts")

FAILED = 1


@app.command
def make(
    *,
    batch: str,
    folder: Path = FOLDER,
    draws: Whole | None = None,
    residents: Whole | None = None,
    seed: Whole = 0,
    workers: Whole | None = None,
) -> None:
    """Make a batch of dated, hashed statements; a batch that is there is never made anew.

    Parameters
    ----------
    batch
        Its name, as 2026-11.
    folder
        Where batches lie.
    draws
        Draws of the posterior, each lived through twice; 60 if not given.
    residents
        Residents simulated of the nation, and two fifths as many of a town; 100,000 if not given.
    seed
        The root of their luck.
    workers
        Processes; as many as there are processors if not given.
    """
    from trustabm.errors import need

    need("study", "forecast make")

    from trustabm.forecasts.make import DRAWS, SIZES, prepared
    from trustabm.forecasts.make import make as made
    from trustabm.forecasts.registry import free, write
    from trustabm.forecasts.worlds import sized
    from trustabm.inputs.draws import in_use
    from trustabm.runs.progress import bar as progress_bar

    many = DRAWS if draws is None else draws
    sizes = SIZES if residents is None else sized(residents)
    command = f"trustabm forecast make --batch {batch} --draws {many} --residents {sizes.nation}"
    command += f" --seed {seed}" + (f" --posterior {shlex.quote(own)}" if (own := in_use()) else "")
    header, sets = prepared(batch, command=command, draws=many)
    free(folder, batch)
    say_if_compiling()
    with progress_bar("worlds") as progress:
        found = made(header, sets, sizes=sizes, seed=seed, workers=workers, progress=progress)
    path = write(found, folder)
    print(f"{len(found.statements)} statements written to {path}, sha256 {found.sha256}")


@app.command(name="list")
def list_(
    *, folder: Path = FOLDER, batch: str | None = None, overdue: Flag = False, json: Flag = False
) -> None:
    """List statements: what lies between what, by when it is due, and what came out.

    Parameters
    ----------
    folder
        Where batches lie.
    batch
        Only this batch.
    overdue
        Only those whose value was due and is not entered.
    json
        Print JSON records, the statements whole.
    """
    from trustabm.errors import InvalidInput, nearest
    from trustabm.forecasts.registry import batches
    from trustabm.forecasts.shown import print_statements

    today = dt.datetime.now(dt.UTC).date()
    found = [b for _, b in batches(folder)]
    names = [b.header.batch for b in found]
    if batch is not None and batch not in names:
        raise InvalidInput(f"batch: no {batch!r} in {folder}; {nearest(batch, names)}")
    every = [
        s
        for b in found
        for s in b.statements
        if batch in (None, b.header.batch) and (not overdue or s.state(today) == "overdue")
    ]
    if json:
        print_json([s.model_dump(mode="json") | {"state": s.state(today)} for s in every])
    else:
        print_statements(every, today)


@app.command
def enter(
    id: str,
    /,
    *,
    value: float,
    source: str,
    folder: Path = FOLDER,
    correct: Flag = False,
) -> None:
    """Enter a published value with its source; nothing else of the statement changes.

    Parameters
    ----------
    id
        The statement, as `trustabm forecast list` names it.
    value
        The published value, in the statement's unit.
    source
        Where it was read: publisher, table, date, address.
    folder
        Where batches lie.
    correct
        Replace a value that was entered before.
    """
    from trustabm.forecasts.registry import Outcome, entered

    today = dt.datetime.now(dt.UTC).date()
    given = {"value": value, "source": source, "entered_on": today}
    outcome = Outcome.make(given, "outcome")
    path = entered(folder, id, outcome, correct=correct)
    print(f"Entered in {path}", file=sys.stderr)


@app.command
def score(*, folder: Path = FOLDER, json: Flag = False) -> None:
    """Score statements whose value was entered, beside forecasts without a model.

    Parameters
    ----------
    folder
        Where batches lie.
    json
        Print one JSON object {batches, statements}.
    """
    from trustabm.forecasts.registry import batches
    from trustabm.forecasts.score import scores, summary
    from trustabm.forecasts.shown import print_scores

    by_batch = {b.header.batch: scores(b) for _, b in batches(folder)}
    if json:
        each = {name: summary(found) for name, found in by_batch.items()}
        print_json({"batches": each, "statements": [s for f in by_batch.values() for s in f]})
    else:
        print_scores(by_batch)


@app.command
def check(*, folder: Path = FOLDER, json: Flag = False) -> None:
    """Hold every batch against its hashes and against what was first committed of it.

    Leaves with 0 if nothing was edited, 1 if something was.

    Parameters
    ----------
    folder
        Where batches lie.
    json
        Print JSON records {path, statements, problems, history}.
    """
    from trustabm.forecasts.checking import checked

    found = checked(folder)
    if json:
        print_json([c.model_dump(mode="json") for c in found])
    else:
        for c in found:
            whole = "whole" if not c.problems else "NOT whole"
            print(f"{c.path}: {c.statements} statements, {whole}; {c.history}")
            for problem in c.problems:
                print(f"  {problem}")
    if any(c.problems for c in found):
        sys.exit(FAILED)
