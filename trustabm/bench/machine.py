"""On what it was measured: processor, cores, memory, versions. No names of machines or folders."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

from llvmlite.binding import get_host_cpu_name

from trustabm.runs.provenance import version

__all__ = ["machine", "versions"]

PACKAGES = ("trustabm", "numpy", "numba", "llvmlite", "mesa", "starsim", "laser-generic", "jax")


def machine() -> dict[str, Any]:
    """Return what the machine is."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.machine(),
        "compiled_for": get_host_cpu_name(),
        "cores": os.cpu_count(),
        "cache": _first("/proc/cpuinfo", "cache size"),
        "memory_gb": _gigabytes(),
        "system": platform.system(),
    }


def versions() -> dict[str, str | None]:
    """Return the versions of what was measured; None where it is not installed."""
    python = {"python": ".".join(map(str, sys.version_info[:3]))}
    return python | {name: version(name) for name in PACKAGES}


def _first(path: str, field: str) -> str | None:
    file = Path(path)
    if not file.exists():
        return None
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == field:
            return value.strip()
    return None


def _gigabytes() -> float | None:
    total = _first("/proc/meminfo", "MemTotal")
    return round(int(total.split()[0]) / 2**20, 1) if total else None
