"""What carries an effect: the same towns without each mechanism, as a table and a figure."""

from __future__ import annotations

from typing import Any

import solara

from trustabm.figures.style import blank, dots
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.outcomes.numbers import DASH
from trustabm.outcomes.parts import Part, named, of_whom, shares
from trustabm.runs.comparison import Comparison
from trustabm.runs.tables import csv_bytes
from trustabm.telling.markup import table as tabled
from trustabm.telling.terminal import shown
from trustabm_app.shared import exports, making
from trustabm_app.shared.fields import form
from trustabm_app.shared.running import progress, use_runner
from trustabm_app.shared.shell import drawing as shell_drawing
from trustabm_app.shared.shell import element, scrolled
from trustabm_app.shared.widgets import Panel, Toolbox
from trustabm_app.town.effects import GREY

__all__ = ["Carried", "drawing", "effects_of", "figure", "table"]

TOLD, UNTOLD = "#0072b2", GREY
FILES = ["png", "svg", "csv"]
HEADS = ("Without", "What goes away", "90% interval", "Share of the effect")


def effects_of(comparison: Comparison) -> list[list[Part]]:
    """Return the parts of every effect that is shown, those of one effect together."""
    found: dict[tuple[str, str], list[Part]] = {}
    for part in comparison.parts():
        found.setdefault((part.outcome, part.group), []).append(part)
    return list(found.values())


def cells(part: Part) -> tuple[str, str, str, str]:
    """Return a part as a line of the table."""
    unit = GLOSSARY[part.outcome].unit
    ends = DASH
    if part.low is not None and part.high is not None:
        ends = " to ".join(shown(x, unit, end=True) for x in (part.low, part.high))
    name = named(part.mechanism).removeprefix("without ")
    return name, shown(part.part, unit, signed=True), ends, shares(part)


def title_of(comparison: Comparison, part: Part) -> str:
    """Return what an effect is called, with its size."""
    e, unit = part.effect, GLOSSARY[part.outcome].unit
    text = f"{of_whom(part.outcome, part.group, comparison.experiment.groups)}: "
    text += f"{shown(e.difference, unit, signed=True)} "
    text += "points" if unit.startswith("share") else unit
    if e.low is not None and e.high is not None:
        text += f" ({shown(e.low, unit, end=True)} to {shown(e.high, unit, end=True)})"
    return text


def table(comparison: Comparison) -> bytes:
    """Return every part as CSV."""
    return csv_bytes(comparison.why())


def figure(comparison: Comparison) -> Any:
    """Return a figure of the parts in percent of their effects, with their intervals."""
    every = [
        [p for p in of if p.share is not None and p.share_ends is not None and p.part is not None]
        for of in effects_of(comparison)
    ]
    told = [of for of in every if of] or [[]]
    rows = max(map(len, told))
    down, across = -(-len(told) // 2), min(2, len(told))
    size = (4.7 * across, down * (1.2 + 0.27 * max(1, rows)))
    fig, grid = blank(down, across, size, font=exports.FONT)
    axes = [axis for line in grid for axis in line]
    for axis in axes[len(told) :]:
        axis.set_axis_off()
    for axis, of in zip(axes, told, strict=False):
        parts = of[::-1]
        axis.axvline(0, color=GREY, linewidth=1)
        dots(
            axis,
            [named(p.mechanism).removeprefix("without ") for p in parts],
            [[100 * x for x in (p.share or 0.0, *(p.share_ends or ()))] for p in parts],
            colors=[TOLD if p.told_apart else UNTOLD for p in parts] or [GREY],
            hollow=[not p.told_apart for p in parts] or [True],
            markers=("o", "D"),
            width=2.5,
            caps=0,
        )
        axis.set_xlabel("percent of the effect that goes away")
        if parts:
            groups = comparison.experiment.groups
            axis.set_title(of_whom(parts[0].outcome, parts[0].group, groups), loc="left")
        axis.spines["left"].set_visible(False)
        axis.tick_params(axis="y", length=0)
    return fig


def drawing(comparison: Comparison) -> str:
    """Return the figure as SVG to stand in a page, its ink the page's."""
    return exports.inked(lambda: figure(comparison))


@solara.component
def Carried(comparison: Comparison) -> Any:
    """Take the effects apart when asked to, and show the parts."""
    runner = use_runner(id(comparison))

    def heard(message: dict[str, Any]) -> None:
        if message.get("key") == "apart":
            runner.run(comparison.experiment, apart=comparison)
        elif message.get("key") == "stop":
            runner.cancel()

    panel = solara.use_memo(lambda: Panel(heard), [id(comparison)])
    ensemble, busy = runner.ensemble, runner.busy
    done = comparison.decomposition is not None

    def fill() -> None:
        button = {"key": "apart", "label": "What carries this effect?"}
        if busy:
            button = {"key": "stop", "label": "Cancel"}
        panel.sections = [form(buttons=[] if done else [button])]

    solara.use_effect(fill, [busy, done, id(comparison)])
    with element("section", class_="ta-carried", aria_label="What carries this effect") as box:
        element("h3", "What carries this effect?")
        element(
            "p",
            "The same towns are lived through again, with the same luck, each time without one "
            "mechanism under both policies; and under the second policy without news of it, and "
            "with nobody handed over. What goes away of an effect hangs on what was taken out.",
            class_="ta-lede",
        )
        if done:
            Parts(comparison)
            return box
        solara.display(panel)
        if ensemble is not None:
            progress(ensemble)
    return box


@solara.component
def Parts(comparison: Comparison) -> Any:
    """Show what goes away of every effect: in words, as tables, and as a figure."""
    effects = solara.use_memo(lambda: effects_of(comparison), [id(comparison)])
    svg = solara.use_memo(lambda: drawing(comparison), [id(comparison)])

    def heard(message: dict[str, Any]) -> None:
        action = message.get("action")
        if action in FILES:
            making.make(tools, action, lambda: made(action))

    def made(action: str) -> tuple[str, bytes]:
        name = f"trustabm-parts.{action}"
        if action == "csv":
            return name, table(comparison)
        with exports.drawing_lock:
            return name, exports.figure_bytes(figure(comparison), action)

    tools = solara.use_memo(lambda: Toolbox(heard, label="Parts", actions=FILES), [id(comparison)])
    tools.heard = heard
    with element("div", class_="ta-parts") as box:
        element("p", "What goes away of every effect:", role="status")
        element("ul", *(element("li", text) for text in comparison.carried()), class_="ta-findings")
        with element("figure", class_="ta-figure"):
            solara.display(tools)
            shell_drawing(svg, "What goes away of every effect, in percent of it, as in the tables")
        for k, of in enumerate(effects):
            title = title_of(comparison, of[0])
            with element("details", **({} if k else {"open": ""})):
                element("summary", title)
                scrolled(tabled(HEADS, map(cells, of), numbers=range(1, 4)), title)
    return box
