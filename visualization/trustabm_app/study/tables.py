"""The heat map and the tables of a study, as markup whose cells are links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from trustabm.outcomes.findings import key, label
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import DASH, percent_said
from trustabm.study.designs import called
from trustabm.telling.markup import Markup, table, tag
from trustabm.telling.terminal import shown
from trustabm_app.study.answers import Answers, Cell, Indices
from trustabm_app.study.look import Dimension, Look, in_words, title_of

__all__ = ["cells", "heat", "indices", "legend", "outcomes"]

NAMES_MAX = 6
"""Varied names that have a column; a posterior has dozens, which the CSV table holds."""

MINUS = "\N{MINUS SIGN}"


def _number(value: float | None, unit: str, **how: bool) -> str:
    return shown(value, unit, **how).replace("-", MINUS) if value is not None else DASH


def _interval(row: Mapping[Any, Any], unit: str) -> str:
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return DASH
    low, high = (_number(row[k], unit, end=True) for k in ("low", "high"))
    return f"{low} to {high}"


def heat(grid: list[list[Cell]], across: Dimension, up: Dimension, look: Look) -> Markup:
    """Return a heat map: a table whose coloured cells open their scenarios."""
    unit = GLOSSARY[look.outcome].unit
    least, most = _ends(grid)
    rows = []
    for line, word in zip(grid, up.words):
        drawn = [_heat_cell(cell, (across, up), look, unit, least, most) for cell in line]
        rows.append(tag("tr", tag("th", word, scope="row"), *drawn))
    heads = [tag("th", word, scope="col") for word in across.words]
    corner = tag("td", tag("div", f"{up.title} ↓"), tag("div", f"{across.title} →"))
    return tag(
        "table",
        tag("thead", tag("tr", corner, *heads)),
        tag("tbody", *rows),
        class_="ta-heat",
        aria_label=f"Effect over {across.title} and {up.title}; every cell is a link",
    )


def _ends(grid: list[list[Cell]]) -> tuple[float, float]:
    """Return the differences at which colours are faintest and strongest."""
    found = [abs(c.row["difference"]) for line in grid for c in line if c.row is not None]
    signs = {np.sign(c.row["difference"]) for line in grid for c in line if c.row is not None}
    least = min(found, default=0.0) if len(signs) == 1 else 0.0
    return least, max(found, default=0.0)


def _heat_cell(
    cell: Cell, sides: tuple[Dimension, ...], look: Look, unit: str, least: float, most: float
) -> Markup:
    if cell.row is None:
        return tag("td", tag("span", "–"), class_="none")
    value, says = float(cell.row["difference"]), cell.row["verdict"]
    strength = (abs(value) - least) / (most - least) if most > least else 1.0
    faint = 0.25 if least else 0.0
    where = ", ".join(f"{s.title} {cell.values[s.name]}" for s in sides)
    text = _number(value, unit, signed=True)
    said = f"{where}: {text} ({_interval(cell.row, unit)}), {says}"
    link = cell.place.compare if look.opens == "compare" else cell.place.town
    inner = (
        tag(
            "a",
            text,
            href=link,
            title=said,
            aria_label=f"{said}. Open in {look.opens.capitalize()}",
        )
        if link
        else tag("span", text, title=said)
    )
    kind = "more" if value > 0 else "less"
    doubt = "" if cell.row["low"] > 0 or cell.row["high"] < 0 else " doubt"
    return tag(
        "td",
        inner,
        class_=kind + doubt,
        style=f"--at:{faint + (1 - faint) * strength:.3f}",
        data_value=repr(value),
    )


def legend(grid: list[list[Cell]], outcome: str) -> Markup:
    """Return what the colours of a heat map mean."""
    unit = GLOSSARY[outcome].unit
    values = [float(c.row["difference"]) for line in grid for c in line if c.row is not None]
    if not values:
        return Markup("")
    least, _ = _ends(grid)
    parts: list[Markup] = []
    if min(values) < 0:
        parts += [_swatch("less", 1.0), tag("span", f"{_number(min(values), unit, signed=True)}")]
    if min(values) < 0 < max(values):
        parts += [_swatch("less", 0.0), tag("span", "0")]
    if max(values) > 0:
        parts += [_swatch("more", 1.0), tag("span", f"{_number(max(values), unit, signed=True)}")]
    if least:
        near = min(values, key=abs)
        kind = "more" if near > 0 else "less"
        parts += [
            _swatch(kind, 0.25),
            tag("span", f"{_number(near, unit, signed=True)}; not from zero"),
        ]
    parts += [
        tag("i", class_="more doubt"),
        tag("span", "cannot be told from none: the 90% interval holds zero, or there is none"),
    ]
    return tag("p", *parts, class_="ta-keys")


def _swatch(kind: str, at: float) -> Markup:
    return tag("i", class_=kind, style=f"--at:{at}")


def cells(found: list[Cell], dims: tuple[Dimension, ...], answers: Answers, look: Look) -> Markup:
    """Return a table of effects, a row a scenario with links to see it."""
    unit = GLOSSARY[look.outcome].unit
    point = any(d.name == "point" for d in dims)
    names = answers.opened.names[:NAMES_MAX] if point else ()
    heads = [tag("th", d.title, scope="col") for d in dims]
    heads.append(tag("th", "See it", scope="col"))
    heads += [tag("th", title_of(n), scope="col", class_="num") for n in names]
    for head in (answers.study.reference, "Level", "Difference", "90% interval", "Percent"):
        heads.append(tag("th", head, scope="col", class_="num"))
    heads.append(tag("th", "Verdict", scope="col"))
    rows = []
    for cell in found:
        row = cell.row
        if row is None:
            continue
        scenario = ", ".join(f"{d.title} {cell.values[d.name]}" for d in dims) or "the scenario"
        first = [tag("td", cell.values[d.name]) for d in dims]
        first.append(tag("td", *_links(cell, scenario), class_="ta-links"))
        first += [
            tag("td", f"{row[n]:.3g}" if isinstance(row[n], float) else str(row[n]), class_="num")
            for n in names
        ]
        percent = None if pd.isna(row["percent"]) else row["percent"]
        numbers = (
            _number(row["reference"], unit),
            _number(row["level"], unit),
            _number(row["difference"], unit, signed=True),
            _interval(row, unit),
            percent_said(percent, None, None)[0].replace("-", MINUS),
        )
        rows.append(
            tag(
                "tr",
                *first,
                *(tag("td", n, class_="num") for n in numbers),
                tag("td", row["verdict"]),
                data_difference=repr(float(row["difference"])),
                data_low=repr(float(row["low"])),
                data_high=repr(float(row["high"])),
            )
        )
    return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))


def _links(cell: Cell, scenario: str) -> list[Markup]:
    links = [
        tag("a", name, href=link, aria_label=f"{name}: {scenario}")
        for name, link in (("Town", cell.place.town), ("Compare", cell.place.compare))
        if link
    ]
    return links or [Markup("–")]


def outcomes(frame: pd.DataFrame, look: Look) -> Markup:
    """Return a table of all outcomes: effects of one scenario, or their spread over points."""
    many = "mean" in frame
    middle = (
        ("Mean difference", "Middle 90% of points", "Points above 0")
        if many
        else ("Difference", "90% interval", "Verdict")
    )
    order = {pair: k for k, pair in enumerate(key(look.groups))} | {(look.outcome, look.group): -1}
    rows = []
    for row in sorted(
        frame.to_dict("records"), key=lambda r: order.get((r["outcome"], r["group"]), 99)
    ):
        if (row["outcome"], row["group"]) not in order:
            continue
        unit = GLOSSARY[row["outcome"]].unit
        value = row["mean" if many else "difference"]
        last = row["verdict"]
        if many and pd.isna(last):
            last = f"{100 * row['above']:.0f}%"
        name = label(row["outcome"], row["group"], look.groups)
        name += tag("div", in_words(row["outcome"]), class_="src")
        rows.append((name, _number(value, unit, signed=True), _interval(row, unit), last))
    return table(("Outcome", *middle), rows, numbers=range(1, 4))


def indices(found: Indices) -> Markup:
    """Return a table of indices or elementary effects."""
    rows: Any = found.frame.itertuples()
    if found.kind == "Sobol":
        heads = ("Total, with its interactions", "90% interval", "Alone", "90% interval")
        cut = [
            (
                *(f"{r.total:.3f}", f"{r.total_low:.3f} to {r.total_high:.3f}"),
                *(f"{r.first:.3f}", f"{r.first_low:.3f} to {r.first_high:.3f}"),
            )
            for r in rows
        ]
    else:
        heads = ("Effect", "90% interval", "Spread", "Matters")
        cut = [
            (
                *(f"{r.effect:.3g}", f"{r.low:.3g} to {r.high:.3g}"),
                *(f"{r.spread:.3g}", "yes" if r.matters else "no"),
            )
            for r in rows
        ]
    named = zip(found.frame["parameter"], cut, strict=True)
    lines = ((called(str(n)), *(x.replace("-", MINUS) for x in of)) for n, of in named)
    return table(("Parameter", *heads), lines, numbers=range(1, 5))
