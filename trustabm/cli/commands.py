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
    explorers,
    forecasts,
    lessons,
    maps,
    nations,
    search,
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
    checks.reproduce,
    checks.bench,
    explorers.explorer,
    forecasts.app,
    lessons.app,
):
    app.command(command)
studies.app.command(analyses.plot)
studies.app.command(search.search)
app.command(maps.map_, name="map")


@app.command(name="app")
def app_(*, host: str = "127.0.0.1", port: Whole = 8765, studies: Path | None = None) -> None:
    """Open the screen: a town to watch, two policies side by side, studies that were swept.

    With --library DIR it has your own towns, policies, lessons and rules too.

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


@app.command(name="class")
def class_(
    *lessons: str,
    port: Whole = 8765,
    room_port: Whole = 8766,
    address: str = "",
    keep: Path | None = None,
) -> None:
    """Start a class: phones on the local network predict, this laptop shows and reveals.

    The app is open to this machine alone, and to the network nothing but the room's page.

    Parameters
    ----------
    lessons
        Names of lessons, in order; all there are if none is given. Or `resident`: each pupil is
        a resident of a town, and decides for ten rounds whether to call the police.
    port
        The port of the teacher's page.
    room_port
        The port of the room's page; another that is free where it is taken.
    address
        This machine's address on the local network, where another is found than phones reach.
    keep
        A file in which the class is kept, and from which it goes on after this command ended.
    """
    from trustabm_app.server.launch import serve

    from trustabm.classroom.lesson import lessons as known

    say_if_compiling()
    serve(
        port=port,
        lessons=lessons or tuple(known()),
        room_port=room_port,
        room_address=address,
        keep=keep,
    )
