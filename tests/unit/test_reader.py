"""The process that reads studies: it ends with the server, and begins again when it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASKED = """
import multiprocessing, os, signal, time
from trustabm_app.study import reader
assert reader.ask("listed", {}) == []
(process,) = multiprocessing.active_children()
"""

KILLED = "os.kill(os.getpid(), signal.SIGKILL)"

LOST = """
process.kill()
process.join()
assert "was lost" in reader.ask("listed", {})
assert reader.ask("listed", {}) == []
"""

IDLE = """
reader.IDLE = 0
reader.ask("listed", {})
process.join()
assert reader.ask("listed", {}) == []
"""


@pytest.mark.posix
@pytest.mark.parametrize(
    ("then", "code"),
    [(KILLED, -9), (LOST, 0), (IDLE, 0)],
    ids=["server-killed", "lost", "idle"],
)
def test_the_process_ends_and_begins_again(then, code):
    words = [sys.executable, "-c", ASKED + then]
    # It holds the server's output open: this comes back only once it is gone.
    done = subprocess.run(words, capture_output=True, timeout=120)
    assert done.returncode == code, done.stderr.decode()
