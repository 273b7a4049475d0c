"""Tables of the command line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustabm.inputs.catalog import stem
from trustabm.inputs.structures import STRUCTURES
from trustabm.outcomes.estimates import NUMBERLESS, Estimate
from trustabm.outcomes.findings import KEY_OUTCOMES, key, label
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.narrowing import KINDS, in_percent, narrowed, shares
from trustabm.outcomes.numbers import shown
from trustabm.outcomes.parts import REST, Part, named, of_whom, percent

if TYPE_CHECKING:
    from trustabm.runs.comparison import Comparison
    from trustabm.runs.results import Result

__all__ = [
    "print_comparison",
    "print_scorecard",
    "print_summary",
    "shown",
    "summary_records",
]

SIDE_BY_SIDE = 2
"""Arms beside the reference in one table: what 80 columns hold."""

WIDEST = 110


def console(*, markup: bool = False) -> Console:
    """Return the console of standard output, no wider than is easy to read.

    Args:
        markup: Whether brackets are taken for styles; users' text must then be escaped.
    """
    # What a user named is text, whatever brackets and colons it holds.
    out = Console(highlight=False, markup=markup, emoji=False)
    out.width = min(out.width, WIDEST)
    return out


def summary_records(result: Result, weeks: int = 52) -> list[dict[str, Any]]:
    """Return `{outcome, group, level, unit}` of a run's last weeks, None where missing."""
    frame = result.summary(weeks)
    return [
        {
            "outcome": outcome,
            "group": group,
            "level": float(level) if not math.isnan(level) else None,
            "unit": GLOSSARY[str(outcome)].unit,
        }
        for outcome, row in frame.iterrows()
        for group, level in row.items()
        if group == "all" or GLOSSARY[str(outcome)].by_group
    ]


def print_summary(result: Result, weeks: int = 52) -> None:
    """Print the key outcomes of a run's last weeks."""
    s = result.scenario
    frame = result.summary(weeks)
    lived = min(weeks, s.weeks)
    table = Table(title=f"{stem(s.town)} under {stem(s.policy)}, last {lived} of {s.weeks} weeks")
    table.add_column("Outcome")
    groups = result.world.groups
    columns = (*groups.of_ethnic, groups.reference, "all")
    for column in columns:
        table.add_column(groups.titles[column], justify="right", no_wrap=True)
    for name in KEY_OUTCOMES:
        outcome = GLOSSARY[name]
        cells = [
            shown(float(frame.loc[name, g]), outcome.unit)  # type: ignore[arg-type]
            if g == "all" or outcome.by_group
            else ""
            for g in columns
        ]
        table.add_row(_with_unit(outcome.title, outcome.unit), *cells)
    console().print(table)
    _print_notices(result.notices)


CAPTION = "Under each level: the difference from the reference, and its 90% interval."
WIDTHS = "Of the square of each interval's width: the share of each kind of doubt."


STRUCTURES_CAPTION = (
    "Below each title: its weight and how many draws of it were lived through. Below each level: "
    "the difference from the reference, and its 90% interval."
)

PARTS = (
    "Beside each part: its share of the effect; under it: its 90% interval. The rest is the effect "
    "less all parts: mechanisms work through one another."
)


def print_comparison(
    comparison: Comparison, *, everything: bool = False, structures: bool = False
) -> None:
    """Print levels, differences and intervals, then findings, then what intervals cover.

    Args:
        comparison: What was compared.
        everything: Whether all outcomes are shown, and not the key ones alone.
        structures: Whether it is shown what each structure of the model says alone.
    """
    out = console()
    groups = comparison.experiment.groups
    wanted = key(groups)
    if everything:
        wanted = list(dict.fromkeys((o, g) for o, g, _ in comparison.estimates))
    title = comparison.experiment.place.title
    for place, estimates in {title: comparison.estimates, **comparison.spillovers}.items():
        _print_levels(comparison, place, estimates, wanted)
    for line in comparison.findings():
        out.print(f"- {line}", markup=False)
    if comparison.decomposition is not None:
        _print_parts(comparison)
    _print_widths(comparison, wanted)
    if structures:
        _print_structures(comparison)
    _print_notices(comparison.notices)
    out.print()
    listed = [e for of, e in comparison.estimates.items() if of[:2] in wanted and e.low is not None]
    out.print(comparison.covers(len(listed)), markup=False)


def _print_levels(
    comparison: Comparison,
    place: str,
    estimates: Mapping[tuple[str, str, str], Estimate],
    wanted: Sequence[tuple[str, str]],
) -> None:
    """Print levels, differences and intervals of a town, some arms side by side."""
    reference, *others = comparison.arms
    groups = comparison.experiment.groups
    for first in range(0, len(others), SIDE_BY_SIDE):
        arms = others[first : first + SIDE_BY_SIDE]
        table = Table(title=f"{place}, {comparison.experiment.weeks} weeks", caption=CAPTION)
        table.add_column("Outcome")
        table.add_column(comparison.arms[reference], justify="right")
        for arm in arms:
            table.add_column(comparison.arms[arm], justify="right")
        for outcome, group in wanted:
            unit = GLOSSARY[outcome].unit
            row = [estimates[outcome, group, name] for name in (reference, *arms)]
            if all(e.level is None for e in row):
                continue
            name = _with_unit(label(outcome, group, groups), unit)
            table.add_row(name, shown(row[0].level, unit), *(_cell(e, unit) for e in row[1:]))
        console().print(table)


def _print_widths(comparison: Comparison, wanted: Sequence[tuple[str, str]]) -> None:
    """Print what the intervals are made of, and what would narrow which most."""
    groups, arms = comparison.experiment.groups, comparison.arms
    for arm in list(arms)[1:]:
        made = {row: shares(comparison.estimates[*row, arm]) for row in wanted}
        kinds = [k for k in KINDS if any(k in s for s in made.values() if s is not None)]
        if len(kinds) < 2:  # luck alone
            continue
        table = Table(title=f"What the intervals of {arms[arm]} are made of", caption=WIDTHS)
        table.add_column("Outcome")
        for kind in kinds:
            table.add_column(KINDS[kind], justify="right")
        for row, found in made.items():
            if found is not None:
                whole = in_percent(found)
                table.add_row(label(*row, groups), *(f"{whole.get(kind, 0)}%" for kind in kinds))
        console().print(table)
        for line in narrowed(comparison.estimates, arm, groups, wanted)[1:]:
            console().print(f"- {line}", markup=False)


def _print_structures(comparison: Comparison) -> None:
    """Print what each structure of the model says alone."""
    groups, arms, every = comparison.experiment.groups, comparison.arms, comparison.structured
    if not every:
        console().print("There is one structure of the model alone.", markup=False)
    for arm in list(arms)[1:]:
        of = {row[:2]: x for row, x in every.items() if row[2] == arm}
        if not of:
            continue
        table = Table(title=f"What each structure says of {arms[arm]}", caption=STRUCTURES_CAPTION)
        table.add_column("Outcome")
        first = next(iter(of.values()))
        for name in first.estimates:
            table.add_column(
                f"{STRUCTURES[name].title}\n{percent(first.weights[name])}, {first.draws[name]}",
                justify="right",
            )
        for (outcome, group), alone in of.items():
            unit = GLOSSARY[outcome].unit
            title = _with_unit(label(outcome, group, groups), unit)
            table.add_row(title, *(_cell(e, unit) for e in alone.estimates.values()))
        console().print(table)


def _print_parts(comparison: Comparison) -> None:
    """Print what goes away of every effect without each mechanism, and what that says."""
    groups, arms = comparison.experiment.groups, comparison.arms
    columns: dict[tuple[str, str, str], list[Part]] = {}
    for part in comparison.parts():
        columns.setdefault((part.arm, part.outcome, part.group), []).append(part)
    for arm in list(arms)[1:]:
        table = Table(title=f"What goes away of the effect of {arms[arm]}", caption=PARTS)
        table.add_column("without")
        shown_of = [(key, of) for key, of in columns.items() if key[0] == arm]
        for (_, outcome, group), _ in shown_of:
            unit = GLOSSARY[outcome].unit
            table.add_column(_with_unit(of_whom(outcome, group, groups), unit), justify="right")
        table.add_row(
            "nothing: the effect", *(_cell_of(o, of[0], whole=True) for (_, o, _), of in shown_of)
        )
        table.add_section()
        for row in zip(*(of for _, of in shown_of), strict=True):
            cells = (
                _cell_of(outcome, p) for ((_, outcome, _), _), p in zip(shown_of, row, strict=True)
            )
            if row[0].mechanism == REST:
                table.add_section()
            table.add_row(named(row[0].mechanism).removeprefix("without "), *cells)
            if row[0].mechanism == REST:
                table.add_section()
        console().print(table)
    for line in comparison.carried():
        console().print(f"- {line}", markup=False)


def _cell_of(outcome: str, part: Part, whole: bool = False) -> Text:
    """Return a part with its share and interval; or the effect that it is a part of."""
    of = part.effect if whole else part
    unit, value = GLOSSARY[outcome].unit, part.effect.difference if whole else part.part
    cell = Text(shown(value, unit, signed=True), style="bold" if of.told_apart else "")
    if not whole and part.share is not None:
        cell.append(f" ({percent(part.share)})")
    if of.low is None or of.high is None:
        return cell.append("\nno interval", style="dim")
    ends = f"{shown(of.low, unit, end=True)} to {shown(of.high, unit, end=True)}"
    return cell.append(f"\n{ends}", style="dim")


def _print_notices(notices: Sequence[str]) -> None:
    """Print what a result is to be read with."""
    for line in notices:
        console().print(f"Note: {line}", markup=False)


def _cell(e: Estimate, unit: str) -> Text:
    cell = Text(shown(e.level, unit))
    verdict = e.verdict()
    if e.difference is None or verdict in NUMBERLESS:
        return cell.append(f"\n{verdict}", style="dim")
    cell.append("\n" + shown(e.difference, unit, signed=True), style="bold" if e.told_apart else "")
    if e.low is not None and e.high is not None:
        ends = f"{shown(e.low, unit, end=True)} to {shown(e.high, unit, end=True)}"
        cell.append(f" ({ends})", style="dim")
    else:
        cell.append(" (no interval)", style="dim")
    return cell


def _with_unit(title: str, unit: str) -> Text:
    """Return a row's name, with the unit where the numbers do not show it."""
    if unit.startswith("share") or unit == "ratio":
        return Text(title)
    unit = "0 to 100" if unit == "0 to 1" else unit
    return Text(title).append(f"\n{unit}", style="dim")


def print_scorecard(records: list[dict[str, Any]]) -> None:
    """Print what the model gives beside what was published."""
    from trustabm.evidence.rows import GROUPS, group_of, summary
    from trustabm.evidence.targets import TARGETS

    table = Table(box=None, pad_edge=False)
    for name in ("id", "what", "published", "model", "90%", ""):
        table.add_column(name, justify="left" if name in ("id", "what", "") else "right")
    for name, group in GROUPS.items():
        some = [r for r in records if group_of(TARGETS[r["id"]]) == name]
        if some:
            table.add_section()
            table.add_row("", Text(group.title, style="bold"))
        for r in some:
            t = TARGETS[r["id"]]
            verdict = "pass" if r["pass"] else Text(f"miss: {r['note']}", style="bold")
            table.add_row(
                r["id"],
                t.sentence,
                t.goal,
                _short(r["value"]),
                f"{_short(r['low'])} to {_short(r['high'])}",
                verdict if group.counts else "",
            )
    console().print(table)
    for line in summary(records):
        print(line)
    print("Tolerances are ours where the source gives no error of its own.")


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.3g}"
