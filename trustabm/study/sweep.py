"""The driver of a sweep: gives out batches, takes in runs, writes them, and survives what fails.

Only the driver writes. A batch is sized to about half a second, so that the engine's own cost does
not matter. Where a worker dies, what was given out is suspect and is tried again one batch at a
time; a job that kills its worker while alone, again, is recorded as failed, and the sweep goes on.
So is a job that takes much longer than others do, alone too; its worker is killed.
"""

from __future__ import annotations

import itertools
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trustabm.errors import TrustabmError
from trustabm.rules.compiling import cache_folder, is_compiled
from trustabm.runs.classes import say_slower
from trustabm.runs.processes import how_many
from trustabm.study.columns import Columns
from trustabm.study.definition import Study
from trustabm.study.engine import Dask, OwnProcesses, SharedProcesses, Workers
from trustabm.study.estimate import refuse_too_large
from trustabm.study.ledger import Ledger, opened
from trustabm.study.lots import needed_now
from trustabm.study.remote import is_address, mirrored
from trustabm.study.watch import Watch
from trustabm.study.worker import (
    Batch,
    Job,
    Ran,
    run_batch,
)

__all__ = ["EngineLost", "Progress", "Swept", "sweep"]

LONG = 5.0
"""Seconds a job from which on nobody waits for the first, if the model was compiled before."""

BATCH_SECONDS = 0.5
BATCH_JOBS = 1000
PART_RUNS = 5000
PART_WEEKS = 25_000


class EngineLost(TrustabmError):  # noqa: N818
    """Workers that cannot be reached any more, or cannot compute what is asked."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is.

    Args:
        done: Runs on record, failed ones among them.
        total: Runs of the study.
        failed: Runs that failed.
        rate: Runs a second since this sweep began; 0 before the first.
        left: Seconds left at that rate; None before the first run.
    """

    done: int
    total: int
    failed: int
    rate: float
    left: float | None


@dataclass(frozen=True, slots=True)
class Swept:
    """How a sweep ended.

    Args:
        done: Runs on record, failed ones among them.
        total: Runs of the study.
        failed: Runs that failed.
        signal: The signal that stopped it; 0 if none did.
    """

    done: int
    total: int
    failed: int
    signal: int = 0


def sweep(
    study: Study,
    out: str | Path,
    *,
    workers: int | None = None,
    dask: str | None = None,
    pool: Executor | None = None,
    progress: Callable[[Progress], object] | None = None,
    stop: Callable[[], bool] | None = None,
    retry: bool = False,
    mixed: bool = False,
    say: Callable[[str], object] = lambda _: None,
    flush_seconds: float = 5.0,
    work: Callable[[bytes, list[Job]], Batch] = run_batch,
    saved: Callable[[], object] = lambda: None,
) -> Swept:
    """Run what a study asks for and a folder does not hold yet.

    Args:
        study: The study.
        out: The folder, or an address of object storage as fsspec reads it, `s3://bucket/study`;
            one with an earlier sweep of the study is gone on with.
        workers: Processes; as many as there are processors if not given.
        dask: The address of a Dask scheduler whose workers run it instead.
        pool: Processes that are there already and are shared with others; they stay.
        progress: Called as runs come in.
        stop: Asked a few times a second whether to stop early, everything done being saved.
        retry: Whether runs that failed are run again.
        mixed: Whether runs may be added that other versions of Python, numpy or numba compute.
        say: Called with what a reader has to know, a line each: what was found damaged and set
            aside, what hung.
        flush_seconds: How long finished runs may wait to be written.
        work: What carries out a batch.
        saved: Called when runs were written.

    Returns:
        How many runs are on record and how many failed.

    Raises:
        InvalidInput: for a study that does not say what it must, or a folder of another study.
        OutputExists: for a folder that another sweep works on or that holds something else.
        NoSpaceLeft: where the disk is full; what was saved is whole.
        NotWritten: where the folder cannot be written.
        EngineLost: where the workers cannot be reached or run other code.
    """
    if is_address(out):
        with mirrored(str(out)) as (folder, saved):
            same: dict[str, Any] = {"progress": progress, "stop": stop, "say": say, "work": work}
            same |= {"retry": retry, "mixed": mixed, "flush_seconds": flush_seconds}
            return sweep(study, folder, workers=workers, dask=dask, pool=pool, saved=saved, **same)
    many = how_many(workers)
    with opened(study, out, retry, mixed=mixed, say=say) as ledger, _signals() as caught:
        driver = _Driver(ledger, progress, flush_seconds, work, say, saved)
        if driver.left:
            say_slower(study.classes)
            here = 0 if dask else many
            refuse_too_large(ledger.work, len(ledger.done), Path(out), here)
            engine: Workers
            if pool is not None:
                engine = SharedProcesses(pool)
            else:
                engine = Dask(dask) if dask else OwnProcesses(many)
            try:
                driver.drive(engine, lambda: bool(caught or (stop is not None and stop())))
            finally:
                engine.close()
        ledger.store.merge()
        return Swept(len(ledger.done), driver.total, len(ledger.failed), caught[0] if caught else 0)


class _Driver:
    """The state of a sweep at work."""

    def __init__(
        self,
        ledger: Ledger,
        progress: Callable[[Progress], object] | None,
        flush_seconds: float,
        work: Callable[[bytes, list[Job]], Batch],
        say: Callable[[str], object],
        saved: Callable[[], object],
    ) -> None:
        self.ledger = ledger
        self.saved = saved
        self.until = ledger.work.study.until is not None
        self.say = say
        self.progress = progress
        self.flush_seconds = flush_seconds
        self.call = work
        self.jobs: Iterator[Job] = iter(())
        self.total = ledger.work.total
        self.again: deque[Job] = deque()  # given out and come back undone
        self.suspects: deque[list[Job]] = deque()
        self.trial: list[Job] | None = None
        self.deaths: Counter[tuple[str, int, int, tuple[str, ...]]] = Counter()
        self.pending: dict[Future[Batch], list[Job]] = {}
        self.seconds = max(1e-4, ledger.work.shared.seconds())
        self.buffer: list[Ran] = []
        self.flushed = self.began = time.monotonic()
        self.before = len(ledger.done)
        self.watch = Watch(cache_folder() is None)
        # One worker compiles, and the others find the code on disk.
        self.first = self.seconds < LONG or not is_compiled()
        self.left = self._goes_on()

    def drive(self, engine: Workers, stop: Callable[[], bool]) -> None:
        """Work until nothing is left or somebody says stop; save what is done either way."""
        try:
            while not stop():
                self._give_out(engine)
                if not self.pending and not (self.until and self._goes_on()):
                    break
                finished, _ = wait(self.pending, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in finished:
                    if future in self.pending:
                        self._take(engine, future)
                if finished:
                    self.watch.came()
                    self.first = False
                    self._tell()
                self._stop_what_hangs(engine)
                if self._due():
                    self._flush()
        finally:
            self._flush()

    def _goes_on(self) -> bool:
        """Take up what is left, of the next lot if there are lots; return whether anything is."""
        work = self.ledger.work
        asked: Callable[[str, int, int], bool] = lambda *_: True  # noqa: E731
        if self.until:
            self._flush()
            need = needed_now(work, self.ledger.store)
            self.total = sum(need.values()) * len(work.study.arms)
            asked = lambda town, point, replicate: replicate < need[town, point]  # noqa: E731
        jobs = work.jobs(frozenset(self.ledger.done), asked)
        first = next(jobs, None)
        self.jobs = itertools.chain([] if first is None else [first], jobs)
        return first is not None

    def _give_out(self, engine: Workers) -> None:
        if self.suspects:
            # Whoever is alone when a worker dies is guilty.
            if not self.pending:
                self.trial = self.suspects.popleft()
                self._submit(engine, self.trial)
            return
        if self.first and engine.tells:
            if not self.pending:
                self._submit(engine, [self.again.popleft() if self.again else next(self.jobs)])
            return
        window = engine.window()
        while len(self.pending) < window:
            size = min(BATCH_JOBS, max(1, round(BATCH_SECONDS / self.seconds)))
            jobs = [self.again.popleft() for _ in range(min(size, len(self.again)))]
            jobs += itertools.islice(self.jobs, size - len(jobs))
            if not jobs or not self._submit(engine, jobs):
                return

    def _submit(self, engine: Workers, jobs: list[Job]) -> bool:
        try:
            future = engine.submit(self.call, self.ledger.work.pickled, jobs)
        except BrokenProcessPool:
            self.trial = None
            self.again.extend(jobs)
            if not self.pending:
                engine.rebuild()
            return False
        self.pending[future] = jobs
        return True

    def _take(self, engine: Workers, future: Future[Batch]) -> None:
        jobs = self.pending.pop(future)
        try:
            batch = future.result()
        except (Exception, CancelledError) as e:
            if not engine.died(e):
                raise EngineLost(
                    f"workers: expected runs, got {type(e).__name__}: {e}. What was saved before "
                    "is whole; give the same command to go on"
                ) from e
            self._died(engine, jobs)
            return
        self.trial = None
        each = batch.seconds / max(1, len(jobs))
        if not self.first:  # which may have compiled
            self.seconds = max(1e-4, 0.7 * self.seconds + 0.3 * each)
        self._record(batch.runs)

    def _stop_what_hangs(self, engine: Workers) -> None:
        """Put aside what is carried out for much too long, or record it if it was alone."""
        if not engine.tells:
            most = max((len(jobs) for jobs in self.pending.values()), default=0)
            if self.pending and self.watch.silent(most, self.seconds):
                self.say("workers: nothing has come back for long; a run hangs, or they are busy")
            return
        late = set(self.watch.late(self.pending, self.seconds))
        if not late:
            return
        alone, self.trial = self.trial, None
        engine.rebuild()
        pending, self.pending = self.pending, {}
        for future, jobs in pending.items():
            limit = self.watch.limit(len(jobs), self.seconds)
            if future.done() and not future.cancelled() and future.exception() is None:
                self._record(future.result().runs)
            elif future not in late:
                self.again.extend(jobs)
            elif jobs is alone and len(jobs) == 1:
                job = jobs[0]
                error = (
                    f"took too long: stopped after {limit:,.0f} s, where such runs take about "
                    f"{self.seconds:.2g} s"
                )
                self.say(f"{job.town}, point {job.point}, replicate {job.replicate}: {error}")
                self._record([Ran(job, arm, None, None, error) for arm in job.arms])
            else:
                self.suspects.extend([job] for job in jobs)
        self.watch.started()
        self._tell()

    def _died(self, engine: Workers, jobs: list[Job]) -> None:
        """Put aside what was given out when a worker died, or record who is guilty."""
        alone, self.trial = self.trial is jobs, None
        lost = engine.rebuild()
        if lost:
            for future, others in list(self.pending.items()):
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._record(future.result().runs)
                else:
                    self.suspects.append(others)
            self.pending.clear()
        if not alone and (lost or len(jobs) == 1):
            self.suspects.append(jobs)
        elif len(jobs) > 1:
            # Alone, or named by the scheduler: one of these.
            self.suspects.extendleft([job] for job in reversed(jobs))
        else:
            job = jobs[0]
            key = (job.town, job.point, job.replicate, job.arms)
            self.deaths[key] += 1
            if self.deaths[key] < engine.deaths:
                self.suspects.appendleft(jobs)
            else:
                error = "worker died: it was carrying out nothing else, and did so again"
                self._record([Ran(job, arm, None, None, error) for arm in job.arms])

    def _record(self, runs: list[Ran]) -> None:
        for run in self.ledger.work.everywhere(runs):
            self.ledger.note(self.ledger.work.id(run.job, run.arm), run.error)
            self.buffer.append(run)
        if len(self.buffer) >= PART_RUNS or self._weeks() >= PART_WEEKS:
            self._flush()

    def _weeks(self) -> int:
        s = self.ledger.work.study
        return len(self.buffer) * s.kept.rows(s.burn_in, s.weeks) if s.kept is not None else 0

    def _due(self) -> bool:
        return time.monotonic() - self.flushed > self.flush_seconds

    def _flush(self) -> None:
        self.flushed = time.monotonic()
        if not self.buffer:
            return
        work = self.ledger.work
        columns = Columns.of_work(work)
        runs, self.buffer = self.buffer, []
        series = work.study.kept
        weekly = None if series is None else columns.of_series(series).weeks(work, runs)
        rows = columns.runs(work, runs, self.ledger.sitting)
        self.ledger.store.append(rows, weekly)
        self.saved()

    def _tell(self) -> None:
        if self.progress is None:
            return
        done, total = len(self.ledger.done), self.total
        rate = (done - self.before) / max(1e-9, time.monotonic() - self.began)
        left = (total - done) / rate if rate > 0 else None
        self.progress(Progress(done, total, len(self.ledger.failed), rate, left))


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Yield a list that holds SIGINT or SIGTERM once it has come; a second one interrupts."""
    caught: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield caught
        return

    def note(number: int, _frame: object) -> None:
        if caught:
            raise KeyboardInterrupt
        caught.append(number)

    before = {s: signal.signal(s, note) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
