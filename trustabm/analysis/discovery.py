"""Under which conditions does a policy lower reporting by more than x? A box, and how sure of it.

PRIM (Friedman & Fisher 1999, doi:10.1023/A:1008894516817) peels the space of conditions down to a
box in which cases of interest are dense (Bryant & Lempert 2010,
doi:10.1016/j.techfore.2009.08.002); ema-workbench (doi:10.1016/j.envsoft.2017.06.054) does the
peeling. A box found once may owe its walls to the sample, so it is sought again in bootstrap
resamples, and each box found there is tried on the conditions that its resample left out.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from trustabm.errors import InvalidInput, need

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Discovery", "discover"]

Bools = npt.NDArray[np.bool_]
Box = dict[str, tuple[float, float]]

DENSE = 0.8  # the share of cases within a box that is asked for, if the peeling reaches it
RESAMPLES = 50
FEWEST = 10  # cases of interest, and others


@dataclass(frozen=True)
class Discovery:
    """A box of conditions in which cases of interest are dense.

    Args:
        question: What makes a condition a case of interest, in words.
        box: Low and high end of every parameter that the box restricts.
        base: Share of all conditions that are of interest.
        coverage: Share of the cases of interest that lie in the box.
        density: Share of the conditions in the box that are of interest.
        honest: Density of boxes found in resamples, in the conditions that these left out.
        stability: One row a parameter: `parameter, restricted` (share of resamples whose box
            restricts it), `low, low_min, low_max, high, high_min, high_max` (the box's ends, and
            the middle 90% of the resamples' ends; NaN where the box does not restrict it).
    """

    question: str
    box: Box
    base: float
    coverage: float
    density: float
    honest: float
    stability: pd.DataFrame = field(repr=False)

    def sentences(self) -> list[str]:
        """Say the answer, and how far it can be trusted, in plain words."""
        if not self.box:
            return [
                f"{self.question}: so in {self.base:.0%} of all conditions, and no part of their "
                "range stands out."
            ]
        walls = "; ".join(self._wall(name) for name in self.box)
        told = self.stability.set_index("parameter")["restricted"]
        firm = [f"{n} ({told[n]:.0%})" for n in self.box]
        return [
            f"{self.question}: so in {self.density:.0%} of the conditions with {walls}, against "
            f"{self.base:.0%} of all conditions. Of all such conditions, {self.coverage:.0%} lie "
            "there.",
            f"Sought again in resamples, the box restricts {', '.join(firm)} of the time; in "
            f"conditions that a search did not see, {self.honest:.0%} are as its box says.",
        ]

    def _wall(self, name: str) -> str:
        low, high = self.box[name]
        if np.isinf(low):
            return f"{name} at most {high:.3g}"
        if np.isinf(high):
            return f"{name} at least {low:.3g}"
        return f"{name} from {low:.3g} to {high:.3g}"


def discover(
    conditions: pd.DataFrame,
    interest: Bools,
    question: str,
    *,
    dense: float = DENSE,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Discovery:
    """Find the box of conditions in which cases of interest are dense.

    Args:
        conditions: A row a condition, a numeric column a varied parameter; of `effects()`, the
            varied names.
        interest: Whether each condition is a case, of shape (conditions,).
        question: What makes it one, as in "Secure Communities lowers reporting by more than 2%".
        dense: The density that is enough; of boxes that reach it, the one that covers most is
            taken, otherwise the densest.
        resamples: Bootstrap resamples in which the box is sought again.
        seed: Where chance comes from.

    Raises:
        InvalidInput: where there are too few cases.
        NotInstalled: where ema-workbench is not.
    """
    prim = _prim()
    interest = np.asarray(interest, dtype=bool)
    x = conditions.astype(float).reset_index(drop=True)
    cases = int(interest.sum())
    if len(x) != len(interest) or min(cases, len(interest) - cases) < FEWEST:
        raise InvalidInput(
            f"interest: expected at least {FEWEST} conditions for which it is so and {FEWEST} for "
            f"which it is not, one a row of {len(x)}, got {cases} and {len(interest) - cases}"
        )
    rng = np.random.default_rng(seed)
    box = _box(prim, x, interest, dense)
    inside = _within(x, box)
    found: list[Box] = []
    right = seen = 0
    for _ in range(resamples):
        drawn = rng.integers(0, len(x), len(x))
        again = _box(prim, x.iloc[drawn].reset_index(drop=True), interest[drawn], dense)
        left_out = np.setdiff1d(np.arange(len(x)), drawn)
        where = _within(x.iloc[left_out], again)
        right, seen = right + int(interest[left_out][where].sum()), seen + int(where.sum())
        found.append(again)
    return Discovery(
        question=question,
        box=box,
        base=float(interest.mean()),
        coverage=float(interest[inside].sum() / interest.sum()),
        density=float(interest[inside].mean()),
        honest=right / seen if seen else float("nan"),
        stability=_stability(list(x.columns), box, found),
    )


def _prim() -> ModuleType:
    need("explore", "scenario discovery")
    with warnings.catch_warnings():
        # It warns of evaluators and plots that are not used here.
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim
    logging.getLogger("EMA").setLevel(logging.WARNING)
    return prim  # type: ignore[no-any-return]


def _box(prim: ModuleType, x: pd.DataFrame, interest: Bools, dense: float) -> Box:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peeled = prim.Prim(x, interest, peel_alpha=0.05, mass_min=0.05).find_box()
    if peeled is None:
        return {}
    path = peeled.peeling_trajectory
    enough = path[path["density"] >= dense]
    # Of equal boxes the one that says less is the better answer.
    best = (
        enough.sort_values(["coverage", "res_dim"], ascending=[False, True])
        if len(enough)
        else path.sort_values(["density", "res_dim"], ascending=[False, True])
    ).index[0]
    limits = peeled.box_lims[best]
    box: Box = {}
    for name in x.columns:
        low, high = (float(v) for v in limits[name])
        # A wall at the edge of what was tried restricts nothing.
        low = -np.inf if low <= x[name].min() else low
        high = np.inf if high >= x[name].max() else high
        if np.isfinite(low) or np.isfinite(high):
            box[str(name)] = (low, high)
    return box


def _within(x: pd.DataFrame, box: Box) -> Bools:
    inside = np.ones(len(x), dtype=bool)
    for name, (low, high) in box.items():
        inside &= ((x[name] >= low) & (x[name] <= high)).to_numpy()
    return inside


def _stability(names: list[str], box: Box, found: list[Box]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for name in names:
        ends = [b[name] for b in found if name in b]
        row: dict[str, object] = {
            "parameter": name,
            "restricted": len(ends) / len(found) if found else float("nan"),
        }
        for k, end in enumerate(("low", "high")):
            wall = box.get(name, (-np.inf, np.inf))[k]
            tried = [e[k] for e in ends if np.isfinite(e[k])]
            row[end] = wall if np.isfinite(wall) else float("nan")
            row[f"{end}_min"], row[f"{end}_max"] = (
                np.quantile(tried, [0.05, 0.95]) if tried else (float("nan"), float("nan"))
            )
        rows.append(row)
    return pd.DataFrame(rows).sort_values("restricted", ascending=False, ignore_index=True)
