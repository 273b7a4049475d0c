"""Predictions: a class commits to what it expects, sees what it expects, and then what came of it.

Each pupil gets another of the towns that were simulated, so that the class is the distribution of
what one town shows: single towns scatter, and the change over all of them is what is estimated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple

from trustabm.classroom.room import Choices, Sheet, Strip
from trustabm.outcomes.numbers import said
from trustabm.rules.luck import seed_of

__all__ = ["Came", "Phase", "Predictions", "Question", "dealt"]


class Phase(IntEnum):
    """How far a question is."""

    ASKED = 0
    COUNTED = 1
    REVEALED = 2


class Question(NamedTuple):
    """What is asked.

    Args:
        title: The question.
        text: What a pupil needs to know before.
        options: What may be expected.
        seed: That of the run, by which towns are dealt.
        think: What to think about after.
    """

    title: str
    text: tuple[str, ...]
    options: tuple[str, ...]
    seed: int
    think: tuple[str, ...] = ()


class Came(NamedTuple):
    """What came of it.

    Args:
        verdicts: What is said to whom, by what they expected.
        what: What the levels are.
        unit: What they count.
        arms: Names of the two policies, the reference first.
        towns: The level under both in each town; None where it had too few events.
        change: The change over all towns in words, with its interval.
        middle: The same as a number.
        ends: The ends of its 90% interval.
    """

    verdicts: tuple[str, ...]
    what: str
    unit: str
    arms: tuple[str, str]
    towns: tuple[tuple[float, float] | None, ...]
    change: str
    middle: float | None
    ends: tuple[float, float] | None


def dealt(seed: int, pupil: int, towns: int) -> int:
    """Return the town of a pupil, from 0: no two have one as long as there are as many towns.

    Args:
        seed: That of the run.
        pupil: The number of the pupil, from 1.
        towns: How many towns there are.
    """
    return _order(seed, towns)[(pupil - 1) % towns]


@cache
def _order(seed: int, towns: int) -> list[int]:
    return sorted(range(towns), key=lambda town: seed_of(seed, town + 1))


@dataclass
class Predictions:
    """Questions of which each is asked, counted and revealed.

    Args:
        questions: In order.
        came: What came of each, by its place, as far as it is known.
        progress: How far the run of the question is that is on, in words.
    """

    questions: Sequence[Question]
    came: dict[int, Came] = field(default_factory=dict)
    progress: str = ""
    round: int = 0
    phase: Phase = Phase.ASKED

    @property
    def open(self) -> bool:
        """Whether predictions are taken."""
        return self.phase is Phase.ASKED

    @property
    def following(self) -> str:
        """What comes next."""
        if self.phase is Phase.ASKED:
            return "Close, and show what the class expects"
        if self.phase is Phase.COUNTED:
            return "Reveal" if self.round in self.came else ""
        return "Next question" if self.round + 1 < len(self.questions) else ""

    def options(self, pupil: int) -> tuple[str, ...]:
        """Return what may be expected: the same by everybody."""
        return self.questions[self.round].options

    def advance(self, choices: Mapping[int, int]) -> None:
        """Count, reveal, or ask the next question."""
        if self.phase is Phase.REVEALED:
            self.round, self.phase = self.round + 1, Phase.ASKED
        else:
            self.phase = Phase(self.phase + 1)

    def sheet(self, pupil: int, choices: Choices) -> Sheet:
        """Return the question, and once it is revealed what came of it in the pupil's own town."""
        sheet = self._sheet(choices)
        choice = choices.get(self.round, {}).get(pupil)
        came = self.came.get(self.round)
        if self.phase is not Phase.REVEALED or came is None:
            return sheet
        town, levels = self._own(came, pupil)
        verdict = "You committed to no prediction." if choice is None else came.verdicts[choice]
        own = f"Your town, number {town + 1} of {len(came.towns)}, has too few events to say."
        if levels is not None:
            change = said(levels[1] - levels[0], 1, plus=True).replace("-", "\N{MINUS SIGN}")
            own = (
                f"Your town is number {town + 1} of {len(came.towns)}. {came.what} there, "
                f"{came.unit}: {said(levels[0], 1)} under “{came.arms[0]}” and "
                f"{said(levels[1], 1)} under “{came.arms[1]}”, a change of {change}."
            )
        strip = self._strip(came, choices)
        if strip is not None and levels is not None:
            strip = strip._replace(own=levels[1] - levels[0])
        return sheet._replace(said=verdict, strip=strip, after=(own, *sheet.after))

    def board(self, choices: Choices) -> Sheet:
        """Return the question, what the class expects, and what came of it in the class's towns."""
        sheet, came = self._sheet(choices), self.came.get(self.round)
        if self.phase is not Phase.REVEALED or came is None:
            return sheet._replace(after=(self.progress,) if self.progress else ())
        after = (*sheet.after, *self.questions[self.round].think)
        return sheet._replace(strip=self._strip(came, choices), said=came.change, after=after)

    def row(self, pupil: int, round_: int, choice: int) -> dict[str, Any]:
        """Return the prediction, and the levels in the pupil's town where they are revealed."""
        asked, came = self.questions[round_], self.came.get(round_)
        row: dict[str, Any] = {"question": asked.title, "prediction": asked.options[choice]}
        shown = round_ < self.round or self.phase is Phase.REVEALED
        town, levels = self._own(came, pupil, round_) if came and shown else (None, None)
        a, b = levels or (None, None)
        return row | {
            "town": None if town is None else town + 1,
            "outcome": f"{came.what}, {came.unit}" if came and shown else None,
            "a": a,
            "b": b,
            "change": None if a is None or b is None else b - a,
        }

    def _sheet(self, choices: Choices) -> Sheet:
        asked = self.questions[self.round]
        chosen = Counter(choices.get(self.round, {}).values())
        counts = () if self.open else tuple(chosen[k] for k in range(len(asked.options)))
        after: tuple[str, ...] = ()
        if self.phase is Phase.REVEALED and self.round in self.came:
            after = (
                "Each dot is the town of one of the class. Single towns scatter, by luck alone and "
                "because the towns differ in what is not known well; the bar is the 90% interval "
                "of the change over all of them.",
            )
        return Sheet(asked.title, asked.text, asked.options, counts, after=after)

    def _own(
        self, came: Came, pupil: int, round_: int | None = None
    ) -> tuple[int, tuple[float, float] | None]:
        seed = self.questions[self.round if round_ is None else round_].seed
        town = dealt(seed, pupil, len(came.towns))
        return town, came.towns[town]

    def _strip(self, came: Came, choices: Choices) -> Strip | None:
        levels = [self._own(came, n)[1] for n in sorted(choices.get(self.round, {}))]
        dots = tuple(x[1] - x[0] for x in levels if x is not None)
        if not dots:
            return None
        label = f"Change of {came.what[0].lower()}{came.what[1:]}, {came.unit}; a dot is a town"
        return Strip(dots, came.middle, came.ends, label)
