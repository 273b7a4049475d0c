"""What pupils are asked and answer, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trustabm.classroom.living import Case
from trustabm.rules import codes
from trustabm.runs.experiment import Experiment
from trustabm.state import journal
from trustabm.week.world import World

__all__ = [
    "CARE",
    "FAIR",
    "HAPPENED",
    "NOT_AFTER_ALL",
    "Answer",
    "Seat",
    "by_luck",
    "came_of",
    "choices_of",
    "choices_told",
    "counted",
    "looked_back",
]

CARE = (
    "The residents are made up by a computer from a town's statistics. A pupil decides for one of "
    "them and is never asked to speak as, or about, a real person.",
    "Ask nobody about their own status or family's, and stop anybody who does. What a pupil's "
    "resident is dealt says nothing of the pupil, and whoever would rather have another resident "
    "draws again, without a word of why.",
    "Some in the room may have lived through what is played here. Say beforehand that anybody may "
    "watch instead of playing, and to whom they can speak afterwards.",
    "There is no right choice: to call and not to call both have reasons. Speak of chances and "
    "reasons, not of who did well; use the words undocumented and noncitizen, and no others.",
    "Violence in the home is never a question here; the model decides it.",
)
"""How to speak of it: for the teacher, before the first round."""

FAIR = (
    "Each of you decides for a resident of a simulated town, made up by a computer from a town's "
    "statistics: status, household and friends are dealt as the town has them.",
    "In each of ten rounds something has happened to or near your resident, and you say whether "
    "they call the police. The town goes on with what you decide.",
    "Nobody is asked about themselves or their family. Whoever would rather have another resident "
    "says so on their own page, at any time, and whoever would rather watch does.",
)
"""What is said to everybody before the first round."""

HAPPENED = {
    codes.VIOLENT: "was attacked or robbed",
    codes.PROPERTY: "had something stolen, or the home broken into",
}


@dataclass(slots=True)
class Answer:
    """What a pupil was asked in a round, and what they said.

    Args:
        round: The round, from 1.
        row: The place of the resident who decided.
        case: Which crime.
        kind: VIOLENT or PROPERTY.
        near: To whom it happened, of `NEAR`.
        text: The question.
        staked: Whether somebody's deportation was at stake for the resident.
        calls: What was decided; None for as long as nothing is, and then the model decides.
        chance: The model's chance, 0..1, that this resident calls, as the class has made the town.
        reference: The same under the other policy; None where the resident is not there.
        came: What came of it; None before the round is over, and empty if it did not happen.
    """

    round: int
    row: int
    case: Case
    kind: int
    near: str
    text: str
    staked: bool
    calls: bool | None = None
    chance: float | None = None
    reference: float | None = None
    came: str | None = None


@dataclass(slots=True)
class Seat:
    """A pupil, and the residents they have been dealt.

    Args:
        number: The pupil's.
        card: How many residents of those dealt to this number have been refused or are gone.
        row: The place of the present resident.
        generation: Which of the occupants of that place it is.
        answers: What was asked and answered, in order.
        note: What the pupil is to know of a resident who is not there.
    """

    number: int
    card: int
    row: int = -1
    generation: int = 0
    answers: list[Answer] = field(default_factory=list)
    note: str = ""

    @property
    def asked(self) -> Answer | None:
        """What this pupil is asked in the round that is on."""
        latest = self.answers[-1] if self.answers else None
        return latest if latest is not None and latest.came is None else None


def by_luck(chances_: Sequence[float]) -> tuple[int, int]:
    """Return between which numbers of calls 90% lie where each is made by its own chance.

    The sum's distribution is exact, one chance convolved after the other (Hong 2013,
    doi:10.1016/j.csda.2012.10.006).
    """
    many = np.ones(1)
    for chance in chances_:
        many = np.convolve(many, [1.0 - chance, chance])
    below = np.cumsum(many)
    return int(np.searchsorted(below, 0.05)), int(np.searchsorted(below, 0.95))


def looked_back(seat: Seat, experiment: Experiment) -> tuple[str, ...]:
    """Return a line for each call, beside the model's chances for the same resident."""
    reference, lived = experiment.titles.values()
    lines = []
    for a in seat.answers:
        did = {True: "called", False: "did not call", None: "left it to the model"}[a.calls]
        line = f"Round {a.round}: {did}. {a.came or NOT_AFTER_ALL}"
        if a.chance is not None:
            line += f" The model's chance of a call: {a.chance:.0%} under “{lived}”"
            line += "" if a.reference is None else f", {a.reference:.0%} under “{reference}”"
            line += "."
        lines.append(line)
    return tuple(lines)


NOT_AFTER_ALL = "It did not come to that: what others decided led elsewhere."


def came_of(case: Any) -> str:
    """Return what came of a case, empty where it did not happen after all."""
    if case is None:
        return ""
    if not case["reported"]:
        return "The police were not called."
    asked = " They asked about immigration status." if case["asked"] != codes.NOT_ASKED else ""
    arrested = "Somebody" if case["cleared"] else "Nobody"
    return f"The police were called.{asked} {arrested} was arrested for it."


def choices_of(name: str, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the calls of some residents beside the model's chances."""
    known = [(a, a.chance) for a in answers if a.chance is not None]
    low, high = by_luck([c for _, c in known])
    under = [a.reference for a in answers if a.reference is not None]
    return {
        "who": name,
        "asked": len(known),
        "called": sum(bool(a.calls) for a, _ in known),
        "expected": round(sum(c for _, c in known), 2),
        "low": low,
        "high": high,
        "reference": round(sum(under), 2),
        "reference_of": len(under),
    }


def choices_told(row: dict[str, Any]) -> str:
    """Return the calls of some residents beside the model's chances, in words."""
    return (
        f"{row['who']}: the police were called {row['called']} of {row['asked']} times. The "
        f"model's chances make {row['expected']:.0f} of it, {row['low']} to {row['high']} by luck "
        f"alone (90%); under the other policy {row['reference']:.0f} of {row['reference_of']}."
    )


def counted(name: str, world: World) -> dict[str, Any]:
    """Return what happened in a world since the first round."""
    tables = journal.frames(world.tables)
    crimes, gone = tables["crimes"], tables["departures"]
    return {
        "town": name,
        "crimes": len(crimes),
        "reported": int((crimes["reported"] > 0).sum()),
        "solved": int((crimes["cleared"] > 0).sum()),
        "removed": int((gone["removed"] > 0).sum()),
    }
