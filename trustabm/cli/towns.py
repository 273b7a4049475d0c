"""`trustabm towns`: the places that can be simulated, shown whole or written out to correct."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from cyclopts import App

from trustabm.cli.shared import Flag, Whole, say_notices

__all__ = ["app"]

app = App(
    name=("towns", "town"),
    help="List towns, or show one whole with its sources.",
    help_format="plaintext",
)


@app.default
def show(name: str | None = None, /) -> None:
    """List towns, or show one whole with its sources.

    Parameters
    ----------
    name
        A town that ships, a US county (travis-tx, 48453, "Travis County, TX"; travis-tx@2019 has
        its figures of 2019), or a TOML file.
    """
    from trustabm.cli import listings

    if name is None:
        listings.list_towns()
    else:
        listings.show_town(name)


@app.command
def new(name: str, /) -> None:
    """Print a town as TOML, each figure with range, kind and source, to keep and correct by hand.

    Parameters
    ----------
    name
        As for `trustabm towns`.
    """
    from trustabm.inputs.places.written import written
    from trustabm.inputs.town import town

    print(written(town(name), NOTE.format(name=name)), end="")


NOTE = """From `trustabm towns new {name}`. Of a figure that you know better, put in value, year and
source, and take out low, high, kind and imputed where it was counted."""


@app.command(name="import")
def import_(
    table: Path,
    /,
    *,
    out: Path,
    year: Whole | None = None,
    source: str | None = None,
    force: Flag = False,
) -> None:
    """Write a town file for each row of your own table of counties; what is filled in is said.

    Parameters
    ----------
    table
        CSV (comma, semicolon or tab; UTF-8 or Latin-1): a row a county, a column fips or county and
        state, and columns called as the figures, with _low and _high for their ranges.
    out
        Folder of the town files.
    year
        The year that the figures describe, where no column year says it.
    source
        Their source, where no column source says it; the table's name if not given.
    force
        Replace files of the same names.
    """
    from trustabm.errors import OutputExists
    from trustabm.inputs.places.tables import read_table
    from trustabm.sealed import whole

    read = read_table(table, year, source)
    files = {out / f"{own.slug}.toml": own.text for own in read.towns}
    there = [path.name for path in files if path.exists()]
    if there and not force:
        raise OutputExists(f"{out}: {', '.join(there[:4])} exists; --force replaces what is there")
    out.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        whole(path, partial(Path.write_text, data=text, encoding="utf-8"))
    say_notices(read.notes)
    print(f"{len(files)} towns written to {out}: --town {next(iter(files))}", file=sys.stderr)
