"""What the pages of a class show, as markup."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import segno

from trustabm.classroom import Room, Sheet, State
from trustabm.classroom.lesson import Lesson
from trustabm.telling.markup import Markup, tag
from trustabm.telling.picture import strip

__all__ = ["STATIC", "board", "door", "page", "pupil", "start"]

STATIC = Path(__file__).parent / "static"
PAGE = (STATIC / "page.html").read_text("utf-8")


def page(role: str, title: str, body: Markup) -> str:
    """Return a page whole; `role` is also where its files and its websocket are."""
    return PAGE.format(role=role, title=title, body=body)


def door(code: str = "") -> Markup:
    """Return what one sees before the room."""
    typed = tag(
        "input",
        name_="code",
        value=code,
        required=True,
        maxlength=8,
        autocomplete="off",
        autocapitalize="characters",
    )
    return tag(
        "form",
        tag("h1", "Come into the room"),
        tag("label", tag("span", "Code on the projector"), typed),
        tag("button", "Come in"),
        id="door",
    )


def pupil(state: State) -> Markup:
    """Return what a pupil sees."""
    sheet = state.sheet
    parts = [tag("h1", sheet.title), *(tag("p", x) for x in sheet.text)]
    if state.open:
        parts.append(_form(state))
    elif state.choice is not None:
        parts.append(tag("p", "You committed to: ", tag("b", sheet.options[state.choice])))
    if not state.open and not sheet.counts and not sheet.said:
        parts.append(tag("p", "Wait for the others; this page goes on by itself.", role="status"))
    you = f"You are number {state.number}. Nothing else is known of you here, and no name is kept."
    return Markup("").join([*parts, *_found(sheet), tag("footer", you)])


def board(room: Room, here: Collection[int], address: str, qr: Markup, problem: str = "") -> Markup:
    """Return what the projector shows.

    Args:
        room: The room.
        here: Numbers of the pupils who are connected.
        address: Where phones find the room.
        qr: The same as a picture.
        problem: What cannot be had.
    """
    sheet, late = room.board(), room.waiting
    parts = [tag("h1", sheet.title), *(tag("p", x) for x in sheet.text)]
    if not sheet.counts:
        parts.append(tag("ul", *(tag("li", x) for x in sheet.options)))
    said = f"{len(here)} of {len(room.numbers)} pupils are connected."
    if room.activity.open:
        numbers = ", ".join(f"{n}" if n in here else f"{n} (away)" for n in late)
        said += f" Not answered: {numbers}." if late else " All have answered." if here else ""
    aside = [
        qr,
        tag("p", tag("b", address), class_="address"),
        tag("p", "Code ", tag("b", room.code, class_="code")),
        tag("p", said, id="here"),
        tag("p", problem, role="alert") if problem else "",
        _button("next", room.activity.following) if room.activity.following else "",
        tag("p", tag("a", "Table (CSV)", href="/class/table.csv", download="class.csv")),
        _button("end", "End the class", class_="quiet"),
    ]
    return tag(
        "div",
        tag("section", *parts, *_found(sheet), aria_label="Question"),
        tag("aside", *aside, aria_label="Room"),
        class_="board",
    )


def start(lessons: Mapping[str, Lesson], chosen: Collection[str], said: str) -> Markup:
    """Return what the teacher sees before there is a room.

    Args:
        lessons: Those there are.
        chosen: Those that are ticked.
        said: Where the room will be found.
    """
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name_="lesson", value=k, checked=k in chosen),
            tag("span", f"{x.title}: {x.question}"),
        )
        for k, x in lessons.items()
    ]
    return tag(
        "form",
        tag("h1", "Start a class"),
        tag(
            "p",
            "Pupils say on their phones what they expect; the class sees what it expects; "
            "then the run is revealed, and each pupil gets another of its towns.",
        ),
        tag("fieldset", tag("legend", "Lessons, in this order"), *boxes),
        tag("p", said),
        tag("button", "Start a class"),
        _button("resident", "Or: you are a resident, ten rounds", class_="quiet"),
        tag("p", tag("a", "Back to the lessons", href="/lessons")),
        id="start",
    )


def code_of(address: str) -> Markup:
    """Return the picture that phones read an address from."""
    picture = segno.make(address, error="m", micro=False)
    look = {"dark": "#000", "light": "#fff"}
    return Markup(picture.svg_inline(border=3, omitsize=True, title=address, **look))


def _found(sheet: Sheet) -> list[Markup]:
    parts = []
    if sheet.counts:
        most = max(1, *sheet.counts)
        rows = [
            tag(
                "li",
                tag("span", option),
                tag("progress", value=n, max=most, aria_label=option),
                tag("b", n),
            )
            for option, n in zip(sheet.options, sheet.counts, strict=True)
        ]
        parts.append(tag("ul", *rows, class_="counts", aria_label="What the class chose"))
    if sheet.said:
        parts.append(tag("p", sheet.said, class_="said", role="status"))
    if sheet.strip is not None:
        s = sheet.strip
        parts += [
            strip(s.dots, s.middle, s.ends, s.label, own=s.own),
            tag("p", s.label, class_="src"),
        ]
    return [*parts, *(tag("p", x) for x in sheet.after)]


def _form(state: State) -> Markup:
    choices = [
        tag(
            "label",
            tag("input", type="radio", name_="choice", value=k, required=True),
            tag("span", x),
        )
        for k, x in enumerate(state.sheet.options)
    ]
    legend = tag("legend", "Your choice")
    return tag(
        "form",
        tag("fieldset", legend, *choices),
        tag("button", "Commit"),
        id="choice",
        data_round=state.round,
    )


def _button(do: str, text: str, **more: Any) -> Markup:
    return tag("button", text, type="button", data_do=do, **more)
