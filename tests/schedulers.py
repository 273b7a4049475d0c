"""Where a Dask scheduler that was just started listens."""

from __future__ import annotations

import json
import time
from pathlib import Path

__all__ = ["address"]


def address(file: Path, seconds: float = 120.0) -> str:
    """Return the address in a scheduler's file, once all of it is written: it is there first."""
    end = time.monotonic() + seconds
    while True:
        try:
            return str(json.loads(file.read_text("utf-8"))["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            if time.monotonic() > end:
                raise
        time.sleep(0.05)
