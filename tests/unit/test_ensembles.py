"""Ensembles: their processes do not outlive the server."""

from __future__ import annotations

import signal
import subprocess
import sys

from trustabm_app.address import Setting, Turn
from trustabm_app.ensembles import _policies

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


def test_a_policy_beside_itself_is_called_a_and_b():
    def names(*turns):
        return list(_policies(Setting(a="none", b="none", turns=turns)))

    turned = [Turn(arm, 0, "firewall", value) for arm, value in (("a", 0.2), ("b", 0.9))]
    assert names() == ["No entanglement (A)", "No entanglement (B)"]
    assert names(turned[1]) == ["No entanglement", "No entanglement, changed on the screen"]
    assert names(*turned) == [
        "No entanglement, changed on the screen (A)",
        "No entanglement, changed on the screen (B)",
    ]
    assert _policies(Setting()) == ["none", "secure-communities"]
