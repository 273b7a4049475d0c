"""Town: a place under a policy, week by week."""

from __future__ import annotations

from typing import Any

import solara

from trustabm.town import town
from trustabm_app.desk import Desk
from trustabm_app.lives import Lives
from trustabm_app.shell import element
from trustabm_app.takeaways import Replay

__all__ = ["Page"]


@solara.component
def Page() -> Any:
    """Show a town."""
    router = solara.use_router()
    desk = solara.use_memo(lambda: Desk(router.search, 1), [])
    solara.use_effect(desk.start, [])
    with element("div") as page:
        Heading(desk)
        with element("div", class_="ta-work"):
            with element("aside", class_="ta-side", aria_label="Setup and levers"):
                element("h2", "The town")
                solara.display(desk.setup)
                element("h2", "Levers")
                element(
                    "p",
                    "Each may be moved while the town plays; the charts mark it.",
                    class_="ta-lede",
                )
                solara.display(desk.levers[0])
            with element("div", class_="ta-body"):
                solara.display(desk.transport)
                solara.display(desk.map)
                Story(desk)
                solara.display(desk.charts)
                Replay(desk)
        solara.display(desk.url)
    return page


@solara.component
def Heading(desk: Desk) -> Any:
    """Say which town under which policy."""
    setting = desk.setting.value
    place, line = town(setting.town), setting.timeline("a")
    with element("div") as heading:
        element("h1", f"{place.title} under {line.title}")
        element("p", f"{setting.words('a')} {place.sentence}", class_="ta-lede")
    return heading


@solara.component
def Story(desk: Desk) -> Any:
    """Show the resident who was clicked."""
    return Lives(desk.selected.value, [], desk.setting.value.residents, desk.look_at)
