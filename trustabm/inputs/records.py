"""Parameters and levers as numpy records: what compiled rules read as `p.name` and `lv.name`."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from trustabm.inputs.declare import declarations

__all__ = ["as_record", "record_dtype"]


@cache
def record_dtype(model: type[BaseModel]) -> np.dtype[Any]:
    """Return the record type of a declared model: one float64 a field, in order."""
    return np.dtype([(d.name, "f8") for d in declarations(model)], align=True)


@cache
def _choices(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    return {d.name: d.choices for d in declarations(model) if d.choices}


def as_record(model: BaseModel) -> npt.NDArray[Any]:
    """Return the values of a declared model as a record array of shape (1,).

    A switch is 0 or 1; a choice is its place in the list of choices.
    """
    kind = type(model)
    out = np.zeros(1, record_dtype(kind))
    choices = _choices(kind)
    for name in out.dtype.names or ():
        value = getattr(model, name)
        out[name] = choices[name].index(value) if name in choices else float(value)
    return out.view(np.recarray)
