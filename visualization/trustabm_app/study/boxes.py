"""The boxes of an opened study: heat map, effects, weeks, what an effect hangs on, all outcomes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara

from trustabm.outcomes.findings import label
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.study.designs import called
from trustabm_app.shared.fields import form
from trustabm_app.shared.shell import drawing, element, piece, scrolled
from trustabm_app.shared.widgets import Panel, Toolbox
from trustabm_app.study import files
from trustabm_app.study.asking import use_answer
from trustabm_app.study.look import Look, Outline, in_words
from trustabm_app.study.problem import Problem
from trustabm_app.study.reader import LONG, SHORT, ask

__all__ = ["Effects", "Heat", "Sensitivity", "Weeks", "Whole"]


def _what(look: Look) -> str:
    return label(look.outcome, look.group, look.groups)


@solara.component
def Tools(what: str, title: str, folder: Path, look: Look) -> Any:
    """Offer pictures, table, link and code."""

    def heard(message: dict[str, Any]) -> None:
        files.give(tools, str(message.get("action")), what, folder, look)

    tools = solara.use_memo(lambda: Toolbox(heard, label=title), [])
    tools.heard = heard
    return element("div", tools, class_="ta-tools")


def prose(text: str) -> list[Any]:
    """Return a sentence as children of an element, what stands in backticks as code."""
    return [element("code", t) if k % 2 else t for k, t in enumerate(text.split("`"))]


def _drawing(svg: str, said: str) -> Any:
    return element("figure", drawing(svg, said), class_="ta-figure", tabindex="0")


@solara.component
def Box(
    title: str, drawn: Any, busy: bool, show: Callable[[Any], Any], instead: str | None = None
) -> Any:
    """Frame an answer: at work, a problem, or what it shows.

    Args:
        title: What the box is called.
        drawn: The answer, a `Problem`, or None where there is none yet.
        busy: Whether a newer one is being worked out.
        show: Shows it.
        instead: What is said where there is nothing to ask.
    """
    state = {"aria_busy": "true"} if busy else {}
    with element("section", class_="ta-box ta-tooled", aria_label=title, **state) as box:
        element("h2", title)
        if busy:
            element("p", "Working …", role="status", class_="ta-working")
        if instead:
            element("p", *prose(instead), class_="ta-lede")
        elif isinstance(drawn, Problem):
            element("p", *prose(drawn), class_="ta-problem", role="alert")
        elif drawn is not None:
            show(drawn)
    return box


@solara.component
def Heat(folder: Path, known: Outline, look: Look) -> Any:
    """Show the heat map."""
    why = known.why_no_grid
    title = f"{_what(look)}: every scenario"
    drawn, busy = use_answer(
        lambda gone: None if why else ask("heat", folder, look.words(), gone=gone), look.query()
    )

    def show(found: Any) -> None:
        heat, legend, lost = found
        sides = (look.across, look.up)
        fixed = [f"{called(k)} {v}" for k, v in look.at.items() if k not in sides]
        element(
            "p",
            f"Difference from {known.study.reference}: {in_words(look.outcome)}"
            + (f", at {', '.join(fixed)}" if fixed else "")
            + f". A cell opens its scenario in {look.opens.capitalize()}.",
            class_="ta-lede",
        )
        Tools("heat", title, folder, look)
        scrolled(heat, "Heat map")
        piece(legend)
        Lost(lost)

    return Box(title, drawn, busy and not why, show, why)


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
        lambda gone: ask("effects", folder, look.words(), gone=gone), look.query()
    )

    def show(found: Any) -> None:
        svg, table, shown, many, lost = found
        Tools("effects", title, folder, look)
        _drawing(svg, f"{title}, as in the table")
        element(
            "p",
            f"Differences: {in_words(look.outcome)}. Each interval covers the luck of "
            "simulated towns and stands alone: of ten, about one misses.",
            class_="ta-lede",
        )
        if shown < many:
            said = f"{shown} of {many} scenarios; the CSV table has all."
            element("p", said, class_="ta-lede")
        scrolled(table, "Effects", "ta-long")
        Lost(lost)

    return Box(title, drawn, busy, show, None if known.effects else known.why_no_grid)


@solara.component
def Weeks(folder: Path, known: Outline, look: Look) -> Any:
    """Show the outcome over time."""
    title = "Over time"
    drawn, busy = use_answer(
        lambda gone: ask("weeks", folder, look.words(), gone=gone), look.query()
    )

    def show(found: Any) -> None:
        svg, said = found
        Tools("weeks", title, folder, look)
        _drawing(svg, title)
        if said:
            element("p", said, class_="ta-lede")

    return Box(title, drawn, busy, show, drawn if isinstance(drawn, Problem) else None)


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
        lambda: Panel(lambda m: heard_now.current(m), sections=[form(buttons=[button])]), []
    )

    def show(found: Any) -> None:
        if not found:
            element(
                "p",
                f"Sobol's indices of the mean over replicates, from an emulator of "
                f"{known.points} points: seconds, or minutes for many.",
                class_="ta-lede",
            )
            if not busy:
                solara.display(panel)
            return
        said, table, svg = found
        if not table:
            element("p", *prose(said), class_="ta-problem", role="status")
            return
        Tools("indices", title, folder, look)
        _drawing(svg, f"{title}, as in the table")
        element("p", *prose(said), class_="ta-lede")
        scrolled(table, "Indices")

    unknown = drawn is None
    return Box(
        title, () if unknown else drawn, busy, show, known.why_no_indices if unknown else None
    )


@solara.component
def Whole(folder: Path, known: Outline, look: Look) -> Any:
    """Show all outcomes in one town, under one arm."""
    town, arm = look.chosen(known.study)
    drawn, busy = use_answer(
        lambda gone: ask("whole", folder, look.words(), gone=gone), look.query()
    )

    def show(table: Any) -> None:
        said = "Each interval covers the luck of simulated towns and stands alone."
        if known.points > 1:
            said = (
                "Over all points: how far the effect moves with what is varied. This is no "
                "interval of luck, and more replicates do not narrow it."
            )
        element("p", said, class_="ta-lede")
        scrolled(table, "All outcomes")

    with element("div") as page:
        if known.effects:
            Box(f"All outcomes: {arm} in {town}", drawn, busy, show)
    return page
