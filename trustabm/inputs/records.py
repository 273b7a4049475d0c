"""Parameters and levers as numpy records: what compiled rules read as `p.name`, `levers.name`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel

from trustabm.inputs.declare import declarations
from trustabm.rules.codes import RECORDS

__all__ = ["OWN_MAX", "as_record", "record_dtype"]

OWN_MAX = 8
"""Levers of a user's own that rules of one set may read."""


@cache
def record_dtype(model: type[BaseModel]) -> np.dtype[Any]:
    """Return the record type of a declared model: one float64 a field, in order.

    What is declared for each class of record, `priority_none` to `priority_violent`, follows once
    more as an array by class, `priority`; levers have room for a user's own, `own`.
    """
    names = [d.name for d in declarations(model)]
    fields: list[tuple[Any, ...]] = [(name, "f8") for name in names]
    fields += [(stem, "f8", (len(RECORDS),)) for stem in _by_record(model)]
    fields += [("own", "f8", (OWN_MAX,))] if "own" in model.model_fields else []
    return np.dtype(fields, align=True)


@cache
def _by_record(model: type[BaseModel]) -> tuple[str, ...]:
    names = {d.name for d in declarations(model)}
    stems = (n.removesuffix(f"_{RECORDS[0]}") for n in names if n.endswith(f"_{RECORDS[0]}"))
    return tuple(sorted(s for s in stems if names.issuperset(f"{s}_{r}" for r in RECORDS)))


@cache
def _choices(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    return {d.name: d.choices for d in declarations(model) if d.choices}


def as_record(model: BaseModel, own: Sequence[float] = ()) -> npt.NDArray[Any]:
    """Return the values of a declared model as a record array of shape (1,).

    A switch is 0 or 1; a choice is its place in the list of choices.

    Args:
        model: The model.
        own: Values of a user's own levers, in the order in which rules look for them.
    """
    kind = type(model)
    out = np.zeros(1, record_dtype(kind))
    choices = _choices(kind)
    for d in declarations(kind):
        value = getattr(model, d.name)
        out[d.name] = choices[d.name].index(value) if d.name in choices else float(value)
    for stem in _by_record(kind):
        out[stem] = np.stack([out[f"{stem}_{record}"] for record in RECORDS], axis=-1)
    if own:
        out["own"][0, : len(own)] = own
    return out.view(np.recarray)
