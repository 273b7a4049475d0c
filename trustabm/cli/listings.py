"""What ships with the package, listed or shown whole: policies, timelines, towns."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from trustabm.errors import InvalidInput
from trustabm.inputs import catalog, library
from trustabm.inputs.places.counties import counties
from trustabm.inputs.policy import EVERY, LEVERS
from trustabm.inputs.timeline import (
    Change,
    Preset,
    Timeline,
    timeline,
)
from trustabm.inputs.today import Today, basis
from trustabm.inputs.town import Town, town
from trustabm.telling.terminal import console

__all__ = ["list_policies", "list_towns", "show_policy", "show_today", "show_town"]


def list_policies() -> None:
    """Print every policy and timeline with its sentence, and what a policy changes."""
    table = _table("Policies and timelines", "Name", "What it stands for")
    for name in catalog.shipped("policies"):
        preset = catalog.read_shipped("policies", name, Preset)
        table.add_row(
            name, f"{_both(preset.title, preset.sentence)}\n[dim]{escape(preset.line())}[/]"
        )
    table.add_section()
    for name in catalog.shipped("timelines"):
        line = catalog.read_shipped("timelines", name, Timeline)
        table.add_row(name, _both(f"{line.title} (timeline)", line.sentence))
    _add_library(table, "policies", "timelines")
    console(markup=True).print(table)


def show_policy(name: str) -> None:
    """Print a policy with every lever, or a timeline with every change."""
    out = console(markup=True)
    line = timeline(name)
    name = catalog.policy_file(name)
    if not line.changes and name not in catalog.shipped("timelines"):
        preset = catalog.read("policies", name, Preset)
        out.print(f"[bold]{escape(preset.title)}[/]\n{escape(preset.sentence)}")
        out.print(f"Source: {escape(preset.source)}\n{escape(preset.line())}")
        out.print(_levers(preset))
        return
    out.print(f"[bold]{escape(line.title)}[/] (timeline)\n{escape(line.sentence)}")
    out.print(f"Source: {escape(line.source)}\nStarts from: {escape(line.start)}")
    out.print(_changes(line.changes))


def list_towns() -> None:
    """Print every town that ships with its sentence, and how any other county is found."""
    table = _table("Towns", "Name", "What is particular about it")
    for name in catalog.shipped("towns"):
        place = catalog.read_shipped("towns", name, Town)
        table.add_row(name, _both(place.title, place.sentence))
    _add_library(table, "towns")
    out = console(markup=True)
    out.print(table)
    out.print(
        f"And every other US county, {len(counties()):,} in all, by name or FIPS code: "
        "trustabm towns travis-tx, trustabm towns 48453, trustabm towns 'Doña Ana'."
    )


def _add_library(table: Table, *folders: str) -> None:
    """Add what a library has of some kinds; of what cannot be read, what is wrong with it."""
    table.add_section()
    for folder in folders:
        for name, path in library.files(folder).items():
            try:
                of: Town | Timeline = town(path) if folder == "towns" else timeline(path)
                said = _both(of.title, of.sentence)
            except InvalidInput as e:
                said = f"[bold red]{escape(str(e))}[/]"
            table.add_row(f"{name}\n(library)", said)


def show_town(name: str) -> None:
    """Print a town: every figure with year, kind, source and range, and its dated policies."""
    out = console(markup=True)
    place = town(name)
    out.print(f"[bold]{escape(place.title)}[/]\n{escape(place.sentence)}")
    table = _table("Figures (* imputed)", "Figure", "Value", "Range", "Year", "Source", wide=1)
    for key, f in place.figures().items():
        span = "" if f.low is None or f.high is None else f"{_number(f.low)} to {_number(f.high)}"
        value = f"{_number(f.value)}" + ("*" if f.imputed else "")
        kind = "" if f.kind is None else f"[bold]{f.kind.capitalize()}.[/] "
        table.add_row(key, value, span, str(f.year), kind + escape(f.source))
    out.print(table)
    if place.changes:
        out.print(_changes(place.changes, "Its own dated policies"))


def show_today(found: Today, whole: bool = False) -> None:
    """Print the rules in force in a place, how far they are known, and what of them is not sure.

    Args:
        found: What was found.
        whole: Whether every lever that something set is shown with its source, and every gap.
    """
    out = console(markup=True)
    title = f"{escape(found.place.title)}: rules in force on {found.on}"
    if whole:
        out.print(_rules(found, title))
        out.print("Every other lever is at its default: nothing set it.")
    else:
        out.print(f"[bold]{title}[/]")
        doubts = {(one.change, one.what) for one in found.unsure}
        for change in _changes_of(found):
            marks = [word for word in basis(change) if word in BASES]
            marks += [EXTENT] if (change.name, "extent") in doubts else []
            how = f" [bold]({', '.join(marks)})[/]" if marks else ""
            out.print(f"- {change.date}: {escape(change.sentence)}{how}")
        out.print(f"- Federal rules: those of [bold]{escape(found.federal)}[/].")
    out.print(f"287(g) agreement: {escape(found.agreement)}")
    days = ", ".join(f"{what} to {day}" for what, day in found.known_to.items() if what != "all")
    if days:
        out.print(f"Rules are known to {found.known_to['all']} ({days}).")
    if whole:
        for one in found.unsure:
            out.print(f"Not known: {escape(one.title)}.")
        for gap in found.gaps:
            out.print(escape(gap))
        return
    if found.unsure:
        out.print("What is not sure of rules, a comparison draws as doubt (docs/today.md).")
    out.print(escape(found.gaps[0]))
    out.print("[dim]--all shows every lever, its source, and all that is not known.[/]")


BASES = ("recalled", "unclear")
EXTENT = "how far is not known"


def _changes_of(found: Today) -> list[Change]:
    """Return the rules of the state, the county and its cities that set a lever, by date."""
    local = (r.change for r in found.rules if LEVERS[r.lever].level != "federal")
    return sorted({c.name: c for c in local}.values(), key=lambda change: change.date)


def _rules(found: Today, title: str) -> Table:
    table = _table(title, "What is set", "Since when, by what", wide=1)
    for change in {rule.change.name: rule.change for rule in found.rules}.values():
        set_by_it = [
            f"{escape(LEVERS[r.lever].changed(r.value))} [dim]({LEVERS[r.lever].level})[/]"
            for r in found.rules
            if r.change is change
        ]
        how = "".join(f" [bold]({word})[/]" for word in basis(change))
        said = f"{change.date}: {escape(change.sentence)}{how}\n[dim]{escape(change.source)}[/]"
        table.add_row("\n".join(set_by_it), said)
    return table


def _levers(preset: Preset) -> Table:
    policy, before, on = preset.policy(), preset.before, preset.on
    table = _table(f"Levers (* differs from {on})", "Lever", "Value", on, "What it is", wide=1)
    for d in (EVERY[name] for name in (*LEVERS, *policy.own)):
        here, there = policy.value(d.name), before.value(d.name)
        differs = here != there
        table.add_row(
            f"[bold]{escape(d.title)}[/]\n{d.name}" if differs else f"{escape(d.title)}\n{d.name}",
            f"[bold]{_value(here)}*[/]" if differs else _value(here),
            _value(there),
            f"{escape(d.sentence)} [dim]({escape(d.unit)}; {d.level}). {escape(d.source)}[/]",
        )
    return table


def _changes(changes: tuple[Change, ...], title: str = "Changes") -> Table:
    table = _table(title, "From", "What changes")
    for change in sorted(changes, key=lambda c: c.date):
        sets = [EVERY[k].said(v) for k, v in change.levers.items() if k in EVERY]
        if change.policy is not None:
            sets.insert(0, f"policy {change.policy}")
        text = f"{escape(change.sentence)}\n{escape('; '.join(sets))}"
        table.add_row(str(change.date), f"{text}\n[dim]{escape(change.source)}[/]")
    return table


def _table(title: str, *columns: str, wide: int = 0) -> Table:
    """Return a table whose last column wraps and whose others do not, but for the first `wide`."""
    table = Table(title=title, show_lines=True)
    for k, column in enumerate(columns):
        last = k == len(columns) - 1
        table.add_column(column, no_wrap=not last and k >= wide, overflow="fold")
    return table


def _both(title: str, sentence: str) -> str:
    return f"[bold]{escape(title)}[/]\n{escape(sentence)}"


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100_000 else f"{value:,g}"
