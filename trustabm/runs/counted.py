"""What replicates of arms counted, and the levels and effects that it gives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.outcomes.estimates import Estimate, estimates
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import events, levels
from trustabm.runs.experiment import Experiment
from trustabm.runs.lots import drawn

__all__ = ["Counted", "Rows"]

Floats = npt.NDArray[np.float64]


class Rows(NamedTuple):
    """Levels of outcomes in groups, a row each.

    Args:
        keys: Outcome and group of each row.
        whole: Levels of all replicates together, of shape (arms, rows).
        without: The same without each replicate, of shape (replicates, arms, rows).
        events: Events of each replicate, of the same shape.
    """

    keys: list[tuple[str, str]]
    whole: Floats
    without: Floats
    events: Floats


class Counted(NamedTuple):
    """Counts over the weeks after the arms part.

    Args:
        experiment: What was lived through.
        sums: Of every replicate, of shape (replicates, arms, groups, fields).
        town_sums: The same of the town, of shape (replicates, arms, fields).
        halves: The same, each replicate in two halves that follow each other, where replicates are
            counties drawn.
    """

    experiment: Experiment
    sums: Floats
    town_sums: Floats
    halves: Counted | None = None

    def rows(
        self, outcomes: Collection[str], groups: Collection[str], expected: bool = True
    ) -> Rows:
        """Return the levels of these outcomes in these groups, in the order of the glossary.

        Args:
            outcomes: Which outcomes.
            groups: Which groups.
            expected: Whether levels are of what was to be expected, with less luck in them, where
                tallies say so; of what happened if not. Events are those that happened.
        """
        e, sums, town, _ = self
        p, names = e.parameters, e.groups
        whole = levels(names, sums.sum(axis=0), town.sum(axis=0), p, outcomes, expected)
        rest = sums.sum(axis=0) - sums, town.sum(axis=0) - town
        without = levels(names, *rest, p, outcomes, expected)
        counted = events(names, sums, town, outcomes)
        keys = [(o, g) for o in GLOSSARY for g in groups if (o, g) in whole]
        tables = (whole, without, counted)
        return Rows(keys, *(np.stack([t[k] for k in keys], axis=-1) for t in tables))

    def estimates(
        self,
        outcomes: Collection[str],
        groups: Collection[str],
        same_rules: Sequence[bool] = (),
    ) -> dict[tuple[str, str, str], Estimate]:
        """Return level, difference and relative change by outcome, group and arm.

        Args:
            outcomes: Which outcomes.
            groups: Which groups.
            same_rules: Whether each arm has the reference's rules; not looked at if not given.
        """
        rows = self.rows(outcomes, groups)
        tops = [GLOSSARY[outcome].top for outcome, _ in rows.keys]
        of_arms = estimates(
            rows.whole,
            rows.without,
            rows.events,
            tops,
            draws=self.spread,
            drawn=drawn(self.experiment.lots),
            same_rules=same_rules,
            halves=None if self.halves is None else self.halves.rows(outcomes, groups).without,
        )
        return {
            (*key, name): of_arm[k]
            for k, key in enumerate(rows.keys)
            for name, of_arm in zip(self.experiment.arms, of_arms, strict=True)
        }

    @property
    def spread(self) -> Sequence[int]:
        """Which lot each replicate lives by; empty where there is one for all."""
        return self.experiment.spread() if self.experiment.lots else ()
