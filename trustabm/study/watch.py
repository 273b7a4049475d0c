"""How long a batch may take before it counts as hung: generously, from how long runs take."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from typing import Any

__all__ = ["Watch"]

LEAST = 30.0
"""Seconds that any batch may take."""

TIMES = 100
"""How many times longer than usual a batch may take."""

FIRST = 300.0
"""Seconds more for what comes back first: a worker may have to compile."""

STARTING = 60.0
"""Seconds more for workers that are starting."""

PAUSE = 5.0
"""A driver that looks away for longer was stopped itself, and so perhaps were its workers."""


class Watch:
    """Which batches take too long.

    Args:
        again: Whether every worker compiles again, because nothing can be kept on disk.
    """

    def __init__(self, again: bool = False) -> None:
        self.starting = FIRST
        self.restarting = FIRST if again else STARTING
        self.since: dict[Future[Any], float] = {}
        self.looked = self.last = time.monotonic()

    def started(self) -> None:
        """Note that new workers start."""
        self.since.clear()
        self.starting = max(self.restarting, self.starting)

    def came(self) -> None:
        """Note that something came back: the workers are there."""
        self.starting = 0.0
        self.last = time.monotonic()

    def limit(self, jobs: int, seconds: float) -> float:
        """Return how many seconds a batch may take.

        Args:
            jobs: How many jobs it has.
            seconds: How long one usually takes.
        """
        return max(LEAST, TIMES * jobs * seconds) + self.starting

    def late(
        self, pending: Mapping[Future[Any], Collection[Any]], seconds: float
    ) -> list[Future[Any]]:
        """Return the batches that are being carried out for too long.

        Args:
            pending: What was given out.
            seconds: How long a job usually takes.
        """
        now = time.monotonic()
        away = now - self.looked
        self.looked = now
        if away > PAUSE:
            self.since = {f: then + away for f, then in self.since.items()}
            self.last += away
        running = {f for f in pending if f.running()}
        self.since = {f: self.since.get(f, now) for f in running}
        return [
            f for f, then in self.since.items() if now - then > self.limit(len(pending[f]), seconds)
        ]

    def silent(self, jobs: int, seconds: float) -> bool:
        """Return whether nothing came back for much too long; said once a time."""
        if time.monotonic() - self.last < 10 * self.limit(jobs, seconds):
            return False
        self.last = time.monotonic()
        return True
