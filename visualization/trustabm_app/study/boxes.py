"""The boxes of an opened study: heat map, effects, weeks, what an effect hangs on, all outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import solara

from trustabm.outcomes.findings import label
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.definition import called
from trustabm_app.shared.markup import Markup
from trustabm_app.shared.shell import element, piece
from trustabm_app.shared.widgets import Panel, Toolbox
from trustabm_app.study import files
from trustabm_app.study.asking import use_answer
from trustabm_app.study.look import Look, Outline, in_words
from trustabm_app.study.problem import Problem
from trustabm_app.study.reader import LONG, SHORT, ask

__all__ = ["Effects", "Heat", "Sensitivity", "Weeks", "Whole"]


def _what(look: Look) -> str:
    return label(look.outcome, look.group)


@solara.component
def Tools(what: str, title: str, folder: Path, look: Look) -> Any:
    """Offer pictures, table, link and code."""

    def heard(message: dict[str, Any]) -> None:
        files.give(tools, str(message.get("action")), what, folder, look)

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


def prose(text: str) -> list[Any]:
    """Return a sentence as children of an element, what stands in backticks as code."""
    return [element("code", t) if k % 2 else t for k, t in enumerate(text.split("`"))]


def _drawing(svg: str, said: str) -> Any:
    attributes = {"role": "img", "aria-label": said}
    inner = solara.HTML(tag="div", unsafe_innerHTML=svg, attributes=attributes)
    return element("figure", inner, class_="ta-figure", tabindex="0")


@solara.component
def Heat(folder: Path, known: Outline, look: Look) -> Any:
    """Show the heat map."""
    why = known.why_no_grid
    title = f"{_what(look)}: every scenario"
    drawn, busy = use_answer(
        lambda gone: None if why else ask("heat", folder, look.words(), gone=gone), look.query({})
    )
    with Box(title, busy and not why) as box:
        if why:
            element("p", *prose(why), class_="ta-lede")
        elif isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-problem", role="alert")
        elif drawn is not None:
            heat, legend, lost = drawn
            fixed = [
                f"{called(k)} {v}" for k, v in look.at.items() if k not in (look.across, look.up)
            ]
            element(
                "p",
                f"Difference from {known.study.reference}: {in_words(look.outcome)}"
                + (f", at {', '.join(fixed)}" if fixed else "")
                + f". A cell opens its scenario in {look.opens.capitalize()}.",
                class_="ta-lede",
            )
            Tools("heat", title, folder, look)
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
def Effects(folder: Path, known: Outline, look: Look) -> Any:
    """Show effects as a chart and a table."""
    title = "Effects with their 90% intervals"
    drawn, busy = use_answer(
        lambda gone: ask("effects", folder, look.words(), gone=gone), look.query({})
    )
    with Box(title, busy) as box:
        if not known.effects:
            element("p", *prose(known.why_no_grid), class_="ta-lede")
        elif isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-problem", role="alert")
        elif drawn is not None:
            svg, table, shown, many, lost = drawn
            Tools("effects", title, folder, look)
            _drawing(svg, f"{title}, as in the table")
            element(
                "p",
                f"Differences: {in_words(look.outcome)}. Each interval covers the luck of "
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
def Weeks(folder: Path, known: Outline, look: Look) -> Any:
    """Show the outcome over time."""
    title = "Over time"
    drawn, busy = use_answer(
        lambda gone: ask("weeks", folder, look.words(), gone=gone), look.query({})
    )
    with Box(title, busy) as box:
        if isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-lede")
        elif drawn is not None:
            svg, said = drawn
            Tools("weeks", title, folder, look)
            _drawing(svg, title)
            if said:
                element("p", said, class_="ta-lede")
    return box


@solara.component
def Sensitivity(folder: Path, known: Outline, look: Look) -> Any:
    """Show what the effect hangs on, or why that cannot be said."""
    title = f"What the effect on {GLOSSARY[look.outcome].title.lower()} hangs on"
    wanted = solara.use_reactive("")
    key = f"{look.chosen(known.study)} {look.column}"
    work = wanted.value == key

    def heard(message: dict[str, Any]) -> None:
        if message.get("what") == "press":
            wanted.value = key

    drawn, busy = use_answer(
        lambda gone: ask(
            "indices", folder, look.words(), work, turns=LONG if work else SHORT, gone=gone
        ),
        key,
        wanted.value,
    )
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
        if isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-problem", role="alert")
        elif drawn is None and known.why_no_indices:
            element("p", *prose(known.why_no_indices), class_="ta-lede")
        elif drawn is None:
            element(
                "p",
                f"Sobol's indices of the mean over replicates, from an emulator of "
                f"{known.points} points: seconds, or minutes for many.",
                class_="ta-lede",
            )
            if not busy:
                solara.display(panel)
        else:
            said, table, svg = drawn
            if table:
                Found(title, folder, look, said, table, svg)
            else:
                element("p", *prose(said), class_="ta-problem", role="status")
    return box


@solara.component
def Found(title: str, folder: Path, look: Look, said: str, table: Markup, svg: str) -> Any:
    """Show indices."""
    with element("div") as box:
        Tools("indices", title, folder, look)
        _drawing(svg, f"{title}, as in the table")
        element("p", *prose(said), class_="ta-lede")
        piece(table, class_="ta-scroll", tabindex="0", role="region", aria_label="Indices")
    return box


@solara.component
def Whole(folder: Path, known: Outline, look: Look) -> Any:
    """Show all outcomes in one town, under one arm."""
    town, arm = look.chosen(known.study)
    many = known.points > 1
    title = f"All outcomes: {arm} in {town}"
    drawn, busy = use_answer(
        lambda gone: ask("whole", folder, look.words(), gone=gone), look.query({})
    )
    with element("div") as page:
        if known.effects:
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
