"""Comparisons over many towns, in processes that all visitors share.

Few run at a time and few wait; who comes too late is told so. Replicates of one take turns with the
others', so that nobody waits for all of somebody else's. What is asked again, by whomever, is not
computed again: who asks for a comparison that runs joins it, and some of those that are over are
kept by what was asked.
"""

from __future__ import annotations

import hashlib
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from trustabm.errors import InvalidInput, TrustabmError
from trustabm.nation.areas import Area
from trustabm.nation.sampled import compare_in
from trustabm.runs.compare import compare_arms
from trustabm.runs.comparison import Comparison
from trustabm.runs.counted import Counted
from trustabm.runs.experiment import Experiment
from trustabm.runs.processes import Processes, how_many
from trustabm.runs.replicates import live
from trustabm.runs.why import mechanisms, seconds
from trustabm.study.composed import carry_out, name_of, runs_of
from trustabm.study.definition import Study
from trustabm_app.shared.guests import be_a_guest

__all__ = ["WORKERS", "WORK_MAX", "Ensemble", "State", "begun", "warm"]

RUNNING = 2
WAITING = 8
KEPT = 16
"""Comparisons that are over and kept, the last asked for; each is some megabytes."""

WORK_MAX = 240.0  # seconds of one processor that an ensemble may ask for
APART_MAX = 600.0  # the same where its effects are taken apart
WORKERS = how_many(None, 4)

State = Literal["waiting", "running", "done", "cancelled", "refused"]

_slots = threading.BoundedSemaphore(RUNNING)
_sweeping = threading.BoundedSemaphore(1)  # so that a study never meets itself in its folder
_lock = threading.RLock()
_asked = 0
_begun = 0
_works: OrderedDict[str, _Work] = OrderedDict()
_pool: ProcessPoolExecutor | None = None


class _CancelledError(Exception):
    """Nobody wants it any more."""


@dataclass(eq=False)
class Ensemble:
    """One comparison of a visitor's.

    Args:
        asked: What is compared, with as many towns as were asked for.
        changed: Called, in a thread of the comparison's, when there is something new to see.
        area: The state of whose counties it is; of one town if not given.
        apart: A comparison whose effects are taken apart; none is made then.
        study: A composed study, which is swept; no comparison is made then.
    """

    asked: Experiment
    changed: Callable[[Ensemble], object]
    area: Area | None = None
    apart: Comparison | None = field(default=None, repr=False)
    study: Study | None = field(default=None, repr=False)
    _work: _Work | None = field(default=None, repr=False)
    _left: bool = field(default=False, repr=False)
    _message: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        # Whose page it is, as Solara gives it to every thread that a page makes; None without one.
        self._tab = getattr(threading.Thread(), "current_context", None)

    @cached_property
    def number(self) -> int:
        """Towns that will be simulated: as many as were asked for, within the work allowed."""
        if self.apart is not None:
            return self.apart.replicates * (1 + len(mechanisms(self.apart.experiment)))
        if self.study is not None:
            return runs_of(self.study)
        if self.area is not None:
            return self.asked.replicates
        return max(2, min(self.asked.replicates, int(WORK_MAX / self.asked.seconds())))

    @property
    def notice(self) -> str:
        """Return that there are fewer towns than were asked for; empty where there are as many."""
        asked = self.asked.replicates
        if self.number >= asked:
            return ""
        return (
            f"{self.number} of the {asked} towns asked for: as many as this server simulates of so "
            "many residents and weeks."
        )

    @property
    def state(self) -> State:
        """Where it is."""
        if self._left:
            return "cancelled"
        return "refused" if self._message else self._work.state if self._work else "waiting"

    @property
    def busy(self) -> bool:
        """Whether it is not over."""
        return self.state in ("waiting", "running")

    @property
    def done(self) -> int:
        """Towns simulated so far."""
        return self._work.done if self._work else 0

    @property
    def message(self) -> str:
        """Why it was refused."""
        return self._message or (self._work.message if self._work else "")

    @property
    def sofar(self) -> Counted | None:
        """What the towns so far counted; None before the tenth."""
        return self._work.sofar if self._work else None

    @cached_property
    def _own(self) -> Comparison | None:
        """The comparison for this visitor alone: what is worked out of it goes when they go."""
        made = self._work.comparison if self._work else None
        return made if made is self.apart or made is None else replace(made)

    @property
    def comparison(self) -> Comparison | None:
        """What came of it; None before it is done."""
        return self._own if self.state == "done" else None

    def start(self) -> Ensemble:
        """Begin, join what runs or is there, or be refused; return itself."""
        global _asked, _begun
        with _lock:
            key = "" if self.apart is not None else self._key()
            work = _works.get(key)
            if work is not None and not work.stopped:
                _works.move_to_end(key)
                self._work = work
                work.visitors.append(self)
            elif _asked >= RUNNING + WAITING:
                self._message = (
                    "Too many comparisons are waiting on this server. Try again in a minute."
                )
            else:
                _asked, _begun = _asked + 1, _begun + 1
                of = (self.apart, [self], self.area, self.study)
                self._work = work = _Work(key, self._experiment(), self.number, *of)
                if key:
                    _works[key] = work
                threading.Thread(target=work.run, name="trustabm-ensemble", daemon=True).start()
        if self.state in ("refused", "done"):
            self.tell()
        return self

    def tell(self) -> None:
        """Let the visitor's page know; in a thread of that page."""
        if self._tab is None or not self._tab.closed_event.is_set():
            self.changed(self)

    def tell_from_elsewhere(self) -> None:
        """Let the visitor's page know; in a thread that another visitor's page may have made.

        Solara shows a widget in the page whose thread draws it, so it is drawn in one of theirs.
        """
        with self._tab or nullcontext():
            thread = threading.Thread(target=self.tell, name="trustabm-tell", daemon=True)
        thread.start()
        thread.join()

    def cancel(self) -> None:
        """Want it no more; what nobody wants stops as soon as can be."""
        with _lock:
            if self._work is None or not self.busy:
                return
            last = self._work.visitors == [self]
            self._work.stopped = last
            if last and self.study is not None:
                return  # told when it is over: what is done is then in its folder
            self._left = True
            self._work.visitors.remove(self)
        self.tell()

    def _experiment(self) -> Experiment:
        return self.asked.model_copy(update={"replicates": self.number})

    def _key(self) -> str:
        of = self._experiment().model_dump_json() + (self.area.name if self.area else "")
        of += name_of(self.study) if self.study else ""
        return hashlib.sha256(of.encode()).hexdigest()


@dataclass(eq=False)
class _Work:
    """What is computed once, for all who ask for it."""

    key: str
    experiment: Experiment
    number: int
    apart: Comparison | None
    visitors: list[Ensemble]
    area: Area | None = None
    study: Study | None = None
    state: State = "waiting"
    done: int = 0
    message: str = ""
    sofar: Counted | None = None
    comparison: Comparison | None = None
    stopped: bool = False

    def run(self) -> None:
        """Wait for a turn and compute."""
        global _asked
        state: State
        try:
            with ExitStack() as turns:
                if self.study is not None:
                    turns.enter_context(self._turn(_sweeping))
                turns.enter_context(self._turn(_slots))
                self.state = "running"
                self._tell()
                self._compare()
            state = "done"
        except _CancelledError:
            state = "cancelled"
        except (TrustabmError, ValueError) as e:
            state, self.message = "refused", str(e)
        except BrokenProcessPool:
            _forget_pool()
            state, self.message = "refused", "The processes were lost. Try again."
        except Exception:
            # Said on the page and in the log; a thread that dies would leave the page waiting.
            traceback.print_exc()
            state, self.message = "refused", "It ended with an error; the server's log says why."
        with _lock:
            _asked -= 1
            self.state = state
            self._keep()
        self._tell()

    @contextmanager
    def _turn(self, of: threading.BoundedSemaphore) -> Iterator[None]:
        while not of.acquire(timeout=0.1):
            self._go_on()
        try:
            yield
        finally:
            of.release()

    def _keep(self) -> None:
        """Keep what is done, and forget what is not, and what was asked for longest ago."""
        # A study's folder keeps it, and says what is left of it.
        if (self.state != "done" or self.study is not None) and _works.get(self.key) is self:
            del _works[self.key]
        over = [key for key, work in _works.items() if work.state == "done"]
        for key in over[: max(0, len(over) - KEPT)]:
            del _works[key]

    def _compare(self) -> None:
        if self.apart is not None:
            self._take_apart(self.apart)
            return
        if self.study is not None:
            stop = lambda: self.stopped  # noqa: E731
            carry_out(self.study, _shared_pool(), WORK_MAX, WORKERS, self._told, stop)
            self._go_on()
            return
        pool = _shared_pool()
        told: Any = {"progress": self._progress, "pool": pool, "sofar": self._so_far}
        if self.area is not None:
            self.comparison = compare_in(self.area, self.experiment, **told)
        else:
            self.comparison = compare_arms(self.experiment, **told)
        self.sofar = None

    def _take_apart(self, comparison: Comparison) -> None:
        each = seconds(comparison.experiment)
        most = int(APART_MAX / each)
        if comparison.replicates > most:
            raise InvalidInput(
                f"So large towns would keep this server busy for too long: run at most {most} of "
                "them, or smaller ones."
            )
        comparison.decompose(progress=self._progress, pool=_shared_pool())
        self.comparison = comparison

    def _told(self, done: int) -> None:
        self.done = done
        self._tell()

    def _so_far(self, counted: Counted) -> None:
        self.sofar = counted

    def _progress(self, done: int, number: int) -> None:
        self.done = done * self.number // max(1, number)  # more may be lived through than asked for
        self._go_on()
        self._tell()

    def _go_on(self) -> None:
        if self.stopped:
            raise _CancelledError

    def _tell(self) -> None:
        with _lock:
            visitors = list(self.visitors)
        for visitor in visitors:  # a page that cannot be drawn does not stop it for the others
            visitor.tell_from_elsewhere()


def begun() -> int:
    """Return how many comparisons were computed, or begun, since the server started."""
    return _begun


def warm(experiment: Experiment) -> None:
    """Start the shared processes, so that the first who asks does not wait for them.

    Args:
        experiment: Something small that each of them lives through once.
    """
    pool = _shared_pool()
    for k in range(WORKERS):
        pool.submit(live, experiment, k)


def _shared_pool() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            _pool = ProcessPoolExecutor(WORKERS, mp_context=Processes(), initializer=be_a_guest)
        return _pool


def _forget_pool() -> None:
    global _pool
    with _lock:
        _pool = None
