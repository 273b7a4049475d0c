"""What Town and Compare have in common: one tab's widgets, tied to its engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import solara

from trustabm.inputs.policy import LEVERS
from trustabm.inputs.timeline import date_of
from trustabm.runs.experiment import Experiment
from trustabm.week.world import World
from trustabm_app.shared.address import ARMS, Setting, clamped, read
from trustabm_app.shared.widgets import Panel, UrlSync
from trustabm_app.town import charts, forms, scene, series
from trustabm_app.town.engine import Engine, Selected
from trustabm_app.town.series import Row
from trustabm_app.town.widgets import Charts, TownMap, Transport

__all__ = ["Desk"]

_RESTARTS = {"town", "a", "b", "laid", "residents", "year", "month", "weeks", "seed", "local"}
_RESTARTS |= {"burn_in", "model"}


class Desk:
    """One tab's map, charts and forms, and the engine behind them.

    Args:
        search: The address's query.
        arms: 1 for Town, 2 for Compare.
    """

    def __init__(self, search: str | None, arms: int) -> None:
        setting = read(search)
        if arms == 1 and setting.mode == "difference":
            said = "mode: a difference needs two towns, as in Compare; shown is “trust”."
            setting = replace(setting, mode="", notices=(*setting.notices, said))
        self.arms = arms
        self.map = TownMap(self._on_map, mode=setting.shows(arms))
        self.charts = Charts(self._on_charts)
        self.transport = Transport(self._on_transport, speed=setting.speed)
        self.setup = Panel(self._on_setup, sections=forms.setup(arms, setting.groups, setting.town))
        self.levers = [
            Panel(
                self._on_lever, sections=forms.levers(arm, "" if arms == 1 else f"{arm.upper()}: ")
            )
            for arm in ARMS[:arms]
        ]
        self.url = UrlSync(query=setting.query())
        self.setting = solara.reactive(setting)
        self.notices = solara.reactive(setting.notices)
        self.selected: solara.Reactive[Selected | None] = solara.reactive(None)
        self.parted: solara.Reactive[list[tuple[int, str, int]]] = solara.reactive([])
        self._wanted = setting  # ahead of the engine's by the commands in its queue
        self._in_force: list[Any] = [None] * arms
        self.engine = Engine(setting, arms, self, solara.kernel_closed_event())

    def start(self) -> Callable[[], None]:
        """Start the engine; return what ends it."""
        return self.engine.start()

    # What the engine shows (its thread).

    def begin(self, setting: Setting, experiment: Experiment, worlds: list[World]) -> None:
        """Show a new town."""
        self.map.titles = self._titles(experiment)
        self.map.geometry = scene.geometry(worlds[0])
        self.map.homes = b""
        self.map.homes = scene.homes(worlds[0])
        self.transport.weeks = setting.weeks
        self._plot(setting, [])
        self._show_setting(setting)
        self._show_levers(setting, experiment, 0, anew=True)

    def show(self, frame: bytes, new: list[Row]) -> None:
        """Show a frame and the chart rows since the one before."""
        self.map.frame = frame
        if new:
            self.charts.add(new)

    def tell(self, *, playing: bool, week: int, problem: str) -> None:
        """Show where the run is."""
        setting = self.engine.setting
        with self.transport.hold_sync():
            self.transport.playing = playing
            self.transport.week = week
            self.transport.problem = problem
            self.transport.date = f"{date_of(setting.start, week):%B %Y}"
        self._show_levers(setting, self.engine.experiment, week)

    def turned(self, setting: Setting, experiment: Experiment) -> None:
        """Show that levers were set."""
        self.charts.marks = series.marks(setting, self.arms)
        self.map.titles = self._titles(experiment)
        self._wanted = setting
        self._show_setting(setting)
        self._show_levers(setting, experiment, self.engine.week, anew=True)

    def select(self, selected: Selected | None) -> None:
        """Show a resident, or none."""
        self.selected.value = selected
        if selected is None:
            self.map.selected = {"resident": -1, "close": []}
        elif self.map.selected["resident"] != selected.resident:
            self.map.selected = {"resident": selected.resident, "close": list(selected.close)}

    def part(self, residents: list[tuple[int, str, int]]) -> None:
        """Show whose lives part."""
        self.parted.value = residents

    def _titles(self, experiment: Experiment) -> list[str]:
        titles = [line.title for line in experiment.lines]
        return titles if self.arms == 1 else [f"{'AB'[k]} · {t}" for k, t in enumerate(titles)]

    def _plot(self, setting: Setting, history: list[Row]) -> None:
        with self.charts.hold_sync():
            self.charts.year, self.charts.until = setting.year, setting.weeks
            self.charts.month = "" if setting.month == 1 else f"{setting.start:%b} "
            self.charts.lines = series.lines(setting, self.arms)
            self.charts.charts = series.charts(setting, self.arms)
            self.charts.marks = series.marks(setting, self.arms)
            self.charts.begin(history)

    def _show_setting(self, setting: Setting) -> None:
        self.setup.sections = forms.setup(self.arms, setting.groups, setting.town)
        self.setup.values = {}  # what was typed and cannot be had must go, too
        self.setup.values = forms.setup_values(setting)
        self.url.query = setting.query()
        self.setting.value = setting
        self.notices.value = setting.notices

    def _show_levers(
        self, setting: Setting, experiment: Experiment, week: int, anew: bool = False
    ) -> None:
        for k, arm in enumerate(ARMS[: self.arms]):
            policy = experiment.lines[k].at(date_of(setting.start, week))
            if anew or policy != self._in_force[k]:
                self._in_force[k] = policy
                values = forms.lever_values(setting, arm, policy)
                self.levers[k].values = {}
                self.levers[k].values = values

    # What a visitor does (Solara's thread).

    def _on_map(self, message: dict[str, Any]) -> None:
        what = message.get("what")
        if what == "painted" and isinstance(message.get("serial"), int):
            self.engine.painted(message["serial"])
        elif what == "select" and isinstance(message.get("resident"), int):
            self.look_at(message["resident"])
        elif what == "mode":
            mode = _asked("mode", message.get("value")).mode
            first = Setting().shows(self.arms)
            self.present(mode="" if mode == first else mode)

    def look_at(self, resident: int | None) -> None:
        """Look at a resident."""
        self.engine.select(resident)

    def _on_transport(self, message: dict[str, Any]) -> None:
        what = message.get("what")
        if what in ("play", "pause"):
            self.engine.play(what == "play")
        elif what == "step":
            self.engine.step()
        elif what == "reset":
            self.engine.reset(self._wanted)
        elif what == "speed":
            speed = clamped("speed", message.get("value"))
            if speed is not None:
                self.engine.speed(speed)
                self.present(speed=speed)

    def _on_setup(self, message: dict[str, Any]) -> None:
        key, value = message.get("key"), message.get("value")
        if key == "show":
            shown = list(self._wanted.charts)
            name = str(value)
            charts = [c for c in shown if c != name] if name in shown else [*shown, name]
            self.present(charts=_asked("charts", ",".join(charts)).charts)
            self._replot()
        elif key == "group":
            self.present(group=read(replace(self._wanted, group=str(value)).query()).group)
            self._replot()
        elif key in _RESTARTS:
            asked = _asked(key, int(value) if isinstance(value, bool) else value)
            turns = self._wanted.turns
            if key in ARMS:  # another policy: what was set on the one before goes with it
                turns = tuple(t for t in turns if t.arm != key)
            changed = replace(self._wanted, **{key: getattr(asked, key)}, turns=turns)
            new = read(changed.query())
            self._wanted = replace(new, notices=(*asked.notices, *new.notices))
            self.engine.reset(self._wanted)

    def _on_lever(self, message: dict[str, Any]) -> None:
        key = str(message.get("key"))
        if message.get("what") == "press" and key.startswith("clear."):
            turns = tuple(t for t in self._wanted.turns if t.arm != key[6:])
            self._wanted = replace(self._wanted, turns=turns)
            self.engine.reset(self._wanted)
            return
        arm, _, name = key.partition(".")
        if arm in ARMS[: self.arms] and name in LEVERS:
            turn = _asked(key, message.get("value")).turns
            if turn:
                self.engine.lever(arm, name, turn[0].value)
            elif not LEVERS[name].choices or message.get("value") in LEVERS[name].choices:
                # Valid by itself, but not beside what else holds: the engine says why.
                self.engine.lever(arm, name, message["value"])

    def _on_charts(self, message: dict[str, Any]) -> None:
        if message.get("what") == "export":
            action, name = str(message.get("action")), str(message.get("key"))
            charts.take(self.charts, self.engine, action, name)

    def present(self, **values: Any) -> None:
        """Change what does not touch the run."""
        self._wanted = replace(self._wanted, **values)
        self.engine.present(**values)
        self.url.query = self._wanted.query()
        self.setting.value = self._wanted

    def _replot(self) -> None:
        self.engine.history(self._plot)


def _asked(key: str, value: Any) -> Setting:
    """Return the setting of an address that asks for one thing alone."""
    return read(urlencode({key: str(value)}))
