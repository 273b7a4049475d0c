"""Map: what a change does in every county, and how unsure that is; a click asks of the county."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import solara
import traitlets as t

from trustabm.errors import InvalidInput
from trustabm.figures.plain import rows, shapes
from trustabm.inputs.places.counties import counties
from trustabm.nation.each import MAPPED
from trustabm.nation.effects import heading, note
from trustabm.nation.kept import Kept, is_map, kept_map, shipped
from trustabm.outcomes.glossary import GLOSSARY
from trustabm_app.shared.asked import Asked
from trustabm_app.shared.shell import Notice, element
from trustabm_app.shared.widgets import UrlSync, Widget, source
from trustabm_app.study.shelf import files_of, shelf, without_place

__all__ = ["CountyMap", "Page", "maps"]


class CountyMap(Widget):
    """A map of counties, and the list of what it shows."""

    _esm = source("countymap.js")
    _css = source("countymap.css")
    fields = t.List([]).tag(sync=True)
    values = t.Dict({}).tag(sync=True)
    shapes = t.Dict({}).tag(sync=True)
    rows = t.Dict({}).tag(sync=True)
    scales = t.Dict({}).tag(sync=True)
    label = t.Unicode("").tag(sync=True)


def _states(kept: Kept) -> dict[str, str]:
    """Return the states of a map by their letters."""
    return {c.state: c.state_name for c in sorted(kept.area.counties, key=lambda c: c.state_name)}


class _Desk:
    """One tab's map.

    Args:
        search: The address's query.
        known: The maps there are.
    """

    def __init__(self, search: str | None, known: dict[str, Path]) -> None:
        self.known, asked = known, Asked(search)
        self.map = CountyMap(self._heard)
        name = asked.one_of("map", known, next(iter(known)))
        states = _states(kept_map(known[name]))
        self.values = {
            "map": name,
            "outcome": asked.one_of("outcome", MAPPED, "reporting", GLOSSARY["reporting"].title),
            "state": asked.one_of("state", ["", *states], "", "all of it"),
            "colours": asked.one_of("colours", ("effect", "doubt"), "effect"),
        }
        self.notices = asked.said
        self.url = UrlSync()
        self.title = solara.reactive("")
        self.note = ""
        self._show()

    def _show(self) -> None:
        v, kept = self.values, kept_map(self.known[self.values["map"]])
        states = _states(kept)
        if v["state"] not in states or len(states) == 1:
            v["state"] = next(iter(states)) if len(states) == 1 else ""
        known = set(kept.effects["outcome"])
        v["outcome"] = (
            v["outcome"] if v["outcome"] in known else next(k for k in MAPPED if k in known)
        )
        code = next((c.fips[:2] for c in counties() if c.state == v["state"]), None)
        drawn = shapes(code)
        said, scales = rows(kept, v["outcome"], list(drawn["paths"]))
        names = {c.fips: [c.name, c.state, c.state_name] for c in counties()}
        options: dict[str, list[list[str]]] = {
            "map": [[k, kept_map(x).title] for k, x in self.known.items()],
            "outcome": [[k, GLOSSARY[k].title] for k in MAPPED if k in known],
            "state": [
                *([["", "All of them"]] if len(states) > 1 else []),
                *map(list, states.items()),
            ],
            "colours": [["effect", "what changes"], ["doubt", "how unsure that is"]],
        }
        titles = {"map": "Map", "outcome": "What", "state": "State", "colours": "Colours say"}
        link = urlencode({"change": kept.each.change, "from": kept.each.since[:7]}, safe=":")
        with self.map.hold_sync():
            self.map.label = heading(kept.each, v["outcome"], kept.area)
            self.map.shapes = drawn
            self.map.scales = scales | {"link": link}
            self.map.rows = {f: [*names[f], *x] for f, x in said.items()}
            self.map.fields = [
                {"key": k, "label": titles[k], "options": options[k]}
                for k in titles
                if len(options[k]) > 1
            ]
            self.map.values = dict(v)
        first = {"map": next(iter(self.known)), "outcome": "reporting", "colours": "effect"}
        self.url.query = urlencode({k: x for k, x in v.items() if x and x != first.get(k)})
        self.note = note(kept.each)
        self.title.value = self.map.label

    def _heard(self, message: dict[str, Any]) -> None:
        key, value = message.get("key"), message.get("value")
        known = [x for f in self.map.fields if f["key"] == key for x, _ in f["options"]]
        if isinstance(value, str) and value in known:
            self.values[str(key)] = value
            self._show()


@solara.component
def Page() -> Any:
    """Show a map, or how to make one."""
    search = solara.use_router().search
    known = solara.use_memo(maps, [])
    with element("div", class_="ta-column ta-wide") as page:
        if isinstance(known, str):
            element("h1", "Map")
            element("p", known, class_="ta-problem", role="alert")
        else:
            One(known, search)
    return page


def maps() -> dict[str, Path] | str:
    """Return the maps there are: those shipped, and those below the folder; or what is wrong."""
    try:
        known = shipped() | shelf(lambda below: is_map(files_of(below)))
        found = {name: folder for name, folder in known.items() if _whole(folder)}
    except InvalidInput as e:
        return without_place(e)
    how = "trustabm map --change 287g-task-force-2025 --from 2026-01 --out results/map"
    return found or f"There is no map here yet. Make one, and start the app again: {how}"


def _whole(folder: Path) -> bool:
    try:
        kept = kept_map(folder)
        return bool(kept.title) and not MAPPED.keys().isdisjoint(kept.effects["outcome"])
    except InvalidInput:
        return False


@solara.component
def One(known: dict[str, Path], search: str | None) -> Any:
    """Show a map."""
    desk = solara.use_memo(lambda: _Desk(search, known), [])
    with element("div") as box:
        Notice(desk.notices)
        element("h1", desk.title.value)
        element(
            "p",
            "A click on a county asks the question of it, with a hundred towns of its own. "
            "With the keyboard: arrows go from county to county, Enter asks; "
            "the list below the map says the same.",
            class_="ta-lede",
        )
        with element("section", class_="ta-box", aria_label="Map and list"):
            solara.display(desk.map)
        element("p", desk.note, class_="ta-lede ta-note")
        solara.display(desk.url)
    return box
