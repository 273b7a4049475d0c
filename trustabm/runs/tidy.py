"""Outcomes as one tidy frame or one labelled array: by replicate, arm, week, group, with units.

Levels come in as arrays by outcome and group; what says where in them a value stands is the same
for the frame and for the array.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from trustabm.errors import need
from trustabm.inputs.catalog import stem
from trustabm.inputs.groups import Groups
from trustabm.inputs.timeline import date_of
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.measures import counts, levels, town_counts
from trustabm.runs.replicates import live

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from trustabm.runs.comparison import Comparison
    from trustabm.runs.results import Result

__all__ = ["Leveled", "of_comparison", "of_run"]

Floats = npt.NDArray[np.float64]


class Leveled(NamedTuple):
    """Levels of outcomes, and what their axes are.

    Args:
        axes: Names of the axes in order, each with its labels.
        table: Levels by outcome and group, each of the shape of the axes; NaN where the
            denominator was zero.
        groups: Titles of the groups, by name.
        about: What a reader is to know, by name.
        beside: More labels along an axis: the axis and the labels, by name.
    """

    axes: Mapping[str, Sequence[Any]]
    table: Mapping[tuple[str, str], Floats]
    groups: Mapping[str, str]
    about: Mapping[str, Any]
    beside: Mapping[str, tuple[str, Sequence[Any]]] = {}

    def frame(self) -> pd.DataFrame:
        """Return a row a value: the axes, `outcome`, `group` and `value`, in the outcome's unit."""
        import pandas as pd

        keys = pd.MultiIndex.from_product([*self.axes.values()], names=[*self.axes])
        where = keys.to_frame(index=False)
        names = {axis: list(labels) for axis, labels in self.axes.items()}
        for axis, labels in names.items():
            if isinstance(labels[0], str):
                where[axis] = pd.Categorical(where[axis], labels)
        for name, (axis, beside) in self.beside.items():
            where[name] = where[axis].map(dict(zip(names[axis], beside, strict=True)))
        many = len(self.table)
        frame: pd.DataFrame = pd.concat([where] * many, ignore_index=True)
        of = list(self.table)
        for k, (column, known) in enumerate(
            (("outcome", list(GLOSSARY)), ("group", [*self.groups]))
        ):
            codes = np.repeat([known.index(key[k]) for key in of], len(where))
            frame[column] = pd.Categorical.from_codes(codes, pd.Index(known))
        frame["value"] = np.concatenate([x.ravel() for x in self.table.values()])
        frame.attrs |= dict(self.about) | {"units": {o: GLOSSARY[o].unit for o, _ in of}}
        return frame

    def dataset(self) -> xr.Dataset:
        """Return a variable an outcome, along the axes and, where it is of groups, `group`.

        Raises:
            NotInstalled: without xarray, naming the extra that brings it.
        """
        need("study", "to_xarray")
        import xarray as xr

        dims = tuple(self.axes)
        found: dict[str, Any] = {}
        for outcome in dict.fromkeys(o for o, _ in self.table):
            known, groups = GLOSSARY[outcome], [g for o, g in self.table if o == outcome]
            attrs = {
                "units": known.unit,
                "long_name": known.title,
                "description": known.sentence,
            }
            if groups != ["all"]:
                shape = next(iter(self.table.values())).shape
                missing = np.full(shape, np.nan)
                every = [self.table.get((outcome, g), missing) for g in self.groups]
                found[outcome] = ((*dims, "group"), np.stack(every, axis=-1), attrs)
            else:
                found[outcome] = (dims, self.table[outcome, "all"], attrs)
        coords: dict[str, Any] = {name: list(labels) for name, labels in self.axes.items()}
        coords |= {"group": list(self.groups), "group_title": ("group", [*self.groups.values()])}
        coords |= {name: (axis, list(labels)) for name, (axis, labels) in self.beside.items()}
        said = {k: "\n".join(x) if isinstance(x, list) else x for k, x in self.about.items()}
        return xr.Dataset(found, coords, said)


def _kept(groups: Groups, table: Mapping[tuple[str, str], Floats]) -> dict[tuple[str, str], Floats]:
    """Return the levels of the groups of the day, in the order of the glossary."""
    return {(o, g): table[o, g] for o in GLOSSARY for g in groups.every if (o, g) in table}


def _titles(groups: Groups) -> dict[str, str]:
    return {g: groups.titles[g] for g in groups.every}


def _dates(start: dt.date, weeks: Sequence[int]) -> dict[str, tuple[str, list[Any]]]:
    days = [np.datetime64(date_of(start, week), "s") for week in weeks]
    return {"date": ("week", days)}


def of_run(result: Result) -> Leveled:
    """Return the levels of a run in its own town, by replicate (the one), arm, week and group."""
    s, world = result.scenario, result.world
    table = levels(
        world.groups, counts(world.tally[:, 0]), town_counts(world.town_tally[:, 0]), s.parameters
    )
    weeks = range(len(world.tally))
    return Leveled(
        {"replicate": [0], "arm": [stem(s.policy)], "week": weeks},
        {key: x[None, None] for key, x in _kept(world.groups, table).items()},
        _titles(world.groups),
        {"town": stem(s.town), "notices": list(result.notices)},
        _dates(s.start, weeks),
    )


def of_comparison(comparison: Comparison, replicate: int | None = None) -> Leveled:
    """Return the levels of a comparison.

    Args:
        comparison: The comparison.
        replicate: The replicate that is lived through again for its weeks, the burn-in's among
            them; None: all of them, each over all weeks after the arms part, of what was to be
            expected there as in `Comparison.estimates`.
    """
    e, arms = comparison.experiment, list(comparison.arms)
    about = {"town": e.place.title, "notices": list(comparison.notices)}
    if replicate is None:
        table = levels(e.groups, comparison.sums, comparison.town_sums, e.parameters, expected=True)
        axes: dict[str, Sequence[Any]] = {"replicate": range(comparison.replicates), "arm": arms}
        return Leveled(axes, _kept(e.groups, table), _titles(e.groups), about)
    here = e.at(replicate)
    lived = live(here, replicate)
    sums, town = (
        np.stack([np.concatenate([past, arm]) for arm in of_arms])
        for past, of_arms in ((lived.past, lived.weeks), (lived.town_past, lived.town_weeks))
    )
    table = levels(e.groups, sums, town, here.parameters)
    weeks = range(-e.burn_in, e.weeks)
    return Leveled(
        {"replicate": [replicate], "arm": arms, "week": weeks},
        {key: x[None] for key, x in _kept(e.groups, table).items()},
        _titles(e.groups),
        about,
        _dates(e.start, weeks),
    )
