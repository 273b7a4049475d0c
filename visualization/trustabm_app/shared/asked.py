"""The words of an address, and what of them cannot be had: nothing falls back unsaid."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from urllib.parse import parse_qsl

__all__ = ["MAP", "QUESTION", "STUDY", "TOWN", "Asked", "near", "number", "on_grid", "quoted"]

NUMBERS = ("residents", "seed", "year", "month", "weeks", "speed", "burn_in", "replicates")
TOWN = ("town", "a", "b", "laid", "model", "mode", "group", "charts", "local", *NUMBERS)
"""Words of Town and Compare; levers stand as `a.lever@week` beside them."""

STUDY = ("study", "outcome", "group", "across", "up", "against", "point", "opens")
"""Words of Studies; where else it looks stands as `at.dimension` beside them."""

MAP = ("map", "state", "colours")
"""Words of Map, which has an `outcome` too."""

QUESTION = ("place", "change", "from")
"""Words of the question on the first page; Town and Compare show what it asks."""

KNOWN = frozenset((*QUESTION, *TOWN, *STUDY, *MAP, "lesson"))
BESIDE = ("a.", "b.", "at.", "vary.")

LENGTH_MAX = 8000
WORDS_MAX = 200
SAID_MAX = 8
CUT = 40
NUMBER = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")


def quoted(text: str) -> str:
    """Return what was asked for as it may stand in a sentence, however long or strange it is."""
    plain = text[: CUT + 1]
    plain = plain if plain.isprintable() else repr(plain)[1:-1]
    return f"“{plain if len(plain) <= CUT else plain[:CUT] + '…'}”"


def number(text: str) -> float | None:
    """Return the number that a word is, perhaps an infinite one; None if it is none."""
    return float(text) if NUMBER.fullmatch(text) else None


def near(word: str, known: Collection[str]) -> str:
    """Return a hint at the word that may be meant; empty where none is near, or they are many."""
    few = len(known) <= WORDS_MAX
    close = get_close_matches(word[: 2 * CUT], known, n=1) if few else []
    return f"; did you mean “{close[0]}”?" if close else ""


class Asked:
    """What an address asks for. Every page reads its words through one, and shows its notices.

    Args:
        search: The query, or its words.
    """

    def __init__(self, search: str | Mapping[str, str] | None) -> None:
        self.notices: list[str] = []
        self.words: dict[str, str] = {}
        if isinstance(search, Mapping):
            self.words |= search
            return
        text = (search or "").lstrip("?")
        if len(text) > LENGTH_MAX:
            self.say(f"The link is longer than {LENGTH_MAX:,} characters; the rest is left out.")
            text = text[:LENGTH_MAX]
        pairs = parse_qsl(text, keep_blank_values=True)
        if len(pairs) > WORDS_MAX:
            self.say(f"The link has more than {WORDS_MAX} words; the rest is left out.")
        for key, value in pairs[:WORDS_MAX]:
            if self.words.get(key, value) != value:
                self.say(f"{quoted(key)} is asked for more than once; the last one holds.")
            self.words[key] = value
        for key in self.words:
            if key not in KNOWN and not key.startswith(BESIDE):
                hint = near(key, KNOWN)
                self.say(f"{quoted(key)} is no word of a link and is left out{hint or '.'}")

    def say(self, sentence: str) -> None:
        """Add what is to be said."""
        if sentence not in self.notices:
            self.notices.append(sentence)

    @property
    def said(self) -> tuple[str, ...]:
        """What cannot be had, and what is shown instead: a sentence each, and not too many."""
        more = len(self.notices) - SAID_MAX
        if more <= 0:
            return tuple(self.notices)
        return (*self.notices[:SAID_MAX], f"And {more} more that cannot be had.")

    def one_of(self, key: str, known: Collection[str], instead: str, shown: str = "") -> str:
        """Return a word that must be one of some, or what is shown instead.

        Args:
            key: What is asked for.
            known: What there is.
            instead: What is returned if it is not among them.
            shown: What that is called in a sentence, if it is no word itself.
        """
        value = self.words.get(key)
        if value is None or value in known:
            return instead if value is None else value
        hint = near(value, known)
        shown = shown or (f"“{instead}”" if instead else "nothing of it")
        self.say(f"{key}: there is no {quoted(value)} here{hint or '.'} Shown is {shown}.")
        return instead

    def whole(self, key: str, limits: tuple[int, int, int], instead: int) -> int:
        """Return a whole number within limits and on their grid, or what is shown instead."""
        text = self.words.get(key)
        if text is None:
            return instead
        low, high, grid = limits
        wanted = f"a number from {low} to {high}" + (f" in steps of {grid}" if grid > 1 else "")
        value = number(text)
        if value is None:
            self.say(f"{key}: expected {wanted}, got {quoted(text)}; shown is {instead}.")
            return instead
        found = on_grid(value, limits)
        if found != value:
            self.say(f"{key}: expected {wanted}, got {quoted(text)}; shown is {found}.")
        return found


def on_grid(value: float, limits: tuple[int, int, int]) -> int:
    """Return the number within limits and on their grid that is nearest to one."""
    low, high, grid = limits
    value = min(max(value, low), high)
    return math.floor(min(high, max(low, round(value / grid) * grid)))
