"""Chart rows: outcomes by week, of groups in one world or of two worlds in one group.

Rates are of the past half-year, since a week of a small town holds few events, and so are beliefs,
which a part of the residents is asked for each week; stocks are of the week itself.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

import numpy as np

from trustabm.inputs.groups import Groups
from trustabm.inputs.timeline import Timeline, weeks_between
from trustabm.outcomes.glossary import GLOSSARY, OUTCOMES
from trustabm.outcomes.measures import counts, levels, town_counts
from trustabm.week.world import World
from trustabm_app.shared.address import ARMS

__all__ = ["WINDOW", "Charted", "Row", "charts", "lines", "marks", "rows"]

Row = list[float]

WINDOW = 26
"""Weeks of which a rate is."""

FROM = 13
"""The first week for which a rate is drawn."""

TOWN_COLOR = "#7a8190"
DASHES: tuple[list[int], ...] = ([], [2, 3], [8, 4], [2, 2, 8, 2], [12, 3])
ARM_COLORS = ("#0072b2", "#d55e00")


class Charted(Protocol):
    """What is charted; a `Setting` is one."""

    @property
    def charts(self) -> tuple[str, ...]:
        """The outcomes."""

    @property
    def group(self) -> str:
        """Of two worlds, whose outcomes."""

    @property
    def groups(self) -> Groups:
        """The groups of the town."""

    @property
    def start(self) -> dt.date:
        """The date on which week 0 begins."""

    @property
    def weeks(self) -> int:
        """Weeks that the run lasts."""

    def timeline(self, arm: str) -> Timeline:
        """Return an arm's timeline."""


def is_stock(outcome: str) -> bool:
    """Return whether an outcome is a state of residents rather than events over a time."""
    o = GLOSSARY[outcome]
    return o.scale == 1.0 and o.under == ("persons",)


def _groups(outcome: str, setting: Charted, arms: int) -> list[str]:
    if outcome not in OUTCOMES:
        return ["all"]
    return [setting.group] if arms > 1 else list(setting.groups.names)


def lines(setting: Charted, arms: int) -> list[dict[str, Any]]:
    """Return the lines that charts may have, for the browser."""
    if arms > 1:
        titles = [setting.timeline(arm).title for arm in ARMS]
        return [
            {"label": f"{'AB'[k]}: {titles[k]}", "color": ARM_COLORS[k], "dash": [[], [7, 4]][k]}
            for k in range(2)
        ]
    groups = setting.groups
    named = [
        {"label": groups.titles[g], "color": color, "dash": DASHES[k % len(DASHES)]}
        for k, (g, color) in enumerate(groups.colors.items())
    ]
    return [*named, {"label": "Whole town", "color": TOWN_COLOR, "dash": []}]


def charts(setting: Charted, arms: int) -> list[dict[str, Any]]:
    """Return what charts show, for the browser."""
    specs = []
    for name in setting.charts:
        outcome = GLOSSARY[name]
        groups = _groups(name, setting, arms)
        if arms > 1:
            which = [0, 1]
            title = outcome.title
            if groups[0] != "all":
                title += f", {setting.groups.titles[groups[0]]}"
        else:
            many = len(setting.groups.names)
            which = [many] if groups == ["all"] else list(range(many))
            title = outcome.title
        when = "this week" if is_stock(name) else f"past {WINDOW} weeks"
        specs.append(
            {
                "name": name,
                "title": title,
                "unit": f"{outcome.unit}, {when}",
                "sentence": outcome.sentence,
                "percent": outcome.unit.startswith("share"),
                "lines": which,
            }
        )
    return specs


def rows(
    worlds: list[World], setting: Charted, arms: int, week: int, first: int | None = None
) -> list[Row]:
    """Return chart rows `[week, values in the order of charts and their lines]` up to a week.

    Args:
        worlds: The worlds, all at the same week.
        setting: What is shown.
        arms: How many worlds are compared.
        week: The number of weeks lived since the arms parted.
        first: The first row's week; the last one alone if not given.
    """
    begin = week if first is None else first
    numbers = np.arange(begin, week + 1)
    columns: list[Any] = [numbers]
    tables = [_levels(world, begin, week, setting.charts) for world in worlds]
    for name in setting.charts:
        groups = _groups(name, setting, arms)
        for stock, flow in tables:
            for group in groups:
                values = (stock if is_stock(name) else flow)[name, group]
                columns.append(
                    values if is_stock(name) else np.where(numbers < FROM, np.nan, values)
                )
    table: list[Row] = np.stack(columns, axis=1).tolist()
    return table


def _levels(world: World, begin: int, week: int, only: tuple[str, ...]) -> tuple[Any, Any]:
    """Return levels of the weeks `begin` to `week`, the first lived being 1, and of windows."""
    lived = world.tally
    here = max(0, begin - WINDOW)
    groups = counts(lived[here:week, 0])
    town = town_counts(world.town_tally[here:week, 0])
    span = week - begin + 1
    sums, town_sums = (
        np.stack(
            [
                x[max(0, begin + k - WINDOW - here) : begin + k - here].sum(axis=0)
                for k in range(span)
            ]
        )
        for x in (groups, town)
    )
    p, names = world.parameters, world.groups
    stocks = [name for name in only if is_stock(name)]
    flows = [name for name in only if not is_stock(name)]
    return (
        levels(names, groups[-span:], town[-span:], p, stocks),
        levels(names, sums, town_sums, p, flows),
    )


def marks(setting: Charted, arms: int) -> list[dict[str, Any]]:
    """Return the dated changes of the rules, for charts and their list."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for k, arm in enumerate(ARMS[:arms]):
        for change in sorted(setting.timeline(arm).changes, key=lambda c: c.date):
            week = weeks_between(setting.start, change.date)
            if 0 < week < setting.weeks:
                mark = found.setdefault(
                    (week, k),
                    {
                        "week": week,
                        "arm": k if arms > 1 else -1,
                        "date": f"{change.date:%b %Y}",
                        "text": "",
                    },
                )
                mark["text"] = f"{mark['text']} {change.sentence}".strip()
    return [found[key] for key in sorted(found)]
