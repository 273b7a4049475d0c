"""The pages in order: what Solara serves."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import solara

from trustabm_app.shell import Layout

__all__ = ["PAGES", "Layout", "routes"]

PAGES = {
    name: title
    for name, title in (
        ("town", "Town"),
        ("compare", "Compare"),
        ("lessons", "Lessons"),
        ("studies", "Studies"),
        ("evidence", "Evidence"),
        ("about", "About"),
    )
    if find_spec(f"trustabm_app.pages.{name}") is not None
}
"""Title of every page that there is."""

routes = [
    solara.Route(
        path="/" if name == "town" else name,
        component=import_module(f"trustabm_app.pages.{name}").Page,
        label=title,
        layout=Layout if name == "town" else None,  # the first route's frames them all
    )
    for name, title in PAGES.items()
]
