"""`trustabm validate` and `trustabm bench`: how far the model is off, and how fast it is."""

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

__all__ = ["bench", "validate"]


def validate(*, study: list[str] | None = None, draws: Whole = 50, json: Flag = False) -> None:
    """Hold the model against published findings: the scorecard over the posterior.

    Parameters
    ----------
    study
        Only this study; give it more than once for several.
    draws
        Draws from the posterior, at most.
    json
        Print JSON records {id, role, published, tolerance, value, low, high, pass, note}.
    """
    from trustabm.errors import InvalidInput
    from trustabm.evidence.scorecard import ASKED, covers, posterior, scorecard
    from trustabm.telling.terminal import print_scorecard, progress_bar

    if draws < 1:
        raise InvalidInput(f"draws: expected at least 1, got {draws}")
    say_if_compiling()
    sets = posterior(draws)
    with progress_bar("parameter sets") as progress:
        records = scorecard(sets, tuple(study or ASKED), progress=progress)
    print(covers(len(sets)), file=sys.stderr)
    if json:
        print_json(records)
    else:
        print_scorecard(records)


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
