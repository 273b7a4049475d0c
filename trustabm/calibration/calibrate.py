"""Fit in waves: points over the prior, then points where the posterior so far puts them.

Every evaluation is kept on disk as a line, so a calibration that was stopped goes on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from trustabm.analysis.emulator import Emulator
from trustabm.calibration import posterior, space
from trustabm.errors import InvalidInput
from trustabm.evidence.moments import Moment, Size, Sizes, moments
from trustabm.evidence.target import Target
from trustabm.evidence.targets import baseline_targets, calibration_targets
from trustabm.processes import how_many, pool

__all__ = ["SIZES", "Fit", "calibrate", "fitted_targets"]

Floats = npt.NDArray[np.float64]
Simulate = Callable[[Floats], Mapping[str, Moment]]

SIZES: Sizes = {
    "latino": Size("los-angeles-ca", 10_000, 14),
    "national": Size("us-average", 10_000, 7),
}
"""Half the worlds of a scorecard: the emulator averages over neighboring points."""

LEARNING_POINTS, STARTS = 192, ((1.0, 1e-2),)
"""Care for the emulator's lengths: with more, its time would exceed that of the worlds."""


def fitted_targets() -> list[Target]:
    """Return what the loss is made of: calibration rows and baselines, and no validation row."""
    return [*calibration_targets().values(), *baseline_targets().values()]


@dataclass(frozen=True)
class Fit:
    """A calibration.

    Args:
        draws: Posterior draws in the unit cube, of shape (draws, parameters).
        typical: The draw nearest to the mean among the densest quarter, of shape (parameters,).
        points: Where the model was run, of shape (points, parameters).
        values: What it gave, of shape (points, targets).
        r2: How well the emulator predicts each target left out, of shape (targets,).
        targets: What was fitted.
        cpu_seconds: Spent on evaluations, also those of earlier sittings.
    """

    draws: Floats
    typical: Floats
    points: Floats
    values: Floats
    r2: Floats
    targets: list[Target]
    cpu_seconds: float


def simulated(point: Floats, seed: int) -> dict[str, Any]:
    """Run the model at a point of the unit cube; return a line of the evaluations' file."""
    begun = time.process_time()
    found = moments(space.parameters(point), seed, sizes=SIZES)
    return {
        "point": [float(x) for x in point],
        "moments": {k: [m.value, m.error] for k, m in found.items()},
        "cpu_seconds": time.process_time() - begun,
    }


def calibrate(
    folder: Path,
    waves: Sequence[int] = (256, 128, 128),
    *,
    steps: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Fit:
    """Fit the parameters to the targets; go on where an earlier sitting stopped.

    Args:
        folder: Where `evaluations.jsonl` is kept.
        waves: Evaluations of each wave; the first are a Sobol sequence over the prior.
        steps: Steps of the sampler after the last wave; half as many between waves.
        seed: Of the luck that all evaluations share, and of the sampler.
        workers: Processes; as many as there are processors if not given.
        progress: Called with evaluations done and in all.

    Raises:
        InvalidInput: where the folder holds evaluations of other parameters.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = _kept(folder / "evaluations.jsonl")
    targets = fitted_targets()
    done = 0
    for number, size in enumerate(waves):
        done += size
        missing = done - len(lines)
        if missing > 0:
            points = (
                _sobol(size, seed) if number == 0 else _again(lines, targets, size, steps, seed)
            )
            for line in _evaluated(points[size - missing :], seed, workers):
                lines.append(line)
                with (folder / "evaluations.jsonl").open("a") as file:
                    file.write(json.dumps(line) + "\n")
                if progress is not None:
                    progress(len(lines), sum(waves))
    points, values, emulator, errors = _learned(lines, targets)
    density = _density(emulator, targets, errors)
    draws = posterior.sample(density, len(space.FITTED), steps, seed)
    typical = _typical(draws, density(draws))
    cpu = sum(line["cpu_seconds"] for line in lines)
    return Fit(draws, typical, points, values, emulator.leave_one_out().r2, targets, cpu)


def _density(emulator: Emulator, targets: list[Target], errors: Floats) -> posterior.Density:
    """Return the log density of the posterior, up to a constant."""
    likelihood = posterior.log_likelihood(emulator, targets, errors)
    return lambda points: np.where(space.admissible(points), likelihood(points), -np.inf)


def _typical(draws: Floats, density: Floats) -> Floats:
    """Return the draw nearest to the mean, in standard deviations, among the densest quarter.

    The densest draw of all has what hardly matters anywhere in its range.
    """
    dense = draws[density >= np.quantile(density, 0.75)]
    away = (dense - draws.mean(axis=0)) / draws.std(axis=0)
    nearest: Floats = dense[np.argmin((away**2).sum(axis=1))]
    return nearest


def _kept(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    lines = []
    for text in path.read_text().splitlines():
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:  # a line that a kill cut short
            continue
    if lines and len(lines[0]["point"]) != len(space.FITTED):
        raise InvalidInput(
            f"folder: expected evaluations of {len(space.FITTED)} parameters in {path}, got "
            f"{len(lines[0]['point'])}"
        )
    return lines


def _sobol(size: int, seed: int) -> Floats:
    from scipy.stats import qmc

    points: Floats = qmc.Sobol(len(space.FITTED), rng=seed).random(size)
    return points


def _again(
    lines: list[dict[str, Any]], targets: list[Target], size: int, steps: int, seed: int
) -> Floats:
    """Return points where the posterior so far puts them."""
    _, _, emulator, errors = _learned(lines, targets)
    density = _density(emulator, targets, errors)
    draws = posterior.sample(density, len(space.FITTED), steps // 2, seed)
    rng = np.random.default_rng(seed)
    return draws[rng.choice(len(draws), size, replace=False)]


def _learned(
    lines: list[dict[str, Any]], targets: list[Target]
) -> tuple[Floats, Floats, Emulator, Floats]:
    points = np.array([line["point"] for line in lines])
    both = np.array([[line["moments"][t.id] for t in targets] for line in lines])
    values, errors = both[..., 0], both[..., 1]
    # Latest first: the first points teach the emulator its lengths, and the later waves lie where
    # the posterior does.
    with threadpool_limits(1):  # small matrices: more threads spend their time on each other
        emulator = Emulator(LEARNING_POINTS, STARTS).fit(
            points[::-1], values[::-1], errors[::-1] ** 2
        )
    return points, values, emulator, np.sqrt((errors**2).mean(axis=0))


def _evaluated(points: Floats, seed: int, workers: int | None) -> Iterator[dict[str, Any]]:
    give = partial(simulated, seed=seed)
    many = how_many(workers, len(points))
    if many <= 1:
        yield from map(give, points)
        return
    with pool(many) as executor:
        yield from executor.map(give, points)
