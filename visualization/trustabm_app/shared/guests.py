"""How the server's other processes behave."""

from __future__ import annotations

import os

from trustabm.runs.processes import leave_with_parent

__all__ = ["be_a_guest"]


def be_a_guest() -> None:
    """Let whoever is watching a town go first, and leave when the server is gone."""
    if hasattr(os, "nice"):
        os.nice(5)
    # A server that was killed cannot send its processes home.
    leave_with_parent()
