"""The posterior that ships with the package: parameter sets that fit the published studies.

The first is the set that single towns use, the others are in no order. `trustabm calibrate` makes
them; `results/calibration` says what they rest on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from trustabm.errors import InvalidInput
from trustabm.parameters import Parameters

__all__ = ["FILE", "digest", "drawn", "shipped"]

FILE = "posterior/draws.parquet"
"""Where they lie in the package."""


def drawn(number: int, overrides: Mapping[str, Any] | None = None) -> tuple[Parameters, ...]:
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
    file = resources.files("trustabm") / FILE
    if not file.is_file():
        return ()
    import pyarrow.parquet as pq

    with resources.as_file(file) as path:
        return tuple(pq.read_table(path).to_pylist())


def digest() -> str:
    """Return the SHA-256 of the file, for provenance."""
    return hashlib.sha256((resources.files("trustabm") / FILE).read_bytes()).hexdigest()
