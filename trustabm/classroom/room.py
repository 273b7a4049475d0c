"""A room: pupils who are numbers, rounds in which each commits to one choice, and an activity.

The room knows who is in it and what was chosen; the activity knows what is asked and what came of
it, and is any object with the methods of `Activity`. All that a room is can be written down in a
few lines (`kept`): an activity is made anew and led through the same choices again.

Nothing is known of a pupil but a number and the token that their phone keeps.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, Self

from trustabm.errors import InvalidInput

__all__ = ["PUPILS_MAX", "Activity", "Choices", "Pupil", "Room", "Sheet", "State", "Strip"]

PUPILS_MAX = 100
"""Pupils that a room takes: as many as towns are simulated, so that each has one of their own."""

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""What codes are of: no vowel, so that no code is a word, and none that looks like a digit."""

Choices = Mapping[int, Mapping[int, int]]
"""What was chosen, by round and the number of the pupil: the place in that round's options."""


class Pupil(NamedTuple):
    """One who takes part.

    Args:
        number: 1 to `PUPILS_MAX`, drawn at random when they join.
        token: What their phone keeps, and shows when it comes back.
    """

    number: int
    token: str


class Strip(NamedTuple):
    """Changes as dots over one axis.

    Args:
        dots: The change in each town, in the order of the class.
        middle: The change over all towns; None where there is none.
        ends: The ends of its 90% interval.
        label: What a dot is, and in what unit.
        own: The change in the pupil's own town.
    """

    dots: tuple[float, ...]
    middle: float | None
    ends: tuple[float, float] | None
    label: str
    own: float | None = None


class Sheet(NamedTuple):
    """What a page shows, a pupil's or the projector's.

    Args:
        title: Its heading.
        text: Paragraphs.
        options: What can be chosen, or could.
        counts: How many chose each; empty while that is not to be seen.
        strip: Changes in towns.
        said: What came of it, in one sentence.
        after: Paragraphs below.
    """

    title: str
    text: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    strip: Strip | None = None
    said: str = ""
    after: tuple[str, ...] = ()


class State(NamedTuple):
    """Where a pupil is.

    Args:
        number: Theirs.
        round: The round that is on, from 0.
        open: Whether they can commit to a choice now.
        choice: What they committed to in this round; None if to nothing.
        sheet: What their page shows.
    """

    number: int
    round: int
    open: bool
    choice: int | None
    sheet: Sheet


class Activity(Protocol):
    """What a class does. It keeps no choices: the room gives it those it needs."""

    @property
    def round(self) -> int:
        """The round that is on, from 0."""

    @property
    def open(self) -> bool:
        """Whether choices are taken now."""

    @property
    def following(self) -> str:
        """What `advance` would do, as the words of a button; empty where there is no more."""

    def options(self, pupil: int) -> tuple[str, ...]:
        """Return what a pupil may choose in this round."""

    def advance(self, choices: Mapping[int, int]) -> None:
        """Go on: close the round, show what came of it, or open the next.

        Args:
            choices: This round's, by the number of the pupil. The same calls with the same choices
                must lead to the same place: a room that was kept is led there again.
        """

    def sheet(self, pupil: int, choices: Choices) -> Sheet:
        """Return what a pupil's page shows."""

    def board(self, choices: Choices) -> Sheet:
        """Return what the projector's page shows."""

    def row(self, pupil: int, round_: int, choice: int) -> dict[str, Any]:
        """Return what a table says of a choice beside its pupil and round, in plain values."""


@dataclass
class Room:
    """A room of one class.

    Args:
        activity: What the class does.
        code: What a pupil types to come in.
    """

    activity: Activity
    code: str = field(default_factory=lambda: "".join(secrets.choice(LETTERS) for _ in range(4)))
    _pupils: dict[str, Pupil] = field(default_factory=dict, init=False, repr=False)
    _choices: dict[int, dict[int, int]] = field(default_factory=dict, init=False, repr=False)
    _steps: int = field(default=0, init=False, repr=False)

    def join(self, token: str = "") -> Pupil:
        """Return who has a token; somebody new where it is unknown.

        Raises:
            InvalidInput: where the room is full.
        """
        if token in self._pupils:
            return self._pupils[token]
        taken = set(self.numbers)
        free = [n for n in range(1, PUPILS_MAX + 1) if n not in taken]
        if not free:
            raise InvalidInput(f"room: expected at most {PUPILS_MAX} pupils, and all are here")
        pupil = Pupil(secrets.choice(free), secrets.token_urlsafe(16))
        self._pupils[pupil.token] = pupil
        return pupil

    @property
    def numbers(self) -> list[int]:
        """Numbers of all pupils, in order."""
        return sorted(p.number for p in self._pupils.values())

    @property
    def waiting(self) -> list[int]:
        """Numbers of those who can commit to a choice and have not, in order."""
        a = self.activity
        done = self._choices.get(a.round, {})
        return [n for n in self.numbers if a.open and n not in done and a.options(n)]

    def commit(self, pupil: Pupil, round_: int, choice: int) -> None:
        """Take a pupil's choice; the same choice again changes nothing.

        Raises:
            InvalidInput: where the round is over, there is no such choice, or another was
                committed to.
        """
        a = self.activity
        before = self._choices.get(round_, {}).get(pupil.number)
        if before == choice and before is not None:
            return
        if round_ != a.round or not a.open:
            raise InvalidInput("choice: this question is closed")
        if not 0 <= choice < len(a.options(pupil.number)):
            raise InvalidInput(f"choice: expected one of the options, got number {choice}")
        if before is not None:
            raise InvalidInput("choice: you have committed to another already")
        self._choices.setdefault(round_, {})[pupil.number] = choice

    def advance(self) -> None:
        """Go on with the activity.

        Raises:
            InvalidInput: where there is nothing more.
        """
        if not self.activity.following:
            raise InvalidInput("class: there is nothing more to go on to")
        self._go_on()

    def _go_on(self) -> None:
        self.activity.advance(self._choices.get(self.activity.round, {}))
        self._steps += 1

    def state_for(self, pupil: Pupil) -> State:
        """Return where a pupil is."""
        a, number = self.activity, pupil.number
        choice = self._choices.get(a.round, {}).get(number)
        can = a.open and choice is None and bool(a.options(number))
        return State(number, a.round, can, choice, a.sheet(number, self._choices))

    def board(self) -> Sheet:
        """Return what the projector shows."""
        return self.activity.board(self._choices)

    def table(self) -> list[dict[str, Any]]:
        """Return a record a pupil and round in which they chose, in plain values."""
        return [
            {"pupil": n, "round": k + 1} | self.activity.row(n, k, of_round[n])
            for k, of_round in sorted(self._choices.items())
            for n in sorted(of_round)
        ]

    def kept(self) -> dict[str, Any]:
        """Return all that the room is beside its activity, in plain values."""
        return {
            "code": self.code,
            "pupils": {token: p.number for token, p in self._pupils.items()},
            "choices": [[k, n, c] for k, of in self._choices.items() for n, c in of.items()],
            "steps": self._steps,
        }

    @classmethod
    def again(cls, kept: Mapping[str, Any], activity: Activity) -> Self:
        """Return a room as it was kept.

        Args:
            kept: What `kept` gave.
            activity: The same activity, at its start.
        """
        room = cls(activity, kept["code"])
        room._pupils = {token: Pupil(n, token) for token, n in kept["pupils"].items()}
        for round_, number, choice in kept["choices"]:
            room._choices.setdefault(round_, {})[number] = choice
        for _ in range(kept["steps"]):
            room._go_on()
        return room
