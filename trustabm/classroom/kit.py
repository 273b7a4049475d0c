"""A kit for a lesson: script, slides, role cards, questions with answers, items before and after.

All of it is made from the lesson's file, and its numbers from the run of the lesson itself. Every
page is one HTML file that asks for nothing from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from trustabm.classroom.answers import CARE
from trustabm.classroom.lesson import Lesson
from trustabm.classroom.pages import page
from trustabm.classroom.resident import Residents
from trustabm.classroom.reveal import Line, Reveal
from trustabm.inputs.notices import LAY_IN
from trustabm.telling.lives import Record
from trustabm.telling.story import life

__all__ = ["answered", "write"]

CARDS = 32
"""Role cards: one a pupil of a large class."""

LETTERS = "ABCDEF"


def write(
    lesson: Lesson, name: str, told: Sequence[Reveal], notices: Sequence[str], folder: Path
) -> None:
    """Write the kit of a lesson.

    Args:
        lesson: The lesson.
        name: Its name.
        told: What came of each prediction in its run, in their order.
        notices: What its run is to be read with.
        folder: An empty folder.
    """
    pages = {
        "script": ("Script of 45 minutes", _script(lesson, name, told, notices)),
        "slides": ("Slides", _slides(lesson, told)),
        "cards": ("Role cards", _cards(lesson)),
        "items": ("Before and after", _items(lesson)),
    }
    for kind, (title, body) in pages.items():
        html = page(f"{lesson.title}: {title}", body, kind)
        (folder / f"{kind}.html").write_text(html, "utf-8")
    if lesson.items:
        numbers = range(1, len(lesson.items) + 1)
        heads = [f"{when}_{k}" for when in ("pre", "post") for k in numbers]
        (folder / "answers.csv").write_text(",".join(["pupil", *heads]) + "\n", "utf-8")


def answered(text: str, lines: Sequence[Line]) -> str:
    """Return an answer with the numbers of a run in it.

    `{0}` is the change of the deciding outcome in words, `{1}` that of the first shown with it and
    so on; `{a0}` and `{b0}` are its levels under both policies.
    """
    changes = [line.change.rstrip(".") for line in lines]
    changes = [c[:1].lower() + c[1:] for c in changes]
    levels = {
        f"{arm}{k}": line.said[n] for k, line in enumerate(lines) for n, arm in enumerate("ab")
    }
    return text.format(*changes, **levels)


def _p(text: str, tag: str = "p") -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def _list(items: Sequence[str], tag: str = "ul") -> str:
    return f"<{tag}>" + "".join(_p(x, "li") for x in items) + f"</{tag}>"


def _arms(lesson: Lesson) -> str:
    return _list([f"A: {lesson.a.title}", f"B: {lesson.b.title}"])


def _numbers(lines: Sequence[Line]) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(x.title)}<small>{escape(x.unit)}</small></th>"
        f"<td>{escape(x.said[0])}</td><td>{escape(x.said[1])}</td><td>{escape(x.change)}</td></tr>"
        for x in lines
    )
    head = "<tr><th></th><th>A</th><th>B</th><th>Change from A to B</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _predictions(lesson: Lesson) -> str:
    return _list([p.text for p in lesson.predictions], "ol")


def _verdicts(lesson: Lesson, told: Sequence[Reveal]) -> str:
    pairs = zip(lesson.predictions, told, strict=True)
    return _list([f"“{p.text}” {x.verdict}" for p, x in pairs])


def _script(lesson: Lesson, name: str, told: Sequence[Reveal], notices: Sequence[str]) -> str:
    lines = told[0].lines
    first = [
        f"{_p('Hand out items.html and collect the answers.')}" if lesson.items else "",
        _p("Say what the class will do, and what is said before roles are dealt:") + _list(CARE),
    ]
    steps = [
        ("0 to 5", "Before", "".join(first)),
        ("5 to 10", "What is asked", _p(lesson.question, "h3") + _p(lesson.background)),
        (
            "10 to 15",
            "Everybody commits",
            _arms(lesson)
            + _p(
                "Each pupil chooses one, in writing or on the lesson's page, before anybody looks:"
            )
            + _predictions(lesson),
        ),
        (
            "15 to 22",
            "What came of it",
            _p(
                "Run the lesson on the screen, or show the slides, which have the same numbers: "
                f"{lesson.replicates} simulated towns of {lesson.residents:,} residents, "
                f"{lesson.weeks} weeks, the same people and luck under both."
            )
            + _verdicts(lesson, told)
            + _numbers(lines)
            + _list([x.replace(f"; {LAY_IN}", "") for x in notices]),
        ),
        (
            "22 to 32",
            "You are a resident",
            _p(
                "Deal the cards of cards.html, or start a class. Something was stolen from each "
                "resident: who calls the police under A, who under B, and what would change it?"
            ),
        ),
        ("32 to 40", "Think about it", _questions(lesson, lines)),
        (
            "40 to 45",
            "After",
            _p(
                "Ask what in this model is an assumption, and what would have to be measured to "
                "know. What a model answers follows from its assumptions; it is not what happened "
                "anywhere."
            )
            + (_p("Hand out the items again.") + _key(lesson, name) if lesson.items else ""),
        ),
    ]
    body = "".join(
        f"<section><h2>{escape(title)} <small>minutes {when}</small></h2>{what}</section>"
        for when, title, what in steps
    )
    return _p(f"{lesson.title}: 45 minutes", "h1") + body


def _questions(lesson: Lesson, lines: Sequence[Line]) -> str:
    answers = [answered(x, lines) for x in lesson.answers] or [""] * len(lesson.think)
    pairs = zip(lesson.think, answers, strict=True)
    return "<dl>" + "".join(_p(q, "dt") + _p(a, "dd") for q, a in pairs) + "</dl>"


def _key(lesson: Lesson, name: str) -> str:
    rights = [f"{k}: {LETTERS[x.right]}" for k, x in enumerate(lesson.items, 1)]
    return _p(
        f"Right are {', '.join(rights)}. Type the letters into answers.csv; trustabm lesson gain "
        f"answers.csv --lesson {name} says what was gained, with its interval."
    )


def _slides(lesson: Lesson, told: Sequence[Reveal]) -> str:
    lines = told[0].lines
    slides = [
        _p(lesson.title, "h1") + _p(lesson.question),
        _p("Before you say", "h2") + _p(lesson.background),
        _p("Two towns, the same people, the same luck", "h2") + _arms(lesson),
        _p("What do you expect?", "h2") + _predictions(lesson),
        _p("What came of it", "h2") + _verdicts(lesson, told),
        *(_p(x.title, "h2") + _bars(lesson, x) for x in lines),
        *(_p(q, "h2") for q in lesson.think),
        _p("What a model answers follows from its assumptions.", "h2")
        + _p("It is not what happened anywhere. What would have to be measured to know?"),
    ]
    return "".join(f"<section>{x}</section>" for x in slides)


def _bars(lesson: Lesson, line: Line) -> str:
    top = max(line.levels or (0.0,))
    bars = ""
    for k, arm in enumerate((lesson.a, lesson.b)):
        share = 100 * line.levels[k] / top if line.levels and top > 0 else 0.0
        bars += (
            f"<div class=bar><span>{'AB'[k]}: {escape(arm.title)}</span>"
            f'<i style="width:{0.6 * share:.1f}%"></i><b>{escape(line.said[k])}</b></div>'
        )
    return f"<p><small>{escape(line.unit)}</small></p>{bars}{_p(line.change)}"


def _cards(lesson: Lesson) -> str:
    game = Residents(lesson.experiment(), rounds=10, weeks=lesson.weeks // 10)
    record = Record.of_world(game.town, game.experiment.start, game.experiment.burn_in)
    cards = []
    for number in range(1, CARDS + 1):
        told = life(record, game.card(number, 0)[0])
        cards.append(f"<section><b>{number}</b>{_p(told.opening)}{_p(told.closing)}</section>")
    return _list(CARE) + f"<div class=cards>{''.join(cards)}</div>"


def _items(lesson: Lesson) -> str:
    if not lesson.items:
        return _p("This lesson has no items.")
    body = _p("Write your number, and one letter for each. Nobody is marked by it.")
    for k, item in enumerate(lesson.items, 1):
        body += _p(f"{k}. {item.text}", "h3")
        body += f'<ol type="A">{"".join(_p(o, "li") for o in item.options)}</ol>'
    return _p(lesson.title, "h1") + body
