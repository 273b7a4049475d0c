"""Studies: what a sweep answered, with every scenario a click away from Town and Compare."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import solara

from trustabm.study.composed import swept
from trustabm.study.kept import shipped
from trustabm_app.shared.asked import Asked
from trustabm_app.shared.shell import Notice, element
from trustabm_app.shared.widgets import Panel, UrlSync
from trustabm_app.study import form
from trustabm_app.study.asking import use_answer
from trustabm_app.study.boxes import Effects, Heat, Sensitivity, Weeks, Whole
from trustabm_app.study.compose import Compose
from trustabm_app.study.look import Look, Outline, read_look
from trustabm_app.study.problem import Problem
from trustabm_app.study.reader import ask
from trustabm_app.study.shelf import shelf, without_place

__all__ = ["Page"]


@solara.component
def Page() -> Any:
    """Show the list, or one study."""
    search = solara.use_router().search
    asked = Asked(search)
    known, busy = use_answer(lambda gone: shipped() | shelf())
    with element("div") as page:
        if isinstance(known, Problem):
            element("h1", "Studies")
            element("p", known, class_="ta-problem", role="alert")
        elif known is None or (busy and not known):
            element("h1", "Studies")
            element("p", "Looking for studies …", role="status")
        else:
            every = known | swept(asked.words.get("study", ""))
            if name := asked.one_of("study", every, "", "the list of those there are"):
                One(every[name], search).key(name)
            else:
                Listing(known, asked.said)
                Compose(asked.words)
    return page


@solara.component
def Listing(known: dict[str, Path], notices: tuple[str, ...]) -> Any:
    """List the studies there are."""
    about, busy = use_answer(lambda gone: ask("listed", known, gone=gone) if known else [])
    with element("div") as page:
        Notice(notices)
        element("h1", "Studies")
        element(
            "p",
            "A study asks the same at many settings, under several policies, in many towns. "
            "Here are its effects, and each of its scenarios to watch.",
            class_="ta-lede",
        )
        if busy:
            element("p", "Reading the studies …", role="status")
        elif isinstance(about, Problem):
            element("p", about, class_="ta-problem", role="alert")
        else:
            with element("div", class_="ta-studies"):
                for name, title, sentence, facts in about:
                    with element("section", class_="ta-box", aria_label=title):
                        link = Look(name, "", "").query()
                        element("h2", element("a", title, href=f"/studies?{link}"))
                        element("p", without_place(sentence))
                        element("p", facts, class_="ta-lede")
    return page


@solara.component
def One(folder: Path, search: str | None) -> Any:
    """Open a study."""
    opened, _ = use_answer(lambda gone: ask("opened", folder, gone=gone))
    with element("div") as page:
        element("p", element("a", "All studies", href="/studies"))
        if opened is None:
            element("h1", "Studies")
            element("p", "Opening the study: reading its runs and pairing them …", role="status")
        elif isinstance(opened, Problem):
            element("h1", "Studies")
            element("p", opened, class_="ta-problem", role="alert")
        else:
            Opened(folder, opened, search)
    return page


@solara.component
def Opened(folder: Path, known: Outline, search: str | None) -> Any:
    """Show an opened study."""
    study = known.study
    look: Any = solara.use_reactive(solara.use_memo(lambda: read_look(search, known), []))

    def heard(message: dict[str, Any]) -> None:
        if message.get("what") == "set":
            words = look.value.words() | {str(message.get("key")): str(message.get("value"))}
            look.value = replace(read_look(words, known), notices=())

    panel = solara.use_memo(lambda: Panel(heard), [])
    url = solara.use_memo(lambda: UrlSync(query=look.value.query()), [])

    def write() -> None:
        panel.sections = form.sections(known, look.value)
        panel.values = {}
        panel.values = form.values(look.value)
        url.query = look.value.query()

    solara.use_effect(write, [look.value.query()])
    with element("div") as page:
        Notice(look.value.notices)
        element("h1", study.title)
        element("p", study.sentence, class_="ta-lede")
        element("p", _facts(known), class_="ta-lede")
        for sentence in known.notices:
            element("p", element("b", sentence), class_="ta-notice", role="status")
        with element("div", class_="ta-work"):
            with element("aside", class_="ta-side ta-first", aria_label="What is shown"):
                element("h2", "What is shown")
                solara.display(panel)
            with element("div", class_="ta-body"):
                for box in _order(known):
                    box(folder, known, look.value)
        solara.display(url)
    return page


def _order(known: Outline) -> tuple[Any, ...]:
    """Return the boxes, first what a study of this design is made for."""
    if known.why_no_grid:
        return Effects, Sensitivity, Weeks, Whole, Heat
    return Heat, Effects, Weeks, Sensitivity, Whole


def _facts(known: Outline) -> str:
    s, points = known.study, known.points
    reference, *others = s.arms
    parts = [
        f"{', '.join(others)} against {reference}" if others else reference,
        ", ".join(s.towns),
        f"{points} point{'s' * (points > 1)}, {s.replicates} towns each",
        f"{s.weeks} weeks after {s.burn_in} in common from {s.start}",
        f"{s.residents:,} residents",
        known.runs + (f", {known.failed:,} failed" if known.failed else ""),
    ]
    return " · ".join(parts)
