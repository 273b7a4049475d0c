"""Fit in waves: points over the prior, then points where the posterior so far puts them.

Every evaluation is kept on disk as a line, so a calibration that was stopped goes on, and gives the
same as one that was not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from trustabm.analysis.emulator import Emulator
from trustabm.errors import InvalidInput
from trustabm.evidence.calibration import posterior, space
from trustabm.evidence.calibration.ledger import opened
from trustabm.evidence.moments import (
    Moment,
    Size,
    Sizes,
    moments,
)
from trustabm.evidence.target import Target
from trustabm.evidence.targets import baseline_targets, calibration_targets
from trustabm.runs.processes import how_many, pool
from trustabm.runs.provenance import origin, version
from trustabm.sealed import content
from trustabm.study.identity import code_digest

__all__ = ["SIZES", "Fit", "calibrate", "fitted_targets"]

Floats = npt.NDArray[np.float64]
Simulate = Callable[[Floats], Mapping[str, Moment]]

SIZES: Sizes = {
    "latino": Size("los-angeles-ca", 10_000, 10),
    "national": Size("us-average", 10_000, 5),
}
"""A third of the worlds of a scorecard: the emulator averages over neighboring points."""

PACKAGES = ("numpy", "numba", "scipy", "scikit-learn", "emcee")

LEARNING_POINTS, STARTS = 192, ((1.0, 1e-2),)
"""Care for the emulator's lengths: with more, its time would exceed that of the worlds."""


EXPECTED = 1000
"""Draws at which a calibration keeps what the emulator gives."""

FIRST_WAVE, EVALUATIONS_MAX, STEPS_MAX = 2, 1_000_000, 1_000_000


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
        expected: What the emulator gives at some of the draws, of shape (some, targets).
    """

    draws: Floats
    typical: Floats
    points: Floats
    values: Floats
    r2: Floats
    targets: list[Target]
    cpu_seconds: float
    expected: Floats = field(default_factory=lambda: np.zeros((0, 0)))


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
    say: Callable[[str], object] = lambda _: None,
) -> Fit:
    """Fit the parameters to the targets; go on where an earlier sitting stopped.

    Args:
        folder: Where `evaluations.jsonl` and what it rests on are kept.
        waves: Evaluations of each wave; the first are a Sobol sequence over the prior.
        steps: Steps of the sampler after the last wave; half as many between waves.
        seed: Of the luck that all evaluations share, and of the sampler.
        workers: Processes; as many as there are processors if not given.
        progress: Called with evaluations done and in all.
        say: Called with what was found damaged and is evaluated again, a line each.

    Raises:
        InvalidInput: where the folder is of another calibration: another seed, other waves,
            targets, code or versions.
        OutputExists: where another one is at work in the folder, or it holds something else.
        NotWritten: where it cannot be written.
        WorkersLost: where a process died; what was saved is whole.
    """
    _check(waves, steps, seed)
    targets = fitted_targets()
    with opened(folder, _settings(seed, steps, targets), waves, say) as kept:
        done = 0
        for wave, size in enumerate(waves):
            left = [k for k in range(done, done + size) if k not in kept.lines]
            if left:
                # Of the waves before alone, so that one that was stopped goes on with its points.
                known = [kept.lines[k] for k in range(done)]
                points = (
                    _sobol(size, seed) if wave == 0 else _again(known, targets, size, steps, seed)
                )
                found = _evaluated(points[[k - done for k in left]], seed, workers)
                for number, line in zip(left, found, strict=True):
                    kept.append(number, line)
                    if progress is not None:
                        progress(len(kept.lines), sum(waves))
            done += size
        lines = [kept.lines[k] for k in range(done)]
    points, values, emulator, errors = _learned(lines, targets)
    density = _density(emulator, targets, errors)
    draws = posterior.sample(density, len(space.FITTED), steps, seed)
    typical = _typical(draws, density(draws))
    cpu = sum(line["cpu_seconds"] for line in lines)
    rng = np.random.default_rng(seed)
    some = draws[rng.choice(len(draws), min(len(draws), EXPECTED), replace=False)]
    r2, expected = emulator.leave_one_out().r2, emulator.mean(some)
    return Fit(draws, typical, points, values, r2, targets, cpu, expected)


def _check(waves: Sequence[int], steps: int, seed: int) -> None:
    """Refuse before the first evaluation what would fail after many."""
    if not waves or min(waves) < 1 or waves[0] < FIRST_WAVE or sum(waves) > EVALUATIONS_MAX:
        raise InvalidInput(
            f"waves: expected at least {FIRST_WAVE} evaluations in the first, 1 in the others and "
            f"at most {EVALUATIONS_MAX:,} in all, got {list(waves)}"
        )
    between = posterior.draws_of(steps // 2) if len(waves) > 1 else posterior.draws_of(steps)
    if not 0 <= steps <= STEPS_MAX or between < max([1, *waves[1:]]):
        raise InvalidInput(
            f"steps: expected as many as give a wave its points, at most {STEPS_MAX:,}, got "
            f"{steps}, which give {max(0, between)}"
        )
    if not 0 <= seed < 2**32:
        raise InvalidInput(f"seed: expected 0 to {2**32 - 1}, got {seed}")


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


def _settings(seed: int, steps: int, targets: list[Target]) -> dict[str, Any]:
    """Return all that makes an evaluation and its point, as plain values."""
    made = origin()
    low, high = space.bounds()
    return {
        "seed": seed,
        "steps": steps,
        "sizes": {k: [s.place, s.residents, s.replicates] for k, s in SIZES.items()},
        "targets": content([asdict(t) for t in targets]),
        "parameters": content(list(space.FITTED), low.tolist(), high.tolist()),
        "code": code_digest(__name__),
        "python": made["versions"]["python"].rpartition(".")[0],
        **{name: version(name) for name in PACKAGES},
    }


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
