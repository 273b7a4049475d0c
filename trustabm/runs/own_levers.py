"""Levers of a user's own in an experiment: a value that no rule reads would do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trustabm.errors import InvalidInput
from trustabm.inputs.lever import OWN
from trustabm.inputs.rule import levers_in

if TYPE_CHECKING:
    from trustabm.runs.experiment import Experiment

__all__ = ["check_read", "unread"]


def check_read(experiment: Experiment) -> None:
    """Raise where a lever of one's own is set that no arm's rules read.

    Raises:
        InvalidInput: naming it.
    """
    if OWN:
        arms = range(len(experiment.arms))
        read = {lever.name for arm in arms for lever in levers_in(experiment.rules_of(arm))}
        for name in (n for arm in arms for n in _set(experiment, arm) if n not in read):
            raise InvalidInput(
                f"levers.{name}: expected a rule of one's own that reads it, got none"
            )


def unread(experiment: Experiment) -> Iterator[str]:
    """Yield which levers of one's own are set in an arm whose rules do not read them."""
    if OWN:
        for arm, title in enumerate(experiment.titles.values()):
            read = {lever.name for lever in levers_in(experiment.rules_of(arm))}
            for name in _set(experiment, arm):
                if name not in read:
                    yield f"{OWN[name].title} is set in {title}, where no rule reads it."


def _set(experiment: Experiment, arm: int) -> dict[str, None]:
    """Return the levers of one's own that are not at their default in a town of an arm."""
    lines = experiment.around_of(arm), [experiment.lines[arm]]
    found = (name for of in lines for line in of for _, p in line.dated() for name in p.own)
    return dict.fromkeys(found)
