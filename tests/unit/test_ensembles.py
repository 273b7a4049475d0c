"""Ensembles: their processes do not outlive the server."""

from __future__ import annotations

import signal
import subprocess
import sys

KILLED = """
import os, signal
from trustabm_app.ensembles import _shared_pool
_shared_pool().submit(os.getpid).result()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_processes_leave_when_the_server_was_killed():
    # They hold its output open: this comes back only once all of them are gone.
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL
