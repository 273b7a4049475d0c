"""A question as a link holds it: a place, a change of the rules in force there, and from when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple, get_args
from urllib.parse import urlencode

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog
from trustabm.inputs.declare import Level
from trustabm.inputs.timeline import Preset
from trustabm.nation.ask import asked as asked_of
from trustabm.nation.sampled import RESIDENTS
from trustabm.runs.arms import parting
from trustabm.runs.experiment import Experiment
from trustabm_app.shared.asked import QUESTION, Asked, quoted
from trustabm_app.shared.places import Place, place_named

__all__ = ["YEARS", "Offer", "Question", "as_setting", "offers", "read_question"]

YEARS = (1990, 2040)
"""The first and the last year from which a change may hold."""

MONTHS = 12
SETTING = {"a": "today", "b": "today", "seed": "0"}


class Offer(NamedTuple):
    """A change that can be asked about.

    Args:
        word: What stands for it in an address and on the command line.
        act: What is done, as it follows "What if".
        level: Whose it is to make.
    """

    word: str
    act: str
    level: Level


def offers() -> tuple[Offer, ...]:
    """Return the changes that can be asked about, by who makes them."""
    found = []
    for level in get_args(Level):
        for name in catalog.names("policies"):
            with suppress(InvalidInput):  # a file of somebody's own may have become unreadable
                preset = catalog.read("policies", catalog.policy_file(name), Preset)
                own = name not in catalog.shipped("policies") and preset.of(level)
                act = preset.acts.get(level, f"“{preset.title}” is in force" if own else "")
                word = name if level == "local" else f"{level}:{name}"
                if act:
                    found.append(Offer(word, act.rstrip("."), level))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Question:
    """What a change of the rules in force in a place does.

    Args:
        place: Where; None while it is not said.
        change: The word of an offer; empty while it is not said.
        since: The month from which the change holds, as its first day.
        notices: What an address asked for and cannot have; no part of a link.
    """

    place: Place | None
    change: str
    since: dt.date
    notices: tuple[str, ...] = field(default=(), compare=False)

    @property
    def whole(self) -> bool:
        """Whether it can be answered."""
        return self.place is not None and bool(self.change)

    def query(self) -> str:
        """Return what stands after the question mark of its link."""
        words = {
            "place": self.place.word if self.place else "",
            "change": self.change,
            "from": f"{self.since:%Y-%m}" if self.place or self.change else "",
        }
        return urlencode({k: v for k, v in words.items() if v}, safe=":")

    def experiment(self) -> Experiment:
        """Return what is run: as `trustabm compare --town PLACE --change CHANGE --from SINCE`.

        Raises:
            InvalidInput: where the change contradicts what is in force there.
        """
        assert self.place is not None
        if self.place.area is not None:
            return asked_of(
                self.place.area,
                changes=[self.change],
                since=self.since,
                residents=RESIDENTS,
                replicates=100,
                draws=None,
            )
        arms = parting((), [self.change], self.since, None)
        return Experiment.make({"town": self.place.word, **arms}, "question")


def read_question(search: str | Mapping[str, str] | None) -> Question:
    """Return the question that an address asks, whatever it says."""
    asked = Asked(search)
    place, since = None, _next_year()
    if text := asked.words.get("place", ""):
        try:
            place = place_named(text)
        except InvalidInput:
            asked.say(f"place: there is no {quoted(text)}; type its name to find it.")
    known = [offer.word for offer in offers()]
    change = asked.one_of("change", known, "")
    if text := asked.words.get("from", ""):
        month = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        year, number = (int(x) for x in month.groups()) if month else (0, 0)
        if YEARS[0] <= year <= YEARS[1] and 1 <= number <= MONTHS:
            since = dt.date(year, number, 1)
        else:
            asked.say(
                f"from: expected a month from {YEARS[0]}-01 to {YEARS[1]}-12, got {quoted(text)}; "
                f"shown is {since:%Y-%m}."
            )
    return Question(place, change, since, asked.said)


def as_setting(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of Town and Compare that show what a question asks; others are kept."""
    if "place" not in words:
        return dict(words)
    question = read_question({k: v for k, v in words.items() if k in QUESTION})
    shown = {k: v for k, v in words.items() if k not in QUESTION} | SETTING
    sizes = Experiment.model_fields
    for name in ("residents", "weeks", "burn_in", "replicates"):
        shown.setdefault(name, str(sizes[name].default))
    # Of a state they show its largest county.
    place = question.place
    if place is not None and place.area is not None:
        place = Place(place.area.largest.slug, "")
    since = {"year": str(question.since.year), "month": str(question.since.month)}
    laid = {"laid": question.change} if question.change else {}
    return shown | since | laid | {"town": place.word if place else words["place"]}


def _next_year() -> dt.date:
    return dt.date(dt.date.today().year + 1, 1, 1)
