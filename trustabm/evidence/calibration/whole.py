"""Every structure fitted, studies left out of each, and how much weight each structure has.

The full structure comes first: how far the model is off findings left out is estimated from it, and
held for all, so that no structure buys its misses with a wider doubt. The others' emulators are
corrections to the full one's. Evaluations are kept on disk, in a folder a structure, so that what
was stopped goes on; what follows from them takes a few minutes a structure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trustabm.errors import InvalidInput
from trustabm.evidence.calibration.calibrate import Fit, calibrate
from trustabm.evidence.calibration.leaving import Left, discrepancies, left_out, stacked, studies
from trustabm.inputs.structures import STRUCTURES
from trustabm.runs.processes import how_many, pool

__all__ = ["FIRST", "OTHERS", "Whole", "calibrate_all"]

FIRST, OTHERS = (96, 48, 32), (40, 16, 16)
"""Evaluations of each wave, of the full structure and of each other."""


@dataclass(frozen=True)
class Whole:
    """All structures' fits.

    Args:
        fits: By structure.
        lefts: Studies left out, by structure.
        weights: Of structures; they add up to 1.
        discrepancy: Of each kind of target, in tolerances.
    """

    fits: Mapping[str, Fit]
    lefts: Mapping[str, Sequence[Left]]
    weights: Mapping[str, float]
    discrepancy: Mapping[str, float]


def calibrate_all(
    folder: Path,
    first: Sequence[int] = FIRST,
    others: Sequence[int] = OTHERS,
    *,
    steps: int = 150,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> Whole:
    """Fit every structure, leave every study out of each, and weigh the structures.

    Args:
        folder: Where each structure has a folder of its evaluations.
        first: Evaluations of each wave of the full structure.
        others: Of every other structure; the first wave's points are the full one's first.
        steps: Draws of each chain.
        seed: Of the luck that all evaluations share, and of the sampler.
        workers: Processes; as many as there are processors if not given.
        progress: Called with structures done and in all.
        say: Called with what was found damaged, and with each structure that is done.

    Raises:
        InvalidInput: where others' first wave is longer than the full one's; and as `calibrate`.
    """
    if not others or others[0] > first[0]:
        raise InvalidInput(f"others: expected a first wave of 1 to {first[0]}, got {list(others)}")
    full = calibrate(folder / "full", first, steps=steps, seed=seed, workers=workers, say=say)
    off = discrepancies(full, left_out(full, seed))
    full = full.foreseeing(off)
    fits, lefts = {"full": full}, {"full": left_out(full, seed)}
    names = [name for name in STRUCTURES if name != "full"]
    one = partial(_one, folder=folder, waves=others, parent=full, steps=steps, seed=seed)
    many = how_many(workers, len(names))

    def done(found: tuple[Fit, list[Left]]) -> None:
        fit, left = found
        fits[fit.structure], lefts[fit.structure] = fit, left
        say(f"{fit.structure}: {len(fit.points)} evaluations, {fit.cpu_seconds / 60:.1f} CPU min")
        if progress is not None:
            progress(len(fits), len(STRUCTURES))

    if many <= 1:
        for name in names:
            done(one(name))
    else:
        with pool(many) as executor:
            for found in executor.map(one, names):
                done(found)
    order = studies(full)
    densities = {
        name: [next(x.density for x in left if x.study == s) for s in order]
        for name, left in lefts.items()
    }
    return Whole(fits, lefts, stacked(densities, seed), off)


def _one(
    name: str, folder: Path, waves: Sequence[int], parent: Fit, steps: int, seed: int
) -> tuple[Fit, list[Left]]:
    fit = calibrate(
        folder / name,
        waves,
        structure=name,
        parent=parent,
        discrepancy=parent.discrepancy,
        steps=steps,
        seed=seed,
        workers=1,
    )
    return fit, left_out(fit, seed)
