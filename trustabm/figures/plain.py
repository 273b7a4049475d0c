"""A map of counties as plain values, for a page that draws it: outlines, what is said of each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from trustabm.figures.maps import bounds, classes, placed, shown
from trustabm.figures.outlines import outlines
from trustabm.nation.kept import Kept
from trustabm.outcomes.numbers import percent_said

__all__ = ["rows", "shapes"]


@lru_cache(maxsize=8)
def shapes(state: str | None) -> dict[str, Any]:
    """Return outlines as SVG paths, by county, and borders of states, on a plane of whole numbers.

    Args:
        state: Two digits, of a state that is drawn alone.
    """
    low, high = bounds(state)
    fine = 10_000 / float((high - low).max())

    def path(points: Any) -> str:
        at = np.round((placed(points, state) - low) * fine).astype(int)
        steps = np.diff(at, axis=0)
        steps = steps[steps.any(axis=1)]
        return f"M{at[0, 0]} {at[0, 1]}" + "".join(f"l{x} {y}" for x, y in steps)

    every, here = outlines(), state or ""
    return {
        "size": np.ceil((high - low) * fine).astype(int).tolist(),
        "paths": {
            f: "z".join(path(ring) for ring in rings) + "z"
            for f, rings in every.rings.items()
            if f.startswith(here)
        },
        "borders": "".join(path(line) for of, line in every.borders if not here or here in of),
    }


def rows(kept: Kept, outcome: str, where: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is said of every county of a map, and the two scales of colour.

    Returns:
        By FIPS code, what there is: how it is drawn, its class of effect and of doubt, its change,
        its interval, and what can be said. The edges of both scales' classes, as they are written,
        and how strong each class's colour is, below 0 for less.
    """
    known = shown(kept.effects, outcome, where)
    effect, doubt = (classes(x, signed=x is known.percent) for x in known[:2])
    own = kept.effects[kept.effects["outcome"] == outcome].set_index("fips").reindex(where)
    drawn = np.select([known.alike, known.few, known.pale], ["alike", "few", "pale"], "")
    said = {
        fips: [str(kind), int(e), int(d), *percent_said(*ends), str(verdict)]
        for fips, kind, e, d, ends, verdict in zip(
            where,
            drawn,
            effect.at(known.percent),
            doubt.at(known.half),
            _plain(own[["percent", "low", "high"]].to_numpy(float)),
            known.said,
            strict=True,
        )
    }
    return said, {
        "effect": [effect.labels, (2 * effect.places - 1).round(3).tolist()],
        "doubt": [doubt.labels, doubt.places.round(3).tolist()],
    }


def _plain(numbers: Any) -> list[tuple[float | None, ...]]:
    return [tuple(None if x != x else float(x) for x in row) for row in numbers]
