"""What a policy of one county does in the others under its field office, and in all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from trustabm.inputs.groups import Groups
from trustabm.outcomes.estimates import Estimate
from trustabm.outcomes.findings import told
from trustabm.outcomes.glossary import GLOSSARY
from trustabm.runs.counted import Counted
from trustabm.runs.effects import effects_frame, records_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REGION", "spilled_frame", "spilled_told", "spillovers"]

REGION = "All of the region"
"""What all towns of a region together are called."""

Estimates = dict[tuple[str, str, str], Estimate]


def spillovers(
    own: Counted, around: Sequence[Counted], same_rules: Sequence[bool]
) -> dict[str, Estimates]:
    """Return level, difference and relative change in each neighbor, and in the region, by title.

    Towns count in the region by their residents, who are as many as go with their populations.

    Args:
        own: What the town that is asked about counted.
        around: What its neighbors counted.
        same_rules: Whether each arm has the reference's rules in all towns.
    """
    e, every = own.experiment, (own, *around)
    whole = Counted(
        e, np.sum([c.sums for c in every], axis=0), np.sum([c.town_sums for c in every], axis=0)
    )
    titles = (*(place.title for place, _ in e.places[1:]), REGION)
    return {
        title: of.estimates(GLOSSARY, e.groups.every, same_rules)
        for title, of in zip(titles, (*around, whole), strict=True)
    }


def spilled_told(
    of: Mapping[str, Estimates], arms: dict[str, str], towns: int, groups: Groups
) -> list[str]:
    """Return what can be told from luck in each neighbor, in plain sentences.

    Args:
        of: As `spillovers` gives it.
        arms: Name and title of each arm; the first is the reference.
        towns: Towns simulated.
        groups: Their groups.
    """
    found = []
    for title, estimates in of.items():
        if title == REGION:
            continue
        for arm, name in list(arms.items())[1:]:
            lines = told(estimates, arms, arm, towns, groups).changed
            nothing = f"Nothing can be told apart under {name}."
            found += [f"{title}: {line}" for line in lines or (nothing,)]
    return found


def spilled_frame(of: Mapping[str, Estimates], reference: str) -> pd.DataFrame:
    """Return spillovers as a frame, as effects of a comparison are, the town's title as `town`.

    Args:
        of: As `spillovers` gives it.
        reference: The name of the reference.
    """
    import pandas as pd

    frames = [
        effects_frame(records_of(estimates), estimates, reference).assign(town=title)
        for title, estimates in of.items()
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
