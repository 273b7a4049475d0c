"""A study's folder on object storage: an address as `s3://bucket/deputies`, by way of fsspec.

Objects are put whole or not at all, cannot be renamed, and are locked by nobody. So a sweep works
in a folder of this machine and puts there what it has saved: parts, which never change and say in
their name what is in them, and then the papers. One driver at a time is to be at work there.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trustabm.errors import InvalidInput, NotWritten, need
from trustabm.study.store import KINDS, LOCK, Store

__all__ = ["fetched", "is_address", "mirrored"]

PAPERS = ("points.parquet", "provenance.json", "study.toml")
"""In the order in which they are written: a folder that has a study has its points."""


def is_address(place: object) -> bool:
    """Return whether a place is an address of object storage, not a path."""
    return isinstance(place, str) and "://" in place


class Remote:
    """A study's folder at an address.

    Args:
        address: As fsspec reads it.

    Raises:
        InvalidInput: for an address that fsspec does not know.
        NotInstalled: where what reads it is not installed.
    """

    def __init__(self, address: str) -> None:
        need("remote", address)
        from fsspec.core import url_to_fs

        self.address = address
        try:
            self.files, self.root = url_to_fs(address)
        except (ImportError, OSError, ValueError) as e:
            raise InvalidInput(f"{address}: expected an address that fsspec knows, got: {e}") from e
        self.put: dict[str, Any] = {}

    def names(self) -> list[str]:
        """Return what lies there of a study, by its path below the address.

        Raises:
            InvalidInput: where it cannot be reached.
        """
        self.files.invalidate_cache()
        found = []
        try:
            for kind in KINDS:
                folder = f"{self.root}/{kind}"
                if self.files.isdir(folder):
                    names = (str(n).rstrip("/").rpartition("/")[2] for n in self._list(folder))
                    found += [f"{kind}/{name}" for name in names if name.endswith(".parquet")]
            return found + [name for name in PAPERS if self.files.isfile(f"{self.root}/{name}")]
        except OSError as e:
            raise InvalidInput(f"{self.address}: expected storage that answers, got: {e}") from e

    def _list(self, folder: str) -> list[str]:
        return [str(name) for name in self.files.ls(folder, detail=False)]

    def fetch(self, folder: Path) -> None:
        """Bring what lies there into a folder of this machine.

        Raises:
            InvalidInput: where it cannot be read.
        """
        for name in self.names():
            to = folder / name
            to.parent.mkdir(parents=True, exist_ok=True)
            try:
                to.write_bytes(self.files.cat_file(f"{self.root}/{name}"))
            except OSError as e:
                where = f"{self.address}/{name}"
                raise InvalidInput(f"{where}: expected a file that can be read, got: {e}") from e
            self.put[name] = _state(to)

    def send(self, folder: Path) -> None:
        """Put there what is new in a folder, then take away parts that others took the place of.

        Raises:
            NotWritten: where it cannot be written; the folder of this machine has it all.
        """
        store = Store(folder)
        parts = [part for kind in reversed(KINDS) for part in store.parts(kind)]
        now = [*parts, *(p for p in (folder / name for name in PAPERS) if p.is_file())]
        names = {path.relative_to(folder).as_posix(): path for path in now}
        try:
            for name, path in names.items():
                if self.put.get(name) != _state(path):
                    self.files.makedirs(f"{self.root}/{name}".rpartition("/")[0], exist_ok=True)
                    self.files.pipe_file(f"{self.root}/{name}", path.read_bytes())
                    self.put[name] = _state(path)
            for name in [name for name in self.put if name not in names]:
                self.files.rm_file(f"{self.root}/{name}")
                del self.put[name]
        except OSError as e:
            raise NotWritten(
                f"{self.address}: expected storage that can be written, got: {e}"
            ) from e


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@contextmanager
def mirrored(address: str) -> Iterator[tuple[Path, Callable[[], None]]]:
    """Yield a folder with what lies at an address, and what puts there what was saved since.

    Args:
        address: As fsspec reads it.

    Raises:
        InvalidInput: for an address that cannot be reached.
        NotWritten: where it cannot be written.
    """
    remote = Remote(address)
    with tempfile.TemporaryDirectory(prefix="trustabm-") as place:
        folder = Path(place)
        remote.fetch(folder)
        if any(folder.iterdir()):
            (folder / LOCK).touch()  # a sweep's own, as it is known here by
        try:
            yield folder, lambda: remote.send(folder)
        finally:
            remote.send(folder)


def fetched(address: str) -> Path:
    """Bring a study from an address; return the folder that has it until this program ends.

    Args:
        address: As fsspec reads it; of a web server too, as `https://example.org/deputies`.

    Raises:
        InvalidInput: where there is no study.
    """
    remote = Remote(address)
    folder = Path(tempfile.mkdtemp(prefix="trustabm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    remote.fetch(folder)
    if not (folder / "study.toml").is_file():
        raise InvalidInput(
            f"{address}: expected a folder that `trustabm sweep` wrote, got no study"
        )
    return folder
