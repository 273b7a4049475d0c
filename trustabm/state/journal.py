"""How a week's events enter the tables, and how tables make room."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.rules.compiling import compiled
from trustabm.state.layout import TABLES, Tables

__all__ = ["frames", "grown", "new_row", "rewound", "roomy"]

# The order of the tables: their place in `count` and `mark`.
STOPS = 0
CRIMES = 1
BOOKINGS = 2
REQUESTS = 3
TRANSFERS = 4
DEPARTURES = 5
ARRIVALS = 6
LEGALIZATIONS = 7
assert list(TABLES) == [
    "stops",
    "crimes",
    "bookings",
    "requests",
    "transfers",
    "departures",
    "arrivals",
    "legalizations",
]


@compiled
def new_row(tables, which):
    """Return the place of a new row in table `which`."""
    k = tables.used[which]
    tables.used[which] = k + 1
    return k


def room(residents: int) -> int:
    """Return rows that no week of a town of this size can fill."""
    return residents // 12 + 1024


@compiled
def roomy(tables, residents):
    """Return whether every table has room for another week."""
    most = 0
    for k in range(len(tables.used)):
        most = max(most, tables.used[k])
    return len(tables.stops) - most >= residents // 12 + 1024


@compiled
def rewound(tables, keep):
    """Begin a week: mark where it starts, or forget all earlier weeks if they are not kept."""
    for k in range(len(tables.used)):
        if not keep:
            tables.used[k] = 0
        tables.mark[k] = tables.used[k]


def grown(tables: Tables, residents: int) -> Tables:
    """Return the same tables with at least twice the room."""
    rows = 2 * len(tables.stops) + room(residents)
    arrays = {}
    for name in TABLES:
        old = getattr(tables, name)
        arrays[name] = np.zeros(rows, old.dtype)
        arrays[name][: len(old)] = old
    return tables._replace(**arrays)


def frames(tables: Tables) -> dict[str, npt.NDArray[Any]]:
    """Return the used rows of every table."""
    return {name: getattr(tables, name)[: tables.used[k]].copy() for k, name in enumerate(TABLES)}
