"""Lives under many settings: a lot's town lives once to the day rules part, and on under each.

What is compared is what `trustabm compare today chosen.toml` compares: the rules in force with and
without levers that are moved on one day, with the same luck.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from trustabm.errors import InvalidInput
from trustabm.explorer.settings import Setting, drawn, point
from trustabm.inputs import catalog
from trustabm.inputs.laid import day_of
from trustabm.inputs.timeline import Change
from trustabm.inputs.town import TownName
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import counts, levels, together, town_counts
from trustabm.runs.counted import Counted
from trustabm.runs.experiment import SECONDS_PER_RESIDENT_WEEK, Experiment
from trustabm.runs.replicates import carried_out, past
from trustabm.week.world import Plan

__all__ = ["OUTCOMES", "Asked", "Learned", "TooSmall", "chosen", "learned", "tried"]

Floats = npt.NDArray[np.float64]

OUTCOMES = {
    "reporting": "latino",
    "victimization": "latino",
    "removals": "all",
    "exposed": "latino",
    "separated": "all",
}
"""Outcomes that an explorer shows, each with of whom it is."""

SECONDS_PER_BRANCH = 3e-3  # to copy a world and count what it lived through; measured
BATCH = 100
"""Settings that a town lives through at a time when they are tested."""


class Asked(catalog.File):
    """What an explorer is made of.

    Args:
        town: The county.
        since: The day from which levers are moved, or a month.
        weeks: Weeks from there, all of them measured.
        burn_in: Weeks before, in common.
        residents: Residents simulated.
        lots: Lots that it learns from, each a draw of structure, parameters, figures and rules.
        lives: Lives of each lot, each with its own luck.
        settings: Settings that each of those goes through.
        held: Lots kept back, in which it is tested.
        tested: Settings it is tested by, each in all of those.
        seed: The root of all luck.
    """

    town: TownName
    since: str
    weeks: int = Field(default=104, ge=1)
    burn_in: int = Field(default=104, ge=0)
    residents: int = Field(default=5000, ge=100)
    lots: int = Field(default=100, ge=10)
    lives: int = Field(default=2, ge=2)
    settings: int = Field(default=240, ge=4)
    held: int = Field(default=50, ge=4)
    tested: int = Field(default=1000, ge=1)
    seed: int = Field(default=0, ge=0, lt=2**63)

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        last = max(day for day, _ in self.rules.lines[0].dated())
        if self.day < last:
            raise InvalidInput(
                f"from: expected {last} or later, the last day on which rules known of "
                f"{self.rules.place.title} change, got {self.day}"
            )
        return self

    @property
    def day(self) -> dt.date:
        """The day from which levers are moved."""
        return day_of(self.since, "from")

    @cached_property
    def rules(self) -> Experiment:
        """The rules in force alone, in every lot."""
        return self.experiment({"today": {"policy": "today"}}, self.lots + self.held)

    def experiment(self, arms: dict[str, Any], lots: int) -> Experiment:
        """Return what is run.

        Args:
            arms: As in `Experiment`.
            lots: How many lots its replicates are spread over.
        """
        sizes = self.model_dump(include={"town", "weeks", "burn_in", "residents", "seed"})
        return Experiment.make(
            sizes
            | {"arms": arms, "start": self.day, "draws": lots, "replicates": lots * self.lives},
            "explorer",
        )

    def compared(self, setting: Setting) -> Experiment:
        """Return a setting beside the rules in force, in the lots that are kept back."""
        chosen = {"policy": "today", "title": "Chosen levers", "changes": [change(self, setting)]}
        e = self.experiment({"today": {"policy": "today"}, "chosen": chosen}, self.held)
        e.__dict__["lots"] = self.rules.lots[self.lots :]
        return e

    def seconds(self) -> float:
        """Return about how long one processor takes."""
        lives = self.lives * (self.lots * self.settings + self.held * self.tested)
        each = SECONDS_PER_BRANCH + self.residents * self.weeks * SECONDS_PER_RESIDENT_WEEK
        return lives * each


def change(asked: Asked, setting: Setting) -> Change:
    """Return a setting as a dated change."""
    return Change(
        date=asked.day, sentence="Levers chosen.", source="as chosen", levers=dict(setting)
    )


class TooSmall(InvalidInput):
    """A town has too few residents for an outcome to be a share of anything."""


class Learned(NamedTuple):
    """What lives counted, a row a life and setting.

    Args:
        lots: Which lot each life lives by, of shape (lives,).
        rules: Where levers stand under the rules in force, of shape (lives, levers).
        points: Where they stand in each setting, of shape (lives, settings, levers).
        levels: Outcomes, under the rules in force first, of shape (lives, 1 + settings, outcomes).
    """

    lots: npt.NDArray[np.intp]
    rules: Floats
    points: Floats
    levels: Floats


@lru_cache(maxsize=2)
def _asked(text: str) -> Asked:
    return Asked.model_validate_json(text)


def _gone_through(
    asked: Asked, life: int, chosen: Sequence[Setting]
) -> tuple[Experiment, Floats, Floats]:
    """Return the experiment of a life's lot, and what is counted under the rules and settings.

    Counts are of shape (1 + settings, groups, fields), and of the town of (1 + settings, fields).
    """
    e = asked.rules.at(life)
    before, (line,) = past(e, life), e.lines
    many = len(e.groups.names)
    of_groups, of_town = [], []
    for lined in (line, *(line.laid_over(change(asked, s)) for s in chosen)):
        world = before.branch(Plan([lined], e.start, e.weeks, e.burn_in, e.before))
        world.run_for(e.weeks)
        of_groups.append(together(counts(world.tally[:, 0]))[:many])
        of_town.append(town_counts(world.town_tally[:, 0]).sum(axis=0))
    return e, np.stack(of_groups), np.stack(of_town)


def _life(text: str, life: int) -> tuple[Floats, Floats, Floats]:
    """Return rules, points and levels of one life; called by workers."""
    asked = _asked(text)
    lot = life // asked.lives  # lives of a lot go through the same: what they differ by is luck
    chosen = [drawn(f"{asked.seed} {lot} {k} learned") for k in range(asked.settings)]
    e, sums, of_town = _gone_through(asked, life, chosen)
    rules = e.lines[0].at(e.start)
    found = levels(e.groups, sums, of_town, e.parameters, OUTCOMES, True)
    return (
        point({}, rules),
        np.stack([point(s, rules) for s in chosen]),
        np.stack([found[key] for key in OUTCOMES.items()], axis=-1),
    )


def learned(
    asked: Asked,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Learned:
    """Live through random settings in the lots that an explorer learns from.

    Args:
        asked: What it is made of.
        workers: Processes; as many as there are processors if not given.
        progress: Called with lives done and lives in all.

    Raises:
        TooSmall: where a town is so small that an outcome is a share of nothing.
    """
    lives = asked.lots * asked.lives
    each = [(asked.model_dump_json(), k) for k in range(lives)]
    found = []
    for done, one in enumerate(carried_out(_life, each, asked.seconds(), workers), 1):
        for (outcome, group), of in zip(OUTCOMES.items(), one[-1].T, strict=True):
            if not np.isfinite(of).all():
                title = GLOSSARY[outcome].title.lower() + (f" ({group})" if group != "all" else "")
                raise TooSmall(
                    f"residents: expected enough to count {title} in every town, got "
                    f"{asked.residents:,}, with which one had nothing to count it of in "
                    f"{asked.weeks} weeks"
                )
        found.append(one)
        if progress is not None:
            progress(done, lives)
    lots = np.repeat(np.arange(asked.lots), asked.lives)
    return Learned(lots, *(np.stack(x) for x in zip(*found, strict=True)))


def chosen(asked: Asked, number: int) -> dict[str, Any]:
    """Return one of the settings that an explorer is tested by."""
    return drawn(f"{asked.seed} {number} tested")


def _batch(text: str, life: int, first: int, last: int) -> tuple[Floats, Floats]:
    """Return what one life counts under some of the settings of the test; called by workers."""
    asked = _asked(text)
    return _gone_through(asked, life, [chosen(asked, k) for k in range(first, last)])[1:]


def tried(
    asked: Asked,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[tuple[dict[str, Any], Counted]]:
    """Yield every setting of the test with what the model counts in the lots kept back.

    Args:
        asked: As in `learned`.
        workers: As in `learned`.
        progress: Called with lives of a batch of settings done, and in all.
    """
    first = asked.lots * asked.lives
    lives = range(first, first + asked.held * asked.lives)
    batches = [(k, min(k + BATCH, asked.tested)) for k in range(0, asked.tested, BATCH)]
    each = [(asked.model_dump_json(), life, *b) for b in batches for life in lives]
    counted = carried_out(_batch, each, asked.seconds(), workers)
    for n, (k, end) in enumerate(batches):
        found = []
        for done in range(len(lives)):
            found.append(next(counted))
            if progress is not None:
                progress(n * len(lives) + done + 1, len(each))
        sums, of_town = (np.stack(x) for x in zip(*found, strict=True))
        for arm in range(1, 1 + end - k):
            setting = chosen(asked, k + arm - 1)
            pair = [0, arm]
            yield setting, Counted(asked.compared(setting), sums[:, pair], of_town[:, pair])
