"""What each structure of the model says alone, and in how many of them a finding holds.

Lots of a structure are its own; how far lots differ, and the luck of towns, are taken to be the
same in all structures and pooled over them, so that a few lots of a structure say where it lies.
Its interval is that of one more lot of it (Student's t), on the scale of the outcome. Structures
with little weight have few lots of a comparison: `Experiment.probing` lives through a few more of
them, which count here alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.inputs.draws import weights
from trustabm.outcomes.doubt import layout_of
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.intervals import FEW_EVENTS
from trustabm.outcomes.quantiles import t_quantile
from trustabm.outcomes.structures import Structured
from trustabm.runs.counted import Counted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_frame", "structured"]

Floats = npt.NDArray[np.float64]
Key = tuple[str, str, str]

NUMBERS = ("level", "difference", "low", "high", "percent", "percent_low", "percent_high")


class _Alone(NamedTuple):
    """One structure's towns."""

    whole: Floats  # (arms, rows)
    of_lot: Floats  # pseudo-values of effects, (lots, arms, rows)
    rest: Floats  # of replicates, less their lot's, (replicates, arms, rows)
    events: Floats  # (arms, rows)


def as_frame(of: Mapping[Key, Structured]) -> pd.DataFrame:
    """Return what structures say as a frame, as `Comparison.by_structure` describes it."""
    import pandas as pd

    rows = [
        {"outcome": outcome, "group": group, "arm": arm, "structure": name}
        | {"weight": said.weights[name], "draws": said.draws[name]}
        | {number: getattr(e, number) for number in NUMBERS}
        | {"verdict": str(e.verdict())}
        for (outcome, group, arm), said in of.items()
        for name, e in said.estimates.items()
    ]
    columns = ["outcome", "group", "arm", "structure", "weight", "draws", *NUMBERS, "verdict"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(NUMBERS, float))


def structured(
    counted: Sequence[Counted], outcomes: Collection[str], groups: Collection[str]
) -> dict[Key, Structured]:
    """Return what each structure says, by outcome, group and arm; nothing where there is but one.

    Args:
        counted: A comparison's towns, and those of structures that have few of them.
        outcomes: Which outcomes.
        groups: Which groups.
    """
    parts: dict[str, list[tuple[Counted, npt.NDArray[np.intp]]]] = {}
    for of in counted:
        lots = of.experiment.lots
        own = np.array([str(lots[k].structure) for k in of.spread])
        for name in dict.fromkeys(own.tolist()):
            parts.setdefault(name, []).append((of, np.flatnonzero(own == name)))
    every = weights(counted[0].experiment.posterior)
    parts = {name: parts[name] for name in every if name in parts}
    if len(parts) < 2:
        return {}
    keys: list[tuple[str, str]] = []
    alone: dict[str, _Alone] = {}
    for name, some in parts.items():
        keys, alone[name] = _alone(some, outcomes, groups)
    return _estimates(keys, alone, list(counted[0].experiment.arms), every)


def _alone(
    parts: Sequence[tuple[Counted, npt.NDArray[np.intp]]],
    outcomes: Collection[str],
    groups: Collection[str],
) -> tuple[list[tuple[str, str]], _Alone]:
    sums = np.concatenate([of.sums[at] for of, at in parts])
    town_sums = np.concatenate([of.town_sums[at] for of, at in parts])
    spreads = [of.spread for of, _ in parts]
    labels = [(n, spreads[n][k]) for n, (_, at) in enumerate(parts) for k in at]
    places = {label: k for k, label in enumerate(dict.fromkeys(labels))}
    layout = layout_of([places[label] for label in labels], len(labels))
    keys, whole, without, events = Counted(parts[0][0].experiment, sums, town_sums).rows(
        outcomes, groups
    )
    n = len(without)
    effect, effects = whole - whole[0], without - without[:, :1]
    pseudo = effect + (n - 1) * (effect - effects)
    of_lot = layout.means(pseudo)
    return keys, _Alone(whole, of_lot, pseudo - of_lot[layout.labels], events.sum(axis=0))


def _estimates(
    keys: Sequence[tuple[str, str]],
    alone: Mapping[str, _Alone],
    arms: Sequence[str],
    every: Mapping[str, float],
) -> dict[Key, Structured]:
    lots = {name: len(a.of_lot) for name, a in alone.items()}
    many, towns = sum(lots.values()), sum(len(a.rest) for a in alone.values())
    free = max(1, many - len(lots))
    lie = np.concatenate([a.of_lot - a.of_lot.mean(axis=0) for a in alone.values()])
    seen = (lie**2).sum(axis=0) / free  # of one lot, luck left in
    rest = np.concatenate([a.rest for a in alone.values()])
    luck = (rest**2).sum(axis=0) / max(1, towns - many)
    between = np.fmax(0.0, seen - luck * many / towns)
    times = t_quantile(0.95, free)
    of_all = sum(every[name] for name in alone)
    shares = {name: every[name] / of_all for name in alone}
    found: dict[Key, Structured] = {}
    for k, (outcome, group) in enumerate(keys):
        for arm in range(1, len(arms)):
            said = {}
            for name, a in alone.items():
                half = times * np.sqrt(between[arm, k] + seen[arm, k] / lots[name])
                said[name] = _estimate(outcome, a.whole[[0, arm], k], float(half), a.events, arm, k)
            found[outcome, group, arms[arm]] = Structured(shares, lots, said)
    return found


def _estimate(
    outcome: str, levels: Floats, half: float, events: Floats, arm: int, row: int
) -> Estimate:
    was, now = (float(x) for x in levels)
    top, many = GLOSSARY[outcome].top, float(events[[0, arm], row].sum())
    if not np.isfinite(now - was) or many < FEW_EVENTS:
        return Estimate(now if np.isfinite(now) else None, events=many)
    difference = now - was
    low, high = max(difference - half, -was), min(difference + half, top - was)
    percents: tuple[float | None, float | None, float | None] = (None, None, None)
    if was > 0:
        part = 100 / was
        percents = (part * difference, max(-100.0, part * low), part * high)
    return Estimate(now, difference, low, high, *percents, None, None, many)
