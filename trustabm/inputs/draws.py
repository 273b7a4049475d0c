"""The posterior that ships with the package: parameter sets that fit the published studies.

The first is the set that single towns use, the others are in no order. `trustabm calibrate` makes
them; `results/calibration` says what they rest on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from trustabm.errors import InvalidInput
from trustabm.inputs import fitted
from trustabm.inputs.notices import other_rules
from trustabm.inputs.parameters import Parameters

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FILE", "changed", "digest", "posterior_draws", "shipped", "stale"]

FILE = "inputs/posterior/draws.parquet"
"""Where they lie in the package."""


def posterior_draws(
    number: int, overrides: Mapping[str, Any] | None = None
) -> tuple[Parameters, ...]:
    """Return the first draws as whole parameter sets.

    Args:
        number: How many.
        overrides: Parameters that every set takes from here.

    Raises:
        InvalidInput: where fewer ship.
    """
    rows = shipped()
    if not 0 <= number <= len(rows):
        raise InvalidInput(f"draws: expected 0 to {len(rows)}, got {number}")
    return tuple(Parameters.model_validate({**row, **(overrides or {})}) for row in rows[:number])


@cache
def shipped() -> tuple[dict[str, float], ...]:
    """Return the values of the fitted parameters, a draw at a time; none where none ship."""
    table = _table()
    return tuple(table.to_pylist()) if table is not None else ()


def changed(table: pa.Table) -> list[str] | None:
    """Return the rules and parameters that are not those a table of draws was fitted with.

    None where it does not say which they were.
    """
    then = fitted.of_table(table)
    return fitted.differences(then, table.column_names) if then is not None else None


@cache
def stale() -> tuple[str, ...]:
    """Return what a reader must know of the draws that ship, which the defaults are one of.

    Nothing where the rules and parameters are those they were fitted with, or none ship.
    """
    table = _table()
    return tuple(other_rules("The posterior", changed(table))) if table is not None else ()


@cache
def _table() -> pa.Table | None:
    file = resources.files("trustabm") / FILE
    if not file.is_file():
        return None
    import pyarrow.parquet as pq

    with resources.as_file(file) as path:
        return pq.read_table(path)


def digest() -> str:
    """Return the SHA-256 of the file, for provenance."""
    return hashlib.sha256((resources.files("trustabm") / FILE).read_bytes()).hexdigest()
