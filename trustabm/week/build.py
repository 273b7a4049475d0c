"""The week by rules of a user's own: the same functions, with some rules in place of the shipped.

What a replaced rule is part of is compiled anew, from the same code with other functions around it;
all else is shared with the shipped week, which stays as it is. Whoever asks a function of the week
from Python gets the one that the week's own rules want: the class of the `Week` says it.
"""

from __future__ import annotations

import hashlib
import os
import pkgutil
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from numba.core.errors import NumbaError

from trustabm.errors import InvalidInput
from trustabm.inputs.rule import Rule, levers_in
from trustabm.rules import contact, crime, demography, luck
from trustabm.rules.compiling import cache_folder, python_of, remade
from trustabm.rules.own import Replaceable, executed, placed, replaceable, seen_from
from trustabm.state.layout import GRADE_STEP
from trustabm.week import crimes, stops, turnover
from trustabm.week.week import Week, sought, sought_below

__all__ = ["SHIPPED", "Build", "build"]

ROOMS = ("rules", "state", "week")

KEPT = 24
"""Sets of rules whose compiled code is kept on disk, those used last."""


def _any_stop(w, block, weight, anywhere, many):
    return sought(w, block, luck.STOP_CANDIDATE, contact.STOP_BOUND, many)


def _any_offender(w, block, many):
    bound = crime.CRIME_BOUND
    more = bound / GRADE_STEP
    return sought_below(w, block, luck.CRIME_CANDIDATE, bound, luck.CRIME, 0.0, more, many)


def _any_change(w, block, many):
    return sought(w, block, luck.TURNOVER_CANDIDATE, demography.TURNOVER_BOUND, many)


SHORTCUTS: dict[str, tuple[Any, Any]] = {
    "stop_hazard": (stops._may_be_stopped, _any_stop),
    "offence_hazard": (crimes._may_offend, _any_offender),
    "turnover_hazard": (turnover._may_change, _any_change),
}
"""What leaves out people to whom nothing happens by the shipped rule, by what it takes for granted
of that rule; where the rule is another everybody is asked."""


class Build:
    """The functions of a week by some rules.

    Args:
        rules: A user's own; none for the shipped week.
    """

    def __init__(self, rules: tuple[Rule, ...] = ()) -> None:
        self.rules = rules
        self.digest = hashlib.blake2b(
            "".join(sorted(r.digest for r in rules)).encode(), digest_size=8
        ).hexdigest()
        self._others: dict[int, Any] = {}
        self.week: type[Week] = Week
        if rules:
            self._replace()
            fields = {"stands_for": staticmethod(self.of), "__slots__": ()}
            self.week = cast(type[Week], type("Week", (Week,), fields))

    def of[F: Callable[..., Any]](self, function: F) -> F:
        """Return a function of the week as it is by these rules."""
        found: F = self._others.get(id(function), function)
        return found

    def run[T](self, function: Callable[..., T], *inputs: Any) -> T:
        """Return what a function of the week gives by these rules.

        Raises:
            InvalidInput: where a user's own cannot be compiled.
        """
        try:
            return self.of(function)(*inputs)
        except NumbaError as e:
            if not self.rules:
                raise
            names = ", ".join(r.replaces for r in self.rules)
            lines = [line.strip() for line in str(e).splitlines() if line.strip()]
            raise InvalidInput(f"rule {names}: numba cannot compile it: {' '.join(lines)}") from e

    def _replace(self) -> None:
        """Make all anew that a replaced rule is part of."""
        own: dict[int, Any] = {}
        seen: list[tuple[dict[str, Any], Replaceable]] = []
        places = {lever.name: k for k, lever in enumerate(levers_in(self.rules))}
        for rule in self.rules:
            shipped = replaceable()[rule.replaces]
            names: dict[str, Any] = {"__name__": shipped.home.__name__}
            source = placed(rule.source, places)
            file = _file(self.digest, rule.replaces, source)
            function = executed(rule.replaces, source, names, file)
            inner = [k for k, v in names.items() if isinstance(v, FunctionType)]
            for name in inner:
                names[name] = self._made(shipped.made, names[name])
            own[id(shipped.made)] = names[function.__name__]
            seen.append((names, shipped))
        modules = _modules()
        for replaced in [r.replaces for r in self.rules]:
            for what, (short, whole) in SHORTCUTS.items():
                if what == replaced or replaced in _within(what):
                    own[id(short)] = self._made(short, _again(whole, whole.__globals__))
        anew = _anew(modules, own)
        shadows = {id(m): ModuleType(m.__name__) for m in modules}
        self._others = dict(own)
        for module in modules:
            names = vars(shadows[id(module)])
            names.update(vars(module))
            for value in vars(module).values():
                if id(value) in anew and _python(value).__module__ == module.__name__:
                    self._others[id(value)] = self._copied(value, names)
        for module in modules:
            names = vars(shadows[id(module)])
            for name, value in vars(module).items():
                names[name] = shadows.get(id(value), self._others.get(id(value), value))
        for names, shipped in seen:
            around = seen_from(shipped, vars(shadows[id(shipped.home)]))
            for name, value in around.items():
                names.setdefault(name, value)

    def _copied(self, value: Any, names: dict[str, Any]) -> Any:
        """Return a function with other functions around it."""
        copy = _again(_python(value), names)
        if python_of(value) is not None:
            return self._made(value, copy)
        return cache(copy) if hasattr(value, "cache_parameters") else copy

    def _made(self, like: Any, function: FunctionType) -> Any:
        """Compile a function under a name that no other set of rules has."""
        function.__qualname__ = f"{function.__name__}_{self.digest}"
        return remade(like, function, "own", self.digest)


def _again(python: FunctionType, names: dict[str, Any]) -> FunctionType:
    """Return a function again, with other names around it."""
    copy = FunctionType(python.__code__, names, python.__name__, python.__defaults__)
    copy.__module__, copy.__doc__ = python.__module__, python.__doc__
    copy.__kwdefaults__ = python.__kwdefaults__
    return copy


def _python(value: Any) -> FunctionType:
    """Return the Python of a function of the week, whatever is around it."""
    found = python_of(value)
    plain = getattr(value, "__wrapped__", value) if found is None else found
    assert isinstance(plain, FunctionType)
    return plain


@cache
def _modules() -> tuple[ModuleType, ...]:
    """Return every module whose functions a week is made of."""
    names = [
        f"trustabm.{room}.{found.name}"
        for room in ROOMS
        for found in pkgutil.iter_modules(import_module(f"trustabm.{room}").__path__)
    ]
    rules = ("own", "compiling", "fetching", "references")
    own = {*(f"trustabm.rules.{name}" for name in rules), __name__}
    return tuple(import_module(name) for name in names if name not in own)


def _is_function(value: Any, module: ModuleType) -> bool:
    if python_of(value) is None and not isinstance(value, FunctionType):
        if not hasattr(value, "cache_parameters"):
            return False
    return bool(_python(value).__module__ == module.__name__)


@cache
def _uses() -> dict[int, tuple[Any, set[int]]]:
    """Return every function of the week with what it may call, by its identity.

    By name, so that it is more rather than less: any function of a module it names whose own name
    it has too.
    """
    modules = _modules()
    known = {id(m): m for m in modules}
    found: dict[int, tuple[Any, set[int]]] = {}
    for module in modules:
        for value in vars(module).values():
            if not _is_function(value, module):
                continue
            words, around = _words(_python(value).__code__), vars(module)
            called = {id(around[w]) for w in words if w in around}
            for home in [known[k] for k in called if k in known]:
                called |= {id(vars(home)[w]) for w in words if w in vars(home)}
            found[id(value)] = value, called
    return found


def _words(code: CodeType) -> set[str]:
    found = set(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found |= _words(inner)
    return found


def _anew(modules: Iterable[ModuleType], own: dict[int, Any]) -> set[int]:
    """Return the functions that a replaced one is part of, however far within."""
    uses, anew = _uses(), set(own)
    while more := {k for k, (_, called) in uses.items() if k not in anew and called & anew}:
        anew |= more
    return anew - set(own)


def _within(rule: str) -> set[str]:
    """Return the rules that are part of a rule, however far within."""
    rules, uses = {id(r.made): r for r in replaceable().values()}, _uses()
    found: set[int] = set()
    wanted = {id(replaceable()[rule].made)}
    while wanted:
        found |= wanted
        wanted = {c for k in wanted for c in uses[k][1] if c in rules} - found
    return {rules[k].name for k in found}


def _file(digest: str, replaces: str, source: str) -> str:
    """Return the file that holds a rule's source, beside the code compiled from it.

    numba keeps what it compiles of a file by the file's time, so that is always the same.
    """
    folder = cache_folder()
    if folder is None:
        return f"<rule {replaces}>"
    path = folder / "own" / digest / f"{replaces}.py"
    with suppress(OSError):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _forget(path.parents[1])
            with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
                file.write(source.encode())
            os.utime(file.name, (0, 0))
            os.replace(file.name, path)
        os.utime(path.parent)
    return str(path) if path.exists() else f"<rule {replaces}>"


def _forget(folder: Path) -> None:
    """Remove the compiled code of sets of rules that were not used for longest."""
    with suppress(OSError):
        old = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]
        for path in old:
            shutil.rmtree(path, ignore_errors=True)


@cache
def build(rules: tuple[Rule, ...] = ()) -> Build:
    """Return the week by some rules, made once in a process.

    Args:
        rules: A user's own, each in place of another.
    """
    return Build(rules) if rules else SHIPPED


SHIPPED = Build()
"""The week as it ships."""
