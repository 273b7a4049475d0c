"""Other processes of this machine that share the work: started here, and gone with who asked.

They know the package and never import the script that asked, so that a script needs no
`if __name__ == "__main__":` of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

from trustabm.errors import InvalidInput, WorkersLost

__all__ = ["Processes", "begin", "how_many", "leave_with_parent", "pool"]

MOST = 61
"""Processes that an executor starts at most: Windows cannot wait for more."""

_launching = threading.Lock()


def how_many(workers: int | None, most: int | None = None) -> int:
    """Return how many processes to use.

    Args:
        workers: As many as asked for; as there are processors if not given.
        most: No more than this, as many as there are pieces of work.

    Raises:
        InvalidInput: for fewer than one.
    """
    if workers is not None and workers < 1:
        raise InvalidInput(f"workers: expected at least 1, got {workers}")
    if multiprocessing.current_process().daemon:
        return 1  # somebody else's worker, which may not start processes
    many = workers or os.cpu_count() or 1
    if os.name == "nt":
        many = min(many, MOST)
    return many if most is None else max(1, min(many, most))


@contextmanager
def pool(many: int) -> Iterator[ProcessPoolExecutor]:
    """Yield an executor of so many processes; on an error or Ctrl-C, stop them at once.

    Raises:
        WorkersLost: where one ended before its work was done.
    """
    processes = Processes()
    executor = ProcessPoolExecutor(many, mp_context=processes, initializer=begin)
    try:
        yield executor
    except BrokenProcessPool as e:
        raise WorkersLost(
            f"workers: expected {many} to finish, but one ended before; out of memory? Fewer "
            "residents or workers need less."
        ) from e
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        processes.end()
        raise
    finally:
        executor.shutdown()


class Processes(SpawnContext):
    """What starts processes, as `multiprocessing.get_context("spawn")`, and can end them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: N802
        """Return a process that has not begun."""
        self.started.append(_Worker(*args, **kwargs))
        return self.started[-1]

    def end(self) -> None:
        """Stop all of them at once."""
        for process in self.started:
            if process.is_alive():
                process.terminate()


class _Worker(SpawnProcess):
    """A process that does not import the main module of the one that starts it."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        with _launching:
            whole: Callable[[str], dict[str, Any]] = spawn.get_preparation_data

            def without_main(name: str) -> dict[str, Any]:
                return {k: v for k, v in whole(name).items() if not k.startswith("init_main")}

            patched: Any = spawn
            patched.get_preparation_data = without_main
            try:
                return SpawnProcess._Popen(process_obj)
            finally:
                patched.get_preparation_data = whole


def begin() -> None:
    """Prepare a worker: it ends with who started it, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_with_parent()


def leave_with_parent() -> None:
    """End this process when the one that started it is gone, also where that was killed."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
