"""What a run of every county of an area gives, as tables and as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from trustabm.outcomes.findings import KEY_OUTCOMES
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import said
from trustabm.telling.terminal import console, shown

if TYPE_CHECKING:
    from trustabm.nation.published import Row
    from trustabm.nation.sums import Sums

__all__ = ["print_published", "print_sums", "sums_record"]

BY_STATE = ("reported", "requests", "removals")
"""The numbers of which each state's are shown."""


def print_sums(sums: Sums) -> None:
    """Print numbers a year and rates of the whole area under every arm, then each state's."""
    out, titles = console(), list(sums.experiment.titles.values())
    every = np.arange(len(sums.area.counties))
    e = sums.experiment
    people = sums.people(every)["all"]
    table = Table(
        title=f"{sums.area.title}: {people:,.0f} residents aged 12 and "
        f"over, {int(sums.residents.sum()):,} of them simulated, {e.weeks} weeks",
        caption="A year: numbers of people or events; below: rates. Differences in brackets.",
    )
    table.add_column("Outcome")
    for title in titles:
        table.add_column(title, justify="right")
    for name, numbers in sums.yearly(every).items():
        table.add_row(name, *_beside([f"{x:,.0f}" for x in numbers], numbers, "{:+,.0f}"))
    table.add_section()
    levels = sums.levels(every)
    for name in KEY_OUTCOMES:
        unit = GLOSSARY[name].unit
        values = levels[name, "all"]
        cells = [shown(float(x), unit) for x in values]
        cells[1:] = [
            f"{cell} ({shown(float(x - values[0]), unit, signed=True)})"
            for cell, x in zip(cells[1:], values[1:], strict=True)
        ]
        table.add_row(GLOSSARY[name].title, *cells)
    out.print(table)
    parts = sums.parts()
    if len(parts) > 1:
        _print_states(sums)
    for line in sums.notices():
        out.print(f"Note: {line}", markup=False)


def print_published(rows: Sequence[Row]) -> None:
    """Print published figures beside ours, flows whole and of states those that are off."""
    table = Table(title="The nation by drawn counties beside what is published")
    for name in ("what", "when", "published", "ours", "90%", "off", ""):
        table.add_column(name, justify="left" if name in ("what", "when", "") else "right")
    for row in rows:
        if row.low is None and row.within and row.when != "US":
            continue
        digits = 1 if row.what.endswith("percent") else 0
        ends = "" if row.low is None else f"{row.low:,.{digits}f} to {row.high:,.{digits}f}"
        table.add_row(
            row.what,
            row.when,
            f"{row.published:,.{digits}f}",
            f"{row.value:,.{digits}f}",
            ends,
            f"{100 * row.off:+.0f}%",
            "" if row.within else "miss",
        )
    out = console()
    out.print(table)
    of = {what: [r.within for r in rows if r.what == what] for what in (r.what for r in rows)}
    for what, within in of.items():
        out.print(f"{what}: {sum(within)} of {len(within)} within their tolerance", markup=False)
    out.print("Tolerances are ours. Detainers scaled priorities in the federal history itself.")


def _print_states(sums: Sums) -> None:
    arms = list(sums.experiment.titles.values())
    for k, arm in list(enumerate(arms))[1:]:
        table = Table(title=f"{arm}, by state: what differs, a year")
        table.add_column("State")
        for name in BY_STATE:
            table.add_column(name, justify="right")
        for state, places in sums.parts().items():
            yearly = sums.yearly(places)
            table.add_row(
                state,
                *(
                    f"{yearly[n][k] - yearly[n][0]:+,.0f} of {said(yearly[n][0], 0)}"
                    for n in BY_STATE
                ),
            )
        console().print(table)


def _beside(cells: list[str], numbers: Any, form: str) -> list[str]:
    more = [f"{c} ({form.format(x - numbers[0])})" for c, x in zip(cells, numbers, strict=True)]
    return [cells[0], *more[1:]]


def sums_record(sums: Sums) -> dict[str, Any]:
    """Return the same in plain values: `yearly` and `rates` by state, outcome or event, and arm."""
    arms = list(sums.experiment.arms)
    by_state: dict[str, Any] = {}
    for state, places in sums.parts().items():
        rates = {
            outcome: dict(zip(arms, map(_plain, values), strict=True))
            for (outcome, group), values in sums.levels(places).items()
            if group == "all"
        }
        by_state[state] = {
            "people": sums.people(places),
            "yearly": {
                name: dict(zip(arms, map(float, values), strict=True))
                for name, values in sums.yearly(places).items()
            },
            "rates": rates,
        }
    return {
        "area": sums.area.name,
        "residents": int(sums.residents.sum()),
        "processor_seconds": sums.seconds,
        "by_state": by_state,
    }


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
