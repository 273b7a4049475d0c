"""From an opened study to indices: which space, which outcomes, and what the emulator answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trustabm.errors import InvalidInput, nearest

if TYPE_CHECKING:
    import pandas as pd

    from trustabm.analysis.emulator import Emulator
    from trustabm.analysis.means import Means, Space
    from trustabm.study.definition import Study
    from trustabm.study.opening import OpenStudy

__all__ = [
    "Found",
    "indices",
    "one_arm",
    "one_town",
    "screened",
    "screening",
    "space_of",
    "wanted",
]

SHOWN = (
    ("trust", "latino"),
    ("perceived_risk", "latino"),
    ("reporting", "latino"),
    ("victimization", "latino"),
    ("removals", "all"),
)
"""What is analysed and drawn if nothing is asked for."""


@dataclass(frozen=True)
class Found:
    """Indices or effects of all outcomes, what was refused, and the check of each emulator."""

    frame: pd.DataFrame
    refused: list[str]
    checks: pd.DataFrame
    emulator: Emulator | None = None


def space_of(study: Study) -> Space:
    """Return the ranges a study varies; refuse words and lists of values."""
    from trustabm.analysis.means import Space
    from trustabm.study.designs import bounds, choices

    if not study.vary:
        raise InvalidInput("vary: expected something to vary, got nothing")
    for name, vary in study.vary.items():
        if choices(name, vary):
            raise InvalidInput(
                f"vary.{name}: expected a range of numbers, got {list(choices(name, vary))}; "
                "sensitivity is over ranges"
            )
    return Space({name: bounds(name, vary) for name, vary in study.vary.items()})


def screening(study: Study, space: Space, number: int) -> Study:
    """Return the same study at the points of Morris' trajectories."""
    from trustabm.analysis.morris import trajectories

    points = space.values(trajectories(space, number))
    design = {"kind": "list", "points": points}
    return type(study).make(study.model_dump(exclude_unset=True) | {"design": design})


def wanted(opened: OpenStudy, asked: list[str] | None) -> list[str]:
    """Return the columns asked for, or those shown if nothing is."""
    known = [str(c) for c in opened.runs if "__" in str(c)]
    for name in asked or ():
        if name not in known:
            raise InvalidInput(f"outcome: no {name!r}; {nearest(name, known)}")
    return asked or [n for n in ("__".join(pair) for pair in SHOWN) if n in known] or known[:4]


def one_arm(study: Study, asked: str | None) -> str:
    """Return the arm asked for, or the first that is not the reference."""
    arms = list(study.arms)
    if asked is not None and asked not in arms:
        raise InvalidInput(f"arm: no {asked!r}; {nearest(asked, arms)}")
    return asked or arms[min(1, len(arms) - 1)]


def one_town(study: Study, asked: str | None) -> str:
    """Return the town asked for, or the first."""
    if asked is not None and asked not in study.towns:
        raise InvalidInput(f"town: no {asked!r}; {nearest(asked, study.towns)}")
    return asked or study.towns[0]


def indices(learned: Means) -> Found:
    """Emulate all outputs; return the indices of those that the emulator predicts."""
    import pandas as pd

    from trustabm.analysis.emulator import Emulator
    from trustabm.analysis.sobol import Unpredictable, sobol

    emulator = Emulator().fit(learned.points, learned.mean, learned.variance)
    check = emulator.leave_one_out()
    frames, refused = [], []
    for k in range(len(learned.outputs)):
        try:
            frames.append(sobol(emulator, learned, k))
        except Unpredictable as e:
            refused.append(str(e))
    checks = pd.DataFrame({"output": learned.outputs, "r2": check.r2, "spread": check.spread})
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return Found(frame, refused, checks, emulator)


def screened(learned: Means, study: Study) -> Found:
    """Return the elementary effects on all outputs of a study made by `screening`."""
    import numpy as np
    import pandas as pd

    from trustabm.analysis.morris import morris
    from trustabm.study.designs import Listed

    assert isinstance(study.design, Listed)
    planned = learned.space.unit(pd.DataFrame(list(study.design.points)))
    # Points that trajectories share were run once.
    rows = {tuple(np.round(p, 9)): k for k, p in enumerate(learned.points)}
    places = [rows.get(tuple(np.round(p, 9)), -1) for p in planned]
    # A trajectory that has lost a point is left out whole.
    tours = np.array(places).reshape(-1, len(learned.space.names) + 1)
    kept = tours[(tours >= 0).all(axis=1)].ravel()
    if not len(kept):
        raise InvalidInput("runs: expected a trajectory with all of its runs, got none")
    frames = [
        morris(
            learned.space,
            learned.points[kept],
            learned.mean[kept, k],
            learned.variance[kept, k],
            output=output,
        )
        for k, output in enumerate(learned.outputs)
    ]
    return Found(pd.concat(frames, ignore_index=True), [], pd.DataFrame())
