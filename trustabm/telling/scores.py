"""Scores as a person reads them, and as a folder keeps them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from trustabm.evidence.naive import NAIVE
from trustabm.evidence.predictive import Forecasts, write
from trustabm.evidence.scores import SETS, Score, Summary, not_above, summary
from trustabm.runs.folders import written
from trustabm.runs.provenance import origin
from trustabm.telling.terminal import console

__all__ = ["print_scores", "save_scores", "scores_json"]


def scores_json(found: Sequence[Score]) -> dict[str, Any]:
    """Return scores as plain values: by finding, what they come to, and where no skill is."""
    whole = summary(found)
    return {
        "findings": [asdict(s) for s in found],
        "summary": [asdict(s) for s in whole],
        "not_above": not_above(whole),
    }


def save_scores(found: Sequence[Score], forecasts: Forecasts, folder: Path, force: bool) -> None:
    """Write scores, the forecasts that were scored and their provenance.

    Raises:
        OutputExists: where that would destroy something not asked for.
        NotWritten: where it cannot be written.
    """
    with written(folder, force, "validate") as half:
        write(forecasts, half / "forecasts.parquet")
        for name, value in (("scores", scores_json(found)), ("provenance", origin())):
            text = json.dumps(value, indent=1, allow_nan=False) + "\n"
            (half / f"{name}.json").write_text(text, "utf-8")


def print_scores(found: Sequence[Score]) -> None:
    """Print coverage and skill by what findings are about, and where no skill is."""
    whole = summary(found)
    for of_set, sentence in SETS.items():
        for signs in (False, True):
            some = [s for s in whole if s.set == of_set and s.signs == signs]
            if some:
                print(f"{of_set}, {'signs and bounds' if signs else 'numbers'}. {sentence}")
                _print(some, signs)
    print(
        "50%, 90%: findings that these intervals hold; alone: that 90% of the draws hold, without"
    )
    print("what the model misses by. Chance: given to the published sign or bound, on average.")
    print("Skill over naive forecasts: 0 is as good as they are, 1 is perfect.")
    for line in not_above(whole):
        print(line)


def _print(some: Sequence[Summary], signs: bool) -> None:
    table = Table(box=None, pad_edge=False)
    said = ("chance",) if signs else ("50%", "90%", "alone")
    for name in ("", "findings", "studies", *said, *NAIVE):
        table.add_column(name, justify="right" if name else "left")
    for s in some:
        held = (
            [f"{s.chance:.0%}"]
            if signs
            else [f"{n / s.findings:.0%}" for n in (s.held[50], s.held[90], s.alone[90])]
        )
        skills = [f"{s.skill[n].skill:+.2f}" if n in s.skill else "-" for n in NAIVE]
        table.add_row(s.kind, str(s.findings), str(s.studies), *held, *skills)
    console().print(table)
    print()
