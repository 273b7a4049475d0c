"""Town: a place under a policy, week by week."""

from __future__ import annotations

from typing import Any

import solara

from trustabm.inputs.town import town
from trustabm_app.shared.address import Setting
from trustabm_app.town.takeaways import Replay
from trustabm_app.town.workbench import Workbench

__all__ = ["Page"]


@solara.component
def Page() -> Any:
    """Show a town."""
    return Workbench(1, heading, Replay)


def heading(setting: Setting) -> list[str]:
    """Return which town under which policy, and what is to be known of both."""
    place, line = town(setting.town), setting.timeline("a")
    title = f"{place.title} under {line.title}"
    return [title, f"{setting.words('a')} {place.sentence}", *setting.notes(1)]
