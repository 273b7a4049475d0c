"""Every US county by name or FIPS code, with its figures, each with a range, a kind and a source.

`counties.parquet` holds the figures, which `experiments/counties.py` makes of public counts;
`sources.toml` says what each kind of cell rests on.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from trustabm.errors import InvalidInput, shown
from trustabm.inputs import catalog

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "FIGURES",
    "NEWEST",
    "RENAMED",
    "VINTAGES",
    "County",
    "by_code",
    "counties",
    "find",
    "named",
    "of_all",
    "of_state",
    "suggested",
    "values",
]

VINTAGES = (2019, 2023)
NEWEST = VINTAGES[-1]
"""Of which year a county's figures are where none is asked for: that of the law in force today."""

KINDS_OF_PLACE = (
    "City and Borough",
    "Census Area",
    "Municipality",
    "Borough",
    "Parish",
    "County",
    "city",
)
"""What a county may be, as the last words of its name; a capital City is part of the name."""

MOVED = {
    "02063": "it was part of Valdez-Cordova Census Area (02261) until 2019",
    "02066": "it was part of Valdez-Cordova Census Area (02261) until 2019",
    "02270": "it is Kusilvak Census Area (02158) since 2015",
    "46113": "it is Oglala Lakota County (46102) since 2015",
    "51515": "it is part of Bedford County (51019) since 2013",
}
"""Codes of other years than 2019."""

ALSO = {
    "11001": ("Washington", "DC"),
    "36047": ("Brooklyn",),
    "36061": ("Manhattan",),
    "36085": ("Staten Island",),
}
"""What some are better known as."""

RENAMED = {"02270": "02158", "46113": "46102"}
"""Codes that are the same county under another, of 2019."""

NO_REGIONS = (
    "Connecticut's planning regions are not in the table, whose counties are those of 2019; its "
    "eight are 09001 to 09015"
)

FEW = 6
"""Places that a message names; of more only the number is said."""


class County(NamedTuple):
    """A county, parish, borough, census area or independent city.

    Args:
        fips: Its five digits.
        name: As it writes itself: `Doña Ana County`.
        state: Two letters.
        state_name: The state's name.
        slug: What it is called in files: `dona-ana-nm`.
        population: Residents aged 12 and over.
    """

    fips: str
    name: str
    state: str
    state_name: str
    slug: str
    population: int

    @property
    def title(self) -> str:
        """Its name for people."""
        if self.name == self.state_name:
            return self.name
        return f"{self.name}, {self.state_name}"


@cache
def counties() -> tuple[County, ...]:
    """Return all 3,142, by FIPS code."""
    columns = ["vintage", "fips", "county", "state", "state_name", "population"]
    rows = [r for r in _table().select(columns).to_pylist() if r["vintage"] == NEWEST]
    taken: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        taken[_bare(row["county"])[0], row["state"]] += 1
    found = []
    for row in rows:
        name, kind = _bare(row["county"])
        # A county and a city of one name in one state are told apart by what they are.
        more = f" {kind}" if taken[name, row["state"]] > 1 else ""
        slug = "-".join([*_words(name + more), row["state"].lower()])
        fips, state, whole = row["fips"], row["state"], row["state_name"]
        found.append(County(fips, row["county"], state, whole, slug, row["population"]))
    return tuple(found)


def find(text: str) -> tuple[County, int | None]:
    """Return the county that a text names, and the year of its figures if the text says one.

    Taken are a FIPS code (its leading zero may be lost), a name with or without its state, whatever
    the case, accents, hyphens and points, and `@2019` behind either.

    Raises:
        InvalidInput: where no county is named so, or more than one.
    """
    name, at, year = text.rpartition("@")
    if not at:
        name, year = text, ""
    elif year not in map(str, VINTAGES):
        years = " or ".join(map(str, VINTAGES))
        raise InvalidInput(
            f"towns: {shown(text)}: expected @{years} behind a county, got {shown(at + year)}"
        )
    vintage = int(year) if year else None
    if re.fullmatch(r"\s*[0-9]{4,5}\s*", name):
        return by_code(name.strip().zfill(5)), vintage
    there = named(name)
    a_state = " ".join(_words(name)) in _states()
    if len(there) == 1 and not a_state:
        return there[0], vintage
    if there:
        raise InvalidInput(_ambiguous(name, there, a_state))
    if "planning region" in " ".join(_words(name)):
        raise InvalidInput(f"towns: no {shown(name)}: {NO_REGIONS}")
    if at and name in catalog.names("towns"):
        raise InvalidInput(f"towns: {shown(text)}: expected a county before {at}{year}")
    hint = _meant(_words(name))
    raise InvalidInput(f"towns: no {shown(name)}; {hint} (or the path of a .toml file)")


def named(text: str) -> list[County]:
    """Return the counties of a name, with or without its state, the largest first."""
    words = _words(text)
    for k in range(1, len(words) + 1):  # the longest state first: `cass ia` is no Cassia
        if there := _names().get(("".join(words[:k]), " ".join(words[k:]))):
            return there
    return []


def suggested(text: str, most: int = 8) -> tuple[County, ...]:
    """Return the counties that somebody who types a text may mean, the largest first.

    Those of that name come first, then those whose names begin so, whatever the case, accents and
    points; where there are none, those whose names look like it.

    Args:
        text: What was typed.
        most: How many, at most.
    """
    typed = " ".join(_words(text))
    if not typed:
        return ()
    found = dict.fromkeys(named(text))
    found |= dict.fromkeys(c for name, c in _beginnings() if name.startswith(typed))
    if not found:
        slugs = {c.slug: c for c in counties()}
        found = dict.fromkeys(slugs[s] for s in _near(_words(text)) if s in slugs)
    return tuple(found)[:most]


@cache
def _beginnings() -> tuple[tuple[str, County], ...]:
    """Return counties by what may be typed of them, the largest first."""
    return tuple(
        (" ".join(_words(f"{name} {state}")), county)
        for county in sorted(counties(), key=lambda c: -c.population)
        for name in (county.name, *ALSO.get(county.fips, ()))
        for state in (county.state_name, county.state)
    )


def by_code(fips: str) -> County:
    """Return the county of a FIPS code of five digits.

    Raises:
        InvalidInput: where there is none, with what became of it if that is known.
    """
    for county in counties():
        if county.fips == fips:
            return county
    if fips in MOVED:
        raise InvalidInput(f"towns: no county {fips}: {MOVED[fips]}")
    if fips.startswith("091"):
        raise InvalidInput(f"towns: no county {fips}: {NO_REGIONS}")
    raise InvalidInput(f"towns: no county has the FIPS code {fips}, of 3,142 as of 2019")


def values(county: County, vintage: int = NEWEST) -> dict[str, Any]:
    """Return what a town file of the county would say.

    Args:
        county: The county.
        vintage: Of which year.
    """
    row = _row(county.fips, vintage)
    kinds = [row[f"{name}_kind"] for name in FIGURES]
    counted = ", ".join(
        f"{kinds.count(kind)} {said}" for kind, said in _SAID.items() if kind in kinds
    )
    return {
        "title": county.title,
        "sentence": f"Of its {len(kinds)} figures, of {vintage}: {counted}.",
        **{name: _figure(name, row) for name in FIGURES},
    }


def of_all(names: Sequence[str], vintage: int = NEWEST) -> dict[str, list[float]]:
    """Return some figures of all counties, in the order of `counties()`, by name.

    Args:
        names: Of figures, or of the ends of their ranges, as `latino_share_low`.
        vintage: Of which year.
    """
    rows: list[dict[str, Any]] = _table().select(["vintage", *names]).to_pylist()
    here = [row for row in rows if row["vintage"] == vintage]
    return {name: [float(row[name]) for row in here] for name in names}


def of_state(code: str) -> dict[str, dict[str, Any]]:
    """Return figures that stand in for those of a place that is not in the table.

    Each is the mean of the state's counties by residents (their population: the plain mean), its
    range from the lowest to the highest end of theirs.

    Args:
        code: The two digits of the state.
    """
    here = [c for c in counties() if c.fips.startswith(code)]
    rows = [_row(c.fips, NEWEST) for c in here]
    found = {}
    for name in FIGURES:
        weights = [1 if name == "population" else c.population for c in here]
        total = sum(float(r[name]) * n for r, n in zip(rows, weights, strict=True))
        by = "" if name == "population" else " by residents"
        found[name] = {
            "value": float(f"{total / sum(weights):.4g}"),
            "low": min(float(r[f"{name}_low"]) for r in rows),
            "high": max(float(r[f"{name}_high"]) for r in rows),
            "year": NEWEST,
            "kind": "stands in",
            "imputed": True,
            "source": f"Mean of the counties of {here[0].state_name}{by}, and the lowest and "
            "highest ends of their ranges: this package's table of counties",
        }
    return found


_SAID = {
    "direct": "read from a public table",
    "worked out": "worked out from the county's own tables",
    "modelled": "modelled",
    "stands in": "taken from its state or the nation",
}


@cache
def _sources() -> dict[str, dict[str, Any]]:
    file = resources.files("trustabm") / "inputs" / "places" / "sources.toml"
    return tomllib.loads(file.read_text("utf-8"))


FIGURES = tuple(_sources())
"""The figures of a county, by name."""


def _figure(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a figure as a town file has it."""
    kind, said, vintage = row[f"{name}_kind"], _sources()[name], row["vintage"]
    year = said.get("year", row["survey"])
    acs = f"{row['survey'] - 4}-{row['survey']}"
    moved = "" if vintage == NEWEST else f", brought to {vintage} with those and the nation's total"
    figure = {
        "value": float(row[name]),
        "low": float(row[f"{name}_low"]),
        "high": float(row[f"{name}_high"]),
        "year": vintage if year == "vintage" else year,
        "kind": kind,
        "source": said[kind].format(acs=acs, moved=moved),
    }
    return figure | {"imputed": kind != "direct"}


def _bare(name: str) -> tuple[str, str]:
    """Return a county's name without what it is, and what it is."""
    for kind in KINDS_OF_PLACE:
        if name.endswith(f" {kind}"):
            return name.removesuffix(f" {kind}"), kind
    return name, ""


def _words(text: str) -> list[str]:
    """Return the words of a name without case, accents, points and hyphens; Saint is St."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘`.")
    short = {"saint": "st", "sainte": "ste"}
    return [short.get(word, word) for word in re.findall(r"[a-z0-9]+", plain)]


@cache
def _names() -> dict[tuple[str, str], list[County]]:
    """Return counties, the largest first, by all they may be called: name run together, state."""
    found: dict[tuple[str, str], list[County]] = defaultdict(list)
    for county in sorted(counties(), key=lambda c: -c.population):
        bare, kind = _bare(county.name)
        names = {bare, county.name, f"{kind} of {bare}", *ALSO.get(county.fips, ())}
        for name in {"".join(_words(name)) for name in names}:
            for state in ("", county.state, county.state_name):
                found[name, " ".join(_words(state))].append(county)
    return dict(found)


@cache
def _states() -> frozenset[str]:
    """Return the names of states, of which one that is a county too says too little."""
    return frozenset(c.state_name.casefold() for c in counties() if c.name != c.state_name)


def _ambiguous(name: str, named: list[County], a_state: bool) -> str:
    """Return what is said of a name that more than one place has."""
    said = "; ".join(f"{c.name}, {c.state} ({c.slug})" for c in named[:FEW])
    more = f"; and {len(named) - FEW} more" if len(named) > FEW else ""
    of = "a state and of " if a_state else ""
    many = f"{len(named)} counties, the largest first" if len(named) > 1 else "a county"
    return f"towns: expected one county, got {shown(name)}, the name of {of}{many}: {said}{more}"


def _meant(words: list[str]) -> str:
    """Return which towns or counties may have been meant."""
    found = _near(words)[:3]
    if found:
        return f"did you mean {' or '.join(shown(slug) for slug in found)}?"
    names = ", ".join(shown(name) for name in catalog.names("towns"))
    return f"expected one of {names}, or a county as 'travis-tx' or by its FIPS code"


def _near(words: list[str]) -> list[str]:
    """Return towns that ship and counties whose names look like some words, by their slugs."""
    slugs: dict[str, list[str]] = {name: [name] for name in catalog.names("towns")}
    for county in sorted(counties(), key=lambda c: -c.population):
        slugs.setdefault(county.slug, [county.slug])
        slugs.setdefault(county.slug[:-3], []).append(county.slug)  # without its state
    kinds = {word for kind in KINDS_OF_PLACE for word in _words(kind)} - {"and", "city"}
    text = "-".join(word for word in words if word not in kinds)
    near = get_close_matches(text[:60], slugs, n=9, cutoff=0.7)
    return list(dict.fromkeys(slug for name in near for slug in slugs[name]))


@cache
def _table() -> pa.Table:
    import pyarrow.parquet as pq

    file = resources.files("trustabm") / "inputs" / "places" / "counties.parquet"
    with resources.as_file(file) as path, pq.ParquetFile(path) as whole:
        return whole.read()


@cache
def _places() -> dict[tuple[int, str], int]:
    """Return in which row a vintage of a county is."""
    keys = zip(*(_table()[key].to_pylist() for key in ("vintage", "fips")), strict=True)
    return {key: row for row, key in enumerate(keys)}


def _row(fips: str, vintage: int) -> dict[str, Any]:
    row: dict[str, Any] = _table().slice(_places()[vintage, fips], 1).to_pylist()[0]
    return row
