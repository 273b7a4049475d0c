"""The frame of Town and Compare: setup and levers beside the map, a life, and the charts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from trustabm_app.shared.address import ARMS, Setting
from trustabm_app.shared.shell import Notice, element
from trustabm_app.town.desk import Desk
from trustabm_app.town.lives import Lives
from trustabm_app.town.replay import once

__all__ = ["Workbench"]

Part = Callable[[Desk], Any]


@solara.component
def Workbench(arms: int, heading: Callable[[Setting], list[str]], *more: Part) -> Any:
    """Show a tab's worlds.

    Args:
        arms: How many worlds.
        heading: Returns the title of what is shown, and what is said of it.
        more: Components below the charts.
    """
    router = solara.use_router()
    desk = solara.use_memo(lambda: Desk(router.search, arms), [])
    solara.use_effect(desk.start, [])
    with element("div") as page:
        Told(desk)
        Heading(desk, heading)
        with element("div", class_="ta-work"):
            with element("aside", class_="ta-side", aria_label="Setup and levers"):
                element("h2", "The town")
                solara.display(desk.setup)
                for k, panel in enumerate(desk.levers):
                    element("h2", "Levers" if arms == 1 else f"Levers of {'AB'[k]}")
                    if k == 0:
                        text = "Each may be moved while the town plays; the charts mark it."
                        element("p", text, class_="ta-lede")
                    solara.display(panel)
            with element("div", class_="ta-body"):
                solara.display(desk.transport)
                element("p", once(arms), class_="ta-once")
                solara.display(desk.map)
                Story(desk)
                solara.display(desk.charts)
                for part in more:
                    part(desk)
        solara.display(desk.url)
    return page


@solara.component
def Told(desk: Desk) -> Any:
    """Say what the address asked for and cannot have, until the setting is changed."""
    return Notice(desk.notices.value)


@solara.component
def Heading(desk: Desk, words: Callable[[Setting], list[str]]) -> Any:
    """Say what is shown."""
    title, *said = words(desk.setting.value)
    with element("div") as heading:
        element("h1", title)
        for sentence in said:
            element("p", sentence, class_="ta-lede")
    return heading


@solara.component
def Story(desk: Desk) -> Any:
    """Show the resident who was clicked, in every world."""
    setting = desk.setting.value
    arms = ARMS[: desk.arms]
    titles = [f"{'AB'[k]}: {setting.timeline(arm).title}" for k, arm in enumerate(arms)]
    return Lives(desk.selected.value, titles, setting.residents, desk.look_at, desk.parted.value)
