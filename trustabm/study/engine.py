"""Where batches are carried out: processes of this machine, or a Dask cluster by its address.

All are a `concurrent.futures.Executor`; nothing here knows what a batch is.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from trustabm.errors import InvalidInput, need
from trustabm.runs import processes

__all__ = ["Dask", "OwnProcesses", "SharedProcesses", "Workers"]

AHEAD = 3
"""Batches given out for each worker, so that none waits for the driver."""


class Workers:
    """An executor that can be built anew, and what its failures mean."""

    executor: Executor

    deaths: int
    """How often a job alone may end its worker before it is guilty."""

    def window(self) -> int:
        """Return how many batches are given out at a time."""
        raise NotImplementedError

    def submit(self, *call: Any) -> Future[Any]:
        """Give out a call: a function and its arguments."""
        return self.executor.submit(*call)

    def died(self, error: BaseException) -> bool:
        """Return whether an error says that a worker died."""
        raise NotImplementedError

    def rebuild(self) -> bool:
        """Make a new executor if a death broke it; return whether calls given out are lost."""
        raise NotImplementedError

    @property
    def tells(self) -> bool:
        """Whether futures tell what is being carried out, so that what hangs can be stopped."""
        return False

    def close(self) -> None:
        """Stop at once, whatever is being carried out."""
        raise NotImplementedError


class OwnProcesses(Workers):
    """Processes of this machine.

    Args:
        workers: How many.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.deaths = 2  # once may be somebody else's doing
        self.executor = self._pool()

    def _pool(self) -> ProcessPoolExecutor:
        self._others = set(multiprocessing.active_children())
        return ProcessPoolExecutor(
            self.workers, mp_context=processes.Processes(), initializer=processes.begin
        )

    def window(self) -> int:
        """Return how many batches are given out at a time."""
        return AHEAD * self.workers

    @property
    def tells(self) -> bool:
        """Whether futures tell what is being carried out: they do."""
        return True

    def died(self, error: BaseException) -> bool:
        """Return whether an error says that a worker died."""
        return isinstance(error, BrokenProcessPool)

    def rebuild(self) -> bool:
        """Make a new pool: where one worker dies, the others' work is lost with it."""
        self.close()
        self.executor = self._pool()
        return True

    def close(self) -> None:
        """Stop all workers at once."""
        for child in multiprocessing.active_children():
            if child not in self._others:
                child.kill()  # also one that is stopped, or hangs in compiled code
        self.executor.shutdown(wait=True, cancel_futures=True)


class SharedProcesses(Workers):
    """Processes that somebody else started and gives work to as well.

    Args:
        pool: The executor.
    """

    def __init__(self, pool: Executor) -> None:
        self.executor = pool
        self.deaths = 1

    def window(self) -> int:
        """Return how many batches are given out at a time: few, so that others take turns."""
        return AHEAD

    def died(self, error: BaseException) -> bool:
        """Return no; raise where all of them are lost, as whose job it was is not known."""
        if isinstance(error, BrokenProcessPool):
            raise error
        return False

    def rebuild(self) -> bool:
        """Raise that the processes are lost: they are not this one's to start."""
        raise BrokenProcessPool("the processes that are shared were lost")

    def close(self) -> None:
        """Leave them to the others; what was given out ends by itself."""


class Dask(Workers):
    """The workers of a Dask cluster.

    Args:
        address: Of its scheduler, as `tcp://127.0.0.1:8786`.

    Raises:
        InvalidInput: where there is no such cluster.
        NotInstalled: where Dask is not.
    """

    def __init__(self, address: str) -> None:
        need("dask", "dask")
        from distributed import Client

        try:
            self.client = Client(address, timeout="10s", set_as_default=False)
        except (OSError, TypeError, ValueError) as e:  # TypeError: `tls://` without certificates
            raise InvalidInput(f"dask: expected a scheduler at {address}, got none: {e}") from e
        self.deaths = 1  # the scheduler has tried it on several workers by then
        self.executor = self.client.get_executor(pure=False, retries=3)

    def window(self) -> int:
        """Return how many batches are given out at a time, as many as the cluster now works on."""
        threads: dict[str, int] = self.client.nthreads()
        return AHEAD * max(1, sum(threads.values()))

    def died(self, error: BaseException) -> bool:
        """Return whether an error says that this batch killed its workers."""
        from distributed import KilledWorker

        return isinstance(error, KilledWorker)

    def rebuild(self) -> bool:
        """Do nothing: the cluster starts its workers anew, and nothing else is lost."""
        return False

    def close(self) -> None:
        """Take back what was given out, and leave the cluster to others."""
        self.executor.shutdown(wait=False)
        self.client.close()
