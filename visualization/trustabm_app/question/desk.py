"""One tab's question: the sentence on the page, and what is asked when its blanks are filled."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from typing import Any

import solara
import traitlets as t

from trustabm.errors import InvalidInput
from trustabm.inputs.today import Today, today
from trustabm.telling.answer import in_force
from trustabm_app.shared.places import place_named, places_like, unknown
from trustabm_app.shared.question import YEARS, Question, offers, read_question
from trustabm_app.shared.widgets import UrlSync, Widget, source

__all__ = ["Desk", "Sentence"]

MONTHS = [[k, calendar.month_name[k]] for k in range(1, 13)]


class Sentence(Widget):
    """The sentence with its blanks."""

    _esm = source("sentence.js")
    _css = source("panel.css")
    place = t.Unicode("").tag(sync=True)
    places = t.List([]).tag(sync=True)
    near = t.List([]).tag(sync=True)
    problem = t.Unicode("").tag(sync=True)
    rules = t.Unicode("").tag(sync=True)
    when = t.Unicode("today").tag(sync=True)
    offers = t.List([]).tag(sync=True)
    change = t.Unicode("").tag(sync=True)
    months = t.List(MONTHS).tag(sync=True)
    years = t.List([*range(YEARS[0], YEARS[1] + 1)]).tag(sync=True)
    since = t.List([2027, 1]).tag(sync=True)


class Desk:
    """The sentence, its link, and the question that it asks.

    Args:
        search: The address's query.
    """

    def __init__(self, search: str | None) -> None:
        question = read_question(search)
        self.sentence = Sentence(self._heard, offers=[list(offer) for offer in offers()])
        self.url = UrlSync(query=question.query())
        self.question = solara.reactive(question)
        self.rules: solara.Reactive[Today | None] = solara.reactive(None)
        self._show(question)

    def _show(self, question: Question) -> None:
        here, s = question.place, self.sentence
        on = min(question.since, dt.date.today())
        rules = None
        if here is not None:
            rules = today(here.area.largest.slug if here.area else here.word, on)
        with s.hold_sync():
            s.place = here.title if here else ""
            s.change = question.change
            s.since = [question.since.year, question.since.month]
            s.when = "today" if on < question.since else f"in {on:%B %Y}"
            s.rules = "its rules are in force"
            if here is not None and rules is not None:
                s.rules = "each county has its own rules" if here.area else in_force(rules.policy)
            s.problem, s.near = "", []
        self.rules.value = rules
        self.url.query = question.query()
        self.question.value = question

    def _heard(self, message: dict[str, Any]) -> None:
        key, value, now = message.get("key"), message.get("value"), self.question.value
        if message.get("what") == "typed":
            self.sentence.places = [p.title for p in places_like(str(value))]
        elif key == "place":
            self._place(str(value)[:80])
        elif key == "change" and value in ["", *(offer.word for offer in offers())]:
            self._show(replace(now, change=str(value), notices=()))
        elif key in ("month", "year") and isinstance(value, int):
            low, high = YEARS if key == "year" else (1, 12)
            if low <= value <= high:
                self._show(replace(now, since=now.since.replace(**{key: value}), notices=()))

    def _place(self, text: str) -> None:
        """Take a place that was typed, or say which may be meant."""
        try:
            place = place_named(text)
        except InvalidInput:
            self.sentence.problem, self.sentence.near = unknown(text)
            return
        self._show(replace(self.question.value, place=place, notices=()))
