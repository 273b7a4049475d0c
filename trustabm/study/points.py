"""The points of a study: designs drawn from its space, and numbered for good."""

from __future__ import annotations

import itertools
import math
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trustabm.errors import (
    Damaged,
    InvalidInput,
    nearest,
    shown,
)
from trustabm.inputs.draws import FILE, mixture, most, own_file, posterior, weights
from trustabm.inputs.structures import STRUCTURES
from trustabm.study.definition import Study
from trustabm.study.designs import (
    STRUCTURE,
    VARIABLE,
    Listed,
    Posterior,
    Sampled,
    Search,
    Value,
    Vary,
    bounds,
    check_value,
    choices,
    is_word,
)
from trustabm.study.store import read_table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Point", "draws_of", "numbered", "placed", "table_of", "typical_of"]

Point = dict[str, Value]

POINTS_MAX = 1_000_000
"""Points of a study: more cannot be numbered in the memory of one machine."""


def numbered(study: Study, known: list[Point]) -> list[tuple[int, Point]]:
    """Return the number and values of every point of a study.

    Args:
        study: The study.
        known: Points that have numbers already, in order; what is not among them gets the next.

    Raises:
        InvalidInput: for draws that cannot be read or name something else.
    """
    many = how_many(study)
    if many > POINTS_MAX:
        raise InvalidInput(f"design: expected at most {POINTS_MAX:,} points, got {many:,}")
    numbers = {_key(point): k for k, point in enumerate(known)}
    found = []
    for point in _wanted(study, known):
        found.append((numbers.setdefault(_key(point), len(numbers)), point))
    if not found:
        raise InvalidInput("design: expected at least one point, got none")
    return list({number: (number, point) for number, point in found}.values())


def how_many(study: Study) -> int:
    """Return how many points a design has at most, without drawing them."""
    design = study.design
    if isinstance(design, Sampled):
        return design.points
    if isinstance(design, Posterior):
        return 1  # as many as the file has
    if isinstance(design, Listed):
        return len(design.points)
    return math.prod(
        len(choices(name, space)) or space.steps or 1 for name, space in study.vary.items()
    )


def _key(point: Point) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(point.items()))


def _wanted(study: Study, known: list[Point]) -> list[Point]:
    design = study.design
    if isinstance(design, Search):
        raise InvalidInput(
            "design: expected one whose points are known, got a search, which "
            "`trustabm study search` carries out"
        )
    levels = [_steps(name, space) for name, space in study.vary.items()]
    if isinstance(design, Posterior):
        structured = design.mixture or STRUCTURE.name in study.vary
        draws = _structured(study, design) if structured else draws_of(design)
        beside = {n: x for n, x in zip(study.vary, levels, strict=True) if n != STRUCTURE.name}
        if twice := sorted(draws[0].keys() & beside.keys()) if draws else []:
            raise InvalidInput(f"vary: expected none of what the draws say, got {twice}")
        rows = itertools.product(*beside.values())
        settings = [dict(zip(beside, row, strict=True)) for row in rows]
        return [draw | setting for draw in draws for setting in settings]
    if isinstance(design, Sampled):
        # A Latin hypercube cannot be continued: what is there stays, what is new is another one.
        first = known[: design.points] if design.kind == "latin-hypercube" else []
        unit = _unit(design, len(study.vary), len(first))
        names = study.vary.items()
        return first + [
            {name: placed(name, space, float(u)) for (name, space), u in zip(names, row)}
            for row in unit
        ]
    if isinstance(design, Listed):
        return [{n: _typed(n, point[n]) for n in study.vary} for point in design.points]
    return [dict(zip(study.vary, row, strict=True)) for row in itertools.product(*levels)]


def _unit(design: Sampled, dimensions: int, start: int) -> npt.NDArray[np.float64]:
    """Return points of the unit cube, from number `start` on."""
    from scipy.stats import qmc

    points: npt.NDArray[np.float64]
    if design.kind == "sobol":
        # One by one, because scipy warns of a first draw that is not a power of two; the sequence
        # is the same.
        sobol = qmc.Sobol(dimensions, rng=np.random.default_rng(design.seed))
        points = np.concatenate([sobol.random(1) for _ in range(design.points)])
        return points
    if start == design.points:
        return np.zeros((0, dimensions))
    rng = np.random.default_rng([design.seed, start])
    cube = qmc.LatinHypercube(dimensions, rng=rng, optimization="random-cd")
    points = cube.random(design.points - start)
    return points


def placed(name: str, space: Vary, u: float) -> Value:
    """Return where a coordinate of the unit cube lies in the space of a name.

    Args:
        name: The parameter or lever.
        space: Its space.
        u: From 0 to 1.
    """
    values = choices(name, space)
    if values:
        return values[min(int(u * len(values)), len(values) - 1)]
    low, high = bounds(name, space)
    return low + u * (high - low)


def _steps(name: str, space: Vary) -> tuple[Value, ...]:
    """Return the values of a name in a factorial design."""
    values = choices(name, space)
    if values or space.steps is None:
        return values
    return tuple(float(x) for x in np.linspace(*bounds(name, space), space.steps))


def _typed(name: str, value: Any) -> Value:
    return value if is_word(name) else float(value)


def table_of(design: Posterior) -> tuple[Path, pa.Table]:
    """Return the file of draws of a design, and what it holds."""
    path = Path(own_file(design.draws)) if design.draws is not None else _shipped()
    try:
        return path, read_table(path)[0]
    except Damaged as e:
        raise InvalidInput(f"design.draws: {e}") from e


def draws_of(design: Posterior) -> list[Point]:
    """Return the draws of a design, each by name.

    Raises:
        InvalidInput: for draws that cannot be read or name something else.
    """
    path, table = table_of(design)
    if "structure" in table.column_names:
        return _mixed(str(path), design.points)
    for name in table.column_names:
        if name not in VARIABLE:
            hint = nearest(name, VARIABLE)
            raise InvalidInput(f"{path}: {shown(name)}: no such parameter; {hint}")
    if len(set(table.column_names)) < len(table.column_names) or not table.column_names:
        raise InvalidInput(f"{path}: expected a column a parameter, got {table.column_names}")
    many = len(table) if design.points is None else design.points
    if many > len(table):
        raise InvalidInput(f"design.points: expected at most the {len(table)} draws, got {many}")
    rows = table.slice(0, many).to_pylist()
    for k, row in enumerate(rows):
        for name, value in row.items():
            check_value(f"{path}: row {k}: {name}", name, value)
    return [{n: _typed(n, v) for n, v in row.items()} for row in rows]


def typical_of(structure: str) -> dict[str, Any]:
    """Return what a structure sets by the typical draw that ships and by what it is, by parameter.

    Args:
        structure: Its name.
    """
    return {**posterior().rows[structure][0], **STRUCTURES[structure].fixed}


def _structured(study: Study, design: Posterior) -> list[Point]:
    """Return draws of structures with their names: by weight, or as many of each."""
    of = None if design.draws is None else own_file(design.draws)
    varied = study.vary.get(STRUCTURE.name)
    known = weights(of)
    names = [*known] if varied is None else [*map(str, choices(STRUCTURE.name, varied))]
    for name in names:
        if name not in known:
            raise InvalidInput(
                f"vary.structure: expected one of {[*known]}, of which there are draws, got "
                f"{shown(name)}"
            )
    given = {n: getattr(study.parameters, n) for n in study.parameters.model_fields_set}
    together = [names] if design.mixture else [[name] for name in names]
    return [
        {STRUCTURE.name: name, **values}
        for which in together
        for name, values in _drawn(of, which, names, design.points, given)
    ]


def _mixed(path: str, points: int | None) -> list[Point]:
    """Return draws of all structures of a file, by weight."""
    return [values for _, values in _drawn(path, None, [*posterior(path).rows], points, {})]


def _drawn(
    of: str | None,
    which: list[str] | None,
    among: list[str],
    points: int | None,
    given: dict[str, Any],
) -> list[tuple[str, Point]]:
    """Return draws of some structures, each with every parameter that one among many sets.

    Args:
        of: The posterior.
        which: The structures; all by their weights if not given.
        among: Those whose parameters all draws have, so that points have the same names.
        points: How many draws; as many as there are if not given.
        given: Parameters that all draws take from here.
    """
    many = most(which, of)
    if points is not None and points > many:
        raise InvalidInput(f"design.points: expected at most the {many} draws, got {points}")
    rows = posterior(of).rows
    names: dict[str, None] = {}
    for structure in among:
        names |= dict.fromkeys((*rows[structure][0], *STRUCTURES[structure].fixed))
    names |= dict.fromkeys(given)
    drawn = mixture(many if points is None else points, given, which, of=of)
    return [(name, {n: getattr(p, n) for n in names}) for name, p in drawn]


def _shipped() -> Path:
    path = Path(str(resources.files("trustabm"))) / FILE
    if not path.is_file():
        raise InvalidInput(
            "design.draws: expected a Parquet file of draws, got none, and no posterior ships "
            "with this version of the package"
        )
    return path
