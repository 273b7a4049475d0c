"""Rules of a user's own: which there are to replace, and what the source of one may hold.

A rule travels as source text, so that every process, machine and record has it whole. The text may
hold numbers, `import math`, `import numpy as np` and functions, the last of them the rule. It sees
what the shipped rule's file sees, and that rule itself as `shipped`.
"""

from __future__ import annotations

import ast
import dis
import inspect
import math
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple, TypeGuard

import numpy as np

from trustabm.errors import InvalidInput, nearest, shown
from trustabm.rules import codes
from trustabm.rules.compiling import python_of

__all__ = [
    "PHASES",
    "Replaceable",
    "checked",
    "declared_in",
    "executed",
    "in_file",
    "levers_read",
    "placed",
    "replaceable",
    "source_of",
]

PHASES = ("beliefs", "contact", "crime", "reporting", "policing", "enforcement", "demography")
"""The files whose rules can be replaced; luck is keyed, and how a town is laid out no rule."""

IMPORTS = {"math": math, "numpy": np}

WORDS = (abs, bool, divmod, enumerate, float, int, len, max, min, pow, range, round, sum, zip)
"""What a rule may take of Python's own."""


class Replaceable(NamedTuple):
    """A rule that ships, which a user's own can take the place of.

    Args:
        name: Its name.
        phase: The file it is in, one of `PHASES`.
        made: The function, compiled.
    """

    name: str
    phase: str
    made: Any

    @property
    def home(self) -> ModuleType:
        """The module it is in."""
        return import_module(f"trustabm.rules.{self.phase}")

    @property
    def python(self) -> Any:
        """The function, as Python."""
        return python_of(self.made)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of what it is given, in order."""
        return _inputs(self.python)

    @property
    def says(self) -> str:
        """What it returns, of what, and whose finding it is."""
        return inspect.cleandoc(self.python.__doc__ or "")


@cache
def replaceable() -> dict[str, Replaceable]:
    """Return every rule that can be replaced, by name."""
    found = {}
    for phase in PHASES:
        home = import_module(f"trustabm.rules.{phase}")
        for name, made in vars(home).items():
            python = python_of(made)
            if python is not None and python.__module__ == home.__name__:
                found[name] = Replaceable(name, phase, made)
    return found


def _inputs(function: FunctionType) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount]


def checked(name: str, source: str) -> FunctionType:
    """Return the Python of a rule's source, which may hold only what a rule may.

    Args:
        name: The rule that it replaces.
        source: Its text.

    Raises:
        InvalidInput: for a rule that does not exist, for other inputs than the shipped rule's, and
            for what a rule may not hold.
    """
    rules = replaceable()
    if name not in rules:
        raise InvalidInput(f"rule: no {shown(name)}; {nearest(name, rules)}")
    _check_text(name, source)
    shipped = rules[name]
    names = seen_from(shipped, vars(shipped.home))
    function = executed(name, source, names)
    got = f"({', '.join(_inputs(function))})"
    if got != (expected := f"({', '.join(shipped.inputs)})"):
        raise InvalidInput(f"rule {name}: expected {expected}, got {got}")
    known = {word.__name__ for word in WORDS}
    for other in _functions(function.__globals__, f"<rule {name}>"):
        for unknown in sorted(_wanted(other.__code__)):
            if unknown not in function.__globals__ and unknown not in known:
                raise InvalidInput(
                    f"rule {name}: expected its inputs, numbers, math, np, and what "
                    f"trustabm/rules/{shipped.phase}.py has, got {unknown}"
                )
    return function


def seen_from(shipped: Replaceable, home: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the source of a rule sees: codes, its file, math, np and the shipped rule.

    Args:
        shipped: The rule that it replaces.
        home: What is in that one's file.
    """
    words = {k: v for k, v in vars(codes).items() if k.isupper()}
    return {**words, **home, "math": math, "np": np, "shipped": shipped.made}


def executed(name: str, source: str, names: dict[str, Any], file: str = "") -> FunctionType:
    """Return the last function of a checked source.

    Args:
        name: The rule that it replaces.
        source: Its text.
        names: What it sees; what it defines is put there.
        file: What tracebacks call it.
    """
    exec(compile(source, file or f"<rule {name}>", "exec", dont_inherit=True), names)
    last = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)][-1]
    function: FunctionType = names[last]
    return function


def _functions(names: Mapping[str, Any], file: str) -> list[FunctionType]:
    return [
        f for f in names.values() if isinstance(f, FunctionType) and f.__code__.co_filename == file
    ]


def _check_text(name: str, source: str) -> None:
    """Raise for what is no number, import of math or numpy, or function."""
    tree = _parsed(f"rule {name}", source)
    if not any(isinstance(node, ast.FunctionDef) for node in tree.body):
        raise InvalidInput(f"rule {name}: expected a function, got {shown(source)}")
    for node in tree.body:
        if not (_is_plain(node) or (isinstance(node, ast.FunctionDef) and _is_bare(node))):
            raise InvalidInput(
                f"rule {name}: expected numbers, import math, import numpy as np and functions "
                f"without decorators or defaults, got {shown(ast.unparse(node))}"
            )
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Attribute) and inner.attr.startswith("_"):
            raise InvalidInput(f"rule {name}: expected no private names, got .{inner.attr}")


def _parsed(where: str, text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        raise InvalidInput(f"{where}: expected Python, got: {e}") from e


def _is_bare(node: ast.FunctionDef) -> bool:
    a = node.args
    more = (*a.posonlyargs, *a.kwonlyargs, *a.defaults, *a.kw_defaults, a.vararg, a.kwarg)
    return not (node.decorator_list or node.returns or any(more)) and not any(
        arg.annotation for arg in a.args
    )


def _is_plain(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import):
        return all(alias.name in IMPORTS for alias in node.names)
    if isinstance(node, ast.Assign):
        try:
            return isinstance(ast.literal_eval(node.value), bool | int | float)
        except ValueError:
            return False
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)  # a docstring


def _wanted(code: CodeType) -> set[str]:
    """Return the names that a function takes from around it, and functions within it."""
    looked_up = ("LOAD_GLOBAL", "LOAD_NAME")
    found = {i.argval for i in dis.get_instructions(code) if i.opname in looked_up}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found |= _wanted(inner)
    return found


def levers_read(source: str) -> set[str]:
    """Return the levers that a source reads, as `levers.NAME`."""
    return {x.attr for x in ast.walk(ast.parse(source)) if _is_lever(x)}


def _is_lever(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Return whether a lever is read there."""
    of = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id == "levers"


def placed(source: str, places: Mapping[str, int]) -> str:
    """Return a source that reads a user's own levers where the levers in force have them.

    Args:
        source: The text of a rule.
        places: Of each lever, by name, in `levers.own`.
    """
    if not places:
        return source

    class Placed(ast.NodeTransformer):
        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            self.generic_visit(node)
            if not (_is_lever(node) and node.attr in places):
                return node
            room = ast.Attribute(node.value, "own", ast.Load())
            return ast.Subscript(room, ast.Constant(places[node.attr]), node.ctx)

    return ast.unparse(ast.fix_missing_locations(Placed().visit(ast.parse(source)))) + "\n"


def source_of(name: str, function: Callable[..., Any]) -> str:
    """Return the source of a function, after the numbers and functions around it that it takes.

    Args:
        name: The rule that it is to replace.
        function: The function.

    Raises:
        InvalidInput: for what has no source, or takes what is neither.
    """
    if not isinstance(function, FunctionType):
        raise InvalidInput(f"rule {name}: expected a function, got {shown(function)}")
    known = replaceable().get(name)
    names = {} if known is None else seen_from(known, vars(known.home))
    parts: dict[str, str] = {}
    _gather(name, function, names, parts)
    return "\n".join(parts.values())


def _gather(
    name: str, function: FunctionType, names: dict[str, Any], parts: dict[str, str]
) -> None:
    """Add the source of a function to parts, behind that of what it takes."""
    around = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    wanted = _wanted(function.__code__) | set(function.__code__.co_freevars)
    for word in sorted(wanted):
        value = around.get(word)
        if word in parts or word not in around or value is names.get(word, around):
            continue
        module = getattr(value, "__name__", "")
        if isinstance(value, ModuleType) and module in IMPORTS:
            parts[word] = f"import {module} as {word}" if module != word else f"import {word}"
        elif isinstance(value, bool | int | float) and math.isfinite(value):
            parts[word] = f"{word} = {value!r}"
        elif isinstance(value, FunctionType) and value is not function:
            parts[word] = ""  # its place; one that calls itself is not gone into again
            del parts[word]
            _gather(name, value, names, parts)
        elif value is not function:
            raise InvalidInput(
                f"rule {name}: expected its inputs, numbers, math, np and functions of these, got "
                f"{word}, which is {shown(value)}"
            )
    parts[function.__name__] = bare(_text(name, function))


def _text(name: str, function: FunctionType) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as e:
        raise InvalidInput(
            f"rule {name}: expected a function with its source, in a file or a notebook's cell, "
            f"got {function.__qualname__} ({e})"
        ) from e


def bare(text: str) -> str:
    """Return a function's text without decorators and annotations."""
    node = _parsed("rule", text).body[0]
    return _bare(node, text) if isinstance(node, ast.FunctionDef) else text


def _bare(node: ast.FunctionDef, text: str) -> str:
    """Return a function of some text as it stands there, without decorators and annotations."""
    if node.returns or any(arg.annotation for arg in node.args.args):
        node.decorator_list, node.returns = [], None
        for arg in node.args.args:
            arg.annotation = None
        return ast.unparse(node) + "\n"
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines)) + "\n"


def declared_in(text: str, where: str) -> Iterator[dict[str, Any]]:
    """Yield what a Python file says of each lever that it declares with `ta.lever("NAME", ...)`.

    Args:
        text: The file's.
        where: What it is called in messages.
    """
    for call in filter(None, map(_declares, _parsed(where, text).body)):
        said = [("name", a) for a in call.args] + [(k.arg, k.value) for k in call.keywords]
        try:
            yield {str(key): ast.literal_eval(value) for key, value in said}
        except ValueError:
            raise InvalidInput(
                f"{where}: lever: expected words and numbers, got {shown(ast.unparse(call))}"
            ) from None


def _declares(node: ast.stmt) -> ast.Call | None:
    """Return the call by which a statement declares a lever; None where it is another."""
    call = node.value if isinstance(node, ast.Expr | ast.Assign) else None
    if not isinstance(call, ast.Call):
        return None
    word = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return call if word == "lever" else None


def in_file(text: str, where: str) -> Iterator[tuple[str, str]]:
    """Yield the rules of a Python file, which is read and not run: what each replaces, its source.

    Those are its functions with the decorator `@ta.rule("NAME")`; each takes what else the file
    has, but for imports of trustabm and levers that it declares.

    Args:
        text: The file's.
        where: What it is called in messages.
    """
    tree = _parsed(where, text)
    shared, rules = [], []
    for node in tree.body:
        replaced = [d for d in getattr(node, "decorator_list", ()) if _replaces(d)]
        if isinstance(node, ast.FunctionDef) and replaced:
            rules.append((_replaces(replaced[0]), _bare(node, text)))
        elif isinstance(node, ast.FunctionDef):
            shared.append(_bare(node, text))
        elif not _of_package(node) and _declares(node) is None:
            shared.append(ast.unparse(node))
    if not rules:
        raise InvalidInput(f'{where}: expected a function with @ta.rule("NAME"), got none')
    for name, source in rules:
        yield name, "\n".join([*shared, source])


def _replaces(decorator: ast.expr) -> str:
    """Return the rule that a decorator names; nothing where it is another."""
    if not isinstance(decorator, ast.Call) or len(decorator.args) != 1:
        return ""
    called, what = decorator.func, decorator.args[0]
    word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    named = word == "rule" and isinstance(what, ast.Constant) and isinstance(what.value, str)
    return str(what.value) if named else ""  # type: ignore[attr-defined]


def _of_package(node: ast.stmt) -> bool:
    if isinstance(node, ast.Import):
        return all(a.name.partition(".")[0] == "trustabm" for a in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in ("trustabm", "__future__")
    return False
