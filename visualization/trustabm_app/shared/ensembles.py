"""Comparisons over many towns, in processes that all visitors share.

Few run at a time and few wait; who comes too late is told so. A visitor's replicates take turns
with the others', so that nobody waits for all of somebody else's.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Literal

from trustabm.errors import InvalidInput, TrustabmError
from trustabm.inputs.parameters import Parameters
from trustabm.runs.compare import compare_arms
from trustabm.runs.comparison import Comparison
from trustabm.runs.processes import Processes, how_many
from trustabm.runs.why import mechanisms, seconds
from trustabm_app.shared.address import Setting
from trustabm_app.shared.guests import be_a_guest

__all__ = ["Ensemble", "State"]

RUNNING = 2
WAITING = 8
WORK_MAX = 240.0  # seconds of one processor that an ensemble may ask for
APART_MAX = 600.0  # the same where its effects are taken apart

State = Literal["waiting", "running", "done", "cancelled", "refused"]

_slots = threading.BoundedSemaphore(RUNNING)
_lock = threading.Lock()
_asked = 0
_pool: ProcessPoolExecutor | None = None


class _CancelledError(Exception):
    """The visitor does not want it any more."""


@dataclass
class Ensemble:
    """One comparison of a visitor's.

    Args:
        setting: What is compared.
        changed: Called, in the ensemble's thread, when there is something new to see.
        parameters: Parameters that depart from their defaults, in both arms.
        apart: A comparison whose effects are taken apart; none is made then.
    """

    setting: Setting
    changed: Callable[[Ensemble], None]
    state: State = "waiting"
    done: int = 0
    message: str = ""
    comparison: Comparison | None = field(default=None, repr=False)
    parameters: dict[str, float | bool] = field(default_factory=dict, repr=False)
    apart: Comparison | None = field(default=None, repr=False)
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def number(self) -> int:
        """Towns that will be simulated: as many as were asked for, within the work allowed."""
        if self.apart is not None:
            return self.apart.replicates * (1 + len(mechanisms(self.apart.experiment)))
        experiment = self.setting.experiment(2)
        return max(2, min(experiment.replicates, int(WORK_MAX / experiment.seconds())))

    @property
    def notice(self) -> str:
        """Return that there are fewer towns than were asked for; empty where there are as many."""
        asked = self.setting.replicates
        if self.number >= asked:
            return ""
        return (
            f"{self.number} of the {asked} towns asked for: as many as this server simulates of so "
            "many residents and weeks."
        )

    def start(self) -> Ensemble:
        """Begin, or be refused; return itself."""
        global _asked
        with _lock:
            if _asked >= RUNNING + WAITING:
                self.state = "refused"
                self.message = (
                    "Too many comparisons are waiting on this server. Try again in a minute."
                )
                self.changed(self)
                return self
            _asked += 1
        threading.Thread(target=self._run, name="trustabm-ensemble", daemon=True).start()
        return self

    def cancel(self) -> None:
        """Stop as soon as can be."""
        self._stop.set()

    def _run(self) -> None:
        global _asked
        try:
            while not _slots.acquire(timeout=0.1):
                if self._stop.is_set():
                    raise _CancelledError
            try:
                self._compare()
            finally:
                _slots.release()
        except _CancelledError:
            self.state = "cancelled"
        except (TrustabmError, ValueError) as e:
            self.state, self.message = "refused", str(e)
        except BrokenProcessPool:
            _forget_pool()
            self.state, self.message = "refused", "The processes were lost. Try again."
        except Exception:
            # Said on the page and in the log; a thread that dies would leave the page waiting.
            traceback.print_exc()
            self.state, self.message = (
                "refused",
                "It ended with an error; the server's log says why.",
            )
        finally:
            with _lock:
                _asked -= 1
            self.changed(self)

    def _compare(self) -> None:
        self.state = "running"
        self.changed(self)
        if self.apart is not None:
            self._take_apart(self.apart)
            return
        own = {
            "replicates": self.number,
            "parameters": Parameters.model_validate(self.parameters),
        }
        experiment = self.setting.experiment(2).model_copy(update=own)
        self.comparison = compare_arms(experiment, progress=self._progress, pool=_shared_pool())
        self.state = "done"

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
        self.state = "done"

    def _progress(self, done: int, number: int) -> None:
        self.done = done * self.number // max(1, number)  # more may be lived through than asked for
        if self._stop.is_set():
            raise _CancelledError
        self.changed(self)


def _shared_pool() -> ProcessPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            many = how_many(None, 4)
            _pool = ProcessPoolExecutor(many, mp_context=Processes(), initializer=be_a_guest)
        return _pool


def _forget_pool() -> None:
    global _pool
    with _lock:
        _pool = None
