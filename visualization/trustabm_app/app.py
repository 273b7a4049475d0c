"""The pages in order: what Solara serves."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

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


def _page(name: str) -> Callable[[], Any]:
    """Return a page that is imported when it is first shown.

    The model takes longer to load than the server to listen, and no visitor should wait for both.
    """

    @solara.component
    def Page() -> Any:
        return import_module(f"trustabm_app.pages.{name}").Page()

    return Page  # type: ignore[no-any-return]


routes = [
    solara.Route(
        path="/" if name == "town" else name,
        component=_page(name),
        label=title,
        layout=Layout if name == "town" else None,  # the first route's frames them all
    )
    for name, title in PAGES.items()
]
