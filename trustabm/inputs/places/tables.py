"""A user's own table of counties, one row each, as towns: nothing is filled in without a sign.

A cell that is blank, and a figure that has no column, is taken from the county's own figures here,
which are better known than its state's; in a place that is not in the table of counties (one of
Connecticut's planning regions, or of the two that were Valdez-Cordova) from its state, with a range
from the lowest to the highest of the state's counties. Either is said, figure by figure.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.inputs import catalog
from trustabm.inputs.places import laws
from trustabm.inputs.places.counties import (
    FIGURES,
    RENAMED,
    County,
    by_code,
    find,
    named,
    of_state,
)
from trustabm.inputs.places.written import written
from trustabm.inputs.town import Town, town

__all__ = ["Own", "Table", "read_table"]

KEYS = {
    "fips": ("fips", "geoid", "geo_id", "fips_code", "county_fips", "countyfips"),
    "name": ("county", "name", "county_name"),
    "state": ("state", "state_abbr", "state_name"),
    "year": ("year",),
    "source": ("source",),
}
"""What a column beside those of figures may be called, by what it is."""

BLANK = {"", "na", "n/a", "nan", "null", "none", "-", "--", ".", "(x)", "*", "**", "***", "*****"}
"""How tables write that they do not know."""

NUMBER = re.compile(
    r"(?=[+-]?\.?[0-9])[+-]?(?:[0-9]*|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?%?"
)


STATE = "the mean of its state, and the range of the state's counties"

FAR = 3.0
"""How many times above or below a known range a number is asked about."""


ELSEWHERE = {"02063", "02066", *(f"09{k}" for k in range(110, 200, 10))}
"""Counted since 2019: what was Valdez-Cordova, and the planning regions of Connecticut."""


class Own(NamedTuple):
    """A row of a table as a town.

    Args:
        slug: What its file is called.
        text: The file.
        place: The town that it reads back as.
        filled: The figures that are not the table's, and where each is from.
        odd: What of the row is taken otherwise than it may have been meant, in sentences.
    """

    slug: str
    text: str
    place: Town
    filled: dict[str, str]
    odd: tuple[str, ...]


class Table(NamedTuple):
    """What was read of a table.

    Args:
        towns: One a row.
        notes: What whoever made it must know: what was not read, filled in or mended.
    """

    towns: tuple[Own, ...]
    notes: tuple[str, ...]


def read_table(path: Path, year: int | None = None, source: str | None = None) -> Table:
    """Read a table of counties: comma, semicolon or tab, UTF-8 or Latin-1.

    A column `fips` (its leading zeros may be lost) or `county` and `state` says which county a row
    is; the others are called as the figures, with `..._low` and `..._high` for ranges, and `year`
    and `source` where rows differ in them. Shares are from 0 to 1, or percentages with their sign.

    Args:
        path: The table.
        year: The year of rows that do not say one.
        source: Their source; the name of the file if not given.

    Raises:
        InvalidInput: for a table, a row or a cell that does not say what it must.
    """
    text, notes = _text(path)
    lines = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True))
    rows = [(k, line) for k, line in enumerate(lines[1:], 2) if any(c.strip() for c in line)]
    if not rows:
        raise InvalidInput(f"{path}: expected a line of names and a row a county, got none")
    columns, more = _columns(path, lines[0])
    notes += more
    found: dict[str, Own] = {}
    for k, line in rows:
        where = f"{path}, line {k}"
        if len(line) != len(lines[0]):
            raise InvalidInput(f"{where}: expected {len(lines[0])} cells, got {len(line)}")
        cells = {name: line[at].strip() for name, at in columns.items()}
        for name, at in columns.items():
            if "%" in lines[0][at] and cells[name].casefold() not in BLANK:
                cells[name] = f"{cells[name].removesuffix('%')}%"
        own = _own(where, cells, year, source or path.name)
        if own.slug in found:
            raise InvalidInput(f"{where}: expected a row a county, got {own.slug} again")
        found[own.slug] = own
    if _codes_shortened(lines[0], rows, columns):
        notes.append("FIPS codes of four digits were read with the zero that they lost in front.")
    return Table(tuple(found.values()), (*notes, *_filled(found), *_odd(found)))


def _text(path: Path) -> tuple[str, list[str]]:
    """Return the text of a table, and what there is to say of its letters."""
    try:
        data = path.read_bytes()
    except OSError as e:
        raise InvalidInput(f"{path}: expected a readable table, got: {e.strerror}") from e
    encoding = next((name for mark, name in catalog.MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        return data.decode("latin-1"), ["The table is no UTF-8; its letters were read as Latin-1."]


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _columns(path: Path, head: list[str]) -> tuple[dict[str, int], list[str]]:
    """Return in which column what is, and what was not read."""
    known = {name + end: name + end for name in FIGURES for end in ("", "_low", "_high")}
    known |= {word: key for key, words in KEYS.items() for word in words}
    columns: dict[str, int] = {}
    unread = []
    for at, title in enumerate(head):
        word = "_".join(re.findall(r"[a-z0-9]+", title.casefold()))
        key = known.get(word)
        if key is None:
            hint = nearest(word, known)
            if word and hint.startswith("did you mean") and _is_slip(word, known):
                raise InvalidInput(f"{path}: no figure is called {shown(title)}; {hint}")
            unread.append(title.strip() or f"column {at + 1}")
        elif key in columns:
            raise InvalidInput(f"{path}: expected one column {key}, got two")
        else:
            columns[key] = at
    if "fips" not in columns and "name" not in columns:
        got = ", ".join(map(shown, head[:6]))
        raise InvalidInput(f"{path}: expected a column fips, or county and state, got {got}")
    if not any(name in columns for name in FIGURES):
        raise InvalidInput(f"{path}: expected a column of a figure: {', '.join(FIGURES)}")
    for name in columns:
        figure = name.removesuffix("_low").removesuffix("_high")
        if figure != name and not {figure, f"{figure}_low", f"{figure}_high"} <= columns.keys():
            raise InvalidInput(f"{path}: {name}: expected {figure}, {figure}_low and {figure}_high")
    return columns, [f"Not read: {', '.join(unread)}."] if unread else []


def _is_slip(word: str, known: Mapping[str, str]) -> bool:
    """Return whether a name is so near to one there is that it was meant."""
    from difflib import get_close_matches

    return bool(get_close_matches(word, known, n=1, cutoff=0.85))


def _own(where: str, cells: Mapping[str, str], year: int | None, source: str) -> Own:
    """Return the town of a row."""
    county, fips = _county(where, cells)
    if "year" in cells and cells["year"].casefold() not in BLANK:
        year = int(_number(f"{where}: year", cells["year"]))
    if cells.get("source", "").casefold() not in BLANK:
        source = cells["source"]
    given: dict[str, Any] = {}
    odd: list[str] = []
    for name in FIGURES:
        value, low, high = (_cell(where, name + end, cells) for end in ("", "_low", "_high"))
        if value is None:
            if low is not None or high is not None:
                odd.append(f"{name}: a range without a value was not read")
            continue
        if year is None:
            raise InvalidInput(f"{where}: year: expected a column year, or --year, got neither")
        ends = {key: end for key, end in (("low", low), ("high", high)) if end is not None}
        given[name] = {"value": value, **ends, "year": year, "source": source}
    base: dict[str, Any]
    if county is not None:
        base = {"base": county.slug}
        below = town(county.slug).figures()
        odd += [*_far(given, below)]
        ships = county.slug in catalog.names("towns")
        of = "town that ships" if ships else "table of counties"
        filled = {n: _said(below[n], of) for n in FIGURES if n not in given}
        slug = county.slug
    else:
        lacks = [name for name in FIGURES if name not in given]
        state = of_state(fips[:2])
        title = cells.get("name") or f"Place {fips}"
        words = re.findall(r"[a-z0-9]+", title.removesuffix(fips).casefold())
        slug = f"{'-'.join(words) or 'place'}-{fips}"
        base = {"title": title, "sentence": f"Place {fips}, which is not in the table of counties."}
        base |= {"fips": fips, "changes": laws.changes(fips, laws.state_of(fips))}
        base |= {name: state[name] for name in lacks}
        filled = dict.fromkeys(lacks, STATE)
    place = Town.make(base | given, where)
    notes = [
        f"From {Path(where).name}.",
        *(f"{name}: not in it, {said}." for name, said in filled.items()),
    ]
    text = written({**base, **given} if county else place, "\n".join(notes))
    return Own(slug, text, place, filled, tuple(odd))


def _said(figure: Any, of: str) -> str:
    kind = figure.kind or ("imputed" if figure.imputed else "counted")
    return f"{figure.value:,g} from the {of} ({kind}, {figure.year})"


def _far(given: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    """Yield which numbers are so far from what is known that another unit may be meant."""
    for name, cell in given.items():
        low, high = known[name].span
        if not low / FAR <= cell["value"] <= high * FAR:
            yield f"{name} is {cell['value']:,g}, and known here as {known[name].value:,g}"


def _odd(found: Mapping[str, Own]) -> Iterator[str]:
    """Yield what of the rows is odd, a line for each of the first."""
    said = [f"{slug}: {one}" for slug, own in found.items() for one in own.odd]
    more = f"; and {len(said) - 6} more" if len(said) > 6 else ""
    if said:
        yield f"Is this as it is meant? {'; '.join(said[:6])}{more}."


def _county(where: str, cells: Mapping[str, str]) -> tuple[County | None, str]:
    """Return which county a row is, or None and the code of a place in a state that there is."""
    code = cells.get("fips", "")
    if code.casefold() in BLANK:
        name = ", ".join(cells[key] for key in ("name", "state") if cells.get(key))
        if not name:
            raise InvalidInput(
                f"{where}: expected a FIPS code or the name of a county, got neither"
            )
        both = [c for c in named(cells.get("name", "")) if _is_in(c, cells.get("state", ""))]
        if len(both) == 1:  # its name may have the state in it, too
            return both[0], both[0].fips
        try:
            county, _ = find(name)
        except InvalidInput as e:
            raise InvalidInput(f"{where}: {str(e).removeprefix('towns: ')}") from e
        return county, county.fips
    digits = re.fullmatch(r"(?:[0-9]{3,7}US)?([0-9]{4,5})(?:\.0*)?", code)
    if digits is None:
        raise InvalidInput(f"{where}: fips: expected five digits, got {shown(code)}")
    fips = digits[1].zfill(5)
    fips = RENAMED.get(fips, fips)
    if fips in ELSEWHERE:
        return None, fips
    try:
        county = by_code(fips)
    except InvalidInput as e:
        why = str(e).removeprefix("towns: ")
        raise InvalidInput(f"{where}: fips: {why}; got {shown(code)}") from e
    if not _is_in(county, cells.get("state", "")):
        raise InvalidInput(
            f"{where}: expected the state of county {fips}, {county.title}, got "
            f"{shown(cells['state'])}"
        )
    others = named(cells.get("name", ""))
    if others and county not in others:
        raise InvalidInput(
            f"{where}: expected the name of county {fips}, {county.title}, got "
            f"{shown(cells['name'])}"
        )
    return county, fips


def _is_in(county: County, state: str) -> bool:
    """Return whether a county may be in a state: its letters, name or two digits, or none."""
    plain = state.casefold().removesuffix(".0")
    told = {county.state.casefold(), county.state_name.casefold(), county.fips[:2]}
    return plain in BLANK or plain in told or plain.zfill(2) == county.fips[:2]


def _cell(where: str, name: str, cells: Mapping[str, str]) -> float | None:
    text = cells.get(name, "")
    return None if text.casefold() in BLANK else _number(f"{where}: {name}", text)


def _number(where: str, text: str) -> float:
    """Return a number that may have thousands separators or a sign of percent."""
    plain = text.replace("\u00a0", "").replace(" ", "").casefold()
    if not NUMBER.fullmatch(plain):
        raise InvalidInput(f"{where}: expected a number as 1,234.5 or 31%, got {shown(text)}")
    number = float(plain.replace(",", "").removesuffix("%"))
    return round(number / 100, 12) if plain.endswith("%") else number


def _codes_shortened(
    head: list[str], rows: list[tuple[int, list[str]]], columns: Mapping[str, int]
) -> bool:
    at = columns.get("fips")
    return at is not None and any(re.fullmatch(r"[0-9]{4}(\.0*)?", r[at].strip()) for _, r in rows)


def _filled(found: Mapping[str, Own]) -> Iterator[str]:
    """Yield what was filled in, a line for figures of the same rows."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in FIGURES:
        rows = tuple(slug for slug, own in found.items() if name in own.filled)
        alike.setdefault(rows, []).append(name)
    for rows, names in alike.items():
        if rows:
            few = ", ".join(rows[:4]) + (f" and {len(rows) - 4} more" if len(rows) > 4 else "")
            whole = {own.filled[n] for own in found.values() for n in names if n in own.filled}
            where = "its state" if whole == {STATE} else "the table of counties"
            if STATE in whole and len(whole) > 1:
                where += ", or the state of a place that is not in it"
            yield f"Filled in from {where}: {', '.join(names)} ({few}). Each file says with what."
