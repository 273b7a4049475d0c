"""Phase 0: who works in another county of the region, and in which of its neighborhoods."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trustabm.inputs.parameters import Parameters
from trustabm.rules import luck
from trustabm.rules.luck import uniforms

__all__ = ["work_of"]

Array = npt.NDArray[Any]


def work_of(
    residents: Array, neighborhoods: int, towns: int, p: Parameters, seed: int
) -> tuple[Array, Array, Array]:
    """Return who works across a county line, and where.

    A share of residents works anywhere in the region: jobs lie as its residents do, so that fewer
    leave a large county than a small one beside it, and as many as come where both are of a size.
    The work goes with the place: whoever takes it later works there too.

    Args:
        residents: The residents of a region.
        neighborhoods: Neighborhoods of all of its towns.
        towns: Its towns; of one nobody works elsewhere, and nothing is drawn.
        p: Parameters.
        seed: The seed of this world's luck.

    Returns:
        `work`, `workers` and `visits` of the state, all of them empty where nobody works across.
    """
    none = np.zeros(0, np.int32)
    if towns == 1 or p.work_region == 0.0:
        return none, none, none
    draws = np.empty((2, len(residents)))
    for index, row in enumerate(draws):
        uniforms(seed, 0, luck.WORK, 0, index, row)
    where = residents[(draws[1] * len(residents)).astype(np.int64)]
    across = (draws[0] < p.work_region) & (where["town"] != residents["town"])
    if not across.any():
        return none, none, none
    work = np.where(across, where["neighborhood"].astype(np.int32), np.int32(-1))
    workers = np.flatnonzero(across)
    workers = workers[np.argsort(work[workers], kind="stable")].astype(np.int32)
    visits = np.searchsorted(work[workers], np.arange(neighborhoods + 1)).astype(np.int32)
    return work, workers, visits
