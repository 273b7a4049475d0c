"""Town: a place under a policy, week by week."""

from __future__ import annotations

from typing import Any

import solara

from trustabm.inputs.town import town
from trustabm_app.shared.shell import element
from trustabm_app.town.desk import Desk
from trustabm_app.town.takeaways import Replay
from trustabm_app.town.workbench import Workbench

__all__ = ["Page"]


@solara.component
def Page() -> Any:
    """Show a town."""
    return Workbench(1, Heading, Replay)


@solara.component
def Heading(desk: Desk) -> Any:
    """Say which town under which policy."""
    setting = desk.setting.value
    place, line = town(setting.town), setting.timeline("a")
    with element("div") as heading:
        element("h1", f"{place.title} under {line.title}")
        element("p", f"{setting.words('a')} {place.sentence}", class_="ta-lede")
        for sentence in setting.notes(1):
            element("p", sentence, class_="ta-lede")
    return heading
