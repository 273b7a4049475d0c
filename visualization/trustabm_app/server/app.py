"""What Solara serves: every page, from the room that has it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import solara

from trustabm_app.shared.shell import PAGES, Layout

__all__ = ["Layout", "routes"]

ROOMS = {
    "question": "question",
    "map": "study",
    "town": "town",
    "compare": "town",
    "lessons": "guide",
    "studies": "study",
    "evidence": "guide",
    "about": "guide",
}


def _page(name: str) -> Callable[[], Any]:
    """Return a page that is imported when it is first shown.

    The model takes longer to load than the server to listen, and no visitor should wait for both.
    """

    @solara.component
    def Page() -> Any:
        return import_module(f"trustabm_app.{ROOMS[name]}.{name}").Page()

    return Page  # type: ignore[no-any-return]


routes = [
    solara.Route(
        path="/" if name == "question" else name,
        component=_page(name),
        label=title,
        layout=Layout if name == "question" else None,  # the first route's frames them all
    )
    for name, title in PAGES.items()
]
