"""The app for tests that talk to it: as a process of its own, or one coroutine of it."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest


def ran(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser may have its loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@contextmanager
def serving(folder, *options, command="app", **env):
    """Serve the app on a free port; give its address, process and log. The log must be clean."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    log = folder / "log.txt"
    # Solara writes into a home; numba's cache is to be found where it is.
    env = os.environ | {"SOLARA_HOME": str(folder), "PYTHONUNBUFFERED": "1"} | env
    start = "from trustabm.cli import main; main()"
    words = [sys.executable, "-c", start, command, "--port", str(port), *options]
    with log.open("w") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            assert process.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(url + "/readyz", timeout=1)
                break
            except OSError:
                time.sleep(0.25)
        else:
            pytest.fail(log.read_text())
        yield url, process.pid, log
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
