"""What code says: digests of modules and of what they import, whatever the layout.

Comments, docstrings, formatting and line ends are left out, so that a clearer sentence is no other
code.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["code_form", "imported", "of_class", "text_digest"]

FOLDER = Path(__file__).parents[2]
"""Where the package lies."""


def imported(module: str, folder: Path = FOLDER) -> dict[str, str]:
    """Return digests of what a module and all that it imports say, by their full names.

    What is imported inside a function counts, what only type checkers import does not.

    Args:
        module: Its full name; what lies outside its package is left out.
        folder: Where its package lies.
    """
    package = module.partition(".")[0]
    found: dict[str, str] = {}
    wanted = [module]
    while wanted:
        name = wanted.pop()
        base = folder.joinpath(*name.split("."))
        path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
        # What a name stands for in `from module import name` is a module or something in it.
        if name in found or name.partition(".")[0] != package or not path.is_file():
            continue
        tree = ast.parse(path.read_text("utf-8"))
        found[name] = text_digest(_form(tree))
        wanted += [*_imports(tree), name.rpartition(".")[0]]
    return dict(sorted(found.items()))


def of_class(kind: type) -> dict[str, str]:
    """Return digests of what the modules of a class and of what it inherits say, as `imported`.

    Mesa's own stay out. A module that no file holds has no digest.
    """
    found: dict[str, str] = {}
    for name in {base.__module__ for base in kind.__mro__} - {"builtins"}:
        file = getattr(sys.modules.get(name), "__file__", None)
        if file and name.partition(".")[0] != "mesa":
            path = Path(file)
            depth = name.count(".") + (path.name == "__init__.py")
            found |= imported(name, path.parents[depth])
    return dict(sorted(found.items()))


def _imports(node: ast.AST) -> Iterator[str]:
    """Yield the names that a piece of code imports, absolute ones."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
        yield str(node.module)
    elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        for other in node.orelse:
            yield from _imports(other)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _imports(child)


def code_form(source: str) -> Any:
    """Return what Python code says, as plain values."""
    return _form(ast.parse(source))


def text_digest(what: Any) -> str:
    """Return a digest of plain values."""
    text = json.dumps(what, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _form(node: Any) -> Any:
    if isinstance(node, list):
        return [_form(part) for part in node if not _is_text(part)]
    if not isinstance(node, ast.AST):
        return repr(node)
    # Fields that are empty are left out: which there are differs between versions of Python.
    fields = {
        name: _form(value)
        for name, value in ast.iter_fields(node)
        if name not in ("ctx", "kind", "type_comment", "type_ignores") and value not in (None, [])
    }
    return [type(node).__name__, {name: form for name, form in fields.items() if form != []}]


def _is_text(node: Any) -> bool:
    """Return whether this is a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
