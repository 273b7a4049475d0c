"""How functions are compiled: by numba, cached on disk, never from stale source.

numba's own cache looks at the file of the function it compiles, not at the files of the functions
it calls, so a changed rule would go on running as it was. Here the cache folder carries a digest
of every source file that is compiled: a changed rule is a new folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import numba
from numba import config
from numba.core.registry import CPUDispatcher

__all__ = ["cache_folder", "compiled", "is_compiled"]

_FOLDERS = ("rules", "state", "drivers")


@cache
def digest() -> str:
    """Return a digest of the source of everything that is compiled."""
    root = Path(__file__).parent
    seen = hashlib.blake2b(digest_size=8)
    for path in sorted(p for f in _FOLDERS for p in (root / f).glob("*.py")):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()


@cache
def cache_folder() -> Path:
    """Return the folder compiled code is kept in; `NUMBA_CACHE_DIR` moves it."""
    user = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    base = Path(os.environ.get("NUMBA_CACHE_DIR") or Path(user) / "trustabm")
    return base / f"trustabm-{digest()}"


def is_compiled() -> bool:
    """Return whether compiled code is on disk, so that a run does not begin by compiling."""
    # numba makes the folders when it is imported, and the files when it compiles.
    return any(cache_folder().rglob("*.nbi"))


class _Compiled(CPUDispatcher):
    """A function that compiled code calls directly, and Python through a second compilation.

    What lets Python call a compiled function takes longer to compile than most of the functions
    do, and of some two hundred of them a run calls one. So it is made for those that Python
    calls, when it does.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.from_python(*args, **kwargs)

    @cached_property
    def from_python(self) -> Any:
        """The function as Python calls it."""
        with _cached_in(cache_folder() / "python"):
            return numba.njit(**_OPTIONS)(self.py_func)


# The GIL is released while a function runs; integers and floats behave as in C (no exception on
# division by zero), and no floating-point operation is reordered.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}


@contextmanager
def _cached_in(folder: Path) -> Iterator[None]:
    settings: Any = config  # numba fills its attributes in when it is imported
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        settings.CACHE_DIR = before


def compiled[F: Callable[..., object]](function: F) -> F:
    """Compile a function on its first call, and keep the result on disk.

    The compiled function is called from Python and from other compiled functions alike.
    """
    options = {k: v for k, v in _OPTIONS.items() if k != "cache"}
    options |= {"nopython": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made = _Compiled(function, targetoptions=options)
    with _cached_in(cache_folder()):
        made.enable_caching()
    return cast(F, made)
