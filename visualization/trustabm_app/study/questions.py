"""What the page asks of a study, in the process that reads: the answers are text and small.

A question holds the words of an address, and is read against the study as it is open there.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from trustabm.errors import TrustabmError
from trustabm.figures.style import save
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.runs.tables import csv_bytes
from trustabm.study.composed import cost
from trustabm.study.designs import called
from trustabm.study.opening import open_study
from trustabm.study.scripts import Scripts
from trustabm.study.store import Store
from trustabm.telling.markup import Markup
from trustabm_app.shared.exports import drawing_lock, inked
from trustabm_app.study import tables
from trustabm_app.study.answers import Answers, Indices, runs_of
from trustabm_app.study.look import Look, Outline, read_look
from trustabm_app.study.problem import Problem, said

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["answer", "answers", "scripts"]

ROWS_MAX = 60
"""Scenarios listed; the CSV table has all."""

OPEN_MAX = 3
"""Studies that are kept open."""

Words = dict[str, str]

_shelf = threading.Lock()
_opening: dict[Path, threading.Lock] = {}
_open: dict[Path, tuple[object, Answers]] = {}


def answer(name: str, *words: Any) -> Any:
    """Answer a question, or say what went wrong."""
    found = said(lambda: ASKED[name](*words), duckdb.Error, pa.ArrowException)
    folder = words[0]
    if isinstance(found, Problem) and isinstance(folder, Path) and not folder.is_dir():
        return Problem("This study is gone: its folder was moved or removed since it was listed.")
    return found


def answers(folder: Path, newest: bool = True) -> Answers:
    """Return the answers of a study, opened once for all visitors as long as no run is added.

    Args:
        folder: The study's folder.
        newest: Whether runs that were added since count; on a page that is open they do not.
    """
    with _shelf:
        opening = _opening.setdefault(folder, threading.Lock())
    with opening:  # nobody waits for a study that somebody else opens
        stamp = tuple((p.name, p.stat().st_mtime_ns) for p in Store(folder).parts("runs"))
        known = _open.get(folder)
        if known is None or (newest and known[0] != stamp):
            known = stamp, Answers(folder)
        with _shelf:
            _open.pop(folder, None)
            while len(_open) >= OPEN_MAX:
                del _open[next(iter(_open))]  # the one that was asked for longest ago
            _open[folder] = known
        return known[1]


def _listed(known: dict[str, Path]) -> list[tuple[str, str, str, str]]:
    """Return name, title, sentence and facts of every study."""
    return [_about(name, folder) for name, folder in known.items()]


def _about(name: str, folder: Path) -> tuple[str, str, str, str]:
    try:
        opened = open_study(folder)
        study, runs = opened.study, runs_of(opened)
    except (TrustabmError, OSError, duckdb.Error, pa.ArrowException) as e:
        return name, name, f"This study cannot be read: {e}", ""
    varied = [called(v) for v in study.vary]
    over = f" over {', '.join(varied)}" if varied else ""
    facts = f"{name} · {runs} · {', '.join(study.towns)} · {', '.join(study.arms)}{over}"
    return name, study.title, study.sentence, facts


def _opened(folder: Path) -> Outline:
    """Open a study."""
    return answers(folder).outline


def _looked(folder: Path, words: Words) -> tuple[Answers, Look]:
    known = answers(folder, newest=False)
    return known, read_look(words, known.outline)


def _heat(folder: Path, words: Words) -> tuple[Markup, Markup, list[str]] | None:
    """Return the heat map, what its colours mean, and what other pages do not hold of it."""
    known, look = _looked(folder, words)
    grid = known.grid(look)
    across, up = known.dimension(look.across), known.dimension(look.up)
    if not grid or across is None or up is None:
        return None
    lost = sorted({x for line in grid for c in line for x in c.place.lost})
    return tables.heat(grid, across, up, look), tables.legend(grid, look.outcome), lost


def _effects(folder: Path, words: Words) -> tuple[str, Markup, int, int, list[str]] | None:
    """Return chart and table of effects, how many there are of how many, and what is lost."""
    known, look = _looked(folder, words)
    if known.effects.empty:
        return None
    found, many = known.cells(look, ROWS_MAX)
    svg = _inked(lambda: known.effects_figure(look), look)
    lost = sorted({x for c in found for x in c.place.lost})
    return svg, tables.cells(found, known.dims, known, look), len(found), many, lost


def _weeks(folder: Path, words: Words) -> tuple[str, str]:
    """Return the outcome over time, and of which point it is."""
    known, look = _looked(folder, words)
    svg = _inked(lambda: known.weeks_figure(look), look)
    if len(known.opened.points) < 2:
        return svg, ""
    at = known.point_in_words(int(look.point)) if look.point else ""
    return svg, f"At {at}." if at else "All points of the study together."


def _indices(folder: Path, words: Words, work: bool) -> tuple[str, Markup, str] | None:
    """Return what is said of indices, their table and chart; None where they are not known.

    Args:
        folder: The study's.
        words: What is looked at.
        work: Whether to work them out.
    """
    known, look = _looked(folder, words)
    found = known.known_indices(look) or (known.work_out(look) if work else None)
    if found is None:
        return None
    if found.frame.empty:
        return found.said, Markup(""), ""
    svg = inked(lambda: known.indices_figure(look, found))
    return found.said, tables.indices(found), svg


def _whole(folder: Path, words: Words) -> Markup:
    """Return all outcomes."""
    known, look = _looked(folder, words)
    return tables.outcomes(known.whole(look), look)


def _taken(folder: Path, words: Words, what: str, action: str, title: str) -> Any:
    """Return something to take away: titled code, or name and bytes of a table or a picture.

    Where runs are missing, the name says how many there are, and a picture too.

    Args:
        folder: The study's.
        words: What is looked at.
        what: `heat`, `effects`, `weeks` or `indices`.
        action: `png`, `svg`, `csv` or `code`.
        title: What a picture says it is.
    """
    known, look = _looked(folder, words)
    if action == "code":
        return scripts(known, look).parts(what)
    figure, table = _shown(known, look)[what]
    runs = known.outline.runs
    mark = f"-{re.sub(r'[^0-9a-z]+', '-', runs)}" if " of " in runs else ""
    if action == "csv":
        return f"{title}{mark}.csv", csv_bytes(table())
    with drawing_lock, tempfile.TemporaryDirectory() as place:
        drawn = figure()
        if mark:
            drawn.text(0.995, 0.005, runs, ha="right", va="bottom", fontsize=8)
        files = save(drawn, Path(place) / "figure", title=title, provenance=known.where())
        data = next(f.read_bytes() for f in files if f.suffix == f".{action}")
        return f"{title}{mark}.{action}", data


def scripts(known: Answers, look: Look) -> Scripts:
    """Return the code of what is looked at."""
    sides, (town, arm) = (look.across, look.up), look.chosen(known.study)
    others = [d for d in known.dims if d.name not in (*sides, "point")]
    fixed = {d.name: d.values[d.words.index(look.at[d.name])] for d in others}
    shown = (look.outcome, look.group, look.column, town, arm, look.point)
    return Scripts(look.study.rsplit("/", 1)[-1], known.study, *shown, sides, fixed)


def _shown(
    known: Answers, look: Look
) -> dict[str, tuple[Callable[[], Figure], Callable[[], pd.DataFrame]]]:
    """Return how everything on the page is drawn, and its numbers."""
    every = tuple(d.name for d in known.dims)

    def found() -> Indices:
        # What was worked out is gone where the process ended since.
        return known.known_indices(look) or known.work_out(look)

    return {
        "heat": (
            lambda: known.grid_figure(look),
            lambda: known.shown(look, (look.across, look.up)),
        ),
        "effects": (lambda: known.effects_figure(look), lambda: known.shown(look, every)),
        "weeks": (lambda: known.weeks_figure(look), lambda: known.weeks(look)),
        "indices": (lambda: known.indices_figure(look, found()), lambda: found().frame),
    }


def _inked(make: Callable[[], Figure], look: Look) -> str:
    """Return a figure of an outcome in the page's ink; shares stand in percent, as in tables."""

    def percent() -> Figure:
        figure = make()
        unit = GLOSSARY[look.outcome].unit
        for axis in (a for axes in figure.axes for a in (axes.xaxis, axes.yaxis)):
            said = axis.get_label_text()
            if unit.startswith("share") and f"({unit})" in said:
                # A change of a share is no percent of what was there before.
                after = " pp" if said.startswith("Change") else "%"
                axis.set_major_formatter(partial(_hundredths, after=after))
        return figure

    return inked(percent)


def _hundredths(value: float, _place: int, after: str) -> str:
    return f"{100 * value:.3g}{after}".replace("-", "\N{MINUS SIGN}")


ASKED: dict[str, Callable[..., Any]] = {
    "cost": cost,
    "listed": _listed,
    "opened": _opened,
    "heat": _heat,
    "effects": _effects,
    "weeks": _weeks,
    "indices": _indices,
    "whole": _whole,
    "taken": _taken,
}
