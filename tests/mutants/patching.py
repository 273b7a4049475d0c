"""A fault is put into the modules as they are in memory, in a process that is thrown away."""

from __future__ import annotations

import ast
import gc
import sys
import types
from pathlib import Path
from typing import Any

from mutants.sites import ROOT, Mutant, mutated

Key = tuple[str, str, int]
Functions = dict[Key, list[types.FunctionType]]


def functions() -> Functions:
    """Return every function of the package in memory, by file, name and line."""
    here = str(ROOT / "trustabm")
    found: Functions = {}
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__code__.co_filename.startswith(here):
            found.setdefault(_key(thing.__code__), []).append(thing)
    return found


def holders(mutant: Mutant) -> set[str]:
    """Return the files of the modules that hold what a fault at import changes."""
    return {str(m.__file__) for m, _, _ in _changed(_name(mutant), _made(mutant))}


def put_in(mutant: Mutant, known: Functions) -> None:
    """Put a fault in: functions get its code, and what was made at import is made again."""
    name, path = _name(mutant), str(ROOT / "trustabm" / mutant.file)
    if mutant.at_import:
        for module, held, value in _changed(name, _made(mutant)):
            setattr(module, held, value)
        return
    whole = compile(mutated(mutant), path, "exec")
    now = {_key(code): code for code in _codes(whole)}
    changed = 0
    for key, code in now.items():
        for function in known.get(key, ()):
            if function.__code__ != code:
                function.__code__ = code
                _interpreted(function)
                changed += 1
    assert changed, f"not in memory: {mutant.name}"


def _interpreted(function: types.FunctionType) -> None:
    """Let Python run a function that is always compiled, as it now is."""
    for module in _ours():
        for name, held in list(vars(module).items()):
            if getattr(held, "py_func", None) is function:
                setattr(module, name, function)


def is_always_compiled(mutant: Mutant) -> bool:
    """Return whether what a fault is in is compiled code where nothing else is."""
    return hasattr(getattr(sys.modules[_name(mutant)], mutant.where, None), "py_func")


def _ours() -> list[types.ModuleType]:
    return [m for n, m in list(sys.modules.items()) if n.split(".")[0] == "trustabm" and m]


def _name(mutant: Mutant) -> str:
    return "trustabm." + mutant.file.removesuffix(".py").replace("/", ".")


def _made(mutant: Mutant) -> dict[str, Any]:
    """Return the names of the module as they are if it is imported with the fault."""
    return _ran(mutant, mutated(mutant))


def _ran(mutant: Mutant, tree: ast.Module) -> dict[str, Any]:
    module = sys.modules[_name(mutant)]
    fresh = types.ModuleType(module.__name__)
    fresh.__dict__.update(__file__=module.__file__, __package__=module.__package__)
    sys.modules[module.__name__] = fresh
    try:
        exec(compile(tree, str(module.__file__), "exec"), fresh.__dict__)
    finally:
        sys.modules[module.__name__] = module
    return fresh.__dict__


def _changed(name: str, made: dict[str, Any]) -> list[tuple[types.ModuleType, str, Any]]:
    """Return where values that differ are held, under which name, and what they become."""
    module = sys.modules[name]
    source = Path(str(module.__file__)).read_text("utf-8")
    whole = Mutant(
        name.removeprefix("trustabm.").replace(".", "/") + ".py", *[""] * 4, 0, (0, 0), 0, 0
    )
    before = _ran(whole, ast.parse(source))
    found = []
    for key, value in made.items():
        if key.startswith("__") or isinstance(value, type | types.ModuleType | types.FunctionType):
            continue
        if _said(value) == _said(before.get(key)):
            continue
        held = getattr(module, key)
        found += [(m, key, value) for m in _ours() if m.__dict__.get(key) is held]
    return found


def _said(value: Any) -> str:
    return repr(value)


def _key(code: types.CodeType) -> Key:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(code: types.CodeType) -> list[types.CodeType]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return [code, *(deep for c in inner for deep in _codes(c))]
