"""Levels of outcomes from sums of tallies, with numpy alone.

Levels are ratios of sums, so that they can be pooled: over weeks, over replicates, and over all
replicates but one. Counts come in rows of groups: first by the group of the day on which the arms
part, then by the group now. How many of each there are says which ethnic groups they are of.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from trustabm.inputs.groups import CURRENT, LATINO, Groups
from trustabm.outcomes.glossary import (
    AMOUNTS,
    GLOSSARY,
    OUTCOMES,
    TOWN_OUTCOMES,
    YEAR,
    Outcome,
)
from trustabm.rules.codes import MOVES, PARTS, outcome_groups, pairs
from trustabm.state.layout import EXPECTED, TALLY, TOWN_TALLY

__all__ = [
    "Costs",
    "counts",
    "earlier",
    "events",
    "happened",
    "levels",
    "together",
    "total",
    "town_counts",
]

Floats = npt.NDArray[np.float64]


class Costs(Protocol):
    """What a crime and a day in jail cost: parameters of a run, or arrays of them, one a run."""

    @property
    def cost_violent(self) -> float | Floats:
        """US dollars a violent crime."""

    @property
    def cost_property(self) -> float | Floats:
        """US dollars a property crime."""

    @property
    def cost_jail_day(self) -> float | Floats:
        """US dollars a day in jail."""


_FIELD = {name: k for k, name in enumerate(TALLY.names or ())}
_TOWN_FIELD = {name: k for k, name in enumerate(TOWN_TALLY.names or ())}


LEAST = 0.1
"""What is to be expected is taken to be this part of what happened at least."""

FOLLOWS = 0.9
"""Part of a hand-over, by luck too few or too many, for which nobody else is handed over."""

WAIT = 6.0
"""Weeks on average until somebody taken is removed."""

_AT_ONCE = ("violent", "property", "domestic", "reported", "cleared")
_LATER = [name for name in EXPECTED if not name.startswith(_AT_ONCE)]

_THEN = [_FIELD[f"base_{name}"] for name in ("persons", "households", "undocumented")]
_NOW = [_FIELD[name] for name in ("persons", "households", "undocumented")]


def counts(tally: npt.NDArray[Any]) -> Floats:
    """Return group tallies of shape (..., pairs) as floats of shape (..., 2 * groups, fields).

    The first rows are by the group of the day on which the arms part, the others by the group now;
    of these the denominators are as many as are in them now.
    """
    return _by_group(_plain(tally))


def total(tally: npt.NDArray[Any]) -> Floats:
    """Return the counts of all weeks together, of shape (2 * groups, fields)."""
    return _by_group(_plain(tally).sum(axis=0))


def together(weeks: Floats, fields: Sequence[str] = TALLY.names or ()) -> Floats:
    """Return the counts of all weeks together, with as little luck as may be.

    Of people whom ICE takes and removes, what was to be expected differs from what happened by
    draws of mean zero in every week: whatever part of a difference counts, means stay as they are.
    As much of it counts as would have come about within these weeks: whoever by luck was not taken
    would have waited in custody, and leaves ICE hours for somebody else.

    Args:
        weeks: Counts of shape (..., weeks, rows, fields).
        fields: Which tallies they are; all if not given.

    Returns:
        Counts of shape (..., rows, fields).
    """
    later = [name for name in _LATER if name in fields]
    there = [fields.index(name) for name in later]
    beside = [fields.index(EXPECTED[name]) for name in later]
    sums: Floats = weeks.sum(axis=-3)
    left = np.arange(weeks.shape[-3])[::-1]
    counts_for = FOLLOWS * (1.0 - np.exp(-left / WAIT))
    off = weeks[..., beside] - weeks[..., there]
    sums[..., beside] = sums[..., there] + np.einsum("...wrf,w->...rf", off, counts_for)
    return sums


def earlier(past: Floats, after: Floats) -> Floats:
    """Return the counts of weeks before the arms part as they stand beside those after.

    In those weeks the group of the day is not yet known: everybody counts where they are, over the
    denominators of the day.

    Args:
        past: Counts of shape (weeks, 2 * groups, fields); written to.
        after: Counts of the weeks after, of the same shape.
    """
    many = past.shape[1] // 2
    past[:, :many] = past[:, many:]
    past[:, :many, _THEN] = after[0][:many, _THEN]
    return past


def _plain(tally: npt.NDArray[Any]) -> Floats:
    plain: Floats = np.ascontiguousarray(tally).view(np.float64)
    return plain.reshape(*tally.shape, len(_FIELD))


def _by_group(plain: Floats) -> Floats:
    ethnicities = 1 + plain.shape[-2] // (len(PARTS) + len(MOVES))
    many = outcome_groups(ethnicities)
    out = np.empty((*plain.shape[:-2], 2 * many, plain.shape[-1]))
    out[..., :many, :] = out[..., many:, :] = plain[..., :many, :]
    for pair, (then, now) in enumerate(pairs(ethnicities)):
        if pair >= many:
            out[..., then, :] += plain[..., pair, :]
            out[..., many + now, :] += plain[..., pair, :]
    out[..., many:, _THEN] = out[..., many:, _NOW]
    return out


def town_counts(tally: npt.NDArray[Any]) -> Floats:
    """Return town tallies of shape (...) as floats of shape (..., fields)."""
    return np.ascontiguousarray(tally).view(np.float64).reshape(*tally.shape, len(_TOWN_FIELD))


def levels(
    groups: Groups,
    sums: Floats,
    town: Floats,
    parameters: Costs,
    wanted: Collection[str] = GLOSSARY,
    expected: bool = False,
) -> dict[tuple[str, str], Floats]:
    """Return levels of outcomes, NaN where the denominator is zero.

    Args:
        groups: The groups that were counted.
        sums: Sums of one town's group tallies, of shape (..., groups, fields), or
            (..., 2 * groups, fields) as `counts` gives them: then the groups as of each week are
            given too.
        town: Sums of its town tallies, of shape (..., fields).
        parameters: Where the costs are; arrays must broadcast against shape (...).
        wanted: The outcomes; all if not given.
        expected: Whether levels are of what was to be expected, where tallies say so, and not of
            what happened: the same on average, with less luck in it.

    Returns:
        `{(outcome, group): array of shape (...)}`.
    """
    table: dict[tuple[str, str], Floats] = {}
    of_group = _groups_of(groups, sums)
    for group, values in of_group.items():
        for outcome in OUTCOMES.values():
            if outcome.name not in wanted or not (outcome.by_group or group == "all"):
                continue
            if outcome.of is not None:
                table[outcome.name, group] = outcome.of(
                    dict(zip(_FIELD, np.moveaxis(values, -1, 0), strict=True))
                )
                continue
            sought = expected and _has_expected(outcome)
            over = _total(values, outcome.over, sought)
            under = _total(values, outcome.under, sought) if outcome.under else np.ones_like(over)
            level = outcome.scale * _ratio(over, under)
            table[outcome.name, group] = np.minimum(level, outcome.top) if sought else level
    if not any(name in wanted for name in TOWN_OUTCOMES):
        return table
    for name, level in _town_levels(groups, of_group, town, parameters, expected).items():
        if name in wanted:
            table[name, "all"] = TOWN_OUTCOMES[name].scale * level
    return table


def events(
    groups: Groups, sums: Floats, town: Floats, wanted: Collection[str] = GLOSSARY
) -> dict[tuple[str, str], Floats]:
    """Return how many events outcomes rest on: of numerator and denominator the fewer.

    Args:
        groups: As in `levels`.
        sums: As in `levels`.
        town: As in `levels`.
        wanted: The outcomes; all if not given.

    Returns:
        As `levels`; infinite where an outcome is an amount, as of hours, and there is any.
    """
    table: dict[tuple[str, str], Floats] = {}
    of_group = _groups_of(groups, sums)
    for group, values in of_group.items():
        for outcome in OUTCOMES.values():
            if outcome.name in wanted and (outcome.by_group or group == "all"):
                table[outcome.name, group] = _fewest(values, outcome)
    everyone, hours = of_group["all"], town[..., _TOWN_FIELD["immigration_hours"]]
    made = {
        "stop_disparity": np.minimum(
            *(_total(of_group[name], ("stops",)) for name in (LATINO.key, groups.reference))
        ),
        "immigration_hours": np.where(hours > 0, np.inf, 0.0),
        "social_cost": _fewest(everyone, TOWN_OUTCOMES["social_cost"]),
    }
    return table | {(name, "all"): many for name, many in made.items() if name in wanted}


def happened(groups: Groups, sums: Floats, outcome: str, group: str) -> Floats:
    """Return how many events an outcome's numerator counts, as expected where tallies say so.

    Args:
        groups: As in `levels`.
        sums: As in `levels`.
        outcome: One that is counted by group.
        group: Whose.

    Returns:
        Of shape (...).
    """
    return _total(_groups_of(groups, sums)[group], OUTCOMES[outcome].over, expected=True)


def _fewest(values: Floats, outcome: Outcome) -> Floats:
    over = _total(values, outcome.over)
    sides = [_total(values, side) for side in outcome.counted]
    if not set(outcome.over) - AMOUNTS:
        sides.append(np.where(over > 0, np.inf, 0.0))
    fewest: Floats = np.min(sides, axis=0)
    return fewest


def _groups_of(groups: Groups, sums: Floats) -> dict[str, Floats]:
    """Return sums of every group and of those that groups make up, of shape (..., fields)."""
    of_group: dict[str, Floats] = {}
    for first in range(0, sums.shape[-2], len(groups.names)):
        prefix = CURRENT if first else ""
        of_group |= {prefix + g: sums[..., first + k, :] for k, g in enumerate(groups.names)}
        for name, members in groups.aggregates.items():
            rows = [first + groups.names.index(m) for m in members]
            of_group[prefix + name] = sums[..., rows, :].sum(axis=-2)
    return of_group


def _town_levels(
    groups: Groups, sums: dict[str, Floats], town: Floats, p: Costs, expected: bool
) -> dict[str, Floats]:
    latino, other, everyone = (sums[g] for g in (LATINO.key, groups.reference, "all"))
    cost = (
        p.cost_violent * _total(everyone, ("violent", "domestic"), expected)
        + p.cost_property * _total(everyone, ("property",), expected)
        + p.cost_jail_day * _total(everyone, ("jail_days",))
    )
    return {
        "stop_disparity": _ratio(
            _total(latino, ("stops",)) * _total(other, ("base_persons",)),
            _total(latino, ("base_persons",)) * _total(other, ("stops",)),
        ),
        "immigration_hours": _ratio(
            town[..., _TOWN_FIELD["immigration_hours"]], town[..., _TOWN_FIELD["police_hours"]]
        ),
        "social_cost": YEAR * _ratio(cost, _total(everyone, ("base_persons",))),
    }


def _total(values: Floats, fields: tuple[str, ...], expected: bool = False) -> Floats:
    """Return the sum of some tallies; of what was to be expected in place of what happened.

    By luck a difference from what was to be expected can be more than there was: the sum is at
    least a little of what happened.
    """
    total: Floats = values[..., [_FIELD[f] for f in fields]].sum(axis=-1)
    if not expected:
        return total
    sought = values[..., [_FIELD[EXPECTED.get(f, f)] for f in fields]].sum(axis=-1)
    least: Floats = np.maximum(sought, LEAST * total)
    return least


def _has_expected(outcome: Outcome) -> bool:
    """Return whether there is an expected tally of every event that an outcome is made of."""
    return all(f in EXPECTED or f in AMOUNTS for f in (*outcome.over, *outcome.under))


def _ratio(over: Floats, under: Floats) -> Floats:
    missing = np.full(np.shape(over), np.nan)
    ratio: Floats = np.divide(over, under, out=missing, where=under > 0)
    return ratio
