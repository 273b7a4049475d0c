"""`trustabm towns`: the places that can be simulated, shown whole or written out to correct."""

from __future__ import annotations

from cyclopts import App

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
