"""`trustabm validate`, `bench`, `reproduce`: how far off, how fast, and the same once more."""

from __future__ import annotations

import sys
from pathlib import Path

from trustabm.cli.shared import (
    Flag,
    Keeper,
    Whole,
    print_json,
    ready,
    say_if_compiling,
)

__all__ = ["bench", "reproduce", "validate"]


def validate(
    *,
    study: list[str] | None = None,
    draws: Whole = 50,
    score: Flag = False,
    left_out: Path | None = None,
    forecasts: Path | None = None,
    out: Path | None = None,
    force: Flag = False,
    json: Flag = False,
) -> None:
    """Hold the model against published findings: the scorecard over the posterior.

    Parameters
    ----------
    study
        Only this study; give it more than once for several.
    draws
        Draws from the posterior, at most.
    score
        Score forecasts of what was never fitted instead: coverage, and skill over naive forecasts.
    left_out
        With --score: forecasts of fitted findings by posteriors without their study, as Parquet.
    forecasts
        With --score: what an earlier one wrote as forecasts.parquet; nothing is run.
    out
        With --score: folder to write forecasts, scores.json and provenance to.
    force
        Replace an earlier result in that folder.
    json
        Print JSON records {id, role, published, tolerance, value, low, high, pass, note}, or with
        --score one object {findings, summary, not_above}.
    """
    from trustabm.errors import InvalidInput
    from trustabm.evidence.scorecard import ASKED, covers, posterior, scorecard
    from trustabm.runs.progress import bar as progress_bar
    from trustabm.telling.terminal import print_scorecard

    if draws < 1:
        raise InvalidInput(f"draws: expected at least 1, got {draws}")
    if score:
        if study:
            raise InvalidInput("study: expected none with --score, which learns from all of them")
        _score(draws, left_out, forecasts, out, force, json)
        return
    alone = {"left-out": left_out, "forecasts": forecasts, "out": out}
    for name, given in alone.items():
        if given is not None:
            raise InvalidInput(f"{name}: expected with --score alone, got {str(given)!r}")
    say_if_compiling()
    sets = posterior(draws)
    with progress_bar("parameter sets") as progress:
        records = scorecard(sets, tuple(study or ASKED), progress=progress)
    print(covers(len(sets)), file=sys.stderr)
    if json:
        print_json(records)
    else:
        print_scorecard(records)


def _score(
    draws: int,
    left_out: Path | None,
    forecasts: Path | None,
    out: Path | None,
    force: bool,
    json: bool,
) -> None:
    from trustabm.errors import need

    need("score", "validate --score")
    ready(out, force, "validate")
    from trustabm.evidence.predictive import read
    from trustabm.evidence.scorecard import unfitted
    from trustabm.evidence.scores import scores
    from trustabm.runs.progress import bar as progress_bar
    from trustabm.telling.scores import print_scores, save_scores, scores_json

    apart = read(left_out, fitted=True) if left_out is not None else {}
    if forecasts is not None:
        given = read(forecasts, fitted=False)
    else:
        say_if_compiling()
        with progress_bar("parameter sets") as progress:
            given = unfitted(draws, progress=progress)
    found = scores(given, apart)
    keeper = Keeper()
    if out is not None:
        keeper.keep(out, lambda place: save_scores(found, given, place, force))
    if json:
        print_json(scores_json(found))
    else:
        print_scores(found)
    keeper.leave(out)


def bench(
    *, quick: Flag = False, json: Flag = False, out: Path | None = None, force: Flag = False
) -> None:
    """Measure speed and memory, against other tools and against the limit of this machine.

    Parameters
    ----------
    quick
        Measure less, within a minute.
    json
        Print one JSON object.
    out
        Folder to write bench.json and provenance to.
    force
        Replace an earlier result in that folder.
    """
    ready(out, force, "bench")
    say_if_compiling()

    from trustabm.bench import (
        FULL,
        QUICK,
        print_bench,
        save_bench,
    )
    from trustabm.bench import bench as measure

    measured = measure(
        QUICK if quick else FULL,
        lambda what: print(f"Measuring: {what} ...", file=sys.stderr, flush=True),
    )
    keeper = Keeper()
    if out is not None:
        keeper.keep(out, lambda place: save_bench(measured, place, force))
    if json:
        print_json(measured)
    else:
        print_bench(measured)
    keeper.leave(out)


def reproduce(record: Path, /, *, workers: Whole | None = None) -> None:
    """Make a result again from its record, and compare it bit for bit.

    Prints `equal`, or where it first differs, and leaves with 1 then.

    Parameters
    ----------
    record
        A folder that `run --out` or `compare --out` wrote, or `sweep`; or its provenance.json
        alone, which says what was run, whole.
    workers
        Processes; chosen by the work there is if not given. Bits do not depend on it.
    """
    say_if_compiling()
    from trustabm.records.again import reproduce as again
    from trustabm.runs.progress import bar as progress_bar

    with progress_bar("done") as progress:
        found = again(record, workers=workers, progress=progress)
    for note in found.notes:
        print(f"trustabm: note: {note}", file=sys.stderr)
    if not found.equal:
        print(f"differs: {found.difference}")
        sys.exit(1)
    print("equal: every bit is as it was recorded")
