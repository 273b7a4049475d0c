"""The parser: every command by its name."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from cyclopts import App

from trustabm.cli import (
    LIBRARY,
    TITLE,
    analyses,
    checks,
    forecasts,
    maps,
    nations,
    shipped,
    studies,
    towns,
    worlds,
)
from trustabm.cli.shared import Whole, say_if_compiling

__all__ = ["app"]

app = App(
    name="trustabm",
    help=f"{TITLE} {LIBRARY}",
    version=lambda: version("trustabm"),
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
)

for command in (
    worlds.run,
    worlds.compare,
    worlds.today,
    nations.app,
    shipped.policies,
    towns.app,
    shipped.schema,
    studies.sweep,
    studies.app,
    analyses.sensitivity,
    analyses.calibrate,
    checks.validate,
    checks.bench,
    forecasts.app,
):
    app.command(command)
studies.app.command(analyses.plot)
app.command(maps.map_, name="map")


@app.command(name="app")
def app_(*, host: str = "127.0.0.1", port: Whole = 8765, studies: Path | None = None) -> None:
    """Open the screen: a town to watch, two policies side by side, studies that were swept.

    With --library DIR it has your own towns, policies and lessons too.

    Parameters
    ----------
    host
        The address to listen on; any other than this machine's lets others in.
    port
        The port.
    studies
        The folder below which studies are to be seen; `results` here if not given.
    """
    from trustabm_app.server.launch import serve

    say_if_compiling()
    serve(host, port, studies)
