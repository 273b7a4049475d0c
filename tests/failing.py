"""Batches that fail or linger on purpose, importable by worker processes."""

from __future__ import annotations

import os
import signal
import time

from trustabm.study.worker import Batch, Job, run_batch

BAD_POINT = 1


def kills_its_worker(task: bytes, jobs: list[Job]) -> Batch:
    """Carry out a batch, but die at one point."""
    if any(job.point == BAD_POINT for job in jobs):
        os.kill(os.getpid(), signal.SIGKILL)
    return run_batch(task, jobs)


def raises(task: bytes, jobs: list[Job]) -> Batch:
    """Carry out a batch in which a run raises at one point: its values are not parameters."""
    bad = [
        job._replace(values={**job.values, "news_weight": "much"})
        if job.point == BAD_POINT
        else job
        for job in jobs
    ]
    done = run_batch(task, bad)
    jobs_of = {j._replace(values=None): j for j in jobs}
    runs = [r._replace(job=jobs_of[r.job._replace(values=None)]) for r in done.runs]
    return done._replace(runs=runs)


def lingers(task: bytes, jobs: list[Job]) -> Batch:
    """Carry out a batch, but take a while, however fast the machine."""
    time.sleep(0.3)
    return run_batch(task, jobs)


def hangs(task: bytes, jobs: list[Job]) -> Batch:
    """Carry out a batch, but never come back from one point."""
    if any(job.point == BAD_POINT for job in jobs):
        os.kill(os.getpid(), signal.SIGSTOP)  # not even a signal to end it is taken
    return run_batch(task, jobs)


def counts(task: bytes, jobs: list[Job]) -> Batch:
    """Carry out a batch, and note in a file what is lived through, a line a run."""
    lines = [f"{j.town} {j.point} {j.replicate} {arm}\n" for j in jobs for arm in j.arms]
    with open(os.environ["LIVED"], "a", encoding="utf-8") as file:
        file.writelines(lines)
    return run_batch(task, jobs)
