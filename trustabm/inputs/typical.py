"""The typical draw of the posterior that ships: it is read where fitted parameters are declared.

It is the first row of `posterior/draws.parquet`, in a file that costs nothing to read: whoever
imports parameters need not open a table.
"""

from __future__ import annotations

import tomllib
from importlib import resources

__all__ = ["TYPICAL", "typical"]

FILE = "inputs/posterior/typical.toml"
"""Where it lies in the package."""

TYPICAL: dict[str, float] = tomllib.loads(
    (resources.files("trustabm") / FILE).read_text(encoding="utf-8")
)
"""Values by parameter."""


def typical(name: str) -> float:
    """Return a fitted parameter's value in the typical draw, which is its default.

    Args:
        name: The parameter.

    Raises:
        KeyError: where the posterior that ships does not hold it; then its default is a number.
    """
    return TYPICAL[name]
