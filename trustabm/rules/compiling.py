"""How functions are compiled: by numba, cached on disk, never from stale source.

numba's own cache looks at the file of the function it compiles, not at the files of the functions
it calls, so a changed rule would go on running as it was. Here the cache folder carries a digest
of every source file that is compiled: a changed rule is a new folder.

With TRUSTABM_UNCOMPILED=1 in the environment nothing is compiled: a debugger steps through rules,
coverage sees them, and results are the same, some hundred times as slow.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from types import FunctionType
from typing import Any, cast

import numba
from numba import config, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher

from trustabm.rules.uncompiled import asked, uncompiled

__all__ = [
    "always_compiled",
    "cache_folder",
    "compiled",
    "inlined",
    "is_compiled",
    "python_of",
    "remade",
]

FOLDERS = ("rules", "state", "week")

UNCOMPILED = os.environ.get("TRUSTABM_UNCOMPILED", "") not in ("", "0")

USER = os.getuid() if hasattr(os, "getuid") else None
"""The user's number; Windows has none, and temporary files that others cannot write to."""


@cache
def digest() -> str:
    """Return a digest of the source of everything that is compiled."""
    root = Path(__file__).parents[1]
    seen = hashlib.blake2b(digest_size=8)
    for path in sorted(p for f in FOLDERS for p in (root / f).glob("*.py")):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()


@cache
def cache_folder() -> Path | None:
    """Return the folder compiled code is kept in, None where none can be written.

    `NUMBA_CACHE_DIR` moves it. Where it cannot be written (a read-only home, a container's user
    without one) it is a folder of temporary files that is this user's alone, and that is said.
    """
    name = f"trustabm-{digest()}"
    usual = _usual()
    if usual is not None and _can_be_written(usual / name):
        return usual / name
    where = _temporary(name)
    if multiprocessing.parent_process() is None:
        kept = f"in {where}" if where else "nowhere, so every start compiles"
        print(
            f"trustabm: {usual or 'home'}: expected a folder for compiled code that can be "
            f"written, got none; it is kept {kept} (NUMBA_CACHE_DIR names another)",
            file=sys.stderr,
            flush=True,
        )
    return where


def _usual() -> Path | None:
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        return Path(named)
    try:
        user = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:  # a user that the system does not know
        return None
    return Path(user) / "trustabm"


def _can_be_written(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"1")
    except OSError:
        return False
    return True


def _temporary(name: str) -> Path | None:
    try:
        own = Path(tempfile.gettempdir()) / f"trustabm-cache-{USER}"
    except FileNotFoundError:  # no place for temporary files either
        return None
    return own / name if _is_ours(own) and _can_be_written(own / name) else None


def _is_ours(folder: Path) -> bool:
    """Return whether a folder among temporary files is ours alone: what lies in it is executed."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        seen = folder.lstat()
    except OSError:
        return False
    alone = USER is None or (seen.st_uid == USER and not seen.st_mode & 0o077)
    return stat.S_ISDIR(seen.st_mode) and alone


def is_compiled() -> bool:
    """Return whether a run begins without compiling: compiled code is on disk, or not wanted."""
    # numba makes the folders when it is imported, and the files when it compiles.
    folder = cache_folder()
    return UNCOMPILED or (folder is not None and bool(list(folder.rglob("*.nbi"))))


class _Library(JITCodeLibrary):
    """What is compiled of a function that compiled functions alone call.

    numba optimizes every function, with all that it calls, and makes machine code of it before it
    is linked into its callers, where that is done again. Here it waits for those Python calls.
    """

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0: there is no machine code."""
        return 0

    @property
    def codegen(self) -> Any:
        """Where numba would write down what Python values the function holds: it holds none."""
        return _Nowhere

    def serialize_using_object_code(self) -> Any:
        """Return what the cache keeps."""
        return self.serialize_using_bitcode()


class _Nowhere:
    @staticmethod
    def set_env(name: str, env: object) -> None:
        """Do nothing."""


class _Inner(Compiler):
    """Compiles functions that compiled functions alone call."""

    def compile_extra(self, function: Any) -> Any:
        """Compile a function."""
        self.state.library = _Library(self.state.targetctx.codegen(), function.__qualname__)
        self.state.library.enable_object_caching()
        return super().compile_extra(function)


class _InnerImpl(CompileResultCacheImpl):
    def rebuild(self, target_context: Any, payload: Any) -> Any:
        """Return what was kept of a function that compiled functions alone call."""
        codegen = target_context.codegen()
        codegen._library_class = _Library
        try:
            return super().rebuild(target_context, payload)
        finally:
            del codegen._library_class


class _Cache(FunctionCache):
    """numba's files of one function; where they cannot be read or written, it is compiled."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # whatever unpickling damaged files gives
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        with suppress(Exception):  # a full disk, or an index that is damaged
            super().save_overload(sig, data)


class _InnerCache(_Cache):
    _impl_class = _InnerImpl  # type: ignore[assignment]


_NARROW = (types.int8, types.int16, types.int32, types.uint8, types.uint16, types.uint32)


def _wide(kind: Any) -> Any:
    """Return the type that a function takes in place of one that a call has: no literals, 64 bits.

    It would be compiled anew for each literal and each width of a column, with all that it calls.
    """
    kind = types.unliteral(kind)
    return types.int64 if kind in _NARROW else kind


class _Compiled(CPUDispatcher):
    """A function that compiled code calls directly, and Python through a second compilation.

    What lets Python call a compiled function takes longer to compile than most of the functions
    do, and of some two hundred of them a run calls one. So it is made for those that Python
    calls, when it does.
    """

    below: tuple[str, ...] = ()
    """The folder of its files, below the cache folder."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return asked(self, args).from_python(*args, **kwargs)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Return how a call is typed, for numba: functions are compiled for wide numbers alone."""
        wide = {name: _wide(kind) for name, kind in kws.items()}
        return super().get_call_template(tuple(map(_wide, args)), wide)

    @cached_property
    def from_python(self) -> Any:
        """The function as Python calls it."""
        made = numba.njit(**_OPTIONS)(self.py_func)
        _cached(made, _Cache, *self.below, "python")
        return made


# The GIL is released while a function runs; integers and floats behave as in C (no exception on
# division by zero), and no floating-point operation is reordered. Nothing is allocated in them, so
# references need no counting, which would be a quarter of what there is to compile.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def _cached(made: Any, kind: type[_Cache], *below: str) -> None:
    """Keep what a dispatcher compiles below the cache folder, if there is one."""
    folder = cache_folder()
    if folder is None or made.py_func.__code__.co_filename.startswith("<"):
        return
    settings: Any = config  # numba fills its attributes in when it is imported
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder.joinpath(*below))
    try:
        made._cache = kind(made.py_func)
    finally:
        settings.CACHE_DIR = before


def remade(made: Any, function: Callable[..., object], *below: str) -> Any:
    """Compile a function as another one is compiled.

    Args:
        made: The other one, or its Python where nothing is compiled.
        function: The function; its `__qualname__` is to be no other's.
        below: The folder of its files, below the cache folder.
    """
    if isinstance(made, _Compiled):
        return always_compiled(function, made.targetoptions["forceinline"], *below)
    return uncompiled(function)


def python_of(made: Any) -> FunctionType | None:
    """Return the Python of a compiled function, or of one that would be; None of anything else."""
    if isinstance(made, _Compiled):
        return cast(FunctionType, made.py_func)
    return made.__wrapped__ if getattr(made, "would_be_compiled", False) else None


def compiled[F: Callable[..., object]](function: F) -> F:
    """Compile a function on its first call, and keep the result on disk.

    The compiled function is called from Python and from other compiled functions alike.
    """
    return cast(F, uncompiled(function)) if UNCOMPILED else always_compiled(function, False)


def inlined[F: Callable[..., object]](function: F) -> F:
    """Compile a function into those that call it.

    For what is asked of many residents every week, the call would take longer than the function.
    Of what is rarely called it is not worth the compiling.
    """
    return cast(F, uncompiled(function)) if UNCOMPILED else always_compiled(function, True)


def always_compiled[F: Callable[..., object]](function: F, inline: bool = True, *below: str) -> F:
    """Compile a function even where others are not: one that Python is too slow for.

    Args:
        function: The function.
        inline: Whether it is compiled into those that call it.
        below: The folder of its files, below the cache folder.
    """
    options = _OPTIONS | {"nopython": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    options["forceinline"] = inline
    made = _Compiled(function, targetoptions=options, pipeline_class=_Inner)
    made.below = below
    _cached(made, _InnerCache, *below)
    return cast(F, made)
