"""How the server's other processes behave."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.process import BaseProcess

__all__ = ["be_a_guest"]


def be_a_guest() -> None:
    """Let whoever is watching a town go first, and leave when the server is gone."""
    if hasattr(os, "nice"):
        os.nice(5)
    # A server that was killed cannot send its processes home.
    threading.Thread(
        target=_leave_with, args=[multiprocessing.parent_process()], daemon=True
    ).start()


def _leave_with(server: BaseProcess | None) -> None:
    if server is not None:
        server.join()
        os._exit(0)
