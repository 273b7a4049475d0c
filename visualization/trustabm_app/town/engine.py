"""What one browser tab owns: its worlds, and the thread that lives through their weeks.

Only that thread touches the worlds. A visitor's clicks become commands in its queue. A frame is
sent when the one before has been painted, and it is always the newest: frames are never queued,
and chart rows are batched and never lost.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from trustabm.inputs.policy import LEVERS
from trustabm.runs.experiment import Experiment
from trustabm.runs.replicates import branches
from trustabm.telling.lives import Record, parting
from trustabm.telling.story import Life, life
from trustabm.week.world import World
from trustabm_app.shared.address import ARMS, Setting, Turn, plain
from trustabm_app.town import scene
from trustabm_app.town.series import Row, rows

__all__ = ["Engine", "Selected", "View"]

FRAMES = 30.0  # a second, at most
UNWATCHED = 8.0  # seconds without a painted frame until a run pauses
LOST = 2.0  # seconds after which a frame counts as lost
_compiled = threading.Event()  # whether a town has been built since the server began
PARTED = 6  # lives that are listed
CHUNK = 0.02  # seconds of weeks between looks at the queue


@dataclass(frozen=True, slots=True)
class Selected:
    """A resident that a visitor looks at: their life in every world, and who is close."""

    resident: int
    lives: tuple[Life, ...]
    close: tuple[int, ...]


class View(Protocol):
    """What an engine shows; called from its thread."""

    def begin(self, setting: Setting, experiment: Experiment, worlds: list[World]) -> None:
        """Show a new town."""

    def show(self, frame: bytes, new: list[Row]) -> None:
        """Show a frame and the chart rows of the weeks since the one before."""

    def tell(self, *, playing: bool, week: int, problem: str) -> None:
        """Show where the run is."""

    def turned(self, setting: Setting, experiment: Experiment) -> None:
        """Show that levers were set."""

    def select(self, selected: Selected | None) -> None:
        """Show a resident, or none."""

    def part(self, residents: list[tuple[int, str, int]]) -> None:
        """Show whose lives part: number, first name, and in how many weeks."""


class Engine:
    """The runs of one tab.

    Args:
        setting: What to run.
        arms: 1 for a town, 2 to compare.
        view: What shows it.
        closed: Set when the tab is gone.
    """

    def __init__(self, setting: Setting, arms: int, view: View, closed: threading.Event) -> None:
        self.setting = setting
        self.arms = arms
        self.view = view
        self.closed = closed
        self.worlds: list[World] = []
        self.scenes: list[scene.Scene] = []
        self.experiment = setting.experiment(arms)
        self._commands: queue.SimpleQueue[tuple[Callable[..., None], tuple[Any, ...]]] = (
            queue.SimpleQueue()
        )
        self._stopped = False
        self._playing = False
        self._charted = 0  # the last week whose chart row was sent
        self._serial = 0
        self._painted = 0
        self._sent_at = self._acked_at = time.monotonic()
        self._lag = 0.03  # seconds from sending to painting, smoothed
        self._resident: int | None = None
        self._told_at = self._retold_at = 0.0
        self.cpu = 0.0  # seconds of this thread, for measuring

    # What a visitor's clicks call: they return at once.

    def play(self, on: bool) -> None:
        """Play or pause."""
        self._post(self._set_playing, on)

    def step(self) -> None:
        """Live through one week."""
        self._post(self._single)

    def reset(self, setting: Setting | None = None) -> None:
        """Begin again, in another setting if one is given."""
        self._post(self._begin, setting)

    def speed(self, weeks: int) -> None:
        """Set weeks a second."""
        self._post(self._set_speed, weeks)

    def present(self, **values: Any) -> None:
        """Change parts of the setting that do not touch the run."""
        self._post(self._present, values)

    def history(self, show: Callable[[Setting, list[Row]], None]) -> None:
        """Give all chart rows so far."""
        self._post(self._give_history, show)

    def lever(self, arm: str, name: str, value: float | str) -> None:
        """Set a lever from this week on."""
        self._post(self._turn, arm, name, value)

    def select(self, resident: int | None) -> None:
        """Look at a resident."""
        self._post(self._select, resident)

    def painted(self, serial: int) -> None:
        """Note that the browser has painted a frame."""
        self._post(self._acknowledge, serial, time.monotonic())

    def stop(self) -> None:
        """End the thread."""
        self._stopped = True
        self._post(self._nothing)

    def start(self) -> Callable[[], None]:
        """Start the thread; return what ends it."""
        threading.Thread(target=self._run, name="trustabm-engine", daemon=True).start()
        return self.stop

    @property
    def week(self) -> int:
        """Weeks since the arms parted."""
        return self.worlds[0].week - self.experiment.burn_in if self.worlds else 0

    # The thread.

    def _post(self, what: Callable[..., None], *args: Any) -> None:
        self._commands.put((what, args))

    def _run(self) -> None:
        try:
            if not _compiled.is_set():
                words = "Preparing the model. The first time, this takes about half a minute."
                self.view.tell(playing=False, week=0, problem=words)
            self._begin(None)
            _compiled.set()
            due = time.monotonic()
            while not (self._stopped or self.closed.is_set()):
                # Paused, wake up now and then only to see whether the tab is gone.
                wait = min(0.05, max(0.0, self._next(due) - time.monotonic()))
                wait = wait if self._playing else 5.0
                if self._obey(wait):
                    due = max(due, time.monotonic() - 1 / self.setting.speed)
                if self._playing:
                    due = self._advance(due)
                    self._publish_if_due()
                self.cpu = time.thread_time()
        except Exception as e:
            self._playing = False
            said = (
                f"The run ended with an error ({type(e).__name__}: {e}). Load the page anew: its "
            )
            said += "address keeps the setting; the weeks lived are lost."
            self.view.tell(playing=False, week=self.week, problem=said)
            raise
        finally:
            self.worlds, self.scenes = [], []

    def _obey(self, wait: float) -> bool:
        """Carry out all commands, waiting for the first; return whether there were any."""
        try:
            what, args = (
                self._commands.get(timeout=wait) if wait > 0 else self._commands.get_nowait()
            )
        except queue.Empty:
            return False
        while True:
            what(*args)
            try:
                what, args = self._commands.get_nowait()
            except queue.Empty:
                return True

    def _advance(self, due: float) -> float:
        """Live through the weeks that are due, for a little while; return when the next one is."""
        begun = time.monotonic()
        while due <= (now := time.monotonic()) < begun + CHUNK:
            if not self._live():
                self._set_playing(False)
                break
            # What a slow machine does not manage is not caught up with.
            due = max(due + 1 / self.setting.speed, now - 0.25)
        if time.monotonic() - self._acked_at > UNWATCHED:
            self._set_playing(False)
        return due

    def _live(self) -> bool:
        """Live through a week in every world; return whether there was one left."""
        if self.week >= self.setting.weeks:
            return False
        for world in self.worlds:
            world.run_for(1)
        return True

    def _next(self, due: float) -> float:
        """Return when there is something to do: a week is due, or one lived may be shown."""
        shown = self._charted == self.week or self._painted < self._serial
        return due if shown else min(due, self._free_at)

    @property
    def _free_at(self) -> float:
        """When the page may be sent the next picture, by how long it takes to paint one."""
        return self._sent_at + max(0.9 / FRAMES, 1.05 * self._lag)

    def _publish_if_due(self) -> None:
        now = time.monotonic()
        waiting = self._painted < self._serial and now - self._sent_at < LOST
        if self._charted == self.week or waiting or now < self._free_at:
            return
        self._publish()
        if now - self._told_at > 0.2:
            self._tell()
        if self._resident is not None and now - self._retold_at > 1.0:
            self._select(self._resident)

    def _publish(self) -> None:
        self._serial += 1
        self._sent_at = time.monotonic()
        new: list[Row] = []
        if self._charted < self.week:
            new = rows(self.worlds, self.setting, self.arms, self.week, self._charted + 1)
            self._charted = self.week
        self.view.show(scene.frame(self.week, self.scenes, self._serial), new)

    def _tell(self, problem: str = "") -> None:
        self._told_at = time.monotonic()
        if not problem and self.week >= self.setting.weeks:
            problem = f"The run ends after {self.setting.weeks} weeks. Reset, or make it longer."
        self.view.tell(playing=self._playing, week=self.week, problem=problem)

    def _part(self) -> None:
        """Say whose lives part so far; while the run plays, nobody could read it."""
        if self.arms > 1 and not self._playing:
            one, other = self._records()
            found = parting(one, other, PARTED)
            self.view.part([(i, one.people(i)[0].name, n) for i, n in found])

    def _records(self) -> list[Record]:
        e = self.experiment
        return [Record.of_world(world, e.start, e.burn_in) for world in self.worlds]

    # Commands, in the thread.

    def _begin(self, setting: Setting | None) -> None:
        self._playing = False
        if setting is not None:
            self.setting = setting
        self.experiment = self.setting.experiment(self.arms)
        self.worlds = branches(self.experiment)
        self.scenes = [scene.Scene(world) for world in self.worlds]
        self._charted = 0
        self.view.begin(self.setting, self.experiment, self.worlds)
        self._publish()
        if self._resident is not None:
            self._select(self._resident if self._resident < self.setting.residents else None)
        self._tell()
        self._part()

    def _set_playing(self, on: bool) -> None:
        self._playing = on and self.week < self.setting.weeks
        self._acked_at = time.monotonic()
        if not on:
            self._tell()  # first: the button must answer at once
            self._publish()
        self._tell()
        self._part()

    def _single(self) -> None:
        self._playing = False
        self._live()
        self._publish()
        self._tell()
        self._part()
        if self._resident is not None:
            self._select(self._resident)

    def _set_speed(self, weeks: int) -> None:
        self.setting = replace(self.setting, speed=weeks)

    def _present(self, values: dict[str, Any]) -> None:
        self.setting = replace(self.setting, **values)

    def _give_history(self, show: Callable[[Setting, list[Row]], None]) -> None:
        lived = self._charted
        first = min(1, lived)
        show(
            self.setting, rows(self.worlds, self.setting, self.arms, lived, first) if lived else []
        )

    def _turn(self, arm: str, name: str, value: float | str) -> None:
        number = ARMS.index(arm)
        week = min(self.week, self.setting.weeks - 1)
        try:
            setting = self.setting.turned(Turn(arm, week, name, value))
        except ValueError as e:
            said = plain(e)
            for d in LEVERS.values():
                if "_" in d.name:  # what is no plain word
                    said = said.replace(d.name, f"“{d.title}”")
            self._tell(said)
            self.view.turned(self.setting, self.experiment)
            return
        self.setting = setting
        self.experiment = setting.experiment(self.arms)
        if week == 0 and number == 0:
            # What the reference has in force at the start is the past of every arm.
            self._begin(None)
        else:
            self.worlds[number].plan = self.experiment.plan(number)
        self.view.turned(setting, self.experiment)
        self._tell()

    def _select(self, resident: int | None) -> None:
        self._resident = resident
        self._retold_at = time.monotonic()
        if resident is None or not 0 <= resident < self.setting.residents:
            self.view.select(None)
            return
        records = self._records()
        lives = tuple(life(record, resident) for record in records)
        self.view.select(Selected(resident, lives, tuple(records[0].close(resident))))

    def _acknowledge(self, serial: int, at: float) -> None:
        if serial > self._painted:
            self._painted = serial
            self._acked_at = at
            if serial == self._serial:
                self._lag += 0.3 * (min(at - self._sent_at, LOST) - self._lag)

    def _nothing(self) -> None:
        pass
