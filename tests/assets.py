"""What the screen's tests need from npm: built where it is not there yet."""

from __future__ import annotations

import subprocess
from pathlib import Path

import build_assets
from filelock import FileLock

__all__ = ["AXE", "why_missing"]

AXE = Path(build_assets.HERE) / "node_modules" / "axe-core" / "axe.min.js"
SECONDS = 90.0
REMEDY = (
    "install npm (Debian: `apt-get install npm`) where it is not there, and with its registry in "
    "reach run `uv run python visualization/build_assets.py`"
)


def why_missing() -> str:
    """Build what is not there; return why the screen cannot be tested, empty where it can.

    One process at a time: two that install into one folder undo each other's work.
    """
    with FileLock(build_assets.HERE / ".building.lock"):
        return _why_missing()


def _why_missing() -> str:
    built = (build_assets.VENDOR / "uplot").is_dir()
    if built and AXE.is_file():
        return ""
    try:
        build_assets.build(seconds=SECONDS)
    except FileNotFoundError as e:
        why = str(e)
    except subprocess.TimeoutExpired:
        why = f"npm took over {SECONDS:g} s"
    except (OSError, subprocess.SubprocessError) as e:
        said = (getattr(e, "stderr", b"") or b"").decode("utf-8", "replace").strip()
        why = f"npm failed: {said.splitlines()[0][:200] if said else e}"
    else:
        return ""
    # What is shown is there; only axe is not, and its tests say so themselves.
    return "" if built else f"the screen's scripts are not built, for {why}; {REMEDY}"
