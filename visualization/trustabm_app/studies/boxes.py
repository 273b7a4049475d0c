"""The boxes of an opened study: heat map, effects, weeks, what an effect hangs on, all outcomes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import solara

from trustabm.findings import label
from trustabm.outcomes import GLOSSARY
from trustabm_app import exports
from trustabm_app.markup import piece
from trustabm_app.shell import element
from trustabm_app.studies import files, tables
from trustabm_app.studies.answers import Answers, Indices
from trustabm_app.studies.asking import LONG, SHORT, Problem, use_answer
from trustabm_app.studies.look import Look
from trustabm_app.widgets import Panel, Toolbox

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Effects", "Heat", "Sensitivity", "Weeks", "Whole"]

ROWS_MAX = 60
"""Scenarios listed; the CSV table has all."""


def _what(look: Look) -> str:
    return label(look.outcome, look.group)


@solara.component
def Tools(
    what: str,
    title: str,
    known: Answers,
    look: Look,
    figure: Callable[[], Figure],
    table: Callable[[], pd.DataFrame],
) -> Any:
    """Offer pictures, table, link and code."""

    def heard(message: dict[str, Any]) -> None:
        words = (tools, str(message.get("action")), what, known, look, figure, table)
        threading.Thread(target=files.give, args=words, daemon=True).start()

    tools = solara.use_memo(lambda: Toolbox(heard, label=title), [])
    tools.heard = heard
    return element("div", tools, class_="ta-tools")


@solara.component
def Box(title: str, busy: bool, children: list[Any]) -> Any:
    """Frame a part of the page, and say that it is at work."""
    state = {"aria_busy": "true"} if busy else {}
    with element("section", class_="ta-box ta-tooled", aria_label=title, **state) as box:
        element("h2", title)
        if busy:
            element("p", "Working …", role="status", class_="ta-working")
        for child in children:
            solara.display(child)
    return box


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

    return exports.inked(percent)


def _hundredths(value: float, _place: int, after: str) -> str:
    return f"{100 * value:.3g}{after}".replace("-", "\N{MINUS SIGN}")


def prose(text: str) -> list[Any]:
    """Return a sentence as children of an element, what stands in backticks as code."""
    return [element("code", t) if k % 2 else t for k, t in enumerate(text.split("`"))]


def _drawing(svg: str, said: str) -> Any:
    attributes = {"role": "img", "aria-label": said}
    inner = solara.HTML(tag="div", unsafe_innerHTML=svg, attributes=attributes)
    return element("figure", inner, class_="ta-figure", tabindex="0")


@solara.component
def Heat(known: Answers, look: Look) -> Any:
    """Show the heat map."""
    why = known.why_no_grid()
    title = f"{_what(look)}: every scenario"

    def ask() -> Any:
        grid = [] if why else known.grid(look)
        sides = known.dimension(look.across), known.dimension(look.up)
        if not grid or sides[0] is None or sides[1] is None:
            return None
        lost = sorted({x for line in grid for c in line for x in c.place.lost})
        return tables.heat(grid, sides[0], sides[1], look), tables.legend(grid, look.outcome), lost

    drawn, busy = use_answer(ask, look.query({}))
    with Box(title, busy and not why) as box:
        if why:
            element("p", *prose(why), class_="ta-lede")
        elif isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-problem", role="alert")
        elif drawn is not None:
            heat, legend, lost = drawn
            fixed = [
                f"{k.replace('_', ' ')} {v}"
                for k, v in look.at.items()
                if k not in (look.across, look.up)
            ]
            element(
                "p",
                f"Difference from {known.study.reference}: {tables.in_words(look.outcome)}"
                + (f", at {', '.join(fixed)}" if fixed else "")
                + f". A cell opens its scenario in {look.opens.capitalize()}.",
                class_="ta-lede",
            )
            Tools(
                "heat",
                title,
                known,
                look,
                lambda: known.grid_figure(look),
                lambda: known.shown(look, (look.across, look.up)),
            )
            piece(heat, class_="ta-scroll", tabindex="0", role="region", aria_label="Heat map")
            piece(legend)
            Lost(lost)
    return box


@solara.component
def Lost(lost: list[str]) -> Any:
    """Say what the other pages have otherwise."""
    said = ", ".join(lost[:6]) + (", and more" if len(lost) > 6 else "")
    with element("div") as box:
        if lost:
            element(
                "p",
                element("b", "What Town and Compare do not hold: "),
                f"{said}. There they are as by default.",
                class_="ta-lede",
            )
    return box


@solara.component
def Effects(known: Answers, look: Look) -> Any:
    """Show effects as a chart and a table."""
    title = "Effects with their 90% intervals"

    def ask() -> Any:
        if known.effects.empty:
            return None
        found, many = known.cells(look, ROWS_MAX)
        svg = _inked(lambda: known.effects_figure(look), look)
        lost = sorted({x for c in found for x in c.place.lost})
        return svg, tables.cells(found, known.dims, known, look), len(found), many, lost

    drawn, busy = use_answer(ask, look.query({}))
    with Box(title, busy) as box:
        if known.effects.empty:
            element("p", *prose(known.why_no_grid()), class_="ta-lede")
        elif isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-problem", role="alert")
        elif drawn is not None:
            svg, table, shown, many, lost = drawn
            everything = tuple(d.name for d in known.dims)
            Tools(
                "effects",
                title,
                known,
                look,
                lambda: known.effects_figure(look),
                lambda: known.shown(look, everything),
            )
            _drawing(svg, f"{title}, as in the table")
            element(
                "p",
                f"Differences: {tables.in_words(look.outcome)}. Each interval covers the luck of "
                "simulated towns and stands alone: of ten, about one misses.",
                class_="ta-lede",
            )
            if shown < many:
                element(
                    "p", f"{shown} of {many} scenarios; the CSV table has all.", class_="ta-lede"
                )
            piece(
                table, class_="ta-scroll ta-long", tabindex="0", role="region", aria_label="Effects"
            )
            Lost(lost)
    return box


@solara.component
def Weeks(known: Answers, look: Look) -> Any:
    """Show the outcome over time."""
    title = "Over time"
    drawn, busy = use_answer(lambda: _inked(lambda: known.weeks_figure(look), look), look.query({}))
    with Box(title, busy) as box:
        if isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-lede")
        elif drawn is not None:
            Tools(
                "weeks",
                title,
                known,
                look,
                lambda: known.weeks_figure(look),
                lambda: known.weeks(look),
            )
            _drawing(drawn, title)
            if len(known.opened.points) > 1:
                at = known.point_in_words(int(look.point)) if look.point else ""
                said = f"At {at}." if at else "All points of the study together."
                element("p", said, class_="ta-lede")
    return box


@solara.component
def Sensitivity(known: Answers, look: Look) -> Any:
    """Show what the effect hangs on, or why that cannot be said."""
    title = f"What the effect on {GLOSSARY[look.outcome].title.lower()} hangs on"
    wanted = solara.use_reactive("")
    key = f"{known.chosen(look)} {look.column}"

    def ask() -> Any:
        found = known.known_indices(look)
        if found is None and wanted.value == key:
            found = known.work_out(look)
        if found is None or found.frame.empty:
            return found, ""
        return found, exports.inked(lambda: known.indices_figure(look, found))

    def heard(message: dict[str, Any]) -> None:
        if message.get("what") == "press":
            wanted.value = key

    drawn, busy = use_answer(ask, key, wanted.value, turns=LONG if wanted.value == key else SHORT)
    heard_now: Any = solara.use_ref(heard)
    heard_now.current = heard
    button = {"key": "work", "label": "Work it out", "primary": True}
    panel = solara.use_memo(
        lambda: Panel(
            lambda m: heard_now.current(m),
            sections=[{"title": "", "fields": [], "buttons": [button]}],
        ),
        [],
    )
    with Box(title, busy) as box:
        found, svg = drawn if isinstance(drawn, tuple) else (None, "")
        if isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-problem", role="alert")
        elif found is None and known.why_no_indices():
            element("p", *prose(known.why_no_indices()), class_="ta-lede")
        elif found is None:
            element(
                "p",
                f"Sobol's indices of the mean over replicates, from an emulator of "
                f"{len(known.opened.points)} points: seconds, or minutes for many.",
                class_="ta-lede",
            )
            if not busy:
                solara.display(panel)
        elif found.frame.empty:
            element("p", *prose(found.said), class_="ta-problem", role="status")
        else:
            Found(title, known, look, found, svg)
    return box


@solara.component
def Found(title: str, known: Answers, look: Look, found: Indices, svg: str) -> Any:
    """Show indices."""
    with element("div") as box:
        Tools(
            "indices",
            title,
            known,
            look,
            lambda: known.indices_figure(look, found),
            lambda: found.frame,
        )
        _drawing(svg, f"{title}, as in the table")
        element("p", *prose(found.said), class_="ta-lede")
        piece(
            tables.indices(found),
            class_="ta-scroll",
            tabindex="0",
            role="region",
            aria_label="Indices",
        )
    return box


@solara.component
def Whole(known: Answers, look: Look) -> Any:
    """Show all outcomes in one town, under one arm."""
    town, arm = known.chosen(look)
    many = len(known.opened.points) > 1
    title = f"All outcomes: {arm} in {town}"
    drawn, busy = use_answer(lambda: tables.outcomes(known.whole(look), look), look.query({}))
    with element("div") as page:
        if not known.effects.empty:
            with Box(title, busy):
                if isinstance(drawn, Problem):
                    element("p", *prose(drawn), class_="ta-problem", role="alert")
                elif drawn is not None:
                    said = (
                        "Over all points: how far the effect moves with what is varied. This is no "
                        "interval of luck, and more replicates do not narrow it."
                        if many
                        else "Each interval covers the luck of simulated towns and stands alone."
                    )
                    element("p", said, class_="ta-lede")
                    piece(
                        drawn,
                        class_="ta-scroll",
                        tabindex="0",
                        role="region",
                        aria_label="All outcomes",
                    )
    return page
