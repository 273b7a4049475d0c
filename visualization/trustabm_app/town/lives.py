"""A resident's story, in one world or in two side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from trustabm.telling.story import Life
from trustabm_app.shared.fields import form, number
from trustabm_app.shared.shell import element
from trustabm_app.shared.widgets import Panel
from trustabm_app.town.engine import Selected

__all__ = ["Lives"]

PARTED = (
    "Lives that part most between A and B so far, by first name, number and weeks in which "
    "something else happened to them. They are illustrations of one seed, chosen because they "
    "differ; names are invented, and nobody is real."
)
SHOWN = 60
"""Weeks of a story that are shown, the newest."""


@solara.component
def Lives(
    selected: Selected | None,
    titles: list[str],
    residents: int,
    look_at: Callable[[int | None], None],
    parted: list[tuple[int, str, int]],
) -> Any:
    """Show who was clicked, and let a number be typed by those who cannot click."""

    def heard(message: dict[str, Any]) -> None:
        value = message.get("value")
        if isinstance(value, (int, float)) and 0 <= value < residents:
            panel.problem = ""
            look_at(int(value))
        elif message.get("key") == "resident":
            panel.problem = f"Resident number: expected 0 to {residents - 1}, got {value}."

    field = number("resident", "Resident number", (0, residents - 1, 1))
    panel = solara.use_memo(lambda: Panel(heard, sections=[form(field)]), [residents])
    shown: list[int] = [] if selected is None else [selected.resident]

    def fill() -> None:
        panel.values = {"resident": shown[0]} if shown else {}

    def listed() -> None:
        buttons = [
            {"key": str(i), "label": f"{name}, {i}: {weeks} week{'s' if weeks > 1 else ''}"}
            for i, name, weeks in parted
        ]
        part.sections = [form(buttons=buttons)]

    def picked(message: dict[str, Any]) -> None:
        key = str(message.get("key"))[:9]
        if key.isdecimal():
            look_at(int(key))

    part = solara.use_memo(lambda: Panel(picked), [])
    solara.use_effect(fill, [*shown, residents])
    solara.use_effect(listed, [parted])
    with element("section", class_="ta-box", aria_label="A resident's story") as box:
        element("h2", "A life")
        solara.display(panel)
        if parted:
            element("p", PARTED, class_="ta-lede", id="ta-parted")
            solara.display(part)
        if selected is None:
            element(
                "p",
                "Click a dot on the map, or type a number: who this is, whom they know, and "
                "what happens to them.",
                class_="ta-lede",
            )
        else:
            name = next((f"{x}. " for i, x, _ in parted if i == selected.resident), "")
            element("p", element("b", name), selected.lives[0].opening)
            with element("div", class_="ta-lives"):
                for k, life in enumerate(selected.lives):
                    others = [x for j, x in enumerate(selected.lives) if j != k]
                    _life(life, others, titles[k] if len(titles) > 1 else "")
    return box


def _life(life: Life, others: list[Life], title: str) -> None:
    elsewhere = [set(other.weeks) for other in others]
    with element("div"):
        if title:
            element("h3", title)
        if not life.weeks:
            element("p", "Nothing has happened to them or to people close to them yet.")
        with element("ol", tabindex="0", aria_label=f"Week by week {title}".strip()):
            for week, text in life.weeks[: -SHOWN - 1 : -1]:
                differs = any((week, text) not in other for other in elsewhere)
                element(
                    "li", element("b", f"Week {week}. "), text, class_="differs" if differs else ""
                )
        element("p", life.closing)
