"""Where a fault may be put, and which: operators over the syntax of a file.

A mutant is named by file, function, operator, what is changed into what, and which of several
alike in that function it is: the name survives edits elsewhere.

Left out are what is no rule: docstrings, type hints, decorators, imports, `__all__`, texts, the
numbers in `codes.py` and the purposes in `luck.py`, which are names.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

NAMES_OF_THINGS = ("rules/codes.py", "rules/luck.py")
MACHINERY = (
    *(f"rules/{name}.py" for name in ("compiling", "own", "references", "uncompiled")),
    "week/build.py",
)

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
}
BOUNDARY: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
OPPOSITE: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
EXTREMES = {"min": "max", "max": "min"} | {
    a: b
    for one, other in (("minimum", "maximum"), ("fmin", "fmax"), ("floor", "ceil"))
    for a, b in ((one, other), (other, one))
}

Change = tuple[str, ast.AST, ast.AST]
"""The operator's name, the node that is changed, and what it becomes."""


@dataclass(frozen=True)
class Mutant:
    """One fault: its name, the lines it is on, and where in the tree."""

    file: str
    where: str
    operator: str
    before: str
    after: str
    nth: int
    lines: tuple[int, int]
    node: int
    change: int

    @property
    def name(self) -> str:
        """What identifies it, whatever else in the file changes."""
        nth = f" ({self.nth + 1})" if self.nth else ""
        return f"{self.file} {self.where}: {self.operator}: {self.before} -> {self.after}{nth}"

    @property
    def at_import(self) -> bool:
        """Whether the fault is in what runs when the file is imported."""
        return self.where == "<module>"


def files() -> list[str]:
    """Return the files that faults are put in."""
    rooms = (ROOT / "trustabm" / room for room in ("rules", "outcomes", "week"))
    paths = [p for room in rooms for p in sorted(room.rglob("*.py"))]
    paths += [ROOT / "trustabm/state" / name for name in ("journal.py", "rows.py")]
    names = [str(p.relative_to(ROOT / "trustabm")) for p in paths if p.is_file()]
    return [n for n in names if n not in MACHINERY]


@cache
def mutants(file: str, source: str | None = None) -> list[Mutant]:
    """Return every mutant of a file."""
    tree = ast.parse(source or (ROOT / "trustabm" / file).read_text("utf-8"))
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for place in _places(tree, file):
        for change, (operator, old, new) in enumerate(_changes(place)):
            before, after = _text(old), _text(new)
            key = (place.where, operator, before, after)
            statement = place.statement
            lines = (statement.lineno, statement.end_lineno or statement.lineno)
            if isinstance(statement, ast.If | ast.While | ast.For | ast.FunctionDef):
                lines = (place.node.lineno, place.node.end_lineno or place.node.lineno)
            found.append(Mutant(file, *key, seen[key], lines, place.number, change))
            seen[key] += 1
    return found


def mutated(mutant: Mutant, source: str | None = None) -> ast.Module:
    """Return the file's tree with the fault in it."""
    tree = ast.parse(source or (ROOT / "trustabm" / mutant.file).read_text("utf-8"))
    place = next(p for p in _places(tree, mutant.file) if p.number == mutant.node)
    for change, (_, old, new) in enumerate(_changes(place)):
        if change == mutant.change:
            _replace(tree, old, new)
            return ast.fix_missing_locations(tree)
    raise AssertionError(mutant.name)


def sample(size: int, seed: int) -> list[Mutant]:
    """Return a sample spread over files by how many mutants each has; edits hardly change it."""
    everything = {file: mutants(file) for file in files()}
    total = sum(map(len, everything.values()))
    size = min(size, total)
    shares = {file: size * len(of) / total for file, of in everything.items()}
    quota = {file: int(share) for file, share in shares.items()}
    for file in sorted(shares, key=lambda f: quota[f] - shares[f])[: size - sum(quota.values())]:
        quota[file] += 1

    def order(mutant: Mutant) -> bytes:
        return hashlib.blake2b(f"{seed} {mutant.name}".encode(), digest_size=8).digest()

    return [m for file, of in everything.items() for m in sorted(of, key=order)[: quota[file]]]


@dataclass(frozen=True)
class _Place:
    """A node, its number in the tree, and what it stands in."""

    node: ast.AST
    number: int
    where: str
    statement: ast.stmt
    function: ast.FunctionDef | None
    file: str


def _places(tree: ast.Module, file: str) -> Iterator[_Place]:
    number = 0

    def walk(
        node: ast.AST,
        names: tuple[str, ...],
        statement: ast.stmt | None,
        function: ast.FunctionDef | None,
    ) -> Iterator[_Place]:
        nonlocal number
        number += 1
        if isinstance(node, ast.stmt):
            statement = node
        if statement is not None and not isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = ".".join(names) if function is not None else "<module>"
            yield _Place(node, number, where, statement, function, file)
        for name, child in _children(node):
            inner, of, to = names, statement, function
            if isinstance(node, ast.FunctionDef) and name == "body":
                inner, to = (*names, node.name), function or node
            elif isinstance(node, ast.ClassDef):
                inner = (*names, node.name)
            yield from walk(child, inner, of, to)

    yield from walk(tree, (), None, None)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what is in a node, but for what is no rule."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_params", "keywords"):
            if name != "keywords" or not isinstance(node, ast.Call):
                continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_no_rule(node, child):
                continue
            yield name, child


def _is_no_rule(node: ast.AST, child: ast.AST) -> bool:
    if isinstance(child, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Raise | ast.Assert):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True  # docstrings
    if isinstance(node, ast.ClassDef) and not isinstance(child, ast.FunctionDef):
        return True  # declared fields
    if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
        return True
    return isinstance(child, ast.Assign) and ast.unparse(child.targets[0]) == "__all__"


def _changes(place: _Place) -> Iterator[Change]:
    """Yield what may be done to a node."""
    node, inside = place.node, place.function is not None
    for operator in OPERATORS if inside else (numbers, arithmetic, names_dropped):
        if not inside and (
            not isinstance(place.statement, ast.Assign | ast.AnnAssign)
            or (
                place.file in NAMES_OF_THINGS
                and isinstance(place.statement.value, ast.Constant | ast.Tuple)
            )
        ):
            continue
        for changed in operator(place):
            yield operator.__name__.replace("_", " "), node, ast.copy_location(changed, node)


def arithmetic(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.BinOp) and type(node.op) in SWAPS and not _is_text(node):
        yield ast.BinOp(node.left, SWAPS[type(node.op)](), node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if not isinstance(node.operand, ast.Constant):
            yield node.operand
    elif isinstance(node, ast.AugAssign) and type(node.op) in SWAPS:
        yield ast.AugAssign(node.target, SWAPS[type(node.op)](), node.value)


def comparison(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.Compare):
        for table in (BOUNDARY, OPPOSITE):
            for k, op in enumerate(node.ops):
                if type(op) in table:
                    ops = [table[type(o)]() if k == j else o for j, o in enumerate(node.ops)]
                    yield ast.Compare(node.left, ops, node.comparators)


def logic(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)


def condition(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.Compare):
        changed = copy.copy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield changed


def numbers(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield ast.Constant(node.value + 1)
        if node.value:
            yield ast.Constant(node.value - 1)
            yield ast.UnaryOp(ast.USub(), ast.Constant(node.value))


def extremes(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.Call):
        name = node.func
        if isinstance(name, ast.Name) and name.id in EXTREMES:
            yield ast.Call(ast.Name(EXTREMES[name.id], ast.Load()), node.args, node.keywords)
        elif isinstance(name, ast.Attribute) and name.attr in EXTREMES:
            to = ast.Attribute(name.value, EXTREMES[name.attr], ast.Load())
            yield ast.Call(to, node.args, node.keywords)


def arguments_swapped(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.Call) and _last_name(node.func) not in EXTREMES:
        pairs = [
            k
            for k in range(len(node.args) - 1)
            if ast.unparse(node.args[k]) != ast.unparse(node.args[k + 1])
            and not any(isinstance(a, ast.Starred) for a in node.args[k : k + 2])
        ]
        if pairs:
            text = ast.unparse(node)
            k = pairs[hashlib.blake2b(text.encode(), digest_size=4).digest()[0] % len(pairs)]
            args = list(node.args)
            args[k], args[k + 1] = args[k + 1], args[k]
            yield ast.Call(node.func, args, node.keywords)


def removed(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if (
        isinstance(node, ast.AugAssign | ast.Continue)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        or (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Attribute | ast.Subscript)
        )
    ):
        yield ast.Pass()


def assigned_not_added(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)


def returned(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.Return) and node.value is not None:
        value = node.value
        if isinstance(value, ast.Compare | ast.BoolOp):
            yield ast.Return(ast.UnaryOp(ast.Not(), value))
        elif isinstance(value, ast.Name | ast.Call | ast.BinOp | ast.Attribute | ast.Subscript):
            numeric = not place.file.startswith("outcomes")
            yield ast.Return(ast.UnaryOp(ast.USub(), value) if numeric else ast.Constant(None))


def index(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    if isinstance(node, ast.Subscript) and not _is_typing(place):
        at = node.slice
        if isinstance(at, ast.Name | ast.BinOp | ast.Attribute):
            yield ast.Subscript(node.value, _more(at), node.ctx)
        elif isinstance(at, ast.Tuple) and isinstance(at.elts[0], ast.Name | ast.BinOp):
            first = ast.Tuple([_more(at.elts[0]), *at.elts[1:]], ast.Load())
            yield ast.Subscript(node.value, first, node.ctx)
        elif isinstance(at, ast.Slice):
            for side in ("lower", "upper"):
                bound = getattr(at, side)
                if isinstance(bound, ast.Name | ast.BinOp | ast.Attribute):
                    changed = copy.copy(at)
                    setattr(changed, side, _more(bound))
                    yield ast.Subscript(node.value, changed, node.ctx)


def codes_swapped(place: _Place) -> Iterator[ast.AST]:
    node = place.node
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", None)
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
        other = _swapped_codes().get(name or "")
        if other and isinstance(node, ast.Attribute):
            yield ast.Attribute(node.value, other, ast.Load())
        elif other:
            yield _code(other)


def fields_swapped(place: _Place) -> Iterator[ast.AST]:
    """Write to the field that the function writes to next in the same row."""
    node = place.node
    if isinstance(node, ast.AugAssign):
        target: ast.expr = node.target
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    else:
        return
    if not isinstance(target, ast.Attribute) or place.function is None:
        return
    written = [
        t.attr
        for n in ast.walk(place.function)
        for t in (n.targets if isinstance(n, ast.Assign) else [getattr(n, "target", None)])
        if isinstance(t, ast.Attribute) and ast.dump(t.value) == ast.dump(target.value)
    ]
    others = list(dict.fromkeys(written))
    if len(others) > 1:
        other = others[(others.index(target.attr) + 1) % len(others)]
        to = ast.Attribute(target.value, other, ast.Store())
        changed = copy.copy(node)
        if isinstance(changed, ast.Assign):
            changed.targets = [to]
        else:
            changed.target = to
        yield changed


def names_dropped(place: _Place) -> Iterator[ast.AST]:
    """Leave the last of several counts out of what is added up."""
    node = place.node
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        if all(isinstance(e, ast.Constant) and isinstance(e.value, str) for e in node.elts):
            yield ast.Tuple(node.elts[:-1], ast.Load())
    elif isinstance(node, ast.Constant) and place.file == "outcomes/glossary.py":
        text = node.value
        if isinstance(text, str) and re.fullmatch(r"[a-z_]+( [a-z_]+)+", text):
            if all("_" in w or w in ("violent", "property", "domestic") for w in text.split()):
                yield ast.Constant(text.rsplit(" ", 1)[0])


OPERATORS: tuple[Callable[[_Place], Iterator[ast.AST]], ...] = (
    arithmetic,
    comparison,
    logic,
    condition,
    numbers,
    extremes,
    arguments_swapped,
    removed,
    assigned_not_added,
    returned,
    index,
    codes_swapped,
    fields_swapped,
    names_dropped,
)

CODES = "trustabm.rules.codes"


@cache
def _swapped_codes() -> dict[str, str]:
    """Return the code that each is taken for: the next of its kind."""
    tree = ast.parse((ROOT / "trustabm/rules/codes.py").read_text("utf-8"))
    kinds: list[list[str]] = []
    bodies = [tree.body, *(n.body for n in tree.body if isinstance(n, ast.ClassDef))]
    for body in bodies:
        for node in body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                if type(node.value.value) is int:
                    if node.value.value == 0 or not kinds:
                        kinds.append([])
                    kinds[-1].append(ast.unparse(node.targets[0]))
    return {a: b for kind in kinds if len(kind) > 1 for a, b in zip(kind, kind[1:] + kind[:1])}


def _code(name: str) -> ast.expr:
    """Return a code as a number: its name may not be imported where it is put."""
    import importlib

    return ast.Constant(int(getattr(importlib.import_module(CODES), name)))


def _is_text(node: ast.BinOp) -> bool:
    texts = (ast.JoinedStr, ast.List, ast.Tuple)
    return any(
        isinstance(side, texts) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _is_typing(place: _Place) -> bool:
    assert isinstance(place.node, ast.Subscript)
    return ast.unparse(place.node.value).split(".")[-1] in ("NDArray", "Literal", "dict", "list")


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _more(node: ast.expr) -> ast.expr:
    return ast.BinOp(node, ast.Add(), ast.Constant(1))


def _text(node: ast.AST) -> str:
    """Return a node as its source reads, in one line."""
    if isinstance(node, ast.If | ast.While):
        return f"if {ast.unparse(node.test)}"
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:80]}… {hashlib.md5(text.encode()).hexdigest()[:6]}"


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is old:
                setattr(node, name, new)
                return
            if isinstance(value, list):
                for k, item in enumerate(value):
                    if item is old:
                        value[k] = new
                        return
    raise AssertionError("the node is not in the tree")
