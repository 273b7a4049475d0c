"""Output folders: written whole or not at all, and never over something not asked for."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustabm.errors import OutputExists

__all__ = ["refuse_existing", "written"]


@contextmanager
def written(folder: str | Path, force: bool) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `folder` when all has gone well.

    Raises:
        OutputExists: where that would destroy something not asked for.
    """
    final = Path(folder)
    refuse_existing(final, force)
    final.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    try:
        half.chmod(0o777 & ~_umask())
        yield half
        if final.exists() and any(final.iterdir()):
            old = Path(tempfile.mkdtemp(prefix=f".{final.name}-old-", dir=final.parent))
            os.replace(final, old)
            os.replace(half, final)
            shutil.rmtree(old)
        else:
            os.replace(half, final)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def refuse_existing(folder: Path, force: bool) -> None:
    """Raise `OutputExists` unless results may be written to `folder`."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputExists(f"{folder}: expected a folder to write to, got a file")
    if not any(folder.iterdir()):
        return
    if not force:
        raise OutputExists(
            f"{folder}: expected a new or empty folder, got one that holds something; "
            "--force (force=True) replaces an earlier result"
        )
    if not (folder / "provenance.json").exists():
        raise OutputExists(
            f"{folder}: expected an earlier result to replace, got a folder without "
            "provenance.json; it is left alone"
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
